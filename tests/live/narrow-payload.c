/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of the 32-bit table. Built with a machine's arch/.../narrow-*.h before it, for programs of 64 bits that can make such calls, and for those of 32. */
#define SYS32_NOBODYS 480

void _start(void)
{
	call32(SYS32_GETPID, 0, 0, 0, 0, 0, 0);
	call32(SYS32_OPEN, 8, 02000000, 0, 0, 0, 0);
	call32(SYS32_SENDTO, -1, 1, 2, 3, 4, 5);
	call32(SYS32_MMAP2, 0, 4096, 3, 0x22, -1, 0);
	call32(SYS32_NOBODYS, 1, 2, 3, 4, 5, 6);
	call32(SYS32_EXIT, 3, 0, 0, 0, 0, 0);
	__builtin_unreachable();
}

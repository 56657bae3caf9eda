/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of the 32-bit table, from a 64-bit program or (built with -m32 -DNARROW) a 32-bit one; only x86 has this instruction. */
#define SYS32_EXIT 1
#define SYS32_OPEN 5
#define SYS32_GETPID 20
#define SYS32_SENDTO 369
#define SYS32_MMAP2 192
#define SYS32_NOBODYS 480

static long call32(long number, long a, long b, long c, long d, long e, long f)
{
	long ret;

#ifdef NARROW
	long args[] = { number, f };

	__asm__ volatile("push %%ebp; mov 4(%%eax), %%ebp; mov (%%eax), %%eax; int $0x80; pop %%ebp"
			 : "=a"(ret) : "a"(args), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory");
#else
	long args[] = { number, f };

	__asm__ volatile("push %%rbp; mov 8(%%rax), %%rbp; mov (%%rax), %%rax; int $0x80; pop %%rbp"
			 : "=a"(ret) : "a"(args), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory", "r8", "r9", "r10", "r11");
#endif
	return ret;
}

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

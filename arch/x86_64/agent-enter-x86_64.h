/* SPDX-License-Identifier: BSD-2-Clause */
/* For assembler: a new program begins at %r13, with its own stack and nothing in its registers, as the kernel has it. */
	.macro enter_program
	push %r13
	xor %eax, %eax
	xor %ebx, %ebx
	xor %ecx, %ecx
	xor %edx, %edx
	xor %esi, %esi
	xor %edi, %edi
	xor %ebp, %ebp
	xor %r8d, %r8d
	xor %r9d, %r9d
	xor %r10d, %r10d
	xor %r11d, %r11d
	xor %r12d, %r12d
	xor %r13d, %r13d
	xor %r14d, %r14d
	xor %r15d, %r15d
	ret
	.endm

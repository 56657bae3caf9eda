/* SPDX-License-Identifier: BSD-2-Clause */
/* What a new program runs first: agent-put-x86_64.c puts it somewhere, and sets the registers. %r13 is where the program begins. */
#include "arch/x86_64/agent-enter-x86_64.h"

	.section .rodata, "a"
	.globl arch_agent_boot_code, arch_agent_boot_end
	.hidden arch_agent_boot_code, arch_agent_boot_end
arch_agent_boot_code:
	mov $59, %eax           /* execve(%rdi: asks for the blob) */
	syscall
	xor %edx, %edx
	test %rax, %rax
	js 2f
	mov %eax, %ebp
	mov %eax, %r8d
	mov %r12, %rdi
	mov %r14, %rsi
	mov $5, %edx            /* to be read and run */
	mov $0x100002, %r10d    /* private, here, but not over others */
	xor %r9d, %r9d
	mov $9, %eax
	syscall
	lea 1f(%rip), %r8
	mov $1, %edx
	cmp %r12, %rax
	jne 2f
	jmp *%rbx

	/* the agent gives up: %rax the error, %rdx the place */
1:	mov %rax, %r8
	mov %rdx, %r9
	mov %r12, %rdi
	mov $1, %esi
	shl $32, %rsi
	mov $11, %eax
	syscall
	mov %r8, %rax
	mov %r9, %rdx

2:	mov %rax, %rsi
	lea 3(%r15), %rdi      /* AGENT_ASK_FAILED */
	mov $59, %eax           /* execve(tells) */
	syscall
	mov %ebp, %edi
	mov $3, %eax
	syscall
	enter_program
arch_agent_boot_end:
	.section .note.GNU-stack, "", @progbits

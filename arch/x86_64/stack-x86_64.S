/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/stack.h for x86-64: what a function keeps for its caller is put on the stack, and the stack is changed. */
	.text
	.globl	arch_stack_switch
	.hidden	arch_stack_switch
	.type	arch_stack_switch, @function
arch_stack_switch:
	.cfi_startproc
	endbr64
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret
	.cfi_endproc
	.size	arch_stack_switch, .-arch_stack_switch
	.section .note.GNU-stack, "", @progbits

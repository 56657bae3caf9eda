/* SPDX-License-Identifier: BSD-2-Clause */
/* The ways into the agent and out of it, and the few instructions that make calls. arch/agent-machine.h and agent/blob.h say what for; doc/agent.md has the picture. */
#include "arch/agent-asm.h"
#include "arch/x86_64/agent-enter-x86_64.h"

/* struct agent_head: distances from its own beginning, so that nothing has to be relocated */
	.section .head, "ax"
	.globl agent_start
	.hidden agent_start
agent_start:
	.quad AGENT_ASM_MAGIC
	.long AGENT_ASM_VERSION
	.long agent_begin - agent_start
	.long agent_text_end - agent_start
	.long agent_file_end - agent_start
	.long agent_end - agent_start
	.long 0

/* The gate: what the agent does for itself. A filter of the program's must let it through, and finds it by these addresses. */
	.section .text.gate, "ax"
	.globl agent_gate, agent_gate_end, agent_own_call, agent_leave, agent_leave_end, agent_return, agent_restorer
	.hidden agent_gate, agent_gate_end, agent_own_call, agent_leave, agent_leave_end, agent_return, agent_restorer
agent_gate:
/* int64_t agent_own_call(number, six arguments) */
agent_own_call:
	mov %rdi, %rax
	mov %rsi, %rdi
	mov %rdx, %rsi
	mov %rcx, %rdx
	mov %r8, %r10
	mov %r9, %r8
	mov 8(%rsp), %r9
	syscall
	ret

/*
 * Back to the program, by the frame at %rsp - 8; %rdi is the thread's record. A signal that comes before the kernel has taken the frame has us begin here again: else it would be
 * kept until the next call.
 */
agent_leave:
	cmpl $0, AGENT_ASM_DEFERRED(%rdi)
	jne agent_leave_late
	mov $15, %eax
	syscall
agent_leave_end:
	ud2

/* The same where no signal can come. */
agent_return:
	mov $15, %eax
	syscall
	ud2
agent_restorer:
	mov $15, %eax
	syscall
	ud2
agent_gate_end:

	.section .text.ways, "ax"
agent_leave_late:
	lea -8(%rsp), %rbx
	lea 8(%rbx), %rdi
	and $-16, %rsp
	call agent_deliver_deferred
	lea 8(%rbx), %rsp
	mov %rsp, %rdi
	and $-AGENT_ASM_SLOT_BYTES, %rdi
	jmp agent_leave

/* The kernel brings us here when a call traps: %rsp is at the frame, which has all of the program's registers. */
	.globl agent_on_trap, agent_on_signal
	.hidden agent_on_trap, agent_on_signal
agent_on_trap:
	mov %rsp, %rbx
	sub $8, %rsp
	call agent_trapped
	lea 8(%rbx), %rsp
	mov %rsp, %rdi
	and $-AGENT_ASM_SLOT_BYTES, %rdi
	test %eax, %eax
	jz agent_leave
	jmp agent_return

/* And here for all other signals that the program has handlers for. */
agent_on_signal:
	mov %rsp, %rbx
	sub $8, %rsp
	call agent_signalled
	lea 8(%rbx), %rsp
	jmp agent_return

/*
 * int64_t agent_program_call(const uint64_t number_and_args[7], struct agent_thread *): the one place where the program's calls are made. What a signal finds between the first two
 * marks has not been made, and will not be: see agent_signalled().
 */
	.globl agent_program_call, agent_issue, agent_issued, agent_issue_insn
	.hidden agent_program_call, agent_issue, agent_issued, agent_issue_insn
agent_program_call:
	push %rbx
	mov %rsi, %rbx
	mov (%rdi), %rax
	mov 16(%rdi), %rsi
	mov 24(%rdi), %rdx
	mov 32(%rdi), %r10
	mov 40(%rdi), %r8
	mov 48(%rdi), %r9
	mov 8(%rdi), %rdi
	xor %ecx, %ecx
agent_issue:
	cmpl $0, AGENT_ASM_DEFERRED(%rbx)
	jne 1f
agent_issue_insn:
	syscall
agent_issued:
	pop %rbx
	ret
1:	mov $-AGENT_ASM_AGAIN, %rax
	pop %rbx
	ret

/* The same of the 32-bit table. */
	.globl agent_narrow_call, agent_narrow_issue, agent_narrow_insn, agent_narrow_issued
	.hidden agent_narrow_call, agent_narrow_issue, agent_narrow_insn, agent_narrow_issued
agent_narrow_call:
	push %rbx
	push %rbp
	mov %rsi, %r11
	mov (%rdi), %rax
	mov 8(%rdi), %rbx
	mov 16(%rdi), %rcx
	mov 24(%rdi), %rdx
	mov 32(%rdi), %rsi
	mov 48(%rdi), %rbp
	mov 40(%rdi), %rdi
agent_narrow_issue:
	cmpl $0, AGENT_ASM_DEFERRED(%r11)
	jne 1f
agent_narrow_insn:
	int $0x80
agent_narrow_issued:
2:	pop %rbp
	pop %rbx
	ret
1:	mov $-AGENT_ASM_AGAIN, %rax
	jmp 2b

/*
 * A thread that was made with a stack in its own slot comes out of agent_program_call() there, and returns to this. %rsp is at struct agent_birth.
 */
	.globl agent_born
	.hidden agent_born
agent_born:
	mov %rsp, %rbx
	mov %rsp, %rdi
	and $-16, %rsp
	call agent_child
	/* the frame to leave by */
	lea 8(%rax), %rsp
	mov %rsp, %rdi
	and $-AGENT_ASM_SLOT_BYTES, %rdi
	jmp agent_leave

/* void agent_exit(uint32_t *slot_taken, uint64_t status): the slot is another's from the first instruction on, so nothing may touch the stack, nor a signal come. */
	.globl agent_exit
	.hidden agent_exit
agent_exit:
	mov %rsi, %r8
	movl $0, (%rdi)
1:	mov $60, %eax
	mov %r8, %rdi
	syscall
	jmp 1b

/*
 * A new program: %r13 where it begins, %r15 the run's key, %ebp the blob's descriptor, %r8 where to go if nothing comes of it, with the error in %rax and the place in %rdx. %rsp is
 * the program's.
 */
agent_begin:
	push %r8
	push %r8
	mov %rbp, %rdi
	mov %r15, %rsi
	mov %rsp, %rbx
	and $-16, %rsp
	call agent_begin_in
	mov %rbx, %rsp
	pop %r8
	pop %r8
	mov $-1, %ebp /* it has been closed */
	test %rax, %rax
	jnz 1f
	enter_program
1:	mov %eax, %edx
	shr $32, %rax
	movslq %eax, %rax
	jmp *%r8

	.section .note.GNU-stack, "", @progbits

/* SPDX-License-Identifier: BSD-2-Clause */
/* Two flows of control in one thread: each has a stack of its own. */
#ifndef ARCH_STACK_H
#define ARCH_STACK_H

/* Goes on where @to was left, and keeps in *from where this was. */
void arch_stack_switch(void **from, void *to);
/* What to switch to so that @fn, which never returns, begins at this end of a stack (a multiple of 16). */
void *arch_stack_begin(void *end, void (*fn)(void));

#endif

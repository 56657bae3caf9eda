/* SPDX-License-Identifier: BSD-2-Clause */
/* What tests ask of the machine: calls made by an instruction of their own, with all registers looked at. */
#ifndef ARCH_TRIAL_H
#define ARCH_TRIAL_H

#include <stdint.h>

/*
 * Makes a call with numbers of its own in all registers that a call leaves as they are, the arguments' among them: 0, or which one (from 1, in no order that means anything) has another
 * number afterwards.
 */
int arch_try_registers(uint64_t number, int64_t *ret_result);
/* getpid() of the 32-bit table, from this program; -1: this machine has no way to do that. */
long arch_try_narrow_getpid(void);

#endif

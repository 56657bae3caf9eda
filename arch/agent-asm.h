/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that assembler files need; agent/begin.c holds them against what they stand for. */
#ifndef ARCH_AGENT_ASM_H
#define ARCH_AGENT_ASM_H

#define AGENT_ASM_MAGIC 0x746e656741656553
#define AGENT_ASM_VERSION 1
#define AGENT_ASM_SLOT_BYTES 65536
#define AGENT_ASM_DEFERRED 0   /* of struct agent_thread */
#define AGENT_ASM_AGAIN 512    /* a result: the call is to be made again */

#endif

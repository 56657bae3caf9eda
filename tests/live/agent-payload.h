/* SPDX-License-Identifier: BSD-2-Clause */
/* What agent-payload.c shares with the part of it that knows the machine, arch/NAME/agent-trial-NAME.h. */
#ifndef TESTS_AGENT_PAYLOAD_H
#define TESTS_AGENT_PAYLOAD_H

#include <stdbool.h>

#include "arch/agent-trial.h"

void wrong_at(const char *file, int line, const char *what) __attribute__((noreturn));
#define CHECK(x) ((x) ? (void)0 : wrong_at(__FILE_NAME__, __LINE__, #x))
#ifndef __FILE_NAME__
#define __FILE_NAME__ __FILE__
#endif

#endif

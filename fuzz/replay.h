/* SPDX-License-Identifier: BSD-2-Clause */
/* The one function that a fuzz target has; its name is the one that libFuzzer calls. */
#ifndef FUZZ_REPLAY_H
#define FUZZ_REPLAY_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif

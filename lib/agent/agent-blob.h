/* SPDX-License-Identifier: BSD-2-Clause */
/* The agent as it is put into programs; it begins with a struct agent_head. */
#ifndef AGENT_AGENT_BLOB_H
#define AGENT_AGENT_BLOB_H

#include <stddef.h>

extern const unsigned char *const agent_blob;
extern const size_t agent_blob_bytes;

#endif

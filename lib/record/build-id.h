/* SPDX-License-Identifier: BSD-2-Clause */
/* What a linker has written into a file so that it can be told from others. */
#ifndef RECORD_BUILD_ID_H
#define RECORD_BUILD_ID_H

#include <stdint.h>

#define BUILD_ID_MOST 64

/* The build id of an ELF file of either width. Returns how many bytes it has; 0: none, or it is no such file. */
uint32_t build_id_read(int fd, unsigned char id[BUILD_ID_MOST]);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects for the kernel that the build put into the program, compressed: they are large, and most runs need none of them. */
#ifndef BPF_EMBEDDED_H
#define BPF_EMBEDDED_H

#include <stddef.h>

struct bpf_object;
struct bpf_object_open_opts;

/* Made by tools/embed.sh. */
struct embedded {
	const unsigned char *packed;
	size_t packed_n, n;          /* bytes, as they are here, and unpacked */
	const struct embedded *base; /* what it differs from; NULL: it is whole */
};

/* What records, the same with what holds tasks, and two for older kernels; what counts, and that for older kernels: in the order of lib/bpf/meson.build. */
enum { EMBEDDED_RECORD, EMBEDDED_RECORD_HOLD, EMBEDDED_RECORD_OLD, EMBEDDED_COUNT, EMBEDDED_COUNT_OLD };
extern const struct embedded embedded[];

/* bpf_object__open_mem() of one; NULL with errno on failure. */
struct bpf_object *embedded_open(const struct embedded *e, const struct bpf_object_open_opts *options);

#endif

/* SPDX-License-Identifier: Dual BSD/GPL */
/* Ends the chunk of a processor before it is full, when the recorder asks for it. */
#ifndef FLUSH_BPF_H
#define FLUSH_BPF_H

#include "ring.bpf.h"

/*
 * Attached to nothing: the recorder runs it itself, on each processor in turn. It runs with preemption off like those that write
 * records, so none of them is at work here.
 */
static __always_inline int flush(void)
{
	struct ring_control *r = ring_here();

	if (!r)
		return 0;
	/* calls that were lost and have had no record after them */
	if (r->pending && !ring_turn(bpf_ktime_get_ns()))
		return 0;
	if (r->used)
		ring_close(r);
	return 0;
}

#ifndef SEAM_OLD
SEC("raw_tp") int record_flush(void *unused)
{
	(void)unused;
	return flush();
}
#else
/* Linux 5.8 and 5.9 run no such program when they are asked to, but they read what an iterator says: a byte, for the first task. */
SEC("iter/task") int record_flush(struct bpf_iter__task *ctx)
{
	struct bpf_iter_meta___seq *meta = (void *)ctx->meta;
	uint8_t done = 1;

	if (!ctx->task)
		return 0;
	bpf_seq_write(meta->seq, &done, sizeof(done));
	return flush();
}
#endif

#endif

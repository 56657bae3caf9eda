/* SPDX-License-Identifier: Dual BSD/GPL */
/* Ends the chunk of a processor before it is full, when the recorder asks for it. */
#ifndef FLUSH_BPF_H
#define FLUSH_BPF_H

#include "ring.bpf.h"

/*
 * Attached to nothing: the recorder runs it itself, on each processor in turn. It runs with preemption off like those that write
 * records, so none of them is at work here.
 */
SEC("raw_tp") int record_flush(void *unused)
{
	struct ring_control *r = ring_here();

	(void)unused;
	if (!r)
		return 0;
	/* calls that were lost and have had no record after them */
	if (r->pending && !ring_turn(bpf_ktime_get_ns()))
		return 0;
	if (r->used)
		ring_close(r);
	return 0;
}

#endif

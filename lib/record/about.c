/* SPDX-License-Identifier: BSD-2-Clause */
/* What a trace says of its recording. */
#include "record/about.h"

#include "bpf/kernel-fit.h"
#include "trace/meta.h"

void about_recording(const struct seam_record_options *o, struct buf *meta)
{
	const struct seam_tables *t = &seam_tables;
	enum seam_arch arch = seam_arch_native();

	trace_meta_add_host(meta);
	trace_meta_add(meta, "engine", "bpf");
	for (char **word = o->command; word && *word; word++)
		trace_meta_add(meta, "command", *word);
	if (o->all)
		trace_meta_add(meta, "select", "the machine");
	for (size_t i = 0; i < o->pid_count; i++)
		trace_meta_addf(meta, "select", "process %d", (int)o->pids[i]);
	for (size_t i = 0; i < o->cgroup_count; i++)
		trace_meta_addf(meta, "select", "cgroup %s", o->cgroups[i]);
	trace_meta_add(meta, "pause", seam_pause_name(o->pause));
	for (size_t i = 0; i < o->select_count; i++)
		trace_meta_add(meta, "select", o->select[i]);
	for (uint32_t i = 0; o->calls && i < t->arch[arch].call_count; i++)
		if (seam_callset_has(o->calls, &t->arch[arch].calls[i]))
			trace_meta_add(meta, "only", seam_string(t, t->arch[arch].calls[i].name));
	trace_meta_addf(meta, "snap", "%llu", (unsigned long long)o->snap);
	trace_meta_add(meta, "durations", o->durations ? "yes" : "no");
	trace_meta_add(meta, "traps", o->traps ? "yes" : "no");
	if (!(kernel_sees() & KERNEL_SEES_URING))
		trace_meta_add(meta, "lacks", "io_uring");
	trace_meta_add(meta, "tables", t->version);
	for (uint32_t i = 0; i < t->arch[arch].call_count; i++) {
		const struct seam_call *c = &t->arch[arch].calls[i];
		struct seam_span args = t->variants[c->variants.first].args;
		_cleanup_buf_ struct buf line = BUF_INIT;

		buf_addf(&line, "%s %u %s", t->arch[arch].name, c->number, seam_string(t, c->name));
		for (uint32_t k = 0; k < args.count; k++)
			buf_addf(&line, " %s", seam_string(t, t->args[args.first + k].name));
		trace_meta_add(meta, "call", line.data);
	}
}

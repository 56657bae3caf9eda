/* SPDX-License-Identifier: BSD-2-Clause */
/* What a trace says of its recording. */
#include "record/about.h"

#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "bpf/kernel-fit.h"
#include "seam/filter.h"
#include "trace/meta.h"

static enum seam_filter_known no_number(void *user, enum seam_filter_field field, uint64_t *ret)
{
	(void)user;
	(void)field;
	(void)ret;
	return SEAM_FILTER_NOT_KNOWN;
}

static enum seam_filter_known no_string(void *user, enum seam_filter_field field, unsigned index, const char **ret)
{
	(void)user;
	(void)field;
	(void)index;
	(void)ret;
	return SEAM_FILTER_NOT_KNOWN;
}

/* Calls that are not recorded each time that they are made: a reader must not build on them. */
static void add_unseen(const struct seam_record_options *o, struct buf *meta)
{
	const struct seam_tables *t = &seam_tables;
	struct seam_filter_options fo = { .arch = seam_arch_native() };
	uint32_t n = t->arch[fo.arch].call_count;
	_cleanup_free_ bool *unseen = xcalloc(n, sizeof(*unseen));

	for (uint32_t i = 0; i < n; i++)
		unseen[i] = o->calls && !seam_callset_has(o->calls, &t->arch[fo.arch].calls[i]);
	for (size_t k = 0; k < o->where_count; k++) {
		struct seam_filter *f;

		/* they have been read before, without a fault */
		if (seam_filter_new(o->where[k], &fo, &f, NULL) < 0)
			continue;
		for (uint32_t i = 0; i < n; i++) {
			struct seam_filter_view view = { .call = &t->arch[fo.arch].calls[i], .number = no_number, .string = no_string };

			unseen[i] |= seam_filter_ask(f, &view) != SEAM_FILTER_YES;
		}
		seam_filter_free(f);
	}
	for (uint32_t i = 0; i < n; i++)
		if (unseen[i])
			trace_meta_add(meta, "unseen", seam_string(t, t->arch[fo.arch].calls[i].name));
}

void about_recording(const struct seam_record_options *o, struct buf *meta)
{
	const struct seam_tables *t = &seam_tables;
	enum seam_arch arch = seam_arch_native();

	trace_meta_add_host(meta);
	trace_meta_add(meta, "engine", seam_engine_name(o->engine));
	for (char **word = o->command; word && *word; word++)
		trace_meta_add(meta, "command", *word);
	if (o->command)
		trace_meta_addf(meta, "uid", "%u", (unsigned)getuid());
	if (o->all)
		trace_meta_add(meta, "select", "the machine");
	for (size_t i = 0; i < o->pid_count; i++)
		trace_meta_addf(meta, "select", "process %d", (int)o->pids[i]);
	for (size_t i = 0; i < o->cgroup_count; i++)
		trace_meta_addf(meta, "select", "cgroup %s", o->cgroups[i]);
	if (o->engine == SEAM_ENGINE_BPF)
		trace_meta_add(meta, "pause", seam_pause_name(o->pause));
	for (size_t i = 0; i < o->select_count; i++)
		trace_meta_add(meta, "select", o->select[i]);
	if (o->calls || o->where_count)
		add_unseen(o, meta);
	if (o->snap == UINT64_MAX)
		trace_meta_add(meta, "snap", "all");
	else
		trace_meta_addf(meta, "snap", "%llu", (unsigned long long)o->snap);
	if (o->no_structures)
		trace_meta_add(meta, "structures", "no");
	trace_meta_add(meta, "durations", o->durations ? "yes" : "no");
	trace_meta_add(meta, "traps", o->traps ? "yes" : "no");
	if (o->engine != SEAM_ENGINE_BPF || !(kernel_sees() & KERNEL_SEES_URING))
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

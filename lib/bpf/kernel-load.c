/* SPDX-License-Identifier: BSD-2-Clause */
/* Brings the tables and the programs of the recorder into the kernel. */
#include "bpf/kernel-load.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "base/util.h"
#include "bpf/bare.h"
#include "bpf/embedded.h"
#include "bpf/kernel-attach.h"
#include "bpf/quick.h"
#include "bpf/kernel-fit.h"
#include "bpf/kernel-old.h"
#include "bpf/where-load.h"
#include "calls/traits.h"

/* The tables cut to what the kernel's side looks at. */
struct cut_tables {
	const struct seam_tables *t;
	struct walk_call *calls;
	struct walk_program *programs; /* as many as variants */
	uint32_t calls_n, programs_n, ops_n, exprs_n, selects_n, cases_n;
};

static void reach(uint32_t *n, uint32_t end)
{
	*n = MAX(*n, end);
}

static void reach_expr(struct cut_tables *c, uint32_t index)
{
	const struct seam_expr *e = &c->t->exprs[index];

	reach(&c->exprs_n, index + 1);
	reach(&c->ops_n, e->first + e->count);
}

static struct walk_program cut_program(struct cut_tables *c, const struct seam_variant *v)
{
	reach(&c->ops_n, v->entry.first + v->entry.count);
	reach(&c->ops_n, v->exit.first + v->exit.count);
	return (struct walk_program){ .entry = v->entry, .exit = v->exit, .saves = v->saves };
}

static void cut_call(struct cut_tables *c, const struct seam_call *call, bool wanted)
{
	const struct seam_variant *first = &c->t->variants[call->variants.first];
	struct walk_call *w = &c->calls[call->number];

	w->program = cut_program(c, first);
	w->variants = call->variants.first;
	w->selects = call->selects.first;
	w->select_count = call->selects.count;
	w->args = (uint8_t)first->args.count;
	w->in = quick_of(c->t, w->program.entry);
	w->out = quick_of(c->t, w->program.exit);
	/* which program it is has to be found out first */
	if (call->selects.count)
		w->in.kind = w->out.kind = QUICK_WALK;
	w->protection = call_protection(c->t, first);
	w->flags = WALK_CALL_KNOWN;
	if (call_does(c->t, first, SEAM_VERB_EXECS))
		w->flags |= WALK_CALL_EXECS;
	if (!wanted)
		w->flags |= WALK_CALL_SKIP;
	if (call->selects.count)
		w->flags |= WALK_CALL_CASES;
	reach(&c->programs_n, call->variants.first + call->variants.count);
	reach(&c->selects_n, call->selects.first + call->selects.count);
	for (uint32_t i = 0; i < call->variants.count; i++) {
		struct walk_program p = cut_program(c, &c->t->variants[call->variants.first + i]);

		w->flags |= (uint16_t)((p.entry.count ? WALK_CALL_ENTRY : 0) | (p.exit.count ? WALK_CALL_EXIT : 0));
	}
	/* then it does not matter which case it is */
	if (!(w->flags & (WALK_CALL_ENTRY | WALK_CALL_EXIT)))
		w->in.kind = w->out.kind = QUICK_NOTHING;
	for (uint32_t i = 0; i < call->selects.count; i++) {
		const struct seam_select *s = &c->t->selects[call->selects.first + i];

		reach(&c->cases_n, s->cases.first + s->cases.count);
		for (size_t k = 0; k < ARRAY_SIZE(s->expr); k++)
			if (s->expr[k])
				reach_expr(c, s->expr[k]);
	}
}

static void cut(struct cut_tables *c, const struct seam_tables *t, const struct seam_callset *wanted,
		const struct recorder_where *where)
{
	const struct seam_arch_tables *arch = &t->arch[seam_arch_native()];

	*c = (struct cut_tables){ .t = t, .calls_n = MIN(arch->number_count, COMPAT_CALLS) };
	c->calls = xcalloc(c->calls_n, sizeof(*c->calls));
	for (uint32_t i = 0; i < arch->call_count; i++)
		if (arch->calls[i].number < c->calls_n && (arch->calls[i].flags & SEAM_CALL_DESCRIBED))
			cut_call(c, &arch->calls[i], (!wanted || seam_callset_has(wanted, &arch->calls[i])) &&
						      where_wants(where, arch->calls[i].number));
	c->programs = xcalloc(c->programs_n, sizeof(*c->programs));
	for (uint32_t i = 0; i < c->programs_n; i++)
		c->programs[i] = cut_program(c, &t->variants[i]);
}

static void cut_release(struct cut_tables *c)
{
	free(c->calls);
	free(c->programs);
}

struct table {
	const char *name;
	const void *records;
	size_t bytes;
};

static void tables_of(const struct cut_tables *c, struct table tables[6])
{
	const struct table all[] = {
		{ "walk_ops", c->t->ops, c->ops_n * sizeof(*c->t->ops) },
		{ "walk_calls", c->calls, c->calls_n * sizeof(*c->calls) },
		{ "walk_programs", c->programs, c->programs_n * sizeof(*c->programs) },
		{ "walk_exprs", c->t->exprs, c->exprs_n * sizeof(*c->t->exprs) },
		{ "walk_selects", c->t->selects, c->selects_n * sizeof(*c->t->selects) },
		{ "walk_cases", c->t->cases, c->cases_n * sizeof(*c->t->cases) },
	};

	memcpy(tables, all, sizeof(all));
}

static void size_maps(struct bpf_object *object, const struct table tables[6], unsigned cpus, size_t ring_bytes)
{
	for (size_t i = 0; i < 6; i++)
		bpf_map__set_value_size(bpf_object__find_map_by_name(object, tables[i].name), (uint32_t)MAX(tables[i].bytes, sizeof(uint64_t)));
	bpf_map__set_value_size(bpf_object__find_map_by_name(object, "rings"), (uint32_t)ring_bytes);
	bpf_map__set_max_entries(bpf_object__find_map_by_name(object, "rings"), cpus);
	bpf_map__set_max_entries(bpf_object__find_map_by_name(object, "processors"), cpus);
}

static int fill_maps(struct bpf_object *object, const struct table tables[6], struct seam_err *err)
{
	for (size_t i = 0; i < 6; i++) {
		int fd = bpf_object__find_map_fd_by_name(object, tables[i].name);
		uint32_t zero = 0;

		if (!tables[i].bytes)
			continue;
		if (bpf_map_update_elem(fd, &zero, tables[i].records, BPF_ANY) < 0)
			return seam_err_errno(err, -errno, "the table %s does not go into the kernel", tables[i].name);
	}
	return 0;
}

/* The table of the machine's 32-bit calls, of which there are names and numbers. */
static void set_compat(struct kernel_config *config, const struct seam_callset *wanted)
{
	const struct seam_tables *t = &seam_tables;
	enum seam_arch arch = seam_arch_narrow(seam_arch_native());

	config->compat_mmap = UINT32_MAX;
	for (uint32_t i = 0; arch != SEAM_ARCH_COUNT && i < t->arch[arch].call_count; i++) {
		const struct seam_call *c = &t->arch[arch].calls[i], *own;
		const char *name = seam_string(t, c->name);

		if (c->number >= COMPAT_CALLS)
			continue;
		config->compat_known[c->number / 64] |= 1ull << c->number % 64;
		own = seam_call_by_name(t, seam_arch_native(), name);
		if (wanted && !(own && seam_callset_has(wanted, own)))
			config->compat_skip[c->number / 64] |= 1ull << c->number % 64;
		if (str_eq(name, "mmap2"))
			config->compat_mmap = c->number;
	}
}

static uint32_t number_of(const char *name)
{
	return seam_call_by_name(&seam_tables, seam_arch_native(), name)->number;
}

/* A form of the recorder: the object for kernels of today, and the one that asks less of a kernel. */
enum form { FORM_USUAL, FORM_OLD };

static struct bpf_object *open_form(const struct kernel_config *config, enum form form)
{
	struct bpf_object_open_opts open = { .sz = sizeof(open), .object_name = "seam_record" };

	if (form == FORM_OLD)
		return embedded_open(&embedded[EMBEDDED_RECORD_OLD], &open);
	if (config->pause == PAUSE_HOLD || config->pause == PAUSE_HOLD_NEW)
		return embedded_open(&embedded[EMBEDDED_RECORD_HOLD], &open);
	return embedded_open(&embedded[EMBEDDED_RECORD], &open);
}

static int load(struct bpf_object **ret_object, struct kernel_config *config, enum form form, unsigned cpus, size_t ring_bytes,
		const struct recorder_options *options, struct seam_err *err)
{
	struct bare bare = { .tables = seam_tables };
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct bpf_object *object;
	struct table tables[6];
	struct cut_tables c;
	int r;

	if (options->no_structures)
		bare_make(&bare, &seam_tables);
	cut(&c, &bare.tables, options->calls, options->where);
	tables_of(&c, tables);
	config->execve = number_of("execve");
	config->exit = number_of("exit");
	config->exit_group = number_of("exit_group");
	config->rt_sigreturn = number_of("rt_sigreturn");
	set_compat(config, options->calls);
	config->op_count = c.ops_n;
	config->call_count = c.calls_n;
	config->program_count = c.programs_n;
	config->expr_count = c.exprs_n;
	config->select_count = c.selects_n;
	config->case_count = c.cases_n;
	kernel_listen(&text);
	object = open_form(config, form);
	r = object ? 0 : -errno;
	/* who is moved with a lock held gets no memory but for the first four of its threads: then it has to be there before */
	if (!r && config->cgroups)
		bpf_map__set_map_flags(bpf_object__find_map_by_name(object, "called"), 0);
	else if (!r)
		bpf_program__set_autoload(bpf_object__find_program_by_name(object, "record_moved"), false);
	if (!r) {
		size_maps(object, tables, cpus, ring_bytes);
		kernel_fit(object, options->traps, config->durations);
		r = where_prepare(object, options->where, cpus);
	}
	if (!r) {
		r = bpf_map__set_initial_value(bpf_object__find_map_by_name(object, ".rodata.config"), config, sizeof(*config));
	}
	if (!r) {
		r = kernel_take(object);
	}
	kernel_listen(NULL);
	if (r < 0)
		kernel_refused(r, &text, "recorder", err);
	else
		r = fill_maps(object, tables, err);
	if (r >= 0)
		r = where_fill(object, options->where, err);
	if (r < 0)
		bpf_object__close(object);
	else
		*ret_object = object;
	cut_release(&c);
	bare_release(&bare);
	return r;
}

/* The refusal of the form that is meant for this kernel; the other one was asked because one never knows. */
static int tell(const struct seam_err refused[], struct seam_err *err)
{
	enum form form = kernel_usual_is_meant(&refused[FORM_USUAL]) ? FORM_USUAL : FORM_OLD;

	return seam_err_set(err, refused[form].code, "%s", refused[form].text);
}

int load_record(struct bpf_object **ret_object, struct kernel_config *config, unsigned cpus, size_t ring_bytes,
		const struct recorder_options *options, struct seam_err *err)
{
	struct seam_err refused[FORM_OLD + 1] = { 0 };
	int r;

	if (!kernel_old_wanted()) {
		r = load(ret_object, config, FORM_USUAL, cpus, ring_bytes, options, &refused[FORM_USUAL]);
		/* where tasks can be held it is asked once more without that */
		if (r < 0 && (config->pause == PAUSE_HOLD || config->pause == PAUSE_HOLD_NEW || !kernel_old_may_help(r)))
			return seam_err_set(err, r, "%s", refused[FORM_USUAL].text);
		if (r >= 0)
			return r;
	}
	r = kernel_old_denied(config->everything, err);
	/* a pattern that is not looked at would be one that does not fit */
	if (r >= 0 && options->where && MAX(options->where->native.pattern_count, options->where->compat.pattern_count) > WHERE_MOST)
		r = seam_err_set(err, -E2BIG, "on this kernel --where may have no more than %u patterns", WHERE_MOST);
	if (r < 0)
		return kernel_usual_is_meant(&refused[FORM_USUAL]) ? tell(refused, err) : r;
	r = load(ret_object, config, FORM_OLD, cpus, ring_bytes, options, &refused[FORM_OLD]);
	return r < 0 ? tell(refused, err) : r;
}

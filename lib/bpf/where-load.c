/* SPDX-License-Identifier: BSD-2-Clause */
/* Brings the programs of --where into the kernel. */
#include "bpf/where-load.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/util.h"

/* Those that change the name of the task, or what it executes. */
static const struct {
	const char *name;
	uint8_t flags;
} later[] = { { "execve", WHERE_LATER | WHERE_EXEC }, { "execveat", WHERE_LATER | WHERE_EXEC }, { "prctl", WHERE_LATER } };

bool where_wants(const struct recorder_where *w, uint32_t number)
{
	const struct filter_start *start;

	if (!w)
		return true;
	start = filter_split_start(&w->native, number);
	return start->count || start->answer != FILTER_DROP;
}

static struct where_config config_of(const struct recorder_where *w)
{
	return (struct where_config){
		.on = 1,
		.uses = w->native.uses | w->compat.uses,
		.native_count = w->native.count,
		.compat_count = w->compat.count,
		.start_count = w->native.count + w->compat.count + 2,
		.op_count = w->native.op_count + w->compat.op_count,
		.pattern_count = w->native.pattern_count + w->compat.pattern_count,
		.questions = w->native.questions | w->compat.questions,
		.of_exe = w->native.of_exe | w->compat.of_exe,
		.signals_off = w->signals_off,
	};
}

static void size_map(struct bpf_object *object, const char *name, uint32_t n, size_t bytes)
{
	bpf_map__set_value_size(bpf_object__find_map_by_name(object, name), (uint32_t)(MAX(n, 1u) * bytes));
}

int where_prepare(struct bpf_object *object, const struct recorder_where *w, unsigned cpus)
{
	struct where_config config = w ? config_of(w) : (struct where_config){ 0 };

	size_map(object, "where_starts", config.start_count, sizeof(struct filter_start));
	size_map(object, "where_ops", config.op_count, sizeof(struct filter_op));
	size_map(object, "where_patterns", config.pattern_count, sizeof(struct filter_pattern));
	bpf_map__set_max_entries(bpf_object__find_map_by_name(object, "where_exes"), config.of_exe ? WHERE_PROCESSES : 1);
	bpf_map__set_max_entries(bpf_object__find_map_by_name(object, "where_states"), w ? cpus : 1);
	return bpf_map__set_initial_value(bpf_object__find_map_by_name(object, ".rodata.where"), &config, sizeof(config));
}

static int fill(const struct bpf_object *object, const char *name, const void *records, uint32_t n, struct seam_err *err)
{
	uint32_t zero = 0;

	if (n && bpf_map_update_elem(bpf_object__find_map_fd_by_name(object, name), &zero, records, BPF_ANY) < 0)
		return seam_err_errno(err, -errno, "the expression does not go into the kernel (%s)", name);
	return 0;
}

/* As many as its records have. */
static uint32_t args_of(const struct seam_call *call)
{
	if (!call || !(call->flags & SEAM_CALL_DESCRIBED))
		return SEAM_MAX_ARGS;
	return MIN(seam_tables.variants[call->variants.first].args.count, (uint32_t)SEAM_MAX_ARGS);
}

/* Whether all that it asks for is there only when the call has returned. */
static bool at_exit_only(const struct filter_split *s, const struct filter_start *start)
{
	for (uint32_t i = start->first; i < start->first + start->count; i++) {
		const struct filter_op *op = &s->ops[i];

		if (op->code == FILTER_OP_COMM || op->code == FILTER_OP_STRING ||
		    (op->code == FILTER_OP_RANGE && op->source != FILTER_RET && op->source != FILTER_DURATION))
			return false;
	}
	return start->count > 0;
}

/* What stands in one half's operations and starts is counted from the beginning of both. */
static void add_half(const struct filter_split *s, enum seam_arch arch, struct filter_start *starts, struct filter_op *ops,
		     uint32_t first_op, uint32_t first_pattern)
{
	memcpy(starts, s->starts, s->count * sizeof(*starts));
	starts[s->count] = s->other;
	for (uint32_t i = 0; i <= s->count; i++) {
		const struct seam_call *call = seam_call_by_number(&seam_tables, arch, i);

		starts[i].first += first_op;
		starts[i].spare = (uint8_t)(args_of(i < s->count ? call : NULL) << WHERE_ARGS_SHIFT |
					    at_exit_only(s, filter_split_start(s, i)) * WHERE_AT_EXIT_ONLY);
	}
	for (size_t i = 0; i < ARRAY_SIZE(later); i++) {
		const struct seam_call *call = seam_call_by_name(&seam_tables, arch, later[i].name);

		if (call && call->number < s->count)
			starts[call->number].spare |= later[i].flags;
	}
	for (uint32_t i = 0; i < s->op_count; i++) {
		struct filter_op *op = &ops[first_op + i];

		*op = s->ops[i];
		if (op->code == FILTER_OP_STRING) {
			op->low += first_pattern;
			op->high += first_pattern;
		}
	}
}

int where_fill(const struct bpf_object *object, const struct recorder_where *w, struct seam_err *err)
{
	struct where_config c;
	struct filter_start *starts;
	struct filter_pattern *patterns;
	struct filter_op *ops;
	int r;

	if (!w)
		return 0;
	c = config_of(w);
	starts = xcalloc(c.start_count, sizeof(*starts));
	ops = xcalloc(c.op_count + 1, sizeof(*ops));
	patterns = xcalloc(c.pattern_count + 1, sizeof(*patterns));
	add_half(&w->native, seam_arch_native(), starts, ops, 0, 0);
	add_half(&w->compat, w->compat_arch, starts + c.native_count + 1, ops, w->native.op_count, w->native.pattern_count);
	for (uint32_t i = 0; i < c.pattern_count; i++)
		patterns[i] = i < w->native.pattern_count ? w->native.patterns[i] :
							    w->compat.patterns[i - w->native.pattern_count];
	r = fill(object, "where_starts", starts, c.start_count, err);
	if (r >= 0)
		r = fill(object, "where_ops", ops, c.op_count, err);
	if (r >= 0)
		r = fill(object, "where_patterns", patterns, c.pattern_count, err);
	free(starts);
	free(ops);
	free(patterns);
	return r;
}

/* What the operations of one half ask about the file. */
static void answer_exe(const struct filter_split *s, const uint64_t *text, uint32_t bytes, struct where_answer *a)
{
	for (uint32_t i = 0; i < s->op_count; i++) {
		const struct filter_op *op = &s->ops[i];
		bool none = op->flags & FILTER_NONE_FITS, maybe = false, fits = false;

		if (op->code != FILTER_OP_STRING || op->source != FILTER_TEXT_EXE)
			continue;
		for (uint64_t p = op->low; p < op->high && !fits; p++) {
			enum filter_fit fit = filter_pattern_fits(&s->patterns[p], text, bytes);

			fits = fit == FILTER_FITS;
			maybe |= fit == FILTER_FITS_MAYBE;
		}
		if (maybe && !fits)
			continue;
		a->answered |= 1u << op->k;
		if (fits != none)
			a->fits |= 1u << op->k;
	}
}

void where_tell_exe(const struct bpf_object *object, const struct recorder_where *w, uint32_t process, const char *path)
{
	uint64_t text[(FILTER_TEXT + FILTER_HEAD) / 8] = { 0 };
	struct where_answer a = { 0 };

	if (!w || !(w->native.of_exe | w->compat.of_exe) || strlen(path) >= FILTER_TEXT)
		return;
	memcpy(text, path, strlen(path));
	answer_exe(&w->native, text, (uint32_t)strlen(path), &a);
	answer_exe(&w->compat, text, (uint32_t)strlen(path), &a);
	/* when there is no room its calls are recorded: nothing is lost */
	bpf_map_update_elem(bpf_object__find_map_fd_by_name(object, "where_exes"), &process, &a, BPF_NOEXIST);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A trace read from end to end, piece by piece: which of its events are shown. */
#include "seam/show.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/time.h"
#include "base/util.h"
#include "show/image-list.h"
#include "show/show-files.h"
#include "show/show-parts.h"
#include "show/show-pieces.h"

#define FOLLOW_US 100000

void show_prepare(struct show *s, const struct seam_event *e)
{
	struct seam_text *x = &s->text;

	memset(s->env.reg, 0, sizeof(s->env.reg));
	memcpy(s->env.reg, e->args, sizeof(e->args));
	s->env.reg[SEAM_REG_RET] = (uint64_t)e->ret;
	s->env.user = (void *)(uintptr_t)e;
	x->arch = e->arch;
	x->number = e->number;
	x->call = e->kind == SEAM_EVENT_UNKNOWN ? NULL : seam_call_by_number(x->t, x->arch, e->number);
	x->variant = NULL;
	x->returned = e->returned;
	s->env.read = seam_event_read;
	if (e->compat && x->call) {
		enum seam_arch arch;
		const struct seam_call *own = seam_call_wide(x->t, x->arch, x->call, &arch);

		s->env.read = NULL; /* what its memory means is not known */
		if (own) {
			x->call = own;
			x->arch = arch;
		}
	}
}

static void find_forks(struct show *s)
{
	const struct seam_tables *t = s->text.t;
	const struct seam_arch_tables *arch = &t->arch[seam_trace_arch(s->trace)];

	for (uint32_t i = 0; i < arch->call_count; i++) {
		const struct seam_call *c = &arch->calls[i];

		for (uint32_t k = 0; k < c->variants.count && c->number < 8 * sizeof(s->forks); k++) {
			struct seam_span effects = t->variants[c->variants.first + k].effects;

			for (uint32_t n = 0; n < effects.count; n++)
				if (t->effects[effects.first + n].verb == SEAM_VERB_FORKS)
					s->forks[c->number / 8] |= (uint8_t)(1u << c->number % 8);
		}
	}
}
static bool is_wanted(struct show *s, const struct seam_event *e)
{
	const struct seam_call *call;
	uint32_t pid;

	if (!e->tid)
		return true; /* losses, damage */
	if (e->time < s->from || e->time > s->to)
		return false;
	if (s->o->calls) {
		if (!show_is_call(e) || e->compat)
			return false;
		call = seam_call_by_number(s->text.t, e->arch, e->number);
		if (!call || !seam_callset_has(s->o->calls, call))
			return false;
	}
	if ((s->o->path || s->o->fd_count) && !show_files_wanted(s->files, s->o))
		return false;
	if (s->filter) {
		struct seam_filter_view view;

		s->view.event = e;
		view = event_view_of(&s->view);
		if (!seam_filter_keeps(s->filter, &view, false))
			return false;
	}
	if (!s->o->pids)
		return true;
	pid = seam_tasks_pid(s->tasks, e->tid);
	for (size_t i = 0; i < s->o->pid_count; i++)
		if (s->o->pids[i] == e->tid || s->o->pids[i] == pid)
			return true;
	return false;
}

/* The times of the first record and of the last. */
static void range_of(const struct seam_trace *t, uint64_t *ret_first, uint64_t *ret_last)
{
	struct seam_trace_block b;

	*ret_first = UINT64_MAX;
	*ret_last = 0;
	for (size_t i = 0; seam_trace_block_at(t, i, &b); i++) {
		*ret_first = MIN(*ret_first, b.first);
		*ret_last = MAX(*ret_last, b.last);
	}
}

/* When the recording ended: its last piece says it. */
static uint64_t end_of(const struct show *s, uint64_t last)
{
	_cleanup_free_ char *at = xstrdup(s->file);
	struct seam_trace *t;
	uint64_t first, end = last;

	for (char *next; (next = show_next_piece(s->path, at)); at = next)
		free(at);
	if (!strcmp(at, s->file) || seam_trace_open(&t, at, NULL, NULL) < 0)
		return last;
	range_of(t, &first, &end);
	seam_trace_close(t);
	return MAX(end, last);
}

/* Which calls alone were recorded. */
static void find_chosen(struct show *s)
{
	char *to = s->result->chosen;
	size_t room = sizeof(s->result->chosen), n = 0;
	const char *word;

	for (size_t i = 0; (word = seam_trace_meta(s->trace, "select", i)) && n < room; i++)
		if (!strncmp(word, "calls ", 6) || !strncmp(word, "where ", 6))
			n += (size_t)snprintf(to + n, room - n, "%s%s", n ? ", " : "", word);
}

/* What can only be known when there is a first event. */
static int begin(struct show *s, struct seam_err *err)
{
	const char *realtime = seam_trace_meta(s->trace, "realtime", 0);
	uint64_t last;
	bool users;

	s->begun = true;
	range_of(s->trace, &s->began, &last);
	s->realtime = realtime ? strtoull(realtime, NULL, 10) : 0;
	if (s->o->since.how == SEAM_MOMENT_END || s->o->until.how == SEAM_MOMENT_END)
		last = end_of(s, last);
	s->from = s->o->since.how ? seam_moment_time(&s->o->since, s->began, last, s->realtime) : 0;
	s->to = s->o->until.how ? seam_moment_time(&s->o->until, s->began, last, s->realtime) : UINT64_MAX;
	find_forks(s);
	find_chosen(s);
	users = seam_tasks_of(s->tasks, s->trace);
	seam_files_of(s->files, s->trace);
	if (!s->o->numbers && !s->o->json) {
		s->text.descriptor = show_files_descriptor;
		s->text.user = s->files;
	}
	if (s->o->where) {
		struct seam_filter_options fo = { .arch = seam_trace_arch(s->trace), .untold = 1u << SEAM_FILTER_CGROUP | (uint32_t)!users << SEAM_FILTER_UID };

		return seam_filter_new(s->o->where, &fo, &s->filter, err);
	}
	return 0;
}

/* What was done, instead of how; what is missing is told as ever. */
static void show_deeds(struct show *s, const struct seam_event *e, bool wanted)
{
	struct seam_deed deed;

	if (e->kind == SEAM_EVENT_LOSS || e->kind == SEAM_EVENT_GAP || e->kind == SEAM_EVENT_DAMAGE) {
		if (s->o->json)
			show_object(s, e);
		else
			show_line(s, e);
		return;
	}
	/* also of what is not wanted: much is told once only */
	seam_deeds_see(s->deeds, e);
	while (seam_deeds_next(s->deeds, &deed)) {
		if (!wanted || !seam_deed_is(&deed, s->o->events))
			continue;
		if (s->o->json) {
			seam_deed_json(&deed, s->out);
		} else {
			show_head(s, deed.tid, deed.time);
			seam_deed_text(&deed, s->out);
		}
		seam_out_putc(s->out, '\n');
	}
}

static void show_event(struct show *s, const struct seam_event *e)
{
	bool wanted;

	if (e->tid) {
		seam_tasks_see(s->tasks, e);
		seam_files_see(s->files, e);
	}
	exec_args_see(s->execs, e);
	s->result->calls += show_is_call(e);
	if (e->kind == SEAM_EVENT_LOSS || e->kind == SEAM_EVENT_GAP)
		s->result->lost += e->loss.count;
	wanted = is_wanted(s, e);
	if (s->deeds) {
		show_deeds(s, e, wanted);
		return;
	}
	if (wanted && !s->tree)
		e = exec_args_fill(s->execs, s->text.t, e);
	if (s->tree && e->tid)
		tree_see(s->tree, e, wanted);
	else if (wanted && s->o->json)
		show_object(s, e);
	else if (wanted)
		show_line(s, e);
}

static int show_all(struct show *s, struct seam_err *err)
{
	const struct seam_event *e;
	int r;

	for (;;) {
		r = seam_trace_next(s->trace, &e, err);
		if (r < 0)
			return r;
		if (!r) {
			if (!s->o->follow || seam_trace_finished(s->trace))
				return 0;
			seam_out_flush(s->out);
			usleep(FOLLOW_US);
			continue;
		}
		if (!s->begun) {
			r = begin(s, err);
			if (r < 0)
				return r;
		}
		/* what other processors did at the same time may come a little later */
		if (s->to < UINT64_MAX - NS_PER_S && e->time > s->to + NS_PER_S) {
			s->over = true;
			return 0;
		}
		show_event(s, e);
		if (s->out->error)
			return 0;
	}
}

static int show_piece(struct show *s, struct seam_err *err)
{
	struct seam_trace_options options = { .follow = s->o->follow };
	int r = seam_trace_open(&s->trace, s->file, &options, err);

	if (r < 0)
		return r;
	r = s->o->images ? show_images(s->trace, s->o, s->out, err) : show_all(s, err);
	if (r >= 0 && !s->over && !s->o->follow && !seam_trace_finished(s->trace))
		seam_out_puts(s->out, s->o->json ? "{\"kind\":\"unfinished\"}\n" :
			      "!!! the recording was not finished: its end may be missing !!!\n");
	s->result->damages += seam_trace_damages(s->trace);
	seam_trace_close(s->trace);
	s->trace = NULL;
	return r;
}

static int show_pieces(struct show *s, struct seam_err *err)
{
	int r = 0;

	while (r >= 0 && !s->over && !s->out->error) {
		char *next = show_next_piece(s->path, s->file);

		if (!next && s->file)
			return 0;
		if (!next && s->o->follow) {
			usleep(FOLLOW_US); /* the recording will begin */
			continue;
		}
		free(s->file);
		s->file = next ? next : xstrdup(s->path);
		r = show_piece(s, err);
	}
	return r;
}

int seam_show(const char *path, const struct seam_show_options *o, struct seam_out *out,
	      struct seam_show_result *ret, struct seam_err *err)
{
	struct show s = { .o = o, .path = path, .result = ret, .out = out, .day = -1, .to = UINT64_MAX };
	int r;

	*ret = (struct seam_show_result){ 0 };
	s.tasks = seam_tasks_new();
	s.execs = exec_args_new();
	s.files = seam_files_new(NULL);
	s.tree = o->tree ? tree_new() : NULL;
	s.deeds = o->events ? seam_deeds_over(NULL, s.files, s.tasks) : NULL;
	s.text = (struct seam_text){ .t = &seam_tables, .env = &s.env, .out = out };
	s.text.options.names = o->names;
	s.text.options.string_limit = o->json && !o->string_limit ? UINT32_MAX : o->string_limit;
	s.text.options.element_limit = o->json || o->verbose ? UINT32_MAX : o->string_limit;
	s.text.options.abbreviated = !o->verbose;
	s.env.read = seam_event_read;
	s.view.t = s.text.t;
	s.view.tasks = s.tasks;
	s.view.files = s.files;
	r = show_pieces(&s, err);
	if (s.tree && r >= 0)
		tree_print(s.tree, o, s.began, out);
	seam_filter_free(s.filter);
	seam_deeds_free(s.deeds);
	seam_files_free(s.files);
	seam_tasks_free(s.tasks);
	exec_args_free(s.execs);
	tree_free(s.tree);
	free(s.file);
	return r;
}

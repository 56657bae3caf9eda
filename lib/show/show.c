/* SPDX-License-Identifier: BSD-2-Clause */
/* A trace as text: what is shown, and what stands before and behind each call. */
#include "seam/show.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/time.h"
#include "base/util.h"
#include "seam/json.h"
#include "seam/text.h"
#include "seam/trace.h"
#include "filter/event-view.h"
#include "show/beside.h"
#include "show/exec-args.h"
#include "show/image-list.h"
#include "show/narrow.h"
#include "show/rest-json.h"
#include "show/show-files.h"
#include "show/show-pieces.h"
#include "show/tree.h"

#define FOLLOW_US 100000

struct show {
	const struct seam_show_options *o;
	struct seam_show_result *result;
	const char *path;  /* as the user wrote it */
	char *file;        /* the piece of it under way */
	struct seam_trace *trace;
	struct seam_tasks *tasks;
	struct exec_args *execs;
	struct seam_files *files;
	struct tree *tree; /* NULL: it is not asked for */
	struct seam_out *out;
	struct seam_text text;
	struct seam_env env;
	struct seam_filter *filter;
	struct event_view view;
	bool begun;        /* the following is known */
	bool over;         /* nothing after this is wanted */
	uint64_t from, to; /* what is shown */
	uint64_t began;    /* of the trace */
	uint64_t realtime; /* to add for the time of day */
	uint64_t before;   /* time of the line before */
	int64_t day;       /* of the seconds that `broken` is for */
	struct tm broken;
	uint8_t forks[128]; /* bits: calls with these numbers may make a task */
	uint64_t line;     /* where the present one begins in the output */
};

static void put_digits(struct seam_out *out, uint64_t n, unsigned digits)
{
	char text[24];

	for (unsigned i = digits; i-- > 0; n /= 10)
		text[i] = (char)('0' + n % 10);
	seam_out_write(out, text, digits);
}

static void put_seconds(struct seam_out *out, uint64_t ns)
{
	seam_out_printf(out, "%llu.", (unsigned long long)(ns / NS_PER_S));
	put_digits(out, ns % NS_PER_S / NS_PER_US, 6);
}

/* When the event began, on the clock that was chosen. */
static void put_clock(struct show *s, uint64_t time)
{
	uint64_t real = time + s->realtime;
	time_t seconds = (time_t)(real / NS_PER_S);

	switch (s->o->clock) {
	case SEAM_SHOW_DAY:
		if (seconds != s->day) {
			localtime_r(&seconds, &s->broken);
			s->day = seconds;
		}
		put_digits(s->out, (uint64_t)s->broken.tm_hour, 2);
		seam_out_putc(s->out, ':');
		put_digits(s->out, (uint64_t)s->broken.tm_min, 2);
		seam_out_putc(s->out, ':');
		put_digits(s->out, (uint64_t)s->broken.tm_sec, 2);
		seam_out_putc(s->out, '.');
		put_digits(s->out, real % NS_PER_S / NS_PER_US, 6);
		break;
	case SEAM_SHOW_EPOCH:
		put_seconds(s->out, real);
		break;
	case SEAM_SHOW_START:
		put_seconds(s->out, time > s->began ? time - s->began : 0);
		break;
	case SEAM_SHOW_ELAPSED:
		put_seconds(s->out, s->before && time > s->before ? time - s->before : 0);
		s->before = time;
		break;
	default:
		return;
	}
	seam_out_putc(s->out, ' ');
}

/* What the task itself takes for its number. */
static uint32_t own_tid(const struct show *s, uint32_t tid)
{
	struct seam_task task;

	return seam_tasks_get(s->tasks, tid, &task) && task.own.tid ? task.own.tid : tid;
}

static void put_head(struct show *s, const struct seam_event *e)
{
	char text[16];
	uint32_t tid = e->tid;
	unsigned i = sizeof(text);

	if (s->o->own_pids)
		tid = own_tid(s, tid);
	s->line = s->out->flushed + s->out->len;
	/* as strace pads them, so that short numbers stand in a column */
	text[--i] = ' ';
	do
		text[--i] = (char)('0' + tid % 10);
	while (tid /= 10);
	seam_out_write(s->out, text + i, sizeof(text) - i);
	seam_out_pad(s->out, ' ', i > 10 ? i - 10 : 0);
	put_clock(s, e->timed ? e->entered : e->time);
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

/* Where a task begins: the call of which it is the result, which its parent made. */
static bool is_birth(const struct show *s, const struct seam_event *e)
{
	return e->kind == SEAM_EVENT_CALL && !e->ret && !e->compat && e->number < 8 * sizeof(s->forks) &&
	       s->forks[e->number / 8] >> e->number % 8 & 1;
}

/* Sets the text's call to the event's. */
static void prepare(struct show *s, const struct seam_event *e)
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
		const struct seam_call *own = narrow_own(x->t, x->arch, x->call, &arch);

		s->env.read = narrow_read;
		if (own) {
			x->call = own;
			x->arch = arch;
		}
	}
}

/* A 32-bit call has a name, and that is all we know of its arguments. */
static void put_nameless(struct show *s, const struct seam_event *e)
{
	seam_out_puts(s->out, seam_string(s->text.t, s->text.call->name));
	for (int i = 0; i < SEAM_MAX_ARGS; i++)
		seam_out_printf(s->out, "%s%#llx", i ? ", " : "(", (unsigned long long)e->args[i]);
	seam_out_putc(s->out, ')');
}

/* Results stand in a column where there is room, as strace has them. */
static void put_equals(struct show *s)
{
	uint64_t at = s->out->flushed + s->out->len - s->line;

	if (at + 1 < s->o->column)
		seam_out_pad(s->out, ' ', s->o->column - 1 - at);
	seam_out_write(s->out, " = ", 3);
}

static void show_call(struct show *s, const struct seam_event *e)
{
	prepare(s, e);
	put_head(s, e);
	if (s->text.call && !(s->text.call->flags & SEAM_CALL_DESCRIBED))
		put_nameless(s, e);
	else
		seam_text_call(&s->text);
	if (e->compat)
		seam_out_puts(s->out, " /* 32-bit */");
	put_equals(s);
	seam_text_result(&s->text);
	if (e->no_room)
		seam_out_puts(s->out, " /* some memory was not recorded */");
	if (s->o->durations && e->timed) {
		seam_out_puts(s->out, " <");
		put_seconds(s->out, e->time - e->entered);
		seam_out_putc(s->out, '>');
	}
	seam_out_putc(s->out, '\n');
}

/* Of threads that the kernel makes for io_uring nobody else tells. */
static bool is_worker(const struct show *s, const struct seam_event *e)
{
	struct seam_task task;

	return seam_tasks_get(s->tasks, e->tid, &task) && task.worker;
}

static void show_end(struct show *s, const struct seam_event *e)
{
	int status = (int)e->exit.status;

	if (is_worker(s, e) && !s->o->tasks)
		return;
	put_head(s, e);
	if (WIFSIGNALED(status))
		seam_out_printf(s->out, "+++ killed by SIG%s%s +++\n",
				sigabbrev_np(WTERMSIG(status)) ? sigabbrev_np(WTERMSIG(status)) : "?",
				WCOREDUMP(status) ? " (core dumped)" : "");
	else
		seam_out_printf(s->out, "+++ exited with %d +++\n", WEXITSTATUS(status));
}

static bool stops(uint32_t signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

static void show_signal(struct show *s, const struct seam_event *e)
{
	if (e->signal.signal == SIGKILL)
		return; /* nothing is delivered: its end says it */
	if (e->signal.sent && e->signal.handler > 1)
		return; /* it is delivered to the handler, too */
	put_head(s, e);
	seam_out_puts(s->out, "--- ");
	if (e->signal.info_size >= sizeof(uint32_t) && *e->signal.info)
		seam_text_signal(&s->text, e->signal.info, e->signal.info_size);
	else
		seam_out_printf(s->out, "SIG%s", sigabbrev_np((int)e->signal.signal) ? sigabbrev_np((int)e->signal.signal) : "?");
	seam_out_puts(s->out, " ---\n");
	if (!e->signal.handler && stops(e->signal.signal)) {
		put_head(s, e);
		seam_out_printf(s->out, "--- stopped by SIG%s ---\n", sigabbrev_np((int)e->signal.signal));
	}
}

static void show_fork(struct show *s, const struct seam_event *e)
{
	seam_out_printf(s->out, "*** made task %u of process %u", e->fork.tid, e->fork.pid);
	if (e->fork.own.tid)
		seam_out_printf(s->out, ", which is %u of %u in its pid namespace", e->fork.own.tid, e->fork.own.pid);
	seam_out_puts(s->out, e->fork.worker ? ", for io_uring ***\n" : " ***\n");
}

/* What strace has no line for. */
static void show_task(struct show *s, const struct seam_event *e)
{
	if (e->kind == SEAM_EVENT_EXEC && e->exec.old_tid && e->exec.old_tid != e->tid) {
		put_head(s, e);
		seam_out_printf(s->out, "+++ superseded by execve in pid %u +++\n", e->exec.old_tid);
	}
	if (!s->o->tasks)
		return;
	put_head(s, e);
	switch (e->kind) {
	case SEAM_EVENT_FORK:
		show_fork(s, e);
		break;
	case SEAM_EVENT_EXEC:
		seam_out_printf(s->out, "*** runs %s ***\n", e->exec.file.size && !e->exec.file.bytes[e->exec.file.size - 1] ? e->exec.file.bytes : "a program");
		break;
	case SEAM_EVENT_NAME:
		seam_out_printf(s->out, "*** is called %s ***\n", e->name.name);
		break;
	case SEAM_EVENT_DESCRIPTOR:
		show_files_text(&s->text, e);
		break;
	default:
		seam_out_printf(s->out, "*** is %s of process %u ***\n", e->task.name, e->pid);
	}
}

static void show_text(struct show *s, const struct seam_event *e)
{
	switch (e->kind) {
	case SEAM_EVENT_CALL:
	case SEAM_EVENT_ENTRY:
	case SEAM_EVENT_UNKNOWN:
		if (is_birth(s, e) && !s->o->tasks)
			break;
		show_call(s, e);
		break;
	case SEAM_EVENT_EXIT:
		show_end(s, e);
		break;
	case SEAM_EVENT_SIGNAL:
		show_signal(s, e);
		break;
	case SEAM_EVENT_FORK:
	case SEAM_EVENT_EXEC:
	case SEAM_EVENT_DESCRIPTOR:
	case SEAM_EVENT_NAME:
	case SEAM_EVENT_TASK:
		show_task(s, e);
		break;
	case SEAM_EVENT_SUBMIT:
	case SEAM_EVENT_COMPLETE:
	case SEAM_EVENT_IMAGE:
	case SEAM_EVENT_TRAP:
	case SEAM_EVENT_FILE:
		if (!beside_is(e, s->o->tasks))
			break;
		put_head(s, e);
		beside_text(&s->text, e);
		seam_out_putc(s->out, '\n');
		break;
	case SEAM_EVENT_LOSS:
		seam_out_printf(s->out, "!!! %llu calls on processor %u are not in the trace !!!\n",
				(unsigned long long)e->loss.count, e->stream);
		break;
	case SEAM_EVENT_GAP:
		seam_out_printf(s->out, "!!! %llu records of processor %u are not in the file !!!\n",
				(unsigned long long)e->loss.count, e->stream);
		break;
	case SEAM_EVENT_DAMAGE:
		seam_out_printf(s->out, "!!! %s !!!\n", e->damage.text);
		break;
	default:
		break;
	}
}

static bool is_call(const struct seam_event *e)
{
	return e->kind == SEAM_EVENT_CALL || e->kind == SEAM_EVENT_ENTRY || e->kind == SEAM_EVENT_UNKNOWN;
}

static void json_key(struct show *s, const char *key)
{
	seam_out_write(s->out, ",\"", 2);
	seam_out_puts(s->out, key);
	seam_out_write(s->out, "\":", 2);
}

static void json_string(struct show *s, const char *key, const char *text)
{
	struct seam_json j;

	json_key(s, key);
	seam_json_init(&j, s->out, false);
	seam_json_string(&j, text);
}

static void json_number(struct show *s, const char *key, uint64_t n)
{
	char text[20];
	unsigned i = sizeof(text);

	do
		text[--i] = (char)('0' + n % 10);
	while (n /= 10);
	json_key(s, key);
	seam_out_write(s->out, text + i, sizeof(text) - i);
}

static void show_json(struct show *s, const struct seam_event *e)
{
	struct seam_task task;

	seam_tasks_get(s->tasks, e->tid, &task);
	seam_out_puts(s->out, "{\"kind\":\"");
	seam_out_puts(s->out, seam_event_kind_name(e->kind));
	seam_out_putc(s->out, '"');
	json_number(s, "time", e->time);
	if (e->tid) {
		json_number(s, "tid", e->tid);
		json_number(s, "pid", task.pid ? task.pid : e->pid);
		json_string(s, "comm", task.name ? task.name : "");
	}
	if (is_call(e)) {
		if (e->timed)
			json_number(s, "duration", e->time - e->entered);
		prepare(s, e);
		if (e->compat)
			json_string(s, "abi", s->text.t->arch[e->arch].name);
		seam_out_putc(s->out, ',');
		seam_text_json_members(&s->text);
		if (!*s->result->chosen)
			show_files_json(s->files, s->text.t, s->text.variant, s->out);
	} else {
		rest_json(&s->text, e);
	}
	seam_out_puts(s->out, "}\n");
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
		if (!is_call(e) || e->compat)
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

	s->begun = true;
	range_of(s->trace, &s->began, &last);
	s->realtime = realtime ? strtoull(realtime, NULL, 10) : 0;
	if (s->o->since.how == SEAM_MOMENT_END || s->o->until.how == SEAM_MOMENT_END)
		last = end_of(s, last);
	s->from = s->o->since.how ? seam_moment_time(&s->o->since, s->began, last, s->realtime) : 0;
	s->to = s->o->until.how ? seam_moment_time(&s->o->until, s->began, last, s->realtime) : UINT64_MAX;
	find_forks(s);
	find_chosen(s);
	seam_files_of(s->files, s->trace);
	if (!s->o->numbers && !s->o->json) {
		s->text.descriptor = show_files_descriptor;
		s->text.user = s->files;
	}
	if (s->o->where) {
		struct seam_filter_options fo = { .arch = seam_trace_arch(s->trace) };

		return seam_filter_new(s->o->where, &fo, &s->filter, err);
	}
	return 0;
}

static void show_event(struct show *s, const struct seam_event *e)
{
	bool wanted;

	if (e->tid) {
		seam_tasks_see(s->tasks, e);
		seam_files_see(s->files, e);
	}
	exec_args_see(s->execs, e);
	s->result->calls += is_call(e);
	if (e->kind == SEAM_EVENT_LOSS || e->kind == SEAM_EVENT_GAP)
		s->result->lost += e->loss.count;
	wanted = is_wanted(s, e);
	if (wanted && !s->tree)
		e = exec_args_fill(s->execs, s->text.t, e);
	if (s->tree && e->tid)
		tree_see(s->tree, e, wanted);
	else if (wanted && s->o->json)
		show_json(s, e);
	else if (wanted)
		show_text(s, e);
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
	seam_files_free(s.files);
	seam_tasks_free(s.tasks);
	exec_args_free(s.execs);
	tree_free(s.tree);
	free(s.file);
	return r;
}

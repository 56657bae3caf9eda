/* SPDX-License-Identifier: BSD-2-Clause */
/* An event as a line of text: what stands before a call and behind it, and what is told beside calls. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/time.h"
#include "show/beside.h"
#include "show/show-files.h"
#include "show/show-parts.h"

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

void show_head(struct show *s, uint32_t tid, uint64_t time)
{
	char text[16];
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
	put_clock(s, time);
}

static void put_head(struct show *s, const struct seam_event *e)
{
	show_head(s, e->tid, e->timed ? e->entered : e->time);
}

/* Where a task begins: the call of which it is the result, which its parent made. */
static bool is_birth(const struct show *s, const struct seam_event *e)
{
	return e->kind == SEAM_EVENT_CALL && !e->ret && !e->compat && e->number < 8 * sizeof(s->forks) &&
	       s->forks[e->number / 8] >> e->number % 8 & 1;
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
	show_prepare(s, e);
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

void show_line(struct show *s, const struct seam_event *e)
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

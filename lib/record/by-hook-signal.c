/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals as a task gets them. A tracer sees those too that nobody would: they are left out. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/files.h"
#include "base/time.h"
#include "base/util.h"
#include "record/by-hook-parts.h"
#include "trace/record.h"

#define STATUS_LIMIT (1u << 20)
#define HANDLER_SOMEWHERE 2u /* the program has one, nobody knows where */

struct dispositions {
	uint64_t ignored, caught; /* 1 << (signal - 1) */
};

static uint64_t set_of(const char *status, const char *name)
{
	const char *line = strstr(status, name);

	return line ? strtoull(line + strlen(name), NULL, 16) : 0;
}

static void read_dispositions(uint32_t tid, struct dispositions *ret)
{
	_cleanup_buf_ struct buf status = BUF_INIT;
	char path[64];

	*ret = (struct dispositions){ 0 };
	snprintf(path, sizeof(path), "/proc/%u/status", tid);
	if (file_read(path, STATUS_LIMIT, &status, NULL) < 0)
		return;
	ret->ignored = set_of(status.data, "SigIgn:\t");
	ret->caught = set_of(status.data, "SigCgt:\t");
}

static bool stops(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

static bool means_nothing(int signal)
{
	return signal == SIGCHLD || signal == SIGCONT || signal == SIGURG || signal == SIGWINCH;
}

static void write_signal(struct by_hook *b, const struct seam_hook *h, uint64_t handler, bool sent)
{
	struct seam_event e = { .kind = SEAM_EVENT_SIGNAL, .time = time_mono_ns(), .tid = h->tid };
	int32_t head[3] = { 0 };

	e.signal.signal = (uint32_t)h->signal;
	e.signal.handler = handler;
	e.signal.sent = sent;
	if (h->info) {
		memcpy(head, h->info, sizeof(head));
		e.signal.info = h->info;
		e.signal.info_size = (uint32_t)MIN(h->info_size, (size_t)TRACE_SIGINFO);
	}
	e.signal.error = head[1];
	e.signal.code = head[2];
	by_hook_write(b, &e);
}

void by_hook_on_signal(struct seam_hook *h)
{
	struct told_task *t = by_hook_task(h);
	uint64_t bit = 1ull << (h->signal - 1) % 64, handler;
	struct dispositions d;

	if (t->b->write_failed || t->b->o->signals_off & bit)
		return;
	read_dispositions(h->tid, &d);
	handler = d.ignored & bit ? 1 : d.caught & bit ? HANDLER_SOMEWHERE : 0;
	/* who was stopped goes on as soon as it is sent, whatever becomes of it */
	if (h->signal == SIGCONT && t->process->stopped) {
		write_signal(t->b, h, handler, true);
		t->process->stopped = false;
	}
	if (handler == 1 || (!handler && means_nothing(h->signal)))
		return;
	if (!handler && stops(h->signal))
		t->process->stopped = true;
	write_signal(t->b, h, handler, false);
}

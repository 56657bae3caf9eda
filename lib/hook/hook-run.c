/* SPDX-License-Identifier: BSD-2-Clause */
/* Handlers: begun on a stack of their own, suspended, gone on with, abandoned. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/time.h"
#include "hook/hook-parts.h"

static void run_handlers(void *arg)
{
	struct hook *h = arg;

	for (size_t i = 0; i < h->list->n; i++)
		h->list->at[i]->fn(&h->pub);
	if (h->pub.occasion == SEAM_OCCASION_CALL || h->rewound)
		hook_settle(h);
	h->want = HOOK_ENDS;
}

static void release(struct hook *h)
{
	while (h->defers) {
		struct hook_defer *d = h->defers;

		h->defers = d->next;
		d->fn(d->arg);
		free(d);
	}
	while (h->pieces) {
		struct hook_piece *p = h->pieces;

		h->pieces = p->next;
		free(p);
	}
	if (h->scratch_of) {
		for (unsigned i = 0; i < SCRATCH_AREAS; i++)
			h->scratch_of->scratch[i].used &= ~h->scratch[i];
		space_release(h->scratch_of);
	}
	coroutine_free(&h->s->stacks, h->co);
	free(h);
}

/* It is not waited for any more. */
static void unwait(struct hook *h)
{
	for (struct hook **at = &h->s->waiting; *at; at = &(*at)->next_waiting)
		if (*at == h) {
			*at = h->next_waiting;
			return;
		}
}

static void end(struct hook *h)
{
	unwait(h);
	if (h->task)
		h->task->top = h->outer;
	release(h);
}

void hook_abandon(struct hook *h)
{
	h->s->result->abandoned++;
	end(h);
}

void hook_step(struct hook *h)
{
	struct supervisor *s = h->s;
	struct hook *before = s->running;

	s->running = h;
	h->want = HOOK_ENDS;
	coroutine_run(h->co);
	s->running = before;
	if (h->want == HOOK_ENDS)
		end(h);
	else if (h->want == HOOK_WANTS_WORD) {
		h->next_waiting = s->waiting;
		s->waiting = h;
	}
}

void hook_leave(struct hook *h, enum hook_want want)
{
	h->want = want;
	coroutine_leave(h->co);
}

bool hook_begin(struct supervisor *s, struct task *t, enum seam_occasion occasion, const struct wanted_list *list, const struct seam_hook *about)
{
	struct hook *h;

	if (!list || !list->n)
		return false;
	h = xcalloc(1, sizeof(*h));
	if (about)
		h->pub = *about;
	h->pub.occasion = occasion;
	h->pub.tool = s->tool;
	h->pub.tables = s->t;
	h->pub.compat = t->compat;
	h->pub.arch = t->compat ? arch_compat() : seam_arch_native();
	h->pub.tid = (uint32_t)t->tid;
	h->pub.pid = t->process ? t->process->pid : 0;
	h->pub.task_state = t->state;
	h->pub.process_state = t->process ? t->process->state : NULL;
	h->pub.shared = s->shared;
	h->s = s;
	h->task = t;
	h->reaped = t->dead;
	h->list = list;
	if (about && about->info) {
		memcpy(&h->info, about->info, sizeof(h->info));
		h->pub.info = (const unsigned char *)&h->info;
	}
	h->number = h->own_number = h->pub.number;
	memcpy(h->own_args, h->pub.args, sizeof(h->own_args));
	h->co = coroutine_new(&s->stacks, run_handlers, h);
	if (!h->co) {
		free(h);
		supervisor_fail(s, -ENOMEM, "there is no memory for another handler of task %d", (int)t->tid);
		return false;
	}
	h->outer = t->top;
	t->top = h;
	if (occasion == SEAM_OCCASION_CALL)
		s->result->calls++;
	hook_step(h);
	return true;
}

/* Whether what it waits for has come. */
static bool is_due(const struct hook *h, uint64_t now)
{
	return (h->word && __atomic_load_n(h->word, __ATOMIC_ACQUIRE) != h->value) || h->until <= now;
}

uint64_t hook_wake_waiting(struct supervisor *s)
{
	uint64_t next = UINT64_MAX, now;
	struct hook *h;

	if (!s->waiting)
		return UINT64_MAX;
	now = time_mono_ns();
	/* from the beginning each time: whoever goes on may change words, and the list */
	do {
		s->woken = false;
		next = UINT64_MAX;
		for (h = s->waiting; h && !is_due(h, now); h = h->next_waiting)
			next = h->until < next ? h->until : next;
		if (h) {
			struct task *t = h->task;

			unwait(h);
			hook_step(h);
			task_proceed(s, t);
		}
	} while (h || s->woken);
	return next;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* One call of one task, from its entry to its exit, as an event. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/time.h"
#include "base/util.h"
#include "record/by-hook-parts.h"
#include "trace/record.h"

#define ROOM (16u << 10)
#define ROOM_MOST (8u << 20) /* of one call; a block holds that, whatever is in it already */
#define PROT_EXECUTE 4u      /* of every machine that we know */
#define ROOM_LEFT 64u        /* less than this left: perhaps something had no room */

static struct call_now *new_call(struct by_hook *b)
{
	struct call_now *c = b->spare;

	if (c) {
		b->spare = c->next;
	} else {
		c = xcalloc(1, sizeof(*c));
		c->capture.tables = &b->bare.tables;
		c->capture.limit = b->o->snap;
		c->capture.pagesize = (uint32_t)sysconf(_SC_PAGESIZE);
	}
	if (c->room != ROOM) {
		free(c->data);
		c->data = xmalloc(ROOM);
		c->room = ROOM;
	}
	c->capture.buffer = c->data;
	c->capture.room = ROOM;
	c->capture.used = c->capture.dropped = 0;
	return c;
}

static void give_back(struct by_hook *b, struct call_now *c)
{
	c->next = b->spare;
	b->spare = c;
}

void by_hook_free_calls(struct by_hook *b)
{
	while (b->spare) {
		struct call_now *c = b->spare;

		b->spare = c->next;
		free(c->data);
		free(c);
	}
}

/* The task is stopped, and its memory what the call finds or has left. */
static size_t read_task(void *user, uint64_t address, void *to, size_t n)
{
	const struct call_now *c = user;
	struct iovec own = { to, n }, its = { (void *)(uintptr_t)address, n };
	ssize_t got = n ? process_vm_readv((pid_t)c->tid, &own, 1, &its, 1, 0) : 0;

	return got > 0 ? (size_t)got : 0;
}

/* One side of the call; in more room if it takes that. */
static void take(struct call_now *c, enum seam_when when)
{
	size_t before = c->capture.used;
	uint64_t reg[SEAM_REG_COUNT];

	if (!c->variant)
		return;
	memcpy(reg, c->capture.reg, sizeof(reg));
	for (;;) {
		capture_run(&c->capture, c->variant, when);
		if ((!c->capture.dropped && c->capture.room - c->capture.used >= ROOM_LEFT) || c->room >= ROOM_MOST)
			return;
		c->room *= 4;
		c->data = xrealloc(c->data, c->room);
		c->capture.buffer = c->data;
		c->capture.room = c->room;
		c->capture.used = before;
		c->capture.dropped = 0;
		memcpy(c->capture.reg, reg, sizeof(reg));
	}
}

/* What was copied, as a reader of the trace finds it. */
static void put_blobs(struct by_hook *b, struct call_now *c)
{
	const struct blob *from = NULL;
	uint32_t n = 0;

	while ((from = capture_next(&c->capture, from))) {
		struct seam_blob *to;

		if (n == b->blob_room) {
			b->blob_room = MAX(2 * b->blob_room, 64u);
			b->blobs = xreallocarray(b->blobs, b->blob_room, sizeof(*b->blobs));
		}
		to = &b->blobs[n++];
		*to = (struct seam_blob){ .address = from->address, .bytes = blob_bytes(from), .size = from->size, .whole = from->whole,
					  .status = from->status, .when = from->when, .source = SEAM_BLOB_ELSEWHERE };
		if (from->status != BLOB_WHOLE && from->whole == from->size)
			to->whole = SEAM_BLOB_UNKNOWN;
		for (uint8_t i = 0; i < SEAM_MAX_ARGS && to->source == SEAM_BLOB_ELSEWHERE; i++)
			if (c->e.args[i] == from->address)
				to->source = i;
	}
	c->e.blobs = b->blobs;
	c->e.blob_count = n;
	c->e.no_room = c->capture.dropped;
}

static void write_call(struct by_hook *b, struct call_now *c)
{
	put_blobs(b, c);
	if (c->ask && !by_hook_wants(&b->choice, &c->e, b->tasks))
		c->wanted = false;
	if (c->wanted) {
		b->n_calls++;
		by_hook_write(b, &c->e);
	} else if (b->tasks) {
		seam_tasks_see(b->tasks, &c->e);
	}
}

void by_hook_unreturned(struct told_task *t)
{
	struct call_now *c = t->call;

	if (!c)
		return;
	t->call = NULL;
	if (c->e.kind == SEAM_EVENT_CALL)
		c->e.kind = SEAM_EVENT_ENTRY;
	c->e.returned = false;
	c->e.ret = 0;
	c->e.time = time_mono_ns();
	write_call(t->b, c);
	give_back(t->b, c);
}

static size_t read_for_variant(void *user, uint64_t address, void *to, size_t n, enum seam_when when)
{
	(void)when;
	return read_task(user, address, to, n);
}

/* What it was in when it was attached to goes on, as the same call or as one that begins the other again: since when is not known. */
static void resume(struct by_hook *b, struct call_now *c, const struct seam_variant **variant)
{
	const struct under_way *w = by_hook_under_way(b, c->tid);
	struct seam_env env = { .read = read_for_variant, .user = c };
	const struct seam_call *call;

	if (!w || c->e.compat)
		return;
	c->late = w->number == c->e.number && !memcmp(w->args, c->e.args, sizeof(w->args));
	if (c->e.number != b->restart || c->late)
		return;
	call = seam_call_by_number(&seam_tables, (enum seam_arch)c->e.arch, w->number);
	if (!call)
		return;
	c->late = true;
	c->e.number = w->number;
	memcpy(c->e.args, w->args, sizeof(w->args));
	memcpy(&env.reg[SEAM_REG_ARG0], w->args, sizeof(w->args));
	*variant = call->flags & SEAM_CALL_DESCRIBED ? seam_call_variant(&seam_tables, call, &env) : NULL;
}

static void begin(struct by_hook *b, struct call_now *c, const struct seam_hook *h, struct told_task *t)
{
	const struct seam_variant *variant = h->variant;
	enum by_hook_chosen chosen;
	uint32_t v;

	c->e = (struct seam_event){ .kind = h->call ? SEAM_EVENT_CALL : SEAM_EVENT_UNKNOWN, .arch = (uint8_t)h->arch, .compat = h->compat,
				    .tid = h->tid, .number = h->number };
	for (int i = 0; i < SEAM_MAX_ARGS; i++)
		c->e.args[i] = h->compat ? (uint32_t)h->args[i] : h->args[i];
	c->tid = h->tid;
	c->late = false;
	c->variant = NULL;
	c->traits = c->protection = 0;
	c->capture.read = read_task;
	c->capture.user = c;
	if (t->in_call)
		resume(b, c, &variant);
	t->in_call = false;
	chosen = by_hook_chosen(&b->choice, c->e.compat, c->e.number);
	c->wanted = chosen != CHOSEN_NOT;
	c->ask = chosen == CHOSEN_MAYBE;
	if (!variant)
		return;
	v = (uint32_t)(variant - seam_tables.variants);
	c->traits = b->traits[v];
	c->protection = b->protection[v];
	if (c->e.compat)
		return;
	c->variant = &b->bare.tables.variants[v];
	memset(c->capture.reg, 0, sizeof(c->capture.reg));
	memcpy(&c->capture.reg[SEAM_REG_ARG0], c->e.args, sizeof(c->e.args));
	/* what a call does not have is 0 there */
	for (uint32_t i = variant->args.count; i < SEAM_MAX_ARGS; i++)
		c->e.args[i] = 0;
}

/* A call that has mapped something may have made a file of it executable. */
static void tell_image(struct by_hook *b, const struct call_now *c, uint32_t pid)
{
	struct image_place place = { c->e.ret ? (uint64_t)c->e.ret : c->e.args[0], TRACE_IMAGE_MAPPED };
	struct seam_event like = { .time = c->e.time, .tid = c->e.tid, .pid = pid };

	if (!c->protection || !(c->e.args[c->protection - 1] & PROT_EXECUTE) || seam_has_failed(c->e.ret))
		return;
	if (!b->write_failed)
		images_at(&b->images, &b->calls, &like, &place, 1, NULL);
}

void by_hook_on_call(struct seam_hook *h)
{
	struct told_task *t = by_hook_task(h);
	struct by_hook *b = t->b;
	struct call_now *c;
	bool execed;

	if (b->write_failed)
		return;
	by_hook_unreturned(t); /* which cannot be */
	c = new_call(b);
	begin(b, c, h, t);
	take(c, SEAM_AT_ENTRY);
	t->call = c;
	if (b->o->durations && !c->late) {
		c->e.timed = true;
		c->e.entered = time_mono_ns();
	}
	c->e.ret = seam_finish(h);
	b->here = h;
	c->e.time = time_mono_ns();
	c->e.tid = c->tid = h->tid;
	c->e.returned = true;
	/* it will be made again without us */
	if (seam_is_interrupted(c->e.ret) && seam_is_ending(h)) {
		by_hook_unreturned(t);
		return;
	}
	t->call = NULL;
	execed = c->traits & CALL_EXECS && !c->e.ret;
	if (execed) {
		by_hook_exec(h, t);
		t->execed = true;
		c->e.time = time_mono_ns();
	} else {
		c->capture.reg[SEAM_REG_RET] = (uint64_t)c->e.ret;
		memcpy(&c->capture.reg[SEAM_REG_ARG0], c->e.args, sizeof(c->e.args));
		take(c, SEAM_AT_EXIT);
	}
	if (c->traits & CALL_NAMES && !c->e.ret) {
		by_hook_name(h, t);
		c->e.time = time_mono_ns();
	}
	write_call(b, c);
	tell_image(b, c, h->pid);
	give_back(b, c);
}

void by_hook_newborn(struct seam_hook *h, const struct told_task *maker)
{
	const struct call_now *its = maker->call;
	struct by_hook *b = maker->b;
	struct call_now *c;

	if (!its || !its->wanted)
		return;
	c = new_call(b);
	c->e = its->e;
	c->variant = its->variant;
	c->wanted = true;
	c->ask = its->ask;
	c->e.tid = c->tid = h->child;
	c->e.time = time_mono_ns();
	c->e.returned = true;
	c->e.timed = false;
	c->e.entered = 0;
	c->e.ret = 0;
	memcpy(c->capture.reg, its->capture.reg, sizeof(c->capture.reg));
	memcpy(c->capture.saves, its->capture.saves, sizeof(c->capture.saves));
	memcpy(&c->capture.reg[SEAM_REG_ARG0], its->e.args, sizeof(its->e.args));
	c->capture.reg[SEAM_REG_RET] = 0;
	c->capture.read = read_task;
	c->capture.user = c;
	take(c, SEAM_AT_EXIT);
	write_call(b, c);
	give_back(b, c);
}

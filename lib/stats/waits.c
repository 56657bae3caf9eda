/* SPDX-License-Identifier: BSD-2-Clause */
/* Who waited on what, and who ended it: what the descriptions say of calls that can block, and of those that wake. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/util.h"
#include "stats/stats-parts.h"

#define WAIT_OVER 5000    /* nanoseconds */
#define WAIT_DISK 1000000 /* what may wait for a disk works as a rule, and long enough */
#define NO_ROW UINT32_MAX

/* Of what kind the thing is that is waited for. */
enum what { WHAT_WORLD, WHAT_FD, WHAT_ADDRESS, WHAT_VALUE };

struct what_of {
	uint8_t kind;  /* enum what */
	uint8_t world; /* enum seam_world */
	bool idle;
	uint64_t value; /* descriptor, address, number; child that ended */
	uint64_t id;    /* of the open file, 0: not known */
};

struct row {
	uint32_t pid;
	char name[17];
	char child[17]; /* whose end was waited for */
	const struct seam_call *call;
	char *file; /* that the descriptor is; NULL: not known */
	struct what_of what;
	uint64_t count, total, max;
	struct {
		uint32_t tid;
		uint64_t count;
	} waker[SEAM_STATS_WAKERS];
};

/* A word of memory on which tasks wait. */
struct word {
	uint64_t address;
	uint32_t pid; /* 0: free */
	/* the last call that woke somebody there */
	uint32_t waker;
	uint64_t woke_to;
	/* a wait that is over and whose waker has not been seen: its call may be told later */
	uint32_t row, waiter;
	uint64_t wait_to;
};

struct waits {
	uint64_t over;
	struct row *rows;
	size_t row_count, row_room;
	uint32_t *index; /* hash table of rows, a number and 1 each; a power of two */
	size_t index_room;
	struct word *words; /* hash table, a power of two */
	size_t word_count, word_room;
};

struct waits *waits_new(uint64_t wait_over)
{
	struct waits *w = xcalloc(1, sizeof(*w));

	w->over = wait_over ? wait_over : WAIT_OVER;
	return w;
}

void waits_free(struct waits *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->row_count; i++)
		free(w->rows[i].file);
	free(w->rows);
	free(w->index);
	free(w->words);
	free(w);
}

static size_t mix(uint64_t a, uint64_t b)
{
	a = (a ^ b * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xff51afd7ed558ccd);
	return (size_t)(a ^ a >> 32);
}

static size_t row_hash(uint32_t pid, const struct seam_call *call, const struct what_of *what)
{
	return mix(what->value ^ (uint64_t)pid << 32 ^ what->id << 20,
		   (uint64_t)(uintptr_t)call ^ (uint64_t)what->kind << 8 ^ what->world);
}

static void index_rows(struct waits *w)
{
	w->index_room = w->index_room ? w->index_room * 2 : 256;
	free(w->index);
	w->index = xcalloc(w->index_room, sizeof(*w->index));
	for (uint32_t i = 0; i < w->row_count; i++) {
		size_t at = row_hash(w->rows[i].pid, w->rows[i].call, &w->rows[i].what);

		while (w->index[at & (w->index_room - 1)])
			at++;
		w->index[at & (w->index_room - 1)] = i + 1;
	}
}

/* The row, made if need be; NULL: there are too many. */
static struct row *row_of(struct waits *w, uint32_t pid, const struct seam_call *call, const struct what_of *what)
{
	if (w->row_count * 2 >= w->index_room)
		index_rows(w);
	for (size_t at = row_hash(pid, call, what);; at++) {
		uint32_t *i = &w->index[at & (w->index_room - 1)];
		struct row *r;

		if (!*i) {
			if (w->row_count == STATS_KEYS)
				return NULL;
			if (w->row_count == w->row_room) {
				w->row_room = w->row_room ? w->row_room * 2 : 64;
				w->rows = xreallocarray(w->rows, w->row_room, sizeof(*w->rows));
			}
			r = &w->rows[w->row_count++];
			*r = (struct row){ .pid = pid, .call = call, .what = *what };
			*i = (uint32_t)w->row_count;
			return r;
		}
		r = &w->rows[*i - 1];
		if (r->pid == pid && r->call == call && r->what.kind == what->kind && r->what.world == what->world &&
		    r->what.value == what->value && r->what.id == what->id)
			return r;
	}
}

static struct word *find_word(const struct waits *w, uint32_t pid, uint64_t address)
{
	for (size_t at = mix(address, pid);; at++) {
		struct word *x = &w->words[at & (w->word_room - 1)];

		if (!x->pid || (x->pid == pid && x->address == address))
			return x;
	}
}

/* NULL: there are too many. */
static struct word *word_of(struct waits *w, uint32_t pid, uint64_t address)
{
	struct word *x;

	if (w->word_count * 2 >= w->word_room && w->word_count < STATS_KEYS) {
		struct word *old = w->words;
		size_t n = w->word_room;

		w->word_room = n ? n * 2 : 256;
		w->words = xcalloc(w->word_room, sizeof(*w->words));
		for (size_t i = 0; i < n; i++)
			if (old[i].pid)
				*find_word(w, old[i].pid, old[i].address) = old[i];
		free(old);
	}
	x = find_word(w, pid, address);
	if (!x->pid && w->word_count < STATS_KEYS) {
		*x = (struct word){ .pid = pid, .address = address, .row = NO_ROW };
		w->word_count++;
	}
	return x->pid ? x : NULL;
}

/* The most frequent ones are kept: a new one takes the last place when its turn has come. */
static void add_waker(struct row *r, uint32_t tid)
{
	unsigned last = SEAM_STATS_WAKERS - 1;

	for (unsigned i = 0; i < SEAM_STATS_WAKERS; i++) {
		if (r->waker[i].tid && r->waker[i].tid != tid)
			continue;
		r->waker[i].tid = tid;
		r->waker[i].count++;
		for (; i && r->waker[i].count > r->waker[i - 1].count; i--) {
			uint32_t other = r->waker[i - 1].tid;
			uint64_t count = r->waker[i - 1].count;

			r->waker[i - 1].tid = tid;
			r->waker[i - 1].count = r->waker[i].count;
			r->waker[i].tid = other;
			r->waker[i].count = count;
		}
		return;
	}
	if (!--r->waker[last].count) {
		r->waker[last].tid = tid;
		r->waker[last].count = 1;
	}
}

/* Things that keep a task waiting less often than they keep it busy. */
static bool mostly_works(const struct seam_object *o)
{
	if (o->how == SEAM_OBJECT_WORLD)
		return o->world != SEAM_WORLD_CHILD && o->world != SEAM_WORLD_TIME && o->world != SEAM_WORLD_SIGNAL &&
		       o->world != SEAM_WORLD_LOCK && o->world != SEAM_WORLD_PEER;
	return seam_tables.types[o->type].kind == SEAM_KIND_PATH;
}

static bool is_pointer(const struct seam_type *type)
{
	return type->dir != SEAM_DIR_VALUE || type->kind == SEAM_KIND_ADDR;
}

/* What the first wait that applies is on. False: the call could not block, as it was called. */
static bool what_of(struct reading *r, const struct seam_event *e, const struct seam_call *call, struct what_of *ret,
		    struct seam_file *file)
{
	const struct seam_tables *t = &seam_tables;
	const struct seam_variant *v;
	struct seam_env env;
	uint64_t took = e->time - e->entered;

	seam_event_env(e, &env);
	v = seam_call_variant(t, call, &env);
	for (uint32_t i = 0; i < v->waits.count; i++) {
		const struct seam_wait *wait = &t->waits[v->waits.first + i];
		const struct seam_object *o = &t->objects[wait->object];

		if (!seam_holds(t, wait->when, &env) || (took < WAIT_DISK && mostly_works(o)))
			continue;
		*ret = (struct what_of){ .kind = WHAT_WORLD, .world = o->world };
		if (o->how == SEAM_OBJECT_WORLD) {
			ret->idle = o->world == SEAM_WORLD_TIME || o->world == SEAM_WORLD_SIGNAL;
			if (o->world == SEAM_WORLD_CHILD)
				ret->value = e->ret > 0 ? (uint64_t)e->ret : 0;
			return true;
		}
		ret->world = 0;
		ret->value = seam_eval(t, o->value, &env);
		if (t->types[o->type].kind == SEAM_KIND_FD) {
			if (r->files && seam_files_fd(r->files, (int)ret->value, SEAM_AT_ENTRY, file)) {
				if (took < WAIT_DISK && file->kind == SEAM_FILE_PATH &&
				    strncmp(file->name, "/dev/", 5) != 0)
					continue;
				ret->id = file->id;
			}
			ret->kind = WHAT_FD;
			ret->value = (uint32_t)ret->value;
			/* whoever names a time is ready for something else */
			ret->idle = wait->timeout != 0;
		} else {
			ret->kind = is_pointer(&t->types[o->type]) ? WHAT_ADDRESS : WHAT_VALUE;
		}
		return true;
	}
	return false;
}

/* A word that was waited on, and has been left: by whose doing? */
static void find_waker(struct waits *w, const struct seam_tasks *tasks, const struct seam_event *e, struct row *r)
{
	struct word *x = word_of(w, r->pid, r->what.value);
	uint32_t owner = 0;

	if (!x)
		return;
	x->row = NO_ROW;
	if (e->ret < 0)
		return;
	if (x->waker && x->waker != e->tid && x->woke_to >= e->entered) {
		add_waker(r, x->waker);
		return;
	}
	/* a word that holds the number of a thread is waited on until that one leaves it, or ends */
	if (seam_event_read((void *)(uintptr_t)e, r->what.value, &owner, sizeof(owner), SEAM_AT_ENTRY) == sizeof(owner) &&
	    (owner & 0x3fffffff) != e->tid && seam_tasks_pid(tasks, owner & 0x3fffffff) == r->pid) {
		add_waker(r, owner & 0x3fffffff);
		return;
	}
	x->row = (uint32_t)(r - w->rows);
	x->waiter = e->tid;
	x->wait_to = e->time;
}

void waits_wait(struct reading *r, const struct seam_event *e, struct counted *c, struct process *p)
{
	struct seam_stats *s = r->s;
	struct waits *w = r->waits;
	struct seam_file file = { 0 };
	struct seam_task task;
	struct what_of what;
	struct row *row;
	uint64_t took;

	if (!e->timed || !e->returned || e->time - e->entered < w->over || !what_of(r, e, c->call, &what, &file))
		return;
	took = e->time - e->entered;
	c->idle.waits++;
	p->idle.waits++;
	s->idle.waits++;
	if (what.idle) {
		c->idle.idle += took;
		p->idle.idle += took;
		s->idle.idle += took;
	} else {
		c->idle.blocked += took;
		p->idle.blocked += took;
		s->idle.blocked += took;
	}
	row = row_of(w, p->pid, c->call, &what);
	if (!row)
		return;
	memcpy(row->name, p->name, sizeof(row->name));
	row->count++;
	row->total += took;
	row->max = MAX(row->max, took);
	if (row->count == 1 && what.id)
		row->file = xstrdup(file.name);
	if (what.kind == WHAT_ADDRESS)
		find_waker(w, r->tasks, e, row);
	if (what.world == SEAM_WORLD_CHILD && row->count == 1 && seam_tasks_get(r->tasks, (uint32_t)what.value, &task))
		snprintf(row->child, sizeof(row->child), "%s", task.name);
}

void waits_wake(struct reading *r, const struct seam_event *e, const struct counted *c)
{
	struct waits *w = r->waits;
	const struct seam_tables *t = &seam_tables;
	const struct seam_variant *v;
	struct seam_env env;
	uint32_t pid;

	if (!e->returned || e->ret < 0)
		return;
	seam_event_env(e, &env);
	env.reg[SEAM_REG_RET] = (uint64_t)e->ret;
	v = seam_call_variant(t, c->call, &env);
	/* it says how many it woke: nobody */
	if (!e->ret && t->types[v->ret].kind == SEAM_KIND_COUNT)
		return;
	pid = seam_tasks_pid(r->tasks, e->tid);
	if (!pid)
		pid = e->tid;
	for (uint32_t i = 0; i < v->effects.count; i++) {
		const struct seam_effect *effect = &t->effects[v->effects.first + i];
		const struct seam_object *o = &t->objects[effect->object];
		struct word *x;

		if (effect->verb != SEAM_VERB_WAKES || o->how == SEAM_OBJECT_WORLD || !is_pointer(&t->types[o->type]) ||
		    !seam_holds(t, effect->when, &env))
			continue;
		x = word_of(w, pid, seam_eval(t, o->value, &env));
		if (!x)
			continue;
		if (x->row != NO_ROW && x->waiter != e->tid && (!e->timed || e->entered <= x->wait_to)) {
			add_waker(&w->rows[x->row], e->tid);
			x->row = NO_ROW;
		}
		x->waker = e->tid;
		x->woke_to = e->time;
	}
}

static char *what_text(const struct row *r)
{
	const struct what_of *what = &r->what;
	_cleanup_buf_ struct buf text = BUF_INIT;

	switch (what->kind) {
	case WHAT_FD:
		if (r->file)
			buf_addf(&text, "%d<%s>", (int)what->value, r->file);
		else
			buf_addf(&text, "descriptor %d", (int)what->value);
		break;
	case WHAT_ADDRESS:
		buf_addf(&text, "0x%llx", (unsigned long long)what->value);
		break;
	case WHAT_VALUE:
		buf_addf(&text, "%lld", (long long)what->value);
		break;
	default:
		if (what->world == SEAM_WORLD_CHILD && what->value && *r->child)
			buf_addf(&text, "child %u (%s)", (unsigned)what->value, r->child);
		else if (what->world == SEAM_WORLD_CHILD && what->value)
			buf_addf(&text, "child %u", (unsigned)what->value);
		else
			buf_addf(&text, "%s", seam_world_word(what->world));
	}
	return buf_steal(&text);
}

void waits_settle(const struct waits *w, struct seam_stats *s)
{
	s->waits = xcalloc(w->row_count + 1, sizeof(*s->waits));
	for (size_t i = 0; i < w->row_count; i++) {
		const struct row *r = &w->rows[i];
		struct seam_stats_wait *out = &s->waits[s->wait_count++];

		*out = (struct seam_stats_wait){ .pid = r->pid, .call = seam_string(&seam_tables, r->call->name),
						 .what = what_text(r), .idle = r->what.idle,
						 .count = r->count, .total = r->total, .max = r->max };
		memcpy(out->name, r->name, sizeof(out->name));
		for (unsigned k = 0; k < SEAM_STATS_WAKERS; k++) {
			out->waker[k].tid = r->waker[k].tid;
			out->waker[k].count = r->waker[k].count;
		}
	}
}

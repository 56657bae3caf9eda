/* SPDX-License-Identifier: BSD-2-Clause */
/* Counting in the kernel, seen from outside: loads the programs, says whom they look at, adds up what they counted. */
#include "bpf/counter.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/files.h"
#include "base/util.h"
#include "bpf/count-side.h"
#include "bpf/embedded.h"
#include "bpf/kernel-attach.h"
#include "bpf/kernel-old.h"
#include "bpf/kernel-side.h"

struct counter {
	struct bpf_object *object;
	struct bpf_link *links[KERNEL_LINKS];
	uint32_t *wanting;
	struct count_numbers *numbers;
	struct count_places *counts; /* of each processor */
	struct slot *slots;
	unsigned cpus;
	bool durations, detached;
	uint64_t added;
};

static int load_form(struct counter *c, const struct kernel_config *config, bool old, struct seam_err *err)
{
	struct bpf_object_open_opts options = { .sz = sizeof(options), .object_name = "seam_count" };
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct bpf_map *map;
	int r;

	kernel_listen(&text);
	c->object = embedded_open(&embedded[old ? EMBEDDED_COUNT_OLD : EMBEDDED_COUNT], &options);
	r = c->object ? 0 : -errno;
	if (!r) {
		bpf_map__set_max_entries(bpf_object__find_map_by_name(c->object, "counts"), c->cpus);
		map = bpf_object__find_map_by_name(c->object, "slots");
		bpf_map__set_map_flags(map, bpf_map__map_flags(map) | BPF_F_MMAPABLE);
		map = bpf_object__find_map_by_name(c->object, ".rodata.config");
		r = bpf_map__set_initial_value(map, config, sizeof(*config));
	}
	if (!r)
		r = kernel_take(c->object);
	kernel_listen(NULL);
	return r < 0 ? kernel_refused(r, &text, "counter", err) : 0;
}

static int load(struct counter *c, const struct kernel_config *config, struct seam_err *err)
{
	struct seam_err usual = SEAM_ERR_INIT;
	int r;

	if (!kernel_old_wanted()) {
		r = load_form(c, config, false, &usual);
		if (!kernel_old_may_help(r))
			return r < 0 ? seam_err_set(err, r, "%s", usual.text) : r;
		bpf_object__close(c->object);
		c->object = NULL;
	}
	r = kernel_old_denied(config->everything, err);
	if (r >= 0)
		r = load_form(c, config, true, err);
	return r < 0 && kernel_usual_is_meant(&usual) ? seam_err_set(err, usual.code, "%s", usual.text) : r;
}

static int map_all(struct counter *c, struct seam_err *err)
{
	c->wanting = kernel_map_memory(c->object, ".bss", sizeof(*c->wanting));
	c->numbers = kernel_map_memory(c->object, ".bss.numbers", sizeof(*c->numbers));
	c->counts = kernel_map_memory(c->object, "counts", c->cpus * sizeof(*c->counts));
	c->slots = kernel_map_memory(c->object, "slots", SLOTS * sizeof(*c->slots));
	if (!c->wanting || !c->numbers || !c->counts || !c->slots)
		return seam_err_errno(err, -errno, "the memory of the counter in the kernel cannot be mapped");
	return 0;
}

/* Calls that are not wanted, also those that the tables do not have. */
static void skip_unwanted(struct counter *c, const struct seam_callset *wanted)
{
	for (unsigned i = 0; wanted && i < 2 * COUNT_NUMBERS; i++) {
		const struct seam_call *call = NULL;

		if (i < COUNT_NUMBERS)
			call = seam_call_by_number(wanted->t, wanted->arch, i);

		if (!call || !seam_callset_has(wanted, call))
			c->numbers->place[i] = COUNT_SKIP;
	}
}

int counter_open(struct counter **ret_counter, const struct counter_options *options, struct seam_err *err)
{
	const struct seam_call *execve = seam_call_by_name(&seam_tables, seam_arch_native(), "execve");
	struct kernel_config config = { .durations = options->durations, .everything = options->everything,
					.not_pid = (uint32_t)getpid(), .execve = execve->number };
	struct counter *c = xcalloc(1, sizeof(*c));
	struct count_process none = { 0 };
	uint32_t zero = 0;
	int r;

	c->cpus = (unsigned)libbpf_num_possible_cpus();
	c->durations = options->durations;
	r = load(c, &config, err);
	if (r >= 0)
		r = map_all(c, err);
	if (r >= 0 &&
	    bpf_map_update_elem(bpf_object__find_map_fd_by_name(c->object, "processes"), &zero, &none, BPF_ANY) < 0)
		r = seam_err_errno(err, -errno, "the counter in the kernel has no memory for processes");
	if (r >= 0) {
		skip_unwanted(c, options->calls);
		r = kernel_attach(c->object, c->links, err);
	}
	if (r < 0)
		counter_close(c);
	else
		*ret_counter = c;
	return r;
}

/* Calls that have not returned when nobody looks any more: as if their tasks had ended in them. */
static void count_under_way(struct counter *c)
{
	for (size_t i = 0; i < SLOTS; i++) {
		struct count_tally *t = (struct count_tally *)(void *)c->slots[i].memory;
		uint64_t index = c->slots[i].number;
		struct seam_count *n;
		uint32_t place;

		if (!c->slots[i].id || !(c->slots[i].state & COUNT_IN_CALL))
			continue;
		index += c->slots[i].state & COUNT_COMPAT ? COUNT_NUMBERS : 0;
		place = c->slots[i].number < COUNT_NUMBERS ? c->numbers->place[index] : 0;
		if (place >= COUNT_PLACES)
			continue;
		if (!place && c->slots[i].number < COUNT_NUMBERS && c->numbers->used < COUNT_PLACES - 1) {
			place = ++c->numbers->used;
			c->numbers->index[place] = (uint16_t)index;
			c->numbers->place[index] = (uint16_t)place;
		}
		n = &c->counts[0].place[place];
		n->calls++;
		n->unreturned++;
		t->calls++;
		if (!t->process)
			t->process = c->slots[i].task;
	}
}

void counter_detach(struct counter *c)
{
	kernel_detach(c->links);
	if (!c->detached && c->slots)
		count_under_way(c);
	c->detached = true;
}

static void unmap(void *memory, size_t bytes)
{
	if (memory)
		munmap(memory, bytes);
}

void counter_close(struct counter *c)
{
	if (!c)
		return;
	counter_detach(c);
	unmap(c->wanting, sizeof(*c->wanting));
	unmap(c->numbers, sizeof(*c->numbers));
	unmap(c->counts, c->cpus * sizeof(*c->counts));
	unmap(c->slots, SLOTS * sizeof(*c->slots));
	bpf_object__close(c->object);
	free(c);
}

int counter_add(struct counter *c, pid_t task, bool fresh, struct seam_err *err)
{
	int r = kernel_add_task(c->object, c->wanting, task, fresh, err);

	c->added += r >= 0;
	return r;
}

uint64_t counter_tasks(const struct counter *c)
{
	return c->added + c->numbers->tasks;
}

static void add_count(struct seam_count *to, const struct seam_count *from)
{
	to->calls += from->calls;
	to->errors += from->errors;
	to->unreturned += from->unreturned;
	for (unsigned i = 0; from->errors && i < SEAM_COUNT_ERRORS; i++)
		to->error[i] += from->error[i];
	to->times.count += from->times.count;
	to->times.total += from->times.total;
	to->times.max = MAX(to->times.max, from->times.max);
	for (unsigned i = 0; from->times.count && i < SEAM_STEPS; i++)
		to->times.steps[i] += from->times.steps[i];
}

static void read_calls(const struct counter *c, struct seam_counts *ret)
{
	uint32_t places = MIN(c->numbers->used + 1, COUNT_PLACES);
	size_t *at = xcalloc(2 * COUNT_NUMBERS, sizeof(*at)); /* of a number in ret, and 1; 0: it is not there yet */

	ret->calls = xcalloc(places, sizeof(*ret->calls));
	for (uint32_t place = 0; place < places; place++) {
		uint32_t index = c->numbers->index[place] % (2 * COUNT_NUMBERS);
		struct seam_count sum = { 0 };
		struct seam_counts_call *out;

		for (unsigned cpu = 0; cpu < c->cpus; cpu++)
			if (c->counts[cpu].place[place].calls)
				add_count(&sum, &c->counts[cpu].place[place]);
		if (!sum.calls)
			continue;
		if (place && at[index]) {
			add_count(&ret->calls[at[index] - 1].count, &sum);
			continue;
		}
		out = &ret->calls[ret->call_count++];
		out->number = index % COUNT_NUMBERS;
		out->compat = place && index >= COUNT_NUMBERS;
		out->others = !place;
		out->count = sum;
		if (place)
			at[index] = ret->call_count;
	}
	free(at);
}

/* The name of a process that still runs. */
static void name_of(uint32_t pid, char name[17])
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%u/comm", pid);
	if (file_read(path, 4096, &text, NULL) >= 0)
		snprintf(name, 17, "%.*s", (int)strcspn(text.data, "\n"), text.data);
}

struct gathered {
	struct seam_counts_process *list;
	size_t count, room;
};

static struct seam_counts_process *gather(struct gathered *g, uint32_t pid, uint64_t calls, uint64_t errors,
					  uint64_t total)
{
	if (g->count == g->room) {
		g->room = g->room ? g->room * 2 : 64;
		g->list = xreallocarray(g->list, g->room, sizeof(*g->list));
	}
	g->list[g->count] = (struct seam_counts_process){ .pid = pid, .calls = calls, .errors = errors,
							  .total = total };
	return &g->list[g->count++];
}

static void gather_living(struct gathered *g, const struct count_tally *t)
{
	if (t->process && t->calls)
		gather(g, t->process, t->calls, t->errors, t->total);
}

static int by_pid(const void *a, const void *b)
{
	const struct seam_counts_process *x = a, *y = b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

/* Those of one process together. */
static void join(struct gathered *g)
{
	size_t n = 0;

	qsort(g->list, g->count, sizeof(*g->list), by_pid);
	for (size_t i = 0; i < g->count; i++) {
		struct seam_counts_process *p = &g->list[i];

		if (!n || g->list[n - 1].pid != p->pid) {
			g->list[n++] = *p;
			continue;
		}
		g->list[n - 1].calls += p->calls;
		g->list[n - 1].errors += p->errors;
		g->list[n - 1].total += p->total;
		if (*p->name)
			memcpy(g->list[n - 1].name, p->name, sizeof(p->name));
	}
	g->count = n;
}

/* Those that have ended, by process; those that live, by task. */
static void read_processes(const struct counter *c, struct seam_counts *ret)
{
	int ended = bpf_object__find_map_fd_by_name(c->object, "processes");
	uint32_t key = 0, *previous = NULL;
	struct gathered g = { 0 };

	for (; bpf_map_get_next_key(ended, previous, &key) == 0; previous = &key) {
		struct count_process p;

		if (bpf_map_lookup_elem(ended, &key, &p) == 0 && p.calls)
			memcpy(gather(&g, key, p.calls, p.errors, p.total)->name, p.name, sizeof(p.name));
	}
	for (size_t i = 0; i < SLOTS; i++)
		if (c->slots[i].id)
			gather_living(&g, (const struct count_tally *)(const void *)c->slots[i].memory);
	join(&g);
	for (size_t i = 0; i < g.count; i++)
		if (g.list[i].pid && !*g.list[i].name)
			name_of(g.list[i].pid, g.list[i].name);
	ret->processes = g.list;
	ret->process_count = g.count;
}

void counter_read(const struct counter *c, struct seam_counts *ret)
{
	*ret = (struct seam_counts){ .timed = c->durations };
	read_calls(c, ret);
	read_processes(c, ret);
}

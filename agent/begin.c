/* SPDX-License-Identifier: BSD-2-Clause */
/* The first thing that runs in a new program: finds the rest of the agent, and has the program's calls trap from its first instruction on. */
#include "blob.h"

_Static_assert(AGENT_ASM_MAGIC == AGENT_MAGIC && AGENT_ASM_VERSION == AGENT_VERSION, "the head is right");
_Static_assert(AGENT_ASM_SLOT_BYTES == AGENT_SLOT_BYTES, "records are found");
_Static_assert(offsetof(struct agent_thread, deferred) == AGENT_ASM_DEFERRED, "signals are seen");

#define PROT_RW 3
#define MAP_HERE 0x100000 /* fixed, but not over others */
#define MAP_SHARED 1
#define MAP_PRIVATE 2
#define MAP_ANONYMOUS 0x20

static struct agent_actions first_actions;

static uint64_t failed(int64_t error, unsigned place)
{
	return (uint64_t)(uint32_t)error << 32 | place;
}

static int64_t map(char *at, uint64_t bytes, int how, int64_t fd, uint64_t from)
{
	int64_t r = own(__NR_mmap, at, bytes, PROT_RW, how | MAP_HERE, fd, from);

	return r == (int64_t)at ? 0 : r < 0 ? r : -AGENT_ENOMEM;
}

static int64_t map_data(int64_t fd)
{
	uint64_t text = (uint64_t)(agent_text_end - agent_start), in_file = ((uint64_t)(agent_file_end - agent_text_end) + AGENT_PAGE - 1) & ~(uint64_t)(AGENT_PAGE - 1);
	uint64_t all = (uint64_t)(agent_end - agent_text_end);
	int64_t r = in_file ? map(agent_text_end, in_file, MAP_PRIVATE, fd, text) : 0;

	if (r == 0 && all > in_file)
		r = map(agent_text_end + in_file, all - in_file, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return r;
}

static int64_t map_shared(uint64_t key)
{
	int64_t fd = own(__NR_execve, key | AGENT_ASK_SHARED, 0, 0), r;

	if (fd < 0)
		return fd;
	r = map((char *)agent_shared(), sizeof(struct agent_shared), MAP_SHARED, fd, 0);
	own(__NR_close, fd);
	return r;
}

/* Nothing of the program has run, so nobody else knows of its signals. */
static int64_t handle_signals(struct agent_thread *t)
{
	uint64_t own_signals = AGENT_OWN_SIGNALS, mask = 0;
	int64_t r;

	t->actions = &first_actions;
	r = agent_own_handlers(t->actions);
	if (r < 0)
		return r;
	own(__NR_rt_sigprocmask, 1, &own_signals, &mask, 8);
	t->blocked = mask & AGENT_OWN_SIGNALS;
	return 0;
}

static void undo_signals(const struct agent_thread *t)
{
	own(__NR_rt_sigaction, AGENT_SIGSYS, &t->actions->action[AGENT_SIGSYS], 0, 8);
	if (t->blocked)
		own(__NR_rt_sigprocmask, 0, &t->blocked, 0, 8);
}

/* 0, or a negative errno in the upper half and where it was in the lower: then the window is unmapped by who has called. */
uint64_t agent_begin_in(int64_t fd, uint64_t key);
uint64_t agent_begin_in(int64_t fd, uint64_t key)
{
	int64_t r = map_data(fd);
	struct agent_thread *t;

	own(__NR_close, fd);
	if (r < 0)
		return failed(r, AGENT_AT_DATA);
	r = map_shared(key);
	if (r < 0)
		return failed(r, AGENT_AT_SHARED);
	if (agent_shared()->magic != AGENT_MAGIC || agent_shared()->version != AGENT_VERSION || agent_shared()->bytes != sizeof(struct agent_shared))
		return failed(-AGENT_EINVAL, AGENT_AT_VERSION);
	t = agent_slot_take();
	if (!t)
		return failed(-AGENT_ENOMEM, AGENT_AT_STACK);
	r = handle_signals(t);
	if (r < 0)
		return failed(r, AGENT_AT_SIGNAL);
	if (agent_shared()->by_filter && !agent_shared()->filter_set)
		r = agent_filter_all();
	if (r >= 0)
		r = agent_stand_up(t);
	if (r < 0) {
		undo_signals(t);
		return failed(r, AGENT_AT_TRAP);
	}
	agent_shared()->filter_set = agent_shared()->by_filter;
	agent_count(&agent_shared()->images);
	return 0;
}

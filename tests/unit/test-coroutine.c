/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions that are left in the middle: where they go on, what they find, and what becomes of their stacks. */
#include <math.h>
#include <stdint.h>

#include "hook/coroutine.h"
#include "tap.h"

struct count {
	struct coroutine *self;
	int from, to, now;
	double half;
};

/* Numbers of both kinds, over many turns: they stand in registers that a function keeps for its caller. */
static void count_up(void *arg)
{
	struct count *c = arg;
	double half = 0.5 * c->from;

	for (int i = c->from; i <= c->to; i++) {
		c->now = i;
		c->half = half;
		half += 0.5;
		coroutine_leave(c->self);
	}
	c->now = -1;
}

static void turns(void)
{
	struct coroutine_pool pool = { 0 };
	struct count c[50];
	bool right = true;
	double sum = 1.25;

	for (int i = 0; i < 50; i++) {
		c[i] = (struct count){ .from = 100 * i, .to = 100 * i + i };
		c[i].self = coroutine_new(&pool, count_up, &c[i]);
		right &= c[i].self != NULL;
	}
	OK(right);
	EQ(pool.live, 50);
	for (int turn = 0; turn < 50; turn++)
		for (int i = turn; i < 50; i++) {
			double kept = sum * 2;

			coroutine_run(c[i].self);
			sum += 1;
			right &= c[i].now == 100 * i + turn && fabs(c[i].half - 0.5 * c[i].now) < 1e-9 && fabs(kept - 2 * (sum - 1)) < 1e-9;
		}
	OK(right);
	for (int i = 0; i < 50; i++)
		coroutine_run(c[i].self);
	EQ(c[49].now, -1);
	for (int i = 0; i < 50; i++)
		coroutine_free(&pool, c[i].self);
	EQ(pool.live, 0);
	coroutine_pool_release(&pool);
	EQ(pool.free_count, 0);
}

/* Deep in its stack when it is given up; the next one has the same stack. */
static int deep(struct count *c, int depth)
{
	volatile char room[1000];

	room[0] = (char)depth;
	if (!depth)
		coroutine_leave(c->self);
	return depth ? deep(c, depth - 1) + room[0] : 0;
}

static void go_deep(void *arg)
{
	struct count *c = arg;

	c->now = 1;
	deep(c, 60);
	c->now = 2;
}

static void given_up(void)
{
	struct coroutine_pool pool = { 0 };
	struct count c = { 0 };

	for (int i = 0; i < 300; i++) {
		c.self = coroutine_new(&pool, go_deep, &c);
		coroutine_run(c.self);
		coroutine_free(&pool, c.self);
	}
	EQ(c.now, 1);
	EQ(pool.free_count, 1);
	c.self = coroutine_new(&pool, go_deep, &c);
	coroutine_run(c.self);
	coroutine_run(c.self);
	EQ(c.now, 2);
	coroutine_free(&pool, c.self);
	coroutine_pool_release(&pool);
}

/* Where its stack begins, by what the machine wants: functions that use wide registers fault else. */
static void aligned(void *arg)
{
	uint64_t on_stack __attribute__((aligned(16)));

	*(uintptr_t *)arg = (uintptr_t)&on_stack % 16;
}

int main(void)
{
	struct coroutine_pool pool = { 0 };
	struct coroutine *c;
	uintptr_t off = 1;

	turns();
	given_up();
	c = coroutine_new(&pool, aligned, &off);
	coroutine_run(c);
	EQ(off, 0);
	coroutine_free(&pool, c);
	coroutine_pool_release(&pool);
	return tap_done();
}

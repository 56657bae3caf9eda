/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording that keeps nothing but numbers: the kernel's side counts, and this waits for the end. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/time.h"
#include "bpf/counter.h"
#include "launch/child.h"
#include "record/start.h"
#include "launch/watch.h"
#include "seam/recording.h"

struct counting {
	const struct seam_record_options *o;
	struct seam_record_result *result;
	struct counter *counter;
	struct child child;
	struct watch watch;
	uint64_t began;
};

static int add_task(void *user, pid_t pid, pid_t tid, struct seam_err *err)
{
	struct counting *c = user;

	(void)pid;
	return counter_add(c->counter, tid, false, err);
}

static int begin(struct counting *c, struct seam_err *err)
{
	int r = 0;

	if (c->o->command) {
		r = counter_add(c->counter, c->child.pid, true, err);
		if (r < 0)
			return r;
		r = child_go(&c->child, c->o->command, err);
		c->result->no_command = r < 0;
		return r;
	}
	for (size_t i = 0; i < c->o->pid_count && r >= 0; i++)
		r = start_each_thread(c->o->pids[i], add_task, c, err);
	return r;
}

static bool is_over(struct counting *c)
{
	int signal = watch_signal();

	if (!c->o->command)
		return signal || (!c->o->all && !c->watch.alive);
	if (signal)
		kill(c->child.pid, signal);
	return waitpid(c->child.pid, &c->result->status, WNOHANG) == c->child.pid;
}

static void set_watch(struct counting *c)
{
	if (c->o->command)
		watch_process(&c->watch, c->child.pid);
	for (size_t i = 0; i < c->o->pid_count; i++)
		watch_process(&c->watch, c->o->pids[i]);
}

static void read_now(const struct counting *c, struct seam_counts *ret)
{
	counter_read(c->counter, ret);
	ret->elapsed = time_mono_ns() - c->began;
}

static void run(struct counting *c, uint64_t interval, void (*during)(void *user, const struct seam_counts *now))
{
	uint64_t next = c->began + interval;

	while (!is_over(c)) {
		uint64_t now = time_mono_ns();

		if (interval && now >= next) {
			struct seam_counts counts;

			read_now(c, &counts);
			during(c->o->user, &counts);
			seam_counts_release(&counts);
			/* those that were missed are not made up for */
			while (next <= now)
				next += interval;
		}
		watch_wait(&c->watch, interval ? next : UINT64_MAX);
	}
}

int seam_count(const struct seam_record_options *o, uint64_t interval,
	       void (*during)(void *user, const struct seam_counts *now), struct seam_record_result *ret, struct seam_counts *ret_counts, struct seam_err *err)
{
	struct counter_options co = { .durations = o->durations, .everything = o->all, .calls = o->calls };
	struct counting c = { .o = o, .result = ret, .child = CHILD_NONE };
	int r = 0;

	*ret = (struct seam_record_result){ 0 };
	watch_signals(&c.watch, o->command, false);
	if (o->command) {
		r = child_start(&c.child, &(struct child_how){ .command = o->command, .watch = &c.watch }, err);
		ret->no_command = r < 0;
	}
	if (r >= 0)
		r = counter_open(&c.counter, &co, err);
	if (r >= 0)
		r = watch_early(&c.watch, &ret->signal, err);
	if (r >= 0) {
		set_watch(&c);
		c.began = time_mono_ns();
		r = begin(&c, err);
		if (r >= 0)
			run(&c, interval, during);
		counter_detach(c.counter);
		if (r >= 0) {
			read_now(&c, ret_counts);
			for (size_t i = 0; i < ret_counts->call_count; i++)
				ret->calls += ret_counts->calls[i].count.calls;
			ret->tasks = counter_tasks(c.counter);
			ret->seconds = (double)ret_counts->elapsed / 1e9;
		}
	}
	counter_close(c.counter);
	child_release(&c.child);
	watch_release(&c.watch);
	return r;
}

void seam_counts_release(struct seam_counts *c)
{
	free(c->calls);
	free(c->processes);
	*c = (struct seam_counts){ 0 };
}

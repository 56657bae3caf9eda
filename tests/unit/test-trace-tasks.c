/* SPDX-License-Identifier: BSD-2-Clause */
/* Who a task is at any moment of a trace; and the writer's thread. */
#include <errno.h>
#include <pthread.h>

#include "traces.h"

static void fork_of(struct seam_tasks *s, uint32_t tid, uint32_t child, uint32_t pid, uint32_t ppid)
{
	struct seam_event e = { .kind = SEAM_EVENT_FORK, .tid = tid, .fork = { .tid = child, .pid = pid, .ppid = ppid } };

	seam_tasks_see(s, &e);
}

static void exec_of(struct seam_tasks *s, uint32_t tid, uint32_t old, const char *file, const char *arg)
{
	struct seam_event e = { .kind = SEAM_EVENT_EXEC, .tid = tid, .pid = tid };

	e.exec.old_tid = old;
	e.exec.file = strings_of(file, strlen(file) + 1, 0);
	e.exec.args = strings_of(arg, strlen(arg) + 1, 0);
	e.exec.env = strings_of("", 0, 0);
	seam_tasks_see(s, &e);
}

static void exit_of(struct seam_tasks *s, uint32_t tid)
{
	struct seam_event e = { .kind = SEAM_EVENT_EXIT, .tid = tid };

	seam_tasks_see(s, &e);
}

/* "tid pid ppid name exe args", and * for one that has ended. */
static const char *about(const struct seam_tasks *s, uint32_t tid)
{
	static struct buf b = BUF_INIT;
	struct seam_task t;

	buf_clear(&b);
	if (!seam_tasks_get(s, tid, &t))
		return "nothing";
	buf_addf(&b, "%u %u %u %s %s %s%s", t.tid, t.pid, t.ppid, t.name, t.exe, t.args, t.gone ? " *" : "");
	return b.data;
}

static void test_tasks(void)
{
	struct seam_tasks *s = seam_tasks_new();
	struct seam_event e = { .kind = SEAM_EVENT_TASK, .tid = 10, .pid = 10 };

	STREQ(about(s, 10), "nothing");
	EQ(seam_tasks_pid(s, 10), 0);
	e.task.ppid = 1;
	memcpy(e.task.name, "bash", 4);
	e.task.file = strings_of("/bin/bash", 9, 9);
	e.task.args = strings_of("-bash", 5, 5);
	seam_tasks_see(s, &e);
	STREQ(about(s, 10), "10 10 1 bash /bin/bash -bash");
	/* a process, a thread of it */
	fork_of(s, 10, 20, 20, 10);
	STREQ(about(s, 20), "20 20 10 bash /bin/bash -bash");
	fork_of(s, 20, 21, 20, 10);
	STREQ(about(s, 21), "21 20 10 bash /bin/bash -bash");
	exec_of(s, 20, 20, "/usr/bin/a-very-long-program", "x");
	STREQ(about(s, 20), "20 20 10 a-very-long-pro /usr/bin/a-very-long-program x");
	STREQ(about(s, 21), "21 20 10 bash /usr/bin/a-very-long-program x");
	STREQ(about(s, 10), "10 10 1 bash /bin/bash -bash");
	/* a child of a thread; a thread that runs something else and becomes the first one */
	fork_of(s, 21, 22, 22, 20);
	STREQ(about(s, 22), "22 22 20 bash /usr/bin/a-very-long-program x");
	exec_of(s, 20, 21, "y", "y");
	STREQ(about(s, 21), "nothing");
	STREQ(about(s, 20), "20 20 10 y y y");
	e = (struct seam_event){ .kind = SEAM_EVENT_NAME, .tid = 22 };
	memcpy(e.name.name, "me", 2);
	seam_tasks_see(s, &e);
	STREQ(about(s, 22), "22 22 20 me /usr/bin/a-very-long-program x");
	exit_of(s, 22);
	STREQ(about(s, 22), "22 22 20 me /usr/bin/a-very-long-program x *");
	EQ(seam_tasks_pid(s, 22), 22);
	/* the number again */
	fork_of(s, 10, 22, 22, 10);
	STREQ(about(s, 22), "22 22 10 bash /bin/bash -bash");
	/* of whom nothing was known */
	fork_of(s, 500, 501, 501, 500);
	STREQ(about(s, 501), "501 501 500   ");
	seam_tasks_free(s);
}

/* Numbers in a pid namespace, threads of the kernel, arguments that come in pieces. */
static void test_beside(void)
{
	struct seam_tasks *s = seam_tasks_new();
	struct seam_event e = { .kind = SEAM_EVENT_FORK, .tid = 10 };
	struct seam_task t;

	e.fork.tid = e.fork.pid = 20;
	e.fork.own = (struct seam_own_pids){ 1, 1, 4026532000u };
	seam_tasks_see(s, &e);
	EQ(seam_tasks_get(s, 20, &t), 1);
	EQ(t.own.tid, 1);
	EQ(t.own.space, 4026532000u);
	EQ(t.worker, 0);
	e = (struct seam_event){ .kind = SEAM_EVENT_FORK, .tid = 20 };
	e.fork.tid = 21;
	e.fork.pid = 20;
	e.fork.own = (struct seam_own_pids){ 2, 1, 4026532000u };
	e.fork.worker = true;
	seam_tasks_see(s, &e);
	seam_tasks_get(s, 21, &t);
	EQ(t.own.tid, 2);
	EQ(t.worker, 1);
	exec_of(s, 20, 20, "/bin/cat", "cat");
	e = (struct seam_event){ .kind = SEAM_EVENT_WORDS, .tid = 20 };
	e.words.more = strings_of("more", 5, 5);
	seam_tasks_see(s, &e);
	e.words.env = true;
	seam_tasks_see(s, &e);
	seam_tasks_get(s, 20, &t);
	EQ(t.args_size, 9);
	EQ(memcmp(t.args, "cat\0more", 9), 0);
	seam_tasks_free(s);
}

/* The table does not grow for ever. */
static void test_many(void)
{
	struct seam_tasks *s = seam_tasks_new();
	int there = 0;

	exec_of(s, 1, 1, "/sbin/init", "init");
	for (uint32_t i = 2; i < 20000; i++) {
		fork_of(s, 1, i, i, 1);
		exit_of(s, i);
	}
	for (uint32_t i = 2; i < 20000; i++)
		there += seam_tasks_pid(s, i) != 0;
	EQ(there, 8192);
	STREQ(about(s, 19999), "19999 19999 1 init /sbin/init init *");
	seam_tasks_free(s);
}

struct producer {
	struct trace_writer *w;
	uint32_t stream;
	int failed;
};

enum { PRODUCERS = 4, CALLS = 20000 };

static void *produce(void *arg)
{
	struct producer *p = arg;
	struct trace_builder b;
	struct seam_event e = { .kind = SEAM_EVENT_CALL, .returned = true, .tid = p->stream };

	trace_builder_init(&b, p->stream, 5000, p->w);
	for (int i = 0; i < CALLS; i++) {
		e.time = (uint64_t)i * PRODUCERS + p->stream;
		e.number = (uint64_t)i % 300;
		e.args[0] = (uint64_t)i;
		p->failed |= trace_build(&b, &e, NULL) < 0;
	}
	p->failed |= trace_builder_flush(&b, NULL) < 0;
	trace_builder_release(&b);
	return NULL;
}

/* Several threads write through one queue; the merge has all in order. */
static void threads(unsigned queue)
{
	struct trace_writer_options options = { .codec = TRACE_RAW, .queue = queue };
	struct producer producers[PRODUCERS];
	pthread_t thread[PRODUCERS];
	struct trace_writer_stats stats;
	const struct seam_event *e;
	struct buf meta = BUF_INIT;
	struct scratch file;
	struct trace_writer *w;
	struct seam_trace *t;
	uint64_t n = 0;
	int failed = 0;

	scratch_init(&file);
	if (trace_writer_open(&w, file.path, &options, &meta, NULL) < 0)
		abort();
	for (uint32_t i = 0; i < PRODUCERS; i++) {
		producers[i] = (struct producer){ w, i, 0 };
		pthread_create(&thread[i], NULL, produce, &producers[i]);
	}
	for (int i = 0; i < PRODUCERS; i++) {
		pthread_join(thread[i], NULL);
		failed |= producers[i].failed;
	}
	EQ(trace_writer_flush(w, NULL), 0);
	trace_writer_stats(w, &stats);
	EQ(stats.records, PRODUCERS * CALLS);
	EQ(trace_writer_finish(w, NULL), 0);
	trace_writer_free(w);
	EQ(failed, 0);
	if (seam_trace_open(&t, file.path, NULL, NULL) < 0)
		abort();
	for (; seam_trace_next(t, &e, NULL) > 0; n++) {
		if (e->kind != SEAM_EVENT_CALL || e->time != n || e->tid != n % PRODUCERS || e->args[0] != n / PRODUCERS)
			failed++;
	}
	EQ(failed, 0);
	EQ(n, PRODUCERS * CALLS);
	seam_trace_close(t);
	close(file.fd);
}

/* Given up in the middle: the file is an unfinished one, and no thread is left. */
static void test_given_up(void)
{
	struct trace_writer_options options = { .codec = TRACE_RAW, .queue = 2 };
	struct buf meta = BUF_INIT;
	struct seam_err err = SEAM_ERR_INIT;
	struct scratch file;
	struct trace_writer *w;
	struct seam_trace *t;

	scratch_init(&file);
	if (trace_writer_open(&w, file.path, &options, &meta, NULL) < 0)
		abort();
	trace_writer_free(w);
	EQ(seam_trace_open(&t, file.path, NULL, NULL), 0);
	OK(!seam_trace_finished(t));
	seam_trace_close(t);
	EQ(trace_writer_open(&w, "/nowhere/x", &options, &meta, NULL), -ENOENT);
	EQ(trace_writer_open(&w, "/dev/full", &options, &meta, &err), -ENOSPC);
	OK(strstr(err.text, "cannot write /dev/full: ") && strstr(err.text, "make room"));
	trace_writer_free(NULL);
	close(file.fd);
}

int main(void)
{
	test_tasks();
	test_beside();
	test_many();
	threads(0);
	threads(1);
	threads(8);
	test_given_up();
	return tap_done();
}

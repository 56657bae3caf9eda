/* SPDX-License-Identifier: BSD-2-Clause */
/* What seam show prints: the tree of processes, a part of the time, a row of files. */
#include <errno.h>
#include <limits.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"
#include "seam/show.h"
#include "traces.h"

#define REALTIME UINT64_C(1795281514000000000) /* 2026-11-21 17:18:34 in UTC */

static struct trace_writer *writer;
static struct trace_builder builder;

static void make(const char *path)
{
	struct trace_writer_options options = { .codec = TRACE_RAW };
	struct buf meta = BUF_INIT;

	trace_meta_add(&meta, "realtime", "1795281514000000000");
	if (trace_writer_open(&writer, path, &options, &meta, NULL) < 0)
		abort();
	buf_release(&meta);
	trace_builder_init(&builder, 0, 0, writer);
}

static void made(void)
{
	if (trace_builder_flush(&builder, NULL) < 0 || trace_writer_finish(writer, NULL) < 0)
		abort();
	trace_builder_release(&builder);
	trace_writer_free(writer);
}

static void put(struct seam_event e)
{
	if (trace_build(&builder, &e, NULL) < 0)
		abort();
}

/* Times are in milliseconds. */
static void call(unsigned ms, uint32_t tid, uint64_t number, int64_t ret)
{
	put((struct seam_event){ .kind = SEAM_EVENT_CALL, .time = ms * NS_PER_MS, .tid = tid, .number = number, .ret = ret,
				 .returned = true });
}

static void fork_of(unsigned ms, uint32_t tid, uint32_t child, uint32_t pid, uint32_t ppid)
{
	struct seam_event e = { .kind = SEAM_EVENT_FORK, .time = ms * NS_PER_MS, .tid = tid };

	e.fork.tid = child;
	e.fork.pid = pid;
	e.fork.ppid = ppid;
	put(e);
}

static void exec_of(unsigned ms, uint32_t pid, const char *file, const char *args, size_t n)
{
	struct seam_event e = { .kind = SEAM_EVENT_EXEC, .time = ms * NS_PER_MS, .tid = pid, .pid = pid };

	e.exec.old_tid = pid;
	e.exec.file = strings_of(file, strlen(file) + 1, (uint32_t)strlen(file) + 1);
	e.exec.args = strings_of(args, n, (uint32_t)n);
	e.exec.env = strings_of("", 0, 0);
	put(e);
}

static void exit_of(unsigned ms, uint32_t tid, uint32_t pid, uint32_t status, bool last)
{
	struct seam_event e = { .kind = SEAM_EVENT_EXIT, .time = ms * NS_PER_MS, .tid = tid, .pid = pid };

	e.exit.status = status;
	e.exit.last = last;
	put(e);
}

static void task(unsigned ms, uint32_t tid, uint32_t pid, uint32_t ppid, const char *name)
{
	struct seam_event e = { .kind = SEAM_EVENT_TASK, .time = ms * NS_PER_MS, .tid = tid, .pid = pid };

	e.task.ppid = ppid;
	snprintf(e.task.name, sizeof(e.task.name), "%s", name);
	e.task.file = strings_of("", 0, 0);
	e.task.args = strings_of("", 0, 0);
	put(e);
}

/* Until the next one. */
static const char *shown(const char *path, const struct seam_show_options *o)
{
	static struct seam_out out;
	struct seam_show_result result;
	struct seam_err err = SEAM_ERR_INIT;

	if (out.data)
		seam_out_release(&out);
	seam_out_init_mem(&out);
	if (seam_show(path, o, &out, &result, &err) < 0)
		seam_out_printf(&out, "%s\n", err.text);
	return out.data;
}

#define HEADING "       start     duration     calls  errors  end            process\n"

static void test_tree(struct scratch *s)
{
	static const uint32_t only[] = { 11 };
	struct seam_show_options o = { .tree = true };

	make(s->path);
	exec_of(1000, 10, "/bin/sh", "sh\0-c\0a b; c", 13);
	call(1001, 10, 39, 10);
	fork_of(1002, 10, 11, 11, 10);
	call(1003, 11, 39, -2);
	exec_of(1004, 11, "/bin/cat", "cat\0it's", 9);
	fork_of(1005, 11, 12, 11, 10); /* a thread */
	call(1006, 12, 39, 1);
	exit_of(1007, 12, 11, 0, false);
	exit_of(1008, 11, 11, 9, true);
	call(1008, 11, 39, 1); /* told after its end */
	fork_of(1010, 10, 11, 11, 10); /* the number is used again */
	call(1011, 11, 39, 0);
	fork_of(1012, 11, 13, 13, 11);
	exit_of(1020, 11, 11, 0x300, true);
	exit_of(1100, 10, 10, 0, true);
	made();
	STREQ(shown(s->path, &o), HEADING
	      "    0.000000     0.100000         1       0  exit 0         10 sh -c 'a b; c'\n"
	      "    0.002000     0.006000         3       1  SIGKILL        \\_ 11 cat 'it'\\''s' [2 threads]\n"
	      "    0.010000     0.010000         1       0  exit 3         \\_ 11 (sh)\n"
	      "    0.012000     0.000000         0       0  no end            \\_ 13 (sh)\n");
	o.pids = only;
	o.pid_count = 1;
	STREQ(shown(s->path, &o), HEADING
	      "    0.002000     0.006000         3       1  SIGKILL        11 cat 'it'\\''s' [2 threads]\n"
	      "    0.010000     0.010000         1       0  exit 3         11 (sh)\n"
	      "    0.012000     0.000000         0       0  no end         \\_ 13 (sh)\n");
	o.json = true;
	STREQ(shown(s->path, &o),
	      "{\"kind\": \"process\", \"id\": 1, \"parent\": 0, \"depth\": 0, \"pid\": 11, \"ppid\": 10, \"comm\": \"cat\", "
	      "\"start\": 1002000000, \"since\": 2000000, \"duration\": 6000000, \"before\": false, \"ended\": true, "
	      "\"exit\": null, \"signal\": 9, \"calls\": 3, \"errors\": 1, \"threads\": 2, \"execs\": [{\"time\": 1004000000, "
	      "\"since\": 4000000, \"file\": \"/bin/cat\", \"args\": [\"cat\", \"it's\"]}]}\n"
	      "{\"kind\": \"process\", \"id\": 2, \"parent\": 0, \"depth\": 0, \"pid\": 11, \"ppid\": 10, \"comm\": \"sh\", "
	      "\"start\": 1010000000, \"since\": 10000000, \"duration\": 10000000, \"before\": false, \"ended\": true, "
	      "\"exit\": 3, \"signal\": null, \"calls\": 1, \"errors\": 0, \"threads\": 1, \"execs\": []}\n"
	      "{\"kind\": \"process\", \"id\": 3, \"parent\": 2, \"depth\": 1, \"pid\": 13, \"ppid\": 11, \"comm\": \"sh\", "
	      "\"start\": 1012000000, \"since\": 12000000, \"duration\": 0, \"before\": false, \"ended\": false, \"calls\": 0, "
	      "\"errors\": 0, \"threads\": 1, \"execs\": []}\n");
}

/* Processes that were there already are told in any order, and by a hostile file with any parents. */
static void test_found(struct scratch *s)
{
	struct seam_show_options o = { .tree = true };

	make(s->path);
	task(1000, 5, 5, 4, "child");
	task(1000, 6, 5, 4, "thread");
	task(1000, 4, 4, 1, "parent");
	task(1000, 7, 7, 8, "one");
	task(1000, 8, 8, 7, "other");
	task(1000, 9, 9, 9, "itself");
	made();
	STREQ(shown(s->path, &o), HEADING
	      "    0.000000     0.000000         0       0  no end         4 (parent)\n"
	      "    0.000000     0.000000         0       0  no end         \\_ 5 (child) [2 threads]\n"
	      "    0.000000     0.000000         0       0  no end         8 (other)\n"
	      "    0.000000     0.000000         0       0  no end         \\_ 7 (one)\n"
	      "    0.000000     0.000000         0       0  no end         9 (itself)\n");
	make(s->path);
	for (uint32_t i = 1; i < 20000; i++)
		fork_of(i, i, i + 1, i + 1, i);
	made();
	OK(strstr(shown(s->path, &o), "\\_ 20000 (?)\n") != NULL);
}

static struct seam_moment moment(const char *text)
{
	struct seam_moment m = { SEAM_MOMENT_NONE, 0 };

	if (seam_moment_parse(text, &m, NULL) < 0)
		m.how = SEAM_MOMENT_NONE;
	return m;
}

/* On the trace's clock, of a trace from 1 s to 3 s; UINT64_MAX: it is none. */
static uint64_t at(const char *text)
{
	struct seam_moment m = moment(text);

	return m.how ? seam_moment_time(&m, NS_PER_S, 3 * NS_PER_S, REALTIME) : UINT64_MAX;
}

static void test_moments(struct scratch *s)
{
	struct seam_show_options o = { .clock = SEAM_SHOW_START };

	EQ(at("0.5"), 1500 * NS_PER_MS);
	EQ(at("20ms"), 1020 * NS_PER_MS);
	EQ(at("-1"), 2 * NS_PER_S);
	EQ(at("-500ms"), 2500 * NS_PER_MS);
	EQ(at("-1h"), 0);
	EQ(at("17:18:37"), 3 * NS_PER_S);
	EQ(at("17:18:36.25"), 2250 * NS_PER_MS);
	EQ(at("17:18"), 0);
	EQ(at("00:10"), (6 * 3600 + 51 * 60 + 26) * NS_PER_S); /* after midnight */
	EQ(at("2026-11-21T17:18:37"), 3 * NS_PER_S);
	EQ(at("2026-11-21 17:20"), 86 * NS_PER_S);
	EQ(at("2026-11-22"), 24086 * NS_PER_S);
	EQ(at("@1795281517.5"), 3500 * NS_PER_MS);
	EQ(at(""), UINT64_MAX);
	EQ(at("-"), UINT64_MAX);
	EQ(at("soon"), UINT64_MAX);
	EQ(at("24:00"), UINT64_MAX);
	EQ(at("12:60"), UINT64_MAX);
	EQ(at("12:00x"), UINT64_MAX);
	EQ(at("12:00:01.x"), UINT64_MAX);
	EQ(at("2026-13-01"), UINT64_MAX);
	EQ(at("2026-11-21T"), UINT64_MAX);
	EQ(at("18446744073709551615"), UINT64_MAX);

	make(s->path);
	for (unsigned i = 0; i < 5; i++)
		call(1000 + i * 500, 10, 39, i);
	made();
	o.since = moment("0.5");
	o.until = moment("1");
	STREQ(shown(s->path, &o), "10    0.500000 getpid() = 1\n10    1.000000 getpid() = 2\n");
	o.since = moment("-500ms");
	o.until = moment("-0");
	STREQ(shown(s->path, &o), "10    1.500000 getpid() = 3\n10    2.000000 getpid() = 4\n");
	o.since = moment("17:18:36.6");
	STREQ(shown(s->path, &o), "10    2.000000 getpid() = 4\n");
	/* who a task is was told before */
	make(s->path);
	exec_of(1000, 10, "/bin/sh", "sh", 3);
	call(4000, 10, 39, 10);
	made();
	o = (struct seam_show_options){ .since = moment("1"), .where = "comm == \"sh\"" };
	STREQ(shown(s->path, &o), "10    getpid() = 10\n");
}

static void test_pieces(void)
{
	char folder[] = "/tmp/seam-test-show-XXXXXX", name[PATH_MAX], piece[PATH_MAX + 20];
	struct seam_show_options o = { .clock = SEAM_SHOW_START };

	if (!mkdtemp(folder))
		abort();
	snprintf(name, sizeof(name), "%s/t", folder);
	OK(strstr(shown(name, &o), "No such file") != NULL);
	for (unsigned i = 1; i <= 3; i++) {
		snprintf(piece, sizeof(piece), "%s.%06u", name, i == 3 ? 11 : i);
		make(piece);
		call(i * 1000, 10, 39, i);
		made();
	}
	snprintf(piece, sizeof(piece), "%s.new-5", name);
	make(piece);
	call(1, 10, 39, 77);
	made();
	unlink(piece);
	STREQ(shown(name, &o), "10    0.000000 getpid() = 1\n10    1.000000 getpid() = 2\n10    2.000000 getpid() = 3\n");
	o.follow = true;
	STREQ(shown(name, &o), "10    0.000000 getpid() = 1\n10    1.000000 getpid() = 2\n10    2.000000 getpid() = 3\n");
	o.since = moment("-1");
	STREQ(shown(name, &o), "10    1.000000 getpid() = 2\n10    2.000000 getpid() = 3\n");
	snprintf(piece, sizeof(piece), "%s.000002", name);
	o.since = moment("0");
	STREQ(shown(piece, &o), "10    0.000000 getpid() = 2\n");
	snprintf(piece, sizeof(piece), "rm -rf %s", folder);
	if (system(piece) != 0)
		abort();
}

static void test_no_trace(struct scratch *s)
{
	struct seam_show_options o = { .follow = true };
	char text[100];

	memset(text, 'x', sizeof(text));
	scratch_put(s, text, sizeof(text));
	/* nothing would ever come */
	OK(strstr(shown(s->path, &o), "is not a trace: it does not begin as one") != NULL);
	o.follow = false;
	OK(strstr(shown(s->path, &o), "is not a trace: no block of one is in it") != NULL);
	scratch_put(s, text, 5);
	OK(strstr(shown(s->path, &o), "is not a trace: it has 5 bytes") != NULL);
}

int main(void)
{
	struct scratch s;

	setenv("TZ", "UTC", 1);
	tzset();
	scratch_init(&s);
	test_tree(&s);
	test_found(&s);
	test_moments(&s);
	test_pieces();
	test_no_trace(&s);
	return tap_done();
}

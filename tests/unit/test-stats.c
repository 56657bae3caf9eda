/* SPDX-License-Identifier: BSD-2-Clause */
/* Figures: quantiles of known distributions, errors by name, who waited on what and who ended it. */
#include "base/histogram.h"
#include "seam/json.h"
#include "seam/stats.h"
#include "traces.h"

/* Calls of x86_64. */
enum { READ = 0, NANOSLEEP = 35, WAIT4 = 61, GETPPID = 110, FUTEX = 202, EPOLL_WAIT = 232 };

static struct seam_durations *durations(void)
{
	return xcalloc(1, sizeof(struct seam_durations));
}

/* Whether a quantile is what it should be, or at most a sixteenth more. */
static bool near(uint64_t got, uint64_t wanted)
{
	return got >= wanted && got <= wanted + wanted / 16;
}

static void test_steps(void)
{
	unsigned last = 0;

	EQ(histogram_step(0), 0);
	EQ(histogram_step(15), 15);
	for (uint64_t ns = 1; ns < UINT64_C(1) << 43; ns += ns / 5 + 1) {
		unsigned step = histogram_step(ns);

		if (step < last || step >= SEAM_STEPS - 1 || histogram_top(step) < ns ||
		    histogram_top(step) - ns > ns / 16)
			FAIL("steps grow, and are narrow");
		if (histogram_step(histogram_top(step)) != step || histogram_step(histogram_top(step) + 1) != step + 1)
			FAIL("the top of a step is in it, what follows is not");
		last = step;
	}
	EQ(histogram_step(UINT64_C(1) << 44), SEAM_STEPS - 1);
	EQ(histogram_step(UINT64_MAX), SEAM_STEPS - 1);
}

static void test_quantiles(void)
{
	struct seam_durations *h = durations();

	EQ(histogram_quantile(h, 50), 0);
	for (uint64_t i = 1; i <= 100000; i++)
		histogram_add(h, i);
	OK(near(histogram_quantile(h, 50), 50000));
	OK(near(histogram_quantile(h, 90), 90000));
	OK(near(histogram_quantile(h, 99), 99000));
	EQ(histogram_quantile(h, 100), 100000);
	EQ(h->max, 100000);
	EQ(h->total, UINT64_C(5000050000));
	free(h);
	/* 99 of a hundred are short: p99 is short, what is above is not */
	h = durations();
	for (int i = 0; i < 990; i++)
		histogram_add(h, 10);
	for (int i = 0; i < 10; i++)
		histogram_add(h, 1000000);
	EQ(histogram_quantile(h, 50), 10);
	EQ(histogram_quantile(h, 99), 10);
	EQ(histogram_quantile(h, 100), 1000000);
	free(h);
	/* one alone is all of them, exactly */
	h = durations();
	histogram_add(h, 123456789);
	EQ(histogram_quantile(h, 1), 123456789);
	EQ(histogram_quantile(h, 99), 123456789);
	histogram_add(h, UINT64_C(1) << 60);
	EQ(histogram_quantile(h, 99), UINT64_C(1) << 60);
	free(h);
}

static void test_errors(void)
{
	for (int error = 0; error < 4096; error++) {
		unsigned place = seam_count_error_place(-error);

		if (place >= SEAM_COUNT_ERRORS || (place && seam_count_error_at(place) != error))
			FAIL("each error has one place");
	}
	EQ(seam_count_error_place(-2), 2);
	EQ(seam_count_error_at(seam_count_error_place(-512)), 512);
	EQ(seam_count_error_place(-4000), 0);
}

struct making {
	struct scratch file;
	struct trace_writer *w;
	struct trace_builder b;
	struct seam_err err;
};

static void begin(struct making *m)
{
	struct trace_writer_options options = { .arch = SEAM_ARCH_X86_64 };
	struct buf meta = BUF_INIT;

	m->err = (struct seam_err)SEAM_ERR_INIT;
	scratch_init(&m->file);
	trace_meta_add(&meta, "program", "test");
	if (trace_writer_open(&m->w, m->file.path, &options, &meta, &m->err) < 0)
		abort();
	buf_release(&meta);
	trace_builder_init(&m->b, 0, 0, m->w);
}

static void put(struct making *m, const struct seam_event *e)
{
	if (trace_build(&m->b, e, &m->err) < 0)
		abort();
}

static void task(struct making *m, uint64_t time, uint32_t tid, uint32_t pid, const char *name)
{
	struct seam_event e = { .kind = SEAM_EVENT_TASK, .time = time, .tid = tid, .pid = pid };

	snprintf(e.task.name, sizeof(e.task.name), "%s", name);
	put(m, &e);
}

/* A call from one time to another. */
static void call(struct making *m, uint32_t tid, uint64_t number, uint64_t from, uint64_t to, int64_t ret, uint64_t arg0,
		 uint64_t arg1)
{
	struct seam_event e = { .kind = SEAM_EVENT_CALL, .returned = true, .timed = true, .tid = tid, .number = number,
				.time = to, .entered = from, .ret = ret, .args = { arg0, arg1, 0, 1 } };

	put(m, &e);
}

static void end(struct making *m, const struct seam_stats_options *o, struct seam_stats *ret)
{
	if (trace_builder_flush(&m->b, &m->err) < 0 || trace_writer_finish(m->w, &m->err) < 0)
		abort();
	trace_builder_release(&m->b);
	trace_writer_free(m->w);
	EQ(seam_stats_read(m->file.path, o, ret, &m->err), 0);
	close(m->file.fd);
}

static const struct seam_stats_call *find(const struct seam_stats *s, const char *name)
{
	static const struct seam_stats_call none;

	for (size_t i = 0; i < s->call_count; i++)
		if (s->calls[i].name && !strcmp(s->calls[i].name, name))
			return &s->calls[i];
	return &none;
}

static void test_calls(void)
{
	struct seam_event lost = { .kind = SEAM_EVENT_LOSS, .time = 300000, .loss.count = 7 };
	struct seam_event unknown = { .kind = SEAM_EVENT_UNKNOWN, .time = 300001, .tid = 10, .number = 3000,
				      .returned = true, .ret = -38 };
	struct seam_event ended = { .kind = SEAM_EVENT_ENTRY, .time = 300002, .tid = 11, .number = 231 };
	const struct seam_stats_call *c;
	struct seam_stats s;
	struct making m;

	begin(&m);
	task(&m, 1, 10, 10, "ten");
	task(&m, 2, 11, 10, "thread");
	task(&m, 3, 20, 20, "twenty");
	for (uint64_t i = 1; i <= 100; i++)
		call(&m, i % 2 ? 10 : 11, GETPPID, 1000 * i, 1000 * i + i, 1, 0, 0);
	for (uint64_t i = 1; i <= 30; i++)
		call(&m, 20, 257, 200000 + i, 200000 + i + 1, i <= 10 ? -2 : i <= 15 ? -13 : 3, 0, 0);
	put(&m, &lost);
	put(&m, &unknown);
	put(&m, &ended);
	end(&m, NULL, &s);
	EQ(s.all, 132);
	EQ(s.errors, 16);
	EQ(s.lost, 7);
	EQ(s.call_count, 4);
	STREQ(s.calls[0].name, "getppid");
	c = find(&s, "getppid");
	EQ(c->calls, 100);
	EQ(c->times.total, 5050);
	EQ(c->times.max, 100);
	OK(near(c->times.p50, 50) && near(c->times.p99, 99));
	c = find(&s, "openat");
	EQ(c->errors, 15);
	EQ(c->error_count, 2);
	OK(c->error[0].error == 2 && c->error[0].count == 10 && c->error[1].error == 13 && c->error[1].count == 5);
	EQ(find(&s, "exit_group")->unreturned, 1);
	EQ(s.process_count, 2);
	OK(s.processes[0].pid == 10 && s.processes[0].calls == 102 && !strcmp(s.processes[0].name, "ten"));
	OK(s.processes[1].pid == 20 && s.processes[1].errors == 15);
	OK(seam_stats_sort(&s, "errors") && !strcmp(s.calls[0].name, "openat"));
	OK(!seam_stats_sort(&s, "beauty"));
	seam_stats_release(&s);
}

static const struct seam_stats_wait *waited(const struct seam_stats *s, const char *call_name, const char *what)
{
	static const struct seam_stats_wait none;

	for (size_t i = 0; i < s->wait_count; i++)
		if (!strcmp(s->waits[i].call, call_name) && !strcmp(s->waits[i].what, what))
			return &s->waits[i];
	return &none;
}

#define US 1000ull
#define PRIVATE 128u /* FUTEX_PRIVATE_FLAG; 0 waits, 1 wakes */

static void test_waits(void)
{
	struct seam_event exits = { .kind = SEAM_EVENT_EXIT, .tid = 30, .pid = 30, .time = 800 * US };
	const struct seam_stats_wait *w;
	struct seam_stats s;
	struct making m;

	begin(&m);
	task(&m, 1, 10, 10, "ten");
	task(&m, 2, 11, 10, "other");
	task(&m, 3, 30, 30, "child");
	/* the waker's call ends after the wait, or before it: both are told */
	call(&m, 10, FUTEX, 100 * US, 200 * US, 0, 0x1000, PRIVATE);
	call(&m, 11, FUTEX, 198 * US, 201 * US, 1, 0x1000, PRIVATE | 1);
	call(&m, 11, FUTEX, 299 * US, 300 * US, 1, 0x1000, PRIVATE | 1);
	call(&m, 10, FUTEX, 250 * US, 301 * US, 0, 0x1000, PRIVATE);
	/* of another word; and one that woke nobody */
	call(&m, 11, FUTEX, 390 * US, 391 * US, 1, 0x2000, PRIVATE | 1);
	call(&m, 11, FUTEX, 392 * US, 393 * US, 0, 0x3000, PRIVATE | 1);
	call(&m, 10, FUTEX, 350 * US, 400 * US, 0, 0x3000, PRIVATE);
	/* it did not wait: the word was another, and that was quick */
	call(&m, 10, FUTEX, 500 * US, 501 * US, -11, 0x1000, PRIVATE);
	call(&m, 10, NANOSLEEP, 510 * US, 610 * US, 0, 0, 0);
	call(&m, 10, READ, 620 * US, 650 * US, 1, 3, 0);
	call(&m, 10, READ, 651 * US, 652 * US, 1, 3, 0);
	call(&m, 10, EPOLL_WAIT, 660 * US, 700 * US, 1, 4, 0);
	put(&m, &exits);
	call(&m, 10, WAIT4, 710 * US, 810 * US, 30, 0, 0);
	call(&m, 10, GETPPID, 900 * US, 990 * US, 1, 0, 0);
	end(&m, NULL, &s);

	w = waited(&s, "futex", "0x1000");
	OK(w->count == 2 && w->total == 151 * US && w->max == 100 * US && !w->idle);
	OK(w->waker[0].tid == 11 && w->waker[0].count == 2 && !w->waker[1].tid);
	w = waited(&s, "futex", "0x3000");
	OK(w->count == 1 && !w->waker[0].tid);
	w = waited(&s, "nanosleep", "time");
	OK(w->count == 1 && w->idle && w->total == 100 * US);
	w = waited(&s, "read", "descriptor 3");
	OK(w->count == 1 && !w->idle && w->total == 30 * US && w->pid == 10 && !strcmp(w->name, "ten"));
	w = waited(&s, "epoll_wait", "descriptor 4");
	OK(w->count == 1 && w->idle);
	w = waited(&s, "wait4", "child 30 (child)");
	OK(w->count == 1 && w->total == 100 * US);
	EQ(s.wait_count, 6);
	EQ(s.idle.waits, 7);
	EQ(s.idle.blocked, (151 + 50 + 30 + 100) * US);
	EQ(s.idle.idle, (100 + 40) * US);
	EQ(find(&s, "futex")->idle.blocked, 201 * US);
	EQ(find(&s, "getppid")->idle.waits, 0);
	EQ(s.processes[0].idle.idle, 140 * US);
	seam_stats_release(&s);
}

/* The same with a piece of memory. */
static void call_with(struct making *m, uint64_t number, uint64_t from, uint64_t to, int64_t ret, const uint64_t args[3],
		      int source, const void *bytes, uint32_t size)
{
	struct seam_blob blob = { .address = args[source], .bytes = bytes, .size = size, .whole = size,
				  .source = (uint8_t)source };
	struct seam_event e = { .kind = SEAM_EVENT_CALL, .returned = true, .timed = true, .tid = 10, .number = number,
				.time = to, .entered = from, .ret = ret, .args = { args[0], args[1], args[2] },
				.blobs = &blob, .blob_count = 1 };

	put(m, &e);
}

static const struct seam_stats_file *named(const struct seam_stats_file *list, size_t n, const char *name)
{
	static const struct seam_stats_file none;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].name, name))
			return &list[i];
	return &none;
}

static void test_files(void)
{
	static const unsigned char server[16] = { 2, 0, 0, 80, 10, 1, 2, 3 };
	struct seam_stats_options o = { .files = true };
	const struct seam_stats_file *f;
	struct seam_stats s;
	struct making m;

	begin(&m);
	task(&m, 1, 10, 10, "ten");
	call_with(&m, 257, 10 * US, 11 * US, 3, (uint64_t[]){ (uint64_t)-100, 0x1000, 2 }, 1, "/tmp/a", 7);
	call_with(&m, 257, 20 * US, 21 * US, -2, (uint64_t[]){ (uint64_t)-100, 0x1000, 2 }, 1, "/tmp/none", 10);
	for (uint64_t i = 0; i < 5; i++) {
		call(&m, 10, READ, (30 + i) * US, (30 + i) * US + 100, 100, 3, 0x2000);
		call(&m, 10, 1, (40 + i) * US, (40 + i) * US + 100, 10, 3, 0x2000);
	}
	/* long for a read, but not for a file: no wait */
	call(&m, 10, READ, 50 * US, 70 * US, 0, 3, 0x2000);
	call(&m, 10, 41, 80 * US, 81 * US, 4, 2, 1);
	call_with(&m, 42, 90 * US, 190 * US, 0, (uint64_t[]){ 4, 0x3000, 16 }, 1, server, sizeof(server));
	call(&m, 10, 1, 200 * US, 201 * US, 1234, 4, 0x2000);
	call(&m, 10, READ, 300 * US, 400 * US, 5, 4, 0x2000);
	end(&m, &o, &s);
	f = named(s.files, s.file_count, "/tmp/a");
	OK(f->opens == 1 && f->calls == 12 && f->reads == 6 && f->read == 500 && f->writes == 5 && f->written == 50);
	EQ(f->errors, 0);
	f = named(s.files, s.file_count, "/tmp/none");
	OK(f->opens == 0 && f->calls == 1 && f->errors == 1);
	f = named(s.peers, s.peer_count, "10.1.2.3:80");
	OK(f->written == 1234 && f->read == 5);
	EQ(s.processes[0].read, 505);
	EQ(s.processes[0].written, 1284);
	EQ(waited(&s, "read", "3</tmp/a>")->count, 0);
	OK(seam_stats_sort(&s, "bytes") && !strcmp(s.files[0].name, "/tmp/a"));
	seam_stats_release(&s);
}

/* Whoever wakes is found even if only those who wait are asked for. */
static void test_where(void)
{
	struct seam_stats_options o = { .where = "tid == 10" };
	struct seam_stats s;
	struct making m;

	begin(&m);
	task(&m, 1, 10, 10, "ten");
	task(&m, 2, 11, 10, "other");
	call(&m, 11, FUTEX, 299 * US, 300 * US, 1, 0x1000, PRIVATE | 1);
	call(&m, 10, FUTEX, 250 * US, 301 * US, 0, 0x1000, PRIVATE);
	end(&m, &o, &s);
	EQ(s.all, 1);
	EQ(s.waits[0].waker[0].tid, 11);
	seam_stats_release(&s);
}

static void test_counts(void)
{
	struct seam_counts_call calls[2] = { { .others = false }, { .others = true } }, later[2];
	struct seam_counts_process processes[1] = { { .pid = 5, .name = "five", .calls = 3, .errors = 1, .total = 60 } };
	struct seam_counts_process more[2] = { { .pid = 5, .name = "five", .calls = 4, .total = 70, .errors = 1 },
					       { .pid = 6, .calls = 1 } };
	struct seam_counts c = { calls, 2, processes, 1, 1000, true }, d = { later, 2, more, 2, 3000, true };
	struct seam_stats s;

	calls[0].number = seam_call_by_name(&seam_tables, seam_arch_native(), "getppid")->number;
	calls[0].count.calls = 3;
	calls[0].count.errors = 1;
	calls[0].count.error[2] = 1;
	for (uint64_t i = 1; i <= 3; i++)
		histogram_add(&calls[0].count.times, i * 10);
	calls[1].count.calls = 1;
	memcpy(later, calls, sizeof(later));
	later[0].count.calls++;
	histogram_add(&later[0].count.times, 500);
	seam_stats_of_counts(&c, &s);
	OK(s.live && s.all == 4 && s.errors == 1 && s.call_count == 2 && s.process_count == 1);
	OK(!strcmp(s.calls[0].name, "getppid") && s.calls[0].times.max == 30 && s.calls[0].error[0].error == 2);
	OK(!s.calls[1].name && s.calls[1].number == UINT64_MAX);
	seam_stats_release(&s);
	seam_counts_subtract(&d, &c);
	seam_stats_of_counts(&d, &s);
	OK(s.all == 1 && s.elapsed == 2000 && s.call_count == 1 && s.process_count == 2);
	OK(s.calls[0].times.count == 1 && s.calls[0].times.max == 500 && s.errors == 0);
	seam_stats_release(&s);
}

static void test_text(void)
{
	struct seam_stats_text all = { .tables = (1u << SEAM_STATS_BY_COUNT) - 1, .lines = 1 };
	struct seam_stats s;
	struct seam_out out;
	struct making m;

	begin(&m);
	task(&m, 1, 10, 10, "a \"name\"");
	call(&m, 10, NANOSLEEP, 100 * US, 200 * US, 0, 0, 0);
	call(&m, 10, GETPPID, 300 * US, 300 * US + 500, -1, 0, 0);
	end(&m, NULL, &s);
	seam_out_init_mem(&out);
	seam_stats_print(&out, &s, &all);
	OK(strstr(out.data, "2 calls, 1 failed; 1 process;") != NULL);
	OK(strstr(out.data, " idle\n") != NULL);
	OK(strstr(out.data, "... and 1 more") != NULL);
	OK(strstr(out.data, "10 a \"name\": nanosleep time, idle\n") != NULL);
	seam_out_release(&out);
	seam_out_init_mem(&out);
	seam_stats_json(&out, &s, 0, false);
	OK(strstr(out.data, "{\"calls\": 2, \"errors\": 1, \"lost\": 0,") == out.data);
	OK(strstr(out.data, "a \\\"name\\\"") != NULL);
	OK(strstr(out.data, "EPERM") != NULL);
	EQ(out.data[out.len - 1], '\n');
	OK(strchr(out.data, '\n') == out.data + out.len - 1);
	seam_out_release(&out);
	seam_stats_release(&s);
}

int main(void)
{
	test_steps();
	test_quantiles();
	test_errors();
	test_calls();
	test_waits();
	test_files();
	test_where();
	test_counts();
	test_text();
	return tap_done();
}

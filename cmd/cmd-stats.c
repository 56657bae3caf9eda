/* SPDX-License-Identifier: BSD-2-Clause */
/* seam stats: a trace in figures. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "seam/filter.h"
#include "seam/json.h"
#include "seam/stats.h"

static bool json, processes;
static const char *where, *lines;

/* Three digits and a unit, in seven columns. */
static void put_time(struct seam_out *out, uint64_t ns)
{
	static const char *const units[] = { "ns", "us", "ms", "s " };
	double value = (double)ns;
	unsigned unit = 0;

	while (unit < 3 && value >= 999.5) {
		value /= 1000;
		unit++;
	}
	seam_out_printf(out, " %5.*f %s", unit && value < 9.995 ? 2 : unit && value < 99.95 ? 1 : 0, value, units[unit]);
}

static const char *error_name(int error)
{
	const char *name = error ? strerrorname_np(error) : "others";

	return name ? name : "?";
}

static void put_calls(struct seam_out *out, const struct seam_stats *s, size_t most)
{
	seam_out_puts(out, "  time      calls   errors     total     mean      p50      p99      max  call\n");
	for (size_t i = 0; i < s->call_count && i < most; i++) {
		const struct seam_stats_call *c = &s->calls[i];

		seam_out_printf(out, "%5.1f%% %10llu %8llu ", s->total ? 100.0 * (double)c->times.total / (double)s->total : 0,
				(unsigned long long)c->calls, (unsigned long long)c->errors);
		put_time(out, c->times.total);
		put_time(out, c->times.count ? c->times.total / c->times.count : 0);
		put_time(out, c->times.p50);
		put_time(out, c->times.p99);
		put_time(out, c->times.max);
		seam_out_printf(out, " %s%s", c->name ? c->name : "(unknown)", c->arch >= SEAM_ARCH_DESCRIBED ? " (32-bit)" : "");
		for (unsigned k = 0; k < c->error_count; k++)
			seam_out_printf(out, "%s%s %llu", k ? ", " : ": ", error_name(c->error[k].error),
					(unsigned long long)c->error[k].count);
		seam_out_putc(out, '\n');
	}
	if (s->call_count > most)
		seam_out_printf(out, "       ... and %zu more\n", s->call_count - most);
}

static void put_processes(struct seam_out *out, const struct seam_stats *s, size_t most)
{
	seam_out_puts(out, "  time      calls   errors     total  process\n");
	for (size_t i = 0; i < s->process_count && i < most; i++) {
		const struct seam_stats_process *p = &s->processes[i];

		seam_out_printf(out, "%5.1f%% %10llu %8llu ", s->total ? 100.0 * (double)p->total / (double)s->total : 0,
				(unsigned long long)p->calls, (unsigned long long)p->errors);
		put_time(out, p->total);
		seam_out_printf(out, " %u %s\n", p->pid, p->name);
	}
	if (s->process_count > most)
		seam_out_printf(out, "       ... and %zu more\n", s->process_count - most);
}

static void put_text(struct seam_out *out, const struct seam_stats *s)
{
	size_t most = lines ? (size_t)strtoul(lines, NULL, 10) : SIZE_MAX;

	seam_out_printf(out, "%llu calls, %llu failed; %zu processes;", (unsigned long long)s->all,
			(unsigned long long)s->errors, s->process_count);
	put_time(out, s->elapsed);
	seam_out_puts(out, " long,");
	put_time(out, s->total);
	seam_out_puts(out, " in calls\n");
	if (s->lost)
		seam_out_printf(out, "%llu are MISSING\n", (unsigned long long)s->lost);
	seam_out_putc(out, '\n');
	if (processes)
		put_processes(out, s, most);
	else
		put_calls(out, s, most);
}

static void put_json_call(struct seam_json *j, const struct seam_stats_call *c)
{
	seam_json_begin_object(j);
	seam_json_member_string(j, "name", c->name);
	seam_json_member_u64(j, "number", c->number);
	seam_json_member_u64(j, "calls", c->calls);
	seam_json_member_u64(j, "errors", c->errors);
	seam_json_member_u64(j, "unreturned", c->unreturned);
	seam_json_member_u64(j, "timed", c->times.count);
	seam_json_member_u64(j, "total_ns", c->times.total);
	seam_json_member_u64(j, "p50_ns", c->times.p50);
	seam_json_member_u64(j, "p90_ns", c->times.p90);
	seam_json_member_u64(j, "p99_ns", c->times.p99);
	seam_json_member_u64(j, "max_ns", c->times.max);
	seam_json_key(j, "by_error");
	seam_json_begin_object(j);
	for (unsigned k = 0; k < c->error_count; k++)
		seam_json_member_u64(j, error_name(c->error[k].error), c->error[k].count);
	seam_json_end_object(j);
	seam_json_end_object(j);
}

static void put_json(struct seam_out *out, const struct seam_stats *s)
{
	struct seam_json j;

	seam_json_init(&j, out, true);
	seam_json_begin_object(&j);
	seam_json_member_u64(&j, "calls", s->all);
	seam_json_member_u64(&j, "errors", s->errors);
	seam_json_member_u64(&j, "lost", s->lost);
	seam_json_member_u64(&j, "elapsed_ns", s->elapsed);
	seam_json_member_u64(&j, "total_ns", s->total);
	seam_json_key(&j, "by_call");
	seam_json_begin_array(&j);
	for (size_t i = 0; i < s->call_count; i++)
		put_json_call(&j, &s->calls[i]);
	seam_json_end_array(&j);
	seam_json_key(&j, "by_process");
	seam_json_begin_array(&j);
	for (size_t i = 0; i < s->process_count; i++) {
		seam_json_begin_object(&j);
		seam_json_member_u64(&j, "pid", s->processes[i].pid);
		seam_json_member_string(&j, "name", s->processes[i].name);
		seam_json_member_u64(&j, "calls", s->processes[i].calls);
		seam_json_member_u64(&j, "errors", s->processes[i].errors);
		seam_json_member_u64(&j, "total_ns", s->processes[i].total);
		seam_json_end_object(&j);
	}
	seam_json_end_array(&j);
	seam_json_end_object(&j);
	seam_out_putc(out, '\n');
}

static int run(struct cmd_run *c)
{
	struct seam_stats s;
	int r;

	if (lines) {
		char *end;

		if (!strtoul(lines, &end, 10) || *end)
			return usage_error(c->cmd, "'%s' is no number of lines", lines);
	}
	if (where) {
		struct seam_filter_options fo = { .arch = seam_arch_native() };
		struct seam_err err = SEAM_ERR_INIT;
		struct seam_filter *f;

		if (seam_filter_new(where, &fo, &f, &err) < 0)
			return usage_error(c->cmd, "%s", err.text);
		seam_filter_free(f);
	}
	r = seam_stats_read(c->argc ? c->argv[0] : "seam.trace", where, &s, c->err);
	if (r < 0)
		return r;
	if (json)
		put_json(c->out, &s);
	else
		put_text(c->out, &s);
	r = s.lost || s.damages ? EXIT_SEAM_FAILED : 0;
	seam_stats_release(&s);
	return r;
}

static const struct opt options[] = {
	{ 'w', "where", OPT_STRING, &where, "EXPR", "Count only what EXPR holds for; doc/filter.md has the language.", NULL, false },
	{ 'p', "processes", OPT_FLAG, &processes, NULL, "By process instead of by call.", NULL, false },
	{ 'n', "lines", OPT_STRING, &lines, "N", "Show only the first N lines.", NULL, false },
	{ 'j', "json", OPT_FLAG, &json, NULL, "Print one object with both instead of text.", NULL, false },
	{ 0 },
};

const struct cmd cmd_stats = {
	.name = "stats",
	.summary = "sum a trace up: counts, errors and times of each call or process",
	.args = "[FILE]",
	.about = "Reads what \"seam record\" has written to FILE (\"seam.trace\" if nothing is said) and prints for each call how often "
		 "it was made, how often it failed and how, and how long it took: together, on average, for half of the calls, for 99 of "
		 "a hundred, at most. What took most time comes first.\n\n"
		 "The exit status is 125 when calls are missing or a part of the file cannot be read; all else is counted.",
	.options = options,
	.complete = "@file",
	.min_args = 0,
	.max_args = 1,
	.exec = run,
};

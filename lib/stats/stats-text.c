/* SPDX-License-Identifier: BSD-2-Clause */
/* Figures as tables for people. */
#include <string.h>

#include "base/util.h"
#include "stats/stats-parts.h"

#define COLUMN 5 /* digits of a number */

/* A blank, three digits and a unit; width: COLUMN, or 0 where it stands between words. */
static void put_scaled(struct seam_out *out, uint64_t n, int width, const char *const *units, unsigned last)
{
	double value = (double)n;
	unsigned unit = 0;

	while (unit < last && value >= 999.5) {
		value /= 1000;
		unit++;
	}
	seam_out_printf(out, " %*.*f %-*s", width, unit && value < 9.995 ? 2 : unit && value < 99.95 ? 1 : 0, value, width ? 2 : 0, units[unit]);
}

static void put_time(struct seam_out *out, uint64_t ns, int width)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };

	put_scaled(out, ns, width, units, ARRAY_SIZE(units) - 1);
}

static void put_column(struct seam_out *out, uint64_t ns)
{
	put_time(out, ns, COLUMN);
}

const char *stats_error_name(int error)
{
	/* those that only the kernel sees have no name in the C library */
	static const struct {
		int error;
		const char *name;
	} restarts[] = { { 512, "ERESTARTSYS" }, { 513, "ERESTARTNOINTR" }, { 514, "ERESTARTNOHAND" },
			 { 515, "ENOIOCTLCMD" }, { 516, "ERESTART_RESTARTBLOCK" }, { 524, "ENOTSUPP" } };
	const char *name = error ? strerrorname_np(error) : "others";

	for (size_t i = 0; !name && i < ARRAY_SIZE(restarts); i++)
		if (restarts[i].error == error)
			name = restarts[i].name;
	return name ? name : "?";
}

/* What a trace says may be anything: nothing of it reaches the terminal as a command. */
static void put_name(struct seam_out *out, const char *name)
{
	for (const unsigned char *p = (const unsigned char *)name; *p; p++)
		if (*p < 0x20 || *p == 0x7f)
			seam_out_printf(out, "\\x%02x", *p);
		else
			seam_out_putc(out, (char)*p);
}

static void put_bytes(struct seam_out *out, uint64_t bytes)
{
	static const char *const units[] = { "B", "KB", "MB", "GB", "TB" };

	put_scaled(out, bytes, COLUMN, units, ARRAY_SIZE(units) - 1);
}

static void put_share(struct seam_out *out, uint64_t part, uint64_t all)
{
	seam_out_printf(out, "%5.1f%%", all ? 100.0 * (double)part / (double)all : 0.0);
}

static void put_more(struct seam_out *out, size_t count, size_t most)
{
	if (count > most)
		seam_out_printf(out, "       ... and %zu more\n", count - most);
}

static void put_calls(struct seam_out *out, const struct seam_stats *s, size_t most)
{
	seam_out_puts(out, "  time      calls   errors     total     mean      p50      p99      max");
	seam_out_puts(out, s->live ? "  call\n" : "   waited  call\n");
	for (size_t i = 0; i < s->call_count && i < most; i++) {
		const struct seam_stats_call *c = &s->calls[i];

		put_share(out, c->times.total, s->total);
		seam_out_printf(out, " %10llu %8llu ", (unsigned long long)c->calls, (unsigned long long)c->errors);
		put_column(out, c->times.total);
		put_column(out, c->times.count ? c->times.total / c->times.count : 0);
		put_column(out, c->times.p50);
		put_column(out, c->times.p99);
		put_column(out, c->times.max);
		if (!s->live)
			put_column(out, c->idle.blocked + c->idle.idle);
		seam_out_putc(out, ' ');
		if (c->name)
			seam_out_puts(out, c->name);
		else if (c->number == UINT64_MAX)
			seam_out_puts(out, "(unknown)");
		else
			seam_out_printf(out, "syscall_0x%llx", (unsigned long long)c->number);
		if (c->arch >= SEAM_ARCH_DESCRIBED)
			seam_out_puts(out, " (32-bit)");
		for (unsigned k = 0; k < c->error_count; k++)
			seam_out_printf(out, "%s%s %llu", k ? ", " : ": ", stats_error_name(c->error[k].error),
					(unsigned long long)c->error[k].count);
		seam_out_putc(out, '\n');
	}
	put_more(out, s->call_count, most);
}

static void put_processes(struct seam_out *out, const struct seam_stats *s, size_t most)
{
	seam_out_puts(out, "  time      calls   errors     total");
	seam_out_puts(out, s->live ? "  process\n" : "  blocked     idle     read  written  process\n");
	for (size_t i = 0; i < s->process_count && i < most; i++) {
		const struct seam_stats_process *p = &s->processes[i];

		put_share(out, p->total, s->total);
		seam_out_printf(out, " %10llu %8llu ", (unsigned long long)p->calls, (unsigned long long)p->errors);
		put_column(out, p->total);
		if (!s->live) {
			put_column(out, p->idle.blocked);
			put_column(out, p->idle.idle);
			put_bytes(out, p->read);
			put_bytes(out, p->written);
		}
		if (!p->pid) {
			seam_out_puts(out, " (others)\n");
			continue;
		}
		seam_out_printf(out, " %u ", p->pid);
		put_name(out, p->name);
		seam_out_putc(out, '\n');
	}
	put_more(out, s->process_count, most);
}

static void put_named(struct seam_out *out, const struct seam_stats *s, const struct seam_stats_file *list, size_t n,
		      size_t most, const char *what)
{
	seam_out_printf(out, "  time      calls   errors     total    opens     read  written  %s\n", what);
	for (size_t i = 0; i < n && i < most; i++) {
		put_share(out, list[i].total, s->total);
		seam_out_printf(out, " %10llu %8llu ", (unsigned long long)list[i].calls,
				(unsigned long long)list[i].errors);
		put_column(out, list[i].total);
		seam_out_printf(out, " %8llu", (unsigned long long)list[i].opens);
		put_bytes(out, list[i].read);
		put_bytes(out, list[i].written);
		seam_out_putc(out, ' ');
		put_name(out, list[i].name);
		seam_out_putc(out, '\n');
	}
	put_more(out, n, most);
}

static void put_files(struct seam_out *out, const struct seam_stats *s, size_t most)
{
	put_named(out, s, s->files, s->file_count, most, "file");
}

static void put_peers(struct seam_out *out, const struct seam_stats *s, size_t most)
{
	put_named(out, s, s->peers, s->peer_count, most, "peer");
}

static void put_waits(struct seam_out *out, const struct seam_stats *s, size_t most)
{
	seam_out_puts(out, "      waits     total     mean      max  process, what it waited for, who ended it\n");
	for (size_t i = 0; i < s->wait_count && i < most; i++) {
		const struct seam_stats_wait *w = &s->waits[i];

		seam_out_printf(out, " %10llu ", (unsigned long long)w->count);
		put_column(out, w->total);
		put_column(out, w->total / w->count);
		put_column(out, w->max);
		seam_out_printf(out, " %u ", w->pid);
		put_name(out, w->name);
		seam_out_printf(out, ": %s ", w->call);
		put_name(out, w->what);
		seam_out_puts(out, w->idle ? ", idle" : "");
		for (unsigned k = 0; k < SEAM_STATS_WAKERS && w->waker[k].tid; k++)
			seam_out_printf(out, "%s%u (%llu)", k ? ", " : "; by ", w->waker[k].tid,
					(unsigned long long)w->waker[k].count);
		seam_out_putc(out, '\n');
	}
	put_more(out, s->wait_count, most);
}

static void put_head(struct seam_out *out, const struct seam_stats *s)
{
	seam_out_printf(out, "%llu call%s, %llu failed; %zu process%s;", (unsigned long long)s->all, s->all == 1 ? "" : "s",
			(unsigned long long)s->errors, s->process_count, s->process_count == 1 ? "" : "es");
	put_time(out, s->elapsed, 0);
	seam_out_puts(out, " long,");
	put_time(out, s->total, 0);
	seam_out_puts(out, " in calls");
	if (!s->live) {
		uint64_t waited = s->idle.blocked + s->idle.idle;

		seam_out_puts(out, ":");
		put_time(out, s->total - MIN(waited, s->total), 0);
		seam_out_puts(out, " working,");
		put_time(out, s->idle.blocked, 0);
		seam_out_puts(out, " blocked,");
		put_time(out, s->idle.idle, 0);
		seam_out_puts(out, " idle");
	}
	seam_out_putc(out, '\n');
	if (s->lost)
		seam_out_printf(out, "%llu are MISSING\n", (unsigned long long)s->lost);
}

void seam_stats_print(struct seam_out *out, const struct seam_stats *s, const struct seam_stats_text *how)
{
	static void (*const tables[SEAM_STATS_BY_COUNT])(struct seam_out *out, const struct seam_stats *s,
							 size_t most) = {
		put_calls, put_processes, put_files, put_peers, put_waits,
	};

	put_head(out, s);
	for (unsigned i = 0; i < SEAM_STATS_BY_COUNT; i++)
		if (how->tables >> i & 1) {
			seam_out_putc(out, '\n');
			tables[i](out, s, how->lines ? how->lines : SIZE_MAX);
		}
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What seam record says while it works, and at its end. */
#include "record-report.h"

#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define COLUMNS 80

void report_size(struct seam_out *out, uint64_t bytes)
{
	if (bytes < 10000)
		seam_out_printf(out, "%llu bytes", (unsigned long long)bytes);
	else if (bytes < 10000000)
		seam_out_printf(out, "%.0f KB", (double)bytes / 1e3);
	else if (bytes < 10000000000)
		seam_out_printf(out, "%.1f MB", (double)bytes / 1e6);
	else
		seam_out_printf(out, "%.2f GB", (double)bytes / 1e9);
}

/* Short enough for a line: 1234, 12.3k, 4.56M. */
static void put_short(struct seam_out *out, double n)
{
	if (n < 10000)
		seam_out_printf(out, "%.0f", n);
	else if (n < 1e6)
		seam_out_printf(out, "%.1fk", n / 1e3);
	else if (n < 1e9)
		seam_out_printf(out, "%.2fM", n / 1e6);
	else
		seam_out_printf(out, "%.2fG", n / 1e9);
}

/* The terminal is somebody else's: a job in the foreground, or a program that paints its own screen. */
static bool is_taken(void)
{
	struct termios t;
	pid_t front = tcgetpgrp(2);

	return (front > 0 && front != getpgrp()) || (tcgetattr(2, &t) == 0 && !(t.c_lflag & ICANON));
}

void report_progress(void *user, const struct seam_record_progress *p)
{
	struct report *r = user;
	double seconds = p->seconds - r->last_seconds;
	struct winsize size = { .ws_col = 0 };
	struct seam_out line;
	size_t room;

	if (is_taken())
		return;
	seam_out_init_mem(&line);
	put_short(&line, (double)p->calls);
	seam_out_puts(&line, " calls");
	if (seconds > 0) {
		seam_out_puts(&line, ", ");
		put_short(&line, (double)(p->calls - r->last_calls) / seconds);
		seam_out_puts(&line, "/s");
	}
	if (p->lost) {
		seam_out_puts(&line, ", ");
		put_short(&line, (double)p->lost);
		seam_out_puts(&line, " LOST");
	}
	seam_out_printf(&line, ", %.1f s", p->seconds);
	if (p->stops) {
		seam_out_puts(&line, ", ");
		put_short(&line, (double)p->stops);
		seam_out_puts(&line, " waits");
	}
	seam_out_puts(&line, ", ");
	put_short(&line, (double)p->tasks);
	seam_out_puts(&line, p->tasks == 1 ? " task" : " tasks");
	if (p->stored) {
		seam_out_puts(&line, ", ");
		report_size(&line, p->stored);
	}
	if (ioctl(2, TIOCGWINSZ, &size) < 0 || !size.ws_col)
		size.ws_col = COLUMNS;
	/* one column less, so that no terminal goes on to the next line; the cursor stays where the program's own words would begin */
	room = size.ws_col - 1u;
	seam_out_puts(r->out, "\r");
	seam_out_style(r->out, SEAM_FAINT);
	seam_out_write(r->out, line.data, line.len < room ? line.len : room);
	seam_out_style(r->out, SEAM_PLAIN);
	seam_out_puts(r->out, "\033[K\r");
	seam_out_flush(r->out);
	seam_out_release(&line);
	r->last_seconds = p->seconds;
	r->last_calls = p->calls;
	r->shown = true;
}

void report_clear(struct report *r)
{
	if (r->shown && !is_taken())
		seam_out_puts(r->out, "\r\033[K");
	r->shown = false;
}

static void put_files(struct seam_out *out, const struct seam_record_options *o, const struct seam_record_result *r)
{
	if (!strcmp(o->output, "-"))
		seam_out_puts(out, " to standard output");
	else if (!r->first_file)
		seam_out_printf(out, " in %s", o->output);
	else if (r->first_file == r->last_file)
		seam_out_printf(out, " in %s.%06llu", o->output, (unsigned long long)r->first_file);
	else
		seam_out_printf(out, " in %s.%06llu to .%06llu", o->output, (unsigned long long)r->first_file,
				(unsigned long long)r->last_file);
	if (o->keep && r->first_file && r->last_file - r->first_file >= o->keep)
		seam_out_printf(out, ", the last %llu are there", (unsigned long long)o->keep);
}

static void put_flight(struct seam_out *out, const struct seam_record_options *o, const struct seam_record_result *r)
{
	seam_out_puts(out, ", the last of it in ");
	report_size(out, r->stored);
	seam_out_puts(out, " of memory");
	if (r->first_file)
		put_files(out, o, r);
	else
		seam_out_puts(out, "; nobody wanted it written");
	seam_out_putc(out, '\n');
}

void report_snapshot(struct seam_out *out, const char *who, const struct seam_snapshot *shot)
{
	if (shot->error) {
		seam_out_printf(out, "%s: %s\n", who, shot->error);
		return;
	}
	seam_out_printf(out, "%s: the last %.1f s, ", who, shot->seconds);
	report_size(out, shot->bytes);
	seam_out_printf(out, ", in %s", shot->path);
	if (*shot->why)
		seam_out_printf(out, " (%s)", shot->why);
	seam_out_putc(out, '\n');
}

void report_snapped(void *user, const struct seam_snapshot *shot)
{
	struct report *r = user;

	report_clear(r);
	report_snapshot(r->out, "seam record", shot);
	seam_out_flush(r->out);
}

static const char *how_they_waited(enum seam_pause p)
{
	return p == SEAM_PAUSE_HOLD ? "waited" : p == SEAM_PAUSE_FREEZE ? "frozen" : "stopped";
}

void report_children(void *user, uint64_t children)
{
	struct report *r = user;

	report_clear(r);
	seam_out_printf(r->out, "seam record: there %s %llu child process%s that %s not recorded, only those to come: -p takes more numbers, --cgroup all of "
			"a group\n", children == 1 ? "is" : "are", (unsigned long long)children, children == 1 ? "" : "es",
			children == 1 ? "is" : "are");
	seam_out_flush(r->out);
}

void report_engine(void *user, enum seam_engine engine, const char *why)
{
	struct report *r = user;

	report_clear(r);
	seam_out_printf(r->out, "seam record: by %s: %s\n", seam_engine_name(engine), why);
	seam_out_flush(r->out);
}

void report_summary(struct seam_out *out, const struct seam_record_options *o, const struct seam_record_result *r)
{
	seam_out_printf(out, "seam record: %llu call%s of %llu task%s in %.2f s, ", (unsigned long long)r->calls,
			r->calls == 1 ? "" : "s", (unsigned long long)r->tasks, r->tasks == 1 ? "" : "s", r->seconds);
	if (r->lost)
		seam_out_printf(out, "%llu LOST; ", (unsigned long long)(r->lost - r->lost_others));
	if (r->lost_others)
		seam_out_printf(out, "%llu other records LOST; ", (unsigned long long)r->lost_others);
	else
		seam_out_puts(out, "none lost; ");
	if (r->stops)
		seam_out_printf(out, "%s %llu time%s for want of room; ", how_they_waited(r->pause), (unsigned long long)r->stops,
				r->stops == 1 ? "" : "s");
	seam_out_printf(out, "%.1f ms of our own time; ", r->own_seconds * 1e3);
	report_size(out, r->bytes);
	if (o->flight) {
		put_flight(out, o, r);
		return;
	}
	seam_out_puts(out, ", as ");
	report_size(out, r->stored);
	put_files(out, o, r);
	seam_out_putc(out, '\n');
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* seam record --stats: figures instead of a trace. */
#include "record-stats.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "stats-options.h"

#define FRAME 4 /* lines around a table */

struct shown {
	const struct record_stats_options *options;
	struct seam_stats_text text;
	struct seam_out *out;
	struct seam_counts before; /* at the last interval */
	unsigned screen;           /* lines of a terminal that is drawn again; 0: tables follow each other */
	bool any;
};

static void show(struct shown *d, const struct seam_counts *counts, bool in_between)
{
	struct seam_stats_text text = d->text;
	struct seam_stats s;

	seam_stats_of_counts(counts, &s);
	if (d->options->sort)
		seam_stats_sort(&s, d->options->sort);
	if (d->options->json) {
		seam_stats_json(d->out, &s, text.lines, !d->options->interval);
	} else {
		if (in_between && d->screen) {
			seam_out_puts(d->out, "\033[H\033[J");
			if (!text.lines && d->screen > FRAME)
				text.lines = d->screen - FRAME;
		} else if (d->any) {
			seam_out_putc(d->out, '\n');
		}
		seam_stats_print(d->out, &s, &text);
	}
	d->any = true;
	seam_out_flush(d->out);
	seam_stats_release(&s);
}

static void copy_counts(struct seam_counts *to, const struct seam_counts *from)
{
	seam_counts_release(to);
	*to = *from;
	to->calls = malloc((from->call_count + 1) * sizeof(*to->calls));
	to->processes = malloc((from->process_count + 1) * sizeof(*to->processes));
	if (!to->calls || !to->processes)
		abort();
	if (from->call_count)
		memcpy(to->calls, from->calls, from->call_count * sizeof(*to->calls));
	if (from->process_count)
		memcpy(to->processes, from->processes, from->process_count * sizeof(*to->processes));
}

/* What happened since the last time. */
static void during(void *user, const struct seam_counts *now)
{
	struct seam_counts since = { 0 };
	struct shown *d = user;

	copy_counts(&since, now);
	seam_counts_subtract(&since, &d->before);
	copy_counts(&d->before, now);
	show(d, &since, true);
	seam_counts_release(&since);
}

static int parse_interval(const struct cmd *cmd, const char *text, uint64_t *ret)
{
	double seconds;
	char *end;

	*ret = 0;
	if (!text)
		return 0;
	seconds = strtod(text, &end);
	if (end == text || *end || !(seconds >= 0.01 && seconds <= 1e6))
		return usage_error(cmd, "'%s' is no interval: seconds, 0.01 or more", text);
	*ret = (uint64_t)(seconds * 1e9);
	return 0;
}

int record_stats(const struct cmd *cmd, const struct record_stats_options *options, struct seam_record_options *o,
		 struct seam_record_result *ret, struct seam_err *err)
{
	struct shown d = { .options = options };
	struct seam_counts counts;
	struct seam_out out;
	struct winsize size;
	uint64_t interval;
	int fd = 2, r;

	if ((r = stats_text_options(cmd, options->by, options->sort, options->lines, &d.text)) ||
	    (r = parse_interval(cmd, options->interval, &interval)))
		return r;
	if (d.text.tables >> SEAM_STATS_BY_PROCESS > 1 && options->by && strcmp(options->by, "all"))
		return usage_error(cmd, "--by %s needs a trace: only call and process are counted live", options->by);
	d.text.tables &= 1u << SEAM_STATS_BY_CALL | 1u << SEAM_STATS_BY_PROCESS;
	if (options->output && strcmp(options->output, "-") != 0)
		fd = open(options->output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	else if (options->output)
		fd = 1;
	if (fd < 0)
		return seam_err_errno(err, -errno, "%s", options->output);
	seam_out_init(&out, fd);
	d.out = &out;
	if (interval && isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0)
		d.screen = size.ws_row;
	o->progress = NULL;
	o->user = &d;
	r = seam_count(o, interval, during, ret, &counts, err);
	if (r >= 0) {
		show(&d, &counts, false);
		seam_counts_release(&counts);
	}
	seam_counts_release(&d.before);
	if (r >= 0)
		r = seam_out_close(&out, err);
	else
		seam_out_release(&out);
	if (fd > 2)
		close(fd);
	return r;
}

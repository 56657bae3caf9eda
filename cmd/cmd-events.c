/* SPDX-License-Identifier: BSD-2-Clause */
/* seam events: what a command does to the world, a line each, as it happens. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "command-status.h"
#include "pids.h"
#include "seam/deeds.h"
#include "seam/recording.h"

static const char *output, *kinds;
static char *pids;
static bool json;

struct events {
	struct seam_deeds *deeds;
	struct seam_out out;
	uint64_t kinds;
};

static void on_event(void *user, const struct seam_event *e)
{
	struct events *v = user;
	struct seam_deed deed;

	seam_deeds_see(v->deeds, e);
	while (seam_deeds_next(v->deeds, &deed))
		if (seam_deed_is(&deed, v->kinds))
			seam_deed_line(&deed, json, &v->out);
	/* as it happens */
	if (v->out.len)
		seam_out_flush(&v->out);
}

static int open_output(struct cmd_run *c, int *ret)
{
	*ret = !output ? 2 : 1;
	if (!output || !strcmp(output, "-"))
		return 0;
	*ret = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	return *ret < 0 ? seam_err_errno(c->err, -errno, "cannot write %s", output) : 0;
}

static int watch(struct cmd_run *c, struct events *v)
{
	pid_t attached[MAX_PIDS];
	struct seam_callset calls;
	struct seam_record_options o = { .output = output, .pids = attached, .calls = &calls };
	struct seam_record_result result = { 0 };
	int r, fd, written;

	if ((r = parse_pids(c->cmd, pids, attached, &o.pid_count)))
		return r;
	if (c->argc)
		o.command = c->argv;
	if (!o.command == !o.pid_count)
		return usage_error(c->cmd, "one of a command and -p is needed");
	v->kinds = SEAM_DEED_ALL;
	if (kinds && seam_deed_kinds(kinds, &v->kinds, c->err) < 0)
		return usage_error(c->cmd, "%s", c->err->text);
	seam_callset_init(&calls, &seam_tables, seam_arch_native());
	seam_deed_calls(&calls, v->kinds, true);
	r = open_output(c, &fd);
	if (r < 0)
		return r;
	seam_out_init(&v->out, fd);
	v->deeds = seam_deeds_new(NULL);
	r = seam_observe(&o, on_event, v, &result, c->err);
	seam_deeds_free(v->deeds);
	written = seam_out_close(&v->out, NULL);
	if (fd > 2)
		close(fd);
	if (written < 0 && r >= 0)
		return seam_err_errno(c->err, written, "cannot write %s", fd > 2 ? output : "the events");
	return command_status(c, r, result.no_command, result.status);
}

static int run(struct cmd_run *c)
{
	struct events v = { 0 };

	return watch(c, &v);
}

static const struct opt options[] = {
	{ 'o', "output", OPT_STRING, &output, "FILE",
	  "Write the events to FILE, and not to standard error. \"-\" is standard output; what COMMAND writes there goes to standard error then.", "@file", false },
	{ 'p', "attach", OPT_WORDS, &pids, "PID,...",
	  "Watch processes that run already, with all their threads and the children that they will have. SIGINT ends it.", NULL, false },
	{ 'k', "kinds", OPT_STRING, &kinds, "KIND,...",
	  "Only events of these kinds, as in FileOpened,FileRemoved,Connected; \"changes\": what alters something, and succeeds. The fewer calls it takes to see them, the less COMMAND is held up.", NULL, false },
	{ 0, "json", OPT_FLAG, &json, NULL, "Objects instead of text, one a line; doc/events.md says what is in them.", NULL, false },
	{ 0 },
};

const struct cmd cmd_events = {
	.name = "events",
	.summary = "what a command does to the world, as it happens",
	.args = "[COMMAND [ARGUMENT]...]",
	.about = "Runs COMMAND, or attaches to processes, and tells what they do to the world, a line each, as it happens: files opened, made, removed and renamed, folders listed, "
		 "connections, processes started and ended; also what was asked for and not there. Which kinds of events there are, and how they are known, says "
		 "doc/events.md. \"seam show --events\" tells the same of a trace.\n\n"
		 "Tasks are stopped at the calls that can be such events, and at no others, by ptrace: no privilege is needed.\n\n"
		 "The exit status is the command's own, 128 and the signal's number if one killed it, and 125 when Seam itself failed.",
	.options = options,
	.min_args = 0,
	.max_args = -1,
	.options_first = true,
	.exec = run,
};

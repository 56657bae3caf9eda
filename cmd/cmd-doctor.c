/* SPDX-License-Identifier: BSD-2-Clause */
/* seam doctor: what works here, what does not, and what would make it work. */
#include <string.h>

#include "cmd.h"
#include "seam/json.h"
#include "seam/probe.h"

static bool json;

static const char *const status_words[] = {
	[SEAM_PROBE_WORKS] = "works",
	[SEAM_PROBE_FAILS] = "fails",
	[SEAM_PROBE_MISSING] = "missing",
};

static const enum seam_style status_styles[] = {
	[SEAM_PROBE_WORKS] = SEAM_GREEN,
	[SEAM_PROBE_FAILS] = SEAM_RED,
	[SEAM_PROBE_MISSING] = SEAM_YELLOW,
};

static void write_text(struct seam_out *out, const struct seam_probe *probe, const struct seam_probe_result *result)
{
	seam_out_style(out, status_styles[result->status]);
	seam_out_printf(out, "%-8s", status_words[result->status]);
	seam_out_style(out, SEAM_PLAIN);
	seam_out_printf(out, "%-8s  %s, for %s\n", probe->name, probe->what, probe->use);
	if (result->status == SEAM_PROBE_WORKS)
		return;
	seam_out_printf(out, "%18s%s%s%s\n", "", result->detail, result->error ? ": " : "",
			result->error ? strerrordesc_np(-result->error) : "");
	if (result->remedy)
		seam_out_printf(out, "%18sneeds: %s\n", "", result->remedy);
}

static void write_json(struct seam_json *j, const struct seam_probe *probe, const struct seam_probe_result *result)
{
	seam_json_begin_object(j);
	seam_json_member_string(j, "name", probe->name);
	seam_json_member_string(j, "what", probe->what);
	seam_json_member_string(j, "use", probe->use);
	seam_json_member_string(j, "status", status_words[result->status]);
	seam_json_member_string(j, "detail", result->detail);
	seam_json_member_string(j, "error", result->error ? strerrorname_np(-result->error) : NULL);
	seam_json_member_string(j, "remedy", result->remedy);
	seam_json_end_object(j);
}

static int run(struct cmd_run *r)
{
	struct seam_probe_result result;
	struct seam_json j;
	size_t n;
	const struct seam_probe *probes = seam_probes(&n);

	seam_json_init(&j, r->out, true);
	if (json)
		seam_json_begin_array(&j);
	for (size_t i = 0; i < n; i++) {
		probes[i].run(&result);
		if (json)
			write_json(&j, &probes[i], &result);
		else
			write_text(r->out, &probes[i], &result);
	}
	if (json) {
		seam_json_end_array(&j);
		seam_out_putc(r->out, '\n');
	}
	return 0;
}

static const struct opt options[] = {
	{ 'j', "json", OPT_FLAG, &json, NULL, "Print an array of objects instead of text.", NULL, false },
	{ 0 },
};

const struct cmd cmd_doctor = {
	.name = "doctor",
	.summary = "say what works on this machine, and what would make the rest work",
	.about = "Tries each thing that Seam's engines stand on, in a child process where needed, and prints what happened: "
		 "tracing with ptrace, Syscall User Dispatch, seccomp, BPF, the kernel's type information, tracefs and user "
		 "namespaces. Nothing on the machine is changed.\n\n"
		 "The exit status is 0 also when something does not work here: not all of it is needed at once.",
	.options = options,
	.exec = run,
};

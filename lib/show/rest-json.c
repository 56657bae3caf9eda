/* SPDX-License-Identifier: BSD-2-Clause */
/* What events have that are no calls, as members of a JSON object. */
#include "show/rest-json.h"

#include <stdio.h>
#include <string.h>

#include "seam/json.h"
#include "show/beside.h"
#include "show/show-files.h"

static void put_string(struct seam_text *x, const char *key, const char *text)
{
	seam_out_printf(x->out, ",\"%s\":", key);
	if (text)
		seam_json_quoted(x->out, text, strlen(text));
	else
		seam_out_puts(x->out, "null");
}

static void put_number(struct seam_text *x, const char *key, uint64_t n)
{
	seam_out_printf(x->out, ",\"%s\":%llu", key, (unsigned long long)n);
}

static void put_own(struct seam_text *x, const struct seam_own_pids *own)
{
	if (!own->tid)
		return;
	put_number(x, "own_tid", own->tid);
	put_number(x, "own_pid", own->pid);
	put_number(x, "pid_namespace", own->space);
}

/* Strings one after the other; where not all are there, that is said. */
static void put_words(struct seam_text *x, const char *key, const struct seam_strings *words)
{
	seam_out_printf(x->out, ",\"%s\":[", key);
	for (uint32_t at = 0; at < words->size;) {
		uint32_t n = (uint32_t)strnlen(words->bytes + at, words->size - at);

		if (at)
			seam_out_putc(x->out, ',');
		seam_json_quoted(x->out, words->bytes + at, n);
		at += n + 1;
	}
	seam_out_putc(x->out, ']');
	if (words->whole > words->size)
		seam_out_printf(x->out, ",\"%s_cut\":true", key);
}

static void put_exec(struct seam_text *x, const struct seam_event *e)
{
	put_string(x, "file", e->exec.file.size && !e->exec.file.bytes[e->exec.file.size - 1] ? e->exec.file.bytes : NULL);
	put_words(x, "args", &e->exec.args);
	put_number(x, "env_bytes", e->exec.env.whole);
	if (e->exec.old_tid != e->tid)
		put_number(x, "old_tid", e->exec.old_tid);
}

static void put_signal(struct seam_text *x, const struct seam_event *e)
{
	const char *name = sigabbrev_np((int)e->signal.signal);
	char text[32];

	put_number(x, "signal", e->signal.signal);
	snprintf(text, sizeof(text), "SIG%s", name ? name : "");
	put_string(x, "name", name ? text : NULL);
	seam_out_printf(x->out, ",\"code\":%d,\"errno\":%d,\"handler\":\"%#llx\",\"sent\":%s", e->signal.code, e->signal.error,
			(unsigned long long)e->signal.handler, e->signal.sent ? "true" : "false");
	if (e->signal.info_size < sizeof(uint32_t) || !*e->signal.info)
		return;
	seam_out_puts(x->out, ",\"info\":\"");
	seam_text_signal(x, e->signal.info, e->signal.info_size);
	seam_out_putc(x->out, '"');
}

static void put_fork(struct seam_text *x, const struct seam_event *e)
{
	put_number(x, "child_tid", e->fork.tid);
	put_number(x, "child_pid", e->fork.pid);
	put_own(x, &e->fork.own);
	if (e->fork.worker)
		seam_out_puts(x->out, ",\"worker\":true");
}

void rest_json(struct seam_text *x, const struct seam_event *e)
{
	switch (e->kind) {
	case SEAM_EVENT_FORK:
		put_fork(x, e);
		break;
	case SEAM_EVENT_EXEC:
		put_exec(x, e);
		break;
	case SEAM_EVENT_WORDS:
		put_words(x, e->words.env ? "env" : "args", &e->words.more);
		break;
	case SEAM_EVENT_EXIT:
		put_number(x, "status", e->exit.status);
		break;
	case SEAM_EVENT_DESCRIPTOR:
		show_files_json_rest(x->out, e);
		break;
	case SEAM_EVENT_NAME:
		put_string(x, "name", e->name.name);
		break;
	case SEAM_EVENT_SIGNAL:
		put_signal(x, e);
		break;
	case SEAM_EVENT_TASK:
		put_number(x, "ppid", e->task.ppid);
		put_number(x, "uid", e->task.uid);
		put_own(x, &e->task.own);
		break;
	case SEAM_EVENT_LOSS:
	case SEAM_EVENT_GAP:
		put_number(x, "count", e->loss.count);
		break;
	case SEAM_EVENT_DAMAGE:
		put_number(x, "offset", e->damage.offset);
		put_number(x, "records", e->damage.records);
		put_string(x, "what", e->damage.text);
		break;
	default:
		if (beside_is(e, true))
			beside_json(x, e);
	}
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A deed as a JSON object. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "deeds/deeds-parts.h"
#include "seam/json.h"

/* What is not UTF-8 is not lost but stands there in hexadecimal, as in the arguments of calls. */
static void put_bytes(struct seam_json *j, const char *s, size_t n)
{
	struct seam_out text;
	bool whole;

	seam_out_init_mem(&text);
	whole = seam_json_quoted(&text, s, n);
	seam_out_release(&text);
	if (whole) {
		seam_json_bytes(j, s, n);
		return;
	}
	seam_json_begin_object(j);
	seam_json_key(j, "hex");
	seam_out_init_mem(&text);
	for (size_t i = 0; i < n; i++)
		seam_out_printf(&text, "%02x", (unsigned char)s[i]);
	seam_json_string(j, text.data ? text.data : "");
	seam_out_release(&text);
	seam_json_end_object(j);
}

static void put_text(struct seam_json *j, const char *key, const char *s)
{
	if (!*s)
		return;
	seam_json_key(j, key);
	put_bytes(j, s, strlen(s));
}

static void put_flag(struct seam_json *j, const struct seam_deed *deed, uint32_t flag, const char *key)
{
	if (deed->flags & flag)
		seam_json_member_bool(j, key, true);
}

/* "SIGTERM", or the number. */
static void put_signal(struct seam_json *j, const char *key, uint32_t signal)
{
	char name[32];

	if (signal < 65 && sigabbrev_np((int)signal)) {
		snprintf(name, sizeof(name), "SIG%s", sigabbrev_np((int)signal));
		seam_json_member_string(j, key, name);
	} else {
		seam_json_member_u64(j, key, signal);
	}
}

static void put_status(struct seam_json *j, const struct seam_deed *deed)
{
	if (!deed->has_status)
		return;
	if (!(deed->status & 0x7f)) {
		seam_json_member_u64(j, "status", deed->status >> 8 & 0xff);
		return;
	}
	put_signal(j, "killed_by", deed->status & 0x7f);
	if (WCOREDUMP((int)deed->status))
		seam_json_member_bool(j, "core", true);
}

static void put_args(struct seam_json *j, const struct seam_deed *deed)
{
	const char *p = deed->args.bytes;

	if (!deed->args.size)
		return;
	seam_json_key(j, "args");
	seam_json_begin_array(j);
	for (size_t left = deed->args.size; left;) {
		size_t size = strnlen(p, left);

		put_bytes(j, p, size);
		size += size < left;
		p += size;
		left -= size;
	}
	seam_json_end_array(j);
	put_flag(j, deed, SEAM_DEED_ARGS_CUT, "args_cut");
}

static void put_flags(struct seam_json *j, const struct seam_deed *deed)
{
	put_flag(j, deed, SEAM_DEED_READ, "read");
	put_flag(j, deed, SEAM_DEED_WRITE, "write");
	put_flag(j, deed, SEAM_DEED_CREATED, "created");
	if (deed->flags & SEAM_DEED_MAY_CREATE)
		seam_json_member_string(j, "created", "perhaps");
	put_flag(j, deed, SEAM_DEED_TRUNCATED, "truncated");
	put_flag(j, deed, SEAM_DEED_UNNAMED, "unnamed");
	put_flag(j, deed, SEAM_DEED_SYMBOLIC, "symbolic");
	put_flag(j, deed, SEAM_DEED_EXCHANGED, "exchanged");
	if (deed->flags & SEAM_DEED_MAY_REPLACE)
		seam_json_member_string(j, "replaced", "perhaps");
	put_flag(j, deed, SEAM_DEED_THREAD, "thread");
	put_flag(j, deed, SEAM_DEED_KERNEL, "kernel");
	put_flag(j, deed, SEAM_DEED_PERHAPS, "perhaps");
}

static const char *path_key(enum seam_deed_kind kind)
{
	return kind == SEAM_DEED_SYSTEM_CHANGED ? "part" : kind == SEAM_DEED_UNKNOWN ? "call" :
	       kind >= SEAM_DEED_BOUND && kind <= SEAM_DEED_RECEIVED ? "socket" : "path";
}

void seam_deed_json(const struct seam_deed *deed, struct seam_out *out)
{
	struct seam_json j;

	seam_json_init(&j, out, false);
	seam_json_begin_object(&j);
	seam_json_member_string(&j, "kind", seam_deed_name(deed->kind));
	seam_json_member_u64(&j, "time", deed->time);
	seam_json_member_u64(&j, "tid", deed->tid);
	seam_json_member_u64(&j, "pid", deed->pid);
	put_text(&j, path_key(deed->kind), deed->path);
	put_text(&j, "to", deed->to);
	if (deed->fd >= 0)
		seam_json_member_i64(&j, "fd", deed->fd);
	put_flags(&j, deed);
	put_text(&j, "local", deed->local);
	put_text(&j, "peer", deed->peer);
	if (deed->bytes != SEAM_DEED_NO_BYTES)
		seam_json_member_u64(&j, "bytes", deed->bytes);
	if (deed->child_tid)
		seam_json_member_u64(&j, "child_tid", deed->child_tid);
	if (deed->child_pid || deed->kind == SEAM_DEED_SIGNAL_SENT)
		seam_json_member_i64(&j, deed->kind == SEAM_DEED_SIGNAL_SENT ? "target" : "child", (int32_t)deed->child_pid);
	if (deed->kind == SEAM_DEED_SIGNAL_SENT)
		put_signal(&j, "signal", deed->signal);
	put_status(&j, deed);
	put_args(&j, deed);
	if (deed->error && strerrorname_np(deed->error))
		seam_json_member_string(&j, "error", strerrorname_np(deed->error));
	else if (deed->error)
		seam_json_member_i64(&j, "error", deed->error);
	seam_json_end_object(&j);
}

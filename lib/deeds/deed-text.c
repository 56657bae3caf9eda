/* SPDX-License-Identifier: BSD-2-Clause */
/* A deed as a line for people. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/out-room.h"
#include "deeds/deeds-parts.h"

enum { ARGS_SHOWN = 16, ARG_BYTES = 64 };

/* In double quotes, as text of calls has it: what cannot be printed in octal. */
static void put_quoted(struct seam_out *out, const char *s, size_t n)
{
	out_putc(out, '"');
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '"' || c == '\\') {
			out_putc(out, '\\');
			out_putc(out, (char)c);
		} else if (c == '\n' || c == '\t') {
			out_puts(out, c == '\n' ? "\\n" : "\\t");
		} else if (c < ' ' || c >= 0x7f) {
			seam_out_printf(out, "\\%03o", c);
		} else {
			out_putc(out, (char)c);
		}
	}
	out_putc(out, '"');
}

/* " word "name"", or nothing. */
static void put_name(struct seam_out *out, const char *word, const char *name)
{
	if (!*name)
		return;
	out_puts(out, word);
	put_quoted(out, name, strlen(name));
}

static void put_opened(const struct seam_deed *deed, struct seam_out *out)
{
	bool both = deed->flags & SEAM_DEED_READ && deed->flags & SEAM_DEED_WRITE;

	if (deed->flags & (SEAM_DEED_READ | SEAM_DEED_WRITE))
		out_puts(out, both ? " to read and write" : deed->flags & SEAM_DEED_READ ? " to read" : " to write");
	if (deed->flags & SEAM_DEED_UNNAMED)
		out_puts(out, ", made without a name");
	else if (deed->flags & SEAM_DEED_CREATED)
		out_puts(out, ", created");
	else if (deed->flags & SEAM_DEED_MAY_CREATE)
		out_puts(out, ", perhaps created");
	if (deed->flags & SEAM_DEED_TRUNCATED)
		out_puts(out, ", truncated");
}

static void put_args(const struct seam_deed *deed, struct seam_out *out)
{
	const char *p = deed->args.bytes;
	size_t left = deed->args.size;
	unsigned n = 0;

	if (!left)
		return;
	for (; left && n < ARGS_SHOWN; n++) {
		size_t size = strnlen(p, left);

		out_puts(out, n ? ", " : " [");
		put_quoted(out, p, MIN(size, (size_t)ARG_BYTES));
		if (size > ARG_BYTES)
			out_puts(out, "...");
		size += size < left;
		p += size;
		left -= size;
	}
	out_puts(out, left || deed->flags & SEAM_DEED_ARGS_CUT ? ", ...]" : "]");
}

static void put_signal(struct seam_out *out, uint32_t signal)
{
	const char *name = signal < 65 ? sigabbrev_np((int)signal) : NULL;

	if (name)
		seam_out_printf(out, "SIG%s", name);
	else
		seam_out_printf(out, "signal %u", signal);
}

static void put_status(struct seam_out *out, uint32_t status)
{
	if (!(status & 0x7f)) {
		seam_out_printf(out, " with %u", status >> 8 & 0xff);
		return;
	}
	out_puts(out, ", killed by ");
	put_signal(out, status & 0x7f);
	if (WCOREDUMP((int)status))
		out_puts(out, ", core dumped");
}

static void put_socket(const struct seam_deed *deed, struct seam_out *out)
{
	/* the name has both ends, if they are known; what was tried is more than what came of it */
	if (deed->bytes != SEAM_DEED_NO_BYTES)
		seam_out_printf(out, " %llu bytes", (unsigned long long)deed->bytes);
	put_name(out, deed->kind == SEAM_DEED_SENT || deed->kind == SEAM_DEED_CONNECTED ? " to " : " from ", deed->peer);
	if (*deed->local)
		put_name(out, deed->kind == SEAM_DEED_BOUND ? " to " : " at ", deed->local);
	else if (!*deed->peer)
		put_name(out, " ", deed->path);
}

static void put_child(const struct seam_deed *deed, struct seam_out *out)
{
	if (!deed->child_tid)
		return;
	seam_out_printf(out, " %u", deed->child_tid);
	if (deed->flags & (SEAM_DEED_KERNEL | SEAM_DEED_THREAD))
		out_puts(out, deed->flags & SEAM_DEED_KERNEL ? ", a thread of the kernel's" : ", a thread");
}

static void put_body(const struct seam_deed *deed, struct seam_out *out)
{
	switch (deed->kind) {
	case SEAM_DEED_BOUND:
	case SEAM_DEED_LISTENING:
	case SEAM_DEED_CONNECTED:
	case SEAM_DEED_ACCEPTED:
	case SEAM_DEED_SENT:
	case SEAM_DEED_RECEIVED:
		put_socket(deed, out);
		return;
	case SEAM_DEED_SPAWNED:
		put_child(deed, out);
		return;
	case SEAM_DEED_EXITED:
		out_puts(out, deed->flags & SEAM_DEED_THREAD ? " (a thread)" : "");
		put_status(out, deed->status);
		return;
	case SEAM_DEED_REAPED:
		if (deed->child_pid)
			seam_out_printf(out, " %d", (int)deed->child_pid);
		if (deed->has_status)
			put_status(out, deed->status);
		return;
	case SEAM_DEED_SIGNAL_SENT:
		out_putc(out, ' ');
		put_signal(out, deed->signal);
		if (deed->child_pid || deed->fd < 0)
			seam_out_printf(out, " to %d", (int)deed->child_pid);
		put_name(out, " to ", deed->path);
		return;
	default:
		break;
	}
	if (*deed->path)
		put_name(out, " ", deed->path);
	else if (deed->fd >= 0)
		seam_out_printf(out, " ? (descriptor %d)", deed->fd);
	else if (deed->kind != SEAM_DEED_CREDS_CHANGED)
		out_puts(out, " ?");
	switch (deed->kind) {
	case SEAM_DEED_FILE_OPENED:
	case SEAM_DEED_FILE_MAPPED:
		put_opened(deed, out);
		break;
	case SEAM_DEED_FILE_RENAMED:
		out_puts(out, deed->flags & SEAM_DEED_EXCHANGED ? " and" : " to");
		put_name(out, " ", *deed->to ? deed->to : "?");
		out_puts(out, deed->flags & SEAM_DEED_EXCHANGED ? " exchanged" : deed->flags & SEAM_DEED_MAY_REPLACE ? ", perhaps replaced" : "");
		break;
	case SEAM_DEED_LINK_MADE:
	case SEAM_DEED_LINK_READ:
		put_name(out, deed->flags & SEAM_DEED_SYMBOLIC || deed->kind == SEAM_DEED_LINK_READ ? " -> " : " = ", deed->to);
		break;
	case SEAM_DEED_EXECUTED:
		put_args(deed, out);
		break;
	default:
		break;
	}
}

void seam_deed_text(const struct seam_deed *deed, struct seam_out *out)
{
	const char *name;

	out_puts(out, seam_deed_name(deed->kind));
	put_body(deed, out);
	if (deed->flags & SEAM_DEED_PERHAPS)
		out_puts(out, ", perhaps");
	if (!deed->error)
		return;
	name = strerrorname_np(deed->error);
	if (name)
		seam_out_printf(out, ": %s", name);
	else
		seam_out_printf(out, ": error %d", deed->error);
}

void seam_deed_line(const struct seam_deed *deed, bool json, struct seam_out *out)
{
	if (json) {
		seam_deed_json(deed, out);
	} else {
		seam_out_printf(out, "%-5u ", deed->tid);
		seam_deed_text(deed, out);
	}
	out_putc(out, '\n');
}

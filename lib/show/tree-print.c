/* SPDX-License-Identifier: BSD-2-Clause */
/* The tree of processes as text and as JSON. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/time.h"
#include "seam/json.h"
#include "show/tree-parts.h"
#include "show/tree.h"

#define DEEPEST 32       /* processes below these stand below each other */
#define LINE_BYTES 160   /* of a command line, unless all of it is asked for */

struct printer {
	struct tree *tree;
	const struct seam_show_options *o;
	struct seam_out *out;
	uint64_t began;
};

/* Parents that were told after their children; a trace may say that somebody is his own grandfather. */
static void find_parents(struct tree *t)
{
	uint32_t walk = 0;

	for (size_t i = 0; i < t->count; i++) {
		struct tree_process *p = &t->processes[i];

		p->child = p->next = TREE_NONE;
		for (size_t k = 0; p->parent == TREE_NONE && p->before && p->ppid && k < t->slot_count; k++) {
			size_t at = (p->ppid * 0x9e3779b1u + k) & (t->slot_count - 1);

			if (!t->slots[at].tid)
				break;
			if (t->slots[at].tid == p->ppid && t->slots[at].process != i)
				p->parent = t->slots[at].process;
		}
	}
	for (size_t i = 0; i < t->count; i++) {
		uint32_t at = (uint32_t)i;

		walk++;
		while (at != TREE_NONE && !t->processes[at].seen) {
			t->processes[at].seen = walk;
			if (t->processes[at].parent != TREE_NONE && t->processes[t->processes[at].parent].seen == walk)
				t->processes[at].parent = TREE_NONE;
			at = t->processes[at].parent;
		}
	}
	/* backwards, so that each list begins with the first */
	for (size_t i = t->count; i-- > 0;) {
		struct tree_process *p = &t->processes[i];

		if (p->parent == TREE_NONE)
			continue;
		p->next = t->processes[p->parent].child;
		t->processes[p->parent].child = (uint32_t)i;
	}
}

/* As a shell would take it. */
static void put_word(struct buf *b, const char *word)
{
	if (*word && !word[strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./_-")]) {
		buf_adds(b, word);
		return;
	}
	buf_addc(b, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_adds(b, "'\\''");
		else if ((unsigned char)*word < ' ' || *word == 0x7f)
			buf_addf(b, "\\%03o", (unsigned char)*word);
		else
			buf_addc(b, *word);
	}
	buf_addc(b, '\'');
}

static void put_command(struct printer *pr, const struct tree_exec *x)
{
	_cleanup_buf_ struct buf line = BUF_INIT;
	bool cut = x->cut;

	for (uint32_t at = 0; at < x->args_size; at += (uint32_t)strlen(x->args + at) + 1) {
		if (!pr->o->verbose && line.len > LINE_BYTES) {
			cut = true;
			break;
		}
		if (line.len)
			buf_addc(&line, ' ');
		put_word(&line, x->args + at);
	}
	if (!line.len)
		put_word(&line, x->file);
	if (!pr->o->verbose && line.len > LINE_BYTES) {
		cut = true;
		seam_out_write(pr->out, line.data, LINE_BYTES);
	} else {
		seam_out_write(pr->out, line.data, line.len);
	}
	if (cut)
		seam_out_puts(pr->out, "...");
}

static uint64_t end_of(const struct tree_process *p)
{
	return p->ended ? p->end : p->last;
}

static void put_seconds(struct printer *pr, uint64_t ns)
{
	seam_out_printf(pr->out, "%5llu.%06llu ", (unsigned long long)(ns / NS_PER_S),
			(unsigned long long)(ns % NS_PER_S / NS_PER_US));
}

static void put_line(struct printer *pr, const struct tree_process *p, size_t depth)
{
	struct seam_out *out = pr->out;
	const char *signal = p->ended && WIFSIGNALED(p->status) ? sigabbrev_np(WTERMSIG(p->status)) : NULL;
	char end[24];

	put_seconds(pr, p->start > pr->began ? p->start - pr->began : 0);
	put_seconds(pr, end_of(p) > p->start ? end_of(p) - p->start : 0);
	if (signal)
		snprintf(end, sizeof(end), "SIG%s%s", signal, WCOREDUMP(p->status) ? " (core)" : "");
	else if (p->ended && WIFSIGNALED(p->status))
		snprintf(end, sizeof(end), "signal %d", WTERMSIG(p->status));
	else if (p->ended)
		snprintf(end, sizeof(end), "exit %d", WEXITSTATUS(p->status));
	else
		snprintf(end, sizeof(end), "no end");
	seam_out_printf(out, "%9llu %7llu  %-14s ", (unsigned long long)p->calls, (unsigned long long)p->errors, end);
	if (depth) {
		seam_out_pad(out, ' ', 3 * (MIN(depth, (size_t)DEEPEST) - 1));
		seam_out_puts(out, "\\_ ");
	}
	seam_out_printf(out, "%u ", p->pid);
	if (!p->exec_count)
		seam_out_printf(out, "(%s)", *p->name ? p->name : "?");
	for (size_t i = 0; i < p->exec_count; i++) {
		if (i)
			seam_out_puts(out, " -> ");
		put_command(pr, &p->execs[i]);
	}
	if (p->tasks > 1)
		seam_out_printf(out, " [%u threads]", p->tasks);
	seam_out_putc(out, '\n');
}

static void json_execs(struct seam_json *j, const struct tree_process *p, uint64_t began)
{
	seam_json_key(j, "execs");
	seam_json_begin_array(j);
	for (size_t i = 0; i < p->exec_count; i++) {
		const struct tree_exec *x = &p->execs[i];

		seam_json_begin_object(j);
		seam_json_member_u64(j, "time", x->time);
		seam_json_member_u64(j, "since", x->time > began ? x->time - began : 0);
		seam_json_member_string(j, "file", x->file);
		seam_json_key(j, "args");
		seam_json_begin_array(j);
		for (uint32_t at = 0; at < x->args_size; at += (uint32_t)strlen(x->args + at) + 1)
			seam_json_string(j, x->args + at);
		seam_json_end_array(j);
		if (x->cut)
			seam_json_member_bool(j, "cut", true);
		seam_json_end_object(j);
	}
	seam_json_end_array(j);
}

static void put_json(struct printer *pr, const struct tree_process *p, size_t depth)
{
	struct seam_json j;

	seam_json_init(&j, pr->out, false);
	seam_json_begin_object(&j);
	seam_json_member_string(&j, "kind", "process");
	/* pids are used again, these are not */
	seam_json_member_u64(&j, "id", (uint64_t)(p - pr->tree->processes));
	seam_json_key(&j, "parent");
	if (p->parent == TREE_NONE)
		seam_json_null(&j);
	else
		seam_json_u64(&j, p->parent);
	seam_json_member_u64(&j, "depth", depth);
	seam_json_member_u64(&j, "pid", p->pid);
	seam_json_member_u64(&j, "ppid", p->ppid);
	seam_json_member_string(&j, "comm", p->name);
	seam_json_member_u64(&j, "start", p->start);
	seam_json_member_u64(&j, "since", p->start > pr->began ? p->start - pr->began : 0);
	seam_json_member_u64(&j, "duration", end_of(p) > p->start ? end_of(p) - p->start : 0);
	seam_json_member_bool(&j, "before", p->before);
	seam_json_member_bool(&j, "ended", p->ended);
	if (p->ended) {
		seam_json_key(&j, "exit");
		if (WIFEXITED(p->status))
			seam_json_u64(&j, (uint64_t)WEXITSTATUS(p->status));
		else
			seam_json_null(&j);
		seam_json_key(&j, "signal");
		if (WIFSIGNALED(p->status))
			seam_json_u64(&j, (uint64_t)WTERMSIG(p->status));
		else
			seam_json_null(&j);
	}
	seam_json_member_u64(&j, "calls", p->calls);
	seam_json_member_u64(&j, "errors", p->errors);
	seam_json_member_u64(&j, "threads", p->tasks);
	json_execs(&j, p, pr->began);
	seam_json_end_object(&j);
	seam_out_putc(pr->out, '\n');
}

static bool is_root(const struct printer *pr, const struct tree_process *p)
{
	if (!pr->o->pids)
		return p->parent == TREE_NONE;
	for (size_t i = 0; i < pr->o->pid_count; i++)
		if (pr->o->pids[i] == p->pid)
			return true;
	return false;
}

/* It and all below it. Without recursion: a trace may be deeper than a stack. */
static void put_below(struct printer *pr, uint32_t root)
{
	struct tree_process *all = pr->tree->processes;
	uint32_t at = root;
	size_t depth = 0;

	for (;;) {
		if (all[at].seen != UINT32_MAX) {
			all[at].seen = UINT32_MAX; /* printed */
			if (pr->o->json)
				put_json(pr, &all[at], depth);
			else
				put_line(pr, &all[at], depth);
			if (all[at].child != TREE_NONE) {
				at = all[at].child;
				depth++;
				continue;
			}
		}
		while (at != root && all[at].next == TREE_NONE) {
			at = all[at].parent;
			depth--;
		}
		if (at == root)
			return;
		at = all[at].next;
	}
}

void tree_print(struct tree *t, const struct seam_show_options *o, uint64_t began, struct seam_out *out)
{
	struct printer pr = { t, o, out, began };

	find_parents(t);
	if (!o->json)
		seam_out_puts(out, "       start     duration     calls  errors  end            process\n");
	for (size_t i = 0; i < t->count; i++)
		if (is_root(&pr, &t->processes[i]) && t->processes[i].seen != UINT32_MAX)
			put_below(&pr, (uint32_t)i);
}

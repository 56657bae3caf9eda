/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * What a task runs, with its arguments and its environment as the new program finds them: whole, in as many records as it
 * takes, up to EXEC_MOST bytes of each and as long as half of the ring is free.
 */
#ifndef EXEC_BPF_H
#define EXEC_BPF_H

#include "events.bpf.h"

#define EXEC_FILE 4096u
#define EXEC_WORDS 4096u        /* of arguments, and of environment, in the first record */
#define EXEC_PIECE 8192u        /* in one of the others */
#define EXEC_MOST (1u << 20)
#define EXEC_CHUNK_PIECES 3u    /* records of that size that a chunk takes */

/* A run of the program's own memory into the record; returns its bytes. */
static __always_inline uint32_t put_words(unsigned char *to, uint64_t begin, uint64_t end, uint32_t most)
{
	uint64_t n = end - begin;

	if (n > most)
		n = most;
	opaque(n);
	if (n > most || !n || bpf_probe_read_user(to, at_most((uint32_t)n, most), (const void *)begin))
		return 0;
	return (uint32_t)n;
}

struct words_context {
	uint64_t at, end;
	uint32_t task, pieces;
	uint8_t flags;
};

static long put_piece(uint32_t i, struct words_context *c)
{
	struct ring_control *r = ring_here();
	struct trace_record *t;
	uint32_t *to, at, n, last;

	if (!r || c->at >= c->end || !c->pieces)
		return 1;
	to = put_fixed(r, c->task, TRACE_WORDS, 4 + EXEC_PIECE, &t, &at);
	if (!to)
		return 1;
	n = put_words((unsigned char *)(to + 1), c->at, c->end, EXEC_PIECE);
	if (!n)
		return 1;
	n = bounded(n, 2 * EXEC_PIECE - 1);
	last = 0;
	if (n & 3)
		bpf_probe_read_kernel((unsigned char *)(to + 1) + n, 4 - (n & 3), &last);
	to[0] = n;
	t->flags |= c->flags;
	ring_end(r, t, at + 4 + ((n + 3) & ~3u));
	c->at += n;
	c->pieces--;
	return 0;
}
EACH_FAR_TELLING(put_piece, struct words_context, PLAIN, 4, EXEC_MOST / EXEC_PIECE / 4)

/* What the first record of an exec had no room for. Returns how many pieces may still be written. */
__noinline int put_more_words(uint64_t begin, uint64_t end, uint32_t env, uint32_t pieces)
{
	struct task_struct *task = task_here();
	struct words_context c = { .at = begin, .end = end, .task = (uint32_t)TASK(task, pid), .pieces = pieces,
				   .flags = env ? TRACE_WORDS_ENV : 0 };

	if (c.end - c.at > EXEC_MOST)
		c.end = c.at + EXEC_MOST;
	each(EXEC_MOST / EXEC_PIECE, put_piece, &c);
	return (int)c.pieces;
}

static __always_inline void put_exec(struct task_struct *task, uint32_t old_pid, const char *file)
{
	struct ring_control *r = ring_here();
	struct trace_record *t;
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	uint32_t *to, at, head, args, env, pieces;
	uint64_t arg_start, arg_end, env_start, env_end;
	unsigned char *bytes;
	long got;

	if (!r || !mm ||
	    !(to = put_fixed(r, (uint32_t)TASK(task, pid), TRACE_EXEC, 28 + EXEC_FILE + 2 * EXEC_WORDS + 4, &t, &head)))
		return;
	arg_start = BPF_CORE_READ(mm, arg_start);
	arg_end = BPF_CORE_READ(mm, arg_end);
	env_start = BPF_CORE_READ(mm, env_start);
	env_end = BPF_CORE_READ(mm, env_end);
	bytes = (unsigned char *)(to + 7);
	to[0] = (uint32_t)TASK(task, tgid);
	to[1] = old_pid;
	got = bpf_probe_read_kernel_str(bytes, EXEC_FILE, file);
	at = got > 0 ? bounded((uint32_t)got, 2 * EXEC_FILE - 1) : 0;
	to[2] = at;
	args = put_words(bytes + at, arg_start, arg_end, EXEC_WORDS);
	to[3] = args;
	to[5] = (uint32_t)(arg_end - arg_start);
	at = bounded(at + args, 0x3fff);
	env = put_words(bytes + at, env_start, env_end, EXEC_WORDS);
	to[4] = env;
	to[6] = (uint32_t)(env_end - env_start);
	at = bounded(at + env, 0x3fff);
	pad(bytes, at);
	ring_end(r, t, head + 28 + ((at + 3) & ~3u));
	/* half of what is free: the call itself and others need room, too */
	pieces = config.chunk_mask + 1 - (uint32_t)(r->opened - *(volatile uint64_t *)&r->released);
	pieces = pieces / 2 * EXEC_CHUNK_PIECES;
	if (args == EXEC_WORDS)
		pieces = (uint32_t)put_more_words(arg_start + args, arg_end, 0, pieces);
	if (env == EXEC_WORDS)
		put_more_words(env_start + env, env_end, 1, pieces);
}

#endif

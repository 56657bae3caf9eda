/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that read or write less than they were asked to: the kernel is asked for less. A handler: nothing but seam/ headers. */
#include "inject/inject-parts.h"

#define FORMAT_MASK 0170000u
#define FORMAT_FIFO 0010000u
#define FORMAT_CHARS 0020000u
#define FORMAT_BLOCKS 0060000u
#define FORMAT_FILE 0100000u
#define FORMAT_SOCKET 0140000u

/* The same on every machine that is described. */
#define SOL_SOCKET 1
#define SO_TYPE 3
#define SOCK_STREAM 1

#define VECTORS_MAX 1024u
#define BYTES_MAX 0x7ffff000u /* of one call */
#define PIPE_WHOLE 4096u      /* bytes that go into a pipe together */

struct vector {
	uint64_t at, n;
};

static const char *arg_name(const struct seam_hook *h, int i)
{
	return seam_string(h->tables, h->tables->args[h->variant->args.first + (unsigned)i].name);
}

/* The program does not see this question. False: it could not be asked. */
static bool is_stream(struct seam_hook *h, int fd)
{
	const uint32_t words[2] = { 0, 4 };
	uint64_t at = seam_scratch_copy(h, words, sizeof(words));
	uint32_t type = 0;

	if (!at || seam_inject(h, "getsockopt", (uint64_t)fd, SOL_SOCKET, SO_TYPE, at, at + 4) != 0 || seam_read(h, at, &type, 4) != 4)
		return false;
	return type == SOCK_STREAM;
}

/* Whether what stands behind the descriptor gives and takes any number of bytes; NULL: it does. */
static const char *refuses(struct seam_hook *h, int arg, bool strict, const struct inject_cut *cut)
{
	int fd = (int)h->args[arg];
	struct seam_named file;

	if (seam_descriptor(h, fd, &file) < 0)
		return "the descriptor is not open";
	switch (file.mode & FORMAT_MASK) {
	case FORMAT_FILE:
	case FORMAT_BLOCKS:
	case FORMAT_CHARS:
		return NULL;
	case FORMAT_FIFO:
		return strict && cut->how.writes && cut->whole <= PIPE_WHOLE ? "so few bytes go into a pipe together" : NULL;
	case FORMAT_SOCKET:
		return is_stream(h, fd) ? NULL : "messages of a socket are never short";
	default:
		return "it is no file, pipe or stream, and what it reads and writes has one size";
	}
}

static uint64_t cut_of(const struct seam_inject_rule *rule, uint64_t whole)
{
	uint64_t n = rule->short_percent ? whole / 100 * rule->short_to + whole % 100 * rule->short_to / 100 : rule->short_to;

	return n ? n : 1;
}

/* Vectors of a 32-bit program are half as wide. 0: they cannot be read. */
static uint64_t read_vectors(struct seam_hook *h, uint64_t at, uint64_t count, struct vector *ret)
{
	if (!h->compat)
		return seam_read(h, at, ret, count * sizeof(*ret)) == count * sizeof(*ret) ? count : 0;
	for (uint64_t i = 0; i < count; i++) {
		uint32_t pair[2];

		if (seam_read(h, at + 8 * i, pair, sizeof(pair)) != sizeof(pair))
			return 0;
		ret[i] = (struct vector){ pair[0], pair[1] };
	}
	return count;
}

/* The first ones, up to @bytes, in memory that the program does not know of. 0: there is none. */
static uint64_t copy_vectors(struct seam_hook *h, struct vector *v, uint64_t bytes, uint64_t *ret_count)
{
	uint32_t *narrow;
	uint64_t n = 0;

	for (; bytes; n++) {
		v[n].n = v[n].n < bytes ? v[n].n : bytes;
		bytes -= v[n].n;
	}
	*ret_count = n;
	if (!h->compat)
		return seam_scratch_copy(h, v, n * sizeof(*v));
	narrow = seam_alloc(h, n * 8);
	for (uint64_t i = 0; i < n; i++) {
		narrow[2 * i] = (uint32_t)v[i].at;
		narrow[2 * i + 1] = (uint32_t)v[i].n;
	}
	return seam_scratch_copy(h, narrow, n * 8);
}

static const char *measure_vectors(struct seam_hook *h, uint64_t at, uint64_t count, struct vector **ret, uint64_t *ret_whole)
{
	struct vector *v;
	uint64_t whole = 0;

	if (!count || count > VECTORS_MAX)
		return "there is nothing that could be shorter";
	v = seam_alloc(h, count * sizeof(*v));
	if (!read_vectors(h, at, count, v))
		return "its vectors cannot be read";
	for (uint64_t i = 0; i < count; i++)
		whole = v[i].n > BYTES_MAX - whole ? BYTES_MAX : whole + v[i].n;
	*ret = v;
	*ret_whole = whole;
	return NULL;
}

static void put64(unsigned char *at, uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		at[i] = (unsigned char)(value >> 8 * i);
}

static uint64_t get64(const unsigned char *at)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++)
		value |= (uint64_t)at[i] << 8 * i;
	return value;
}

static const char *measure(struct seam_hook *h, struct inject_cut *cut, struct vector **ret_vectors)
{
	const struct inject_short *s = &cut->how;

	if (s->size >= 0) {
		cut->whole = h->args[s->size] < BYTES_MAX ? h->args[s->size] : BYTES_MAX;
		return NULL;
	}
	if (s->holder < 0)
		return measure_vectors(h, h->args[s->vector], h->args[s->count], ret_vectors, &cut->whole);
	if (h->compat)
		return "the structure of a 32-bit program is another one";
	cut->holder_at = h->args[s->holder];
	cut->holder = seam_alloc(h, s->holder_size);
	if (seam_read(h, cut->holder_at, cut->holder, s->holder_size) != s->holder_size)
		return "its structure cannot be read";
	return measure_vectors(h, get64(cut->holder + s->vector_at), get64(cut->holder + s->count_at), ret_vectors, &cut->whole);
}

static const char *apply(struct seam_hook *h, struct inject_cut *cut, struct vector *v)
{
	static const char no_room[] = "there is no memory for it in the program";
	const struct inject_short *s = &cut->how;
	uint64_t at, count;

	if (s->size >= 0) {
		seam_set_arg(h, arg_name(h, s->size), cut->bytes);
		return NULL;
	}
	at = copy_vectors(h, v, cut->bytes, &count);
	if (!at)
		return no_room;
	if (s->holder >= 0) {
		unsigned char *copy = seam_alloc(h, s->holder_size);

		for (uint32_t i = 0; i < s->holder_size; i++)
			copy[i] = cut->holder[i];
		put64(copy + s->vector_at, at);
		put64(copy + s->count_at, count);
		cut->copy_at = seam_scratch_copy(h, copy, s->holder_size);
		if (!cut->copy_at)
			return no_room;
		seam_set_arg(h, arg_name(h, s->holder), cut->copy_at);
		return NULL;
	}
	seam_set_arg(h, arg_name(h, s->vector), at);
	seam_set_arg(h, arg_name(h, s->count), count);
	return NULL;
}

const char *inject_cut(struct seam_hook *h, const struct seam_inject_rule *rule, bool strict, struct inject_cut *ret)
{
	struct inject_cut cut = { 0 };
	struct vector *v = NULL;
	const char *why;

	if (!inject_can_be_short(h->tables, h->variant, &cut.how))
		return "this call cannot be short";
	why = measure(h, &cut, &v);
	if (why)
		return why;
	cut.bytes = cut_of(rule, cut.whole);
	if (cut.bytes >= cut.whole)
		return "it asks for no more";
	for (unsigned i = 0; i < 2 && !why; i++)
		if (cut.how.fd[i] >= 0)
			why = refuses(h, cut.how.fd[i], strict, &cut);
	if (!why)
		why = apply(h, &cut, v);
	*ret = cut;
	return why;
}

void inject_cut_done(struct seam_hook *h, const struct inject_cut *cut)
{
	const struct inject_short *s = &cut->how;
	unsigned char *now;

	if (!cut->copy_at || !s->holder_out)
		return;
	now = seam_alloc(h, s->holder_size);
	if (seam_read(h, cut->copy_at, now, s->holder_size) != s->holder_size)
		return;
	put64(now + s->vector_at, get64(cut->holder + s->vector_at));
	put64(now + s->count_at, get64(cut->holder + s->count_at));
	seam_write(h, cut->holder_at, now, s->holder_size);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The second reader's records: each becomes a line. Written from doc/FORMAT.md alone, like the rest of it. */
#ifndef READ_RECORD_H
#define READ_RECORD_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One line of the result, and the memory that may still go on. */
struct piece {
	bool bare, after;
	uint64_t address;
	unsigned status;
	uint32_t whole;
	size_t size;
	unsigned char *bytes;
};

struct line {
	uint64_t time;
	uint64_t rank, order; /* of the stream, in the stream */
	char text[1024];
	char *tail; /* strings, which may be long */
	bool exec;
	struct { uint64_t whole; size_t size; unsigned char *bytes; } words[2]; /* of an exec: arguments, environment */
	struct piece *pieces;
	size_t count;
};

struct last {
	bool compat;
	uint16_t number;
	uint64_t args[6];
};

static void die(const char *why)
{
	fprintf(stderr, "read-trace: %s\n", why);
	exit(1);
}

static uint64_t number(const unsigned char *p, int bytes)
{
	uint64_t v = 0;

	for (int i = 0; i < bytes; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

/* What is left of a record. */
struct rest {
	const unsigned char *p, *end;
};

static const unsigned char *skip(struct rest *r, size_t n)
{
	const unsigned char *p = r->p;

	if ((size_t)(r->end - r->p) < n)
		die("a record is too short");
	r->p += n;
	return p;
}

static uint64_t take(struct rest *r, int bytes)
{
	return number(skip(r, (size_t)bytes), bytes);
}

static void add(struct line *l, const char *format, uint64_t v)
{
	size_t n = strlen(l->text);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(l->text + n, sizeof(l->text) - n, format, v);
#pragma GCC diagnostic pop
}

static void add_hex(struct line *l, const char *what, uint64_t whole, const unsigned char *p, size_t n)
{
	size_t before = l->tail ? strlen(l->tail) : 0, room = before + n * 2 + 64;
	int at;

	l->tail = realloc(l->tail, room);
	at = (int)before + snprintf(l->tail + before, 64, " %s=%" PRIu64 ":", what, whole);
	for (size_t i = 0; i < n; i++)
		at += snprintf(l->tail + at, 3, "%02x", p[i]);
}

static struct piece *add_piece(struct line *l)
{
	l->pieces = realloc(l->pieces, (l->count + 1) * sizeof(*l->pieces));
	memset(&l->pieces[l->count], 0, sizeof(*l->pieces));
	return &l->pieces[l->count++];
}

static void add_bytes(struct piece *p, const unsigned char *bytes, size_t n)
{
	p->bytes = realloc(p->bytes, p->size + n + 1);
	memcpy(p->bytes + p->size, bytes, n);
	p->size += n;
}

static void take_pieces(struct line *l, struct rest *r, const uint64_t *args)
{
	while (r->p < r->end) {
		uint32_t word = (uint32_t)take(r, 4), size = word & 0xfffff, source = word >> 20 & 7;
		struct piece *p = add_piece(l);

		p->after = word >> 23 & 1;
		p->status = word >> 24 & 3;
		p->address = source == 7 ? take(r, 8) : args[source];
		if (p->status)
			p->whole = (uint32_t)take(r, 4);
		add_bytes(p, skip(r, size), size);
		skip(r, -(size_t)size % 4);
	}
}

static void take_call(struct line *l, struct rest *r, unsigned kind, unsigned flags, unsigned arch, uint64_t time,
		      struct last *lasts, size_t *last_count)
{
	uint64_t args[6] = { 0 }, nr, duration = 0;
	unsigned given = 0x3f, wide = 0x3f, table = flags & 32 ? (arch == 0 ? 3 : 4) : arch;
	bool returned = kind == 1 || (kind == 3 && !(flags & 128));
	int64_t result = 0;
	struct last *last = NULL;

	nr = take(r, kind == 3 ? 8 : 2);
	if (kind != 3) {
		given = (unsigned)take(r, 1);
		wide = (unsigned)take(r, 1);
		for (size_t i = 0; i < *last_count; i++)
			if (lasts[i].number == nr && lasts[i].compat == !!(flags & 32))
				last = &lasts[i];
		if (!last) {
			last = &lasts[(*last_count)++];
			*last = (struct last){ .number = (uint16_t)nr, .compat = flags & 32 };
		}
		memcpy(args, last->args, sizeof(args));
	}
	if (flags & 2)
		result = (int32_t)take(r, 4);
	if (flags & 4)
		result = (int64_t)take(r, 8);
	if (flags & 24)
		duration = take(r, flags & 8 ? 4 : 8);
	add(l, " arch=%" PRIu64, table);
	add(l, " nr=%" PRIu64 " args=", nr);
	for (int i = 0; i < 6; i++) {
		if (given >> i & 1)
			args[i] = wide >> i & 1 ? take(r, 8) : (args[i] >> 32 << 32 | take(r, 4));
		add(l, i ? ",%" PRIx64 : "%" PRIx64, args[i]);
	}
	if (last)
		memcpy(last->args, args, sizeof(args));
	if (returned)
		add(l, " ret=%" PRId64, (uint64_t)result);
	if (flags & 24)
		add(l, " entered=%" PRIu64, time - duration);
	if (flags & 64)
		add(l, " noroom%.0" PRIu64, 0);
	take_pieces(l, r, args);
}

static void add_words(struct line *l, int which, const unsigned char *p, size_t n)
{
	l->words[which].bytes = realloc(l->words[which].bytes, l->words[which].size + n + 1);
	memcpy(l->words[which].bytes + l->words[which].size, p, n);
	l->words[which].size += n;
	if (l->words[which].whole < l->words[which].size)
		l->words[which].whole = l->words[which].size;
}

static void take_own(struct line *l, struct rest *r)
{
	if (r->end - r->p < 12)
		return;
	add(l, " own=%" PRIu64, take(r, 4));
	add(l, ",%" PRIu64, take(r, 4));
	add(l, ",%" PRIu64, take(r, 4));
}

static void add_plain(struct line *l, const char *what, const unsigned char *p, size_t n)
{
	add(l, what, 0);
	for (size_t i = 0; i < n; i++) {
		add(l, "%" PRIx64, p[i] >> 4);
		add(l, "%" PRIx64, p[i] & 15);
	}
}

/* What happens beside calls. */
static void take_beside(struct line *l, struct rest *r, unsigned kind, unsigned flags)
{
	uint64_t n, pid;

	switch (kind) {
	case 13:
	case 14:
		add(l, " request=%" PRIx64, take(r, 8));
		add(l, " ring=%" PRIx64, take(r, 8));
		add(l, " user=%" PRIx64, take(r, 8));
		if (kind == 13) {
			add(l, " flags=%" PRIx64, take(r, 8));
			add(l, " op=%" PRIu64, take(r, 1));
			skip(r, 3);
			if (flags & 2)
				add(l, " polled%.0" PRIu64, 0);
			n = take(r, 4);
			add_plain(l, " entry=%.0" PRIu64, skip(r, n), n);
			if (r->p < r->end)
				skip(r, -(size_t)n % 4);
		} else {
			add(l, " result=%" PRId64, (uint64_t)(int32_t)take(r, 4));
			add(l, " flags=%" PRIx64, take(r, 4));
			add(l, " worker=%" PRIu64, take(r, 4));
			add(l, " op=%" PRIu64, take(r, 1));
			skip(r, 3);
			add(l, " extra=%" PRIx64, take(r, 8));
			add(l, ",%" PRIx64, take(r, 8));
		}
		take_pieces(l, r, NULL);
		break;
	case 15:
		pid = take(r, 4);
		add(l, " pid=%" PRIu64, pid);
		add(l, " how=%" PRIu64, take(r, 4));
		add(l, " at=%" PRIx64, take(r, 8));
		add(l, "+%" PRIx64, take(r, 8));
		add(l, " offset=%" PRIx64, take(r, 8));
		add(l, " inode=%" PRIu64, take(r, 8));
		add(l, " dev=%" PRIu64, take(r, 4));
		add(l, ":%" PRIu64, take(r, 4));
		add(l, " changed=%" PRId64, take(r, 8));
		add(l, " prot=%" PRIx64, take(r, 4));
		n = take(r, 4);
		add_hex(l, "name", n, skip(r, n), n);
		break;
	case 16:
		add(l, " trap=%" PRIu64, take(r, 4));
		skip(r, 4);
		add(l, " at=%" PRIx64, take(r, 8));
		add(l, " ip=%" PRIx64, take(r, 8));
		add(l, " code=%" PRIx64, take(r, 8));
		break;
	case 17:
		add(l, " fd=%" PRId64, (uint64_t)(int64_t)(int32_t)take(r, 4));
		add(l, " flags=%" PRIx64, take(r, 4));
		add(l, " position=%" PRIu64, take(r, 8));
		n = take(r, 4);
		pid = take(r, 4); /* of the socket */
		add_hex(l, "name", n, skip(r, n), n);
		add_hex(l, "socket", pid, skip(r, pid), pid);
		break;
	case 20:
		add(l, " inode=%" PRIu64, take(r, 8));
		add(l, " dev=%" PRIu64, take(r, 4));
		add(l, ":%" PRIu64, take(r, 4));
		add(l, " changed=%" PRId64, take(r, 8));
		add(l, " size=%" PRIu64, take(r, 8));
		n = take(r, 4);
		pid = take(r, 4); /* of the name */
		add_plain(l, " id=%.0" PRIu64, skip(r, n), n);
		skip(r, -(size_t)n % 4);
		add_hex(l, "name", pid, skip(r, pid), pid);
		break;
	default: /* 21 */
		n = take(r, 4);
		add_hex(l, flags & 2 ? "env" : "args", n, skip(r, n), n);
	}
}

static void take_other(struct line *l, struct rest *r, unsigned kind, unsigned flags)
{
	uint64_t n[7];
	char name[17] = "";

	switch (kind) {
	case 4:
		add(l, " child=%" PRIu64, take(r, 4));
		add(l, " pid=%" PRIu64, take(r, 4));
		add(l, " ppid=%" PRIu64, take(r, 4));
		if (flags & 2)
			add(l, " worker%.0" PRIu64, 0);
		take_own(l, r);
		break;
	case 5:
		for (int i = 0; i < 7; i++)
			n[i] = take(r, 4);
		add(l, " pid=%" PRIu64, n[0]);
		add(l, " old=%" PRIu64, n[1]);
		add_hex(l, "file", n[2], skip(r, n[2]), n[2]);
		l->exec = true;
		for (int i = 0; i < 2; i++) {
			add_words(l, i, skip(r, n[3 + i]), n[3 + i]);
			l->words[i].whole = n[5 + i];
		}
		break;
	case 6:
		add(l, " pid=%" PRIu64, take(r, 4));
		add(l, " status=%" PRIx64, take(r, 4));
		add(l, " last=%" PRIu64, take(r, 4));
		break;
	case 7:
		memcpy(name, skip(r, 16), 16);
		snprintf(l->text + strlen(l->text), 64, " name=%s", name);
		break;
	case 8:
		add(l, " signal=%" PRIu64, take(r, 4));
		add(l, " error=%" PRId64, (uint64_t)(int32_t)take(r, 4));
		add(l, " code=%" PRId64, (uint64_t)(int32_t)take(r, 4));
		skip(r, 4);
		add(l, " handler=%" PRIx64, take(r, 8));
		add(l, " flags=%" PRIx64, take(r, 8));
		if (flags & 2)
			add(l, " sent%.0" PRIu64, 0);
		break;
	case 9:
		add(l, " count=%" PRIu64, take(r, 4));
		break;
	case 12:
		add(l, " pid=%" PRIu64, take(r, 4));
		add(l, " ppid=%" PRIu64, take(r, 4));
		add(l, " uid=%" PRIu64, take(r, 4));
		memcpy(name, skip(r, 16), 16);
		snprintf(l->text + strlen(l->text), 64, " name=%s", name);
		n[0] = take(r, 4);
		n[1] = take(r, 4);
		add_hex(l, "file", n[0], skip(r, n[0]), n[0]);
		add_hex(l, "args", n[1], skip(r, n[1]), n[1]);
		if (r->p < r->end)
			skip(r, -(size_t)(n[0] + n[1]) % 4);
		take_own(l, r);
		break;
	default:
		take_beside(l, r, kind, flags);
	}
}

static void take_more(struct line *l, struct rest *r, bool pieces)
{
	if (pieces) {
		take_pieces(l, r, NULL);
	} else {
		size_t n = take(r, 4);

		if (!l->count)
			add_piece(l)->bare = true;
		add_bytes(&l->pieces[l->count - 1], skip(r, n), n);
	}
}

#endif

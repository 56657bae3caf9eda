/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A second reader of traces, written from doc/FORMAT.md alone, so that the first one and the page can be told apart. It takes whole
 * traces only, and keeps everything in memory. read-trace FILE prints; read-trace --check FILE.seam... compares with FILE.text.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read-record.h"

#define XXH_INLINE_ALL
#include <xxhash.h>
#if TRACE_HAS_ZSTD
#include <zstd.h>
#endif

static struct line **lines;
static size_t line_count;

static void read_records(const unsigned char *head, const unsigned char *p, size_t size)
{
	static const char *const names[] = { "",     "call", "entry",  "unknown", "fork",  "exec", "exit",
					     "name", "signal", "loss", "clock", "more", "task", "submit",
					     "complete", "image", "trap", "descriptor", "", "", "file", "words" };
	static struct last lasts[4096];
	uint32_t stream = (uint32_t)number(head + 16, 4), records = (uint32_t)number(head + 20, 4), task = 0, open_task = 0;
	uint64_t sequence = number(head + 24, 8), time = number(head + 32, 8);
	struct line *open = NULL, *open_exec = NULL;
	size_t last_count = 0;

	for (; records; records--) {
		size_t length = size >= 8 ? number(p, 2) * 4 : 0;
		unsigned kind = p[2], flags = p[3];
		struct rest r = { p + 8, p + length };
		struct line *l;

		if (length < 8 || length > size)
			die("a record has a length that cannot be");
		time += number(p + 4, 4);
		if (!(flags & 1))
			task = (uint32_t)take(&r, 4);
		if (kind == 10)
			time = take(&r, 8);
		p += length;
		size -= length;
		if (kind == 11 && open && open_task == task) {
			take_more(open, &r, flags & 2);
			sequence++;
			continue;
		}
		if (kind == 21 && open_exec && open_task == task) {
			size_t n = take(&r, 4);

			add_words(open_exec, flags & 2 ? 1 : 0, skip(&r, n), n);
			sequence++;
			continue;
		}
		open_exec = NULL;
		open = NULL;
		if (kind < sizeof(names) / sizeof(*names) && *names[kind] && kind != 10) {
			l = calloc(1, sizeof(*l));
			lines = realloc(lines, (line_count + 1) * sizeof(struct line *));
			lines[line_count] = l;
			l->time = time;
			l->rank = (uint32_t)(stream + 1);
			l->order = line_count++;
			snprintf(l->text, sizeof(l->text), "%" PRIu64 " %x %" PRIu64 " %s", time, stream, sequence, names[kind]);
			if (kind != 9)
				add(l, " tid=%" PRIu64, task);
			if (kind == 11)
				take_more(l, &r, flags & 2);
			else if (kind <= 3)
				take_call(l, &r, kind, flags, head[7], time, lasts, &last_count);
			else
				take_other(l, &r, kind, flags);
			open = kind <= 3 || kind == 11 ? l : NULL;
			open_exec = kind == 5 ? l : NULL;
			open_task = task;
		}
		sequence += kind == 9 ? 1 + number(r.p - 4, 4) : 1;
	}
	if (size)
		die("there is more in a block than its records");
}

static void read_meta(FILE *out, const unsigned char *p, size_t size)
{
	while (size) {
		const unsigned char *end = memchr(p, '\n', size);
		size_t key = 0;

		if (!end)
			die("the metadata end in a line");
		while (p[key] != ' ')
			key++;
		fprintf(out, "%.*s ", (int)key, (const char *)p);
		size -= (size_t)(end + 1 - p);
		for (p += key + 1; p < end; p++) {
			unsigned c = *p;

			if (c == '\\' && *++p == 'x') {
				char digits[3] = { (char)p[1], (char)p[2], '\0' };

				c = (unsigned)strtoul(digits, NULL, 16);
				p += 2;
			} else if (c == '\\') {
				c = *p == 'n' ? '\n' : *p;
			}
			fprintf(out, "%02x", c);
		}
		fputc('\n', out);
		p++;
	}
}

static unsigned char *unpack(const unsigned char *head, const unsigned char *stored)
{
	size_t n = number(head + 8, 4), size = number(head + 12, 4);
	unsigned char *to = malloc(size + 1);

	if (head[5] == 0) {
		memcpy(to, stored, n);
		return to;
	}
#if TRACE_HAS_ZSTD
	if (head[5] == 1 && ZSTD_decompress(to, size, stored, n) == size)
		return to;
#endif
	die("a block cannot be decompressed");
	return NULL;
}

static int compare(const void *a, const void *b)
{
	const struct line *x = *(struct line *const *)a, *y = *(struct line *const *)b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void print(FILE *out, struct line *l)
{
	static const char *const statuses[] = { "whole", "cut", "faulted", "?" };

	fprintf(out, "%s%s", l->text, l->tail ? l->tail : "");
	for (int i = 0; l->exec && i < 2; i++) {
		fprintf(out, " %s=%" PRIu64 ":", i ? "env" : "args", l->words[i].whole);
		for (size_t k = 0; k < l->words[i].size; k++)
			fprintf(out, "%02x", l->words[i].bytes[k]);
		free(l->words[i].bytes);
	}
	for (size_t i = 0; i < l->count; i++) {
		struct piece *p = &l->pieces[i];

		if (p->bare) {
			fputc(' ', out);
		} else {
			fprintf(out, " {%s %" PRIx64 " %s", p->after ? "after" : "before", p->address, statuses[p->status]);
			if (p->status && p->whole != 0xffffffff)
				fprintf(out, " %u", p->whole);
			fprintf(out, " %zu:", p->size);
		}
		for (size_t k = 0; k < p->size; k++) {
			fputc("0123456789abcdef"[p->bytes[k] >> 4], out);
			fputc("0123456789abcdef"[p->bytes[k] & 15], out);
		}
		if (!p->bare)
			fputc('}', out);
		free(p->bytes);
	}
	fputc('\n', out);
	free(l->pieces);
	free(l->tail);
	free(l);
}

static unsigned char *read_file(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rbe");
	unsigned char *data = NULL;

	if (!f || fseek(f, 0, SEEK_END) < 0)
		die("a file cannot be opened");
	*size = (size_t)ftell(f);
	rewind(f);
	data = calloc(1, *size + 1);
	if (fread(data, 1, *size, f) != *size)
		die("a file cannot be read");
	fclose(f);
	return data;
}

static void read_trace(FILE *out, const char *path)
{
	size_t size, at = 0;
	unsigned char *file = read_file(path, &size);

	line_count = 0;
	while (at < size) {
		const unsigned char *head = file + at;
		size_t stored;

		if (size - at == 16 && !memcmp(head + 8, "SmEn", 4) && number(head + 12, 4) == (uint32_t)XXH3_64bits(head, 12))
			break;
		if (size - at < 64 || memcmp(head, "SmBk", 4) != 0 || number(head + 60, 4) != (uint32_t)XXH3_64bits(head, 60))
			die("a header is damaged");
		stored = number(head + 8, 4);
		if (size - at - 64 < stored || number(head + 48, 8) != XXH3_64bits(head + 64, stored))
			die("a block is damaged");
		if (head[4] == 1 || head[4] == 2) {
			unsigned char *block = unpack(head, head + 64);

			if (head[4] == 1)
				read_meta(out, block, number(head + 12, 4));
			else
				read_records(head, block, number(head + 12, 4));
			free(block);
		}
		at += 64 + (stored + 7) / 8 * 8;
	}
	if (line_count)
		qsort(lines, line_count, sizeof(struct line *), compare);
	for (size_t i = 0; i < line_count; i++)
		print(out, lines[i]);
	free(file);
}

static bool check(const char *path)
{
	char wanted[4096], *text = NULL;
	size_t text_size, wanted_size;
	FILE *out = open_memstream(&text, &text_size);
	unsigned char *data;
	bool same;

	snprintf(wanted, sizeof(wanted), "%.*s.text", (int)(strlen(path) - strlen(".seam")), path);
	read_trace(out, path);
	fclose(out);
	data = read_file(wanted, &wanted_size);
	same = text_size == wanted_size && !memcmp(text, data, text_size);
	free(text);
	free(data);
	return same;
}

int main(int argc, char **argv)
{
	int failed = 0, n = 0;

	if (argc == 2) {
		read_trace(stdout, argv[1]);
		free(lines);
		return 0;
	}
	for (int i = 2; i < argc; i++) {
		if (strstr(argv[i], "zstd") && !TRACE_HAS_ZSTD) {
			printf("ok %d - %s # SKIP this build has no zstd\n", ++n, argv[i]);
		} else {
			bool same = check(argv[i]);

			printf("%sok %d - %s as the second reader reads it\n", same ? "" : "not ", ++n, argv[i]);
			failed |= !same;
		}
	}
	printf("1..%d\n", n);
	free(lines);
	return failed;
}

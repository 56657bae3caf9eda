/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Damaged traces as people meet them: seam show, as text, JSON and tree, and seam stats. Made here from the golden traces: cut anywhere,
 * with a byte changed anywhere, with lengths that cannot be, blocks in another order or missing, no index, another machine's name.
 * Nothing crashes (the tests run sanitized, too), what is whole is printed, what is not is told with its block and offset.
 *
 *     test-show-damage TRACE...
 */
#include <errno.h>

#include "seam/json.h"
#include "seam/deeds.h"
#include "seam/show.h"
#include "seam/stats.h"
#include "traces.h"
#include "trace/sum.h"

static struct scratch file;
static struct buf whole; /* the trace as it was */
static struct seam_out text; /* and what is shown of it */
static unsigned looked_at, wrong;
static const char *what;

static void complain(const char *why, const char *shown)
{
	if (wrong++ < 5)
		printf("# %s: %s\n# %.400s\n", what, why, shown ? shown : "");
}

/* Brackets that close, strings that end: each line an object. */
static bool is_json(const char *s)
{
	while (*s) {
		int depth = 0;

		if (*s != '{')
			return false;
		for (; *s != '\n'; s++) {
			if (*s == '"') {
				for (s++; *s && *s != '"'; s++)
					s += *s == '\\' && s[1];
			}
			if (!*s)
				return false;
			depth += (*s == '{' || *s == '[') - (*s == '}' || *s == ']');
		}
		if (depth)
			return false;
		s++;
	}
	return true;
}

/* 0, or negative errno with the message in what is shown. */
static int show(const struct seam_show_options *o, struct seam_out *out, struct seam_show_result *result)
{
	struct seam_err err = SEAM_ERR_INIT;
	int r;

	seam_out_init_mem(out);
	r = seam_show(file.path, o, out, result, &err);
	if (r < 0) {
		if (!strstr(err.text, file.path))
			complain("a message without the name of the file", err.text);
		seam_out_puts(out, err.text);
	}
	return r;
}

static bool has_line(const char *lines, const char *line, size_t n)
{
	for (const char *at = lines; (at = strstr(at, "\n")); at++)
		if (!strncmp(at + 1, line, n))
			return true;
	return !strncmp(lines, line, n);
}

/* Each damage with its place, and nothing that is not in the whole trace. */
static void check_text(const struct seam_out *out, const struct seam_show_result *result, bool exact)
{
	uint64_t told = 0;

	for (const char *line = out->data; *line;) {
		const char *end = strchr(line, '\n');
		size_t n = (size_t)(end - line) + 1;

		if (!strncmp(line, "!!! ", 4)) {
			if (!strncmp(line + 4, file.path, strlen(file.path))) {
				told++;
				if (strncmp(line + 4 + strlen(file.path), ": block at ", 11) != 0)
					complain("damage without its block", line);
			}
		} else if (exact && !has_line(text.data, line, n)) {
			complain("a line that was not in the trace", line);
		}
		line = end + 1;
	}
	if (told != result->damages)
		complain("not every damage is told", out->data);
}

/* exact: its records are those of the whole trace, or are missing. */
static void look(bool exact)
{
	static const struct seam_show_options options[] = { { .string_limit = 0 }, { .json = true }, { .tree = true },
							    { .tree = true, .json = true }, { .verbose = true, .tasks = true },
							    { .events = SEAM_DEED_ALL }, { .events = SEAM_DEED_ALL, .json = true } };
	struct seam_show_result result, first;
	struct seam_stats stats;
	struct seam_out now;
	int r, opened = show(&options[0], &now, &first);

	looked_at++;
	if (opened >= 0)
		check_text(&now, &first, exact);
	seam_out_release(&now);
	for (size_t i = 1; i < ARRAY_SIZE(options); i++) {
		struct seam_out out;

		r = show(&options[i], &out, &result);
		if (r != opened || result.calls != first.calls || result.damages != first.damages || result.lost != first.lost)
			complain("not the same in another form", out.data);
		if (r >= 0 && options[i].json && !is_json(out.data))
			complain("no JSON", out.data);
		seam_out_release(&out);
	}
	r = seam_stats_read(file.path, &(struct seam_stats_options){ .files = true }, &stats, NULL);
	if (r != opened || (r >= 0 && (stats.damages != first.damages || stats.lost != first.lost)))
		complain("statistics see something else", NULL);
	if (r >= 0)
		seam_stats_release(&stats);
}

static void try(const struct buf *b, bool exact)
{
	scratch_put(&file, b->data, b->len);
	look(exact);
}

static struct trace_block head_at(const struct buf *b, size_t at)
{
	struct trace_block head;

	memcpy(&head, b->data + at, sizeof(head));
	return head;
}

static void set_head(struct buf *b, size_t at, struct trace_block head, bool body)
{
	if (body)
		head.sum = trace_sum(b->data + at + sizeof(head), head.stored);
	head.head_sum = trace_head_sum(&head);
	memcpy(b->data + at, &head, sizeof(head));
}

static size_t block_bytes(const struct buf *b, size_t at)
{
	return sizeof(struct trace_block) + ((head_at(b, at).stored + 7u) & ~7u);
}

static void copy(struct buf *to)
{
	buf_clear(to);
	buf_add(to, whole.data, whole.len);
}

static void test_cuts(struct buf *b)
{
	what = "cut";
	for (size_t n = 0; n < whole.len; n += n < 80 ? 1 : 29) {
		buf_clear(b);
		buf_add(b, whole.data, n);
		try(b, true);
	}
}

static void test_flips(struct buf *b)
{
	what = "a byte that is another";
	for (size_t i = 0; i < whole.len; i += 7) {
		copy(b);
		b->data[i] = (char)(b->data[i] ^ (1 << i % 8));
		try(b, true);
	}
}

/* The sums fit, so the reader has to find out by itself. */
static void test_bodies(struct buf *b)
{
	what = "a record that is another";
	for (size_t at = 0; head_at(&whole, at).kind != TRACE_INDEX; at += block_bytes(&whole, at)) {
		struct trace_block head = head_at(&whole, at);

		for (size_t i = 0; i < head.stored; i += head.codec == TRACE_RAW ? 5 : 11) {
			copy(b);
			b->data[at + sizeof(head) + i] = (char)(b->data[at + sizeof(head) + i] ^ (i % 7 == 0 ? 0xff : 1 << i % 8));
			set_head(b, at, head, true);
			try(b, false);
		}
	}
}

static void test_heads(struct buf *b)
{
	static const uint32_t numbers[] = { 0, 7, 1000, 0xffffffff };

	what = "a header that says something else";
	for (size_t at = 0; head_at(&whole, at).kind != TRACE_INDEX; at += block_bytes(&whole, at)) {
		for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
			for (int field = 0; field < 8; field++) {
				struct trace_block head = head_at(&whole, at);

				switch (field) {
				case 0: head.stored = numbers[i]; break;
				case 1: head.size = numbers[i]; break;
				case 2: head.records = numbers[i]; break;
				case 3: head.stream = numbers[i]; break;
				case 4: head.first = numbers[i]; break;
				case 5: head.sequence = numbers[i]; break;
				case 6: head.codec = (uint8_t)numbers[i]; break;
				default: head.kind = (uint8_t)numbers[i];
				}
				copy(b);
				set_head(b, at, head, false);
				try(b, false);
			}
		}
	}
}

/* A machine that there is not, a version to come. */
static void test_strangers(struct buf *b)
{
	what = "foreign";
	for (unsigned arch = 0; arch < 256; arch += arch < 8 ? 1 : 31) {
		copy(b);
		for (size_t at = 0; at + sizeof(struct trace_end) < whole.len; at += block_bytes(&whole, at)) {
			struct trace_block head = head_at(&whole, at);

			head.arch = (uint8_t)arch;
			set_head(b, at, head, false);
		}
		try(b, false);
	}
	what = "of a later version";
	copy(b);
	for (size_t at = 0; at + sizeof(struct trace_end) < whole.len; at += block_bytes(&whole, at)) {
		struct trace_block head = head_at(&whole, at);

		head.version = TRACE_VERSION + 1;
		set_head(b, at, head, false);
	}
	try(b, true);
}

/* Every order of up to six blocks behind the first, and each one missing or twice; the index is right only for the first. */
static void test_orders(struct buf *b)
{
	size_t at[16], n = 0, index = 0;

	what = "blocks in another order";
	for (size_t i = 0; i + sizeof(struct trace_end) < whole.len && n < 16; i += block_bytes(&whole, i)) {
		if (head_at(&whole, i).kind == TRACE_INDEX) {
			index = i;
			break;
		}
		at[n++] = i;
	}
	for (size_t one = 0; one < n; one++) {
		for (size_t other = 0; other <= n; other++) {
			buf_clear(b);
			for (size_t i = 0; i < n; i++) {
				size_t from = i == one ? other : i == other ? one : i;

				/* other == n: it is missing */
				if (from < n)
					buf_add(b, whole.data + at[from], block_bytes(&whole, at[from]));
			}
			try(b, true);
			buf_add(b, whole.data + index, whole.len - index);
			try(b, true);
		}
		copy(b);
		buf_add(b, whole.data + at[one], block_bytes(&whole, at[one]));
		try(b, true);
	}
	what = "without an index";
	buf_clear(b);
	buf_add(b, whole.data, index);
	try(b, true);
}

static void damage(const char *path)
{
	struct seam_show_options o = { .string_limit = 0 };
	struct seam_show_result result;
	struct buf b = BUF_INIT;
	char name[80];

	looked_at = wrong = 0;
	buf_clear(&whole);
	if (file_read(path, 0, &whole, NULL) < 0)
		abort();
	scratch_put(&file, whole.data, whole.len);
	if (show(&o, &text, &result) < 0)
		abort();
	test_cuts(&b);
	test_flips(&b);
	test_bodies(&b);
	test_heads(&b);
	test_strangers(&b);
	test_orders(&b);
	seam_out_release(&text);
	buf_release(&b);
	snprintf(name, sizeof(name), "%u damaged forms of %s", looked_at, strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
	tap_result(!wrong, name, __FILE__, __LINE__);
}

int main(int argc, char **argv)
{
	scratch_init(&file);
	buf_init(&whole);
	for (int i = 1; i < argc; i++)
		damage(argv[i]);
	buf_release(&whole);
	return tap_done();
}

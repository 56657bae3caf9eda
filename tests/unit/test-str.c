/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of lib/base/str.h. */
#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/str.h"
#include "tap.h"

static void numbers(void)
{
	uint64_t u = 77;
	uint32_t w = 77;
	int64_t i = 77;

	EQ(parse_u64("", &u), -EINVAL);
	EQ(parse_u64("-1", &u), -EINVAL);
	EQ(parse_u64("+1", &u), -EINVAL);
	EQ(parse_u64(" 1", &u), -EINVAL);
	EQ(parse_u64("1 ", &u), -EINVAL);
	EQ(parse_u64("0x", &u), -EINVAL);
	EQ(parse_u64("08", &u), -EINVAL);
	EQ(parse_u64("12a", &u), -EINVAL);
	EQ(parse_u64("18446744073709551616", &u), -ERANGE);
	EQ(u, 77);
	EQ(parse_u64("18446744073709551615", &u), 0);
	OK(u == UINT64_MAX);
	EQ(parse_u64("0xFfffFFFFffffffff", &u), 0);
	OK(u == UINT64_MAX);
	EQ(parse_u64("0", &u), 0);
	EQ(u, 0);
	EQ(parse_u64("0777", &u), 0);
	EQ(u, 0777);
	EQ(parse_u32("4294967296", &w), -ERANGE);
	EQ(parse_u32("4294967295", &w), 0);
	OK(w == UINT32_MAX);
	EQ(parse_i64("-9223372036854775808", &i), 0);
	OK(i == INT64_MIN);
	EQ(parse_i64("-9223372036854775809", &i), -ERANGE);
	EQ(parse_i64("9223372036854775808", &i), -ERANGE);
	EQ(parse_i64("--1", &i), -EINVAL);
	EQ(parse_i64("-", &i), -EINVAL);
	EQ(parse_size("4K", &u), 0);
	EQ(u, 4096);
	EQ(parse_size("010m", &u), 0);
	EQ(u, 10 << 20);
	EQ(parse_size("0", &u), 0);
	EQ(u, 0);
	EQ(parse_size("K", &u), -EINVAL);
	EQ(parse_size("", &u), -EINVAL);
	EQ(parse_size("0x1K", &u), -EINVAL);
	EQ(parse_size("1KK", &u), -EINVAL);
	EQ(parse_size("99999999999T", &u), -ERANGE);
}

static void globs(void)
{
	char *many, *text;

	OK(glob_match("", ""));
	OK(!glob_match("", "a"));
	OK(!glob_match("a", ""));
	OK(glob_match("*", ""));
	OK(glob_match("*", "anything"));
	OK(glob_match("open*", "openat"));
	OK(glob_match("*at", "openat"));
	OK(!glob_match("*at", "openat2"));
	OK(glob_match("o*n*t", "openat"));
	OK(glob_match("a*b*c", "aXbXbXc"));
	OK(!glob_match("a*b*c", "aXbXbX"));
	OK(glob_match("open??", "openat"));
	OK(!glob_match("open?", "openat"));
	OK(glob_match("[a-c]x", "bx"));
	OK(!glob_match("[a-c]x", "dx"));
	OK(glob_match("[!a-c]x", "dx"));
	OK(!glob_match("[!a-c]x", "ax"));
	OK(glob_match("[]]", "]"));
	OK(glob_match("[a-]", "-"));
	OK(glob_match("[", "["));
	OK(glob_match("[ab", "[ab"));
	OK(glob_match("\\*", "*"));
	OK(!glob_match("\\*", "a"));
	OK(glob_match("a\\", "a\\"));
	OK(glob_match("[\\]]x", "]x"));
	OK(glob_match("\xff*", "\xff\xfe"));
	OK(glob_match("[\xf0-\xff]", "\xf8"));
	OK(glob_is_pattern("a*") && !glob_is_pattern("abc"));

	/* Would take for ever if each star were tried in every place. */
	many = xmalloc(20001);
	text = xmalloc(20001);
	for (int i = 0; i < 10000; i++) {
		many[2 * i] = '*';
		many[2 * i + 1] = 'a';
	}
	memset(text, 'a', 9999);
	memcpy(text + 9999, "b", 2);
	many[20000] = '\0';
	OK(!glob_match(many, text));
	free(many);
	free(text);
}

/* Every byte at every place of two words and a rest is found, and no other. */
static void plain(void)
{
	for (size_t at = 0; at < 20; at++) {
		unsigned wrong = 0;

		for (unsigned c = 0; c < 256; c++) {
			char text[20];
			bool stops = c < 0x20 || c >= 0x7f || c == '"' || c == '>';

			memset(text, '~', sizeof(text));
			text[at] = (char)c;
			wrong += plain_length(text, sizeof(text), '"', '>') != (stops ? at : sizeof(text));
			wrong += plain_length(text, at, '"', '>') != at;
		}
		EQ(wrong, 0);
	}
}

int main(void)
{
	static const char *const words[] = { "openat", "openat2", "read", "readv", NULL, "write", "mmap" };

	OK(str_starts("openat", "open") && !str_starts("open", "openat") && str_starts("x", ""));
	OK(str_ends("a.call", ".call") && !str_ends("call", ".call"));
	STREQ(str_after("--arch", "--"), "arch");
	STREQ(str_after("-a", "--"), NULL);
	OK(str_eq(NULL, NULL) && !str_eq(NULL, "") && str_eq("a", "a"));
	EQ(str_hash(""), 2166136261U);
	EQ(str_hash("a"), 0xe40c292cU);
	OK(mem_hash64("a", 1) == 0xaf63dc4c8601ec8cULL);

	EQ(edit_distance("", ""), 0);
	EQ(edit_distance("abc", ""), 3);
	EQ(edit_distance("", "ab"), 2);
	EQ(edit_distance("kitten", "sitting"), 3);
	EQ(edit_distance("raed", "read"), 1);
	STREQ(suggest("opnat", words, ARRAY_SIZE(words)), "openat");
	STREQ(suggest("wirte", words, ARRAY_SIZE(words)), "write");
	STREQ(suggest("ope", words, ARRAY_SIZE(words)), "openat");
	STREQ(suggest("xyzzy", words, ARRAY_SIZE(words)), NULL);
	STREQ(suggest("", words, ARRAY_SIZE(words)), NULL);
	STREQ(suggest("a", words, 0), NULL);
	globs();
	numbers();
	plain();
	return tap_done();
}

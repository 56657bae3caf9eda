/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's own types: a small file of them made here, its damaged forms, and what is found in it. */
#include "base/kernel-types.h"

#include <linux/btf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

/* int; a function of two values and one of none; pointers to them; their typedefs; a struct in between */
static const char strings[] = "\0int\0btf_trace_two\0btf_trace_none\0btf_trace_number\0one";

static struct {
	struct btf_header head;
	uint32_t types[128];
	char strings[sizeof(strings)];
} file;
static uint32_t words;

static uint32_t name(const char *s)
{
	for (size_t i = 0; i < sizeof(strings); i += strlen(strings + i) + 1)
		if (!strcmp(strings + i, s))
			return (uint32_t)i;
	return 0;
}

static void type(uint32_t name_at, uint32_t kind, uint32_t n, uint32_t to)
{
	file.types[words++] = name_at;
	file.types[words++] = kind << 24 | n;
	file.types[words++] = to;
}

static void make(void)
{
	type(name("int"), BTF_KIND_INT, 0, 4); /* 1 */
	file.types[words++] = 32;
	type(0, BTF_KIND_FUNC_PROTO, 3, 0); /* 2 */
	words += 6;
	type(name("one"), BTF_KIND_STRUCT, 2, 8); /* 3 */
	words += 6;
	type(0, BTF_KIND_PTR, 0, 2);                                /* 4 */
	type(name("btf_trace_two"), BTF_KIND_TYPEDEF, 0, 4);    /* 5 */
	type(name("btf_trace_number"), BTF_KIND_TYPEDEF, 0, 1); /* 6 */
	type(0, BTF_KIND_FUNC_PROTO, 1, 0);                         /* 7 */
	words += 2;
	type(0, BTF_KIND_PTR, 0, 7);                             /* 8 */
	type(name("btf_trace_none"), BTF_KIND_TYPEDEF, 0, 8); /* 9 */
	memcpy(file.strings, strings, sizeof(strings));
	file.head = (struct btf_header){ .magic = BTF_MAGIC, .version = 1, .hdr_len = sizeof(file.head), .type_len = words * 4,
					 .str_off = sizeof(file.types), .str_len = sizeof(strings) };
}

int main(void)
{
	struct kernel_tracepoint look[] = { { "two", 0 }, { "none", 0 }, { "number", 0 }, { "int", 0 }, { "three", 0 } };
	unsigned char damaged[sizeof(file)];

	make();
	kernel_types_find(&file, sizeof(file), look, 5);
	EQ(look[0].values, 2);
	EQ(look[1].values, 0);
	EQ(look[2].values, -1);
	EQ(look[3].values, -1);
	EQ(look[4].values, -1);
	/* whatever stands there: nothing is read that is not in it */
	for (size_t i = 0; i < sizeof(file); i++)
		for (int bits = 0; bits < 3; bits++) {
			memcpy(damaged, &file, sizeof(file));
			damaged[i] = (unsigned char)(damaged[i] ^ (bits == 0 ? 0xff : bits == 1 ? 1 : 0x80));
			kernel_types_find(damaged, sizeof(damaged), look, 5);
		}
	for (size_t n = 0; n < sizeof(file); n++) {
		unsigned char *cut = malloc(n + 1);

		memcpy(cut, &file, n);
		kernel_types_find(cut, n, look, 5);
		free(cut);
	}
	kernel_types_find(&file, sizeof(file.head), look, 5);
	EQ(look[0].values, -1);
	kernel_types_tracepoints(look, 5);
	EQ(look[0].values, -1);
	OK(!kernel_types_know("surely_nothing_is_called_so"));
	return tap_done();
}

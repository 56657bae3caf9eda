/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any call with any arguments, results and memory, as text and as JSON, by the real tables: it must not crash, must not
 * run on, and the JSON must be well formed as far as brackets and quotes go.
 *
 * The input: architecture, two bytes of which call, two of options, then six arguments and the result, three bytes each
 * (how to widen, and a number); the rest is memory, which is found at every address again and again, so that chance
 * leads somewhere. The first page is not there.
 */
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "replay.h"
#include "seam/text.h"

#define HEAD 5
#define VALUES (SEAM_MAX_ARGS + 1)
#define VALUE_BYTES 3
#define FIRST 0x1000u
#define MOST_OUTPUT (64u << 20)

struct input {
	const uint8_t *memory;
	size_t size;
};

static size_t read_input(void *user, uint64_t address, void *to, size_t n, enum seam_when when)
{
	const struct input *in = user;
	uint8_t *bytes = to;

	if (!n || !in->size || address < FIRST || address >> 60)
		return 0;
	/* what is read at exit is not what was there at entry */
	for (size_t i = 0, part; i < n; i += part) {
		size_t skip = (address - FIRST + i) % in->size;

		part = MIN(n - i, in->size - skip);
		memcpy(bytes + i, in->memory + skip, part);
	}
	bytes[0] = (uint8_t)(bytes[0] + (when == SEAM_AT_EXIT && address % 7 == 0));
	return n;
}

static uint64_t widen(const uint8_t *p)
{
	uint64_t v = p[1] | (uint64_t)p[2] << 8;

	switch (p[0] & 7) {
	case 0:
		return FIRST + v;
	case 1:
		return (uint64_t)(int64_t)(int16_t)v;
	case 2:
		return v << 48 | v;
	case 3:
		return v << 16;
	default:
		return v;
	}
}

static const char *descriptor(void *user, int fd, enum seam_when when)
{
	(void)user;
	(void)when;
	return fd & 1 ? "an \"odd\"\n>one\xff" : NULL;
}

/* Brackets that close, strings that end. */
static bool is_json(const char *s)
{
	char open[256];
	size_t depth = 0;

	for (; *s; s++) {
		if (*s == '"') {
			for (s++; *s && *s != '"'; s++)
				if ((unsigned char)*s < ' ' || (*s == '\\' && !*++s))
					return false;
			if (!*s)
				return false;
		} else if (*s == '{' || *s == '[') {
			if (depth == sizeof(open))
				return false;
			open[depth++] = *s == '{' ? '}' : ']';
		} else if (*s == '}' || *s == ']') {
			if (!depth || open[--depth] != *s)
				return false;
		}
	}
	return !depth;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct seam_arch_tables *arch;
	struct input in = { 0 };
	struct seam_env env = { .read = read_input, .user = &in };
	struct seam_text x = { .t = &seam_tables, .env = &env };
	struct seam_out out;
	unsigned options, which;

	if (size < HEAD + VALUES * VALUE_BYTES)
		return 0;
	x.arch = data[0] % SEAM_ARCH_COUNT;
	arch = &seam_tables.arch[x.arch];
	which = data[1] | (unsigned)data[2] << 8;
	options = data[3] | (unsigned)data[4] << 8;
	for (size_t i = 0; i < VALUES; i++)
		env.reg[SEAM_REG_ARG0 + i] = widen(data + HEAD + i * VALUE_BYTES);
	in.memory = data + HEAD + VALUES * VALUE_BYTES;
	in.size = size - HEAD - VALUES * VALUE_BYTES;
	x.number = which;
	x.call = which % (arch->call_count + 1) == arch->call_count ? NULL : &arch->calls[which % (arch->call_count + 1)];
	x.returned = options & 1;
	x.options.names = options & 2;
	x.options.hex_addresses = (options & 0x1c) == 4;
	/* one of the two without a limit, not both: that would be slow rather than interesting */
	x.options.element_limit = (options & 0x3c) == 0x20 ? UINT32_MAX : options >> 12;
	x.options.string_limit = (options & 0x60) == 0x40 ? 10000 : options >> 9;
	if (options & 0x80)
		x.descriptor = descriptor;
	seam_out_init_mem(&out);
	x.out = &out;
	seam_text_call(&x);
	seam_text_result(&x);
	seam_text_signal(&x, data, size);
	if (out.len > MOST_OUTPUT)
		abort();
	out.len = 0;
	x.variant = NULL;
	seam_text_json(&x);
	if (out.len > MOST_OUTPUT || !is_json(out.data))
		abort();
	seam_out_release(&out);
	return 0;
}

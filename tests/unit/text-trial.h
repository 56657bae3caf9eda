/* SPDX-License-Identifier: BSD-2-Clause */
/* One call, the memory of whoever made it, and its text: for the tests of lib/text. */
#ifndef TESTS_UNIT_TEXT_TRIAL_H
#define TESTS_UNIT_TEXT_TRIAL_H

#include <stdint.h>

#include "seam/text.h"

#include "tap.h"

/* A page before the call and after it, at the same place; nothing else can be read. */
#define BASE 0x10000u
#define PAGE 4096u

static unsigned char memory[2][PAGE];
static struct seam_out trial_out;
static struct seam_text_options trial_options;
static const char *(*trial_descriptor)(void *user, int fd, enum seam_when when);

static inline size_t read_trial(void *user, uint64_t address, void *to, size_t n, enum seam_when when)
{
	(void)user;
	if (address < BASE || address >= BASE + PAGE)
		return 0;
	if (n > BASE + PAGE - address)
		n = BASE + PAGE - address;
	memcpy(to, memory[when] + (address - BASE), n);
	return n;
}

static inline void forget(void)
{
	memset(memory, 0, sizeof(memory));
}

/* Puts bytes at an offset of the page, as they are before the call and after it. Returns their address. */
static inline uint64_t put(size_t offset, const void *bytes, size_t n)
{
	memcpy(memory[SEAM_AT_ENTRY] + offset, bytes, n);
	memcpy(memory[SEAM_AT_EXIT] + offset, bytes, n);
	return BASE + offset;
}

static inline uint64_t put_after(size_t offset, const void *bytes, size_t n)
{
	memcpy(memory[SEAM_AT_EXIT] + offset, bytes, n);
	return BASE + offset;
}

static inline uint64_t put_string(size_t offset, const char *s)
{
	return put(offset, s, strlen(s) + 1);
}

static inline uint64_t put32(size_t offset, uint32_t v)
{
	return put(offset, &v, sizeof(v));
}

static inline uint64_t put64(size_t offset, uint64_t v)
{
	return put(offset, &v, sizeof(v));
}

enum how { TEXT, JSON, ENTERED };

/* The call's line; args: as many as the registers. It stays until the next one. */
static inline const char *line(enum how how, enum seam_arch arch, const char *name, const uint64_t *args, int64_t ret)
{
	struct seam_env env = { .read = read_trial };
	static struct seam_text x; /* it remembers names from call to call */

	if (trial_out.data)
		seam_out_release(&trial_out);
	seam_out_init_mem(&trial_out);
	x.t = &seam_tables;
	x.arch = arch;
	x.call = seam_call_by_name(&seam_tables, arch, name);
	x.number = 4242;
	x.variant = NULL;
	x.env = &env;
	x.options = trial_options;
	x.out = &trial_out;
	x.returned = how != ENTERED;
	x.descriptor = trial_descriptor;
	memcpy(env.reg, args, SEAM_MAX_ARGS * sizeof(*args));
	env.reg[SEAM_REG_RET] = (uint64_t)ret;
	if (how == JSON) {
		seam_text_json(&x);
		return trial_out.data;
	}
	seam_text_call(&x);
	seam_out_puts(&trial_out, " = ");
	seam_text_result(&x);
	return trial_out.data;
}

#define ARGS(...) (const uint64_t[SEAM_MAX_ARGS]){ __VA_ARGS__ }

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What is copied without walking a program is what the program would copy: tried on every call, with arguments of all kinds. */
#include "base/util.h"
#include "bpf/quick.h"
#include "capture/capture.h"
#include "tap.h"

#define STRING "seven c"

/* Any memory can be read, and all of it is the same string again and again. */
static size_t read_memory(void *user, uint64_t address, void *to, size_t n)
{
	(void)user;
	for (size_t i = 0; i < n; i++)
		((char *)to)[i] = STRING[(address + i) % sizeof(STRING)];
	return n;
}

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 24;
}

/* Small and large counts, negative ones of both widths, addresses, nothing. */
static uint64_t some_value(uint64_t *seed)
{
	switch (next(seed) % 8) {
	case 0:
		return 0;
	case 1:
		return 0 - next(seed) % 4096;
	case 2:
		return (uint32_t)(0 - next(seed) % 4096);
	case 3:
		return next(seed) << 32 | next(seed) % 64;
	default:
		return next(seed) % 2000;
	}
}

struct trial {
	struct capture capture;
	_Alignas(8) unsigned char buffer[1 << 16];
};

/* The program's pieces, of which there must be `n` bytes at most one address. */
static bool same(struct trial *t, const struct seam_variant *v, enum seam_when when, const struct walk_quick *q, uint64_t ret)
{
	uint64_t n = quick_bytes(q, t->capture.reg, ret), address = t->capture.reg[q->address & 7];
	const struct blob *b;

	t->capture.used = 0;
	t->capture.steps = 0;
	capture_run(&t->capture, v, when);
	b = capture_next(&t->capture, NULL);
	if (q->kind == QUICK_NOTHING || !address || (!n && q->kind == QUICK_MEMORY))
		return !b;
	if (!b || capture_next(&t->capture, b) || b->address != address)
		return false;
	if (q->kind == QUICK_STRING)
		return b->size <= sizeof(STRING);
	return b->whole == (n < UINT32_MAX ? n : UINT32_MAX);
}

static bool same_always(const struct seam_variant *v)
{
	struct walk_quick in = quick_of(&seam_tables, v->entry), out = quick_of(&seam_tables, v->exit);
	struct trial *t = calloc(1, sizeof(*t));
	uint64_t seed = 1;
	bool all = true;

	t->capture = (struct capture){ .tables = &seam_tables, .read = read_memory, .limit = 256, .buffer = t->buffer,
				       .room = sizeof(t->buffer) };
	for (int round = 0; round < 300 && all; round++) {
		uint64_t args[SEAM_MAX_ARGS];

		for (int i = 0; i < SEAM_MAX_ARGS; i++)
			args[i] = some_value(&seed);
		memcpy(t->capture.reg, args, sizeof(args));
		if (in.kind != QUICK_WALK)
			all = same(t, v, SEAM_AT_ENTRY, &in, 0);
		memcpy(t->capture.reg, args, sizeof(args));
		t->capture.reg[SEAM_REG_RET] = some_value(&seed);
		if (out.kind != QUICK_WALK && all)
			all = same(t, v, SEAM_AT_EXIT, &out, t->capture.reg[SEAM_REG_RET]);
	}
	free(t);
	return all;
}

static struct walk_quick of_call(const char *name, bool exit)
{
	const struct seam_call *c = seam_call_by_name(&seam_tables, SEAM_ARCH_X86_64, name);
	const struct seam_variant *v = &seam_tables.variants[c->variants.first];

	return quick_of(&seam_tables, exit ? v->exit : v->entry);
}

int main(void)
{
	const struct seam_arch_tables *arch = &seam_tables.arch[seam_arch_native()];
	unsigned quick = 0, wrong = 0, most = 0;

	for (uint32_t i = 0; i < arch->call_count; i++) {
		const struct seam_call *c = &arch->calls[i];
		const struct seam_variant *v;

		most = MAX(most, c->selects.count);
		if (!(c->flags & SEAM_CALL_DESCRIBED) || c->selects.count)
			continue;
		v = &seam_tables.variants[c->variants.first];
		quick += quick_of(&seam_tables, v->entry).kind != QUICK_WALK && quick_of(&seam_tables, v->exit).kind != QUICK_WALK;
		if (!same_always(v)) {
			printf("# %s differs\n", seam_string(&seam_tables, c->name));
			wrong++;
		}
	}
	printf("# %u calls need no walk\n", quick);
	EQ(wrong, 0);
	/* there the kernel's side has a bound */
	OK(most <= WALK_SELECTS);
	OK(quick > 100);
	OK(of_call("write", false).kind == QUICK_MEMORY);
	OK(of_call("read", true).kind == QUICK_MEMORY);
	OK(of_call("openat", false).kind == QUICK_STRING);
	OK(of_call("getppid", false).kind == QUICK_NOTHING);
	OK(of_call("writev", false).kind == QUICK_WALK);
	OK(of_call("wait4", true).kind == QUICK_WALK);
	return tap_done();
}

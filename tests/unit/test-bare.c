/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording without structures: its programs copy what the whole ones copy or less, strings are there, and most calls need no walk. */
#include "bpf/bare.h"
#include "bpf/quick.h"
#include "capture/capture.h"
#include "tap.h"

#define ROUNDS 20

/* Any memory can be read: small numbers, whose bytes are strings too. */
static size_t read_memory(void *user, uint64_t address, void *to, size_t n)
{
	(void)user;
	for (size_t i = 0; i < n; i++)
		((unsigned char *)to)[i] = (address + i) % 8 ? 0 : (unsigned char)((address + i) / 8 % 5);
	return n;
}

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 24;
}

struct run {
	struct capture capture;
	_Alignas(8) unsigned char buffer[1 << 16];
};

static void start(struct run *r, const struct seam_tables *t, const uint64_t reg[SEAM_MAX_ARGS + 1])
{
	r->capture = (struct capture){ .tables = t, .read = read_memory, .limit = 256, .buffer = r->buffer, .room = sizeof(r->buffer) };
	memcpy(r->capture.reg, reg, (SEAM_MAX_ARGS + 1) * sizeof(*reg));
}

/* Runs both sides of a call, as an engine does. */
static void run(struct run *r, const struct seam_tables *t, const struct seam_variant *v, const uint64_t reg[SEAM_MAX_ARGS + 1])
{
	start(r, t, reg);
	capture_run(&r->capture, v, SEAM_AT_ENTRY);
	memcpy(r->capture.reg, reg, (SEAM_MAX_ARGS + 1) * sizeof(*reg));
	capture_run(&r->capture, v, SEAM_AT_EXIT);
}

/* Each piece of the one is a piece of the other, in the same order; nothing is said where there was no room for the whole. */
static bool is_part(struct run *part, struct run *whole)
{
	const struct blob *w = NULL;

	if (whole->capture.used > sizeof(whole->buffer) / 2)
		return true;
	for (const struct blob *b = NULL; (b = capture_next(&part->capture, b));) {
		do
			w = capture_next(&whole->capture, w);
		while (w && (w->address != b->address || w->size != b->size || w->when != b->when));
		if (!w)
			return false;
	}
	return true;
}

static struct walk_quick of_call(const struct bare *b, const char *name, bool exit)
{
	const struct seam_call *c = seam_call_by_name(&seam_tables, seam_arch_native(), name);
	const struct seam_variant *v = &b->tables.variants[c->variants.first];

	return quick_of(&b->tables, exit ? v->exit : v->entry);
}

int main(void)
{
	const struct seam_arch_tables *arch = &seam_tables.arch[seam_arch_native()];
	struct run *part = calloc(1, sizeof(*part)), *whole = calloc(1, sizeof(*whole));
	unsigned wrong = 0, walked = 0;
	uint64_t seed = 1;
	struct bare b;

	bare_make(&b, &seam_tables);
	for (uint32_t i = 0; i < arch->call_count; i++) {
		const struct seam_call *c = &arch->calls[i];

		for (uint32_t k = 0; k < c->variants.count; k++) {
			const struct seam_variant *v = &b.tables.variants[c->variants.first + k];
			bool same = true;

			for (int round = 0; round < ROUNDS && same; round++) {
				uint64_t reg[SEAM_MAX_ARGS + 1];

				for (int a = 0; a <= SEAM_MAX_ARGS; a++)
					reg[a] = next(&seed) % (round % 2 ? 8 : 1024) * 8;
				run(part, &b.tables, v, reg);
				run(whole, &seam_tables, &seam_tables.variants[c->variants.first + k], reg);
				same = is_part(part, whole);
			}
			if (!same)
				printf("# %s copies something else\n", seam_string(&seam_tables, c->name));
			wrong += !same;
		}
		walked += c->variants.count == 1 && (of_call(&b, seam_string(&seam_tables, c->name), false).kind == QUICK_WALK ||
						     of_call(&b, seam_string(&seam_tables, c->name), true).kind == QUICK_WALK);
	}
	printf("# %u calls of one case are walked\n", walked);
	EQ(wrong, 0);
	OK(walked < 60);
	OK(of_call(&b, "openat", false).kind == QUICK_STRING);
	OK(of_call(&b, "newfstatat", false).kind == QUICK_STRING);
	OK(of_call(&b, "newfstatat", true).kind == QUICK_NOTHING);
	OK(of_call(&b, "write", false).kind == QUICK_NOTHING);
	OK(of_call(&b, "writev", false).kind == QUICK_NOTHING);
	OK(of_call(&b, "recvmsg", true).kind == QUICK_NOTHING);
	OK(of_call(&b, "getdents64", true).kind == QUICK_NOTHING);
	OK(of_call(&b, "readlinkat", true).kind == QUICK_MEMORY);
	OK(of_call(&b, "pipe2", true).kind != QUICK_NOTHING);
	OK(of_call(&b, "wait4", true).kind != QUICK_NOTHING);
	bare_release(&b);
	free(part);
	free(whole);
	return tap_done();
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds calls, architectures and constants in the tables. */
#include <string.h>

#include "base/util.h"
#include "seam/calls.h"

const struct seam_call *seam_call_by_number(const struct seam_tables *t, enum seam_arch arch, uint64_t number)
{
	const struct seam_arch_tables *a = &t->arch[arch];

	if (number < a->number_count)
		return a->by_number[number] == SEAM_NO_CALL ? NULL : &a->calls[a->by_number[number]];
	for (uint32_t i = 0; i < a->call_count; i++)
		if (a->calls[i].number == number)
			return &a->calls[i];
	return NULL;
}

const struct seam_call *seam_call_by_name(const struct seam_tables *t, enum seam_arch arch, const char *name)
{
	const struct seam_arch_tables *a = &t->arch[arch];
	uint32_t low = 0, high = a->call_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(seam_string(t, a->calls[middle].name), name);

		if (!order)
			return &a->calls[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

int seam_arch_by_name(const struct seam_tables *t, const char *name)
{
	static const struct {
		const char *name;
		enum seam_arch arch;
	} also[] = {
		{ "x86-64", SEAM_ARCH_X86_64 }, { "amd64", SEAM_ARCH_X86_64 }, { "aarch64", SEAM_ARCH_ARM64 },
		{ "riscv", SEAM_ARCH_RISCV64 }, { "i686", SEAM_ARCH_I386 },    { "i586", SEAM_ARCH_I386 },
		{ "x86", SEAM_ARCH_I386 },      { "armhf", SEAM_ARCH_ARM },    { "armv7l", SEAM_ARCH_ARM },
	};

	for (int i = 0; i < SEAM_ARCH_COUNT; i++)
		if (strcmp(t->arch[i].name, name) == 0)
			return i;
	for (size_t i = 0; i < ARRAY_SIZE(also); i++)
		if (strcmp(also[i].name, name) == 0)
			return (int)also[i].arch;
	return -1;
}

enum seam_arch seam_arch_native(void)
{
	return SEAM_NATIVE_ARCH;
}

uint32_t seam_set_by_name(const struct seam_tables *t, const char *name)
{
	for (uint32_t i = 0; i < t->set_count; i++)
		if (!strcmp(seam_string(t, t->sets[i].name), name))
			return i;
	return UINT32_MAX;
}

const char *seam_const_name(const struct seam_tables *t, uint32_t set, uint64_t value, unsigned bytes)
{
	const struct seam_set *s = &t->sets[set];
	uint64_t mask = bytes < 8 ? (1ull << (bytes * 8)) - 1 : UINT64_MAX;

	for (uint32_t i = 0; i < s->count; i++) {
		const struct seam_const *c = &t->consts[s->first + i];

		if (!((c->value ^ value) & mask))
			return seam_string(t, c->name);
	}
	return NULL;
}

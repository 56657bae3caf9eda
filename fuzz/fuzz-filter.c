/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as an expression of --where: refused with a sentence, or asked; and the kernel drops nothing that it wants. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "filter/split.h"
#include "replay.h"

/* The numbers of an event are bytes of the expression itself, so that a fuzzer can choose them. */
struct event {
	uint64_t number[FILTER_SOURCES];
	const char *text;
	bool returned;
};

static enum seam_filter_known number_of(void *user, enum seam_filter_field field, uint64_t *ret)
{
	const struct event *e = user;

	if (!e->returned && (field == SEAM_FILTER_RET || field == SEAM_FILTER_DURATION))
		return SEAM_FILTER_NOT_KNOWN;
	*ret = e->number[field];
	return SEAM_FILTER_KNOWN;
}

static enum seam_filter_known string_of(void *user, enum seam_filter_field field, unsigned index, const char **ret)
{
	const struct event *e = user;

	if (index)
		return SEAM_FILTER_ABSENT;
	*ret = field == SEAM_FILTER_COMM ? "fuzz" : e->text;
	return SEAM_FILTER_KNOWN;
}

static void check_event(const struct seam_filter *f, const struct filter_split *s, const struct seam_call *call,
			struct event *e)
{
	struct seam_filter_view view = { .call = call, .number = number_of, .string = string_of, .user = e };
	struct filter_facts facts = { .known = UINT32_MAX };
	enum seam_filter_answer here;
	enum filter_answer kernel;

	memcpy(facts.number, e->number, sizeof(e->number));
	memcpy(facts.comm, "fuzz", 5);
	if (!e->returned)
		facts.known &= ~(1u << FILTER_RET | 1u << FILTER_DURATION);
	kernel = filter_split_run(s, call ? call->number : 1u << 20, &facts);
	here = seam_filter_ask(f, &view);
	if ((kernel == FILTER_DROP && here != SEAM_FILTER_NO) || (kernel == FILTER_KEEP && here != SEAM_FILTER_YES))
		abort();
}

static void try_arch(const char *text, size_t size, enum seam_arch arch)
{
	static const char *const calls[] = { "openat", "read", "kill", "fcntl", "getpid" };
	struct seam_filter_options o = { .arch = arch, .lenient = true };
	struct seam_err err = SEAM_ERR_INIT;
	struct event e = { .text = text };
	struct filter_split s;
	struct seam_filter *f;
	int r = seam_filter_new(text, &o, &f, &err);

	if (r < 0) {
		if (!*err.text || r != err.code)
			abort();
		return;
	}
	for (size_t i = 0; i < FILTER_SOURCES; i++)
		e.number[i] = size ? (uint64_t)(int8_t)text[i * 7 % size] : 0;
	filter_split(f, &s);
	for (size_t i = 0; i <= sizeof(calls) / sizeof(*calls); i++) {
		const struct seam_call *call =
			i < sizeof(calls) / sizeof(*calls) ? seam_call_by_name(&seam_tables, arch, calls[i]) : NULL;

		e.returned = false;
		check_event(f, &s, call, &e);
		e.returned = true;
		check_event(f, &s, call, &e);
	}
	filter_split_release(&s);
	seam_filter_free(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size);

	size = strlen(text);
	try_arch(text, size, SEAM_ARCH_X86_64);
	try_arch(text, size, SEAM_ARCH_I386);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What the words of an expression mean: fields, arguments of calls, constants. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "filter/filter-parts.h"

#define AT_FDCWD_VALUE (-100)

static const struct {
	const char *name;
	int field;
} fields[] = {
	{ "pid", SEAM_FILTER_PID },	{ "ppid", SEAM_FILTER_PPID }, { "tid", SEAM_FILTER_TID },
	{ "comm", SEAM_FILTER_COMM },	{ "exe", SEAM_FILTER_EXE },   { "uid", SEAM_FILTER_UID },
	{ "cgroup", SEAM_FILTER_CGROUP }, { "call", FIELD_CALL },     { "class", FIELD_CLASS },
	{ "path", SEAM_FILTER_PATH },	{ "fd", FIELD_FD },	      { "ret", SEAM_FILTER_RET },
	{ "error", FIELD_ERROR },	{ "duration", SEAM_FILTER_DURATION },
	{ "arg0", SEAM_FILTER_ARG0 },	{ "arg1", SEAM_FILTER_ARG0 + 1 }, { "arg2", SEAM_FILTER_ARG0 + 2 },
	{ "arg3", SEAM_FILTER_ARG0 + 3 }, { "arg4", SEAM_FILTER_ARG0 + 4 }, { "arg5", SEAM_FILTER_ARG0 + 5 },
};

/* What the kernel answers inside, and a tracer sees: the call is made again, or a handler decides. */
static const struct {
	const char *name;
	int number;
} restarts[] = { { "ERESTARTSYS", 512 }, { "ERESTARTNOINTR", 513 }, { "ERESTARTNOHAND", 514 }, { "ERESTART_RESTARTBLOCK", 516 } };

/* The same on all machines that we know; from 1 on. */
static const char *const signals[] = {
	"SIGHUP",  "SIGINT",  "SIGQUIT", "SIGILL",    "SIGTRAP", "SIGABRT", "SIGBUS",  "SIGFPE",
	"SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2",   "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT",
	"SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP",   "SIGTTIN", "SIGTTOU", "SIGURG",  "SIGXCPU",
	"SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
};

struct words {
	LIST(const char *) list;
};

int filter_field(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (strcmp(fields[i].name, name) == 0)
			return fields[i].field;
	return -1;
}

static const char *error_name(int number)
{
	for (size_t i = 0; i < ARRAY_SIZE(restarts); i++)
		if (restarts[i].number == number)
			return restarts[i].name;
	return strerrorname_np(number);
}

/* The number of an error, 0: there is none of this name. */
static int error_number(const char *name)
{
	static const char *const also[] = { "EWOULDBLOCK", "EAGAIN", "EDEADLOCK", "EDEADLK", "ENOTSUP", "EOPNOTSUPP" };

	for (size_t i = 0; i < ARRAY_SIZE(also); i += 2)
		if (strcmp(name, also[i]) == 0)
			name = also[i + 1];
	for (int i = 1; i <= restarts[ARRAY_SIZE(restarts) - 1].number; i++) {
		const char *here = error_name(i);

		if (here && strcmp(here, name) == 0)
			return i;
	}
	return 0;
}

int filter_signal(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		if (strcmp(signals[i], name) == 0)
			return (int)i + 1;
	return 0;
}

/* Each case of the call that has the argument. */
#define for_each_type(f, call, i, type, wanted_name, wanted_number)                                                 \
	for (uint32_t var_##i = 0; (call) && var_##i < (call)->variants.count; var_##i++)                           \
		for (uint32_t i = 0; i < variant_at(f, call, var_##i)->args.count; i++)                             \
			if (((type) = matching_type(f, variant_at(f, call, var_##i), i, wanted_name, wanted_number)))

static const struct seam_variant *variant_at(const struct seam_filter *f, const struct seam_call *call, uint32_t v)
{
	return &f->t->variants[call->variants.first + v];
}

static const struct seam_type *matching_type(const struct seam_filter *f, const struct seam_variant *v, uint32_t i,
					     const char *name, int number)
{
	const struct seam_arg *a = &f->t->args[v->args.first + i];

	if (name ? strcmp(seam_string(f->t, a->name), name) != 0 : (int)i != number)
		return NULL;
	return i < SEAM_MAX_ARGS ? &f->t->types[a->type] : NULL;
}

static bool is_string_type(const struct seam_type *type)
{
	return type->kind == SEAM_KIND_PATH || type->kind == SEAM_KIND_STR;
}

struct arg_use filter_arg_use(const struct seam_filter *f, const struct seam_call *call, const char *name, int number)
{
	struct arg_use use = { .index = -1 };
	const struct seam_type *type;

	for_each_type(f, call, i, type, name, number) {
		bool value = type->dir == SEAM_DIR_VALUE && type->width;
		uint8_t width = value ? type->width : 8;
		bool is_signed = value && (type->flags & SEAM_TYPE_SIGNED);

		if (use.index < 0) {
			use.width = width;
			use.is_signed = is_signed;
		} else if (width != use.width || is_signed != use.is_signed) {
			use.width = 8;
			use.is_signed = false;
		}
		use.index = (int)i;
		use.string |= is_string_type(type);
	}
	return use;
}

static bool is_fd(const struct seam_type *type)
{
	return type->dir == SEAM_DIR_VALUE && (type->kind == SEAM_KIND_FD || type->kind == SEAM_KIND_DIRFD);
}

uint32_t filter_fd_args(const struct seam_filter *f, const struct seam_call *call)
{
	const struct seam_type *type;
	uint32_t some = 0, others = 0;

	for (int n = 0; n < SEAM_MAX_ARGS; n++)
		for_each_type(f, call, i, type, NULL, n)
			*(is_fd(type) ? &some : &others) |= 1u << n;
	return some & ~others;
}

bool filter_touches(const struct seam_filter *f, const struct seam_call *call, uint32_t *ret_paths, uint32_t *ret_fds)
{
	const struct seam_type *type;
	uint32_t paths = 0, fds = 0, others = 0;

	for (int n = 0; n < SEAM_MAX_ARGS; n++)
		for_each_type(f, call, i, type, NULL, n)
			*(type->kind == SEAM_KIND_PATH && type->dir == SEAM_DIR_IN ? &paths : is_fd(type) ? &fds : &others) |=
				1u << n;
	*ret_paths = paths;
	*ret_fds = fds;
	return !(paths & (fds | others)) && !(fds & others);
}

bool filter_may_path(const struct seam_filter *f, const struct seam_call *call)
{
	const struct seam_type *type;

	for (int n = 0; n < SEAM_MAX_ARGS; n++)
		for_each_type(f, call, i, type, NULL, n)
			if (is_fd(type) || type->kind == SEAM_KIND_PATH)
				return true;
	return false;
}

static bool set_constant(const struct seam_filter *f, const struct seam_set *set, const char *name, struct constant *ret)
{
	for (uint32_t i = 0; i < set->count; i++) {
		const struct seam_const *c = &f->t->consts[set->first + i];

		if (strcmp(seam_string(f->t, c->name), name) == 0) {
			*ret = (struct constant){ c->value, c->mask };
			return true;
		}
		if (c->field && strcmp(seam_string(f->t, c->field), name) == 0) {
			*ret = (struct constant){ c->mask, 0 };
			return true;
		}
	}
	return false;
}

static bool has_set(const struct seam_type *type)
{
	return (type->kind == SEAM_KIND_BITS || type->kind == SEAM_KIND_ENUM) && type->ref;
}

/* A constant that this argument can have. */
static bool type_constant(const struct seam_filter *f, const struct seam_type *type, const char *name, struct constant *ret)
{
	int number = 0;

	if (has_set(type))
		return set_constant(f, &f->t->sets[type->ref], name, ret);
	if (is_fd(type) && strcmp(name, "AT_FDCWD") == 0)
		number = AT_FDCWD_VALUE;
	if (type->kind == SEAM_KIND_SIGNAL)
		number = filter_signal(name);
	if (type->kind == SEAM_KIND_ERRNO)
		number = error_number(name);
	*ret = (struct constant){ number, 0 };
	return number != 0;
}

bool filter_constant(const struct seam_filter *f, const struct test *t, const struct seam_call *call, int index,
		     const char *name, struct constant *ret)
{
	const struct seam_type *type;
	uint32_t last = 0;
	bool found = false;

	if (t->field == FIELD_ERROR || t->field == SEAM_FILTER_RET) {
		*ret = (struct constant){ error_number(name), 0 };
		return ret->value != 0;
	}
	if (t->field == FIELD_FD) {
		*ret = (struct constant){ AT_FDCWD_VALUE, 0 };
		return strcmp(name, "AT_FDCWD") == 0;
	}
	for_each_type(f, call, i, type, NULL, index) {
		/* the cases of a call mostly share a set */
		if (found || (has_set(type) && type->ref == last))
			continue;
		last = has_set(type) ? type->ref : last;
		found = type_constant(f, type, name, ret);
	}
	return found;
}

static const char *guess(struct words *w, const char *word)
{
	static _Thread_local char text[128];
	const char *meant = suggest(word, w->list.at, w->list.n);

	*text = '\0';
	if (meant)
		snprintf(text, sizeof(text), "; did you mean '%s'?", meant);
	free(w->list.at);
	return text;
}

const char *filter_guess_field(const struct seam_filter *f, const char *word)
{
	struct words w = { 0 };
	const struct seam_arch_tables *a = filter_calls(f);

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		*list_push(&w.list) = fields[i].name;
	/* one case of a call has all names, but for a few */
	for (uint32_t c = 0; filter_described(f) && c < a->call_count; c++) {
		const struct seam_variant *v = variant_at(f, &a->calls[c], 0);

		for (uint32_t i = 0; i < v->args.count; i++)
			*list_push(&w.list) = seam_string(f->t, f->t->args[v->args.first + i].name);
	}
	return guess(&w, word);
}

static void guess_type(const struct seam_filter *f, const struct seam_type *type, struct words *w)
{
	const struct seam_set *set = &f->t->sets[type->ref];

	for (size_t i = 0; type->kind == SEAM_KIND_SIGNAL && i < ARRAY_SIZE(signals); i++)
		*list_push(&w->list) = signals[i];
	if (!has_set(type))
		return;
	for (uint32_t i = 0; i < set->count; i++) {
		*list_push(&w->list) = seam_string(f->t, f->t->consts[set->first + i].name);
		if (f->t->consts[set->first + i].field)
			*list_push(&w->list) = seam_string(f->t, f->t->consts[set->first + i].field);
	}
}

const char *filter_guess_constant(const struct seam_filter *f, const struct test *t, const char *word)
{
	const struct seam_arch_tables *a = filter_calls(f);
	const struct seam_type *type;
	struct words w = { 0 };
	uint32_t last = UINT32_MAX;

	if (t->field == FIELD_ERROR || t->field == SEAM_FILTER_RET) {
		for (int i = 1; i <= restarts[ARRAY_SIZE(restarts) - 1].number; i++)
			*list_push(&w.list) = error_name(i);
		return guess(&w, word);
	}
	for (uint32_t c = 0; c < a->call_count; c++)
		for_each_type(f, &a->calls[c], i, type, t->field == FIELD_NAMED ? t->name : NULL, t->field) {
			if (type->ref != last || type->kind == SEAM_KIND_SIGNAL)
				guess_type(f, type, &w);
			last = type->ref;
		}
	return guess(&w, word);
}

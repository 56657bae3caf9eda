/* SPDX-License-Identifier: BSD-2-Clause */
/* A call with its arguments, and its result. */
#include "base/util.h"
#include "text/text-parts.h"

/* Numbers that the kernel uses inside and that a tracer sees: the call is made again or a handler decides. */
#define FIRST_RESTART 512
static const struct {
	const char *name, *words;
} restarts[] = {
	{ "ERESTARTSYS", "To be restarted if SA_RESTART is set" },
	{ "ERESTARTNOINTR", "To be restarted" },
	{ "ERESTARTNOHAND", "To be restarted if no handler" },
	{ "ENOIOCTLCMD", "No ioctl command" },
	{ "ERESTART_RESTARTBLOCK", "Interrupted by signal" },
};

static bool is_restart(int number)
{
	return number >= FIRST_RESTART && number < FIRST_RESTART + (int)ARRAY_SIZE(restarts);
}

static bool is_error(const struct seam_text *x)
{
	return seam_has_failed((int64_t)x->env->reg[SEAM_REG_RET]);
}

void text_error(struct seam_text *x, int number)
{
	const char *name = is_restart(number) ? restarts[number - FIRST_RESTART].name : strerrorname_np(number);

	if (name)
		text_puts(x->out, name);
	else
		text_i64(x->out, number);
}

void seam_text_value(struct seam_text *x, uint32_t index, uint64_t value)
{
	const struct seam_type *type = &x->t->types[index];

	x->state.items = 0;
	if (text_is_pointer(type))
		text_pointer(x, type, value);
	else
		text_scalar(x, type, value, SEAM_AT_ENTRY);
}

/* How many arguments are worth a word: what the kernel does not look at is left out at the end of the list. */
static uint32_t arguments(struct seam_text *x)
{
	uint32_t n = x->variant->args.count;

	for (; n; n--) {
		const struct seam_type *type = &x->t->types[x->t->args[x->variant->args.first + n - 1].type];

		if (type->kind == SEAM_KIND_UNUSED)
			continue;
		if (text_is_pointer(type) || (type->flags & SEAM_TYPE_AT_EXIT) || seam_holds(x->t, type->when, x->env))
			break;
	}
	return n;
}

static bool is_known(struct seam_text *x)
{
	x->state.depth = 0;
	x->state.window = NULL;
	x->state.cut = false;
	if (!x->call || !(x->call->flags & SEAM_CALL_DESCRIBED))
		return false;
	if (!x->variant)
		x->variant = seam_call_variant(x->t, x->call, x->env);
	return true;
}

static void name(struct seam_text *x)
{
	if (x->call) {
		text_puts(x->out, seam_string(x->t, x->call->name));
	} else {
		text_puts(x->out, "syscall_");
		text_hex(x->out, x->number);
	}
}

void seam_text_call(struct seam_text *x)
{
	bool known = is_known(x);
	uint32_t n = known ? arguments(x) : SEAM_MAX_ARGS;

	x->state.json = false;
	name(x);
	text_open(x, '(');
	for (uint32_t i = 0; i < n; i++) {
		const struct seam_arg *a = known ? &x->t->args[x->variant->args.first + i] : NULL;

		if (a && x->options.names)
			text_member(x, seam_string(x->t, a->name));
		else
			text_item(x);
		if (a)
			seam_text_value(x, a->type, x->env->reg[i]);
		else
			text_hex(x->out, x->env->reg[i]); /* nobody knows what it is: raw, all six */
	}
	text_close(x, ')');
}

static const struct seam_type *result_type(const struct seam_text *x)
{
	return x->variant && x->variant->ret ? &x->t->types[x->variant->ret] : NULL;
}

static void failure(struct seam_text *x, int number)
{
	const char *words = is_restart(number) ? restarts[number - FIRST_RESTART].words : strerrordesc_np(number);

	text_puts(x->out, is_restart(number) ? "? " : "-1 ");
	text_error(x, number);
	if (!words)
		return;
	text_put(x->out, " (", 2);
	text_puts(x->out, words);
	text_putc(x->out, ')');
}

/* The number, and what it means. */
static void named_result(struct seam_text *x, const struct seam_type *type, uint64_t value)
{
	bool bits = type->kind == SEAM_KIND_BITS;

	if (bits)
		text_hex(x->out, value);
	else
		text_i64(x->out, (int64_t)value);
	if (!value && (type->kind == SEAM_KIND_SIGNAL || (bits && !text_const_name(x, type->ref, 0, type->width))))
		return;
	text_put(x->out, " (", 2);
	text_scalar(x, type, value, SEAM_AT_EXIT);
	text_putc(x->out, ')');
}

void seam_text_result(struct seam_text *x)
{
	int64_t ret = (int64_t)x->env->reg[SEAM_REG_RET];
	const struct seam_type *type = result_type(x);

	x->state.json = false;
	if (!x->returned) {
		text_putc(x->out, '?');
	} else if (is_error(x)) {
		failure(x, (int)-ret);
	} else if (!type) {
		text_i64(x->out, ret);
	} else if (type->kind == SEAM_KIND_BITS || type->kind == SEAM_KIND_ENUM || type->kind == SEAM_KIND_SIGNAL) {
		named_result(x, type, text_cut(type, (uint64_t)ret));
	} else if (text_is_pointer(type)) {
		text_pointer(x, type, (uint64_t)ret);
	} else if (type->kind == SEAM_KIND_ADDR) {
		text_hex(x->out, (uint64_t)ret);
	} else {
		text_scalar(x, type, (uint64_t)ret, SEAM_AT_EXIT);
	}
}

/* An error and its name; else what the type says. */
static void json_result(struct seam_text *x)
{
	int64_t ret = (int64_t)x->env->reg[SEAM_REG_RET];
	const struct seam_type *type = result_type(x);

	text_member(x, "ret");
	if (!x->returned) {
		text_puts(x->out, "null");
	} else if (is_error(x)) {
		text_i64(x->out, ret);
		text_member(x, "error");
		text_words(x);
		text_error(x, (int)-ret);
		text_words_end(x);
	} else if (type && !text_is_pointer(type)) {
		text_scalar(x, type, (uint64_t)ret, SEAM_AT_EXIT);
	} else {
		text_i64(x->out, ret);
	}
}

void seam_text_json_members(struct seam_text *x)
{
	static const char *const raw[SEAM_MAX_ARGS] = { "arg0", "arg1", "arg2", "arg3", "arg4", "arg5" };
	bool known = is_known(x);
	uint32_t n = known ? arguments(x) : SEAM_MAX_ARGS, cut = 0;

	x->state.json = true;
	x->state.fresh = true;
	text_member(x, "name");
	text_words(x);
	name(x);
	text_words_end(x);
	text_member(x, "args");
	text_open(x, '{');
	for (uint32_t i = 0; i < n; i++) {
		const struct seam_arg *a = known ? &x->t->args[x->variant->args.first + i] : NULL;

		x->state.cut = false;
		if (a) {
			text_member(x, seam_string(x->t, a->name));
			seam_text_value(x, a->type, x->env->reg[i]);
		} else {
			text_member_hex(x, raw[i], x->env->reg[i]);
		}
		cut |= (uint32_t)x->state.cut << i;
	}
	text_close(x, '}');
	json_result(x);
	if (cut) {
		text_member(x, "cut");
		text_open(x, '[');
		for (uint32_t i = 0; i < n; i++) {
			if (!(cut >> i & 1))
				continue;
			text_item(x);
			text_words(x);
			text_puts(x->out, seam_string(x->t, x->t->args[x->variant->args.first + i].name));
			text_words_end(x);
		}
		text_close(x, ']');
	}
	x->state.json = false;
}

void seam_text_json(struct seam_text *x)
{
	text_putc(x->out, '{');
	seam_text_json_members(x);
	text_putc(x->out, '}');
}

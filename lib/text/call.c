/* SPDX-License-Identifier: BSD-2-Clause */
/* A call with its arguments, and its result. */
#include <string.h>

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
	return number >= FIRST_RESTART && number < FIRST_RESTART + (int)(sizeof(restarts) / sizeof(*restarts));
}

void text_error(struct seam_text *x, int number)
{
	const char *name = is_restart(number) ? restarts[number - FIRST_RESTART].name : strerrorname_np(number);

	if (name)
		seam_out_puts(x->out, name);
	else
		text_i64(x->out, number);
}

static bool is_pointer(const struct seam_type *type)
{
	return type->dir != SEAM_DIR_VALUE || type->kind == SEAM_KIND_IOC || type->kind == SEAM_KIND_OPAQUE;
}

void seam_text_value(struct seam_text *x, uint32_t index, uint64_t value)
{
	const struct seam_type *type = &x->t->types[index];

	if (is_pointer(type))
		text_pointer(x, type, value);
	else
		text_scalar(x, type, value);
}

/* A number that no description knows: raw, with all six registers. */
static void unknown_call(struct seam_text *x)
{
	seam_out_puts(x->out, "syscall_");
	text_hex(x->out, x->number);
	for (int i = 0; i < SEAM_MAX_ARGS; i++) {
		seam_out_puts(x->out, i ? ", " : "(");
		text_hex(x->out, x->env->reg[i]);
	}
	seam_out_putc(x->out, ')');
}

void seam_text_call(struct seam_text *x)
{
	uint64_t args[SEAM_MAX_ARGS];
	bool first = true;

	if (!x->call || !(x->call->flags & SEAM_CALL_DESCRIBED)) {
		unknown_call(x);
		return;
	}
	memcpy(args, x->env->reg, sizeof(args));
	if (!x->variant)
		x->variant = seam_call_variant(x->t, x->call, x->env);
	seam_out_puts(x->out, seam_string(x->t, x->call->name));
	seam_out_putc(x->out, '(');
	for (uint32_t i = 0; i < x->variant->args.count; i++) {
		const struct seam_arg *a = &x->t->args[x->variant->args.first + i];
		const struct seam_type *type = &x->t->types[a->type];

		if (type->kind == SEAM_KIND_UNUSED || (!is_pointer(type) && !(type->flags & SEAM_TYPE_AT_EXIT) &&
						       !seam_holds(x->t, type->when, x->env)))
			continue;
		if (!first)
			seam_out_puts(x->out, ", ");
		first = false;
		if (x->options.names) {
			seam_out_puts(x->out, seam_string(x->t, a->name));
			seam_out_putc(x->out, '=');
		}
		seam_text_value(x, a->type, args[i]);
	}
	seam_out_putc(x->out, ')');
}

void seam_text_result(struct seam_text *x)
{
	int64_t ret = (int64_t)x->env->reg[SEAM_REG_RET];
	const struct seam_type *type = x->variant && x->variant->ret ? &x->t->types[x->variant->ret] : NULL;

	if (!x->returned) {
		seam_out_putc(x->out, '?');
	} else if (ret < 0 && (ret >= -4095 || is_restart((int)-ret))) {
		const char *words = is_restart((int)-ret) ? restarts[-ret - FIRST_RESTART].words :
							    strerrordesc_np((int)-ret);

		seam_out_puts(x->out, is_restart((int)-ret) ? "? " : "-1 ");
		text_error(x, (int)-ret);
		if (words)
			seam_out_printf(x->out, " (%s)", words);
	} else if (!type) {
		text_i64(x->out, ret);
	} else if (type->kind == SEAM_KIND_BITS || type->kind == SEAM_KIND_ENUM) {
		/* the number, and what it means */
		text_hex(x->out, text_cut(type, (uint64_t)ret));
		seam_out_puts(x->out, " (");
		text_scalar(x, type, (uint64_t)ret);
		seam_out_putc(x->out, ')');
	} else {
		seam_text_value(x, x->variant->ret, (uint64_t)ret);
	}
}

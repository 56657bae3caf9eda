/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes in and comes out of a call's memory, and when, in plain words. */
#include <string.h>

#include "base/str.h"
#include "base/util.h"
#include "calls/describe-parts.h"

/* What the elements of an extent are called. */
static const char *unit(const struct seam_type *type)
{
	if (type->flags & SEAM_TYPE_BYTES)
		return "bytes";
	switch (type->kind) {
	case SEAM_KIND_FDSET:
	case SEAM_KIND_BITMASK:
		return "bits";
	case SEAM_KIND_STRUCT:
		return "structures";
	case SEAM_KIND_IOVEC:
	case SEAM_KIND_PTRS:
		return "elements";
	default:
		return kind_bytes_of(type->kind) > 1 ? "elements" : "bytes";
	}
}

/* Memory whose size nobody had to say. */
static void fixed_amount(const struct seam_tables *t, const struct seam_type *type, struct seam_out *out)
{
	switch (type->kind) {
	case SEAM_KIND_PATH:
		seam_out_puts(out, "a path up to its NUL");
		break;
	case SEAM_KIND_STR:
		seam_out_puts(out, "a string up to its NUL");
		break;
	case SEAM_KIND_STRS:
		seam_out_puts(out, "pointers to strings up to a NULL, and the strings");
		break;
	case SEAM_KIND_STRUCT:
		seam_out_printf(out, "one structure of %u bytes", t->layouts[type->ref].size);
		break;
	case SEAM_KIND_SIGSET:
		seam_out_puts(out, "a signal set of 8 bytes");
		break;
	case SEAM_KIND_SIGINFO:
		seam_out_puts(out, "a siginfo of 128 bytes");
		break;
	case SEAM_KIND_IOC:
		break;
	default:
		seam_out_printf(out, "one number of %u bytes", type->width ? type->width : kind_bytes_of(type->kind));
	}
}

static bool needs_brackets(const char *expr)
{
	return strpbrk(expr, "<>=|&?") != NULL;
}

static void put_expr(const struct seam_tables *t, uint32_t expr, struct seam_out *out)
{
	const char *text = expr_text(t, expr);

	seam_out_printf(out, needs_brackets(text) ? "(%s)" : "%s", text);
}

static void amount(const struct seam_tables *t, const struct seam_type *type, bool filled_in, struct seam_out *out)
{
	if (filled_in && type->valid) {
		put_expr(t, type->valid, out);
		seam_out_printf(out, " %s", unit(type));
		if (!type->room)
			return;
		seam_out_puts(out, ", at most ");
		put_expr(t, type->room, out);
	} else if (type->room) {
		put_expr(t, type->room, out);
		seam_out_printf(out, " %s", unit(type));
		if (type->kind == SEAM_KIND_STR || type->kind == SEAM_KIND_PATH)
			seam_out_puts(out, " at most, up to the NUL");
	} else if (type->valid) {
		seam_out_puts(out, "what the caller offers");
	} else {
		fixed_amount(t, type, out);
	}
}

/* "at entry", "at exit if ret >= 0", "at exit if ret == -EINTR". */
static void at_exit_words(const struct seam_tables *t, const struct seam_type *type, struct seam_out *out)
{
	seam_out_puts(out, "at exit");
	if (type->flags & SEAM_TYPE_AT_EXIT)
		condition_text(t, type->when, out);
	else
		seam_out_puts(out, " if ret >= 0");
}

static void path_words(const struct seam_tables *t, const struct seam_type *type, struct seam_out *out)
{
	const char *always = type->nofollow ? expr_text(t, type->nofollow) : NULL;

	if (type->base)
		seam_out_printf(out, "; relative to %s", expr_text(t, type->base));
	if (always)
		seam_out_printf(out, strcmp(always, "always") == 0 ? "; a symbolic link at the end is not followed" :
				     "; a symbolic link at the end is not followed if %s", always);
	if (type->empty)
		seam_out_printf(out, "; \"\" means %s itself if %s", type->base ? expr_text(t, type->base) : "the descriptor",
				expr_text(t, type->empty));
}

static void inner_words(const struct seam_tables *t, const struct seam_type *type, struct seam_out *out)
{
	seam_out_puts(out, type->kind == SEAM_KIND_IOVEC ? "; the data: " : "; each points to: ");
	memory_words(t, type->ref, out);
	if (type->kind == SEAM_KIND_IOVEC && t->types[type->ref].valid)
		seam_out_puts(out, " over all of them");
}

void memory_words(const struct seam_tables *t, uint32_t index, struct seam_out *out)
{
	const struct seam_type *type = &t->types[index];

	if (type->kind == SEAM_KIND_IOC) {
		seam_out_printf(out, "in, out or both, and how many bytes, as the number %s says", expr_text(t, type->room));
		return;
	}
	switch (type->dir) {
	case SEAM_DIR_IN:
		seam_out_puts(out, "in, at entry: ");
		amount(t, type, false, out);
		break;
	case SEAM_DIR_OUT:
		seam_out_puts(out, "out, ");
		at_exit_words(t, type, out);
		seam_out_puts(out, ": ");
		amount(t, type, true, out);
		break;
	case SEAM_DIR_INOUT:
		seam_out_puts(out, "in, at entry: ");
		amount(t, type, false, out);
		seam_out_puts(out, "; out, ");
		at_exit_words(t, type, out);
		seam_out_puts(out, ": ");
		if (type->valid)
			amount(t, type, true, out);
		else
			seam_out_puts(out, "the same");
		break;
	default:
		return;
	}
	if (type->kind == SEAM_KIND_PATH)
		path_words(t, type, out);
	if (type->kind == SEAM_KIND_IOVEC || type->kind == SEAM_KIND_PTRS)
		inner_words(t, type, out);
	if (type->when && !(type->flags & SEAM_TYPE_AT_EXIT))
		seam_out_printf(out, "; only if %s", expr_text(t, type->when));
}

#define SHORT_SET 24 /* names shown of a long one */

void set_text(const struct seam_tables *t, uint32_t index, bool all, struct seam_out *out)
{
	const struct seam_set *set = &t->sets[index];
	uint32_t shown = all || set->count <= SHORT_SET + 4 ? set->count : SHORT_SET;
	uint64_t mask = 0;

	for (uint32_t i = 0; i < shown; i++) {
		const struct seam_const *c = &t->consts[set->first + i];

		if (c->mask != mask) {
			if (mask)
				seam_out_putc(out, ')');
			seam_out_printf(out, "%s%s", i ? " " : "", c->mask ? "(one of " : "");
			mask = c->mask;
		} else if (i) {
			seam_out_putc(out, ' ');
		}
		seam_out_puts(out, seam_string(t, c->name));
	}
	if (mask)
		seam_out_putc(out, ')');
	if (shown < set->count)
		seam_out_printf(out, " ... and %u more", set->count - shown);
}

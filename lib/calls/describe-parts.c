/* SPDX-License-Identifier: BSD-2-Clause */
/* Parts of a description: arguments, structures, what the call does, and its cases. */
#include <string.h>

#include "base/str.h"
#include "base/util.h"
#include "calls/describe-parts.h"

#define MAX_DEPTH 4    /* of structures in structures */
#define LABEL_WIDTH 10 /* of "waits" and the like */

/* arguments and structures */

static void write_line(struct describe *d, unsigned indent, struct seam_out *text)
{
	if (text->len) {
		seam_out_pad(d->out, ' ', indent);
		write_text(d, indent, text->data);
	}
	seam_out_release(text);
}

/* What stands below the line of an argument or a member: memory, names of constants, structures. */
static void write_details(struct describe *d, uint32_t index, unsigned indent, unsigned depth)
{
	const struct seam_type *type = &d->t->types[index];
	struct seam_out text;

	seam_out_init_mem(&text);
	if (is_pointer(type))
		memory_words(d->t, index, &text);
	write_line(d, indent, &text);
	if (type->kind == SEAM_KIND_IOVEC || type->kind == SEAM_KIND_PTRS)
		type = &d->t->types[type->ref];
	if ((type->kind == SEAM_KIND_BITS || type->kind == SEAM_KIND_ENUM) && type->ref) {
		seam_out_init_mem(&text);
		set_text(d->t, type->ref, d->all, &text);
		seam_out_style(d->out, SEAM_FAINT);
		write_line(d, indent, &text);
		seam_out_style(d->out, SEAM_PLAIN);
	}
	if (type->kind == SEAM_KIND_STRUCT && type->ref && (depth == 0 || d->all) && depth < MAX_DEPTH)
		write_structure(d, type->ref, indent, depth);
}

static void write_field(struct describe *d, const struct seam_field *f, unsigned indent, unsigned depth)
{
	struct seam_out text;

	seam_out_init_mem(&text);
	field_text(d->t, f, &text);
	if (f->when)
		seam_out_printf(&text, ", case %s", expr_text(d->t, f->when));
	write_line(d, indent, &text);
	write_details(d, f->type, indent + 2, depth + 1);
}

void write_structure(struct describe *d, uint32_t layout, unsigned indent, unsigned depth)
{
	const struct seam_layout *l = &d->t->layouts[layout];
	struct seam_out plain;

	seam_out_init_mem(&plain);
	for (uint32_t i = 0; i < l->fields; i++) {
		const struct seam_field *f = &d->t->fields[l->first_field + i];

		if (!is_plain_number(&d->t->types[f->type]) || f->when || d->all) {
			write_field(d, f, indent, depth);
			continue;
		}
		seam_out_puts(&plain, plain.len ? ", " : "numbers: ");
		field_text(d->t, f, &plain);
	}
	write_line(d, indent, &plain);
}

static void write_argument(struct describe *d, const struct seam_arg *a, unsigned indent, unsigned column, bool varies,
			   bool details)
{
	const char *name = seam_string(d->t, a->name);
	struct seam_out text;

	seam_out_pad(d->out, ' ', indent);
	seam_out_style(d->out, SEAM_GREEN);
	seam_out_puts(d->out, name);
	seam_out_style(d->out, SEAM_PLAIN);
	seam_out_pad(d->out, ' ', column > indent + strlen(name) ? column - indent - strlen(name) : 1);
	if (varies) {
		write_text(d, column, "depends on the case");
		return;
	}
	seam_out_init_mem(&text);
	seam_type_text(d->t, a->type, &text);
	write_text(d, column, text.data);
	seam_out_release(&text);
	if (details)
		write_details(d, a->type, column, 0);
}

void write_arguments(struct describe *d, const struct seam_variant *v, bool of_case)
{
	unsigned indent = of_case ? 4 : 2, column = 0;

	for (uint32_t i = 0; i < v->args.count; i++)
		column = MAX(column, (unsigned)strlen(seam_string(d->t, variant_arg(d->t, v, i)->name)));
	column = MAX(column, 8u) + indent + 2;
	for (uint32_t i = 0; i < v->args.count; i++) {
		bool varies = d->varying >> i & 1;

		if (!of_case || varies)
			write_argument(d, variant_arg(d->t, v, i), indent, column, varies && !of_case, of_case || !d->cases);
	}
}

/* clauses */

static struct seam_span clause_span(const struct seam_variant *v, enum clause which)
{
	switch (which) {
	case CLAUSE_DOES:
		return v->effects;
	case CLAUSE_WAITS:
		return v->waits;
	case CLAUSE_DET:
		return v->dets;
	default:
		return v->fails;
	}
}

static void clause_text(const struct seam_tables *t, const struct seam_variant *v, enum clause which, uint32_t i,
			struct seam_out *out)
{
	switch (which) {
	case CLAUSE_DOES:
		effect_text(t, &t->effects[v->effects.first + i], out);
		break;
	case CLAUSE_WAITS:
		wait_text(t, v, &t->waits[v->waits.first + i], out);
		break;
	case CLAUSE_DET:
		det_text(t, v, &t->dets[v->dets.first + i], out);
		break;
	default:
		seam_out_puts(out, seam_string(t, t->fails[v->fails.first + i].name));
		condition_text(t, t->fails[v->fails.first + i].when, out);
	}
}

static bool says(const struct seam_tables *t, const struct seam_variant *v, enum clause which, const struct seam_out *what,
		 uint32_t *ret_at)
{
	for (uint32_t i = 0; i < clause_span(v, which).count; i++) {
		struct seam_out text;
		bool same;

		seam_out_init_mem(&text);
		clause_text(t, v, which, i, &text);
		same = text.len == what->len && memcmp(text.data, what->data, text.len) == 0;
		seam_out_release(&text);
		if (same) {
			if (ret_at)
				*ret_at = i;
			return true;
		}
	}
	return false;
}

static bool in_all_cases(struct describe *d, enum clause which, const struct seam_out *what)
{
	for (uint32_t i = 1; i < d->call->variants.count; i++)
		if (!says(d->t, call_variant(d->t, d->call, i), which, what, NULL))
			return false;
	return true;
}

void compare_cases(struct describe *d)
{
	const struct seam_variant *v = call_variant(d->t, d->call, 0);

	for (uint32_t i = 0; i < v->args.count; i++)
		if (arg_varies(d->t, d->call, i))
			d->varying |= 1u << i;
	for (enum clause which = 0; which < CLAUSE_COUNT; which++) {
		for (uint32_t i = 0; i < clause_span(v, which).count && i < MAX_COMMON; i++) {
			struct seam_out text;

			seam_out_init_mem(&text);
			clause_text(d->t, v, which, i, &text);
			d->common[which][i] = in_all_cases(d, which, &text);
			seam_out_release(&text);
		}
	}
}

/* Whether every case says it. */
static bool is_common(struct describe *d, enum clause which, const struct seam_out *what)
{
	uint32_t at;

	return says(d->t, call_variant(d->t, d->call, 0), which, what, &at) && at < MAX_COMMON && d->common[which][at];
}

/* Errors under one condition stand on one line: is i the first with its condition? */
static bool first_of_condition(const struct seam_tables *t, const struct seam_variant *v, uint32_t i)
{
	for (uint32_t k = 0; k < i; k++)
		if (same_text(t, t->fails[v->fails.first + k].when, t->fails[v->fails.first + i].when))
			return false;
	return true;
}

struct clause_writer {
	struct describe *d;
	const struct seam_variant *v;
	bool of_case;
	unsigned indent;
	const char *label;
	bool labelled;
};

static void put_clause(struct clause_writer *w, const char *text)
{
	unsigned column = w->indent + LABEL_WIDTH;

	seam_out_pad(w->d->out, ' ', w->indent);
	seam_out_style(w->d->out, SEAM_FAINT);
	seam_out_printf(w->d->out, "%-*s", LABEL_WIDTH, w->labelled ? "" : w->label);
	seam_out_style(w->d->out, SEAM_PLAIN);
	write_text(w->d, column, text);
	w->labelled = true;
}

/* Whether this clause belongs here: with what every case says, or with the rest. */
static bool wanted(struct clause_writer *w, enum clause which, uint32_t i)
{
	struct seam_out text;
	bool common;

	if (w->d->call->variants.count == 1)
		return true;
	seam_out_init_mem(&text);
	clause_text(w->d->t, w->v, which, i, &text);
	common = is_common(w->d, which, &text);
	seam_out_release(&text);
	return common != w->of_case;
}

static void put_fails(struct clause_writer *w, uint32_t first)
{
	const struct seam_tables *t = w->d->t;
	const struct seam_fail *fails = &t->fails[w->v->fails.first];
	struct seam_out text;

	seam_out_init_mem(&text);
	for (uint32_t i = first; i < w->v->fails.count; i++)
		if (same_text(t, fails[i].when, fails[first].when) && wanted(w, CLAUSE_FAILS, i))
			seam_out_printf(&text, "%s%s", text.len ? " " : "", seam_string(t, fails[i].name));
	if (text.len) {
		condition_text(t, fails[first].when, &text);
		put_clause(w, text.data);
	}
	seam_out_release(&text);
}

/* What is copied, as the operations that do it. */
static void write_program(struct describe *d, const char *name, struct seam_span program, unsigned indent)
{
	if (!program.count)
		return;
	seam_out_pad(d->out, ' ', indent);
	seam_out_style(d->out, SEAM_FAINT);
	seam_out_printf(d->out, "at %s, copies\n", name);
	seam_program_text(d->t, program, indent + 2, d->out);
	seam_out_style(d->out, SEAM_PLAIN);
}

void write_clauses(struct describe *d, const struct seam_variant *v, bool of_case)
{
	static const char *const labels[CLAUSE_COUNT] = { "does", "waits", "det", "fails" };

	if (!of_case || !same_type(d->t, v->ret, call_variant(d->t, d->call, 0)->ret)) {
		struct clause_writer w = { d, v, of_case, of_case ? 4 : 2, "returns", false };
		struct seam_out text;

		seam_out_init_mem(&text);
		if (d->call->flags & SEAM_CALL_NORETURN)
			seam_out_puts(&text, "never");
		else
			seam_type_text(d->t, v->ret, &text);
		put_clause(&w, text.data);
		seam_out_release(&text);
	}
	for (enum clause which = 0; which < CLAUSE_COUNT; which++) {
		struct clause_writer w = { d, v, of_case, of_case ? 4 : 2, labels[which], false };
		uint32_t count = clause_span(v, which).count;

		for (uint32_t i = 0; i < count; i++) {
			struct seam_out text;

			if (which == CLAUSE_FAILS) {
				if (first_of_condition(d->t, v, i))
					put_fails(&w, i);
				continue;
			}
			if (!wanted(&w, which, i))
				continue;
			seam_out_init_mem(&text);
			clause_text(d->t, v, which, i, &text);
			put_clause(&w, text.data);
			seam_out_release(&text);
		}
		if (which == CLAUSE_WAITS && d->call->variants.count == 1 && !count)
			put_clause(&w, "never");
	}
	if (d->all && (of_case || d->call->variants.count == 1)) {
		write_program(d, "entry", v->entry, of_case ? 4 : 2);
		write_program(d, "exit", v->exit, of_case ? 4 : 2);
	}
}

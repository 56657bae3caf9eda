/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole description of a call, as a person wants to read it. */
#include <string.h>

#include "base/str.h"
#include "base/util.h"
#include "calls/describe-parts.h"

#define LABEL_COLUMN 12

void write_text(struct describe *d, unsigned indent, const char *text)
{
	unsigned column = indent, room = MAX(d->width, indent + 20);

	while (*text) {
		size_t n = strcspn(text, " ");

		if (column > indent) {
			if (column + 1 + n > room) {
				seam_out_putc(d->out, '\n');
				seam_out_pad(d->out, ' ', indent);
				column = indent;
			} else {
				seam_out_putc(d->out, ' ');
				column++;
			}
		}
		seam_out_write(d->out, text, n);
		column += (unsigned)n;
		text += n;
		text += strspn(text, " ");
	}
	seam_out_putc(d->out, '\n');
}

static void heading(struct describe *d, const char *text)
{
	seam_out_putc(d->out, '\n');
	seam_out_style(d->out, SEAM_BOLD);
	seam_out_puts(d->out, text);
	seam_out_style(d->out, SEAM_PLAIN);
	seam_out_putc(d->out, '\n');
}

static void label(struct describe *d, const char *text)
{
	seam_out_style(d->out, SEAM_FAINT);
	seam_out_printf(d->out, "  %-*s", LABEL_COLUMN - 2, text);
	seam_out_style(d->out, SEAM_PLAIN);
}

/* signature */

/* What does not fit on one line goes on at the indentation. Returns the column after it. */
static unsigned put_unit(struct describe *d, unsigned column, unsigned indent, const char *text)
{
	bool first = true;

	while (*text) {
		size_t n = strcspn(text, " ");

		if (!first && column + 1 + n > d->width) {
			seam_out_putc(d->out, '\n');
			seam_out_pad(d->out, ' ', indent);
			column = indent;
		} else if (!first) {
			seam_out_putc(d->out, ' ');
			column++;
		}
		first = false;
		seam_out_write(d->out, text, n);
		column += (unsigned)n;
		text += n;
		text += strspn(text, " ");
	}
	return column;
}

static void write_signature(struct describe *d)
{
	const struct seam_variant *v = call_variant(d->t, d->call, 0);
	const char *name = seam_string(d->t, d->call->name);
	unsigned indent = (unsigned)strlen(name) + 1, column = indent;
	struct seam_out text;
	const char *arrow;

	seam_out_style(d->out, SEAM_BOLD);
	seam_out_puts(d->out, name);
	seam_out_style(d->out, SEAM_PLAIN);
	seam_out_init_mem(&text);
	seam_call_signature(d->t, d->call, &text);
	arrow = strstr(text.data, ") -> ");
	if (!arrow || indent > d->width / 2 || text.len <= d->width) {
		seam_out_printf(d->out, "%s\n", text.data + indent - 1);
		seam_out_release(&text);
		return;
	}
	seam_out_release(&text);
	seam_out_putc(d->out, '(');
	for (uint32_t i = 0; i < v->args.count; i++) {
		const struct seam_arg *a = variant_arg(d->t, v, i);

		seam_out_init_mem(&text);
		seam_out_printf(&text, "%s ", seam_string(d->t, a->name));
		if (d->varying >> i & 1)
			seam_out_puts(&text, "...");
		else
			seam_type_text(d->t, a->type, &text);
		if (i + 1 < v->args.count)
			seam_out_putc(&text, ',');
		if (column > indent && column + 1 + text.len > d->width) {
			seam_out_putc(d->out, '\n');
			seam_out_pad(d->out, ' ', indent);
			column = indent;
		} else if (column > indent) {
			seam_out_putc(d->out, ' ');
			column++;
		}
		column = put_unit(d, column, indent + 2, text.data);
		seam_out_release(&text);
	}
	seam_out_puts(d->out, ") -> ");
	if (v->ret)
		seam_type_text(d->t, v->ret, d->out);
	else
		seam_out_puts(d->out, d->call->flags & SEAM_CALL_NORETURN ? "none" : "int");
	seam_out_putc(d->out, '\n');
}

/* head */

static void write_numbers(struct describe *d)
{
	const char *name = seam_string(d->t, d->call->name);
	struct seam_out text;

	seam_out_init_mem(&text);
	for (enum seam_arch arch = 0; arch < SEAM_ARCH_COUNT; arch++) {
		const struct seam_call *call = seam_call_by_name(d->t, arch, name);

		if (text.len)
			seam_out_puts(&text, ", ");
		/* an unbreakable pair would be better: the figure may stand on the next line */
		if (call)
			seam_out_printf(&text, "%s %u", d->t->arch[arch].name, call->number);
		else
			seam_out_printf(&text, "%s none", d->t->arch[arch].name);
	}
	label(d, "numbers");
	write_text(d, LABEL_COLUMN, text.data);
	seam_out_release(&text);
}

static void write_classes(struct describe *d)
{
	struct seam_out text;

	seam_out_init_mem(&text);
	for (uint32_t bit = 1; bit < 1u << SEAM_CLASS_COUNT; bit <<= 1)
		if (d->call->classes & bit)
			seam_out_printf(&text, "%s%%%s", text.len ? " " : "", seam_class_name(bit));
	label(d, "classes");
	write_text(d, LABEL_COLUMN, text.len ? text.data : "none");
	seam_out_release(&text);
}

static void write_head(struct describe *d)
{
	write_numbers(d);
	if (!(d->call->flags & SEAM_CALL_DESCRIBED))
		return;
	label(d, "described");
	seam_out_printf(d->out, "%s:%u", seam_string(d->t, d->call->file), d->call->line);
	if (d->call->variants.count > 1)
		seam_out_printf(d->out, ", %u cases", d->call->variants.count - 1);
	seam_out_putc(d->out, '\n');
	write_classes(d);
	if (d->call->flags & SEAM_CALL_GONE) {
		label(d, "gone");
		write_text(d, LABEL_COLUMN, "the number is kept, but the call is not there any more: always ENOSYS");
	}
}

/* A call of an architecture of which we know numbers only. */
static void write_undescribed(struct describe *d)
{
	const char *name = seam_string(d->t, d->call->name);
	struct seam_out text;

	seam_out_init_mem(&text);
	seam_out_printf(&text, "Of %s calls only names and numbers are known.", d->t->arch[d->arch].name);
	for (enum seam_arch arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++) {
		const struct seam_call *call = seam_call_by_name(d->t, arch, name);

		if (call && (call->flags & SEAM_CALL_DESCRIBED)) {
			seam_out_printf(&text, " This one is described for %s: seam calls --arch %s %s",
					d->t->arch[arch].name, d->t->arch[arch].name, name);
			break;
		}
	}
	seam_out_puts(d->out, "  ");
	write_text(d, 2, text.data);
	seam_out_release(&text);
}

unsigned seam_call_describe(const struct seam_tables *t, enum seam_arch arch, const struct seam_call *call,
			    const struct seam_describe_options *options, struct seam_out *out)
{
	struct describe d = { .t = t, .arch = arch, .call = call, .out = out, .width = options->width ? options->width : 80,
			      .all = options->all, .cases = options->cases };
	const struct seam_variant *v = call_variant(t, call, 0);

	if (!(call->flags & SEAM_CALL_DESCRIBED)) {
		seam_out_style(out, SEAM_BOLD);
		seam_out_puts(out, seam_string(t, call->name));
		seam_out_style(out, SEAM_PLAIN);
		seam_out_putc(out, '\n');
		write_head(&d);
		write_undescribed(&d);
		return 0;
	}
	compare_cases(&d);
	write_signature(&d);
	write_head(&d);
	if (v->args.count) {
		heading(&d, "Arguments");
		write_arguments(&d, v, false);
	}
	heading(&d, call->variants.count > 1 ? "In every case" : "What it does");
	write_clauses(&d, v, false);
	if (call->variants.count == 1)
		return 0;
	heading(&d, "Cases");
	return write_cases(&d);
}

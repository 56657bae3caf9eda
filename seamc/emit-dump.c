/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes the tables as text that is committed: what a change of a description or of the headers really changed is seen
 * in review. What is the same on all architectures stands there once.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/strmap.h"
#include "calls/describe-parts.h"
#include "seamc/emit.h"
#include "seamc/model.h"
#include "calls/vocabulary.h"

struct dump {
	struct model *m;
	const struct seam_tables *t;
	struct buf *out;
	/* What one thing is on each architecture; NULL: it is not there. */
	char *text[SEAM_ARCH_DESCRIBED];
};

static void drop_texts(struct dump *d)
{
	for (int arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++) {
		free(d->text[arch]);
		d->text[arch] = NULL;
	}
}

/* Text that is the same everywhere once; else each version with its architectures before it. */
static void put_versions(struct dump *d, const char *head)
{
	bool done[SEAM_ARCH_DESCRIBED] = { false }, same = true;

	for (int arch = 1; arch < SEAM_ARCH_DESCRIBED; arch++)
		same &= d->text[0] && d->text[arch] && strcmp(d->text[0], d->text[arch]) == 0;
	for (int arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++) {
		if (!d->text[arch] || done[arch])
			continue;
		buf_adds(d->out, head);
		for (int other = arch; other < SEAM_ARCH_DESCRIBED; other++) {
			if (!d->text[other] || strcmp(d->text[arch], d->text[other]) != 0)
				continue;
			done[other] = true;
			if (!same)
				buf_addf(d->out, " @%s", arch_words[other]);
		}
		buf_adds(d->out, d->text[arch]);
	}
	drop_texts(d);
}

/* Whether the text has this line. */
static bool has_line(const char *text, const char *line, size_t n)
{
	for (const char *at = text; at && *at; at = strchr(at, '\n'), at = at ? at + 1 : NULL)
		if (strncmp(at, line, n) == 0 && at[n] == '\n')
			return true;
	return false;
}

/* Line by line: those that an architecture has alone bear its name. In the order of the first that has them. */
static void put_lines(struct dump *d, const char *head)
{
	unsigned present = 0;

	for (int arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++)
		present |= d->text[arch] ? 1u << arch : 0;
	buf_adds(d->out, head);
	for (int arch = 0; arch < SEAM_ARCH_DESCRIBED && present != (1u << SEAM_ARCH_DESCRIBED) - 1; arch++)
		if (present & 1u << arch)
			buf_addf(d->out, " @%s", arch_words[arch]);
	buf_addc(d->out, '\n');
	for (int arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++) {
		for (const char *line = d->text[arch]; line && *line;) {
			size_t n = strcspn(line, "\n");
			unsigned in = 0;

			for (int other = 0; other < SEAM_ARCH_DESCRIBED; other++)
				if (d->text[other] && has_line(d->text[other], line, n))
					in |= 1u << other;
			if (!(in & ((1u << arch) - 1))) {
				buf_add(d->out, line, n);
				for (int other = 0; other < SEAM_ARCH_DESCRIBED && in != present; other++)
					if (in & 1u << other)
						buf_addf(d->out, " @%s", arch_words[other]);
				buf_addc(d->out, '\n');
			}
			line += n + 1;
		}
	}
	drop_texts(d);
}

static char *set_body(const struct seam_tables *t, uint32_t index)
{
	const struct seam_set *set = &t->sets[index];
	struct buf text = BUF_INIT;

	for (uint32_t i = 0; i < set->count; i++) {
		const struct seam_const *c = &t->consts[set->first + i];

		buf_addf(&text, "  %s 0x%" PRIx64, seam_string(t, c->name), c->value);
		if (c->mask)
			buf_addf(&text, " of 0x%" PRIx64, c->mask);
		buf_addc(&text, '\n');
	}
	return buf_steal(&text);
}

static char *layout_body(const struct seam_tables *t, uint32_t index)
{
	const struct seam_layout *l = &t->layouts[index];
	struct seam_out text;
	char *body;

	seam_out_init_mem(&text);
	seam_out_printf(&text, "  size %" PRIu32 "\n", l->size);
	for (uint32_t i = 0; i < l->fields; i++) {
		const struct seam_field *f = &t->fields[l->first_field + i];

		seam_out_printf(&text, "  %" PRIu32 " ", f->offset);
		if (f->bits)
			seam_out_printf(&text, "bits %u..%u ", f->bit, f->bit + f->bits - 1u);
		field_text(t, f, &text);
		seam_out_putc(&text, '\n');
	}
	body = strdup(text.data);
	seam_out_release(&text);
	return body;
}

static bool same_span(struct seam_span a, struct seam_span b)
{
	return a.first == b.first && a.count == b.count;
}

static void put_clauses(const struct seam_tables *t, const struct seam_variant *v, const struct seam_variant *base,
			struct seam_out *out)
{
	static const struct seam_variant none;

	if (!base)
		base = &none;
	for (uint32_t i = 0; i < v->effects.count && !same_span(v->effects, base->effects); i++) {
		seam_out_puts(out, "  does ");
		effect_text(t, &t->effects[v->effects.first + i], out);
		seam_out_putc(out, '\n');
	}
	for (uint32_t i = 0; i < v->waits.count && !same_span(v->waits, base->waits); i++) {
		seam_out_puts(out, "  waits ");
		wait_text(t, v, &t->waits[v->waits.first + i], out);
		seam_out_putc(out, '\n');
	}
	for (uint32_t i = 0; i < v->dets.count && !same_span(v->dets, base->dets); i++) {
		seam_out_puts(out, "  det ");
		det_text(t, v, &t->dets[v->dets.first + i], out);
		seam_out_putc(out, '\n');
	}
	for (uint32_t i = 0; i < v->fails.count && !same_span(v->fails, base->fails); i++) {
		const struct seam_fail *f = &t->fails[v->fails.first + i];

		seam_out_printf(out, "%s%s", i ? " " : "  fails ", seam_string(t, f->name));
		if (f->when) {
			condition_text(t, f->when, out);
			if (i + 1 < v->fails.count)
				seam_out_putc(out, ',');
		}
	}
	if (v->fails.count && !same_span(v->fails, base->fails))
		seam_out_putc(out, '\n');
}

static void put_program(const struct seam_tables *t, const char *when, struct seam_span program, struct seam_out *out)
{
	if (!program.count)
		return;
	seam_out_printf(out, "  %s:\n", when);
	seam_program_text(t, program, 4, out);
}

/* A case says only what the call does not say without it (`base`; NULL: that is this one). */
static char *variant_body(const struct seam_tables *t, const struct seam_variant *v, const struct seam_variant *base)
{
	struct seam_out out;
	char *body;

	seam_out_init_mem(&out);
	seam_out_putc(&out, '\n');
	for (uint32_t i = 0; i < v->args.count; i++) {
		const struct seam_arg *a = &t->args[v->args.first + i];

		if (base && a->type == t->args[base->args.first + i].type)
			continue;
		seam_out_printf(&out, "  %s ", seam_string(t, a->name));
		seam_type_text(t, a->type, &out);
		seam_out_putc(&out, '\n');
	}
	if (!base || v->ret != base->ret) {
		seam_out_puts(&out, "  -> ");
		if (v->ret)
			seam_type_text(t, v->ret, &out);
		else
			seam_out_puts(&out, "none");
		seam_out_putc(&out, '\n');
	}
	for (uint32_t bit = 1, first = 1; bit < 1u << SEAM_CLASS_COUNT && (!base || base->classes != v->classes); bit <<= 1) {
		if (!(v->classes & bit))
			continue;
		seam_out_printf(&out, "%s%%%s", first ? "  " : " ", seam_class_name(bit));
		first = 0;
	}
	if (v->classes && (!base || base->classes != v->classes))
		seam_out_putc(&out, '\n');
	put_clauses(t, v, base, &out);
	if (!base || !same_span(v->entry, base->entry))
		put_program(t, "entry", v->entry, &out);
	if (!base || !same_span(v->exit, base->exit))
		put_program(t, "exit", v->exit, &out);
	body = strdup(out.data);
	seam_out_release(&out);
	return body;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of everything in the caches, whatever the architecture, sorted. */
static const char **cached_names(struct model *m, struct strmap *caches, size_t *ret_n)
{
	struct strmap all = STRMAP_INIT;
	struct strmap_entry *e;
	const char **names;
	size_t n = 0;

	for (int arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++)
		strmap_for_each(e, &caches[arch])
			strmap_put(&all, e->key, m);
	names = arena_alloc(m->arena, (all.len + 1) * sizeof(*names));
	strmap_for_each(e, &all)
		names[n++] = arena_strndup(m->arena, e->key, strlen(e->key));
	strmap_release(&all);
	qsort(names, n, sizeof(*names), compare_names);
	*ret_n = n;
	return names;
}

static void put_cached(struct dump *d, const char *what, struct strmap *caches,
		       char *(*body)(const struct seam_tables *, uint32_t))
{
	size_t n;
	const char **names = cached_names(d->m, caches, &n);

	for (size_t i = 0; i < n; i++) {
		struct buf head = BUF_INIT;

		for (int arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++) {
			void *index = strmap_get(&caches[arch], names[i]);

			if (index)
				d->text[arch] = body(d->t, (uint32_t)(uintptr_t)index);
		}
		buf_addf(&head, "%s %s", what, *names[i] == '.' ? names[i] + 1 : names[i]);
		put_lines(d, head.data);
		buf_release(&head);
	}
}

/* The variants of a call on all architectures by the text of their case, in the order of the first that has them. */
static void put_variants(struct dump *d, const struct seam_call *const *calls)
{
	struct strmap done = STRMAP_INIT;

	for (int arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++) {
		for (uint32_t i = 0; calls[arch] && i < calls[arch]->variants.count; i++) {
			const struct seam_variant *v = call_variant(d->t, calls[arch], i);
			struct buf head = BUF_INIT;

			if (strmap_put(&done, seam_string(d->t, v->text), d))
				continue;
			for (int other = arch; other < SEAM_ARCH_DESCRIBED; other++) {
				for (uint32_t k = 0; calls[other] && k < calls[other]->variants.count; k++) {
					const struct seam_variant *same = call_variant(d->t, calls[other], k);

					if (same->text == v->text)
						d->text[other] = variant_body(
							d->t, same, k ? call_variant(d->t, calls[other], 0) : NULL);
				}
			}
			buf_addf(&head, " %s%s", v->text ? "case " : "always", seam_string(d->t, v->text));
			put_versions(d, head.data);
			buf_release(&head);
		}
	}
	strmap_release(&done);
}

static void put_calls(struct dump *d)
{
	for (size_t i = 0; i < d->m->facts->numbers.n; i++) {
		const struct fact_number *n = &d->m->facts->numbers.at[i];
		const struct seam_call *calls[SEAM_ARCH_DESCRIBED] = { NULL };
		bool gone = false;

		buf_addf(d->out, "call %s", n->name);
		for (enum seam_arch arch = 0; arch < SEAM_ARCH_COUNT; arch++) {
			if (!n->have[arch])
				continue;
			buf_addf(d->out, " %s=%" PRIu32, arch_words[arch], n->number[arch]);
			if (arch < SEAM_ARCH_DESCRIBED) {
				calls[arch] = seam_call_by_name(d->t, arch, n->name);
				gone |= calls[arch]->flags & SEAM_CALL_GONE;
			}
		}
		buf_addf(d->out, "%s\n", gone ? " gone" : "");
		put_variants(d, calls);
	}
}

void emit_dump(struct model *m, struct buf *out)
{
	struct model_tables t;
	struct dump d = { .m = m, .t = &t.tables, .out = out };

	model_tables(m, &t);
	buf_adds(out, "# What seamc makes of calls/: sets of constants, structures, calls with their capture programs.\n"
		      "# @ARCH: only there. Made by the build; the check fails when it is stale.\n");
	put_cached(&d, "set", m->set_cache, set_body);
	put_cached(&d, "struct", m->layout_cache, layout_body);
	put_calls(&d);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts what is described and what is not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/util.h"
#include "calls/describe-parts.h"

/* Indices that have been seen. The tables do not say how long they are, so it grows. */
struct seen {
	uint64_t *bits;
	size_t words;
};

/* Whether it is new. */
static bool see(struct seen *s, uint32_t i)
{
	size_t word = i / 64;

	if (word >= s->words) {
		size_t words = MAX(word + 1, s->words * 2);

		s->bits = xreallocarray(s->bits, words, sizeof(*s->bits));
		memset(s->bits + s->words, 0, (words - s->words) * sizeof(*s->bits));
		s->words = words;
	}
	if (s->bits[word] >> (i % 64) & 1)
		return false;
	s->bits[word] |= 1ull << (i % 64);
	return true;
}

struct count {
	const struct seam_tables *t;
	struct seam_coverage *c;
	struct seen types, layouts, sets, consts, ops, programs, effects, waits, fails;
	bool shapes[SEAM_KINDS_TOTAL];
	void (*undescribed)(void *user, enum seam_coverage_where where, const char *place, const char *reason);
	void *user;
};

static void see_run(struct seen *s, uint32_t first, uint32_t n, uint32_t *counter)
{
	for (uint32_t i = 0; i < n; i++)
		*counter += see(s, first + i);
}

/* Memory that a description cannot spell out: somebody writes down once how it is read. */
static bool is_shape(uint8_t kind)
{
	switch (kind) {
	case SEAM_KIND_STRS:
	case SEAM_KIND_STRLIST:
	case SEAM_KIND_IOVEC:
	case SEAM_KIND_SOCKADDR:
	case SEAM_KIND_CMSG:
	case SEAM_KIND_DIRENTS:
	case SEAM_KIND_DIRENTS64:
	case SEAM_KIND_SIGSET:
	case SEAM_KIND_SIGINFO:
	case SEAM_KIND_FDSET:
	case SEAM_KIND_BITMASK:
	case SEAM_KIND_IOC:
		return true;
	default:
		return false;
	}
}

static bool is_opaque(const struct count *n, uint32_t type)
{
	const struct seam_type *of = &n->t->types[type];

	if (of->kind == SEAM_KIND_PTRS || of->kind == SEAM_KIND_IOVEC)
		return is_opaque(n, of->ref);
	return of->kind == SEAM_KIND_OPAQUE;
}

static const char *reason(const struct count *n, uint32_t type)
{
	const struct seam_type *of = &n->t->types[type];

	return of->kind == SEAM_KIND_OPAQUE ? seam_string(n->t, of->word) : reason(n, of->ref);
}

static void count_pointer(struct count *n, struct seam_coverage_pointers *p, enum seam_coverage_where where,
			  uint32_t type, const char *place, const char *name)
{
	char text[256];

	p->all++;
	if (!is_opaque(n, type)) {
		p->described++;
		return;
	}
	if (!n->undescribed)
		return;
	snprintf(text, sizeof(text), "%s: %s", place, name);
	n->undescribed(n->user, where, text, reason(n, type));
}

static void count_type(struct count *n, uint32_t type);

static void count_layout(struct count *n, uint32_t index)
{
	const struct seam_layout *l = &n->t->layouts[index];
	char place[128];

	if (!index || !see(&n->layouts, index))
		return;
	snprintf(place, sizeof(place), "struct %s", seam_string(n->t, l->name));
	n->c->structures++;
	n->c->members += l->fields;
	for (uint32_t i = 0; i < l->fields; i++) {
		const struct seam_field *f = &n->t->fields[l->first_field + i];

		if (is_pointer(&n->t->types[f->type]))
			count_pointer(n, &n->c->in_structures, SEAM_COVERAGE_MEMBER, f->type, place,
				      seam_string(n->t, f->name));
		count_type(n, f->type);
	}
}

/* Whatever hangs on a type. */
static void count_type(struct count *n, uint32_t index)
{
	const struct seam_type *type = &n->t->types[index];

	if (!index || !see(&n->types, index))
		return;
	if (is_shape(type->kind))
		n->shapes[type->kind] = true;
	switch (type->kind) {
	case SEAM_KIND_BITS:
	case SEAM_KIND_ENUM:
		if (see(&n->sets, type->ref)) {
			n->c->sets++;
			see_run(&n->consts, n->t->sets[type->ref].first, n->t->sets[type->ref].count, &n->c->constants);
		}
		break;
	case SEAM_KIND_STRUCT:
		count_layout(n, type->ref);
		break;
	case SEAM_KIND_IOVEC:
	case SEAM_KIND_PTRS:
		count_type(n, type->ref);
		break;
	default:
		break;
	}
}

static void count_program(struct count *n, struct seam_span program)
{
	if (!program.count)
		return;
	see_run(&n->ops, program.first, program.count, &n->c->operations);
	n->c->programs += see(&n->programs, program.first);
}

static void count_variant(struct count *n, const struct seam_variant *v)
{
	count_type(n, v->ret);
	for (uint32_t i = 0; i < v->args.count; i++)
		count_type(n, variant_arg(n->t, v, i)->type);
	count_program(n, v->entry);
	count_program(n, v->exit);
	see_run(&n->effects, v->effects.first, v->effects.count, &n->c->effects);
	see_run(&n->waits, v->waits.first, v->waits.count, &n->c->waits);
	see_run(&n->fails, v->fails.first, v->fails.count, &n->c->errors);
}

/* An argument of the call counts once: described if no case leaves it opaque where it is a pointer in all of them. */
static void count_arg(struct count *n, const struct seam_call *call, uint32_t i)
{
	const char *name = seam_string(n->t, call->name);
	uint32_t pointer = 0, described = 0, usual = variant_arg(n->t, call_variant(n->t, call, 0), i)->type;

	n->c->args++;
	for (uint32_t k = 0; k < call->variants.count; k++) {
		const struct seam_variant *v = call_variant(n->t, call, k);
		const struct seam_arg *a = variant_arg(n->t, v, i);
		char place[192];

		if (!is_pointer(&n->t->types[a->type]))
			continue;
		if (!pointer || (!described && !is_opaque(n, a->type)))
			pointer = a->type;
		described |= !is_opaque(n, a->type);
		/* what a case says of its own */
		if (call->variants.count == 1 || (k && a->type == usual))
			continue;
		snprintf(place, sizeof(place), "%s, %s", name, v->text ? seam_string(n->t, v->text) : "else");
		count_pointer(n, &n->c->in_cases, SEAM_COVERAGE_CASE, a->type, place, seam_string(n->t, a->name));
	}
	if (pointer)
		count_pointer(n, &n->c->pointers, SEAM_COVERAGE_ARG, pointer, name,
			      seam_string(n->t, variant_arg(n->t, call_variant(n->t, call, 0), i)->name));
}

static void count_call(struct count *n, const struct seam_call *call)
{
	n->c->calls++;
	if (!(call->flags & SEAM_CALL_DESCRIBED))
		return;
	n->c->described++;
	n->c->gone += !!(call->flags & SEAM_CALL_GONE);
	n->c->multiplexed += call->variants.count > 1;
	n->c->cases += call->variants.count > 1 ? call->variants.count - 1 : 0;
	for (uint32_t i = 0; i < call->selects.count; i++)
		n->c->values += n->t->selects[call->selects.first + i].cases.count;
	for (uint32_t i = 0; i < call_variant(n->t, call, 0)->args.count; i++)
		count_arg(n, call, i);
	for (uint32_t i = 0; i < call->variants.count; i++)
		count_variant(n, call_variant(n->t, call, i));
}

void seam_coverage(const struct seam_tables *t, enum seam_arch arch, struct seam_coverage *ret_coverage,
		   void (*undescribed)(void *user, enum seam_coverage_where where, const char *place, const char *reason),
		   void *user)
{
	struct count n = { .t = t, .c = ret_coverage, .undescribed = undescribed, .user = user };

	*ret_coverage = (struct seam_coverage){ 0 };
	for (uint32_t i = 0; i < t->arch[arch].call_count; i++)
		count_call(&n, &t->arch[arch].calls[i]);
	for (unsigned i = 0; i < SEAM_KINDS_TOTAL; i++)
		ret_coverage->shapes += n.shapes[i];
	free(n.types.bits);
	free(n.layouts.bits);
	free(n.sets.bits);
	free(n.consts.bits);
	free(n.ops.bits);
	free(n.programs.bits);
	free(n.effects.bits);
	free(n.waits.bits);
	free(n.fails.bits);
}

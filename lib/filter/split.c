/* SPDX-License-Identifier: BSD-2-Clause */
/* Works out for each call what is known of a filter beforehand, and writes programs for the rest. */
#include "filter/split.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "filter/filter-parts.h"

/* What a part of the expression comes to for one call. */
enum part { PART_NO, PART_YES, PART_OPEN, PART_CODE };

struct emitter {
	const struct seam_filter *f;
	uint32_t call;
	struct filter_op ops[FILTER_OPS_MAX];
	uint32_t n;
	unsigned depth; /* of the stack when it runs */
	struct filter_split *s;
	uint32_t pattern_cap;
	bool full;
	struct filter_op nowhere; /* what has no room */
};

static struct filter_op *emit(struct emitter *e, uint8_t code)
{
	struct filter_op *op = &e->nowhere;

	if (e->n < FILTER_OPS_MAX)
		op = &e->ops[e->n++];
	else
		e->full = true;
	*op = (struct filter_op){ .code = code, .width = 8, .mask = UINT64_MAX };
	return op;
}

static void pushed(struct emitter *e)
{
	if (++e->depth > FILTER_DEPTH)
		e->full = true;
}

static void joined(struct emitter *e, uint8_t code)
{
	emit(e, code);
	e->depth--;
}

static enum part emit_number(struct emitter *e, const struct alt *a)
{
	bool first_field = true;

	for (uint32_t left = a->fields; left; left &= left - 1) {
		for (uint32_t i = 0; i < a->n; i++) {
			struct filter_op *op = emit(e, FILTER_OP_RANGE);

			op->source = (uint8_t)__builtin_ctz(left);
			op->width = a->width;
			op->flags = (uint8_t)((a->is_signed ? FILTER_SIGNED : 0) | (i ? FILTER_ALSO : 0));
			op->mask = a->mask;
			op->low = e->f->ranges.at[a->first + i].low;
			op->high = e->f->ranges.at[a->first + i].high;
		}
		pushed(e);
		if (!first_field)
			joined(e, a->all ? FILTER_OP_AND : FILTER_OP_OR);
		first_field = false;
	}
	return PART_CODE;
}

/* What a pattern fixes at the beginning of a string. */
struct beginning {
	char text[FILTER_COMM_SIZE];
	unsigned n;    /* bytes; more than a name can have: none fits */
	bool whole;    /* nothing may follow */
	bool enough;   /* the pattern asks for no more than this */
};

static struct beginning beginning_of(const char *p, bool glob)
{
	struct beginning b = { .whole = true, .enough = true };

	for (; *p; p++) {
		if (glob && strchr("*?[", *p)) {
			b.whole = false;
			b.enough = !p[strspn(p, "*")];
			break;
		}
		if (glob && *p == '\\' && p[1])
			p++;
		if (b.n < FILTER_COMM_SIZE)
			b.text[b.n] = *p;
		b.n++;
	}
	return b;
}

/* One string or pattern for the name of a thread. */
static enum part emit_comm_item(struct emitter *e, const char *text, bool glob)
{
	struct beginning b = beginning_of(text, glob);
	struct filter_op *op;

	/* the kernel keeps one byte less, for the NUL */
	if (b.n >= FILTER_COMM_SIZE)
		return PART_NO;
	if (!b.n && !b.whole)
		return PART_YES;
	op = emit(e, FILTER_OP_COMM);
	op->source = FILTER_COMM;
	op->k = (uint16_t)(b.n + b.whole);
	memcpy(&op->low, b.text, 8);
	memcpy(&op->high, b.text + 8, 8);
	pushed(e);
	return PART_CODE;
}

/* Which of the tests about strings it is: the same number whatever the architecture. */
static uint32_t question_of(const struct seam_filter *f, const struct test *t)
{
	uint32_t n = 0;

	for (const struct test *other = f->tests.at; other < t; other++)
		n += other->n && f->items.at[other->first].text && other->field != FIELD_CALL && other->field != FIELD_CLASS;
	return n;
}

/* The stack is as if there had been no code. */
static void take_back(struct emitter *e, uint32_t n, unsigned depth)
{
	e->n = n;
	e->depth = depth;
}

/* Joins what was emitted for two parts. */
static enum part join(struct emitter *e, enum part a, enum part b, bool is_and)
{
	enum part decides = is_and ? PART_NO : PART_YES, neutral = is_and ? PART_YES : PART_NO;

	if (a == decides || b == decides)
		return decides;
	if (a == neutral)
		return b;
	if (b == neutral)
		return a;
	if (a == PART_OPEN && b == PART_OPEN)
		return PART_OPEN;
	if (a == PART_OPEN || b == PART_OPEN) {
		emit(e, FILTER_OP_OPEN);
		pushed(e);
	}
	joined(e, is_and ? FILTER_OP_AND : FILTER_OP_OR);
	return PART_CODE;
}

static enum part negate(struct emitter *e, enum part a)
{
	if (a == PART_CODE)
		emit(e, FILTER_OP_NOT);
	return a == PART_NO ? PART_YES : a == PART_YES ? PART_NO : a;
}

/* The patterns of a test, made when it is asked for the first time. false: one of them is too long. */
static bool place_patterns(struct emitter *e, const struct test *t, uint32_t *ret_first)
{
	bool glob = t->op == CMP_GLOB || t->op == CMP_NOT_GLOB;
	struct filter_split *s = e->s;
	uint32_t question = question_of(e->f, t), first = s->pattern_count;

	if (question >= FILTER_QUESTIONS)
		return false;
	*ret_first = s->first_pattern[question];
	if (s->questions >> question & 1)
		return true;
	if (s->too_long >> question & 1)
		return false;
	if (first + t->n > e->pattern_cap) {
		e->pattern_cap = 2 * (first + t->n);
		s->patterns = xreallocarray(s->patterns, e->pattern_cap, sizeof(*s->patterns));
	}
	for (uint32_t i = 0; i < t->n; i++) {
		if (!filter_pattern_make(&s->patterns[first + i], e->f->items.at[t->first + i].text, glob)) {
			s->too_long |= 1u << question;
			return false;
		}
	}
	s->questions |= 1u << question;
	s->pattern_count += t->n;
	*ret_first = s->first_pattern[question] = first;
	return true;
}

/* A string that the kernel looks at only when it is asked for. */
static enum part emit_question(struct emitter *e, const struct test *t, const struct alt *a)
{
	const struct seam_arch_tables *calls = filter_calls(e->f);
	const struct seam_call *call = e->call < calls->call_count ? &calls->calls[e->call] : NULL;
	uint32_t mask = a->fields, fds, first;
	uint8_t source = FILTER_TEXT_ARGS;
	struct filter_op *op;

	if (a->fields == 1u << SEAM_FILTER_COMM)
		source = FILTER_TEXT_COMM;
	else if (a->fields == 1u << SEAM_FILTER_EXE)
		source = FILTER_TEXT_EXE;
	else if (a->fields == 1u << SEAM_FILTER_CGROUP)
		source = FILTER_TEXT_CGROUP;
	else if (a->fields == 1u << SEAM_FILTER_PATH)
		source = FILTER_TEXT_PATHS;
	if (source == FILTER_TEXT_PATHS) {
		e->s->of_path |= 1u << (question_of(e->f, t) & (FILTER_QUESTIONS - 1));
		if (!call || !filter_described(e->f) || !filter_touches(e->f, call, &mask, &fds))
			return PART_OPEN;
		mask |= fds << 8;
	}
	if (!place_patterns(e, t, &first))
		return PART_OPEN;
	op = emit(e, FILTER_OP_STRING);
	op->source = source;
	op->flags = a->all ? FILTER_NONE_FITS : 0;
	op->k = (uint16_t)question_of(e->f, t);
	op->mask = mask;
	op->low = first;
	op->high = first + t->n;
	if (source == FILTER_TEXT_EXE)
		e->s->of_exe |= 1u << op->k;
	if (source == FILTER_TEXT_CGROUP)
		e->s->of_cgroup |= 1u << op->k;
	pushed(e);
	return PART_CODE;
}

static enum part emit_string(struct emitter *e, const struct test *t, const struct alt *a)
{
	bool glob = t->op == CMP_GLOB || t->op == CMP_NOT_GLOB;
	uint32_t n = e->n;
	unsigned depth = e->depth;
	enum part r = PART_NO;

	if (a->fields != 1u << SEAM_FILTER_COMM)
		return emit_question(e, t, a);
	for (uint32_t i = 0; i < t->n; i++) {
		struct beginning b = beginning_of(e->f->items.at[t->first + i].text, glob);

		/* more than its beginning is asked of one of the names */
		if (!b.enough && b.n < FILTER_COMM_SIZE)
			return emit_question(e, t, a);
	}
	for (uint32_t i = 0; i < t->n; i++) {
		r = join(e, r, emit_comm_item(e, e->f->items.at[t->first + i].text, glob), false);
		if (r == PART_YES) {
			take_back(e, n, depth);
			break;
		}
	}
	return a->all ? negate(e, r) : r;
}

static enum part emit_test(struct emitter *e, const struct test *t)
{
	const struct alt *a = filter_alt(e->f, t, e->call);

	switch ((enum alt_kind)a->kind) {
	case ALT_YES:
		return PART_YES;
	case ALT_UNKNOWN:
		return PART_OPEN;
	case ALT_NUMBER:
		return emit_number(e, a);
	case ALT_STRING:
		return emit_string(e, t, a);
	default:
		return PART_NO;
	}
}

static enum part emit_node(struct emitter *e, uint32_t index)
{
	const struct node *n = &e->f->nodes.at[index];
	bool is_and = n->kind == NODE_AND;
	uint32_t before = e->n, jump;
	unsigned depth = e->depth;
	enum part a, b, r;

	if (e->full)
		return PART_OPEN;
	if (n->kind == NODE_TEST)
		return emit_test(e, &e->f->tests.at[n->a]);
	a = emit_node(e, n->a);
	if (n->kind == NODE_NOT)
		return negate(e, a);
	if (a == (is_and ? PART_NO : PART_YES))
		return a;
	/* where the left side decides, the right one is skipped */
	jump = e->n;
	if (a == PART_CODE)
		emit(e, is_and ? FILTER_OP_JNO : FILTER_OP_JYES);
	b = emit_node(e, n->b);
	if (b == (is_and ? PART_NO : PART_YES)) {
		take_back(e, before, depth);
		return b;
	}
	if (a == PART_CODE && b == (is_and ? PART_YES : PART_NO)) {
		e->n = jump;
		return a;
	}
	r = join(e, a, b, is_and);
	if (a == PART_CODE && !e->full)
		e->ops[jump].k = (uint16_t)(e->n - jump - 1);
	return r;
}

/* Programs that are equal are one: most calls have the same. */
static uint32_t place(struct filter_split *s, const struct emitter *e, uint32_t *cap)
{
	size_t bytes = e->n * sizeof(*e->ops);

	for (uint32_t i = 0; i < s->count; i++)
		if (s->starts[i].count == e->n && !memcmp(s->ops + s->starts[i].first, e->ops, bytes))
			return s->starts[i].first;
	if (s->op_count + e->n > *cap) {
		*cap = 2 * (s->op_count + e->n);
		s->ops = xreallocarray(s->ops, *cap, sizeof(*s->ops));
	}
	memcpy(s->ops + s->op_count, e->ops, bytes);
	s->op_count += e->n;
	return s->op_count - e->n;
}

static struct filter_start start_of(struct filter_split *s, struct emitter *e, uint32_t call, uint32_t *cap)
{
	struct filter_start r = { 0 };
	enum part part;

	e->call = call;
	e->n = e->depth = 0;
	e->full = false;
	part = emit_node(e, e->f->root);
	if (e->full)
		part = PART_OPEN;
	if (part == PART_CODE) {
		r.first = place(s, e, cap);
		r.count = (uint16_t)e->n;
	} else {
		r.answer = part == PART_NO ? FILTER_DROP : part == PART_YES ? FILTER_KEEP : FILTER_USER;
	}
	return r;
}

/* What the finished programs ask for. */
static void find_uses(struct filter_split *s)
{
	s->uses = 0;
	s->user = s->at_exit = false;
	for (uint32_t i = 0; i < s->op_count; i++) {
		if (s->ops[i].code == FILTER_OP_RANGE || s->ops[i].code == FILTER_OP_COMM)
			s->uses |= 1u << s->ops[i].source;
		s->user |= s->ops[i].code == FILTER_OP_OPEN;
		s->at_exit |= s->ops[i].code == FILTER_OP_STRING;
	}
	for (uint32_t i = 0; i < s->count; i++)
		s->user |= !s->starts[i].count && s->starts[i].answer == FILTER_USER;
	s->user |= !s->other.count && s->other.answer == FILTER_USER;
	s->at_exit |= s->user || (s->uses & (1u << FILTER_RET | 1u << FILTER_DURATION));
}

/* Largest number of a call, and 1; *ret_larger: some are beyond what has a place. */
static uint32_t count_numbers(const struct seam_arch_tables *a, bool *ret_larger)
{
	uint32_t count = 0;

	*ret_larger = false;
	for (uint32_t c = 0; c < a->call_count; c++) {
		if (a->calls[c].number < FILTER_NUMBERS_MAX)
			count = MAX(count, a->calls[c].number + 1);
		else
			*ret_larger = true;
	}
	return count;
}

void filter_split(const struct seam_filter *f, struct filter_split *s)
{
	const struct seam_arch_tables *a = filter_calls(f);
	struct emitter *e = xcalloc(1, sizeof(*e));
	uint32_t cap = 0, count;
	bool larger;

	*s = (struct filter_split){ 0 };
	count = count_numbers(a, &larger);
	e->f = f;
	e->s = s;
	s->starts = xcalloc(count + 1, sizeof(*s->starts));
	s->other = start_of(s, e, a->call_count, &cap);
	s->count = count;
	for (uint32_t i = 0; i < count; i++)
		s->starts[i] = s->other;
	for (uint32_t c = 0; c < a->call_count; c++)
		if (a->calls[c].number < count)
			s->starts[a->calls[c].number] = start_of(s, e, c, &cap);
	if (larger)
		s->other = (struct filter_start){ .answer = FILTER_USER };
	free(e);
	find_uses(s);
}

void filter_split_all(struct filter_split *s, const struct seam_tables *t, enum seam_arch arch)
{
	const struct filter_start keep = { .answer = FILTER_KEEP };
	bool larger;

	*s = (struct filter_split){ .count = count_numbers(&t->arch[arch], &larger), .other = keep };
	s->starts = xcalloc(s->count + 1, sizeof(*s->starts));
	for (uint32_t i = 0; i < s->count; i++)
		s->starts[i] = keep;
}

void filter_split_restrict(struct filter_split *s, const struct seam_callset *set, bool unknown)
{
	const struct seam_arch_tables *a = &set->t->arch[set->arch];
	const struct filter_start drop = { .answer = FILTER_DROP };
	bool in = unknown, out = !unknown;

	for (uint32_t i = 0; i < s->count; i++) {
		const struct seam_call *call = seam_call_by_number(set->t, set->arch, i);

		if (call ? !seam_callset_has(set, call) : !unknown)
			s->starts[i] = drop;
	}
	/* of calls with large numbers and unknown ones there is one decision, if it is the same for all of them */
	for (uint32_t c = 0; c < a->call_count; c++)
		if (a->calls[c].number >= s->count)
			*(seam_callset_has(set, &a->calls[c]) ? &in : &out) = true;
	if (!in)
		s->other = drop;
	else if (out && (s->other.count || s->other.answer != FILTER_DROP))
		s->other = (struct filter_start){ .answer = FILTER_USER };
	find_uses(s);
}

void filter_split_release(struct filter_split *s)
{
	free(s->starts);
	free(s->ops);
	free(s->patterns);
	*s = (struct filter_split){ 0 };
}

static bool can_be_wanted(const struct filter_start *start)
{
	return start->count || start->answer != FILTER_DROP;
}

void filter_split_bitmap(const struct filter_split *s, uint64_t *words)
{
	memset(words, 0, (s->count + 63) / 64 * sizeof(*words));
	for (uint32_t i = 0; i < s->count; i++)
		if (can_be_wanted(&s->starts[i]))
			words[i / 64] |= 1ull << (i % 64);
}

enum filter_answer filter_split_run(const struct filter_split *s, uint64_t number, const struct filter_facts *facts)
{
	const struct filter_start *start = filter_split_start(s, number);

	return start->count ? filter_run(s->ops + start->first, start->count, facts) : (enum filter_answer)start->answer;
}

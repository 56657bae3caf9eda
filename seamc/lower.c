/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls: arguments, cases, classes, and which number has which description. */
#include "seamc/lower.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "seamc/gen.h"
#include "seamc/guess.h"
#include "calls/vocabulary.h"

/* cases */

/* A call's cases with those that extend it, the `else` last. */
struct case_list {
	VEC(const struct ast_case *) cases;
	const struct ast_case *otherwise;
};

static void collect(struct model *m, const struct ast_case *cases, size_t n, struct case_list *list)
{
	for (size_t i = 0; i < n; i++) {
		if (cases[i].selectors.n) {
			*vec_push(m->arena, &list->cases) = &cases[i];
		} else if (list->otherwise) {
			diag_error(m->diag, cases[i].loc, "there is a 'case else' already");
			diag_note(m->diag, list->otherwise->loc, "here");
		} else {
			list->otherwise = &cases[i];
		}
	}
}

static struct case_list all_cases(struct model *m, const struct ast_call *call)
{
	struct case_list list = { 0 };

	collect(m, call->cases.at, call->cases.n, &list);
	for (size_t i = 0; i < m->ast->extends.n; i++) {
		const struct ast_extend *e = m->ast->extends.at[i];

		if (strcmp(e->name, call->name) == 0)
			collect(m, e->cases.at, e->cases.n, &list);
	}
	return list;
}

static struct ast_arg *find_arg(const struct ast_args *args, const char *name)
{
	for (size_t i = 0; i < args->n; i++)
		if (strcmp(args->at[i].name, name) == 0)
			return &args->at[i];
	return NULL;
}

/* The call's arguments as the case has them. */
static struct ast_args refined_args(struct model *m, const struct ast_call *call, const struct ast_case *c)
{
	struct ast_args args = { 0 };

	for (size_t i = 0; i < call->args.n; i++)
		*vec_push(m->arena, &args) = call->args.at[i];
	for (size_t i = 0; c && i < c->args.n; i++) {
		struct ast_arg *a = find_arg(&args, c->args.at[i].name);

		if (a)
			a->type = c->args.at[i].type;
		else
			diag_error(m->diag, c->args.at[i].loc, "%s has no argument '%s'%s", call->name, c->args.at[i].name,
				   guess_arg(m, &call->args, c->args.at[i].name));
	}
	return args;
}

/* classes */

static uint32_t type_classes(const struct model *m, uint32_t index)
{
	const struct seam_type *t = pool_at(&m->types, index);

	switch (t->kind) {
	case SEAM_KIND_PATH:
		return t->dir == SEAM_DIR_IN ? SEAM_CLASS_FILE : 0;
	case SEAM_KIND_FD:
	case SEAM_KIND_DIRFD:
	case SEAM_KIND_FDSET:
		return SEAM_CLASS_DESC;
	default:
		return 0;
	}
}

/* Sockets have a class of their own; %desc is for the rest, as in strace. */
static uint32_t settle_classes(uint32_t classes, uint32_t group, uint32_t also)
{
	classes |= group;
	if ((group & SEAM_CLASS_NET) && !(also & SEAM_CLASS_DESC))
		classes &= ~(uint32_t)SEAM_CLASS_DESC;
	return classes;
}

/* variants */

static uint32_t add_args(struct model *m, const struct scope *s, uint32_t *classes)
{
	struct seam_arg records[SEAM_MAX_ARGS];

	for (size_t i = 0; i < s->args.n; i++) {
		records[i].name = model_string(m, s->args.at[i].name);
		records[i].type = model_lower_type(m, s, s->args.at[i].type, NULL);
		*classes |= type_classes(m, records[i].type);
	}
	return pool_add(&m->args, records, s->args.n);
}

#define SPAN(m, pool, vec)                                                                                        \
	((struct seam_span){ pool_add(&(m)->pool, (vec).at, (vec).n), (uint32_t)(vec).n })

static struct seam_variant lower_variant(struct model *m, const struct ast_call *call, const struct ast_case *c,
					 bool *ret_gone)
{
	struct scope s = { .args = refined_args(m, call, c), .self = -1 };
	const struct ast_type *ret = c && c->ret ? c->ret : call->ret;
	struct seam_variant v = { 0 };
	struct clauses clauses = { 0 };

	model_clauses(m, &s, &call->body, &clauses);
	if (c)
		model_clauses(m, &s, &c->body, &clauses);
	v.classes = clauses.classes;
	v.text = c ? (c->selectors.n ? model_text(m, c->text, c->text_end) : model_string(m, "else")) : 0;
	v.args = (struct seam_span){ add_args(m, &s, &v.classes), (uint32_t)s.args.n };
	if (ret) {
		v.ret = model_lower_type(m, &s, ret, NULL);
		v.classes |= type_classes(m, v.ret);
	}
	v.classes = settle_classes(v.classes, call->group, call->body.also);
	v.effects = SPAN(m, effects, clauses.effects);
	v.waits = SPAN(m, waits, clauses.waits);
	v.dets = SPAN(m, dets, clauses.dets);
	v.fails = SPAN(m, fails, clauses.fails);
	lower_capture(m, &s, &v);
	*ret_gone = clauses.gone;
	return v;
}

/* selection */

#define MAX_SELECTORS 3

struct selection {
	const struct ast_case *first; /* whose selectors these are */
	VEC(struct seam_case) cases;
	VEC(struct loc) locs;
};

static bool same_text(const struct ast_expr *a, const struct ast_expr *b)
{
	size_t n = (size_t)(a->text_end - a->text);

	return n == (size_t)(b->text_end - b->text) && memcmp(a->text, b->text, n) == 0;
}

static bool same_selectors(const struct ast_case *a, const struct ast_case *b)
{
	if (a->selectors.n != b->selectors.n)
		return false;
	for (size_t i = 0; i < a->selectors.n; i++)
		if (!same_text(a->selectors.at[i].expr, b->selectors.at[i].expr))
			return false;
	return true;
}

/* The value as wide as the expression: -1 selects 0xffffffff of an unsigned int. 1, 0: not here, -1: reported. */
static int case_value(struct model *m, const struct scope *s, const struct ast_selector *sel,
		      const struct ast_value *value, unsigned bits, uint64_t *ret_key)
{
	struct gen g = { .m = m, .phase = GEN_EXPR, .temp = SEAM_REG_TEMP0 };
	uint64_t key = value->number;
	unsigned bytes;
	bool is_signed;

	if (value->name) {
		int r = model_const(m, value->name, &key);

		if (r < 0)
			diag_error(m->diag, value->loc, "there is no constant '%s'%s", value->name,
				   guess_const(m, value->name));
		if (r <= 0)
			return r;
	}
	gen_width(&g, s, sel->expr, &bytes, &is_signed);
	if (bits == 64) {
		if (bytes < 8 && !is_signed)
			key &= (1ull << (bytes * 8)) - 1;
	} else {
		if (bits == 32)
			key &= UINT32_MAX;
		if (key >> bits) {
			diag_error(m->diag, value->loc, "beside other selectors this value must fit into %u bits", bits);
			return -1;
		}
	}
	*ret_key = key;
	return 1;
}

static void add_key(struct model *m, struct selection *sel, uint64_t key, uint32_t variant, struct loc loc)
{
	for (size_t i = 0; i < sel->cases.n; i++) {
		if (sel->cases.at[i].key != key)
			continue;
		/* two names of one number in one case are one */
		if (sel->cases.at[i].variant != variant) {
			diag_error(m->diag, loc, "on %s another case has this value already", arch_words[m->arch]);
			diag_note(m->diag, sel->locs.at[i], "here");
		}
		return;
	}
	*vec_push(m->arena, &sel->cases) = (struct seam_case){ .key = key, .variant = variant };
	*vec_push(m->arena, &sel->locs) = loc;
}

/* How many bits of the key belong to each of n selectors. */
static const unsigned char key_bits[MAX_SELECTORS + 1][MAX_SELECTORS] = {
	[1] = { 64 },
	[2] = { 32, 32 },
	[3] = { 16, 32, 16 },
};

/* Adds the keys of a case, every combination of its values; false if there is none on this architecture. */
static bool add_case_keys(struct model *m, const struct scope *s, const struct ast_case *c, struct selection *sel,
			  uint32_t variant, size_t depth, uint64_t prefix)
{
	const struct ast_selector *one = &c->selectors.at[depth];
	unsigned bits = key_bits[c->selectors.n][depth];
	bool any = false;

	for (size_t i = 0; i < one->values.n; i++) {
		uint64_t key;

		if (case_value(m, s, one, &one->values.at[i], bits, &key) <= 0)
			continue;
		if (bits < 64)
			key |= prefix << bits;
		if (depth + 1 < c->selectors.n) {
			any |= add_case_keys(m, s, c, sel, variant, depth + 1, key);
		} else {
			add_key(m, sel, key, variant, one->values.at[i].loc);
			any = true;
		}
	}
	return any;
}

static int compare_keys(const void *pa, const void *pb)
{
	const struct seam_case *a = pa, *b = pb;

	return a->key < b->key ? -1 : a->key > b->key;
}

/* A case about structures that this architecture has not got is no case here. */
static bool exists_here(const struct model *m, const struct ast_case *c)
{
	for (size_t i = 0; i < c->args.n; i++)
		if (struct_only_elsewhere(m, c->args.at[i].type))
			return false;
	return true;
}

static void lower_cases(struct model *m, const struct ast_call *call, struct seam_call *record, bool *ret_gone)
{
	struct case_list list = all_cases(m, call);
	struct scope plain = { .args = call->args, .self = -1 };
	VEC(struct seam_variant) variants = { 0 };
	VEC(struct selection) selections = { 0 };
	VEC(struct seam_select) selects = { 0 };

	/* variant 0 is what holds when no case does */
	*vec_push(m->arena, &variants) = lower_variant(m, call, list.otherwise, ret_gone);
	for (size_t i = 0; i < list.cases.n; i++) {
		const struct ast_case *c = list.cases.at[i];
		struct selection *sel = NULL;
		bool gone;

		if (!exists_here(m, c))
			continue;
		if (c->selectors.n > MAX_SELECTORS) {
			diag_error(m->diag, c->loc, "a case has at most %d selectors", MAX_SELECTORS);
			continue;
		}
		for (size_t k = 0; k < selections.n && !sel; k++)
			if (same_selectors(selections.at[k].first, c))
				sel = &selections.at[k];
		if (!sel) {
			sel = vec_push(m->arena, &selections);
			*sel = (struct selection){ .first = c };
		}
		if (add_case_keys(m, &plain, c, sel, (uint32_t)variants.n, 0, 0))
			*vec_push(m->arena, &variants) = lower_variant(m, call, c, &gone);
	}
	for (size_t i = 0; i < selections.n; i++) {
		struct selection *sel = &selections.at[i];
		struct seam_select r = { 0 };

		for (size_t k = 0; k < sel->first->selectors.n; k++)
			r.expr[k] = gen_expr_record(m, &plain, sel->first->selectors.at[k].expr);
		if (sel->cases.n)
			qsort(sel->cases.at, sel->cases.n, sizeof(*sel->cases.at), compare_keys);
		r.cases = SPAN(m, cases, sel->cases);
		*vec_push(m->arena, &selects) = r;
	}
	/* A descriptor that only one command knows does not make it a call on descriptors. */
	record->classes = variants.at[0].classes;
	for (size_t i = 1; i < variants.n; i++)
		record->classes |= variants.at[i].classes & ~(uint32_t)SEAM_CLASS_DESC;
	record->variants = SPAN(m, variants, variants);
	record->selects = SPAN(m, selects, selects);
}

/* calls */

static const struct ast_call *find_description(struct model *m, const char *name)
{
	const struct ast_call *found = NULL;

	for (size_t i = 0; i < m->ast->calls.n; i++) {
		const struct ast_call *call = m->ast->calls.at[i];

		if (strcmp(call->name, name) != 0 || (call->archs && !(call->archs & (1u << m->arch))))
			continue;
		if (found) {
			diag_error(m->diag, call->loc, "%s is described twice for %s", name, arch_words[m->arch]);
			diag_note(m->diag, found->loc, "the first time");
		}
		found = call;
	}
	return found;
}

/* The file with the folder that it is in: where the build runs makes no difference to the tables. */
static const char *file_name(const struct source *s)
{
	const char *name = s->name, *before = NULL;

	for (const char *p = name; *p; p++) {
		if (*p == '/') {
			if (before)
				name = before + 1;
			before = p;
		}
	}
	return name;
}

static void describe(struct model *m, const struct ast_call *call, struct seam_call *record)
{
	bool gone = false;

	if (call->args.n > SEAM_MAX_ARGS) {
		diag_error(m->diag, call->loc, "no call has more than %d arguments", SEAM_MAX_ARGS);
		return;
	}
	for (size_t i = 0; i < call->args.n; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(call->args.at[i].name, call->args.at[j].name) == 0)
				diag_error(m->diag, call->args.at[i].loc, "there are two arguments '%s'",
					   call->args.at[i].name);
	lower_cases(m, call, record, &gone);
	record->flags |= SEAM_CALL_DESCRIBED | (gone ? SEAM_CALL_GONE : 0) | (call->noreturn ? SEAM_CALL_NORETURN : 0);
	record->file = model_string(m, file_name(call->loc.source));
	record->line = call->loc.line;
}

/* Descriptions that belong to no number, and extensions of what is not there. */
static void check_strays(struct model *m)
{
	struct strmap names = STRMAP_INIT;

	for (size_t i = 0; i < m->facts->numbers.n; i++) {
		const struct fact_number *n = &m->facts->numbers.at[i];

		for (int arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++)
			if (n->have[arch])
				strmap_put(&names, n->name, m);
	}
	for (size_t i = 0; i < m->ast->calls.n; i++) {
		const struct ast_call *call = m->ast->calls.at[i];

		if (!strmap_has(&names, call->name))
			diag_error(m->diag, call->loc, "calls/tables/numbers has no number for '%s'%s", call->name,
				   guess_in_map(m, &names, call->name));
	}
	for (size_t i = 0; i < m->ast->extends.n; i++) {
		const struct ast_extend *e = m->ast->extends.at[i];
		bool found = false;

		for (size_t k = 0; k < m->ast->calls.n && !found; k++)
			found = strcmp(m->ast->calls.at[k]->name, e->name) == 0;
		if (!found)
			diag_error(m->diag, e->loc, "there is no call '%s' to extend%s", e->name,
				   guess_in_map(m, &names, e->name));
	}
	strmap_release(&names);
}

void lower_calls(struct model *m)
{
	if (m->arch == 0)
		check_strays(m);
	for (size_t i = 0; i < m->facts->numbers.n; i++) {
		const struct fact_number *n = &m->facts->numbers.at[i];
		struct seam_call record = { .number = n->number[m->arch] };
		const struct ast_call *call;

		if (!n->have[m->arch])
			continue;
		record.name = model_string(m, n->name);
		if (m->arch < SEAM_ARCH_DESCRIBED) {
			call = find_description(m, n->name);
			if (call)
				describe(m, call, &record);
			else
				diag_error(m->diag, (struct loc){ 0 }, "%s number %u: nothing describes '%s'",
					   arch_words[m->arch], record.number, n->name);
		}
		*vec_push(m->arena, &m->calls[m->arch]) = record;
	}
}

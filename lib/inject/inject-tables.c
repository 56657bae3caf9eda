/* SPDX-License-Identifier: BSD-2-Clause */
/* What the descriptions say of calls that rules are about: which can be short, which have done their work though they fail. */
#include "inject/inject-parts.h"

#define PROBE_AT 0x10000u
#define NO_ARG 0xffu

/* Memory of nobody, in which it is only of interest what is looked at. */
struct looked {
	uint64_t at;
	unsigned n;
};

static size_t look(void *user, uint64_t address, void *to, size_t n, enum seam_when when)
{
	struct looked *l = user;

	(void)when;
	l->at = address;
	l->n++;
	for (size_t i = 0; i < n; i++)
		((unsigned char *)to)[i] = 0;
	return n;
}

static uint64_t value_with(const struct seam_tables *t, uint32_t expr, unsigned arg, uint64_t value)
{
	struct looked looked = { 0 };
	struct seam_env env = { .read = look, .user = &looked };

	env.reg[SEAM_REG_ARG0 + arg] = value;
	return seam_eval(t, expr, &env);
}

/* Whether the expression is this argument and no more. */
static bool is_arg(const struct seam_tables *t, uint32_t expr, unsigned arg)
{
	return expr && value_with(t, expr, arg, 1000003) == 1000003 && value_with(t, expr, arg, 7) == 7;
}

static const struct seam_type *arg_type(const struct seam_tables *t, const struct seam_variant *v, unsigned i)
{
	return &t->types[t->args[v->args.first + i].type];
}

static bool is_size(const struct seam_type *type)
{
	return type->dir == SEAM_DIR_VALUE && type->kind == SEAM_KIND_SIZE;
}

/* The argument that says how large the memory of this type is; -1: it is not said by one alone. */
static int room_arg(const struct seam_tables *t, const struct seam_variant *v, const struct seam_type *type)
{
	uint32_t expr = type->room ? type->room : type->valid;

	for (unsigned i = 0; i < v->args.count; i++)
		if (arg_type(t, v, i)->dir == SEAM_DIR_VALUE && is_arg(t, expr, i))
			return (int)i;
	return -1;
}

/* Descriptors whose content is read or written. False: there are none. */
static bool find_descriptors(const struct seam_tables *t, const struct seam_variant *v, struct inject_short *ret)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < v->effects.count; i++) {
		const struct seam_effect *e = &t->effects[v->effects.first + i];
		const struct seam_object *o = &t->objects[e->object];

		if (e->verb != SEAM_VERB_READS_CONTENT && e->verb != SEAM_VERB_WRITES_CONTENT)
			continue;
		if (o->how != SEAM_OBJECT_VALUE || o->arg == NO_ARG || o->dir || t->types[o->type].kind != SEAM_KIND_FD || n == 2)
			continue;
		ret->writes |= e->verb == SEAM_VERB_WRITES_CONTENT;
		ret->fd[n++] = o->arg;
	}
	return n > 0;
}

/* Vectors in a structure: where they stand there, and where their number. */
static bool find_held(const struct seam_tables *t, const struct seam_variant *v, unsigned arg, struct inject_short *ret)
{
	const struct seam_type *type = arg_type(t, v, arg);
	const struct seam_layout *l = &t->layouts[type->ref];

	if (type->kind != SEAM_KIND_STRUCT || type->dir == SEAM_DIR_VALUE || (type->flags & SEAM_TYPE_ARRAY))
		return false;
	for (uint32_t i = 0; i < l->fields; i++) {
		const struct seam_field *f = &t->fields[l->first_field + i];
		const struct seam_type *held = &t->types[f->type];
		struct looked looked = { 0 };
		struct seam_env env = { .read = look, .user = &looked };

		if (held->kind != SEAM_KIND_IOVEC)
			continue;
		env.reg[SEAM_REG_SELF] = PROBE_AT;
		seam_eval(t, held->room ? held->room : held->valid, &env);
		if (looked.n != 1 || looked.at < PROBE_AT || looked.at - PROBE_AT + 8 > l->size)
			continue;
		ret->holder = (int)arg;
		ret->holder_size = l->size;
		ret->holder_out = type->dir != SEAM_DIR_IN;
		ret->vector_at = f->offset;
		ret->count_at = (uint32_t)(looked.at - PROBE_AT);
		return true;
	}
	return false;
}

bool inject_can_be_short(const struct seam_tables *t, const struct seam_variant *v, struct inject_short *ret)
{
	struct inject_short s = { .size = -1, .vector = -1, .count = -1, .holder = -1, .fd = { -1, -1 } };
	int size = -1, sizes = 0;

	/* what goes between processes in messages goes whole; what is one case of many is no plain reading or writing */
	if (!v || *seam_string(t, v->text) || t->types[v->ret].kind != SEAM_KIND_SIZE || (v->classes & SEAM_CLASS_IPC) || !find_descriptors(t, v, &s))
		return false;
	for (unsigned i = 0; i < v->args.count; i++) {
		const struct seam_type *type = arg_type(t, v, i);

		if (is_size(type)) {
			size = (int)i;
			sizes++;
		}
		if (type->dir == SEAM_DIR_VALUE)
			continue;
		if (type->kind == SEAM_KIND_DATA) {
			s.size = room_arg(t, v, type);
		} else if (type->kind == SEAM_KIND_IOVEC) {
			s.vector = (int)i;
			s.count = room_arg(t, v, type);
		} else if (type->kind != SEAM_KIND_OFF && type->kind != SEAM_KIND_SOCKADDR && !find_held(t, v, i, &s) && (type->kind == SEAM_KIND_DIRENTS || type->kind == SEAM_KIND_DIRENTS64)) {
			return false;
		}
	}
	if (s.size < 0 && s.count < 0 && s.holder < 0 && sizes == 1)
		s.size = size;
	*ret = s;
	return s.size >= 0 || (s.vector >= 0 && s.count >= 0) || s.holder >= 0;
}

bool inject_call_short(const struct seam_tables *t, const struct seam_call *call)
{
	struct inject_short s;

	for (uint32_t i = 0; i < call->variants.count; i++)
		if (inject_can_be_short(t, &t->variants[call->variants.first + i], &s))
			return true;
	return false;
}

bool inject_any_short(const struct seam_inject_rule *rule, const struct seam_tables *t)
{
	const struct seam_arch_tables *a = &t->arch[seam_arch_native()];

	for (uint32_t i = 0; i < a->call_count; i++)
		if (seam_callset_has(&rule->calls, &a->calls[i]) && inject_call_short(t, &a->calls[i]))
			return true;
	return false;
}

bool inject_is_harmless(const struct seam_tables *t, const struct seam_call *call)
{
	const struct seam_variant *v = &t->variants[call->variants.first];

	return call->variants.count == 1 && (call->flags & SEAM_CALL_DESCRIBED) && !(call->flags & (SEAM_CALL_GONE | SEAM_CALL_NORETURN)) && !v->args.count &&
	       !v->waits.count && !(v->classes & (SEAM_CLASS_WRITES_STATUS | SEAM_CLASS_WRITES_CONTENT));
}

/* Whether the condition asks for the result. */
static bool asks_result(const struct seam_tables *t, uint32_t expr)
{
	const struct seam_expr *e = &t->exprs[expr];

	if (!expr)
		return false;
	for (unsigned i = 0; i < e->count; i++) {
		const struct seam_op *op = &t->ops[e->first + i];

		if (op->code != SEAM_OP_SET && (op->a == SEAM_REG_RET || (op->b == SEAM_REG_RET && !(op->flags & SEAM_OP_IMM) && op->code >= SEAM_OP_ADD)))
			return true;
	}
	return e->result == SEAM_REG_RET;
}

static size_t read_program(void *user, uint64_t address, void *to, size_t n, enum seam_when when)
{
	(void)when;
	return seam_read(user, address, to, n);
}

bool inject_done_all_the_same(struct seam_hook *h, int64_t result)
{
	static const unsigned classes[] = {
#define X(id, words, follows) [SEAM_VERB_##id] = follows,
		SEAM_VERBS(X)
#undef X
	};
	const struct seam_tables *t = h->tables;
	struct seam_env env = { .read = read_program, .user = h };

	if (!h->variant)
		return false;
	for (unsigned i = 0; i < SEAM_MAX_ARGS; i++)
		env.reg[SEAM_REG_ARG0 + i] = h->args[i];
	env.reg[SEAM_REG_RET] = (uint64_t)result;
	for (uint32_t i = 0; i < h->variant->effects.count; i++) {
		const struct seam_effect *e = &t->effects[h->variant->effects.first + i];

		if (!e->may && (classes[e->verb] & (SEAM_CLASS_WRITES_STATUS | SEAM_CLASS_WRITES_CONTENT)) && asks_result(t, e->when) && seam_holds(t, e->when, &env))
			return true;
	}
	return false;
}

bool inject_executes(const struct seam_tables *t, const struct seam_call *call)
{
	for (uint32_t i = 0; i < call->variants.count; i++) {
		struct seam_span e = t->variants[call->variants.first + i].effects;

		for (uint32_t j = 0; j < e.count; j++)
			if (t->effects[e.first + j].verb == SEAM_VERB_EXECS)
				return true;
	}
	return false;
}

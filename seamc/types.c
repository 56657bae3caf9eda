/* SPDX-License-Identifier: BSD-2-Clause */
/* Types, resolved. */
#include <string.h>

#include "calls/vocabulary.h"
#include "seamc/gen.h"
#include "seamc/guess.h"

const struct ast_type *model_type(struct model *m, const struct ast_type *t)
{
	for (unsigned depth = 0; t->is_alias; depth++) {
		const struct ast_alias *alias = names_get(&m->names, DECL_TYPE, t->name);
		struct ast_type *both;

		if (!alias) {
			diag_error(m->diag, t->name_loc, "there is no type '%s'%s", t->name,
				   guess_declared(m, DECL_TYPE, t->name));
			return NULL;
		}
		if (depth > 8) {
			diag_error(m->diag, t->name_loc, "the type '%s' stands for itself", t->name);
			return NULL;
		}
		both = arena_new(m->arena, struct ast_type);
		*both = *alias->type;
		both->loc = t->loc;
		if (t->dir)
			both->dir = t->dir;
		if (t->width)
			both->width = t->width;
		both->big_endian |= t->big_endian;
		both->chief |= t->chief;
		both->closed |= t->closed;
		if (t->has_extent) {
			both->has_extent = true;
			both->bytes = t->bytes;
			both->room = t->room;
			both->valid = t->valid;
		}
		if (t->when)
			both->when = t->when;
		t = both;
	}
	return t;
}

unsigned scalar_bytes(const struct ast_type *t, const struct fact_member *member)
{
	if (member && member->kind != C_STRUCT && (!t || t->dir == SEAM_DIR_VALUE))
		return member->bytes;
	if (!t)
		return 0;
	return t->width ? t->width / 8 : kind_bytes[t->kind];
}

bool scalar_signed(const struct ast_type *t, const struct fact_member *member)
{
	return t ? kind_signed[t->kind] : member && member->is_signed;
}

bool scalar_swapped(const struct ast_type *t)
{
	return t && (t->big_endian || t->kind == SEAM_KIND_IP4);
}

static bool is_scalar_kind(enum seam_kind kind)
{
	return kind_bytes[kind] != 0;
}

/* Types whose memory has a size only when somebody says it. */
static bool wants_extent(const struct ast_type *t)
{
	switch (t->kind) {
	case SEAM_KIND_DATA:
	case SEAM_KIND_IOVEC:
	case SEAM_KIND_PTRS:
	case SEAM_KIND_SOCKADDR:
	case SEAM_KIND_CMSG:
	case SEAM_KIND_DIRENTS:
	case SEAM_KIND_DIRENTS64:
	case SEAM_KIND_STRLIST:
	case SEAM_KIND_FDSET:
	case SEAM_KIND_BITMASK:
		return true;
	case SEAM_KIND_PATH:
	case SEAM_KIND_STR:
	case SEAM_KIND_SIGSET:
		return t->dir == SEAM_DIR_OUT;
	default:
		return false;
	}
}

static void check_type(struct model *m, const struct ast_type *t, const struct fact_member *member)
{
	bool pointer = t->dir != SEAM_DIR_VALUE;

	if (pointer && (t->kind == SEAM_KIND_ADDR || t->kind == SEAM_KIND_UNUSED || t->kind == SEAM_KIND_OPAQUE ||
			t->kind == SEAM_KIND_IOC) && !t->has_extent && t->kind != SEAM_KIND_ADDR)
		diag_error(m->diag, t->loc, "'%s' takes no in, out or io", kind_words[t->kind]);
	if (!pointer && !member && !is_scalar_kind(t->kind) && t->kind != SEAM_KIND_OPAQUE && t->kind != SEAM_KIND_IOC)
		diag_error(m->diag, t->loc, "say in, out or io: '%s' is memory that an argument points to",
			   kind_words[t->kind]);
	if (pointer && wants_extent(t) && !t->room && !t->valid)
		diag_error(m->diag, t->loc, "'%s' needs its size: %s[SIZE]", kind_words[t->kind], kind_words[t->kind]);
	if (t->valid && t->dir == SEAM_DIR_IN)
		diag_error(m->diag, t->loc, "memory that goes in is valid as a whole: no '; VALID'");
	if (t->big_endian && (!is_scalar_kind(t->kind) || scalar_bytes(t, member) == 1))
		diag_error(m->diag, t->loc, "only numbers of several bytes have a byte order");
	if (t->kind == SEAM_KIND_IP6 && !pointer && (!member || facts_member_size(m->facts, m->arch, member) != 16))
		diag_error(m->diag, t->loc, "'ip6' is memory of 16 bytes");
	if (t->dir == SEAM_DIR_OUT && t->kind == SEAM_KIND_STRS)
		diag_error(m->diag, t->loc, "'strs' can only go in");
}

static uint32_t lower_checked(struct model *m, const struct scope *s, const struct ast_type *t,
			      const struct fact_member *member);

/* When a link at the end of the path is not followed. */
static uint32_t nofollow_condition(struct model *m, const struct scope *s, const struct ast_type *t)
{
	struct ast_expr *e = t->nofollow;

	if (t->follow) {
		e = ast_expr(m->arena, EXPR_NOT, t->follow->loc, t->follow, NULL);
		ast_expr_text(e, arena_printf(m->arena, "!(%.*s)", (int)(t->follow->text_end - t->follow->text),
					      t->follow->text));
	} else if (!e && t->always_nofollow) {
		e = ast_number(m->arena, t->loc, 1);
		ast_expr_text(e, "always");
	}
	return gen_expr_record(m, s, e);
}

static void lower_path(struct model *m, const struct scope *s, const struct ast_type *t, struct seam_type *record)
{
	if (t->name) {
		struct ast_expr *base = ast_expr(m->arena, EXPR_NAME, t->name_loc, NULL, NULL);

		base->name = t->name;
		ast_expr_text(base, t->name);
		record->base = gen_expr_record(m, s, base);
	}
	record->nofollow = nofollow_condition(m, s, t);
	record->empty = gen_expr_record(m, s, t->empty);
}

static void lower_struct(struct model *m, const struct scope *s, const struct ast_type *t, struct seam_type *record)
{
	const struct ast_struct *view;
	const struct fact_struct *layout;

	if (!model_struct(m, t, &view, &layout))
		return;
	record->ref = model_layout(m, view, layout, t->name_loc);
	for (size_t i = 0; i < t->args.n; i++) {
		if (i >= 2)
			diag_error(m->diag, t->args.at[i]->loc, "a structure has at most two parameters");
		else
			record->args[i] = gen_expr_record(m, s, t->args.at[i]);
	}
}

uint32_t model_lower_type(struct model *m, const struct scope *s, const struct ast_type *t,
			  const struct fact_member *member)
{
	t = model_type(m, t);
	if (!t)
		return 0;
	check_type(m, t, member);
	return lower_checked(m, s, t, member);
}

static uint32_t lower_checked(struct model *m, const struct scope *s, const struct ast_type *t,
			      const struct fact_member *member)
{
	struct seam_type record = { 0 };
	const struct ast_type *of;

	record.kind = (uint8_t)t->kind;
	record.dir = (uint8_t)t->dir;
	record.width = (uint8_t)scalar_bytes(t, t->dir == SEAM_DIR_VALUE ? member : NULL);
	if (member && t->dir == SEAM_DIR_VALUE && (member->kind == C_STRUCT || t->kind == SEAM_KIND_IP6))
		record.width = (uint8_t)facts_member_size(m->facts, m->arch, member);
	if (is_scalar_kind(t->kind) && scalar_signed(t, NULL))
		record.flags |= SEAM_TYPE_SIGNED;
	if (scalar_swapped(t))
		record.flags |= SEAM_TYPE_BE;
	if (t->bytes)
		record.flags |= SEAM_TYPE_BYTES;
	if (t->has_extent)
		record.flags |= SEAM_TYPE_ARRAY;
	if (t->chief)
		record.flags |= SEAM_TYPE_CHIEF;
	if (t->closed)
		record.flags |= SEAM_TYPE_CLOSED;
	switch (t->kind) {
	case SEAM_KIND_BITS:
	case SEAM_KIND_ENUM:
		record.ref = model_set(m, t->name, t->name_loc);
		break;
	case SEAM_KIND_STRUCT:
		lower_struct(m, s, t, &record);
		break;
	case SEAM_KIND_ID:
	case SEAM_KIND_OPAQUE:
		record.word = model_string(m, t->name);
		break;
	case SEAM_KIND_PATH:
		lower_path(m, s, t, &record);
		break;
	case SEAM_KIND_IOVEC: /* each part brings its own size */
		of = model_type(m, t->of);
		record.ref = of ? lower_checked(m, s, of, NULL) : 0;
		break;
	case SEAM_KIND_PTRS:
		record.ref = model_lower_type(m, s, t->of, NULL);
		break;
	default:
		break;
	}
	record.room = gen_expr_record(m, s, t->room);
	record.valid = gen_expr_record(m, s, t->valid);
	record.when = gen_expr_record(m, s, t->when);
	if (t->when && gen_needs_exit(m, s, t->when))
		record.flags |= SEAM_TYPE_AT_EXIT;
	return pool_add(&m->types, &record, 1);
}


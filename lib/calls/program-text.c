/* SPDX-License-Identifier: BSD-2-Clause */
/* Capture programs as text, one operation a line, so that a change in one can be seen in review. */
#include <inttypes.h>
#include <stdio.h>

#include "base/util.h"
#include "calls/describe-parts.h"

struct reg_name {
	char text[8];
};

static struct reg_name reg_name(unsigned reg)
{
	struct reg_name name;

	if (reg < SEAM_REG_RET)
		snprintf(name.text, sizeof(name.text), "arg%u", reg);
	else if (reg == SEAM_REG_RET)
		snprintf(name.text, sizeof(name.text), "ret");
	else if (reg == SEAM_REG_SELF)
		snprintf(name.text, sizeof(name.text), "self");
	else if (reg < SEAM_REG_TEMP0)
		snprintf(name.text, sizeof(name.text), "p%u", reg - SEAM_REG_PARAM0);
	else
		snprintf(name.text, sizeof(name.text), "t%u", (reg - SEAM_REG_TEMP0) % 1000);
	return name;
}

static void put_reg(struct seam_out *out, unsigned reg)
{
	seam_out_puts(out, reg_name(reg).text);
}

/* Small numbers and bits of flags alike: hexadecimal from where it reads better. */
static void put_imm(struct seam_out *out, int64_t imm)
{
	if (imm > -4096 && imm < 1024)
		seam_out_printf(out, "%" PRId64, imm);
	else
		seam_out_printf(out, "0x%" PRIx64, (uint64_t)imm);
}

static void put_b(struct seam_out *out, const struct seam_op *op)
{
	if (op->flags & SEAM_OP_IMM)
		put_imm(out, op->imm);
	else
		put_reg(out, op->b);
}

static const char *sign_and_width(const struct seam_op *op)
{
	static const char *const names[2][4] = { { "u8", "u16", "u32", "u64" }, { "i8", "i16", "i32", "i64" } };
	unsigned i = op->k >= 8 ? 3 : op->k >= 4 ? 2 : op->k >= 2 ? 1 : 0;

	return names[!!(op->flags & SEAM_OP_SIGNED)][i];
}

static const char *infix(uint8_t code)
{
	static const char *const signs[SEAM_OP_CODE_COUNT] = {
		[SEAM_OP_ADD] = "+",  [SEAM_OP_SUB] = "-", [SEAM_OP_MUL] = "*", [SEAM_OP_DIV] = "/",
		[SEAM_OP_SHL] = "<<", [SEAM_OP_SHR] = ">>", [SEAM_OP_AND] = "&", [SEAM_OP_OR] = "|",
		[SEAM_OP_EQ] = "==",  [SEAM_OP_NE] = "!=", [SEAM_OP_LT] = "<",  [SEAM_OP_LE] = "<=",
	};

	return code < ARRAY_SIZE(signs) ? signs[code] : NULL;
}

/* Those that set a register. */
static void value_text(const struct seam_op *op, struct seam_out *out)
{
	put_reg(out, op->dst);
	seam_out_puts(out, " = ");
	switch (op->code) {
	case SEAM_OP_SET:
		put_imm(out, op->imm);
		return;
	case SEAM_OP_EXT:
		seam_out_printf(out, "%s ", sign_and_width(op));
		put_reg(out, op->a);
		return;
	case SEAM_OP_SWAP:
		seam_out_printf(out, "swap %s ", sign_and_width(op));
		put_reg(out, op->a);
		return;
	case SEAM_OP_LOAD:
		seam_out_printf(out, "load %s%s ", op->flags & SEAM_OP_NEW ? "new " : "", sign_and_width(op));
		put_reg(out, op->a);
		if (op->imm)
			seam_out_printf(out, "%+" PRId64, op->imm);
		return;
	case SEAM_OP_SAVED:
		seam_out_printf(out, "slot %u", op->k);
		return;
	case SEAM_OP_NONBLOCK:
		seam_out_printf(out, "nonblock %s", reg_name(op->a).text);
		return;
	case SEAM_OP_PAGESIZE:
		seam_out_puts(out, "pagesize");
		return;
	case SEAM_OP_NOT:
		seam_out_printf(out, "!%s", reg_name(op->a).text);
		return;
	case SEAM_OP_BOOL:
		seam_out_printf(out, "!!%s", reg_name(op->a).text);
		return;
	case SEAM_OP_MIN:
		seam_out_printf(out, "min %s ", reg_name(op->a).text);
		put_b(out, op);
		return;
	default:
		if (!infix(op->code)) {
			seam_out_printf(out, "op%u?", op->code);
			return;
		}
		seam_out_printf(out, "%s %s ", reg_name(op->a).text, infix(op->code));
		put_b(out, op);
	}
}

/* Those that copy something. */
static void capture_text(const struct seam_op *op, const char *what, struct seam_out *out)
{
	seam_out_printf(out, "%s%s %s", what, op->flags & SEAM_OP_DATA ? " data" : "", reg_name(op->a).text);
	if (op->code != SEAM_OP_STRS && !(op->code == SEAM_OP_STR && (op->flags & SEAM_OP_IMM) && !op->imm)) {
		seam_out_puts(out, ", ");
		put_b(out, op);
	}
	if (op->code == SEAM_OP_VEC && op->k != UINT16_MAX)
		seam_out_printf(out, ", up to %s", reg_name(op->k).text);
}

static void op_text(const struct seam_op *op, struct seam_out *out)
{
	switch (op->code) {
	case SEAM_OP_END:
		seam_out_puts(out, "end");
		break;
	case SEAM_OP_SAVE:
		seam_out_printf(out, "slot %u = %s", op->k, reg_name(op->a).text);
		break;
	case SEAM_OP_JZ:
		seam_out_printf(out, "unless %s skip %u", reg_name(op->a).text, op->k);
		break;
	case SEAM_OP_JNZ:
		seam_out_printf(out, "if %s skip %u", reg_name(op->a).text, op->k);
		break;
	case SEAM_OP_MEM:
		capture_text(op, "mem", out);
		break;
	case SEAM_OP_STR:
		capture_text(op, "str", out);
		break;
	case SEAM_OP_STRS:
		capture_text(op, "strs", out);
		break;
	case SEAM_OP_VEC:
		capture_text(op, "vec", out);
		break;
	case SEAM_OP_EACH:
		seam_out_printf(out, "each %s in %s step %u, %s times: %" PRId64, reg_name(op->dst).text,
				reg_name(op->a).text, op->k, reg_name(op->b).text, op->imm);
		break;
	default:
		value_text(op, out);
	}
}

void seam_program_text(const struct seam_tables *t, struct seam_span program, unsigned indent, struct seam_out *out)
{
	uint64_t body_ends[8]; /* of the loops that we are in: they are indented */
	unsigned depth = 0;

	for (uint32_t i = 0; i < program.count; i++) {
		const struct seam_op *op = &t->ops[program.first + i];

		while (depth && i >= body_ends[depth - 1])
			depth--;
		seam_out_pad(out, ' ', indent + 2 * depth);
		op_text(op, out);
		seam_out_putc(out, '\n');
		if (op->code == SEAM_OP_EACH && depth < ARRAY_SIZE(body_ends))
			body_ends[depth++] = i + 1 + (uint64_t)op->imm;
	}
}

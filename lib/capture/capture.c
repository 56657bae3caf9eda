/* SPDX-License-Identifier: BSD-2-Clause */
/* The loop that walks a capture program. Nothing in it knows any call; every number from the traced program is bounded. */
#include "capture/capture.h"

#include <string.h>

#include "base/util.h"
#include "calls/machine.h"

#define MAX_STEPS 200000u     /* operations of one program */
#define MAX_ELEMENTS 4096u    /* of an array that is walked */
#define MAX_VECTOR 1024u      /* the kernel's own bound, UIO_MAXIOV */
#define MAX_STRING (128u << 10) /* one argument of execve: MAX_ARG_STRLEN */
#define STRING_PIECE 256u
#define PAGE_MASK 4095u

static size_t align8(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

/* Where the next blob's bytes go, and how many fit; NULL: not even one. */
static struct blob *open_blob(struct capture *c, uint64_t address, enum seam_when when, size_t *ret_room)
{
	struct blob *b;

	if (c->room - c->used < sizeof(*b) + 8) {
		c->dropped++;
		return NULL;
	}
	b = (struct blob *)(void *)(c->buffer + c->used);
	*b = (struct blob){ .address = address, .when = (uint8_t)when };
	*ret_room = c->room - c->used - sizeof(*b);
	return b;
}

static void close_blob(struct capture *c, struct blob *b)
{
	size_t end = c->used + sizeof(*b) + b->size, next = align8(end);

	if (next > c->room)
		next = end;
	memset(c->buffer + end, 0, next - end);
	c->used = next;
}

static void take_memory(struct capture *c, uint64_t address, uint64_t n, bool content, enum seam_when when)
{
	size_t room, want, got;
	struct blob *b;

	if (!address || !n || (int64_t)n < 0)
		return;
	b = open_blob(c, address, when, &room);
	if (!b)
		return;
	want = n < room ? (size_t)n : room;
	if (content && want > c->limit)
		want = (size_t)c->limit;
	got = c->read(c->user, address, b + 1, want);
	b->size = (uint32_t)got;
	b->whole = n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
	b->status = got < want ? BLOB_FAULTED : got < n ? BLOB_CUT : BLOB_WHOLE;
	close_blob(c, b);
}

/* With its NUL. Read in pieces that end with a page: a string may end just before one that is not there. */
static void take_string(struct capture *c, uint64_t address, uint64_t most, enum seam_when when)
{
	size_t room, limit;
	struct blob *b;

	if (!address)
		return;
	b = open_blob(c, address, when, &room);
	if (!b)
		return;
	limit = most && most < MAX_STRING ? (size_t)most : MAX_STRING;
	if (limit > room)
		limit = room;
	b->status = BLOB_CUT;
	while (b->size < limit) {
		char *to = (char *)(b + 1) + b->size;
		size_t piece = STRING_PIECE - ((address + b->size) & (STRING_PIECE - 1)), got, length;

		_Static_assert((PAGE_MASK + 1) % STRING_PIECE == 0, "pieces must not cross pages");
		piece = MIN(piece, limit - b->size);
		got = c->read(c->user, address + b->size, to, piece);
		length = strnlen(to, got);
		if (length < got) {
			b->size += (uint32_t)length + 1;
			b->status = BLOB_WHOLE;
			break;
		}
		b->size += (uint32_t)got;
		if (got < piece) {
			b->status = BLOB_FAULTED;
			break;
		}
	}
	/* a buffer of known size may be full to the brim, without a NUL */
	if (b->status == BLOB_CUT && most && b->size == most)
		b->status = BLOB_WHOLE;
	b->whole = b->size;
	close_blob(c, b);
}

static bool read_word(struct capture *c, uint64_t address, uint64_t *ret_word)
{
	return c->read(c->user, address, ret_word, sizeof(*ret_word)) == sizeof(*ret_word);
}

static void take_strings(struct capture *c, uint64_t address, enum seam_when when)
{
	uint64_t word = 1, n = 0;

	if (!address)
		return;
	while (n < MAX_ELEMENTS && read_word(c, address + n * 8, &word) && word)
		n++;
	take_memory(c, address, (n + !word) * 8, false, when);
	for (uint64_t i = 0; i < n; i++)
		if (read_word(c, address + i * 8, &word))
			take_string(c, word, 0, when);
}

static void take_vector(struct capture *c, uint64_t address, uint64_t count, uint64_t limit, enum seam_when when)
{
	if (!address || (int64_t)limit < 0)
		return;
	for (uint64_t i = 0; i < MIN(count, MAX_VECTOR) && limit; i++) {
		uint64_t part[2], n;

		if (c->read(c->user, address + i * sizeof(part), part, sizeof(part)) != sizeof(part))
			return;
		n = MIN(part[1], limit);
		take_memory(c, part[0], n, true, when);
		limit -= n;
	}
}

static void load(struct capture *c, const struct seam_op *op)
{
	uint64_t value = 0;

	if (machine_beyond(op, c->reg) || op->k > sizeof(value) ||
	    c->read(c->user, c->reg[op->a % SEAM_REG_COUNT] + (uint64_t)op->imm, &value, op->k) != op->k)
		value = 0;
	c->reg[op->dst % SEAM_REG_COUNT] = machine_extend(value, op->k, op->flags & SEAM_OP_SIGNED);
}

static void run(struct capture *c, uint32_t first, uint32_t count, enum seam_when when);

static void run_each(struct capture *c, const struct seam_op *op, uint32_t body, enum seam_when when)
{
	uint64_t address = c->reg[op->a % SEAM_REG_COUNT], n = c->reg[op->b % SEAM_REG_COUNT];

	if (!address || (int64_t)n < 0)
		return;
	for (uint64_t i = 0; i < MIN(n, MAX_ELEMENTS) && c->steps < MAX_STEPS; i++) {
		c->reg[op->dst % SEAM_REG_COUNT] = address + i * op->k;
		run(c, body, (uint32_t)op->imm, when);
	}
}

static void run(struct capture *c, uint32_t first, uint32_t count, enum seam_when when)
{
	uint64_t *reg = c->reg;

	for (uint32_t i = 0; i < count && c->steps < MAX_STEPS; i++, c->steps++) {
		const struct seam_op *op = &c->tables->ops[first + i];
		uint64_t a = reg[op->a % SEAM_REG_COUNT];
		uint64_t b = op->flags & SEAM_OP_IMM ? (uint64_t)op->imm : reg[op->b % SEAM_REG_COUNT];

		switch (op->code) {
		case SEAM_OP_END:
			return;
		case SEAM_OP_LOAD:
			load(c, op);
			break;
		case SEAM_OP_SAVE:
			c->saves[op->k % CAPTURE_SAVES] = a;
			break;
		case SEAM_OP_SAVED:
			reg[op->dst % SEAM_REG_COUNT] = c->saves[op->k % CAPTURE_SAVES];
			break;
		case SEAM_OP_PAGESIZE:
			reg[op->dst % SEAM_REG_COUNT] = c->pagesize ? c->pagesize : PAGE_MASK + 1;
			break;
		case SEAM_OP_JZ:
			if (!a)
				i += op->k;
			break;
		case SEAM_OP_JNZ:
			if (a)
				i += op->k;
			break;
		case SEAM_OP_MEM:
			take_memory(c, a, b, op->flags & SEAM_OP_DATA, when);
			break;
		case SEAM_OP_STR:
			take_string(c, a, b, when);
			break;
		case SEAM_OP_STRS:
			take_strings(c, a, when);
			break;
		case SEAM_OP_VEC:
			take_vector(c, a, b, op->k < SEAM_REG_COUNT ? reg[op->k] : INT64_MAX, when);
			break;
		case SEAM_OP_EACH:
			run_each(c, op, first + i + 1, when);
			i += (uint32_t)op->imm;
			break;
		default:
			machine_compute(op, reg);
		}
	}
}

void capture_run(struct capture *c, const struct seam_variant *variant, enum seam_when when)
{
	const struct seam_span *program = when == SEAM_AT_ENTRY ? &variant->entry : &variant->exit;

	c->steps = 0;
	run(c, program->first, program->count, when);
}

const struct blob *capture_next(const struct capture *c, const struct blob *b)
{
	size_t at = 0;

	if (b)
		at = align8((size_t)((const unsigned char *)(b + 1) - c->buffer) + b->size);
	if (at + sizeof(*b) > c->used)
		return NULL;
	return (const struct blob *)(const void *)(c->buffer + at);
}

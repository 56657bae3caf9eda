/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * The loop that walks a capture program in BPF: lib/capture's twin, piece by piece. Nothing in it knows any call.
 *
 * All that changes while a program runs stands in a map and not on the stack: the verifier does not follow it there,
 * so that one look at the loop's body is enough for it, and every number is bounded just before it is used.
 */
#ifndef WALK_BPF_H
#define WALK_BPF_H

#include "user.bpf.h"

#include "bpf/kernel-side.h"
#include "calls/machine.h"

#define STRING_FIRST 4096u /* most strings are read in one go */
#define STRING_PIECE 256u
#define ROUND 8u /* operations between two turns of bpf_loop(), whose turns cost more than those of a loop */

/* An EACH that has begun. */
struct walk_each {
	uint64_t address;
	uint32_t left;
	uint32_t first;     /* of its body */
	uint32_t after;     /* its body */
	uint32_t outer_end; /* where the program around it ends */
	uint16_t step;
	uint8_t dst;
	uint8_t spare[5];
};

/* One per processor. */
struct walk {
	uint64_t reg[SEAM_REG_COUNT];
	uint64_t saves[WALK_SAVES];
	uint32_t at, end;
	uint32_t depth;
	uint32_t side;  /* TRACE_BLOB_EXIT or 0 */
	uint32_t room;  /* bytes of `taken` that may be used */
	uint32_t used;
	uint32_t no_room;
	uint32_t faulted;
	uint32_t source; /* argument that is the address of the operation under way */
	struct walk_each each[WALK_DEPTH];
	uint64_t rest_address, rest; /* content behind the last piece, for which there was no room */
	/* of the operation under way */
	uint64_t address;
	uint64_t word, left, whole;
	uint32_t offset, size, want, found;
	uint32_t low, high;
	uint64_t key;
	uint64_t part[2]; /* of a vector: address and size */
	struct user_place place;
	struct walk_program program; /* of the variant that was chosen */
	unsigned char taken[2 * TAKEN_ROOM]; /* pieces as they stand in a record; the second half is never reached: it makes the verifier's sums simple */
};

/* The tables of seamc. Each is one value of an array, so that one look-up finds it; the loader sets the sizes. */
#define WALK_TABLE(name, record)                              \
	struct {                                              \
		__uint(type, BPF_MAP_TYPE_ARRAY);             \
		__uint(max_entries, 1);                       \
		__uint(map_flags, BPF_F_RDONLY_PROG);         \
		__uint(key_size, 4);                          \
		__uint(value_size, sizeof(record));           \
	} name SEC(".maps")
WALK_TABLE(walk_ops, struct seam_op);
WALK_TABLE(walk_calls, struct walk_call);
WALK_TABLE(walk_programs, struct walk_program);
WALK_TABLE(walk_exprs, struct seam_expr);
WALK_TABLE(walk_selects, struct seam_select);
WALK_TABLE(walk_cases, struct seam_case);

const volatile struct kernel_config config SEC(".rodata.config");

/* What the processor that runs this works with: ring.bpf.h. */
static __always_inline struct walk *walk_here(void);

struct walk_context {
	struct walk *w;
	const struct seam_op *ops;
};

static __always_inline const void *walk_table(void *map)
{
	uint32_t zero = 0;

	return bpf_map_lookup_elem(map, &zero);
}

static __always_inline bool walk_again(struct walk_context *c)
{
	c->w = walk_here();
	c->ops = walk_table(&walk_ops);
	return c->w && c->ops;
}

#define OFFSET_MASK (2 * TAKEN_ROOM - 1)
#define WORD_MASK (OFFSET_MASK & ~3u) /* where a piece begins; some machines load and store words nowhere else */

static __always_inline void put_word(struct walk *w, uint32_t at, uint32_t word)
{
	at &= WORD_MASK;
	if (at <= TAKEN_ROOM)
		*(uint32_t *)(void *)(w->taken + at) = word;
}

/* Zeros from there to the next multiple of 4. */
static __always_inline void pad(unsigned char *to, uint32_t size)
{
	uint32_t *word = (uint32_t *)(void *)(to + (size & ~3u));

	*word &= (1u << (size & 3) * 8) - 1;
}

/* Where the bytes of the next piece go, and room for them; 0: there is none. */
static __always_inline uint32_t piece_begin(struct walk *w, uint32_t *ret_room)
{
	uint32_t body = w->used + 4 + (w->source == TRACE_BLOB_ELSEWHERE ? 8 : 0);

	w->rest = 0;
	/* behind the bytes there is always room for one number and the zeros */
	if (body + 16 > w->room) {
		w->no_room++;
		return 0;
	}
	*ret_room = w->room - body - 8;
	return body;
}

/* The piece's words and the zeros after its bytes. whole: bytes that there were, said when the status wants it. */
static __always_inline void piece_end(struct walk *w, uint64_t address, uint32_t body, uint32_t size, uint32_t status)
{
	uint32_t at = w->used;

	w->faulted |= status == TRACE_BLOB_FAULTED;
	put_word(w, at, size | w->source << TRACE_BLOB_SOURCE_SHIFT | w->side | status << TRACE_BLOB_STATUS_SHIFT);
	if (w->source == TRACE_BLOB_ELSEWHERE) {
		put_word(w, at + 4, (uint32_t)address);
		put_word(w, at + 8, (uint32_t)(address >> 32));
	}
	w->used = body + ((size + 3) & ~3u);
}

static __always_inline uint32_t capped(uint64_t n)
{
	return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

/* Of the task that is running. */
static __always_inline long read_here(struct walk *w, void *to, uint32_t bytes, uint64_t address)
{
	return user_read(task_here(), &w->place, to, bytes, address);
}

/* Up to the page that is not there. */
static long read_page(uint32_t i, struct walk_context *c)
{
	struct walk *w = c->w;
	uint32_t got = w->size, piece, offset = (w->offset + got) & OFFSET_MASK;
	uint64_t address = w->address + got;

	if (got >= w->want || offset > TAKEN_ROOM)
		return 1;
	piece = PAGE_BYTES - (uint32_t)(address & (PAGE_BYTES - 1));
	if (piece > w->want - got)
		piece = w->want - got;
	opaque(piece);
	if (piece > PAGE_BYTES || bpf_probe_read_user(w->taken + offset, at_most(piece, PAGE_BYTES), (const void *)address))
		return 1;
	w->size = got + piece;
	return 0;
}
EACH_NEAR(read_page, struct walk_context, TAKEN_ROOM / PAGE_BYTES + 2)

static __always_inline int read_pages(struct walk_context *c, uint64_t address, uint32_t offset, uint32_t want)
{
	struct walk *w = c->w;

	w->address = address;
	w->offset = offset;
	w->want = want;
	w->size = 0;
	each(TAKEN_ROOM / PAGE_BYTES + 2, read_page, c);
	return 0;
}

/* What is there of so many bytes, with zeros behind. Returns how many. */
static __always_inline uint32_t read_bytes(struct walk_context *c, uint64_t address, uint32_t body, uint32_t want)
{
	struct walk *w = c->w;
	uint32_t offset = body & WORD_MASK;

	opaque(want);
	opaque(offset);
	if (want > TAKEN_ROOM || offset > TAKEN_ROOM)
		return 0;
	if (!read_here(w, w->taken + offset, at_most(want, TAKEN_ROOM), address)) {
		pad(w->taken + offset, at_most(want, TAKEN_ROOM));
		return want;
	}
	read_pages(c, address, body, want);
	put_word(w, body + w->size, 0); /* what was read ends with a page, or at `want` */
	return w->size;
}

/*
 * Global functions are looked at once by the verifier, not once for each way that leads to them; they are given numbers only.
 */

__noinline int take_memory(uint64_t address, uint64_t n, uint32_t content)
{
	struct walk *w = walk_here();
	struct walk_context context = { .w = w }, *c = &context;
	uint32_t body, room, want, got;

	if (!w || !address || (int64_t)n <= 0)
		return 0;
	body = piece_begin(w, &room);
	if (!body)
		return 0;
	want = n < room ? (uint32_t)n : room;
	if (content && want > config.snap)
		want = (uint32_t)config.snap;
	if (n > want)
		body += 4;
	w->whole = n;
	got = read_bytes(c, address, body, want);
	if (got < want && w->whole <= want) {
		/* it has to say so, before the bytes */
		body += 4;
		got = read_bytes(c, address, body, got);
	}
	if (got < w->whole)
		put_word(w, body - 4, capped(w->whole));
	if (config.full && content && got == want && got < w->whole && got < config.snap) {
		w->rest_address = address + got;
		w->rest = (w->whole < config.snap ? w->whole : config.snap) - got;
	}
	piece_end(w, address, body, got,
		  got < want ? TRACE_BLOB_FAULTED : got < w->whole ? TRACE_BLOB_CUT : TRACE_BLOB_WHOLE);
	return 0;
}

/* The bytes of a string from w->size on, which is 0 the first time, up to a bound: 1 if its end was found, 0 if not, -1 if it cannot be read. */
static __always_inline int read_string(struct walk *w, uint32_t most, bool first)
{
	uint32_t offset = (w->offset + w->size) & (first ? WORD_MASK : OFFSET_MASK);
	uint64_t address = w->address + w->size;
	long got;
	char last = 0;

	opaque(most);
	opaque(offset);
	if (most > STRING_FIRST || offset > TAKEN_ROOM)
		return -1;
	/* most strings are short: for the others stacks have no room */
	got = first ? user_read_string(task_here(), &w->place, w->taken + offset, at_most(most, STRING_FIRST), address) :
		      probe_string(w->taken + offset, at_most(most, STRING_FIRST), address);
	if (got < 0)
		return -1;
	if (got < most) {
		w->size += (uint32_t)got;
		return 1;
	}
	/* the kernel put its own NUL over the last byte */
	if (bpf_probe_read_user(&last, 1, (const void *)(address + most - 1)))
		return -1;
	offset += most - 1;
	offset &= OFFSET_MASK;
	w->taken[offset] = last;
	w->size += most;
	return !last;
}

static long read_string_piece(uint32_t i, struct walk_context *c)
{
	struct walk *w = c->w;
	uint32_t piece = STRING_PIECE - (uint32_t)((w->address + w->size) & (STRING_PIECE - 1));
	int r;

	if (w->size >= w->want)
		return 1;
	if (piece > w->want - w->size)
		piece = w->want - w->size;
	r = read_string(w, piece, false);
	if (r)
		w->found = r > 0 ? TRACE_BLOB_WHOLE : TRACE_BLOB_FAULTED;
	return r != 0;
}
EACH_NEAR(read_string_piece, struct walk_context, TAKEN_ROOM / STRING_PIECE + 2)

__noinline int take_string(uint64_t address, uint64_t most)
{
	struct walk *w = walk_here();
	struct walk_context context = { .w = w }, *c = &context;
	uint32_t body, room, size;

	if (!w || !address)
		return 0;
	body = piece_begin(w, &room);
	if (!body)
		return 0;
	w->want = most && most < room ? (uint32_t)most : room;
	w->address = address;
	w->offset = body;
	w->size = 0;
	w->found = TRACE_BLOB_WHOLE;
	if (read_string(w, w->want < STRING_FIRST ? w->want : STRING_FIRST, true) <= 0) {
		/* a long one, or one that ends before a page that is not there */
		w->found = TRACE_BLOB_CUT;
		each(TAKEN_ROOM / STRING_PIECE + 2, read_string_piece, c);
	}
	/* a buffer of known size may be full to the brim, without a NUL */
	if (w->found == TRACE_BLOB_CUT && most && w->size == most)
		w->found = TRACE_BLOB_WHOLE;
	size = w->size;
	if (w->found != TRACE_BLOB_WHOLE) {
		/* once more, behind the number that says that there was more */
		body += 4;
		size = read_bytes(c, address, body, size);
		put_word(w, body - 4, UINT32_MAX);
	}
	/* at most three bytes to clear: the copy may have left something there */
	for (uint32_t i = 0; i < 3; i++) {
		uint32_t end = size + i;

		if (!(end & 3))
			break;
		end += body;
		end &= OFFSET_MASK;
		w->taken[end] = 0;
	}
	piece_end(w, address, body, size, w->found);
	return 0;
}

static long count_string(uint32_t i, struct walk_context *c)
{
	struct walk *w = c->w;
	uint64_t word = 0;

	if (bpf_probe_read_user(&word, sizeof(word), (const void *)(w->key + w->left * sizeof(word)))) {
		w->faulted = 1;
		return 1;
		return 1;
	}
	w->word = word;
	if (!word)
		return 1;
	w->left++;
	return 0;
}
EACH_FAR(count_string, struct walk_context, walk_again, 64, WALK_ELEMENTS / 64)

static long take_one_string(uint32_t i, struct walk_context *c)
{
	uint64_t word = 0;

	if (!bpf_probe_read_user(&word, sizeof(word), (const void *)(c->w->key + i * sizeof(word))))
		take_string(word, 0);
	return 0;
}
EACH_FAR(take_one_string, struct walk_context, walk_again, 64, WALK_ELEMENTS / 64)

JOINED int take_strings(struct walk_context *c, uint64_t address)
{
	struct walk *w = c->w;

	if (!address)
		return 0;
	w->key = address;
	w->word = 1;
	w->left = 0;
	each(WALK_ELEMENTS, count_string, c);
	take_memory(address, (w->left + !w->word) * sizeof(w->word), false);
	w->source = TRACE_BLOB_ELSEWHERE;
	each((uint32_t)w->left, take_one_string, c);
	return 0;
}

static long take_part(uint32_t i, struct walk_context *c)
{
	struct walk *w = c->w;
	uint64_t bytes;

	if (!w->left || read_here(w, w->part, sizeof(w->part), w->key + i * sizeof(w->part)))
		return 1;
	bytes = w->part[1] < w->left ? w->part[1] : w->left;
	w->left -= bytes;
	take_memory(w->part[0], bytes, true);
	return 0;
}
EACH_FAR(take_part, struct walk_context, walk_again, 32, WALK_VECTOR / 32)

static __noinline int take_vector(struct walk_context *c, uint64_t address, uint64_t count, uint64_t limit)
{
	if (!address || (int64_t)limit < 0)
		return 0;
	c->w->source = TRACE_BLOB_ELSEWHERE;
	c->w->key = address;
	c->w->left = limit;
	each(count < WALK_VECTOR ? (uint32_t)count : WALK_VECTOR, take_part, c);
	return 0;
}

static __always_inline uint64_t load(struct walk *w, const struct seam_op *op)
{
	uint64_t value[USER_SHORT / 8] = { 0 }, base = w->reg[op->a % SEAM_REG_COUNT];
	uint32_t bytes = op->k;

	/* a fault takes a microsecond, and many calls are given no address */
	if (!base || machine_beyond(op, w->reg))
		return 0;
	opaque(bytes);
	if (!bytes || bytes > sizeof(*value) || read_here(w, value, at_most(bytes, sizeof(*value)), base + (uint64_t)op->imm))
		return 0;
	return machine_extend(*value, bytes, op->flags & SEAM_OP_SIGNED);
}

static __always_inline void begin_each(struct walk *w, const struct seam_op *op, uint32_t at)
{
	uint64_t address = w->reg[op->a % SEAM_REG_COUNT], n = w->reg[op->b % SEAM_REG_COUNT];
	uint32_t depth = w->depth;
	struct walk_each *e;

	w->at = at + 1 + (uint32_t)op->imm;
	if (!address || (int64_t)n <= 0 || depth >= WALK_DEPTH)
		return;
	e = &w->each[depth];
	e->address = address;
	e->left = (n < WALK_ELEMENTS ? (uint32_t)n : WALK_ELEMENTS) - 1;
	e->first = at + 1;
	e->after = w->at;
	e->outer_end = w->end;
	e->step = op->k;
	e->dst = op->dst;
	w->end = w->at;
	w->at = at + 1;
	w->depth = depth + 1;
	w->reg[op->dst % SEAM_REG_COUNT] = address;
}

/* At the end of a body, or of the program: false. */
static __always_inline bool next_element(struct walk *w)
{
	uint32_t depth = w->depth - 1;
	struct walk_each *e;

	if (depth >= WALK_DEPTH)
		return false;
	e = &w->each[depth];
	if (e->left) {
		e->left--;
		e->address += e->step;
		w->reg[e->dst % SEAM_REG_COUNT] = e->address;
		w->at = e->first;
	} else {
		w->at = e->after;
		w->end = e->outer_end;
		w->depth = depth;
	}
	return true;
}

/* One operation. false: the program has ended. */
static __always_inline bool walk_step(struct walk_context *c)
{
	struct walk *w = c->w;
	uint32_t at = w->at;
	const struct seam_op *op;
	uint64_t a, b;

	if (at >= w->end)
		return next_element(w);
	if (at >= config.op_count)
		return false;
	op = &c->ops[at];
	a = w->reg[op->a % SEAM_REG_COUNT];
	b = op->flags & SEAM_OP_IMM ? (uint64_t)op->imm : w->reg[op->b % SEAM_REG_COUNT];
	w->at = at + 1;
	w->source = op->a < SEAM_MAX_ARGS ? op->a : TRACE_BLOB_ELSEWHERE;
	switch (op->code) {
	case SEAM_OP_END:
		w->at = w->end;
		return next_element(w);
	case SEAM_OP_LOAD:
		w->reg[op->dst % SEAM_REG_COUNT] = load(w, op);
		break;
	case SEAM_OP_SAVE:
		w->saves[op->k % WALK_SAVES] = a;
		break;
	case SEAM_OP_SAVED:
		w->reg[op->dst % SEAM_REG_COUNT] = w->saves[op->k % WALK_SAVES];
		break;
	case SEAM_OP_PAGESIZE:
		w->reg[op->dst % SEAM_REG_COUNT] = PAGE_BYTES;
		break;
	case SEAM_OP_JZ:
		if (!a)
			w->at = at + 1 + op->k;
		break;
	case SEAM_OP_JNZ:
		if (a)
			w->at = at + 1 + op->k;
		break;
	case SEAM_OP_MEM:
		take_memory(a, b, op->flags & SEAM_OP_DATA);
		break;
	case SEAM_OP_STR:
		take_string(a, b);
		break;
	case SEAM_OP_STRS:
		take_strings(c, a);
		break;
	case SEAM_OP_VEC:
		take_vector(c, a, b, op->k < SEAM_REG_COUNT ? w->reg[op->k % SEAM_REG_COUNT] : INT64_MAX);
		break;
	case SEAM_OP_EACH:
		begin_each(w, op, at);
		break;
	default:
		machine_compute(op, w->reg);
	}
	return true;
}

static long walk_round(uint32_t i, struct walk_context *c)
{
	return !walk_step(c);
}
EACH_FARTHER(walk_round, struct walk_context, walk_again, 1, 128, WALK_STEPS / 128 + 1)

/* Runs a program of the tables; pieces of memory are added to w->taken. */
static __always_inline void walk_run(struct walk *w, const struct seam_op *ops, uint32_t first, uint32_t count)
{
	struct walk_context c = { .w = w, .ops = ops };

	w->at = first;
	w->end = first + count;
	w->depth = 0;
	each(WALK_STEPS, walk_round, &c);
}

struct eval_context {
	struct walk *w;
	const struct seam_op *ops;
	uint32_t first, count;
};

static __always_inline bool eval_again(struct eval_context *c)
{
	c->w = walk_here();
	c->ops = walk_table(&walk_ops);
	return c->w && c->ops;
}

static long eval_op(uint32_t i, struct eval_context *c)
{
	uint32_t at = c->first + i;
	const struct seam_op *op;

	opaque(at);
	if (i >= c->count || at >= config.op_count)
		return 1;
	op = &c->ops[at];
	if (op->code == SEAM_OP_LOAD)
		c->w->reg[op->dst % SEAM_REG_COUNT] = load(c->w, op);
	else
		machine_compute(op, c->w->reg);
	return 0;
}
EACH_FAR(eval_op, struct eval_context, eval_again, WALK_SELECT_OPS, 1)

/* Expressions that select do not jump. */
static __noinline uint64_t walk_eval(struct walk *w, uint32_t index)
{
	const struct seam_expr *exprs = walk_table(&walk_exprs), *e;
	struct eval_context c = { .w = w };

	c.ops = walk_table(&walk_ops);
	if (!exprs || !c.ops || !index || index >= config.expr_count)
		return 0;
	e = &exprs[index];
	c.first = e->first;
	c.count = e->count;
	/* mostly an argument as it is */
	if (c.count)
		each(WALK_SELECT_OPS, eval_op, &c);
	return w->reg[e->result % SEAM_REG_COUNT];
}

/* false: a value that no case can have */
static __always_inline bool select_key(struct walk *w, const struct seam_select *s)
{
	uint64_t a = walk_eval(w, s->expr[0]), b, c;

	w->key = a;
	if (!s->expr[1])
		return true;
	a = (uint32_t)a;
	b = (uint32_t)walk_eval(w, s->expr[1]);
	w->key = a << 32 | b;
	if (!s->expr[2])
		return true;
	c = (uint32_t)walk_eval(w, s->expr[2]);
	w->key = a << 48 | b << 16 | c;
	return a <= UINT16_MAX && c <= UINT16_MAX;
}

struct select_context {
	struct walk *w;
	const struct walk_call *call;
	const struct seam_select *selects;
	const struct seam_case *cases;
	const struct walk_program *programs;
};

static long try_case(uint32_t i, struct select_context *c)
{
	struct walk *w = c->w;
	uint32_t low = w->low, high = w->high, middle = low + (high - low) / 2;
	const struct seam_case *k;

	opaque(middle);
	if (low >= high || middle >= config.case_count)
		return 1;
	k = &c->cases[middle];
	if (k->key == w->key) {
		w->found = k->variant + 1;
		return 1;
	}
	if (k->key < w->key)
		w->low = middle + 1;
	else
		w->high = middle;
	return 0;
}
EACH_NEAR(try_case, struct select_context, WALK_CASE_STEPS)

static long try_select(uint32_t i, struct select_context *c)
{
	struct walk *w = c->w;
	const struct seam_select *s;
	uint32_t index = c->call->selects + i;

	opaque(index);
	if (index >= config.select_count)
		return 1;
	s = &c->selects[index];
	if (!select_key(w, s))
		return 0;
	w->low = s->cases.first;
	w->high = s->cases.first + s->cases.count;
	w->found = 0;
	each(WALK_CASE_STEPS, try_case, c);
	index = c->call->variants + w->found - 1;
	opaque(index);
	if (!w->found || index >= config.program_count)
		return 0;
	w->program = c->programs[index];
	return 1;
}
EACH_NEAR(try_select, struct select_context, WALK_SELECTS)

static __noinline int choose(struct walk *w, const struct walk_call *call)
{
	struct select_context c = { .w = w, .call = call };

	c.selects = walk_table(&walk_selects);
	c.cases = walk_table(&walk_cases);
	c.programs = walk_table(&walk_programs);
	if (c.selects && c.cases && c.programs)
		each(call->select_count, try_select, &c);
	return 0;
}

/* Finds the program of the arguments in w->reg and puts it into w->program. */
static __always_inline void walk_choose(struct walk *w, const struct walk_call *call)
{
	w->program = call->program;
	if (call->select_count)
		choose(w, call);
}

#endif

/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * Which calls are wanted (--where): asked when a call begins, and of what cannot be said then when it has returned, before
 * anything is copied. The programs are those of lib/filter/split.h; what changes while one runs stands in a map, as in walk.bpf.h.
 */
#ifndef WHERE_BPF_H
#define WHERE_BPF_H

#include "tasks.bpf.h"

#include "bpf/where-side.h"

struct where_here {
	struct filter_state state;
	struct filter_facts facts;
	uint32_t first, count; /* operations */
	uint32_t later;        /* neither the task's name nor its program is what it will be */
	uint32_t other_memory; /* what the arguments pointed to is gone */
	uint32_t pattern, pattern_end;
	uint32_t fits, maybe, strings;
	uint32_t bytes; /* of text, without its NUL */
	uint32_t relative; /* it is a path that does not begin at the root */
	uint32_t odd;      /* it has "//", "/./" or the like, which are not in the path that is meant */
	uint64_t slash;    /* the last byte looked at was one */
	struct filter_glob glob;
	uint64_t text[(FILTER_TEXT + FILTER_HEAD) / 8];
};

WALK_TABLE(where_starts, struct filter_start);
WALK_TABLE(where_ops, struct filter_op);
WALK_TABLE(where_patterns, struct filter_pattern);

/* By process, for those that executed their program before anybody looked. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, uint32_t);
	__type(value, struct where_answer);
} where_exes SEC(".maps");

/* One for each processor. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, sizeof(struct where_here));
} where_states SEC(".maps");

const volatile struct where_config where SEC(".rodata.where");

#define WHERE_USES(source) (where.uses & 1u << (source))
#define WHERE_USES_ARGS (where.uses & 0x3fu || where.questions)

static __always_inline struct where_here *where_here(void)
{
	uint32_t cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&where_states, &cpu);
}

struct pattern_context {
	struct where_here *w;
	const struct filter_pattern *p;
};

static __always_inline bool patterns_again(struct pattern_context *c)
{
	c->w = where_here();
	c->p = walk_table(&where_patterns);
	return c->w && c->p;
}

/* The one that where_pattern() has gone to. */
static __always_inline bool glob_again(struct pattern_context *c)
{
	uint32_t index;

	if (!patterns_again(c))
		return false;
	index = c->w->pattern - 1;
	opaque(index);
	if (index >= where.pattern_count)
		return false;
	c->p += index;
	return true;
}

static long where_glob(uint32_t i, struct pattern_context *c)
{
	struct where_here *w = c->w;
	bool fits;

	if (!filter_glob_step(&w->glob, c->p, (const unsigned char *)w->text, w->bytes, &fits))
		return 0;
	w->fits = fits ? FILTER_FITS : FILTER_FITS_NOT;
	return 1;
}
EACH_FARTHER(where_glob, struct pattern_context, glob_again, 4, 64, FILTER_GLOB_STEPS / 256)

/* The folder that a relative path begins in is not looked for: all that is known is how it ends. */
static __always_inline long where_tail(struct where_here *w, struct pattern_context *one)
{
	uint32_t after = one->p->after_last, count = one->p->token_count, last = count - 2 - after;

	w->fits = FILTER_FITS_MAYBE;
	if (!count && !one->p->head_bytes) {
		w->fits = FILTER_FITS;
	} else if (count >= 2 && one->p->tokens[last & (FILTER_TOKENS - 1)] == FILTER_TOKEN_LAST && w->bytes >= after) {
		w->glob = (struct filter_glob){ .token = last };
		each(FILTER_TOKENS + 2, where_glob, one);
		if (w->fits == FILTER_FITS && (last || one->p->head_bytes))
			w->fits = FILTER_FITS_MAYBE;
	}
	w->maybe |= w->fits == FILTER_FITS_MAYBE;
	return w->fits == FILTER_FITS;
}

static long where_pattern(uint32_t i, struct pattern_context *c)
{
	const struct filter_pattern *patterns = c->p;
	struct where_here *w = c->w;
	uint32_t index = w->pattern;
	struct pattern_context one = { .w = w };

	w->pattern++;
	opaque(index);
	if (index >= w->pattern_end || index >= where.pattern_count)
		return 1;
	one.p = &patterns[index];
	if (w->relative)
		return where_tail(w, &one);
	if (!filter_head_fits(one.p, w->text))
		return 0;
	w->fits = FILTER_FITS;
	if (one.p->token_count) {
		w->fits = FILTER_FITS_MAYBE;
		w->glob = (struct filter_glob){ .at = one.p->head_bytes };
		each(FILTER_GLOB_STEPS, where_glob, &one);
	}
	w->maybe |= w->fits == FILTER_FITS_MAYBE;
	return w->fits == FILTER_FITS;
}
EACH_FAR(where_pattern, struct pattern_context, patterns_again, 1, WHERE_MOST)

/* Whether the string in w->text fits one of the patterns; w->fits and w->maybe say it. */
JOINED_GLOBAL int where_string(uint32_t first, uint32_t end)
{
	struct where_here *w = where_here();
	struct pattern_context c = { .w = w, .p = walk_table(&where_patterns) };

	if (!w || !c.p)
		return 0;
	w->strings++;
	w->fits = FILTER_FITS_NOT;
	w->pattern = first;
	w->pattern_end = end;
	each(end - first, where_pattern, &c);
	return w->fits == FILTER_FITS;
}

/* w->bytes as it comes from reading a string into w->text; false: there is none, or no end of it. */
static __always_inline bool where_took(struct where_here *w, long got)
{
	w->bytes = (uint32_t)got - 1;
	if (got > 0 && got < FILTER_TEXT)
		return true;
	w->maybe = 1;
	return false;
}

static __always_inline bool look_again(struct where_here **c)
{
	*c = where_here();
	return *c;
}

#define EACH_BYTE 0x0101010101010101ull

/* The highest bit of each byte that is c. */
static __always_inline uint64_t bytes_that_are(uint64_t word, uint64_t c)
{
	uint64_t low = ~(EACH_BYTE << 7), v = word ^ EACH_BYTE * c;

	return ~(((v & low) + low) | v | low);
}

/* Whether there is a dot or a slash behind a slash: mostly there is none. */
static long where_look(uint32_t i, struct where_here **c)
{
	struct where_here *w = *c;
	uint64_t slash = w->slash, here, odd = 0;

	if (i >= FILTER_TEXT / FILTER_HEAD || i * FILTER_HEAD >= w->bytes)
		return 1;
	for (uint32_t k = 0; k < FILTER_HEAD / 8; k++) {
		uint64_t word = w->text[i * (FILTER_HEAD / 8) + k];

		here = bytes_that_are(word, '/');
		odd |= (here << 8 | slash) & (here | bytes_that_are(word, '.'));
		slash = here >> 56;
	}
	w->slash = slash;
	w->odd |= odd != 0;
	return odd != 0;
}
EACH_FAR(where_look, struct where_here *, look_again, 1, FILTER_TEXT / FILTER_HEAD)

static long where_look_closely(uint32_t i, struct where_here **c)
{
	struct where_here *w = *c;
	const unsigned char *text = (const unsigned char *)w->text;
	uint32_t at = i & (FILTER_TEXT - 1), a, b;

	if (i >= w->bytes)
		return 1;
	if (text[at] != '/')
		return 0;
	a = text[at + 1];
	b = text[at + 2];
	if (a == '/' || (a == '.' && (b == '/' || b == '.' || !b)))
		w->odd = 1;
	return w->odd & 1;
}
EACH_FARTHER(where_look_closely, struct where_here *, look_again, 8, 8, FILTER_TEXT / 64)

/* What the path in w->text is like. false: it is not the one that is meant. */
static __always_inline bool where_path(struct where_here *w)
{
	struct where_here *c = w;
	const unsigned char *text = (const unsigned char *)w->text;

	w->relative = text[0] != '/';
	w->odd = 0;
	w->slash = 0x80 * w->relative; /* as if there were one before it */
	each(FILTER_TEXT / FILTER_HEAD, where_look, &c);
	if (w->odd) {
		w->odd = w->relative && text[0] == '.';
		if (!w->odd)
			each(FILTER_TEXT, where_look_closely, &c);
	}
	return !w->odd && (w->bytes < 2 || text[(w->bytes - 1) & (FILTER_TEXT - 1)] != '/');
}

struct question {
	struct where_here *w;
	uint64_t mask;
	uint32_t first, end;
	bool paths;
};

static __always_inline bool question_again(struct question *q)
{
	q->w = where_here();
	return q->w;
}

/* What one argument points to: 1 if there is nothing more to ask. */
static long where_argument(uint32_t i, struct question *q)
{
	struct where_here *w = q->w;
	uint64_t address;

	if (i >= SEAM_MAX_ARGS || w->maybe)
		return 1;
	if (!(q->mask >> i & 1))
		return 0;
	address = w->facts.number[i & (FILTER_NUMBERS - 1)];
	if (!address)
		return 0;
	if (w->other_memory) {
		w->maybe = 1;
		return 1;
	}
	if (!where_took(w, probe_string(w->text, FILTER_TEXT, address)))
		return 1;
	if (q->paths && !where_path(w)) {
		w->maybe = 1;
		return 1;
	}
	return where_string(q->first, q->end) & 1; /* bounded, for the verifier */
}
EACH_FAR(where_argument, struct question, question_again, 1, SEAM_MAX_ARGS)

/* enum filter_fit */
JOINED_GLOBAL int where_question(uint32_t source, uint64_t mask, uint32_t first, uint32_t end, uint32_t flags)
{
	struct where_here *w = where_here();
	struct question q = { .w = w, .mask = mask, .first = first, .end = end };
	bool none = flags & FILTER_NONE_FITS;

	if (!w)
		return FILTER_FITS_MAYBE;
	w->maybe = 0;
	w->fits = FILTER_FITS_NOT;
	w->strings = 0;
	w->relative = 0;
	q.paths = source == FILTER_TEXT_PATHS;
	if (source == FILTER_TEXT_ARGS || source == FILTER_TEXT_PATHS) {
		each(SEAM_MAX_ARGS, where_argument, &q);
		w->relative = 0;
		/* what a descriptor is called nobody knows here */
		for (uint32_t i = 0; i < SEAM_MAX_ARGS; i++)
			w->maybe |= mask >> (8 + i) & ~(w->facts.number[i] >> 31) & 1;
	} else if (source == FILTER_TEXT_COMM && !w->later) {
		if (where_took(w, bpf_probe_read_kernel_str(w->text, FILTER_COMM_SIZE, task_here()->comm)))
			where_string(first, end);
	} else {
		w->maybe = 1;
	}
	if (w->fits == FILTER_FITS)
		return none ? FILTER_FITS_NOT : FILTER_FITS;
	if (w->maybe)
		return FILTER_FITS_MAYBE;
	return none && w->strings ? FILTER_FITS : FILTER_FITS_NOT;
}

struct where_context {
	struct where_here *w;
	const struct filter_op *ops;
};

static __always_inline bool ops_again(struct where_context *c)
{
	c->w = where_here();
	c->ops = walk_table(&where_ops);
	return c->w && c->ops;
}

static long where_op(uint32_t i, struct where_context *c)
{
	struct where_here *w = c->w;
	uint32_t at = w->state.at;
	const struct filter_op *op;

	if (at >= w->count)
		return 1;
	at += w->first;
	opaque(at);
	if (at >= where.op_count)
		return 1;
	op = &c->ops[at];
	if (where.questions && op->code == FILTER_OP_STRING) {
		uint32_t bit = 1u << (op->k & (FILTER_QUESTIONS - 1));
		int fits;

		if (!(w->facts.answered & bit)) {
			fits = where_question(op->source, op->mask, (uint32_t)op->low, (uint32_t)op->high, op->flags);
			w->facts.answered |= fits != FILTER_FITS_MAYBE ? bit : 0;
			w->facts.fits |= fits == FILTER_FITS ? bit : 0;
		}
	}
	filter_step(&w->state, op, &w->facts);
	return 0;
}
EACH_FAR(where_op, struct where_context, ops_again, 1, FILTER_OPS_MAX)

/* The program that w->first and w->count name, of the facts in w->facts: enum filter_answer. */
JOINED_GLOBAL int where_run(void)
{
	struct where_context c = { .w = where_here(), .ops = walk_table(&where_ops) };

	if (!c.w || !c.ops)
		return FILTER_KEEP;
	c.w->state = (struct filter_state){ 0 };
	each(FILTER_OPS_MAX, where_op, &c);
	return filter_answer_of(&c.w->state);
}

/* What the task is now. */
static __always_inline void where_task(struct filter_facts *f)
{
	struct task_struct *task = task_here();

	if (WHERE_USES(FILTER_PID))
		f->number[FILTER_PID] = (uint32_t)TASK(task, tgid);
	if (WHERE_USES(FILTER_TID))
		f->number[FILTER_TID] = (uint32_t)TASK(task, pid);
	if (WHERE_USES(FILTER_PPID))
		f->number[FILTER_PPID] = (uint32_t)TASK_TO(task, real_parent, tgid);
	if (WHERE_USES(FILTER_UID))
		f->number[FILTER_UID] = (uint32_t)bpf_get_current_uid_gid();
	if (WHERE_USES(FILTER_CGROUP))
		f->number[FILTER_CGROUP] = bpf_get_current_cgroup_id();
	if (WHERE_USES(FILTER_COMM))
		bpf_get_current_comm(f->comm, sizeof(f->comm));
}

static __always_inline const struct filter_start *where_start(uint64_t number, bool compat)
{
	const struct filter_start *starts = walk_table(&where_starts);
	uint64_t index = number;

	if (index > where.native_count)
		index = where.native_count;
	if (compat)
		index = (number < where.compat_count ? number : where.compat_count) + where.native_count + 1;
	opaque(index);
	return starts && index < where.start_count ? &starts[index] : NULL;
}

/* The trace has no arguments that a call does not have. */
static __always_inline void where_cut_args(struct filter_facts *f, const struct filter_start *start)
{
	uint64_t n = start->spare >> WHERE_ARGS_SHIFT;

	for (uint64_t i = 0; i < SEAM_MAX_ARGS; i++)
		f->number[i] &= (uint64_t)((int64_t)(i - n) >> 63);
}

#define WHERE_AT_EXIT (1u << FILTER_RET | 1u << FILTER_DURATION)

/* What the slot does not know of the task's program the recorder may have found out. */
static __always_inline void where_ask_recorder(struct slot *s)
{
	uint32_t process = (uint32_t)TASK(task_here(), tgid);
	const struct where_answer *a;

	if ((s->answered & where.of_exe) == where.of_exe)
		return;
	a = bpf_map_lookup_elem(&where_exes, &process);
	if (a) {
		s->answered |= a->answered & where.of_exe;
		s->fits |= a->fits & where.of_exe;
	}
}

/* A call begins: enum filter_answer. FILTER_USER: it is asked again when it returns. */
static __always_inline int where_enter(struct slot *s, const struct pt_regs *regs, uint64_t number, bool compat)
{
	const struct filter_start *start = where_start(number, compat);
	struct where_here *w = where_here();
	int answer;

	s->ask = 0;
	if (!start || !w)
		return FILTER_KEEP;
	if (!start->count)
		return start->answer;
	if (start->spare & WHERE_AT_EXIT_ONLY) {
		s->answered &= where.of_exe;
		s->ask = 1;
		return FILTER_USER;
	}
	if (where.of_exe)
		where_ask_recorder(s);
	w->first = start->first;
	w->count = start->count;
	w->later = start->spare & WHERE_LATER;
	w->other_memory = 0;
	w->facts.known = ~WHERE_AT_EXIT & ~(w->later << FILTER_COMM);
	w->facts.absent = 0;
	w->facts.answered = w->later ? 0 : s->answered & where.of_exe;
	w->facts.fits = s->fits & where.of_exe;
	where_task(&w->facts);
	if (WHERE_USES_ARGS) {
		if (compat)
			kernel_compat_args(regs, w->facts.number);
		else
			kernel_args(regs, w->facts.number);
		where_cut_args(&w->facts, start);
	}
	answer = where_run();
	if (where.questions) {
		s->answered = (s->answered & where.of_exe) | (w->facts.answered & ~where.of_exe);
		s->fits = (s->fits & where.of_exe) | (w->facts.fits & ~where.of_exe);
	}
	s->ask = answer == FILTER_USER;
	return answer;
}

/* A call has returned, or its task ends: the same. @args: as they were when it began. */
static __always_inline int where_leave(struct slot *s, const uint64_t *args, const struct call_made *call, bool compat,
				       bool returned)
{
	const struct filter_start *start = where_start(call->number, compat);
	struct where_here *w = where_here();

	if (!start || !w)
		return FILTER_KEEP;
	if (!start->count)
		return start->answer;
	w->first = start->first;
	w->count = start->count;
	w->later = 0;
	w->other_memory = start->spare & WHERE_EXEC;
	w->facts.known = call->timed ? ~0u : ~(1u << FILTER_DURATION);
	w->facts.absent = 0;
	if (!returned) {
		w->facts.known &= ~(1u << FILTER_RET);
		w->facts.absent = 1u << FILTER_RET;
	}
	w->facts.number[FILTER_RET] = call->ret;
	w->facts.number[FILTER_DURATION] = call->now - call->entered;
	w->facts.answered = s->ask ? s->answered : s->answered & where.of_exe;
	w->facts.fits = s->fits;
	where_task(&w->facts);
	if (WHERE_USES_ARGS) {
		__builtin_memcpy(w->facts.number, args, SEAM_MAX_ARGS * sizeof(*args));
		where_cut_args(&w->facts, start);
	}
	return where_run();
}

struct exe_context {
	struct where_here *w;
	const struct filter_op *ops;
	uint32_t answered, fits;
};

static __always_inline bool exe_again(struct exe_context *c)
{
	c->w = where_here();
	c->ops = walk_table(&where_ops);
	return c->w && c->ops;
}

static long where_exe_op(uint32_t i, struct exe_context *c)
{
	const struct filter_op *op;
	uint32_t at = i, bit;
	bool fits;

	opaque(at);
	if (at >= where.op_count)
		return 1;
	op = &c->ops[at];
	bit = 1u << (op->k & (FILTER_QUESTIONS - 1));
	if (op->code != FILTER_OP_STRING || op->source != FILTER_TEXT_EXE || c->answered & bit)
		return 0;
	c->w->maybe = 0;
	fits = where_string((uint32_t)op->low, (uint32_t)op->high);
	if (!c->w->maybe || fits)
		c->answered |= bit;
	if (fits != !!(op->flags & FILTER_NONE_FITS))
		c->fits |= bit;
	return 0;
}
EACH_FARTHER_TELLING(where_exe_op, struct exe_context, exe_again, 1, 64, WHERE_MOST / 64)

/* The task executes a file: what is asked about it is answered once and for all. */
static __always_inline void where_exec(struct slot *s, const char *file)
{
	struct exe_context c = { .w = where_here(), .ops = walk_table(&where_ops) };
	uint32_t process = (uint32_t)TASK(task_here(), tgid);

	if (!where.of_exe || !c.w || !c.ops)
		return;
	c.w->relative = 0;
	s->answered &= ~where.of_exe;
	s->fits &= ~where.of_exe;
	bpf_map_delete_elem(&where_exes, &process);
	if (!where_took(c.w, bpf_probe_read_kernel_str(c.w->text, FILTER_TEXT, file)))
		return;
	each(where.op_count, where_exe_op, &c);
	s->answered |= c.answered;
	s->fits |= c.fits;
}

static __always_inline void where_fork(const struct slot *parent, struct slot *child)
{
	if (!where.of_exe || !child)
		return;
	child->answered = parent->answered & where.of_exe;
	child->fits = parent->fits & where.of_exe;
}

static __always_inline bool where_signal(uint32_t signal)
{
	return !(where.signals_off >> ((signal - 1) & 63) & 1);
}

#endif

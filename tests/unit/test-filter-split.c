/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of lib/filter's split: the kernel's half of a filter against the whole, on random expressions and random events. What
 * the kernel drops the filter must answer with no, what it keeps with yes.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/util.h"
#include "filter/split.h"
#include "tap.h"

#define EXPRESSIONS 150 /* for more: test-filter-split N */
#define EVENTS 60

static unsigned expressions = EXPRESSIONS;
static uint64_t state = 88172645463325252ull;

static uint64_t draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static unsigned below(unsigned n)
{
	return (unsigned)(draw() >> 20) % n;
}

#define PICK(a) (a)[below((unsigned)ARRAY_SIZE(a))]

/* Small numbers meet often. */
static uint64_t some_number(void)
{
	static const uint64_t odd[] = { 0, 1, 2, 3, 64, 4095, 4096, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000003,
					INT64_MAX, 1ull << 63, UINT64_MAX, (uint64_t)-2, (uint64_t)-11, (uint64_t)-100,
					(uint64_t)-4095, (uint64_t)-4096, 0xffffff9c };

	return below(3) ? below(8) : PICK(odd);
}

static const char *const names[] = { "nginx", "ng", "n", "", "bash", "abcdefgh", "abcdefghi", "abcdefghijklmno", "nginx-worker" };
static const char *const paths[] = { "/etc/passwd", "/etc", "/usr/lib/x", "/", "" };

struct event {
	const struct seam_call *call;
	uint64_t call_number;
	uint64_t number[FILTER_SOURCES];
	const char *comm, *exe, *cgroup, *path[2];
	bool returned;
};

static enum seam_filter_known number_of(void *user, enum seam_filter_field field, uint64_t *ret)
{
	const struct event *e = user;

	if (!e->returned && (field == SEAM_FILTER_RET || field == SEAM_FILTER_DURATION))
		return SEAM_FILTER_NOT_KNOWN;
	*ret = e->number[field];
	return SEAM_FILTER_KNOWN;
}

static enum seam_filter_known string_of(void *user, enum seam_filter_field field, unsigned index, const char **ret)
{
	const struct event *e = user;
	const char *s = NULL;

	if (field == SEAM_FILTER_PATH)
		s = index < 2 ? e->path[index] : NULL;
	else if (!index)
		s = field == SEAM_FILTER_COMM ? e->comm : field == SEAM_FILTER_EXE ? e->exe :
		    field == SEAM_FILTER_CGROUP ? e->cgroup : e->path[0];
	*ret = s;
	return s ? SEAM_FILTER_KNOWN : SEAM_FILTER_ABSENT;
}

/* What the kernel knows; it has bytes behind the name's NUL that say nothing. */
static struct filter_facts facts_of(const struct event *e)
{
	struct filter_facts f = { .known = (1u << (FILTER_COMM + 1)) - 1 };
	char comm[FILTER_COMM_SIZE];

	if (!e->returned)
		f.known &= ~(1u << FILTER_RET | 1u << FILTER_DURATION);
	for (unsigned i = 0; i < FILTER_SOURCES; i++)
		f.number[i] = f.known >> i & 1 ? e->number[i] : draw();
	memset(comm, (int)below(256), sizeof(comm));
	memcpy(comm, e->comm, strlen(e->comm) + 1);
	memcpy(f.comm, comm, sizeof(comm));
	return f;
}

/* Answers the questions about strings as the kernel does: one pattern after the other, token by token. */
static enum filter_fit fit(const struct filter_split *s, const struct filter_op *op, const struct event *e)
{
	static const enum seam_filter_field fields[] = {
		[FILTER_TEXT_ARGS] = SEAM_FILTER_ARG0, [FILTER_TEXT_PATHS] = SEAM_FILTER_PATH, [FILTER_TEXT_COMM] = SEAM_FILTER_COMM,
		[FILTER_TEXT_EXE] = SEAM_FILTER_EXE, [FILTER_TEXT_CGROUP] = SEAM_FILTER_CGROUP,
	};
	bool none = op->flags & FILTER_NONE_FITS, any = false;
	const char *text;

	for (unsigned i = 0; string_of((void *)(uintptr_t)e, fields[op->source], i, &text); i++) {
		uint64_t room[(FILTER_TEXT + FILTER_HEAD) / 8];

		any = true;
		memset(room, 'x', sizeof(room));
		memcpy(room, text, strlen(text) + 1);
		for (uint64_t p = op->low; p < op->high; p++)
			if (filter_pattern_fits(&s->patterns[p], room, (uint32_t)strlen(text)))
				return none ? FILTER_FITS_NOT : FILTER_FITS;
	}
	return none && any ? FILTER_FITS : FILTER_FITS_NOT;
}

static void answer(const struct filter_split *s, const struct event *e, struct filter_facts *f)
{
	const struct filter_start *start = filter_split_start(s, e->call_number);

	for (uint32_t i = start->first; i < start->first + start->count; i++) {
		const struct filter_op *op = &s->ops[i];

		/* now and then a string cannot be read */
		if (op->code != FILTER_OP_STRING || !below(10))
			continue;
		f->answered |= 1u << op->k;
		if (fit(s, op, e) == FILTER_FITS)
			f->fits |= 1u << op->k;
	}
}

static struct event some_event(const struct seam_filter_options *o)
{
	const struct seam_arch_tables *a = &seam_tables.arch[o->arch];
	static const char *const common[] = { "openat", "read", "write", "mmap", "getpid", "close", "kill", "renameat2" };
	struct event e = { .returned = below(2) };

	e.call = below(3) ? seam_call_by_name(&seam_tables, o->arch, PICK(common)) : &a->calls[below(a->call_count)];
	if (!e.call || !below(20)) {
		e.call = NULL;
		e.call_number = 3000 + below(3000);
	} else {
		e.call_number = e.call->number;
	}
	for (unsigned i = 0; i < FILTER_SOURCES; i++)
		e.number[i] = some_number();
	e.comm = PICK(names);
	e.exe = PICK(paths);
	e.cgroup = PICK(paths);
	for (unsigned i = 0; i < 2; i++)
		e.path[i] = below(3) ? PICK(paths) : NULL;
	return e;
}

static void add_number(struct buf *b)
{
	uint64_t v = some_number();

	if (below(3))
		buf_addf(b, "%lld", (long long)(int64_t)v);
	else
		buf_addf(b, "%#llx", (unsigned long long)v);
}

/* Each number is drawn on its own, so that all compilers make the same expressions. */
static void add_range(struct buf *b)
{
	unsigned low = below(4), high = 4 + below(100);

	buf_addf(b, "%u..%u", low, high);
}

static void add_glob(struct buf *b, const char *s)
{
	static const char *const tails[] = { "", "*", "**", "?", "*x", "[a-z]*" };
	const char *head = below(4) ? "" : "*";
	int n = (int)below(12);

	buf_addf(b, "\"%s%.*s%s\"", head, n, s, PICK(tails));
}

static void add_numeric(struct buf *b)
{
	static const char *const fields[] = { "pid", "ppid", "tid", "uid", "cgroup", "ret", "error", "fd", "arg0", "arg1", "arg2",
					      "arg3", "count", "flags", "prot", "sig", "dfd", "len", "arg.pid", "mode" };
	static const char *const ops[] = { "==", "!=", "<", "<=", ">", ">=" };
	const char *field = PICK(fields);

	buf_adds(b, field);
	if (!below(5) && !str_eq(field, "error")) {
		buf_addf(b, " & %#x", 1u << below(8));
		if (below(2))
			return;
	}
	if (below(3)) {
		buf_addf(b, " %s ", PICK(ops));
		add_number(b);
		return;
	}
	buf_adds(b, " in {");
	for (unsigned i = 0, n = 1 + below(4); i < n; i++) {
		buf_adds(b, i ? ", " : "");
		if (below(3))
			add_number(b);
		else
			add_range(b);
	}
	buf_addc(b, '}');
}

static void add_test(struct buf *b, bool cheap)
{
	static const char *const fixed[] = {
		"call == openat", "call != read", "call in {%net, read, !write}", "call in {!close, !%file}", "call ~ open*",
		"class == file", "class != desc", "class in {net, memory}", "flags & O_CREAT", "flags & O_RDONLY",
		"flags & O_ACCMODE != O_RDONLY", "flags == O_CREAT|O_TRUNC", "prot & (PROT_EXEC|PROT_WRITE)", "sig == SIGKILL",
		"arg1 & O_CREAT", "arg2 == MAP_SHARED", "fd == AT_FDCWD", "dfd != AT_FDCWD", "error == ENOENT",
		"error in {EAGAIN, 4095}", "ret == -ENOENT", "duration > 3ns", "duration in {0..2ns, 1s..2h}", "duration != 4ns",
	};
	static const char *const strings[] = { "exe", "path", "pathname", "filename", "arg1", "cgroup" };
	static const char *const ops[] = { "==", "!=", "~", "!~" };
	unsigned kind = below(10);
	const char *op = PICK(ops);

	if (kind < 4) {
		add_numeric(b);
	} else if (kind < 7) {
		buf_adds(b, PICK(fixed));
	} else if (kind < 9 || cheap) {
		const char *name = PICK(names), *tail = strchr(op, '~') && below(2) ? "*" : "";

		buf_addf(b, "comm %s ", op);
		if (cheap)
			buf_addf(b, "\"%.5s%s\"", name, tail);
		else if (strchr(op, '~'))
			add_glob(b, PICK(names));
		else
			buf_addf(b, "\"%s\"", PICK(names));
	} else {
		buf_addf(b, "%s %s ", PICK(strings), op);
		if (strchr(op, '~'))
			add_glob(b, PICK(paths));
		else
			buf_addf(b, "\"%s\"", PICK(paths));
	}
}

/* @cheap: only of what the kernel can decide. */
static void add_expression(struct buf *b, unsigned depth, bool cheap)
{
	if (!depth || !below(4)) {
		add_test(b, cheap);
		return;
	}
	buf_adds(b, below(3) ? "(" : "not (");
	add_expression(b, depth - 1, cheap);
	for (unsigned i = below(3); i < 3; i++) {
		buf_adds(b, below(2) ? ") and (" : ") or (");
		add_expression(b, depth - 1, cheap);
	}
	buf_addc(b, ')');
}

struct tally {
	unsigned drop, keep, user, refused, wrong, undecided, whole_yes, whole_no;
};

static void compare(const char *text, const struct seam_filter *f, const struct filter_split *s, const struct event *e,
		    bool cheap, struct tally *n)
{
	struct filter_facts facts = facts_of(e);
	struct event all = *e;
	struct seam_filter_view view = { .call = e->call, .number = number_of, .string = string_of, .user = &all };
	enum seam_filter_answer here = seam_filter_ask(f, &view), whole;
	enum filter_answer kernel;

	answer(s, e, &facts);
	kernel = filter_split_run(s, e->call_number, &facts);
	all.returned = true;
	whole = seam_filter_ask(f, &view);
	n->drop += kernel == FILTER_DROP;
	n->keep += kernel == FILTER_KEEP;
	n->user += kernel == FILTER_USER;
	n->whole_yes += whole == SEAM_FILTER_YES;
	n->whole_no += whole == SEAM_FILTER_NO;
	if ((kernel == FILTER_DROP && whole != SEAM_FILTER_NO) || (kernel == FILTER_KEEP && whole != SEAM_FILTER_YES) ||
	    (kernel == FILTER_DROP && here != SEAM_FILTER_NO) || (kernel == FILTER_KEEP && here != SEAM_FILTER_YES)) {
		if (!n->wrong++)
			printf("# the kernel says %d, the filter %d and %d: %s (%s)\n", (int)kernel, (int)here, (int)whole, text,
			       e->call ? seam_string(&seam_tables, e->call->name) : "unknown");
	}
	/* where all is known that the kernel can know, it has to decide as the filter does */
	if (cheap && (kernel == FILTER_USER) != (here == SEAM_FILTER_UNKNOWN)) {
		if (!n->undecided++)
			printf("# left to user space: %s (%s)\n", text,
			       e->call ? seam_string(&seam_tables, e->call->name) : "unknown");
	}
}

static void test_random(enum seam_arch arch, bool cheap, const char *what)
{
	struct seam_filter_options o = { .arch = arch, .lenient = true };
	struct tally n = { 0 };
	unsigned made;

	for (unsigned i = 0; i < expressions; i++) {
		_cleanup_buf_ struct buf text = BUF_INIT;
		struct seam_err err = SEAM_ERR_INIT;
		struct seam_filter *f = NULL;
		struct filter_split s;

		add_expression(&text, below(4), cheap);
		if (seam_filter_new(text.data, &o, &f, &err) < 0) {
			/* of the machine-made ones a few make no sense */
			n.refused++;
			continue;
		}
		filter_split(f, &s);
		for (unsigned k = 0; k < EVENTS; k++) {
			struct event e = some_event(&o);

			compare(text.data, f, &s, &e, cheap, &n);
		}
		filter_split_release(&s);
		seam_filter_free(f);
	}
	printf("# %s: drop %u, keep %u, user %u of %u; expressions refused %u\n", what, n.drop, n.keep, n.user,
	       n.drop + n.keep + n.user, n.refused);
	tap_result(!n.wrong && !n.undecided, what, __FILE__, __LINE__);
	/* and the test is one */
	made = n.drop + n.keep + n.user;
	OK(n.refused < expressions / 4 && n.drop > made / 50 && n.keep > made / 50 && n.user > made / 50);
	OK(n.whole_yes > made / 10 && n.whole_no > made / 10);
}

static struct filter_split split_of(const char *text, enum seam_arch arch)
{
	struct seam_filter_options o = { .arch = arch };
	struct seam_err err = SEAM_ERR_INIT;
	struct seam_filter *f = NULL;
	struct filter_split s = { 0 };

	if (seam_filter_new(text, &o, &f, &err) < 0) {
		FAIL(err.text);
		return s;
	}
	filter_split(f, &s);
	seam_filter_free(f);
	return s;
}

/* How many calls can be wanted, how many operations there are. */
static void sizes(const char *text, unsigned *ret_calls, unsigned *ret_ops)
{
	struct filter_split s = split_of(text, SEAM_ARCH_X86_64);
	uint64_t words[FILTER_NUMBERS_MAX / 64];

	filter_split_bitmap(&s, words);
	*ret_calls = 0;
	for (uint32_t i = 0; i < (s.count + 63) / 64; i++)
		*ret_calls += (unsigned)__builtin_popcountll(words[i]);
	*ret_ops = s.op_count;
	filter_split_release(&s);
}

static enum filter_answer run(const struct filter_split *s, const char *call, const struct filter_facts *facts)
{
	return filter_split_run(s, seam_call_by_name(&seam_tables, SEAM_ARCH_X86_64, call)->number, facts);
}

static void test_split(void)
{
	struct filter_facts nginx = { .number = { [FILTER_PID] = 7, [FILTER_RET] = (uint64_t)-2 } };
	struct filter_split s;
	unsigned calls, ops;

	memcpy(nginx.comm, "nginx", 6);
	nginx.known = ((1u << (FILTER_COMM + 1)) - 1) & ~(1u << FILTER_RET | 1u << FILTER_DURATION);
	s = split_of("(comm == \"nginx\" or ppid == 1) and not call in {read, write} and (ret < 0 or duration > 1ms)",
		     SEAM_ARCH_X86_64);
	EQ(run(&s, "read", &nginx), FILTER_DROP);
	EQ(run(&s, "openat", &nginx), FILTER_USER); /* at entry: ask again */
	nginx.known |= 1u << FILTER_RET;
	EQ(run(&s, "openat", &nginx), FILTER_KEEP);
	nginx.comm[0]++;
	EQ(run(&s, "openat", &nginx), FILTER_DROP);
	nginx.number[FILTER_PPID] = 1;
	EQ(run(&s, "openat", &nginx), FILTER_KEEP);
	EQ(filter_split_run(&s, 100000, &nginx), FILTER_KEEP);
	EQ(s.uses, 1u << FILTER_COMM | 1u << FILTER_PPID | 1u << FILTER_RET | 1u << FILTER_DURATION);
	OK(s.at_exit && !s.user);
	filter_split_release(&s);

	s = split_of("path ~ \"/etc/*\" and pid == 7", SEAM_ARCH_X86_64);
	EQ(run(&s, "openat", &nginx), FILTER_USER);
	EQ(run(&s, "getpid", &nginx), FILTER_DROP); /* it has no path */
	nginx.number[FILTER_PID] = 8;
	EQ(run(&s, "openat", &nginx), FILTER_DROP);
	OK(s.at_exit && s.questions == 1 && s.of_path == 1 && s.pattern_count == 1);
	filter_split_release(&s);

	s = split_of("pid == 7", SEAM_ARCH_X86_64);
	OK(!s.at_exit && !s.user);
	filter_split_release(&s);

	sizes("call in {read, openat}", &calls, &ops);
	EQ(calls, 2);
	EQ(ops, 0);
	sizes("pid == 7 and call == read", &calls, &ops);
	EQ(calls, 1);
	EQ(ops, 1);
	/* one program for all calls */
	sizes("pid == 7 or uid in {1, 3, 5}", &calls, &ops);
	EQ(ops, 6);
	/* one for each place that the argument has */
	sizes("flags & O_CREAT", &calls, &ops);
	OK(calls >= 3 && calls < 20 && ops >= 2 && ops < calls + 1);
	sizes("call == read", &calls, &ops);
	EQ(calls, 1);
}

/* -e trace= beside --where, and alone. */
static void test_restrict(void)
{
	struct filter_facts facts = { .number = { [FILTER_PID] = 7 }, .known = UINT32_MAX };
	struct filter_split s;
	struct seam_callset set;

	seam_callset_init(&set, &seam_tables, SEAM_ARCH_X86_64);
	OK(seam_callset_add(&set, "openat,read", NULL, NULL) >= 0);
	filter_split_all(&s, &seam_tables, SEAM_ARCH_X86_64);
	EQ(run(&s, "write", &facts), FILTER_KEEP);
	EQ(filter_split_run(&s, 100000, &facts), FILTER_KEEP);
	OK(!s.user && !s.at_exit && !s.uses);
	filter_split_restrict(&s, &set, true);
	EQ(filter_split_run(&s, 100000, &facts), FILTER_KEEP);
	filter_split_restrict(&s, &set, false);
	EQ(run(&s, "read", &facts), FILTER_KEEP);
	EQ(run(&s, "write", &facts), FILTER_DROP);
	EQ(filter_split_run(&s, 100000, &facts), FILTER_DROP);
	filter_split_release(&s);
	s = split_of("pid == 7 and call != read", SEAM_ARCH_X86_64);
	filter_split_restrict(&s, &set, true);
	EQ(run(&s, "read", &facts), FILTER_DROP);
	EQ(run(&s, "openat", &facts), FILTER_KEEP);
	EQ(run(&s, "write", &facts), FILTER_DROP);
	EQ(filter_split_run(&s, 100000, &facts), FILTER_KEEP);
	filter_split_release(&s);

	/* arm has calls with numbers too large for a place of their own */
	seam_callset_init(&set, &seam_tables, SEAM_ARCH_ARM);
	OK(seam_callset_add(&set, "read", NULL, NULL) >= 0);
	filter_split_all(&s, &seam_tables, SEAM_ARCH_ARM);
	filter_split_restrict(&s, &set, true);
	EQ(filter_split_run(&s, 983045, &facts), FILTER_USER);
	OK(s.user && s.at_exit);
	filter_split_restrict(&s, &set, false);
	EQ(filter_split_run(&s, 983045, &facts), FILTER_DROP);
	filter_split_release(&s);
}

/* A program that is too long is left to user space. */
static void test_too_long(void)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct filter_facts facts = { .known = UINT32_MAX };
	struct filter_split s;

	for (int i = 0; i < 300; i++)
		buf_addf(&text, "%spid == %d", i ? " or " : "", i);
	s = split_of(text.data, SEAM_ARCH_X86_64);
	EQ(run(&s, "read", &facts), FILTER_USER);
	filter_split_release(&s);
	buf_adds(&text, " or call == read");
	s = split_of(text.data, SEAM_ARCH_X86_64);
	EQ(run(&s, "write", &facts), FILTER_USER);
	filter_split_release(&s);
	/* right-deep, so that the stack would be */
	buf_clear(&text);
	for (int i = 0; i < 90; i++)
		buf_addf(&text, "pid == %d %s (", i, i & 1 ? "or" : "and");
	buf_adds(&text, "uid == 1");
	buf_addn(&text, ')', 90);
	s = split_of(text.data, SEAM_ARCH_X86_64);
	EQ(run(&s, "read", &facts), FILTER_USER);
	filter_split_release(&s);
}

int main(int argc, char **argv)
{
	uint32_t n;

	if (argc > 1 && parse_u32(argv[1], &n) == 0)
		expressions = n;
	test_split();
	test_restrict();
	test_too_long();
	test_random(SEAM_ARCH_X86_64, false, "random expressions, x86_64");
	test_random(SEAM_ARCH_X86_64, true, "what the kernel can decide it does, x86_64");
	test_random(SEAM_ARCH_ARM64, false, "random expressions, arm64");
	test_random(SEAM_ARCH_RISCV64, true, "what the kernel can decide it does, riscv64");
	test_random(SEAM_ARCH_I386, false, "random expressions, i386");
	test_random(SEAM_ARCH_ARM, false, "random expressions, arm");
	return tap_done();
}

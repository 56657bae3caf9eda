/* SPDX-License-Identifier: BSD-2-Clause */
/* The description compiler: what it says of mistakes, and what its tables mean. */
#include "compiled.h"
#include "tap.h"

#include <stdlib.h>

/* mistakes */

static void expect_messages(const char *text, const char *want)
{
	struct compiled c;

	compile(&c, text);
	STREQ(c.diag.out.data, want);
	compiled_release(&c);
}

static void test_place_and_caret(void)
{
	expect_messages(CLONE FCNTL RECVMSG
			"call read(fd fd, buf out data[count; ret], cuont size) -> size\n",
			"t.call:4:31: error: 'count' is no argument and no constant; did you mean 'cuont'?\n"
			"  call read(fd fd, buf out data[count; ret], cuont size) -> size\n"
			"                                ^\n");
}

static void test_recovery(void)
{
	expect_messages("call clone(a in [) -> pid\n" /* an open bracket costs only this declaration */
			"  does opens\n" FCNTL "call read(fd fd) -> size\n"
			"  does eats fd\n"
			"  waits fd\n"
			"  det never\n" RECVMSG,
			"t.call:1:17: error: expected a type, found '['\n"
			"  call clone(a in [) -> pid\n"
			"                  ^\n"
			"t.call:5:8: error: there is no verb 'eats'\n"
			"    does eats fd\n"
			"         ^\n"
			"t.call:6:9: error: expected 'on', found 'fd'\n"
			"    waits fd\n"
			"          ^\n"
			"t.call:7:7: error: expected stable, virtual, sorted, masked, scheduled, refused or by fd, found 'never'\n"
			"    det never\n"
			"        ^\n"
			"error: x86_64 number 56: nothing describes 'clone'\n"
			"error: arm64 number 220: nothing describes 'clone'\n"
			"error: riscv64 number 220: nothing describes 'clone'\n");
}

static void test_own_numbers(void)
{
	struct compiled c;

	compile(&c, CLONE FCNTL READ RECVMSG "call ahead() -> int\n  number 480\n"
					     "call beside() -> int on arm64\n  number arm64=0x1e1 i386=500\n");
	STREQ(c.diag.out.data, "");
	OK(seam_call_by_number(&c.t.tables, SEAM_ARCH_RISCV64, 480) ==
	   seam_call_by_name(&c.t.tables, SEAM_ARCH_RISCV64, "ahead"));
	OK(seam_call_by_name(&c.t.tables, SEAM_ARCH_ARM64, "beside")->number == 481);
	OK(!seam_call_by_name(&c.t.tables, SEAM_ARCH_X86_64, "beside"));
	OK(seam_call_by_name(&c.t.tables, SEAM_ARCH_I386, "beside")->number == 500);
	OK(seam_call_by_name(&c.t.tables, SEAM_ARCH_X86_64, "read")->number == 0);
	compiled_release(&c);
	expect_messages(CLONE FCNTL "call read(fd fd) -> size\n  number 1\n" RECVMSG
				    "call ahead() -> int\n  number x86_64=47\n",
			"t.call:4:10: error: calls/tables/numbers has the number of 'read' on x86_64: 0\n"
			"    number 1\n"
			"           ^\n"
			"t.call:7:10: error: 47 is the number of 'recvmsg' on x86_64\n"
			"    number x86_64=47\n"
			"           ^\n"
			"t.call:6:6: error: calls/tables/numbers has no number for 'ahead'\n"
			"  call ahead() -> int\n"
			"       ^\n");
	expect_messages(CLONE FCNTL READ RECVMSG "call ahead() -> int\n  number x86=7\n  number x86_64 9\n",
			"t.call:6:10: error: 'x86' is no architecture: x86_64, arm64 or riscv64\n"
			"    number x86=7\n"
			"           ^\n"
			"t.call:7:17: error: expected '=', found '9'\n"
			"    number x86_64 9\n"
			"                  ^\n"
			"t.call:5:6: error: calls/tables/numbers has no number for 'ahead'\n"
			"  call ahead() -> int\n"
			"       ^\n");
}

static void test_meaning(void)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ CLONE FCNTL READ, "x86_64 number 47: nothing describes 'recvmsg'" },
		{ CLONE FCNTL READ RECVMSG READ, "read is described twice for x86_64" },
		{ CLONE FCNTL "call read(a i32) -> int\n  does lets go a\n" RECVMSG, "expected 'read' or 'write', found 'go'" },
		{ CLONE FCNTL READ RECVMSG "call raed() -> int\n", "no number for 'raed'" },
		{ CLONE FCNTL "call read(a in strr) -> int\n" RECVMSG, "there is no type 'strr'" },
		{ CLONE FCNTL "call read(a in struct stat) -> int\n" RECVMSG, "has no structure 'stat' on x86_64" },
		{ CLONE FCNTL "call read(a bits open) -> int\n" RECVMSG, "there is no set 'open'" },
		{ CLONE FCNTL "call read(a str) -> int\n" RECVMSG, "say in, out or io" },
		{ CLONE FCNTL "call read(a out data) -> int\n" RECVMSG, "'data' needs its size" },
		{ CLONE FCNTL "call read(a in data[1; 2]) -> int\n" RECVMSG, "valid as a whole" },
		{ CLONE FCNTL READ "  fails EFOO\n" RECVMSG, "there is no error 'EFOO'" },
		{ CLONE FCNTL READ "  fails @io\n" RECVMSG, "there is no list of errors 'io'" },
		{ CLONE FCNTL READ "  like x(a)\n" RECVMSG, "there is no class 'x'" },
		{ CLONE FCNTL READ "  det by fd fd\n" RECVMSG, "there is no argument 'fd'" },
		{ CLONE FCNTL READ "  does closes elsewhere\n" RECVMSG, "no argument and no part of the world" },
		{ CLONE FCNTL READ "  also food\n" RECVMSG, "there is no group 'food'" },
		{ CLONE FCNTL READ RECVMSG "extend raed\n  case else: gone\n", "there is no call 'raed' to extend" },
		{ CLONE FCNTL READ RECVMSG "bits b = FOO\n" "extend read\n  case else: -> bits b\n", "there is no constant 'FOO'" },
		{ CLONE FCNTL READ RECVMSG "bits b = EIO:7\n", "the headers define EIO" },
		{ CLONE "call fcntl(cmd u32) -> int\n  case cmd = F_DUPFD 5: gone\n  case cmd = F_GETLK: gone\n" READ RECVMSG,
		  "on x86_64 another case has this value already" },
		{ CLONE FCNTL "call read(a in struct user_msghdr) -> int\n" RECVMSG, "the member msg_name is a pointer" },
		{ "struct self of pair { first in struct self }\n" CLONE FCNTL "call read(a in struct self) -> int\n" RECVMSG,
		  "contains or points to itself" },
		{ CLONE FCNTL "call read(a i32 if nonblock(a)) -> int\n" RECVMSG, "only has a meaning in waits and does" },
		{ CLONE FCNTL "call read(a u32:12) -> int\n" RECVMSG, "a width of 8, 16, 32 or 64" },
		{ CLONE FCNTL "call read(a i32, a i32) -> int\n" RECVMSG, "there are two arguments 'a'" },
		{ CLONE FCNTL "call read(a i32, b i32, c i32, d i32, e i32, f i32, g i32) -> int\n" RECVMSG,
		  "no call has more than 6 arguments" },
		{ "types x = u8\n" CLONE FCNTL READ RECVMSG, "found 'types'; did you mean 'type'?" },
		{ CLONE FCNTL READ "  dose opens ret\n" RECVMSG, "found 'dose'; did you mean 'does'?" },
		{ CLONE FCNTL READ "  does opnes ret\n" RECVMSG, "no verb 'opnes'; did you mean 'opens'?" },
		{ CLONE FCNTL READ "  det stabel\n" RECVMSG, "did you mean 'stable'?" },
		{ CLONE FCNTL READ "  fails EINVLA\n" RECVMSG, "no error 'EINVLA'; did you mean 'EINVAL'?" },
		{ CLONE FCNTL READ "  does reads status memroy\n" RECVMSG, "did you mean 'memory'?" },
		{ CLONE FCNTL "call read(a in strsx) -> int\n" RECVMSG, "no type 'strsx'; did you mean 'strs'?" },
		{ CLONE FCNTL "call read(a in struct flok) -> int\n" RECVMSG, "did you mean 'flock'?" },
		{ CLONE FCNTL "call read(a bits opne) -> int\nbits open = O_*\n" RECVMSG, "did you mean 'open'?" },
		{ CLONE FCNTL "call read(a u32 if a == F_DUPDF) -> int\n" RECVMSG, "did you mean 'F_DUPFD'?" },
		{ CLONE FCNTL "call read(a in struct flock, b u32 if a.l_tipe) -> int\n" RECVMSG, "did you mean 'l_type'?" },
		{ CLONE FCNTL READ "  like clas(ret)\n" RECVMSG "class class(x)\n", "did you mean 'class'?" },
		{ CLONE FCNTL READ "  fails @iox\n" RECVMSG "errors ioy = EIO\n", "did you mean 'ioy'?" },
		{ CLONE FCNTL READ RECVMSG "extend raed\n  case else: gone\n", "to extend; did you mean 'read'?" },
		{ CLONE FCNTL "call read(count u32) -> int\n  case conut = 1: gone\n" RECVMSG, "did you mean 'count'?" },
		{ CLONE FCNTL READ RECVMSG "struct flock\n", "nothing uses struct 'flock'" },
		{ CLONE FCNTL READ RECVMSG "errors io = EIO\n", "nothing uses the list 'io'" },
		{ CLONE FCNTL READ RECVMSG "class io(x)\n", "nothing uses class 'io'" },
		{ CLONE FCNTL READ RECVMSG "type t = u8\n", "nothing uses the type 't'" },
		{ CLONE FCNTL READ RECVMSG "enum e = O_*\n", "nothing uses the set 'e'" },
	{ "type t = t\n" CLONE FCNTL "call read(a t) -> int\n" RECVMSG, "stands for itself" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct compiled c;
		bool found;

		compile(&c, cases[i].text);
		found = strstr(c.diag.out.data, cases[i].message) != NULL;
		if (!tap_result(found, cases[i].message, __FILE__, __LINE__))
			printf("# said instead: %s\n", c.diag.out.data);
		compiled_release(&c);
	}
}

static void test_limit(void)
{
	struct compiled c;
	struct buf text = BUF_INIT;

	for (int i = 0; i < 200; i++)
		buf_addf(&text, "call x%d() -> int\n", i);
	compile(&c, text.data);
	OK(c.diag.errors > 200);
	OK(strstr(c.diag.out.data, "too many errors") != NULL);
	compiled_release(&c);
	buf_release(&text);
}

/* expressions */

static size_t test_read(void *user, uint64_t address, void *to, size_t n, enum seam_when when)
{
	/* at exit everything is 16 more */
	const unsigned char *memory = user;

	if (address < 0x1000 || address + n > 0x1000 + 64)
		return 0;
	memcpy(to, memory + (address - 0x1000), n);
	if (when == SEAM_AT_EXIT)
		*(unsigned char *)to = (unsigned char)(*(unsigned char *)to + 16);
	return n;
}

static void test_expressions(void)
{
	static const struct {
		const char *text;
		int64_t want;
	} cases[] = {
		{ "1 + 2 * 3", 7 },
		{ "(1 + 2) * 3", 9 },
		{ "7 / 2 - 1", 2 },
		{ "1 / 0", 0 },
		{ "a & 6 == 4", 1 }, /* & binds tighter than == */
		{ "1 << 4 | 1", 17 },
		{ "a >> 1", 2 },
		{ "-a", -5 },
		{ "!a", 0 },
		{ "!0", 1 },
		{ "a > 4 && a < 6", 1 },
		{ "a >= 6 || a <= 4", 0 },
		{ "a && 2", 1 },
		{ "0x10", 16 },
		{ "010", 8 },
		{ "s == MINUS", 1 },  /* the register's upper half does not count */
		{ "u == MINUS", 1 },
		{ "s < 0", 1 },
		{ "u < 0", 0 },
		{ "ret == -EINTR", 1 },
		{ "pagesize", 4096 },
		{ "sizeof(struct flock)", 32 },
		{ "*p", 0x04030201 },
		{ "new *p", 0x04030211 },
		{ "m.msg_namelen", 0x0c0b0a09 },
		{ "new m.msg_namelen", 0x0c0b0a19 },
		{ "m.msg_iovlen == 0x201f1e1d1c1b1a19", 1 },
	};
	unsigned char memory[64];

	for (int i = 0; i < 64; i++)
		memory[i] = (unsigned char)(i + 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct compiled c;
		struct buf text = BUF_INIT;
		struct seam_env env = { .read = test_read, .user = memory };
		const struct seam_call *call;
		const struct seam_variant *v;

		buf_addf(&text,
			 "struct m of user_msghdr { msg_name addr; msg_iov addr; msg_control addr }\n" CLONE FCNTL RECVMSG
			 "call read(a word, s i32, u u32, p io i32, m io struct m, x out u8[%s]) -> int\n",
			 cases[i].text);
		compile(&c, text.data);
		env.reg[0] = 5;
		env.reg[1] = env.reg[2] = 0x1ffffffffu;
		env.reg[3] = env.reg[4] = 0x1000;
		env.reg[SEAM_REG_RET] = (uint64_t)-4;
		call = seam_call_by_name(&c.t.tables, SEAM_ARCH_X86_64, "read");
		v = seam_call_variant(&c.t.tables, call, &env);
		if (!tap_eq((int64_t)seam_eval(&c.t.tables,
					       c.t.tables.types[c.t.tables.args[v->args.first + 5].type].room, &env),
			    cases[i].want, cases[i].text, __FILE__, __LINE__))
			printf("# %s\n", c.diag.out.data);
		compiled_release(&c);
		buf_release(&text);
	}
}

/* tables */

static const struct seam_variant *variant_of(const struct compiled *c, enum seam_arch arch, const char *name, uint64_t arg1)
{
	struct seam_env env = { .reg = { [1] = arg1 } };

	return seam_call_variant(&c->t.tables, seam_call_by_name(&c->t.tables, arch, name), &env);
}

static void test_cases(void)
{
	struct compiled c;
	const struct seam_tables *t = &c.t.tables;

	compile(&c, CLONE READ RECVMSG "call fcntl(fd fd, cmd i32, arg hex) -> int\n"
				       "  fails EBADF\n"
				       "  case cmd = F_DUPFD: arg fd -> fd; does dups fd to ret; fails EINVAL\n"
				       "  case cmd = F_GETLK F_X86 -1: arg io struct flock\n"
				       "  case cmd = F_SETOWN: arg in struct x86_only\n"
				       "  case else: does unknown\n");
	STREQ(c.diag.out.data, "");
	STREQ(seam_string(t, variant_of(&c, SEAM_ARCH_X86_64, "fcntl", 0)->text), "cmd = F_DUPFD");
	STREQ(seam_string(t, variant_of(&c, SEAM_ARCH_X86_64, "fcntl", 0xffffffff00000000)->text), "cmd = F_DUPFD");
	STREQ(seam_string(t, variant_of(&c, SEAM_ARCH_X86_64, "fcntl", 99)->text), "cmd = F_GETLK F_X86 -1");
	STREQ(seam_string(t, variant_of(&c, SEAM_ARCH_X86_64, "fcntl", 0xffffffff)->text), "cmd = F_GETLK F_X86 -1");
	STREQ(seam_string(t, variant_of(&c, SEAM_ARCH_ARM64, "fcntl", 99)->text), "else");
	STREQ(seam_string(t, variant_of(&c, SEAM_ARCH_X86_64, "fcntl", 8)->text), "cmd = F_SETOWN");
	STREQ(seam_string(t, variant_of(&c, SEAM_ARCH_ARM64, "fcntl", 8)->text), "else"); /* it lacks the structure */
	EQ(t->types[variant_of(&c, SEAM_ARCH_X86_64, "fcntl", 0)->ret].kind, SEAM_KIND_FD);
	EQ(variant_of(&c, SEAM_ARCH_X86_64, "fcntl", 0)->fails.count, 2); /* the common one and its own */
	EQ(variant_of(&c, SEAM_ARCH_X86_64, "fcntl", 5)->fails.count, 1);
	EQ(variant_of(&c, SEAM_ARCH_X86_64, "fcntl", 0)->classes & SEAM_CLASS_WRITES_STATUS, SEAM_CLASS_WRITES_STATUS);
	EQ(variant_of(&c, SEAM_ARCH_X86_64, "fcntl", 1)->classes & 15, 15); /* unknown: all four */
	compiled_release(&c);
}

static void test_sets(void)
{
	struct compiled c;
	const struct seam_tables *t = &c.t.tables;
	const struct seam_variant *v;
	const struct seam_set *set;
	struct buf names = BUF_INIT;

	compile(&c, "bits open = (O_ACCMODE: O_RDONLY O_WRONLY) O_NONBLOCK O_* MINE:0x8000 !O_ACCMODE !O_C*\n" CLONE FCNTL RECVMSG
		    "call read(a bits open) -> int\n");
	STREQ(c.diag.out.data, "");
	for (int arch = 0; arch < 2; arch++) {
		buf_clear(&names);
		v = &t->variants[seam_call_by_name(t, (enum seam_arch)arch, "read")->variants.first];
		set = &t->sets[t->types[t->args[v->args.first].type].ref];
		for (uint32_t i = 0; i < set->count; i++) {
			const struct seam_const *k = &t->consts[set->first + i];

			buf_addf(&names, "%s=%llx/%llx ", seam_string(t, k->name), (unsigned long long)k->value,
				 (unsigned long long)k->mask);
		}
		/* the field first, then what has several bits, then one each; O_NDELAY is another name of O_NONBLOCK */
		STREQ(names.data, arch ? "O_RDONLY=0/3 O_WRONLY=1/3 O_SYNC=101000/0 O_NONBLOCK=800/0 O_DSYNC=1000/0 "
					 "MINE=8000/0 O_DIRECT=10000/0 " :
					 "O_RDONLY=0/3 O_WRONLY=1/3 O_SYNC=101000/0 O_NONBLOCK=800/0 O_DSYNC=1000/0 "
					 "O_DIRECT=4000/0 MINE=8000/0 ");
	}
	buf_release(&names);
	compiled_release(&c);
}

static void test_structures(void)
{
	struct compiled c;
	const struct seam_tables *t = &c.t.tables;
	static const struct {
		enum seam_arch arch;
		uint32_t size, offset;
	} want[] = { { SEAM_ARCH_X86_64, 12, 4 }, { SEAM_ARCH_ARM64, 16, 8 } };

	compile(&c, "struct small { p in str }\n"
		    "struct tagged { bits enum tags; case tag = 1: u.pointer in str\n case else: u.number hex }\n"
		    "enum tags = A:0 B:31\n" CLONE FCNTL
		    "call read(a in struct small) -> int\ncall recvmsg(a in struct tagged) -> int\n");
	STREQ(c.diag.out.data, "");
	for (int i = 0; i < 2; i++) {
		const struct seam_variant *v = &t->variants[seam_call_by_name(t, want[i].arch, "read")->variants.first];
		const struct seam_layout *l = &t->layouts[t->types[t->args[v->args.first].type].ref];

		EQ(l->size, want[i].size);
		EQ(l->fields, 2);
		EQ(t->fields[l->first_field + 1].offset, want[i].offset);
		EQ(t->types[t->fields[l->first_field + 1].type].kind, SEAM_KIND_STR);
		EQ(t->types[t->fields[l->first_field + 1].type].dir, SEAM_DIR_IN);
	}
	{
		const struct seam_variant *v =
			&t->variants[seam_call_by_name(t, SEAM_ARCH_X86_64, "recvmsg")->variants.first];
		const struct seam_layout *l = &t->layouts[t->types[t->args[v->args.first].type].ref];
		const struct seam_field *f = &t->fields[l->first_field];

		EQ(l->fields, 4);
		STREQ(seam_string(t, f[1].name), "bits");
		EQ(f[1].bit, 3);
		EQ(f[1].bits, 5);
		STREQ(seam_string(t, t->exprs[f[2].when].text), "tag = 1");
	}
	compiled_release(&c);
}

static void test_lookup(void)
{
	struct compiled c;
	const struct seam_tables *t = &c.t.tables;

	compile(&c, CLONE FCNTL READ RECVMSG);
	STREQ(c.diag.out.data, "");
	STREQ(seam_string(t, seam_call_by_number(t, SEAM_ARCH_ARM64, 63)->name), "read");
	OK(!seam_call_by_number(t, SEAM_ARCH_ARM64, 64));
	OK(!seam_call_by_number(t, SEAM_ARCH_ARM64, 1ull << 40));
	OK(!seam_call_by_name(t, SEAM_ARCH_ARM64, "waitpid"));
	EQ(seam_call_by_name(t, SEAM_ARCH_I386, "waitpid")->number, 7);
	OK(!(seam_call_by_name(t, SEAM_ARCH_I386, "waitpid")->flags & SEAM_CALL_DESCRIBED));
	EQ(seam_arch_by_name(t, "aarch64"), SEAM_ARCH_ARM64);
	EQ(seam_arch_by_name(t, "vax"), -1);
	EQ(seam_class_by_name("%net"), SEAM_CLASS_NET);
	compiled_release(&c);
}

/* Lists run on over line ends, clauses do not; a class can be like a class. */
static void test_classes(void)
{
	struct compiled c;
	const struct seam_tables *t = &c.t.tables;
	const struct seam_variant *v;

	compile(&c, "errors io = EIO\n  EBADF\nerrors all = @io EINVAL\n"
		    "class base(x)\n  does reads content x; fails @all\n"
		    "class more(y)\n  like base(y)\n  waits on y unless nonblock(y)\n  fails EINTR if ret < 0\n" CLONE FCNTL RECVMSG
		    "call read(fd fd) -> size like more(fd)\n  fails EIO\n");
	STREQ(c.diag.out.data, "");
	v = &t->variants[seam_call_by_name(t, SEAM_ARCH_X86_64, "read")->variants.first];
	EQ(v->fails.count, 4);
	EQ(v->effects.count, 1);
	STREQ(seam_string(t, t->objects[t->effects[v->effects.first].object].text), "fd");
	EQ(t->objects[t->effects[v->effects.first].object].arg, 0);
	EQ(v->waits.count, 1);
	EQ(v->classes, SEAM_CLASS_READS_CONTENT | SEAM_CLASS_DESC);
	compiled_release(&c);
}

int main(void)
{
	test_place_and_caret();
	test_recovery();
	test_own_numbers();
	test_meaning();
	test_limit();
	test_expressions();
	test_cases();
	test_sets();
	test_structures();
	test_lookup();
	test_classes();
	return tap_done();
}

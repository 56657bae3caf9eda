/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of seam/filter.h, with the tables of tests/sample: the language, its messages, its answers. */
#include <errno.h>
#include <stdlib.h>

#include "seam/filter.h"
#include "tap.h"

static const struct seam_tables *const t = &seam_tables;

/* An event of which everything can be said. */
struct event {
	const char *call;
	uint64_t number[SEAM_FILTER_CGROUP + 1];
	uint32_t unknown, absent; /* 1 << field */
	const char *comm, *exe, *cgroup;
	const char *paths[3]; /* PATH; the first is also that of argument 1 */
};

static enum seam_filter_known number_of(void *user, enum seam_filter_field field, uint64_t *ret)
{
	const struct event *e = user;

	if (e->unknown >> field & 1)
		return SEAM_FILTER_NOT_KNOWN;
	if (e->absent >> field & 1)
		return SEAM_FILTER_ABSENT;
	*ret = e->number[field];
	return SEAM_FILTER_KNOWN;
}

static enum seam_filter_known string_of(void *user, enum seam_filter_field field, unsigned index, const char **ret)
{
	const struct event *e = user;
	const char *s = NULL;

	if (e->unknown >> field & 1)
		return SEAM_FILTER_NOT_KNOWN;
	if (field == SEAM_FILTER_COMM && !index)
		s = e->comm;
	else if (field == SEAM_FILTER_EXE && !index)
		s = e->exe;
	else if (field == SEAM_FILTER_CGROUP && !index)
		s = e->cgroup;
	else if (field == SEAM_FILTER_PATH && index < 3)
		s = e->paths[index];
	else if (field == SEAM_FILTER_ARG0 + 1 && !index)
		s = e->paths[0];
	if (!s)
		return SEAM_FILTER_ABSENT;
	*ret = s;
	return SEAM_FILTER_KNOWN;
}

/* openat(AT_FDCWD, "/etc/passwd", O_CREAT, 0) = -ENOENT, in 1.5 ms */
static struct event openat_event(void)
{
	return (struct event){
		.call = "openat",
		.number = { (uint32_t)-100, 0x7000, 0x40, 0, [SEAM_FILTER_RET] = (uint64_t)-2,
			    [SEAM_FILTER_DURATION] = 1500000, [SEAM_FILTER_PID] = 10, [SEAM_FILTER_TID] = 11,
			    [SEAM_FILTER_PPID] = 1, [SEAM_FILTER_UID] = 1000, [SEAM_FILTER_CGROUP] = 77 },
		.comm = "nginx", .exe = "/usr/sbin/nginx", .cgroup = "/system.slice/nginx.service",
		.paths = { "/etc/passwd" },
	};
}

static struct event read_event(void)
{
	struct event e = openat_event();

	e.call = "read";
	e.number[0] = 3;
	e.number[2] = 4096;
	e.number[SEAM_FILTER_RET] = 100;
	e.paths[0] = NULL;
	return e;
}

static struct seam_filter *filter_on(const char *text, enum seam_arch arch, bool lenient, struct seam_err *err)
{
	struct seam_filter_options o = { .arch = arch, .lenient = lenient };
	struct seam_filter *f = NULL;

	seam_filter_new(text, &o, &f, err);
	return f;
}

static enum seam_filter_answer ask_on(const char *text, const struct event *e, enum seam_arch arch)
{
	struct seam_err err = SEAM_ERR_INIT;
	struct seam_filter *f = filter_on(text, arch, arch >= SEAM_ARCH_DESCRIBED, &err);
	struct event copy = *e;
	struct seam_filter_view view = { .number = number_of, .string = string_of, .user = &copy };
	enum seam_filter_answer r;

	if (!f) {
		printf("# %s\n# %s\n", text, err.text);
		return (enum seam_filter_answer)-1;
	}
	view.call = seam_call_by_name(t, arch, e->call);
	r = seam_filter_ask(f, &view);
	seam_filter_free(f);
	return r;
}

static enum seam_filter_answer ask(const char *text, const struct event *e)
{
	return ask_on(text, e, SEAM_ARCH_X86_64);
}

/* All of these expressions have this answer; the text says which had another. */
static void all_are(const char *const *texts, const struct event *e, enum seam_filter_answer want, const char *what)
{
	bool ok = true;

	for (; *texts; texts++) {
		enum seam_filter_answer got = ask(*texts, e);

		if (got != want) {
			printf("# %s: %d instead of %d\n", *texts, (int)got, (int)want);
			ok = false;
		}
	}
	tap_result(ok, what, __FILE__, __LINE__);
}

static void test_yes(void)
{
	static const char *const open_yes[] = {
		"pid == 10", "tid == 11", "ppid == 1", "uid == 1000", "cgroup == 77", "pid != 11", "pid < 11", "pid <= 10",
		"pid > 9", "pid >= 10", "pid in {1, 5..10}", "pid in {10}", "not pid in {1, 2}", "uid == 0x3e8",
		"uid == 01750", "arg2 == 64", "arg2 & 0x40", "arg2 & (0x40|1) == 0x40", "arg1 == 28K", "arg0 == 0xffffff9c",
		"call == openat", "call == \"openat\"", "call == 'openat'", "call == 1", "call != read",
		"call in {read, openat}", "call in {!read}", "flags & O_RDONLY", "not flags & O_WRONLY",
		"call ~ \"open*\"", "call ~ open*", "call in {open*}", "call !~ read*", "class == reads-status",
		"class == %reads-status", "class in {%net, reads-status}", "class != net", "call in {%reads-status}",
		"comm == \"nginx\"", "comm ~ \"ng*\"", "comm ~ \"n?i[mn]x\"", "comm !~ \"bash\"", "comm != \"bash\"",
		"comm in {\"bash\", \"nginx\"}", "comm ~ {\"b*\", \"n*\"}", "comm == \"n\\ginx\"", "exe ~ \"*/nginx\"",
		"cgroup ~ \"/system.slice/*\"", "path == \"/etc/passwd\"", "path ~ \"/etc/*\"", "path !~ \"/usr/*\"",
		"filename ~ \"/etc/*\"", "arg1 ~ \"/etc/*\"", "arg.filename == \"/etc/passwd\"", "fd == -100",
		"fd == AT_FDCWD", "dfd == AT_FDCWD", "fd < 0", "ret < 0", "ret == -2", "ret == -ENOENT", "error == ENOENT",
		"error == 2", "error in {EACCES, ENOENT}", "error in {1..10}", "error != EACCES", "error > 0",
		"duration > 1ms", "duration == 1.5ms", "duration == 1500us", "duration in {1ms..2ms}", "duration > 1 ms",
		"duration < 1s", "duration != 0", "flags & O_CREAT", "flags == O_CREAT", "flags & O_ACCMODE == O_RDONLY",
		"flags & (O_CREAT|O_NOFOLLOW) == O_CREAT", "flags != O_CREAT|O_NOFOLLOW", "flags in {O_RDONLY, O_CREAT}",
		"arg2 & O_CREAT", "mode == 0", "not (not pid == 10)", "not not pid == 10",
		"pid == 1 or pid == 2 or pid == 10", "pid == 10 and (uid == 0 or uid == 1000)", "pid == 1 and pid == 2 or pid == 10",
		"(comm == \"nginx\" or ppid == 1) and not call in {read, readv} and (ret < 0 or duration > 1ms)",
		"\n\tpid == 10\n", NULL,
	};
	struct event e = openat_event();

	all_are(open_yes, &e, SEAM_FILTER_YES, "what is so");
}

static void test_no(void)
{
	static const char *const open_no[] = {
		"pid != 10", "pid > 10", "pid < 10", "pid >= 11", "pid <= 9", "not pid == 10", "pid == -1", "pid in {11..20}",
		"call == read", "call != openat", "call in {read}", "call !~ open*", "class == net", "class != reads-status",
		"call in {%reads-status, !open*}", "comm == \"ngin\"", "comm ~ \"ngin\"", "comm !~ \"n*\"", "exe == \"nginx\"",
		"path == \"/etc\"", "path !~ \"/etc/*\"", "path != \"/etc/passwd\"", "fd == 3", "fd != AT_FDCWD", "ret >= 0",
		"error == EACCES", "error != ENOENT", "error < 0", "duration < 1ms", "duration == 0", "flags & O_NOFOLLOW",
		"flags == O_RDONLY", "flags & O_CREAT == 0", "count == 0", "count != 0", "count < 5", "cmd == C_GET",
		"cmd != C_GET", "pid == 10 and pid == 11", "pid == 0 or uid == 0 and pid == 10", NULL,
	};
	static const char *const read_no[] = {
		/* a comparison with what a call has not is false, whatever it is */
		"path ~ \"*\"", "path !~ \"*\"", "error == ENOENT", "error != ENOENT", "error < 4000", "flags & O_CREAT",
		"flags != O_CREAT", "filename == \"/etc/passwd\"", "mode == 0", "mode != 0", NULL,
	};
	static const char *const read_yes[] = {
		"not path ~ \"*\"", "not error != ENOENT", "not error > 0", "fd == 3", "fd in {0..9}", "fd != 4", "count == 4096",
		"count == 4K", "count > 4095", "count != -1", "count > -1", "class == writes-status", "not flags & O_CREAT",
		"ret == 100", "ret < 4096", "buf == 0x7000", NULL,
	};
	struct event open = openat_event(), read = read_event();

	all_are(open_no, &open, SEAM_FILTER_NO, "what is not so");
	all_are(read_no, &read, SEAM_FILTER_NO, "what a call has not");
	all_are(read_yes, &read, SEAM_FILTER_YES, "what a read has");
}

static void test_values(void)
{
	struct event e = read_event();

	/* the upper half of a register that a type does not use does not count */
	e.number[0] = 0xdead00000003;
	EQ(ask("fd == 3", &e), SEAM_FILTER_YES);
	EQ(ask("arg0 == 3", &e), SEAM_FILTER_NO);
	e.number[2] = UINT64_MAX;
	EQ(ask("count > 1000", &e), SEAM_FILTER_YES);
	EQ(ask("count == -1", &e), SEAM_FILTER_YES);
	EQ(ask("count < 0", &e), SEAM_FILTER_NO);
	EQ(ask("count == 0xffffffffffffffff", &e), SEAM_FILTER_YES);
	EQ(ask("arg2 == -1", &e), SEAM_FILTER_YES);
	EQ(ask("arg2 < 0", &e), SEAM_FILTER_YES);
	e.number[SEAM_FILTER_UID] = UINT32_MAX;
	EQ(ask("uid == -1", &e), SEAM_FILTER_YES);
	EQ(ask("uid > 5", &e), SEAM_FILTER_YES);
	e.number[SEAM_FILTER_RET] = (uint64_t)-4096; /* no error: an address */
	EQ(ask("error > 0", &e), SEAM_FILTER_NO);
	e.number[SEAM_FILTER_RET] = (uint64_t)-4095;
	EQ(ask("error == 4095", &e), SEAM_FILTER_YES);
	e.number[SEAM_FILTER_RET] = (uint64_t)-512;
	EQ(ask("error == ERESTARTSYS", &e), SEAM_FILTER_YES);
	e.paths[0] = "/a", e.paths[1] = "/b"; /* of two paths any may fit, and none must not */
	EQ(ask("path == \"/b\"", &e), SEAM_FILTER_YES);
	EQ(ask("path != \"/b\"", &e), SEAM_FILTER_NO);
	EQ(ask("path != \"/c\"", &e), SEAM_FILTER_YES);
	e.call = "a call that is in no table";
	EQ(ask("call == read", &e), SEAM_FILTER_NO);
	EQ(ask("call != read", &e), SEAM_FILTER_YES);
	EQ(ask("call in {!read}", &e), SEAM_FILTER_YES);
	EQ(ask("path == \"/b\"", &e), SEAM_FILTER_NO);
	EQ(ask("fd == 3", &e), SEAM_FILTER_NO);
	EQ(ask("arg2 == -1", &e), SEAM_FILTER_YES);
	EQ(ask("pid == 10", &e), SEAM_FILTER_YES);
}

static void test_three_values(void)
{
	static const char *const unknown[] = {
		"ret < 0", "not ret < 0", "error == ENOENT", "error != ENOENT", "ret < 0 and pid == 10", "ret < 0 or pid == 1",
		"pid == 10 and ret < 0", "pid == 1 or ret < 0", "not (pid == 10 and ret < 0)", "ret < 0 and duration > 1ms",
		"ret < 0 or duration > 1ms", "path ~ \"*\"", "path ~ \"/x\" or pid == 1", "ret < 0 and ret >= 0", NULL,
	};
	static const char *const no[] = { "ret < 0 and pid == 1", "pid == 1 and ret < 0", "not (ret < 0 or pid == 10)",
					  "(ret < 0 or path ~ \"/x\") and pid == 1", NULL };
	static const char *const yes[] = { "ret < 0 or pid == 10", "pid == 10 or ret < 0", "not (ret < 0 and pid == 1)", NULL };
	struct event e = openat_event();
	struct seam_filter *f = filter_on("ret < 0", SEAM_ARCH_X86_64, false, NULL);
	struct seam_filter_view view = { .number = number_of, .string = string_of, .user = &e };

	e.unknown = 1 << SEAM_FILTER_RET | 1 << SEAM_FILTER_DURATION | 1 << SEAM_FILTER_PATH;
	all_are(unknown, &e, SEAM_FILTER_UNKNOWN, "what depends on the unknown");
	all_are(no, &e, SEAM_FILTER_NO, "no, whatever the unknown is");
	all_are(yes, &e, SEAM_FILTER_YES, "yes, whatever the unknown is");
	OK(seam_filter_keeps(f, &view, true) && !seam_filter_keeps(f, &view, false));
	e.unknown = 0;
	OK(seam_filter_keeps(f, &view, true) && seam_filter_keeps(f, &view, false));
	e.absent = 1 << SEAM_FILTER_RET; /* as a signal has none */
	OK(!seam_filter_keeps(f, &view, true));
	seam_filter_free(f);
}

static void test_names_only(void)
{
	struct event e = read_event();

	/* of the 32-bit calls nothing but the names is known; what the native call of the name is they are */
	EQ(ask_on("call == read", &e, SEAM_ARCH_I386), SEAM_FILTER_YES);
	EQ(ask_on("call == openat", &e, SEAM_ARCH_I386), SEAM_FILTER_NO);
	EQ(ask_on("class == writes-status", &e, SEAM_ARCH_I386), SEAM_FILTER_YES);
	EQ(ask_on("class != writes-status", &e, SEAM_ARCH_I386), SEAM_FILTER_NO);
	EQ(ask_on("fd == 3", &e, SEAM_ARCH_I386), SEAM_FILTER_UNKNOWN);
	EQ(ask_on("count == 3", &e, SEAM_ARCH_I386), SEAM_FILTER_UNKNOWN);
	EQ(ask_on("flags & O_CREAT", &e, SEAM_ARCH_I386), SEAM_FILTER_UNKNOWN);
	EQ(ask_on("arg0 == 3", &e, SEAM_ARCH_I386), SEAM_FILTER_YES);
	e.number[0] = 0xffffffff;
	EQ(ask_on("arg0 == -1", &e, SEAM_ARCH_I386), SEAM_FILTER_YES);
	EQ(ask_on("call in {table, read}", &e, SEAM_ARCH_I386), SEAM_FILTER_YES);
}

static void test_uses(void)
{
	struct seam_filter *f = filter_on("pid == 1 and (path ~ \"*\" or error == ENOENT) or flags & O_CREAT", SEAM_ARCH_X86_64,
					  false, NULL);

	EQ(seam_filter_uses(f), 1u << SEAM_FILTER_PID | 1u << SEAM_FILTER_PATH | 1u << SEAM_FILTER_RET | 1u << 2);
	seam_filter_free(f);
}

/* What is wrong, to the letter. */
static void test_messages(void)
{
	static const struct {
		const char *text, *said;
	} wrong[] = {
		{ "", "column 1: the expression is empty\n  \n  ^" },
		{ "conm == \"x\"", "column 1: there is no field or argument 'conm'; did you mean 'comm'?\n  conm == \"x\"\n  ^" },
		{ "pid == 1 and flag & O_CREAT",
		  "column 14: there is no field or argument 'flag'; did you mean 'flags'?\n  pid == 1 and flag & O_CREAT\n"
		  "               ^" },
		{ "xyzzy == 1", "column 1: there is no field or argument 'xyzzy'\n  xyzzy == 1\n  ^" },
		{ "call == opnat", "column 9: x86_64 has no call 'opnat'; did you mean 'openat'?\n  call == opnat\n          ^" },
		{ "call in {read, %nett}",
		  "column 16: there is no class '%nett'; did you mean '%net'?\n  call in {read, %nett}\n                 ^" },
		{ "class == nett", "column 10: there is no class '%nett'; did you mean '%net'?\n  class == nett\n           ^" },
		{ "call == private", "column 9: x86_64 has no call 'private'; it is there on arm\n  call == private\n          ^" },
		{ "call in {zzz*}", "column 10: no call of x86_64 fits 'zzz*'\n  call in {zzz*}\n           ^" },
		{ "call == !read", "column 9: write call != read\n  call == !read\n          ^" },
		{ "call < 5", "column 6: call is compared with == != in ~ !~ only\n  call < 5\n       ^" },
		{ "flags & O_CREATE",
		  "column 9: no argument 'flags' takes 'O_CREATE'; did you mean 'O_CREAT'?\n  flags & O_CREATE\n          ^" },
		{ "count == O_CREAT", "column 10: no argument 'count' takes 'O_CREAT'\n  count == O_CREAT\n           ^" },
		{ "pid == O_CREAT", "column 8: pid has no constant 'O_CREAT'\n  pid == O_CREAT\n         ^" },
		{ "error == ENOENTT",
		  "column 10: there is no error 'ENOENTT'; did you mean 'ENOENT'?\n  error == ENOENTT\n           ^" },
		{ "error == \"ENOENT\"",
		  "column 10: error is compared with a number or a name such as ENOENT\n  error == \"ENOENT\"\n           ^" },
		{ "comm == nginx",
		  "column 9: comm is compared with a string: write \"nginx\"\n  comm == nginx\n          ^" },
		{ "comm == 5", "column 9: comm is compared with a string in double quotes\n  comm == 5\n          ^" },
		{ "comm < \"a\"",
		  "column 6: comm is a string: it is compared with == != in ~ !~ only\n  comm < \"a\"\n       ^" },
		{ "comm == \"abcdefghijklmnopq\"",
		  "column 9: the kernel keeps 15 bytes of a name: write \"abcdefghijklmno\"\n  comm == \"abcdefghijklmnopq\"\n"
		  "          ^" },
		{ "pid ~ \"1*\"", "column 5: pid is a number: '~' is for strings\n  pid ~ \"1*\"\n      ^" },
		{ "count ~ \"1*\"", "column 1: no argument 'count' is a path or a string\n  count ~ \"1*\"\n  ^" },
		{ "duration > 5", "column 12: a duration has a unit: 5ns, us, ms or s\n  duration > 5\n             ^" },
		{ "ret > 1ms", "column 7: this is a duration, and ret is none\n  ret > 1ms\n        ^" },
		{ "pid == 12x", "column 8: '12x' is no number\n  pid == 12x\n         ^" },
		{ "pid == 99999999999999999999",
		  "column 8: 99999999999999999999 does not fit into 64 bits\n  pid == 99999999999999999999\n         ^" },
		{ "pid in {7..3}", "column 9: this range is empty: the larger number comes first\n  pid in {7..3}\n          ^" },
		{ "pid == 3..7", "column 8: a range stands in a set: in {3..7}\n  pid == 3..7\n         ^" },
		{ "pid in {}", "column 9: this set is empty\n  pid in {}\n          ^" },
		{ "pid in 5", "column 8: '{' is missing before '5'\n  pid in 5\n         ^" },
		{ "pid in {5 6}", "column 11: ',' or '}' is missing before '6'\n  pid in {5 6}\n            ^" },
		{ "pid in {5", "column 10: ',' or '}' is missing\n  pid in {5\n           ^" },
		{ "pid", "column 4: a comparison (== != < <= > >= in ~ !~) is missing\n  pid\n     ^" },
		{ "pid ==", "column 7: a value is missing\n  pid ==\n        ^" },
		{ "pid == and", "column 8: a value is missing before 'and'\n  pid == and\n         ^" },
		{ "pid == 1 uid == 2", "column 10: 'and' or 'or' is missing before 'uid'\n  pid == 1 uid == 2\n           ^" },
		{ "pid == 1 and", "column 13: a comparison such as ret < 0 is missing\n  pid == 1 and\n              ^" },
		{ "(pid == 1", "column 1: this '(' is never closed\n  (pid == 1\n  ^" },
		{ "(pid == 1 uid == 2)",
		  "column 11: 'and', 'or' or ')' is missing before 'uid'\n  (pid == 1 uid == 2)\n            ^" },
		{ "pid == 1)", "column 9: this ')' closes nothing\n  pid == 1)\n          ^" },
		{ "pid = 1", "column 5: '=' is written '==' here\n  pid = 1\n      ^" },
		{ "pid == 1 && uid == 0", "column 10: '&&' is written 'and' here\n  pid == 1 && uid == 0\n           ^" },
		{ "!(pid == 1)", "column 1: '!' is written 'not' here\n  !(pid == 1)\n  ^" },
		{ "pid == $1", "column 8: '$' has no meaning here\n  pid == $1\n         ^" },
		{ "comm == \"ngi", "column 9: this string has no end: \" is missing\n  comm == \"ngi\n          ^" },
		{ "flags & O_CREAT|O_NOFOLLOW",
		  "column 9: put what stands after '&' in parentheses: & (A | B)\n  flags & O_CREAT|O_NOFOLLOW\n          ^" },
		{ "comm == \"\xc3\xa4\" and pdi == 1",
		  "column 17: there is no field or argument 'pdi'; did you mean 'pid'?\n  comm == \"\xc3\xa4\" and pdi == 1\n"
		  "                  ^" },
		{ "pid == 1 and\nuid == x\nor pid == 2", "line 2, column 8: uid has no constant 'x'\n  uid == x\n         ^" },
		{ "pid == 1 or pid == 2 or pid == 3 or pid == 4 or pid == 5 or pid == 6 or pid == 7 or pid == x or pid == 9",
		  "column 92: pid has no constant 'x'\n  ...= 5 or pid == 6 or pid == 7 or pid == x or pid == 9\n"
		  "                                           ^" },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct seam_err err = SEAM_ERR_INIT;

		if (filter_on(wrong[i].text, SEAM_ARCH_X86_64, false, &err) || err.code != -EINVAL)
			FAIL(wrong[i].text);
		tap_streq(err.text, wrong[i].said, wrong[i].text, __FILE__, __LINE__);
	}
}

/* What no person writes. */
static void test_limits(void)
{
	struct seam_err err = SEAM_ERR_INIT;
	static char text[80000];
	size_t n = 0;

	memset(text, '(', 5000);
	OK(!filter_on(text, SEAM_ARCH_X86_64, false, &err));
	OK(strstr(err.text, "column 101: this is nested too deeply") == err.text);
	for (int i = 0; i < 3000; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "pid==%d or ", i);
	snprintf(text + n, sizeof(text) - n, "pid==1");
	OK(!filter_on(text, SEAM_ARCH_X86_64, false, &err));
	EQ(err.code, -E2BIG);
	memset(text, ' ', sizeof(text) - 1);
	OK(!filter_on(text, SEAM_ARCH_X86_64, false, &err));
	STREQ(err.text, "the expression is longer than 65536 bytes");
}

int main(void)
{
	test_yes();
	test_no();
	test_values();
	test_three_values();
	test_names_only();
	test_uses();
	test_messages();
	test_limits();
	return tap_done();
}

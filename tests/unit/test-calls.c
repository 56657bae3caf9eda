/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of seam/calls.h and seam/callset.h, with the tables of tests/sample: lookup, conditions, cases, sets of calls. */
#include <errno.h>
#include <stdint.h>

#include "seam/calls.h"
#include "seam/callset.h"
#include "tap.h"

static const struct seam_tables *const t = &seam_tables;

/* Memory of the traced program: our own, before and after the call. */
static unsigned char before[64], after[64];
#define BASE 0x1000

static size_t read_memory(void *user, uint64_t address, void *to, size_t n, enum seam_when when)
{
	(void)user;
	if (address < BASE || address - BASE + n > sizeof(before))
		return 0;
	memcpy(to, (when == SEAM_AT_EXIT ? after : before) + (address - BASE), n);
	return n;
}

static bool nonblock(void *user, int fd)
{
	(void)user;
	return fd == 7;
}

static struct seam_env new_env(void)
{
	return (struct seam_env){ .read = read_memory, .nonblock = nonblock };
}

static const struct seam_call *call_of(const char *name)
{
	return seam_call_by_name(t, SEAM_ARCH_X86_64, name);
}

static const struct seam_variant *variant_of(const struct seam_call *call, uint32_t i)
{
	return &t->variants[call->variants.first + i];
}

static const struct seam_type *arg_type(const char *name, uint32_t i)
{
	return &t->types[t->args[variant_of(call_of(name), 0)->args.first + i].type];
}

static void test_lookup(void)
{
	unsigned lost = 0;
	const struct seam_call *call = seam_call_by_number(t, SEAM_ARCH_X86_64, 1);

	STREQ(seam_string(t, call->name), "openat");
	STREQ(seam_string(t, seam_call_by_number(t, SEAM_ARCH_ARM64, 2)->name), "openat");
	OK(!seam_call_by_number(t, SEAM_ARCH_X86_64, 9));
	OK(!seam_call_by_number(t, SEAM_ARCH_X86_64, UINT64_MAX));
	OK(!seam_call_by_number(t, SEAM_ARCH_ARM64, 1u << 16));
	STREQ(seam_string(t, seam_call_by_number(t, SEAM_ARCH_ARM, 983041)->name), "private");
	EQ(call_of("table")->number, 8);
	OK(!seam_call_by_name(t, SEAM_ARCH_ARM64, "table"));
	OK(!call_of("") && !call_of("opena") && !call_of("zzz") && !call_of("aaa"));
	OK(call_of("old")->flags & SEAM_CALL_GONE);
	OK(call_of("exit")->flags & SEAM_CALL_NORETURN);
	OK(!(seam_call_by_name(t, SEAM_ARCH_I386, "read")->flags & SEAM_CALL_DESCRIBED));
	for (enum seam_arch arch = 0; arch < SEAM_ARCH_COUNT; arch++) {
		for (uint32_t i = 0; i < t->arch[arch].call_count; i++) {
			call = &t->arch[arch].calls[i];
			if (seam_call_by_number(t, arch, call->number) != call ||
			    seam_call_by_name(t, arch, seam_string(t, call->name)) != call)
				lost++;
		}
	}
	EQ(lost, 0); /* every call is found by its name and its number */
	EQ(seam_arch_by_name(t, "x86_64"), SEAM_ARCH_X86_64);
	EQ(seam_arch_by_name(t, "aarch64"), SEAM_ARCH_ARM64);
	EQ(seam_arch_by_name(t, "sparc"), -1);
	OK(seam_arch_native() < SEAM_ARCH_DESCRIBED);
}

static void test_names(void)
{
	EQ(seam_class_by_name("net"), SEAM_CLASS_NET);
	EQ(seam_class_by_name("%writes-content"), SEAM_CLASS_WRITES_CONTENT);
	EQ(seam_class_by_name("%"), 0);
	STREQ(seam_class_name(SEAM_CLASS_IPC), "ipc");
	STREQ(seam_class_name(1u << 30), "?");
	STREQ(seam_kind_name(SEAM_KIND_SOCKADDR), "sockaddr");
	STREQ(seam_kind_name(255), "?");
	STREQ(seam_verb_words(SEAM_VERB_READS_CONTENT), "reads content");
	STREQ(seam_world_word(SEAM_WORLD_PEER), "peer");
	STREQ(seam_det_words(SEAM_DET_BY_FD), "by fd");
	STREQ(seam_const_name(t, arg_type("control", 1)->ref, 3, 4), "C_LOCK");
	STREQ(seam_const_name(t, arg_type("control", 1)->ref, 0xffffffff00000003, 4), "C_LOCK");
	OK(!seam_const_name(t, arg_type("control", 1)->ref, 0xffffffff00000003, 8));
	OK(!seam_const_name(t, arg_type("control", 1)->ref, 77, 4));
}

static void test_conditions(void)
{
	struct seam_env env = new_env();
	uint32_t when = arg_type("openat", 3)->when;
	const struct seam_variant *receive = variant_of(call_of("receive"), 0);

	OK(seam_holds(t, 0, &env));
	EQ(seam_eval(t, 0, &env), 0);
	env.reg[2] = 64;
	OK(seam_holds(t, when, &env));
	env.reg[2] = 2;
	OK(!seam_holds(t, when, &env));

	/* the flags stand in memory, at 32 */
	when = arg_type("receive", 3)->when;
	env.reg[1] = BASE;
	OK(seam_holds(t, when, &env));
	before[32] = 1;
	OK(!seam_holds(t, when, &env));
	env.reg[1] = 8; /* unreadable counts as 0 */
	OK(seam_holds(t, when, &env));
	env.read = NULL;
	env.reg[1] = BASE;
	OK(seam_holds(t, when, &env));
	env = new_env();

	/* waits on fd unless nonblock(fd); on peer if *len == 0 */
	env.reg[0] = 7;
	OK(!seam_holds(t, t->waits[receive->waits.first].when, &env));
	env.reg[0] = 6;
	OK(seam_holds(t, t->waits[receive->waits.first].when, &env));
	env.reg[2] = BASE + 8;
	OK(seam_holds(t, t->waits[receive->waits.first + 1].when, &env));
	before[9] = 1;
	OK(!seam_holds(t, t->waits[receive->waits.first + 1].when, &env));
	EQ(t->waits[receive->waits.first + 1].timeout_arg, 3);

	/* value out data[*len; new *len] */
	env.reg[4] = BASE + 16;
	before[16] = 40;
	after[16] = 12;
	EQ(seam_eval(t, arg_type("option", 3)->room, &env), 40);
	EQ(seam_eval(t, arg_type("option", 3)->valid, &env), 12);
	memset(before, 0, sizeof(before));
	memset(after, 0, sizeof(after));
}

static uint32_t selected(const char *name, uint64_t a1, uint64_t a2)
{
	const struct seam_call *call = call_of(name);
	struct seam_env env = new_env();

	env.reg[1] = a1;
	env.reg[2] = a2;
	return (uint32_t)(seam_call_variant(t, call, &env) - &t->variants[call->variants.first]);
}

static void test_cases(void)
{
	EQ(selected("control", 1, 0), 1);
	EQ(selected("control", 2, 0), 2);
	EQ(selected("control", 3, 0), 2);
	EQ(selected("control", 9, 0), 3);
	EQ(selected("control", 4, 0), 0);
	/* the argument is an int: what stands above it does not count */
	EQ(selected("control", 0xabcd00000001, 0), 1);
	EQ(selected("option", 1, 5), 1);
	EQ(selected("option", 1, 6), 2);
	EQ(selected("option", 1, 7), 2);
	EQ(selected("option", 1, 8), 0);
	EQ(selected("option", 2, 5), 3);
	EQ(selected("option", 2, 77), 3);
	EQ(selected("read", 0, 0), 0);
	/* C_ONLY is not there on other machines */
	EQ(seam_call_by_name(t, SEAM_ARCH_ARM64, "control")->variants.count, 3);
}

/* The names in it, with blanks between them. */
static const char *members(const struct seam_callset *s)
{
	static char text[512];
	size_t len = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < t->arch[s->arch].call_count; i++)
		if (seam_callset_has(s, &t->arch[s->arch].calls[i]))
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", len ? " " : "",
						seam_string(t, t->arch[s->arch].calls[i].name));
	return text;
}

static void test_sets(void)
{
	struct seam_err err = SEAM_ERR_INIT;
	const struct seam_call *call = NULL;
	struct seam_callset s;

	seam_callset_init(&s, t, SEAM_ARCH_X86_64);
	STREQ(members(&s), "");
	EQ(seam_callset_add(&s, "openat", &call, &err), SEAM_CALLSET_CALL);
	OK(call == call_of("openat"));
	EQ(seam_callset_add(&s, "0x0", &call, &err), SEAM_CALLSET_CALL);
	OK(call == call_of("read"));
	STREQ(members(&s), "openat read");
	/* those of other machines by their names */
	OK(seam_callset_has(&s, seam_call_by_name(t, SEAM_ARCH_ARM64, "read")));
	OK(!seam_callset_has(&s, seam_call_by_name(t, SEAM_ARCH_ARM64, "control")));
	EQ(seam_callset_add(&s, "re*", NULL, &err), SEAM_CALLSET_MANY);
	STREQ(members(&s), "openat read readv receive");
	EQ(seam_callset_add(&s, "!%net", NULL, &err), SEAM_CALLSET_MINUS);
	STREQ(members(&s), "openat read readv");
	EQ(seam_callset_add(&s, "exit,table,!1", NULL, &err), SEAM_CALLSET_MINUS);
	STREQ(members(&s), "exit read readv table");

	seam_callset_init(&s, t, SEAM_ARCH_X86_64);
	seam_callset_add(&s, "!%desc", NULL, &err);
	STREQ(members(&s), "exit old receive");

	EQ(seam_callset_add(&s, "opnat", NULL, &err), -ENOENT);
	STREQ(err.text, "x86_64 has no call 'opnat'; did you mean 'openat'?");
	EQ(seam_callset_add(&s, "private", NULL, &err), -ENOENT);
	STREQ(err.text, "x86_64 has no call 'private'; it is there on arm (--arch)");
	EQ(seam_callset_add(&s, "%nte", NULL, &err), -ENOENT);
	STREQ(err.text, "there is no class '%nte'; did you mean '%net'?");
	EQ(seam_callset_add(&s, "zz*", NULL, &err), -ENOENT);
	STREQ(err.text, "no call of x86_64 fits 'zz*'");
	EQ(seam_callset_add(&s, "77", NULL, &err), -ENOENT);
	STREQ(err.text, "x86_64 has no call with the number 77");
	EQ(seam_callset_add(&s, "7x", NULL, &err), -EINVAL);
	EQ(seam_callset_add(&s, "!", NULL, &err), -EINVAL);
	EQ(seam_callset_add(&s, "read,,exit", NULL, &err), -EINVAL);
	EQ(seam_callset_add(&s, "", NULL, NULL), -EINVAL);
}

int main(void)
{
	test_lookup();
	test_names();
	test_conditions();
	test_cases();
	test_sets();
	return tap_done();
}

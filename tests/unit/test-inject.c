/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules of seam inject: what is read from their text, what is wrong with others, and which calls when= means. */
#include <errno.h>
#include <regex.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "seam/inject.h"
#include "tap.h"

/* --- when=: every text of a few characters against a pattern, and what it means against counting it out. */

#define CALLS 40

/* Which of the first calls are meant, said in another way: from the first one on, by steps, until the last. */
static void count_out(unsigned long first, unsigned long last, unsigned long step, bool *ret)
{
	memset(ret, 0, CALLS * sizeof(*ret));
	for (unsigned long n = first; n < CALLS && n <= last; n += step) {
		ret[n] = true;
		if (!step)
			break;
	}
}

/* False: it is none by the pattern. */
static bool oracle(const regex_t *regex, const char *text, bool *ret)
{
	regmatch_t m[6];
	unsigned long first, last = CALLS, step = 0;

	if (regexec(regex, text, 6, m, 0) != 0)
		return false;
	first = strtoul(text, NULL, 10);
	if (m[2].rm_so >= 0) {
		last = strtoul(text + m[2].rm_so, NULL, 10);
		step = 1;
		if (last < first)
			return false;
	}
	if (m[3].rm_so >= 0)
		step = 1;
	if (m[4].rm_so >= 0)
		step = strtoul(text + m[4].rm_so, NULL, 10);
	count_out(first, last, step, ret);
	return true;
}

static struct seam_inject_rule *rule_with(const char *when)
{
	struct seam_inject_rule *rule = NULL;
	char *text = xasprintf("chdir:error=EIO:when=%s", when);

	seam_inject_parse(text, NULL, &rule, NULL);
	free(text);
	return rule;
}

static void test_when(void)
{
	static const char letters[] = "012.+";
	unsigned good = 0, bad = 0, all = 1;
	char text[7];
	regex_t regex;

	OK(regcomp(&regex, "^0*[1-9][0-9]*(\\.\\.(0*[1-9][0-9]*))?(\\+(0*[1-9][0-9]*)?)?$", REG_EXTENDED) == 0);
	for (unsigned length = 1; length <= 6; length++) {
		all *= sizeof(letters) - 1;
		for (unsigned i = 0; i < all; i++) {
			struct seam_inject_rule *rule;
			bool wanted[CALLS], is;

			for (unsigned j = 0, rest = i; j < length; j++, rest /= sizeof(letters) - 1)
				text[j] = letters[rest % (sizeof(letters) - 1)];
			text[length] = 0;
			is = oracle(&regex, text, wanted);
			rule = rule_with(text);
			if (is != (rule != NULL))
				FAIL(text);
			for (unsigned n = 1; rule && is && n < CALLS; n++)
				if (seam_inject_is_due(&rule->when, n) != wanted[n]) {
					FAIL(text);
					break;
				}
			good += is;
			bad += !is;
			seam_inject_rule_free(rule);
		}
	}
	regfree(&regex);
	printf("# %u texts mean calls, %u mean none\n", good, bad);
	OK(good > 2000 && bad > 10000);
}

/* --- Rules that are right. */

static struct seam_inject_rule *parse(const char *text)
{
	struct seam_inject_rule *rule = NULL;
	struct seam_err err = SEAM_ERR_INIT;

	if (seam_inject_parse(text, NULL, &rule, &err) < 0)
		printf("# %s\n", err.text);
	return rule;
}

static bool has(const struct seam_inject_rule *rule, const char *name)
{
	return seam_callset_has(&rule->calls, seam_call_by_name(&seam_tables, seam_arch_native(), name));
}

static void test_sets(void)
{
	struct seam_inject_rule *rule = parse("inject=openat,chdir:error=EIO");

	OK(rule && has(rule, "openat") && has(rule, "chdir") && !has(rule, "close"));
	EQ(rule->call_count, 2);
	STREQ(rule->text, "openat,chdir:error=EIO");
	seam_inject_rule_free(rule);
	rule = parse("!read:error=EIO");
	OK(rule && has(rule, "openat") && !has(rule, "read"));
	seam_inject_rule_free(rule);
	rule = parse("/^chd:error=EIO");
	OK(rule && has(rule, "chdir") && rule->call_count == 1);
	seam_inject_rule_free(rule);
	rule = parse("%file,!chdir:error=EIO");
	OK(rule && has(rule, "openat") && !has(rule, "chdir") && !has(rule, "read"));
	seam_inject_rule_free(rule);
	rule = parse("all:error=EIO");
	OK(rule && has(rule, "openat") && has(rule, "read"));
	seam_inject_rule_free(rule);
}

static void test_values(void)
{
	static const struct {
		const char *text;
		unsigned what;
		int64_t result;
	} results[] = {
		{ "chdir:error=ENOSPC", SEAM_INJECT_RESULT, -ENOSPC },
		{ "chdir:error=enospc", SEAM_INJECT_RESULT, -ENOSPC },
		{ "chdir:error=EWOULDBLOCK", SEAM_INJECT_RESULT, -EAGAIN },
		{ "chdir:error=4095", SEAM_INJECT_RESULT, -4095 },
		{ "fault=chdir", SEAM_INJECT_RESULT, -ENOSYS },
		{ "fault=chdir:error=EIO:when=2", SEAM_INJECT_RESULT, -EIO },
		{ "chdir:retval=0x7fffffffffff", SEAM_INJECT_RESULT, 0x7fffffffffff },
		{ "chdir:retval=-3", SEAM_INJECT_RESULT, -3 },
		{ "chdir:retval=18446744073709551615", SEAM_INJECT_RESULT, -1 },
		{ "chdir::signal=HUP:", SEAM_INJECT_SIGNAL, 0 },
		{ "chdir:retval=5:signal=2:delay_enter=1:delay_exit=2", SEAM_INJECT_RESULT | SEAM_INJECT_SIGNAL | SEAM_INJECT_DELAY_ENTER | SEAM_INJECT_DELAY_EXIT, 5 },
		{ "read:short=5:delay_enter=3", SEAM_INJECT_SHORT | SEAM_INJECT_DELAY_ENTER, 0 },
		{ "chdir:poke_enter=@arg1=00:poke_exit=@arg1=00,@arg2=ff", SEAM_INJECT_POKE_ENTER | SEAM_INJECT_POKE_EXIT, 0 },
	};
	static const struct {
		const char *word;
		int signal;
	} signals[] = { { "1", 1 }, { "64", 64 }, { "USR1", SIGUSR1 }, { "sigusr1", SIGUSR1 }, { "SIGCHLD", SIGCHLD }, { "RT_2", 34 }, { "SIGRT_32", 64 },
			{ "RTMIN", 34 }, { "SIGRTMIN+3", 37 }, { "RTMAX-1", 63 } };
	static const struct {
		const char *word;
		uint64_t ns;
	} times[] = { { "1", 1000 }, { "1.5", 1500 }, { "3ns", 3 }, { "2us", 2000 }, { "0.25ms", 250000 }, { "1s", 1000000000 }, { "1e3", 1000000 }, { ".5s", 500000000 }, { "0", 0 } };

	for (size_t i = 0; i < ARRAY_SIZE(results); i++) {
		struct seam_inject_rule *rule = parse(results[i].text);

		if (!tap_result(rule && rule->what == results[i].what && rule->result == results[i].result, results[i].text, __FILE__, __LINE__) && rule)
			printf("# %x %lld\n", rule->what, (long long)rule->result);
		seam_inject_rule_free(rule);
	}
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		char *text = xasprintf("chdir:signal=%s", signals[i].word);
		struct seam_inject_rule *rule = parse(text);

		tap_result(rule && rule->signal == signals[i].signal, text, __FILE__, __LINE__);
		seam_inject_rule_free(rule);
		free(text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		char *text = xasprintf("chdir:delay_enter=%s:delay_exit=%s", times[i].word, times[i].word);
		struct seam_inject_rule *rule = parse(text);

		tap_result(rule && rule->delay_enter == times[i].ns && rule->delay_exit == times[i].ns, text, __FILE__, __LINE__);
		seam_inject_rule_free(rule);
		free(text);
	}
}

static void test_rest(void)
{
	struct seam_inject_rule *rule = parse("write:short=half");

	OK(rule && rule->short_percent && rule->short_to == 50);
	seam_inject_rule_free(rule);
	rule = parse("write:short=99%");
	OK(rule && rule->short_percent && rule->short_to == 99);
	seam_inject_rule_free(rule);
	rule = parse("write:short=4096");
	OK(rule && !rule->short_percent && rule->short_to == 4096);
	seam_inject_rule_free(rule);
	rule = parse("close:error=EIO:before");
	OK(rule && rule->order == SEAM_INJECT_BEFORE && !rule->also);
	seam_inject_rule_free(rule);
	rule = parse("close:retval=0:after:also");
	OK(rule && rule->order == SEAM_INJECT_AFTER && rule->also);
	seam_inject_rule_free(rule);
	rule = parse("chdir:error=EIO:syscall=getpid");
	OK(rule && rule->order == SEAM_INJECT_AS_KERNEL && str_eq(rule->instead, "getpid"));
	seam_inject_rule_free(rule);
	rule = parse("chdir:poke_enter=@arg2=0aFf");
	OK(rule && rule->poke_count == 1 && rule->pokes[0].arg == 1 && !rule->pokes[0].at_exit && rule->pokes[0].n == 2 && rule->pokes[0].bytes[0] == 10 &&
	   rule->pokes[0].bytes[1] == 255);
	seam_inject_rule_free(rule);
	/* of several the last one counts */
	rule = parse("chdir:error=EIO:when=2:when=5");
	OK(rule && rule->when.first == 5 && seam_inject_is_due(&rule->when, 5) && !seam_inject_is_due(&rule->when, 2));
	seam_inject_rule_free(rule);
	rule = parse("chdir:error=EIO");
	OK(rule && seam_inject_is_due(&rule->when, 1) && seam_inject_is_due(&rule->when, 1u << 30));
	seam_inject_rule_free(rule);
	rule = parse("chdir:error=EIO:when=4294967294");
	OK(rule && seam_inject_is_due(&rule->when, 4294967294u) && !seam_inject_is_due(&rule->when, 1ull << 40));
	seam_inject_rule_free(rule);
}

/* --- And those that are not. */

static void test_wrong(void)
{
	static struct seam_inject_rule untouched;
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{ "", "column 1: which calls is missing" },
		{ ":error=EIO", "column 1: which calls is missing" },
		{ "chdir", "column 1: what is to happen is missing" },
		{ "chdir:when=1", "what is to happen is missing" },
		{ "inject=chdirr:error=EIO", "column 8: x86_64 has no call 'chdirr'; did you mean 'chdir'?" },
		{ "%fiel:error=EIO", "did you mean '%file'?" },
		{ "none:error=EIO", "'none' is no call of" },
		{ "chdir:eror=EIO", "column 7: there is no 'eror'; did you mean 'error'?" },
		{ "chdir:frobnicate", "column 7: there is no 'frobnicate': error, retval" },
		{ "chdir:error", "'error' needs a value" },
		{ "chdir:error=EIO:after=1", "column 17: 'after' takes no value" },
		{ "chdir:error=", "there is no error ''" },
		{ "chdir:error=ENOSPCC", "did you mean 'ENOSPC'?" },
		{ "chdir:error=0", "1 to 4095" },
		{ "chdir:error=4096", "1 to 4095" },
		{ "chdir:error=-1", "there is no error '-1'" },
		{ "chdir:error=0x1", "1 to 4095" },
		{ "chdir:error=99999999999999999999", "1 to 4095" },
		{ "chdir:error=1:error=2", "'error' is there twice" },
		{ "chdir:error=1:retval=2", "only one of 'error' and 'retval'" },
		{ "chdir:retval=x", "'x' is no result" },
		{ "chdir:retval=", "'' is no result" },
		{ "chdir:retval=18446744073709551616", "is no result" },
		{ "chdir:signal=0", "1 to 64" },
		{ "chdir:signal=65", "1 to 64" },
		{ "chdir:signal=SIGUSR", "did you mean 'SIGUSR" },
		{ "chdir:signal=RTMIN+40", "there is no signal" },
		{ "chdir:signal=RTMIN+", "there is no signal" },
		{ "chdir:signal=RTMAX+1", "there is no signal" },
		{ "chdir:signal=RT_", "there is no signal" },
		{ "chdir:signal=1:signal=1", "'signal' is there twice" },
		{ "chdir:delay_enter=", "is no time" },
		{ "chdir:delay_enter=-1", "is no time" },
		{ "chdir:delay_enter=nan", "is no time" },
		{ "chdir:delay_enter=1m", "'m' is no unit" },
		{ "chdir:delay_enter=1e99s", "more than thirty years" },
		{ "chdir:delay_enter=0x", "'x' is no unit" },
		{ "chdir:poke_enter=", "is no memory" },
		{ "chdir:poke_enter=@arg7=00", "up to @arg6" },
		{ "chdir:poke_enter=@arg0=00", "up to @arg6" },
		{ "chdir:poke_enter=@arg1=0", "two hexadecimal digits" },
		{ "chdir:poke_enter=@arg1=0g", "two hexadecimal digits" },
		{ "chdir:poke_enter=@arg1=", "two hexadecimal digits" },
		{ "chdir:poke_enter=@arg1=00,", "'' is no memory" },
		{ "chdir:poke_enter=@arg1=00,@arg1=00", "@arg1 is there twice" },
		{ "chdir:error=1:syscall=nosuch", "has no call 'nosuch'" },
		{ "chdir:error=1:syscall=openat", "change nothing" },
		{ "chdir:error=1:syscall=sync", "change nothing" },
		{ "chdir:error=1:syscall=exit", "change nothing" },
		{ "chdir:syscall=getpid", "what is to happen is missing" },
		{ "chdir:signal=1:syscall=getpid", "goes with error= or retval=" },
		{ "chdir:signal=1:after", "'after' goes with" },
		{ "chdir:error=1:before:after", "only one of 'before' and 'after'" },
		{ "chdir:error=1:syscall=getpid:after", "neither before nor after" },
		{ "read:short=0", "end of the file" },
		{ "read:short=0%", "end of the file" },
		{ "read:short=100%", "would not be short" },
		{ "read:short=-1", "is no length" },
		{ "read:short=%", "is no length" },
		{ "read:short=1:error=EIO", "no error= and no retval= with short=" },
		{ "openat:short=1", "nothing to make shorter" },
		{ "%process:short=1", "nothing to make shorter" },
		{ "fault=read:short=1", "no error= and no retval= with short=" },
		{ "chdir:error=1:when=5..4", "the last call, 4, is before the first, 5" },
		{ "chdir:error=1:when=1+0", "the step is 0" },
		{ "chdir:error=1:when=4294967295", "counted from 1 to 4294967294" },
		{ "chdir:error=1:when=99999999999999999999", "counted from 1" },
		{ "chdir:error=1:when=1x", "'x' does not belong" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct seam_inject_rule *rule = &untouched;
		struct seam_err err = SEAM_ERR_INIT;
		int r = seam_inject_parse(wrong[i].text, NULL, &rule, &err);
		char *says = xstrdup(wrong[i].says), *name = strstr(says, "x86_64");

		/* the name of the machine that this runs on may be another */
		if (name)
			*name = 0;
		if (!tap_result((r == -EINVAL || r == -ENOENT) && strstr(err.text, says) && strstr(err.text, wrong[i].text) && rule == &untouched, wrong[i].text, __FILE__,
				__LINE__))
			printf("# %d %s\n", r, err.text);
		free(says);
		/* nobody asks why */
		if (seam_inject_parse(wrong[i].text, NULL, &rule, NULL) >= 0)
			FAIL(wrong[i].text);
	}
}

/* --- What the descriptions say. */

static bool can(const char *call, const char *what)
{
	struct seam_inject_rule *rule = NULL;
	char *text = xasprintf("%s:%s", call, what);
	int r = seam_inject_parse(text, NULL, &rule, NULL);

	seam_inject_rule_free(rule);
	free(text);
	return r >= 0;
}

static void test_calls(void)
{
	static const char *const yes[] = { "read", "write", "pread64", "pwrite64", "readv", "writev", "preadv", "pwritev", "preadv2", "pwritev2", "sendto", "recvfrom",
					   "sendmsg", "recvmsg", "sendfile", "splice", "tee", "copy_file_range" };
	static const char *const no[] = { "getdents64", "getrandom", "readlinkat", "ioctl", "bpf", "getxattr", "fgetxattr", "mq_timedreceive", "msgrcv", "sendmmsg", "fcntl",
					  "process_vm_readv", "getcwd", "getsockopt" };
	static const char *const harmless[] = { "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid" };
	static const char *const harmful[] = { "read", "exit_group", "sched_yield", "sync", "setsid", "munlockall", "rt_sigreturn", "vhangup", "getcwd" };

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		tap_result(can(yes[i], "short=1"), yes[i], __FILE__, __LINE__);
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		tap_result(!can(no[i], "short=1"), no[i], __FILE__, __LINE__);
	for (size_t i = 0; i < ARRAY_SIZE(harmless); i++) {
		char *what = xasprintf("error=EIO:syscall=%s", harmless[i]);

		tap_result(can("chdir", what), what, __FILE__, __LINE__);
		free(what);
	}
	for (size_t i = 0; i < ARRAY_SIZE(harmful); i++) {
		char *what = xasprintf("error=EIO:syscall=%s", harmful[i]);

		tap_result(!can("chdir", what), what, __FILE__, __LINE__);
		free(what);
	}
}

static void keep_sentence(void *user, const char *sentence)
{
	snprintf(user, 512, "%s", sentence);
}

static void test_doubts(void)
{
	static const struct {
		const char *text, *says; /* NULL: nothing is doubtful */
	} doubts[] = {
		{ "close:error=EIO", NULL },
		{ "close:error=ENOENT", "no kernel gives ENOENT to close; it fails with EBADF " },
		{ "close:retval=-2", "no kernel gives ENOENT to close" },
		{ "close:retval=2", NULL },
		{ "close:signal=1", NULL },
		{ "close:error=ENOSYS", NULL },
		{ "fault=close", NULL },
		{ "getpid:error=EIO", "it never fails" },
		{ "openat,close:error=ENOENT", "no kernel gives ENOENT to close" },
		{ "openat:error=ENOENT", NULL },
		{ "getpid,gettid,getuid,getgid,close:error=EIO", "getpid" },
		{ "getpid,gettid,getuid,getgid,close:error=EIO", " and 1 more" },
		{ "close:error=512", "no program has ever heard of error 512" },
		{ "ioctl:error=ENOTTY", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(doubts); i++) {
		struct seam_inject_rule *rule = parse(doubts[i].text);
		char said[512] = "";
		unsigned n = rule ? seam_inject_doubts(rule, NULL, keep_sentence, said) : 99;

		if (!tap_result(doubts[i].says ? n == 1 && strstr(said, doubts[i].says) : n == 0, doubts[i].text, __FILE__, __LINE__))
			printf("# %u %s\n", n, said);
		seam_inject_rule_free(rule);
	}
}

int main(void)
{
	test_sets();
	test_values();
	test_rest();
	test_wrong();
	test_calls();
	test_doubts();
	test_when();
	return tap_done();
}

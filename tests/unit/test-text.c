/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls as text and as JSON: names, values, strings, structures, what has come out and what has not. Invented calls. */
#include "base/util.h"
#include "text/text-parts.h"

#include "text-trial.h"

#define X86 SEAM_ARCH_X86_64
#define ARM SEAM_ARCH_ARM64

static void test_arguments(void)
{
	uint64_t path = put_string(0, "/etc/passwd");

	STREQ(line(TEXT, X86, "openat", ARGS((uint64_t)-100, path, 0, 0644), 3), "openat(AT_FDCWD, \"/etc/passwd\", O_RDONLY) = 3");
	STREQ(line(TEXT, X86, "openat", ARGS(7, path, 0x42, 0644), -2),
	      "openat(7, \"/etc/passwd\", O_RDWR|O_CREAT, 0644) = -1 ENOENT (No such file or directory)");
	STREQ(line(TEXT, X86, "openat", ARGS(7, path, 0x43, 0), -512),
	      "openat(7, \"/etc/passwd\", O_CREAT|0x3, 000) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)");
	/* the same number is another flag elsewhere */
	STREQ(line(TEXT, X86, "openat", ARGS(7, path, 0x20000), 3), "openat(7, \"/etc/passwd\", O_RDONLY|O_NOFOLLOW) = 3");
	STREQ(line(TEXT, ARM, "openat", ARGS(7, path, 0x20000), 3), "openat(7, \"/etc/passwd\", O_RDONLY|0x20000) = 3");
	STREQ(line(TEXT, X86, "openat", ARGS(7, 0, 0), -4), "openat(7, NULL, O_RDONLY) = -1 EINTR (Interrupted system call)");
	STREQ(line(TEXT, X86, "openat", ARGS(7, 0x77, 0), -4), "openat(7, 0x77, O_RDONLY) = -1 EINTR (Interrupted system call)");
	STREQ(line(ENTERED, X86, "openat", ARGS(7, path, 0), 0), "openat(7, \"/etc/passwd\", O_RDONLY) = ?");
	STREQ(line(TEXT, X86, "exit", ARGS(3), 0), "exit(3) = 0");
	STREQ(line(TEXT, X86, "nowhere", ARGS(1, 2, 3, 4, 5, 6), -38),
	      "syscall_0x1092(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = -1 ENOSYS (Function not implemented)");
	trial_options.names = true;
	STREQ(line(TEXT, X86, "openat", ARGS(7, path, 0), 3), "openat(dfd=7, filename=\"/etc/passwd\", flags=O_RDONLY) = 3");
	trial_options.names = false;
	trial_options.hex_addresses = true;
	STREQ(line(TEXT, X86, "openat", ARGS(7, path, 0), 3), "openat(7, 0x10000, O_RDONLY) = 3");
	trial_options.hex_addresses = false;
}

static void test_strings(void)
{
	static const char odd[] = "\t\n\"\\\1\0012\377\0z";
	char name[300];
	uint64_t at = put(0, odd, sizeof(odd) - 1);

	STREQ(line(TEXT, X86, "read", ARGS(3, at, 10), 10), "read(3, \"\\t\\n\\\"\\\\\\1\\0012\\377\\0z\", 10) = 10");
	STREQ(line(TEXT, X86, "read", ARGS(3, at, 10), 2), "read(3, \"\\t\\n\", 10) = 2");
	STREQ(line(TEXT, X86, "read", ARGS(3, at, 10), 0), "read(3, \"\", 10) = 0");
	STREQ(line(TEXT, X86, "read", ARGS(3, at, 10), -9), "read(3, 0x10000, 10) = -1 EBADF (Bad file descriptor)");
	STREQ(line(ENTERED, X86, "read", ARGS(3, at, 10), 0), "read(3, 0x10000, 10) = ?");
	at = put_string(0, "exactly thirty-three bytes of it.");
	STREQ(line(TEXT, X86, "read", ARGS(3, at, 33), 32), "read(3, \"exactly thirty-three bytes of it\", 33) = 32");
	STREQ(line(TEXT, X86, "read", ARGS(3, at, 33), 33), "read(3, \"exactly thirty-three bytes of it\"..., 33) = 33");
	trial_options.string_limit = 5;
	STREQ(line(TEXT, X86, "read", ARGS(3, at, 33), 33), "read(3, \"exact\"..., 33) = 33");
	STREQ(line(TEXT, X86, "openat", ARGS(3, at, 0), 4), "openat(3, \"exactly thirty-three bytes of it.\", O_RDONLY) = 4");
	trial_options.string_limit = 0;
	/* what a trace cut, or the end of the memory */
	memset(name, 'n', sizeof(name));
	at = put(PAGE - 3, name, 3);
	STREQ(line(TEXT, X86, "openat", ARGS(3, at, 0), 4), "openat(3, \"nnn\"..., O_RDONLY) = 4");
	STREQ(line(TEXT, X86, "read", ARGS(3, at, 10), 10), "read(3, \"nnn\"..., 10) = 10");
	/* no length of somebody else's is believed */
	OK(strlen(line(TEXT, X86, "read", ARGS(3, BASE, UINT64_MAX), INT64_MAX)) < 500);
	trial_options.string_limit = UINT32_MAX;
	OK(strlen(line(TEXT, X86, "read", ARGS(3, BASE, 1u << 30), 1u << 30)) < 5 * PAGE);
	trial_options.string_limit = 0;
}

static void test_structures(void)
{
	uint64_t message = BASE + 64, parts = put64(200, BASE + 300);

	forget();
	put64(200, BASE + 300);
	put64(208, 3);
	put64(216, BASE + 310);
	put64(224, 10);
	put_string(300, "onexxxxxxxtwo");
	STREQ(line(TEXT, X86, "readv", ARGS(3, parts, 2), 5),
	      "readv(3, [{iov_base=\"one\", iov_len=3}, {iov_base=\"tw\", iov_len=10}], 2) = 5");
	STREQ(line(TEXT, X86, "readv", ARGS(3, parts, 2), -11),
	      "readv(3, [{iov_base=0x1012c, iov_len=3}, {iov_base=0x10136, iov_len=10}], 2) = -1 EAGAIN (Resource temporarily unavailable)");
	STREQ(line(TEXT, X86, "readv", ARGS(3, parts, 0), 0), "readv(3, [], 0) = 0");
	STREQ(line(TEXT, X86, "readv", ARGS(3, 8, 1), -14), "readv(3, 0x8, 1) = -1 EFAULT (Bad address)");
	put64(64, 0);
	put32(72, 16);
	put64(80, parts);
	put64(88, 1);
	put32(96, 0x41);
	put32(400, 9);
	memory[SEAM_AT_EXIT][400] = 7;
	put64(408, 77);
	STREQ(line(TEXT, X86, "receive", ARGS(3, message, BASE + 400, BASE + 408), 2),
	      "receive(3, {name=NULL, namelen=16, iov=[{iov_base=\"on\", iov_len=3}], iovlen=1, flags=O_WRONLY|O_CREAT}, [9 => 7], 0x10198) = 2");
	memory[SEAM_AT_EXIT][400] = 9;
	STREQ(line(TEXT, X86, "receive", ARGS(3, 8, BASE + 400, 0), 2), "receive(3, 0x8, [9], NULL) = 2");
	/* bit fields, cases, members that are there under a condition */
	forget();
	put(0, "\1\0\x35\0\7\0\0\0\5\0\0\0\0\0\0\0", 16);
	STREQ(line(TEXT, X86, "control", ARGS(3, 2, BASE), 0), "control(3, C_SET, {type=1, low=5, high=3, pid=7, start=5}) = 0");
	STREQ(line(TEXT, X86, "control", ARGS(3, 77, 5), 0), "control(3, 0x4d /* C_??? */, 0x5) = 0");
	STREQ(line(TEXT, X86, "control", ARGS(3, 1, BASE), -22), "control(3, C_GET, 0x10000) = -1 EINVAL (Invalid argument)");
	forget();
	put64(0, 1);
	put32(8, 9);
	put64(16, 2);
	put64(24, 0x1234);
	put64(32, 3);
	put_string(40, "text");
	STREQ(line(TEXT, X86, "table", ARGS(BASE, 3, BASE + 8, 5), 3),
	      "table([{tag=1, fd=9}, {tag=2, address=0x1234}, {tag=3, text=\"text\"}], 3, [0], 0x5) = 3");
	trial_options.element_limit = 2;
	STREQ(line(TEXT, X86, "table", ARGS(BASE, 3, 0, 0), 3),
	      "table([{tag=1, fd=9}, {tag=2, address=0x1234}, ...], 3, NULL, NULL) = 3");
	trial_options.element_limit = 0;
	OK(strlen(line(TEXT, X86, "table", ARGS(BASE, UINT64_MAX, BASE, 0), 3)) < 2000);
	STREQ(line(TEXT, X86, "table", ARGS(BASE + PAGE - 16, 3, 0, 0), 3),
	      "table([{tag=0, text=\"\"}, ... /* 0x11000 */], 3, NULL, NULL) = 3");
}

static const char *descriptor(void *user, int fd, enum seam_when when)
{
	(void)user;
	return fd == 3 ? when == SEAM_AT_ENTRY ? "/etc/pass>wd" : "new" : fd == -100 ? "/home" : NULL;
}

static void test_descriptors(void)
{
	uint64_t path = put_string(0, "x");

	trial_descriptor = descriptor;
	STREQ(line(TEXT, X86, "openat", ARGS((uint64_t)-100, path, 0), 3), "openat(AT_FDCWD</home>, \"x\", O_RDONLY) = 3<new>");
	STREQ(line(TEXT, X86, "openat", ARGS(3, path, 0), 5), "openat(3</etc/pass\\076wd>, \"x\", O_RDONLY) = 5");
	STREQ(line(JSON, X86, "openat", ARGS(3, path, 0), 3),
	      "{\"name\": \"openat\", \"args\": {\"dfd\": {\"fd\": 3, \"is\": \"/etc/pass>wd\"}, \"filename\": \"x\", \"flags\": \"O_RDONLY\"}, "
	      "\"ret\": {\"fd\": 3, \"is\": \"new\"}}");
	trial_descriptor = NULL;
}

static void test_json(void)
{
	uint64_t at = put_string(0, "a \"b\" \xc3\xa9\n");

	STREQ(line(JSON, X86, "openat", ARGS((uint64_t)-100, at, 0x40, 0644), -2),
	      "{\"name\": \"openat\", \"args\": {\"dfd\": \"AT_FDCWD\", \"filename\": \"a \\\"b\\\" \xc3\xa9\\n\", \"flags\": \"O_RDONLY|O_CREAT\", "
	      "\"mode\": \"0644\"}, \"ret\": -2, \"error\": \"ENOENT\"}");
	at = put_string(0, "\xff\1");
	STREQ(line(JSON, X86, "read", ARGS(3, at, 2), 2),
	      "{\"name\": \"read\", \"args\": {\"fd\": 3, \"buf\": {\"hex\": \"ff01\"}, \"count\": 2}, \"ret\": 2}");
	STREQ(line(ENTERED, X86, "read", ARGS(3, at, 2), 2), "read(3, 0x10000, 2) = ?");
	at = put_string(0, "12345678901234567890123456789012345");
	STREQ(line(JSON, X86, "read", ARGS(3, at, 50), 35),
	      "{\"name\": \"read\", \"args\": {\"fd\": 3, \"buf\": \"12345678901234567890123456789012\", \"count\": 50}, \"ret\": 35, "
	      "\"cut\": [\"buf\"]}");
	/* a character is not cut in two */
	at = put_string(0, "1234567890123456789012345678901\xc3\xa9");
	STREQ(line(JSON, X86, "read", ARGS(3, at, 33), 33),
	      "{\"name\": \"read\", \"args\": {\"fd\": 3, \"buf\": \"1234567890123456789012345678901\", \"count\": 33}, \"ret\": 33, "
	      "\"cut\": [\"buf\"]}");
	forget();
	put64(0, 1);
	put32(8, 9);
	put32(400, 9);
	memory[SEAM_AT_EXIT][400] = 7;
	STREQ(line(JSON, X86, "table", ARGS(BASE, 1, 0, 0x55), 3),
	      "{\"name\": \"table\", \"args\": {\"cells\": [{\"tag\": 1, \"fd\": 9}], \"n\": 1, \"set\": null, \"more\": \"0x55\"}, \"ret\": 3}");
	STREQ(line(JSON, X86, "receive", ARGS(3, 0, BASE + 400, 0), 2),
	      "{\"name\": \"receive\", \"args\": {\"fd\": 3, \"msg\": null, \"len\": {\"before\": 9, \"after\": 7}, \"timeout\": null}, \"ret\": 2}");
	put64(408, 77);
	STREQ(line(JSON, X86, "control", ARGS(3, 1, BASE), -22),
	      "{\"name\": \"control\", \"args\": {\"fd\": 3, \"cmd\": \"C_GET\", \"arg\": \"0x10000\"}, \"ret\": -22, \"error\": \"EINVAL\"}");
	STREQ(line(JSON, X86, "option", ARGS(3, 1, 5, BASE + 408, BASE + 400), 0),
	      "{\"name\": \"option\", \"args\": {\"fd\": 3, \"level\": \"L_ONE\", \"name\": 5, \"value\": 77, "
	      "\"len\": {\"before\": 9, \"after\": 7}}, \"ret\": 0}");
	STREQ(line(JSON, X86, "nowhere", ARGS(1), -38),
	      "{\"name\": \"syscall_0x1092\", \"args\": {\"arg0\": \"0x1\", \"arg1\": \"0\", \"arg2\": \"0\", \"arg3\": \"0\", "
	      "\"arg4\": \"0\", \"arg5\": \"0\"}, \"ret\": -38, \"error\": \"ENOSYS\"}");
}

/* Numbers around all those where another digit or another bit comes. */
static void test_digits(void)
{
	char mine[TEXT_DIGITS + 1], theirs[TEXT_DIGITS + 1];
	uint64_t ten = 1;
	unsigned wrong = 0;

	for (unsigned i = 0; i < 64; i++, ten = i < 20 ? ten * 10 : UINT64_MAX) {
		uint64_t near[] = { ten - 1, ten, ten + 1, (1ull << i) - 1, 1ull << i };

		for (size_t k = 0; k < ARRAY_SIZE(near); k++) {
			*text_digits(mine, near[k]) = '\0';
			snprintf(theirs, sizeof(theirs), "%llu", (unsigned long long)near[k]);
			wrong += strcmp(mine, theirs) != 0;
		}
	}
	EQ(wrong, 0);
}

int main(void)
{
	test_arguments();
	test_strings();
	test_structures();
	test_descriptors();
	test_json();
	test_digits();
	seam_out_release(&trial_out);
	return tap_done();
}

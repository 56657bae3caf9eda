/* SPDX-License-Identifier: BSD-2-Clause */
/* Benchmark: calls as text and as JSON, into a file. The calls and their memory are there; one core. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/util.h"
#include "seam/text.h"

enum { ROUNDS = 200000 };

/* A piece of memory, as a trace holds it: where it was, and its bytes. */
struct piece {
	uint64_t address;
	const void *bytes;
	size_t n;
};

struct made {
	const char *name;
	uint64_t args[SEAM_MAX_ARGS];
	int64_t ret;
	struct piece pieces[3];
	const struct seam_call *call;
};

static const unsigned char elf[832] = "\177ELF\2\1\1\3\0\0\0\0\0\0\0\0\3\0>\0\1\0\0\0\20t\2";
static const char text[] = "The quick brown fox jumps over the lazy dog, again and again.\n";
static const char path[] = "/usr/lib/x86_64-linux-gnu/libc.so.6";
static const uint64_t stat_words[18] = { 65024, 123456, 1, 0x81a4, 0, 0, 1926232, 4096, 3768, 1763737966, 5, 1763737966, 5,
					 1763737966, 5 };
static const unsigned char inet[16] = { 2, 0, 0, 80, 127, 0, 0, 1 };
static const uint32_t length = 16;
static const unsigned char events[24] = { 1, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 8 };
static const uint64_t action[4] = { 0x401000, 0x14000000, 0x7f0000001000, 0x4002 };
static const uint64_t second[2] = { 1, 500000 };
static const uint64_t parts[4] = { 0x2000, 40, 0x2100, 10 };
static const uint32_t word = 2;

/* What a busy server and a compiler do, about as often. */
static struct made calls[] = {
	{ .name = "read", .args = { 3, 0x1000, 832 }, .ret = 832, .pieces = { { 0x1000, elf, sizeof(elf) } } },
	{ .name = "read", .args = { 3, 0x1000, 4096 }, .ret = 62, .pieces = { { 0x1000, text, sizeof(text) } } },
	{ .name = "write", .args = { 1, 0x1000, 62 }, .ret = 62, .pieces = { { 0x1000, text, sizeof(text) } } },
	{ .name = "openat", .args = { (uint64_t)-100, 0x1000, 0x80000 }, .ret = 3, .pieces = { { 0x1000, path, sizeof(path) } } },
	{ .name = "openat", .args = { (uint64_t)-100, 0x1000, 0x80000 }, .ret = -2, .pieces = { { 0x1000, path, sizeof(path) } } },
	{ .name = "newfstatat", .args = { (uint64_t)-100, 0x1000, 0x2000, 0x100 }, .ret = 0,
	  .pieces = { { 0x1000, path, sizeof(path) }, { 0x2000, stat_words, sizeof(stat_words) } } },
	{ .name = "fstat", .args = { 3, 0x2000 }, .ret = 0, .pieces = { { 0x2000, stat_words, sizeof(stat_words) } } },
	{ .name = "close", .args = { 3 }, .ret = 0 },
	{ .name = "close", .args = { 4 }, .ret = 0 },
	{ .name = "mmap", .args = { 0, 1974096, 1, 0x802, 3, 0 }, .ret = 0x7f0000000000 },
	{ .name = "lseek", .args = { 3, 0, 0 }, .ret = 0 },
	{ .name = "futex", .args = { 0x1000, 128, 2, 0 }, .ret = -11, .pieces = { { 0x1000, &word, sizeof(word) } } },
	{ .name = "futex", .args = { 0x1000, 129, 1 }, .ret = 1 },
	{ .name = "epoll_wait", .args = { 5, 0x1000, 16, (uint64_t)-1 }, .ret = 2, .pieces = { { 0x1000, events, sizeof(events) } } },
	{ .name = "recvfrom", .args = { 6, 0x1000, 100, 0, 0x2000, 0x3000 }, .ret = 62,
	  .pieces = { { 0x1000, text, sizeof(text) }, { 0x2000, inet, sizeof(inet) }, { 0x3000, &length, sizeof(length) } } },
	{ .name = "writev", .args = { 7, 0x1000, 2 }, .ret = 50, .pieces = { { 0x1000, parts, sizeof(parts) }, { 0x2000, elf, 512 } } },
	{ .name = "rt_sigaction", .args = { 17, 0x1000, 0, 8 }, .ret = 0, .pieces = { { 0x1000, action, sizeof(action) } } },
	{ .name = "clock_nanosleep", .args = { 1, 0, 0x1000, 0 }, .ret = 0, .pieces = { { 0x1000, second, sizeof(second) } } },
	{ .name = "fcntl", .args = { 3, 3 }, .ret = 0x8002 },
	{ .name = "getpid", .ret = 4242 },
};

static size_t read_pieces(void *user, uint64_t address, void *to, size_t n, enum seam_when when)
{
	const struct made *const *made = user;

	(void)when;
	for (size_t i = 0; i < ARRAY_SIZE((*made)->pieces) && (*made)->pieces[i].n; i++) {
		const struct piece *p = &(*made)->pieces[i];
		uint64_t skip = address - p->address;

		if (skip >= p->n)
			continue;
		n = MIN(n, p->n - skip);
		memcpy(to, (const unsigned char *)p->bytes + skip, n);
		return n;
	}
	return 0;
}

/* Of this process: others may be at work on the machine. */
static uint64_t cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t run(int fd, bool json, const struct made *first, size_t count, unsigned rounds)
{
	const struct made *now = first;
	struct seam_env env = { .read = read_pieces, .user = &now };
	struct seam_text x = { .t = &seam_tables, .arch = SEAM_ARCH_X86_64, .env = &env };
	struct seam_out out;
	uint64_t start;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return 0;
	seam_out_init(&out, fd);
	x.out = &out;
	start = cpu_ns();
	for (unsigned r = 0; r < rounds; r++) {
		for (now = first; now < first + count; now++) {
			memcpy(env.reg, now->args, sizeof(now->args));
			env.reg[SEAM_REG_RET] = (uint64_t)now->ret;
			x.call = now->call;
			x.variant = NULL;
			x.returned = true;
			if (json) {
				seam_text_json(&x);
			} else {
				seam_text_call(&x);
				seam_out_write(&out, " = ", 3);
				seam_text_result(&x);
			}
			seam_out_write(&out, "\n", 1);
		}
		/* the same pages of the file again: what is measured is not the disk */
		if (r % 1000 == 999 && lseek(fd, 0, SEEK_SET) < 0)
			return 0;
	}
	seam_out_flush(&out);
	start = cpu_ns() - start;
	seam_out_release(&out);
	return start;
}

static void report(const char *what, uint64_t ns, uint64_t n)
{
	printf("%-40s %8.1f ns  %5.2f million/s\n", what, (double)ns / (double)n, (double)n * 1000 / (double)ns);
}

int main(int argc, char **argv)
{
	FILE *f = tmpfile();
	uint64_t best[2] = { UINT64_MAX, UINT64_MAX };

	if (!f)
		return 1;
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		calls[i].call = seam_call_by_name(&seam_tables, SEAM_ARCH_X86_64, calls[i].name);
	for (int turn = 0; turn < 5; turn++) {
		for (int json = 0; json < 2; json++) {
			uint64_t took = run(fileno(f), json, calls, ARRAY_SIZE(calls), ROUNDS / 10);

			best[json] = MIN(best[json], took);
		}
	}
	report("a mixed call as text, into a file", best[0], ROUNDS / 10 * ARRAY_SIZE(calls));
	report("a mixed call as JSON, into a file", best[1], ROUNDS / 10 * ARRAY_SIZE(calls));
	/* -v: each of them */
	for (size_t i = 0; argc > 1 && !strcmp(argv[1], "-v") && i < ARRAY_SIZE(calls); i++)
		report(calls[i].name, run(fileno(f), false, &calls[i], 1, ROUNDS), ROUNDS);
	fclose(f);
	return 0;
}

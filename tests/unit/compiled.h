/* SPDX-License-Identifier: BSD-2-Clause */
/* Compiles a description from a string against a few facts of its own, for tests. */
#ifndef TESTS_COMPILED_H
#define TESTS_COMPILED_H

#include <string.h>

#include "seamc/model.h"

struct compiled {
	struct arena arena;
	struct diag diag;
	struct facts facts;
	struct ast ast;
	struct model model;
	struct model_tables t;
};

static const char test_numbers[] = "clone x86_64=56 arm64=220 riscv64=220\n"
				   "fcntl x86_64=72 arm64=25 riscv64=25\n"
				   "read x86_64=0 arm64=63 riscv64=63 i386=3\n"
				   "recvmsg x86_64=47 arm64=212 riscv64=212\n"
				   "waitpid i386=7\n";
static const char test_constants[] = "EBADF 9\nEINTR 4\nEINVAL 22\nEIO 5\n"
				     "F_DUPFD 0\nF_GETLK 5\nF_SETOWN 8\nF_X86 x86_64=99\n"
				     "O_ACCMODE 3\nO_CREAT 0x40\nO_DIRECT x86_64=0x4000 arm64=0x10000 riscv64=0x4000\n"
				     "O_NDELAY 0x800\nO_NONBLOCK 0x800\nO_RDONLY 0\nO_SYNC 0x101000\nO_DSYNC 0x1000\n"
				     "O_WRONLY 1\nMINUS -1\n";
static const char test_layouts[] = "struct flock size=32\n\tl_type 0 i16\n\tl_start 8 i64\n"
				   "struct small x86_64 size=12\n\tn 0 u32\n\tp 4 u64\n"
				   "struct small arm64 riscv64 size=16\n\tn 0 u32\n\tp 8 u64\n"
				   "struct user_msghdr size=56\n\tmsg_name 0 ptr\n\tmsg_namelen 8 i32\n\tmsg_iov 16 ptr\n"
				   "\tmsg_iovlen 24 u64\n\tmsg_control 32 ptr\n\tmsg_controllen 40 u64\n\tmsg_flags 48 u32\n"
				   "struct x86_only x86_64 size=4\n\ta 0 u32\n"
				   "struct file_handle size=8\n\thandle_bytes 0 u32\n\thandle_type 4 i32\n\tf_handle 8 u8 []\n"
				   "struct pair size=32\n\tfirst 0 struct:flock\n"
				   "union value size=8\n\tnumber 0 u32 u\n\tpointer 0 u64 u\n"
				   "struct tagged size=16\n\ttag 0 u32\n\tu.number 8 u32 u\n\tu.pointer 8 u64 u\n\tbits 4 u32:3:5\n";

static inline struct source test_source(const char *name, const char *text)
{
	return (struct source){ name, text, strlen(text) };
}

/* Errors are in c->diag.out. */
static inline void compile(struct compiled *c, const char *text)
{
	static struct source numbers, constants, layouts;
	struct source *calls;

	*c = (struct compiled){ .diag = { .out = BUF_INIT } };
	c->facts.arena = c->ast.arena = &c->arena;
	numbers = test_source("numbers", test_numbers);
	constants = test_source("constants", test_constants);
	layouts = test_source("layouts", test_layouts);
	calls = arena_new(&c->arena, struct source);
	*calls = test_source("t.call", arena_strndup(&c->arena, text, strlen(text)));
	facts_parse_numbers(&c->facts, &numbers, &c->diag);
	facts_parse_constants(&c->facts, &constants, &c->diag);
	facts_parse_layouts(&c->facts, &layouts, &c->diag);
	parse(&c->ast, calls, &c->diag);
	model_init(&c->model, &c->ast, &c->facts, &c->diag);
	model_build(&c->model);
	model_tables(&c->model, &c->t);
}

static inline void compiled_release(struct compiled *c)
{
	model_release(&c->model);
	facts_release(&c->facts);
	diag_release(&c->diag);
	arena_release(&c->arena);
}

/* What makes every number described, so that a test only writes what it is about. */
#define CLONE "call clone() -> pid\n"
#define FCNTL "call fcntl() -> int\n"
#define READ "call read() -> size\n"
#define RECVMSG "call recvmsg() -> size\n"

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a description: seamc must say what is wrong with them and nothing worse. */
#include <stddef.h>
#include <stdint.h>

#include "replay.h"
#include "seamc/model.h"

static const char numbers[] =
	"openat x86_64=257 arm64=56 riscv64=56\nread x86_64=0 arm64=63\nrecvmsg x86_64=47 riscv64=212\nexit x86_64=60\n";
static const char constants[] =
	"O_CREAT 0x40\nO_DIRECT x86_64=0x4000 arm64=0x10000\nO_ACCMODE 3\nEINVAL 22\nEBADF 9\nF_DUPFD 0\nF_GETLK 5\n";
static const char layouts[] =
	"struct user_msghdr size=56\n\tmsg_name 0 ptr\n\tmsg_namelen 8 i32\n\tmsg_iov 16 ptr\n\tmsg_iovlen 24 u64\n"
	"\tmsg_control 32 ptr\n\tmsg_controllen 40 u64\n\tmsg_flags 48 u32\n"
	"union u size=8\n\ta 0 u32 u\n\tb.c 0 u64 u\nstruct s size=16\n\tn 0 u32\n\tflags 4 u32:3:2\n\tbytes 8 u8 [8]\n"
	"\tinner 8 struct:user_msghdr\n\ttail 16 u8 []\n";

static struct source from_text(const char *name, const char *text, size_t len)
{
	return (struct source){ name, text, len };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct diag diag = { .out = BUF_INIT };
	struct facts facts = { .arena = &arena };
	struct ast ast = { .arena = &arena };
	struct model model;
	struct model_tables tables;
	struct source n = from_text("numbers", numbers, sizeof(numbers) - 1);
	struct source c = from_text("constants", constants, sizeof(constants) - 1);
	struct source l = from_text("layouts", layouts, sizeof(layouts) - 1);
	struct source calls = { .name = "fuzz.call", .len = size };

	/* a NUL ends the text: the file reader refuses no byte */
	calls.text = arena_strndup(&arena, (const char *)data, size);
	facts_parse_numbers(&facts, &n, &diag);
	facts_parse_constants(&facts, &c, &diag);
	facts_parse_layouts(&facts, &l, &diag);
	parse(&ast, &calls, &diag);
	model_init(&model, &ast, &facts, &diag);
	model_build(&model);
	model_tables(&model, &tables);
	model_release(&model);
	facts_release(&facts);
	diag_release(&diag);
	arena_release(&arena);
	return 0;
}

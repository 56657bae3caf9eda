/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of seam/describe.h, with the tables of tests/sample. The whole text of calls is in tests/cli/calls-sample. */
#include "seam/describe.h"
#include "tap.h"

static const struct seam_tables *const t = &seam_tables;
static struct seam_out out;

static const char *done(void)
{
	static char text[4096];

	snprintf(text, sizeof(text), "%s", out.data);
	seam_out_release(&out);
	return text;
}

static const struct seam_call *call_of(const char *name)
{
	return seam_call_by_name(t, SEAM_ARCH_X86_64, name);
}

static const struct seam_variant *variant_of(const char *name, uint32_t i)
{
	return &t->variants[call_of(name)->variants.first + i];
}

static const char *type(const char *name, uint32_t variant, uint32_t arg)
{
	seam_out_init_mem(&out);
	seam_type_text(t, t->args[variant_of(name, variant)->args.first + arg].type, &out);
	return done();
}

static const char *signature(const char *name)
{
	seam_out_init_mem(&out);
	seam_call_signature(t, call_of(name), &out);
	return done();
}

static const char *program(struct seam_span span)
{
	seam_out_init_mem(&out);
	seam_program_text(t, span, 0, &out);
	return done();
}

static void test_types(void)
{
	STREQ(type("openat", 0, 0), "dirfd");
	STREQ(type("openat", 0, 1), "in path@dfd nofollow when flags & O_NOFOLLOW");
	STREQ(type("openat", 0, 2), "bits open");
	STREQ(type("openat", 0, 3), "mode if flags & O_CREAT");
	STREQ(type("read", 0, 1), "out data[count; ret]");
	STREQ(type("readv", 0, 1), "in iovec[vlen] of out data[; ret]");
	STREQ(type("readv", 0, 2), "count:32");
	STREQ(type("receive", 0, 1), "io struct message(ret)");
	STREQ(type("table", 0, 2), "out fdset[n]");
	STREQ(type("table", 0, 3), "opaque \"too wild\"");
	STREQ(type("control", 3, 2), "out u32 if ret == -EAGAIN");
	STREQ(signature("read"), "read(fd fd, buf out data[count; ret], count size) -> size");
	STREQ(signature("exit"), "exit(status i32) -> none");
	STREQ(signature("control"), "control(fd fd, cmd enum control, arg ...) -> int");
}

static void test_programs(void)
{
	STREQ(program(variant_of("openat", 0)->entry), "str arg1\nend\n");
	STREQ(program(variant_of("openat", 0)->exit), "");
	STREQ(program(variant_of("exit", 0)->entry), "");
	OK(strstr(program(variant_of("read", 0)->exit), "mem data arg1, t"));
	OK(strstr(program(variant_of("table", 0)->entry), "mem arg0, t"));
}

static void test_case_patterns(void)
{
	OK(seam_case_fits(t, variant_of("control", 2), "C_LOCK"));
	OK(seam_case_fits(t, variant_of("control", 2), "C_S*"));
	OK(!seam_case_fits(t, variant_of("control", 2), "cmd"));
	OK(!seam_case_fits(t, variant_of("control", 2), "C_GET"));
	OK(seam_case_fits(t, variant_of("control", 0), "else"));
	OK(seam_case_fits(t, variant_of("option", 2), "7"));
	OK(seam_case_fits(t, variant_of("option", 2), "L_ONE"));
	OK(!seam_case_fits(t, variant_of("option", 2), "name"));
}

static unsigned places;

static void undescribed(void *user, enum seam_coverage_where where, const char *place, const char *reason)
{
	(void)user;
	places++;
	switch (where) {
	case SEAM_COVERAGE_ARG:
		STREQ(place, "table: more");
		STREQ(reason, "too wild");
		break;
	case SEAM_COVERAGE_CASE:
		STREQ(place, "option, level = L_TWO: value");
		STREQ(reason, "nobody knows");
		break;
	case SEAM_COVERAGE_MEMBER:
		STREQ(place, "struct cell: address");
		STREQ(reason, "only its owner knows");
		break;
	}
}

static void test_coverage(void)
{
	struct seam_coverage c;

	seam_coverage(t, SEAM_ARCH_X86_64, &c, undescribed, NULL);
	EQ(places, 3);
	EQ(c.calls, 9);
	EQ(c.described, 9);
	EQ(c.gone, 1);
	EQ(c.multiplexed, 2);
	EQ(c.cases, 6);
	EQ(c.pointers.all, 12);
	EQ(c.pointers.described, 11);
	EQ(c.in_structures.all, 3);
	EQ(c.in_structures.described, 2);
	EQ(c.structures, 3);
	EQ(c.shapes, 3);
	seam_coverage(t, SEAM_ARCH_I386, &c, NULL, NULL);
	EQ(c.calls, 3);
	EQ(c.described, 0);
}

/* Nothing in any description may reach outside the tables or loop, whatever the width. */
static void test_all(void)
{
	unsigned empty = 0;

	for (enum seam_arch arch = 0; arch < SEAM_ARCH_COUNT; arch++) {
		for (uint32_t i = 0; i < t->arch[arch].call_count; i++) {
			struct seam_describe_options options = { .width = 1 };

			for (options.width = 1; options.width < 300; options.width += 40) {
				options.all = options.width & 8;
				seam_out_init_mem(&out);
				seam_call_describe(t, arch, &t->arch[arch].calls[i], &options, &out);
				if (out.len < 20)
					empty++;
				seam_out_release(&out);
			}
		}
	}
	EQ(empty, 0);
}

int main(void)
{
	test_types();
	test_programs();
	test_case_patterns();
	test_coverage();
	test_all();
	return tap_done();
}

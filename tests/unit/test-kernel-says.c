/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The descriptions of x86_64 against what tracefs says of the same calls (tracefs.x86_64): which there are, how many
 * arguments, their names, and which of them are pointers. test-kernel-says DIRECTORY-OF-TABLES
 */
#include "base/str.h"
#include "exceptions.h"
#include "seam/calls.h"

static const struct seam_tables *const t = &seam_tables;

struct said {
	char *name;
	size_t n;
	struct said_arg {
		char *type, *name;
	} arg[8];
};

/* name(TYPE ARG, TYPE ARG, ...); points into @line. */
static bool parse_said(char *line, struct said *ret)
{
	char *open = strchr(line, '('), *close = strrchr(line, ')'), *save = NULL;

	if (!open || !close || close < open)
		return false;
	*open = *close = '\0';
	ret->name = line;
	ret->n = 0;
	for (char *a = strtok_r(open + 1, ",", &save); a; a = strtok_r(NULL, ",", &save)) {
		char *blank;

		a += strspn(a, " ");
		blank = strrchr(a, ' ');
		if (!blank || ret->n == 8)
			return false;
		*blank = '\0';
		ret->arg[ret->n].type = a;
		ret->arg[ret->n++].name = blank + 1;
	}
	return true;
}

/* A pointer to memory, also behind a typedef. */
static bool said_pointer(const char *type)
{
	return strchr(type, '*') || str_ends(type, "cap_user_header_t") || str_ends(type, "cap_user_data_t");
}

static bool is_pointer(const struct seam_type *type)
{
	return type->dir != SEAM_DIR_VALUE || type->kind >= SEAM_KIND_PATH;
}

/* Whether argument @i is a pointer in one of the call's cases; *ret_all: in all in which it is anything. */
static bool points(const struct seam_call *call, uint32_t i, bool *ret_all)
{
	bool some = false;

	*ret_all = true;
	for (uint32_t v = 0; v < call->variants.count; v++) {
		const struct seam_variant *variant = &t->variants[call->variants.first + v];
		const struct seam_type *type = &t->types[t->args[variant->args.first + i].type];

		if (is_pointer(type))
			some = true;
		else if (type->kind != SEAM_KIND_UNUSED)
			*ret_all = false;
	}
	return some;
}

static const struct seam_variant *first_variant(const struct seam_call *call)
{
	return &t->variants[call->variants.first];
}

static const char *arg_name(const struct seam_call *call, uint32_t i)
{
	return seam_string(t, t->args[first_variant(call)->args.first + i].name);
}

static int names_differ(const struct seam_call *call, const struct said *said, bool say)
{
	const char *name = seam_string(t, call->name);
	uint32_t n = first_variant(call)->args.count;
	int differences = 0;

	if (n != said->n) {
		if (say)
			printf("# %s: %u arguments, the kernel says %zu\n", name, n, said->n);
		return 1;
	}
	for (uint32_t i = 0; i < n; i++)
		if (strcmp(arg_name(call, i), said->arg[i].name)) {
			if (say)
				printf("# %s: %s, the kernel says %s\n", name, arg_name(call, i), said->arg[i].name);
			differences++;
		}
	return differences;
}

static int pointers_differ(const struct seam_call *call, const struct said *said, struct exceptions *x)
{
	const char *name = seam_string(t, call->name);
	int differences = 0;

	for (uint32_t i = 0; i < first_variant(call)->args.count && i < said->n; i++) {
		bool all, some = points(call, i, &all);
		bool theirs = said_pointer(said->arg[i].type);

		/* Where the kernel has a pointer every case must; where it has a number none may. */
		if ((theirs ? some && all : !some) || excepted(x, "pointer", name, arg_name(call, i)))
			continue;
		printf("# %s: %s is %s, the kernel says %s\n", name, arg_name(call, i),
		       !some ? "no pointer" : all ? "a pointer" : "a pointer in some cases", said->arg[i].type);
		differences++;
	}
	return differences;
}

int main(int argc, char **argv)
{
	const struct seam_arch_tables *arch = &t->arch[SEAM_ARCH_X86_64];
	struct strmap seen = STRMAP_INIT;
	struct exceptions x;
	char *text, *at;
	int calls = 0, args = 0, pointers = 0, bad_lines = 0, missing = 0, named = 0, pointing = 0, silent = 0;

	if (argc != 2)
		return 2;
	exceptions_read(&x, argv[1], " alias silent arguments pointer ", " pointer alias ");
	text = at = read_table(argv[1], "tracefs.x86_64");
	for (char *line; (line = next_line(&at));) {
		const struct seam_call *call;
		struct said said;

		if (!parse_said(line, &said)) {
			bad_lines++;
			continue;
		}
		calls++;
		args += (int)said.n;
		for (size_t i = 0; i < said.n; i++)
			pointers += said_pointer(said.arg[i].type);
		call = seam_call_by_name(t, SEAM_ARCH_X86_64, said.name);
		if (!call) {
			struct strmap_entry *e;
			struct buf key = BUF_INIT;

			buf_addf(&key, "alias %s ", said.name);
			strmap_for_each(e, &x.map) {
				const char *as = str_after(e->key, key.data);

				if (as && excepted(&x, "alias", said.name, as))
					call = seam_call_by_name(t, SEAM_ARCH_X86_64, as);
			}
			buf_release(&key);
		}
		if (!call || !call->variants.count) {
			printf("# %s is not described\n", said.name);
			missing++;
			continue;
		}
		strmap_put(&seen, seam_string(t, call->name), &seen);
		if (names_differ(call, &said, false) && !excepted(&x, "arguments", seam_string(t, call->name), NULL))
			named += names_differ(call, &said, true);
		pointing += pointers_differ(call, &said, &x);
	}
	for (uint32_t i = 0; i < arch->call_count; i++) {
		const char *name = seam_string(t, arch->calls[i].name);

		if ((arch->calls[i].flags & SEAM_CALL_GONE) || strmap_has(&seen, name) || excepted(&x, "silent", name, NULL))
			continue;
		printf("# the kernel does not show %s\n", name);
		silent++;
	}
	printf("# %d calls, %d arguments, %d of them pointers\n", calls, args, pointers);
	EQ(bad_lines, 0);
	EQ(missing, 0);
	EQ(silent, 0);
	EQ(named, 0);
	EQ(pointing, 0);
	OK(calls >= 360);
	exceptions_end(&x);
	strmap_release(&seen);
	free(text);
	return tap_done();
}

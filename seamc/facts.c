/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the tables that calls/tables/extract makes of the kernel's headers. Their forms are described there. */
#include "seamc/facts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/str.h"
#include "calls/vocabulary.h"

#define FILE_LIMIT ((size_t)64 << 20)
#define MAX_FIELDS 16

/* A line split at blanks. */
struct line {
	struct loc loc;
	bool indented;
	size_t n;
	char *field[MAX_FIELDS];
};

static void bad_line(struct diag *diag, const struct line *l, const char *wanted)
{
	diag_error(diag, l->loc, "this line is not as it should be: %s", wanted);
}

typedef void line_fn(struct facts *f, struct line *l, struct diag *diag, void *state);

static void for_each_line(struct facts *f, const struct source *s, struct diag *diag, line_fn *fn, void *state)
{
	struct line l = { .loc = { s, 0, 1 } };

	for (const char *at = s->text, *end; *at; at = *end ? end + 1 : end) {
		char *copy, *save = NULL;

		end = at + strcspn(at, "\n");
		l.loc.line++;
		l.n = 0;
		l.indented = *at == '\t' || *at == ' ';
		copy = arena_strndup(f->arena, at, (size_t)(end - at));
		for (char *w = strtok_r(copy, " \t", &save); w; w = strtok_r(NULL, " \t", &save)) {
			if (*w == '#')
				break;
			if (l.n == MAX_FIELDS) {
				bad_line(diag, &l, "too many words");
				break;
			}
			l.field[l.n++] = w;
		}
		if (l.n)
			fn(f, &l, diag, state);
	}
}

/* arch=NUMBER; 0 or -1 */
static int arch_value(const char *word, enum seam_arch *ret_arch, uint64_t *ret_value)
{
	const char *equals = strchr(word, '=');
	char name[16];
	int arch;

	if (!equals || (size_t)(equals - word) >= sizeof(name))
		return -1;
	memcpy(name, word, (size_t)(equals - word));
	name[equals - word] = '\0';
	arch = word_arch(name);
	if (arch < 0)
		return -1;
	*ret_arch = (enum seam_arch)arch;
	if (equals[1] == '-')
		return parse_i64(equals + 1, (int64_t *)ret_value) < 0 ? -1 : 0;
	return parse_u64(equals + 1, ret_value) < 0 ? -1 : 0;
}

static void number_line(struct facts *f, struct line *l, struct diag *diag, void *state)
{
	struct fact_number n = { .name = l->field[0] };

	(void)state;
	for (size_t i = 1; i < l->n; i++) {
		enum seam_arch arch;
		uint64_t value;

		if (arch_value(l->field[i], &arch, &value) < 0 || value > UINT32_MAX) {
			bad_line(diag, l, "NAME arch=NUMBER ...");
			return;
		}
		n.have[arch] = true;
		n.number[arch] = (uint32_t)value;
	}
	*vec_push(f->arena, &f->numbers) = n;
}

static void const_line(struct facts *f, struct line *l, struct diag *diag, void *state)
{
	struct fact_const *c = arena_new(f->arena, struct fact_const);

	(void)state;
	c->name = l->field[0];
	for (size_t i = 1; i < l->n; i++) {
		enum seam_arch arch;
		uint64_t value;

		if (!strchr(l->field[i], '=')) {
			int r = l->field[i][0] == '-' ? parse_i64(l->field[i], (int64_t *)&value) :
							parse_u64(l->field[i], &value);

			if (r < 0) {
				bad_line(diag, l, "NAME VALUE");
				return;
			}
			for (arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++) {
				c->have[arch] = true;
				c->value[arch] = value;
			}
		} else if (arch_value(l->field[i], &arch, &value) < 0 || arch >= SEAM_ARCH_DESCRIBED) {
			bad_line(diag, l, "NAME arch=VALUE ...");
			return;
		} else {
			c->have[arch] = true;
			c->value[arch] = value;
		}
	}
	if (strmap_put(&f->consts, c->name, c))
		diag_error(diag, l->loc, "the constant %s stands here twice", c->name);
}

/* Where members go: the structure under way, and its architectures. */
struct layout_state {
	struct fact_struct *open;
};

static bool member_type(struct fact_member *m, const char *type)
{
	static const struct {
		const char *name;
		enum c_kind kind;
		uint32_t bytes;
		bool is_signed;
	} types[] = {
		{ "u8", C_INTEGER, 1, false },  { "i8", C_INTEGER, 1, true },	{ "u16", C_INTEGER, 2, false },
		{ "i16", C_INTEGER, 2, true },  { "u32", C_INTEGER, 4, false }, { "i32", C_INTEGER, 4, true },
		{ "u64", C_INTEGER, 8, false }, { "i64", C_INTEGER, 8, true },	{ "char", C_CHAR, 1, true },
		{ "ptr", C_POINTER, 8, false },
	};
	size_t n = strcspn(type, ":");

	m->of = str_after(type, "struct:");
	if (!m->of)
		m->of = str_after(type, "union:");
	if (m->of) {
		m->kind = C_STRUCT;
		return true;
	}
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		unsigned long bit, bits;
		char *end;

		if (strlen(types[i].name) != n || strncmp(types[i].name, type, n) != 0)
			continue;
		m->kind = types[i].kind;
		m->bytes = types[i].bytes;
		m->is_signed = types[i].is_signed;
		if (!type[n])
			return true;
		bit = strtoul(type + n + 1, &end, 10);
		if (*end != ':')
			return false;
		bits = strtoul(end + 1, &end, 10);
		if (*end || bit + bits > m->bytes * 8 || !bits)
			return false;
		m->bit = (uint8_t)bit;
		m->bits = (uint8_t)bits;
		return true;
	}
	return false;
}

/* NAME OFFSET TYPE [COUNT] [u] */
static void member_line(struct facts *f, struct line *l, struct diag *diag, struct layout_state *state)
{
	struct fact_member m = { .name = l->field[0] };
	uint32_t offset;

	if (!state->open || l->n < 3 || parse_u32(l->field[1], &offset) < 0 || !member_type(&m, l->field[2]))
		goto bad;
	m.offset = offset;
	for (size_t i = 3; i < l->n; i++) {
		const char *word = l->field[i];

		if (strcmp(word, "u") == 0) {
			m.in_union = true;
		} else if (*word == '[') {
			char *end;

			m.array = true;
			m.count = (uint32_t)strtoul(word + 1, &end, 10);
			if (strcmp(end, "]") != 0)
				goto bad;
		} else {
			goto bad;
		}
	}
	*vec_push(f->arena, &state->open->members) = m;
	return;
bad:
	bad_line(diag, l, "NAME OFFSET TYPE [COUNT] [u]");
}

/* struct NAME [ARCH ...] size=N */
static void struct_line(struct facts *f, struct line *l, struct diag *diag, struct layout_state *state)
{
	struct fact_struct *s = arena_new(f->arena, struct fact_struct);
	bool any = false;

	state->open = NULL;
	if (l->n < 3 || (strcmp(l->field[0], "struct") != 0 && strcmp(l->field[0], "union") != 0) ||
	    !str_starts(l->field[l->n - 1], "size=") || parse_u32(l->field[l->n - 1] + 5, &s->size) < 0)
		goto bad;
	s->name = l->field[1];
	s->is_union = *l->field[0] == 'u';
	for (size_t i = 2; i < l->n - 1; i++) {
		int arch = word_arch(l->field[i]);

		if (arch < 0 || arch >= SEAM_ARCH_DESCRIBED)
			goto bad;
		strmap_put(&f->structs[arch], s->name, s);
		any = true;
	}
	for (int arch = 0; arch < SEAM_ARCH_DESCRIBED && !any; arch++)
		strmap_put(&f->structs[arch], s->name, s);
	state->open = s;
	return;
bad:
	bad_line(diag, l, "struct NAME [ARCH ...] size=N");
}

static void layout_line(struct facts *f, struct line *l, struct diag *diag, void *state)
{
	if (l->indented)
		member_line(f, l, diag, state);
	else
		struct_line(f, l, diag, state);
}

void facts_parse_numbers(struct facts *f, const struct source *s, struct diag *diag)
{
	for_each_line(f, s, diag, number_line, NULL);
}

void facts_parse_constants(struct facts *f, const struct source *s, struct diag *diag)
{
	for_each_line(f, s, diag, const_line, NULL);
}

void facts_parse_layouts(struct facts *f, const struct source *s, struct diag *diag)
{
	struct layout_state state = { 0 };

	for_each_line(f, s, diag, layout_line, &state);
}

void facts_load(struct facts *f, const char *dir, struct diag *diag)
{
	static const struct {
		const char *name;
		void (*parse)(struct facts *, const struct source *, struct diag *);
	} tables[] = {
		{ "numbers", facts_parse_numbers },
		{ "constants", facts_parse_constants },
		{ "layouts", facts_parse_layouts },
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		struct source *s = arena_new(f->arena, struct source);
		struct buf text = BUF_INIT;
		struct seam_err err = { 0 };

		s->name = arena_printf(f->arena, "%s/%s", dir, tables[i].name);
		if (file_read(s->name, FILE_LIMIT, &text, &err) < 0) {
			diag_error(diag, (struct loc){ 0 }, "%s", err.text);
		} else {
			s->text = arena_strndup(f->arena, text.data, text.len);
			s->len = text.len;
			tables[i].parse(f, s, diag);
		}
		buf_release(&text);
	}
}

void facts_release(struct facts *f)
{
	strmap_release(&f->consts);
	for (int arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++)
		strmap_release(&f->structs[arch]);
}

struct fact_number *facts_number(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->numbers.n; i++)
		if (strcmp(f->numbers.at[i].name, name) == 0)
			return &f->numbers.at[i];
	return NULL;
}

void facts_add_number(struct facts *f, const struct fact_number *n)
{
	size_t i;

	vec_push(f->arena, &f->numbers);
	for (i = f->numbers.n - 1; i > 0 && strcmp(f->numbers.at[i - 1].name, n->name) > 0; i--)
		f->numbers.at[i] = f->numbers.at[i - 1];
	f->numbers.at[i] = *n;
}

const struct fact_const *facts_const(const struct facts *f, const char *name)
{
	return strmap_get(&f->consts, name);
}

const struct fact_struct *facts_struct(const struct facts *f, enum seam_arch arch, const char *name)
{
	return strmap_get(&f->structs[arch], name);
}

const struct fact_member *facts_member(const struct fact_struct *s, const char *name, int64_t at)
{
	for (size_t i = 0; i < s->members.n; i++) {
		const struct fact_member *m = &s->members.at[i];

		if (strcmp(m->name, name) == 0 && (at < 0 || m->offset == at))
			return m;
	}
	return NULL;
}

uint32_t facts_member_size(const struct facts *f, enum seam_arch arch, const struct fact_member *m)
{
	uint32_t one = m->bytes;

	if (m->kind == C_STRUCT) {
		const struct fact_struct *s = facts_struct(f, arch, m->of);

		one = s ? s->size : 0;
	}
	return m->array ? one * m->count : one;
}

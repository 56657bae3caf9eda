/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of layouts against the kernel's own types (btf.x86_64): sizes and members, both ways.
 * test-layouts-btf DIRECTORY-OF-TABLES
 */
#include "base/str.h"
#include "exceptions.h"

struct structure {
	char *size;
	struct strmap members; /* "NAME OFFSET" -> type and count */
};

static void free_structures(struct strmap *all)
{
	struct strmap_entry *e, *m;

	strmap_for_each(e, all) {
		struct structure *s = e->value;

		strmap_for_each(m, &s->members)
			free(m->value);
		strmap_release(&s->members);
		free(s->size);
		free(s);
	}
	strmap_release(all);
}

/* Those of x86_64. */
static void read_layouts(const char *dir, const char *name, struct strmap *all)
{
	char *text = read_table(dir, name), *at = text;
	struct structure *s = NULL;

	for (char *line; (line = next_line(&at));) {
		char *save = NULL, *word = strtok_r(line, "\t ", &save), *a = strtok_r(NULL, " ", &save);
		bool head = *line != '\t', here = false, any = true;

		if (head) {
			s = NULL;
			for (char *w; (w = strtok_r(NULL, " ", &save));) {
				const char *size = str_after(w, "size=");

				if (size && (any || here)) {
					s = calloc(1, sizeof(*s));
					s->size = strdup(size);
					strmap_put(all, a, s);
				} else if (!size) {
					any = false;
					here |= !strcmp(w, "x86_64");
				}
			}
		} else if (s) {
			const char *type = strtok_r(NULL, " ", &save), *count = strtok_r(NULL, " ", &save);
			struct buf key = BUF_INIT, value = BUF_INIT;

			buf_addf(&key, "%s %s", word, a);
			buf_addf(&value, "%s%s", type, count && *count == '[' ? count : "");
			free(strmap_put(&s->members, key.data, buf_steal(&value)));
			buf_release(&key);
		}
	}
	free(text);
}

/* One type for both when one of them is but the typedef or the alias of the other. */
static bool same_type(const char *ours, const char *theirs)
{
	if (!strcmp(ours, theirs))
		return true;
	return str_starts(ours, "struct:") && str_starts(theirs, "struct:");
}

static int differences(const char *name, const struct structure *ours, const struct structure *theirs, bool say)
{
	struct strmap_entry *e;
	int n = 0;

	if (strcmp(ours->size, theirs->size)) {
		n++;
		if (say)
			printf("# %s: %s bytes, the kernel says %s\n", name, ours->size, theirs->size);
	}
	strmap_for_each(e, &ours->members) {
		const char *type = strmap_get(&theirs->members, e->key);

		if (type && same_type(e->value, type))
			continue;
		n++;
		if (say)
			printf("# %s: %s %s, the kernel says %s\n", name, e->key, (char *)e->value, type ? type : "nothing");
	}
	strmap_for_each(e, &theirs->members)
		if (!strmap_has(&ours->members, e->key)) {
			n++;
			if (say)
				printf("# %s: the kernel also has %s %s\n", name, e->key, (char *)e->value);
		}
	return n;
}

int main(int argc, char **argv)
{
	struct strmap ours = STRMAP_INIT, theirs = STRMAP_INIT;
	struct exceptions x;
	struct strmap_entry *e;
	int differing = 0, unknown = 0;

	if (argc != 2)
		return 2;
	read_layouts(argv[1], "layouts", &ours);
	read_layouts(argv[1], "btf.x86_64", &theirs);
	exceptions_read(&x, argv[1], " layout ", "");
	strmap_for_each(e, &theirs) {
		const struct structure *mine = strmap_get(&ours, e->key);

		if (!mine) {
			printf("# the table has no %s\n", e->key);
			unknown++;
		} else if (differences(e->key, mine, e->value, false) && !excepted(&x, "layout", e->key, NULL)) {
			differing++;
			differences(e->key, mine, e->value, true);
		}
	}
	printf("# %zu of %zu structures compared\n", theirs.len, ours.len);
	EQ(differing, 0);
	EQ(unknown, 0);
	OK(theirs.len > 400);
	exceptions_end(&x);
	free_structures(&ours);
	free_structures(&theirs);
	return tap_done();
}

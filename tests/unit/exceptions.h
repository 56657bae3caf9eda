/* SPDX-License-Identifier: BSD-2-Clause */
/* calls/tables/exceptions: differences that are known, each with its reason; and the lines of the other tables. */
#ifndef TESTS_EXCEPTIONS_H
#define TESTS_EXCEPTIONS_H

#include <stdlib.h>

#include "base/files.h"
#include "base/strmap.h"
#include "tap.h"

struct exceptions {
	struct strmap map; /* "KIND NAME [NAME]" -> its text after that */
	struct strmap used;
};

static inline char *read_table(const char *dir, const char *name)
{
	struct seam_err err = { 0 };
	struct buf path = BUF_INIT, text = BUF_INIT;

	buf_addf(&path, "%s/%s", dir, name);
	if (file_read(path.data, 0, &text, &err) < 0) {
		printf("Bail out! cannot read %s\n", path.data);
		exit(1);
	}
	buf_release(&path);
	return buf_steal(&text);
}

/* The next line that is not empty and no comment, or NULL; *at moves on. Lines are cut where they stand. */
static inline char *next_line(char **at)
{
	while (**at) {
		char *line = *at, *end = line + strcspn(line, "\n");

		*at = *end ? end + 1 : end;
		*end = '\0';
		if (*line && *line != '#')
			return line;
	}
	return NULL;
}

/* Reads the exceptions of these kinds (blanks around each: " layout "); `two` kinds have two names. */
static inline void exceptions_read(struct exceptions *x, const char *dir, const char *kinds, const char *two)
{
	char *text = read_table(dir, "exceptions"), *at = text;

	memset(x, 0, sizeof(*x));
	for (char *line; (line = next_line(&at));) {
		struct buf kind = BUF_INIT, key = BUF_INIT;
		size_t word = strcspn(line, " "), names = word;

		buf_addf(&kind, " %.*s ", (int)word, line);
		if (strstr(kinds, kind.data)) {
			for (int i = 0; i < (strstr(two, kind.data) ? 2 : 1); i++)
				if (line[names])
					names += 1 + strcspn(line + names + 1, " ");
			buf_add(&key, line, names);
			strmap_put(&x->map, key.data, strdup(line[names] ? line + names + 1 : ""));
		}
		buf_release(&kind);
		buf_release(&key);
	}
	free(text);
}

/* The reason, or NULL if this is no exception. @name2 may be NULL. */
static inline const char *excepted(struct exceptions *x, const char *kind, const char *name, const char *name2)
{
	struct buf key = BUF_INIT;
	const char *reason;

	buf_addf(&key, name2 ? "%s %s %s" : "%s %s", kind, name, name2);
	reason = strmap_get(&x->map, key.data);
	if (reason)
		strmap_put(&x->used, key.data, x);
	buf_release(&key);
	return reason;
}

/* All exceptions were needed and have a reason. */
static inline void exceptions_end(struct exceptions *x)
{
	struct strmap_entry *e;
	int unused = 0, mute = 0;

	strmap_for_each(e, &x->map) {
		if (!strmap_has(&x->used, e->key)) {
			printf("# not needed: %s\n", e->key);
			unused++;
		}
		if (!*(char *)e->value) {
			printf("# no reason: %s\n", e->key);
			mute++;
		}
		free(e->value);
	}
	EQ(unused, 0);
	EQ(mute, 0);
	strmap_release(&x->map);
	strmap_release(&x->used);
}

#endif

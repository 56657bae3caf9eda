/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that point at a place in a description. */
#include "seamc/diag.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_LIMIT 50

/* The line, and a caret below the column; tabs are kept so that the caret stands right. */
static void point(struct diag *d, struct loc at)
{
	const char *line, *end;
	unsigned n = 1;

	if (!at.source || !at.line)
		return;
	for (line = at.source->text; n < at.line; n++) {
		line = strchr(line, '\n');
		if (!line)
			return;
		line++;
	}
	end = line + strcspn(line, "\n");
	buf_adds(&d->out, "  ");
	buf_add(&d->out, line, (size_t)(end - line));
	buf_adds(&d->out, "\n  ");
	for (unsigned i = 1; i < at.col && line < end; i++, line++)
		buf_addc(&d->out, *line == '\t' ? '\t' : ' ');
	buf_adds(&d->out, "^\n");
}

static void message(struct diag *d, struct loc at, const char *level, const char *text)
{
	if (at.source)
		buf_addf(&d->out, "%s:%u:%u: ", at.source->name, at.line, at.col);
	buf_addf(&d->out, "%s: %s\n", level, text);
	point(d, at);
}

static unsigned most(const struct diag *d)
{
	return d->limit ? d->limit : DEFAULT_LIMIT;
}

bool diag_is_full(const struct diag *d)
{
	return d->errors > most(d);
}

/* The words of a message, and whether they were said of this place before. */
__attribute__((format(printf, 3, 0)))
static bool compose(struct diag *d, struct loc at, const char *fmt, va_list ap, char *text, size_t size)
{
	char key[700];

	vsnprintf(text, size, fmt, ap);
	snprintf(key, sizeof(key), "%s:%u:%u:%s", at.source ? at.source->name : "", at.line, at.col, text);
	return strmap_put(&d->seen, key, d) != NULL;
}

void diag_error(struct diag *d, struct loc at, const char *fmt, ...)
{
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	d->repeated = compose(d, at, fmt, ap, text, sizeof(text));
	va_end(ap);
	if (d->repeated)
		return;
	if (d->errors++ == most(d))
		buf_adds(&d->out, "error: too many errors, the rest is left out\n");
	if (!diag_is_full(d))
		message(d, at, "error", text);
}

void diag_note(struct diag *d, struct loc at, const char *fmt, ...)
{
	char text[600];
	va_list ap;

	if (d->repeated || diag_is_full(d))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	message(d, at, "note", text);
}

void diag_release(struct diag *d)
{
	buf_release(&d->out);
	strmap_release(&d->seen);
}

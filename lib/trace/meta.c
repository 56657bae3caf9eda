/* SPDX-License-Identifier: BSD-2-Clause */
/* The metadata of a trace: lines of a key and a value. */
#include "trace/meta.h"

#include <string.h>
#include <sys/utsname.h>

#include "base/alloc.h"
#include "base/time.h"
#include "seam/version.h"

void trace_meta_add(struct buf *b, const char *key, const char *value)
{
	buf_adds(b, key);
	buf_addc(b, ' ');
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;

		if (c == '\n')
			buf_adds(b, "\\n");
		else if (c == '\\')
			buf_adds(b, "\\\\");
		else if (c < ' ' || c == 0x7f)
			buf_addf(b, "\\x%02x", c);
		else
			buf_addc(b, c);
	}
	buf_addc(b, '\n');
}

void trace_meta_addf(struct buf *b, const char *key, const char *fmt, ...)
{
	_cleanup_free_ char *value = NULL;
	va_list ap;

	va_start(ap, fmt);
	value = xvasprintf(fmt, ap);
	va_end(ap);
	trace_meta_add(b, key, value);
}

void trace_meta_add_host(struct buf *b)
{
	struct utsname name;

	trace_meta_addf(b, "program", "seam %s", seam_version());
	if (uname(&name) == 0) {
		trace_meta_add(b, "host", name.nodename);
		trace_meta_add(b, "kernel", name.release);
		trace_meta_add(b, "machine", name.machine);
	}
	trace_meta_add(b, "clock", "monotonic");
	trace_meta_addf(b, "realtime", "%llu", (unsigned long long)(time_real_ns() - time_mono_ns()));
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* In place; a value cannot have a NUL inside. */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (*s == '\\' && s[1] == '\\') {
			*to++ = *++s;
		} else if (*s == '\\' && s[1] == 'n') {
			*to++ = '\n';
			s++;
		} else if (*s == '\\' && s[1] == 'x' && hex_digit(s[2]) >= 0 && hex_digit(s[3]) >= 0 &&
			   (s[2] != '0' || s[3] != '0')) {
			*to++ = (char)(hex_digit(s[2]) * 16 + hex_digit(s[3]));
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

void trace_meta_parse(struct trace_meta *m, const char *text, size_t n)
{
	size_t cap = 0;

	m->text = xstrndup(n ? text : "", n);
	m->count = 0;
	for (char *line = m->text, *end; *line; line = end) {
		char *blank;

		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		blank = strchr(line, ' ');
		if (!blank || blank == line)
			continue;
		*blank = '\0';
		unescape(blank + 1);
		if (m->count == cap) {
			cap = cap ? cap * 2 : 64;
			m->lines = xreallocarray(m->lines, cap, sizeof(*m->lines));
		}
		m->lines[m->count++] = (struct trace_meta_line){ line, blank + 1 };
	}
}

void trace_meta_release(struct trace_meta *m)
{
	free(m->lines);
	free(m->text);
	*m = (struct trace_meta){ 0 };
}

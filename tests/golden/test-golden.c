/* SPDX-License-Identifier: BSD-2-Clause */
/* The committed traces read by the library: each FILE.seam must be what FILE.text says. --dump FILE prints that text. */
#include "base/str.h"
#include "seam/calls.h"
#include "trace/codec.h"
#include "traces.h"

static void text_of(const char *path, struct buf *text, struct buf *messages)
{
	const char *key, *value;
	struct seam_err err = SEAM_ERR_INIT;
	struct seam_trace *t;

	if (seam_trace_open(&t, path, NULL, &err) < 0) {
		buf_addf(messages, "%s\n", err.text);
		return;
	}
	for (size_t i = 0; seam_trace_meta_at(t, i, &key, &value); i++) {
		buf_addf(text, "%s ", key);
		text_hex_bytes(text, value, strlen(value));
		buf_adds(text, "\n");
	}
	seam_trace_close(t);
	trace_text(path, NULL, text, messages);
}

static void check(const char *path)
{
	_cleanup_buf_ struct buf text = BUF_INIT, messages = BUF_INIT, wanted = BUF_INIT;
	_cleanup_free_ char *expected = xasprintf("%.*s.text", (int)(strlen(path) - strlen(".seam")), path);

	if (strstr(path, "zstd") && !trace_codec_available(TRACE_ZSTD)) {
		tap_skip(path, "this build has no zstd");
		return;
	}
	text_of(path, &text, &messages);
	if (file_read(expected, 0, &wanted, NULL) < 0)
		FAIL(expected);
	tap_streq(messages.data, "", path, __FILE__, __LINE__);
	tap_streq(text.data, wanted.data, path, __FILE__, __LINE__);
}

int main(int argc, char **argv)
{
	if (argc == 3 && str_eq(argv[1], "--dump")) {
		_cleanup_buf_ struct buf text = BUF_INIT, messages = BUF_INIT;

		text_of(argv[2], &text, &messages);
		fputs(text.data, stdout);
		fputs(messages.data, stderr);
		return messages.len != 0;
	}
	for (int i = 1; i < argc; i++)
		check(argv[i]);
	return tap_done();
}

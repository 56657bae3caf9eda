/* SPDX-License-Identifier: BSD-2-Clause */
/* Fuzz target: what people type (patterns, numbers, durations), and strings of any bytes as JSON. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "base/time.h"
#include "replay.h"
#include "seam/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *word = NULL;
	struct seam_json json;
	struct seam_out out;
	char *text;
	uint64_t u;
	int64_t i;

	if (size > 4096)
		return 0;
	word = xstrndup((const char *)data, size);
	/* The first line is the pattern, the rest the text. */
	text = strchr(word, '\n');
	if (text)
		word[text++ - word] = '\0';
	glob_match(word, text ? text : "");
	if (size <= 256)
		edit_distance(word, text ? text : "openat");
	parse_u64(word, &u);
	parse_i64(word, &i);
	parse_size(word, &u);
	if (duration_parse(word, &u) == 0) {
		_cleanup_buf_ struct buf b = BUF_INIT;

		duration_format(&b, u);
	}
	seam_out_init_mem(&out);
	seam_json_init(&json, &out, false);
	seam_json_bytes(&json, data, size);
	/* Whatever went in, what comes out is one line of text in quotes. */
	if (out.data[0] != '"' || out.data[out.len - 1] != '"' || strlen(out.data) != out.len || strchr(out.data, '\n'))
		abort();
	seam_out_release(&out);
	return 0;
}

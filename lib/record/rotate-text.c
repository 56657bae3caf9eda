/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands after --rotate. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "base/time.h"
#include "seam/recording.h"

#define LEAST_BYTES (64u << 10)
#define LEAST_NS (100 * NS_PER_MS)

/* "10m" would be minutes to one and megabytes to the other. */
static int parse_word(const char *word, uint64_t *bytes, uint64_t *ns, struct seam_err *err)
{
	uint64_t n;

	if (parse_size(word, &n) == 0 && !str_ends(word, "m")) {
		if (*bytes || n < LEAST_BYTES)
			return seam_err_set(err, -EINVAL, *bytes ? "'%s' is a second size" : "'%s' is too small for a file: at least 64K",
					    word);
		*bytes = n;
		return 0;
	}
	if (word[strspn(word, "0123456789")] && duration_parse(word, &n) == 0) {
		if (*ns || n < LEAST_NS)
			return seam_err_set(err, -EINVAL, *ns ? "'%s' is a second time" : "'%s' is too short for a file: at least 100ms",
					    word);
		*ns = n;
		return 0;
	}
	return seam_err_set(err, -EINVAL, "'%s' is neither a size (64M, 1G) nor a time (30s, 10min, 1h)", word);
}

int seam_record_parse_rotate(const char *text, uint64_t *ret_bytes, uint64_t *ret_ns, struct seam_err *err)
{
	uint64_t bytes = 0, ns = 0;

	for (const char *at = text; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
		_cleanup_free_ char *word = xstrndup(at, strcspn(at, ","));
		int r = parse_word(word, &bytes, &ns, err);

		if (r < 0)
			return r;
	}
	*ret_bytes = bytes;
	*ret_ns = ns;
	return 0;
}

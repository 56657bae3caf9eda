/* SPDX-License-Identifier: BSD-2-Clause */
/* What "seam stats" and "seam record --stats" have in common on their command lines. */
#include "stats-options.h"

#include <stdlib.h>
#include <string.h>

static bool add_table(const char *word, size_t n, unsigned *tables)
{
	if (n == 3 && !memcmp(word, "all", 3)) {
		*tables |= (1u << SEAM_STATS_BY_COUNT) - 1;
		return true;
	}
	for (unsigned i = 0; i < SEAM_STATS_BY_COUNT; i++)
		if (strlen(seam_stats_by_words[i]) == n && !memcmp(word, seam_stats_by_words[i], n)) {
			*tables |= 1u << i;
			return true;
		}
	return false;
}

int stats_text_options(const struct cmd *cmd, const char *by, const char *sort, const char *lines,
		       struct seam_stats_text *ret)
{
	struct seam_stats nothing = { 0 };
	char *end;

	*ret = (struct seam_stats_text){ .tables = by ? 0 : 1u << SEAM_STATS_BY_CALL };
	for (const char *p = by; p && *p; p += *p == ',') {
		size_t n = strcspn(p, ",");

		if (!add_table(p, n, &ret->tables))
			return usage_error(cmd, "--by cannot be '%.*s'; it is one of: " STATS_BY_WORDS, (int)n, p);
		p += n;
	}
	if (by && !ret->tables)
		return usage_error(cmd, "--by needs one of: " STATS_BY_WORDS);
	if (sort && !seam_stats_sort(&nothing, sort))
		return usage_error(cmd, "--sort cannot be '%s'; it is one of: " STATS_SORT_WORDS, sort);
	if (!lines)
		return 0;
	ret->lines = (size_t)strtoul(lines, &end, 10);
	if (!ret->lines || *end || *lines == '-')
		return usage_error(cmd, "'%s' is no number of lines", lines);
	return 0;
}

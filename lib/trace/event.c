/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be asked of one event. */
#include <string.h>

#include "base/util.h"
#include "seam/trace.h"

const char *seam_event_kind_name(unsigned kind)
{
	static const char *const names[] = {
		[SEAM_EVENT_CALL] = "call",	[SEAM_EVENT_ENTRY] = "entry",	[SEAM_EVENT_UNKNOWN] = "unknown",
		[SEAM_EVENT_FORK] = "fork",	[SEAM_EVENT_EXEC] = "exec",	[SEAM_EVENT_EXIT] = "exit",
		[SEAM_EVENT_NAME] = "name",	[SEAM_EVENT_SIGNAL] = "signal", [SEAM_EVENT_LOSS] = "loss",
		[SEAM_EVENT_CLOCK] = "clock",	[SEAM_EVENT_MORE] = "more",	[SEAM_EVENT_TASK] = "task",
		[SEAM_EVENT_SUBMIT] = "submit", [SEAM_EVENT_COMPLETE] = "complete", [SEAM_EVENT_IMAGE] = "image",
		[SEAM_EVENT_TRAP] = "trap",	[SEAM_EVENT_DESCRIPTOR] = "descriptor",	[SEAM_EVENT_FILE] = "file",	[SEAM_EVENT_WORDS] = "words",
		[SEAM_EVENT_DAMAGE] = "damage", [SEAM_EVENT_GAP] = "gap",
	};

	return kind < ARRAY_SIZE(names) ? names[kind] : NULL;
}

/*
 * The piece of this side that has the address, with how many bytes from there on. If there is none, *limit becomes smaller where
 * one begins behind it. *next: a piece that may well be it, then the one behind that; strings of an environment stand in a row.
 */
static const unsigned char *find(const struct seam_event *e, uint64_t address, enum seam_when when, uint32_t *next, size_t *limit,
				 size_t *ret_n)
{
	size_t most = 0;
	const unsigned char *best = NULL;

	if (*next < e->blob_count && e->blobs[*next].address == address && e->blobs[*next].when == when && e->blobs[*next].size) {
		*ret_n = e->blobs[*next].size;
		return e->blobs[(*next)++].bytes;
	}
	for (uint32_t i = 0; i < e->blob_count; i++) {
		const struct seam_blob *b = &e->blobs[i];

		if (b->when != when)
			continue;
		if (address >= b->address && address - b->address < b->size) {
			size_t in = (size_t)(address - b->address);

			if (b->size - in > most) {
				most = b->size - in;
				best = b->bytes + in;
				*next = i + 1;
			}
		} else if (b->size && b->address > address && b->address - address < *limit) {
			*limit = (size_t)(b->address - address);
		}
	}
	*ret_n = most;
	return best;
}

size_t seam_event_read(void *event, uint64_t address, void *to, size_t n, enum seam_when when)
{
	const struct seam_event *e = event;
	uint32_t next = UINT32_MAX;
	size_t done = 0;

	if (e->kind > SEAM_EVENT_UNKNOWN)
		return 0;
	while (done < n) {
		size_t limit = n - done, known = 0;
		const unsigned char *p = find(e, address + done, when, &next, &limit, &known);

		if (p) {
			/* Where another begins does not matter as long as this one goes on. */
			limit = n - done;
		} else {
			size_t any = limit;

			/* Where one side alone was recorded it stands for both. */
			p = find(e, address + done, when == SEAM_AT_EXIT ? SEAM_AT_ENTRY : SEAM_AT_EXIT, &next, &any, &known);
		}
		if (!p)
			break;
		known = MIN(known, limit);
		memcpy((char *)to + done, p, known);
		done += known;
	}
	return done;
}

void seam_event_env(const struct seam_event *e, struct seam_env *ret)
{
	memset(ret, 0, sizeof(*ret));
	memcpy(&ret->reg[SEAM_REG_ARG0], e->args, sizeof(e->args));
	ret->reg[SEAM_REG_RET] = (uint64_t)e->ret;
	ret->read = seam_event_read;
	ret->user = (void *)(uintptr_t)e;
}

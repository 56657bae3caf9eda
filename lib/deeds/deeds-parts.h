/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the room share: the deeds of one event, and what has been told already. */
#ifndef DEEDS_DEEDS_PARTS_H
#define DEEDS_DEEDS_PARTS_H

#include "files/files-parts.h"
#include "seam/deeds.h"

enum {
	DEEDS_OF_EVENT = 8,     /* no call has more; what is beyond is not told */
	DEEDS_TEXTS = 2 * DEEDS_OF_EVENT,
	DEEDS_NUMBERS = 1024,   /* calls with larger numbers are looked at each time */
	DEEDS_TOLD_FIRST = 256, /* a power of two */
	DEEDS_TOLD_MAX = 1 << 20,
};

/* What is told only once. When it is full it is forgotten, so all is told once more: memory is bounded. */
struct told {
	uint64_t *keys; /* 0: free */
	size_t room, count;
};

struct seam_deeds {
	const struct seam_tables *t;
	struct seam_files *files;
	struct seam_tasks *tasks;
	bool own_models;
	struct told told;
	uint8_t plans[SEAM_ARCH_DESCRIBED][DEEDS_NUMBERS]; /* enum deeds_plan */
	/* of the event that was shown last */
	const struct seam_event *e;
	uint32_t pid;
	struct seam_deed list[DEEDS_OF_EVENT];
	unsigned count, next, texts;
	char text[DEEDS_TEXTS][FILES_PATH_MAX];
};

enum deeds_plan { DEEDS_PLANNED = 1, DEEDS_SOME = 2 };

/* A new deed of the event; NULL: there are too many. */
struct seam_deed *deeds_add(struct seam_deeds *d, enum seam_deed_kind kind, int error);
/* A copy of at most FILES_PATH_MAX - 1 bytes that stays as long as the event; "": there is no room. */
const char *deeds_text(struct seam_deeds *d, const char *text, size_t n);
/* Whether this has been told before; it has been from now on. */
bool deeds_told(struct seam_deeds *d, uint64_t key);

/* Something was done of which nothing more is known: said once for each process and thing. */
void deeds_unknown(struct seam_deeds *d, uint64_t what, const char *name);
/* The deeds of a call that has returned. */
void deeds_of_call(struct seam_deeds *d);
/* The kinds that this effect of a case can make. */
uint64_t deeds_kinds(const struct seam_tables *t, const struct seam_variant *v, const struct seam_effect *e);

/* Effects: what several files ask of them. */
bool effect_is_fd(const struct seam_tables *t, uint32_t object);
bool effect_is_path(const struct seam_tables *t, uint32_t object);
bool effect_is_result(const struct seam_tables *t, uint32_t object);
bool effect_is_kind(const struct seam_tables *t, uint32_t object, enum seam_kind kind);
/* Whether "as" says this. */
bool effect_says(const struct seam_tables *t, const struct seam_effect *e, const char *words);
/* The first effect of this verb, or NULL. */
const struct seam_effect *effect_of(const struct seam_tables *t, const struct seam_variant *v, enum seam_verb verb);
/* An `opens` that makes a file with a name in the file system, or one whose name nobody tells; and one that takes a connection. */
bool effect_opens_file(const struct seam_tables *t, const struct seam_variant *v, const struct seam_effect *e);
bool effect_accepts(const struct seam_tables *t, const struct seam_variant *v, const struct seam_effect *e);
/* Which world is of interest when its status is written: the kind, or SEAM_DEED_COUNT. */
enum seam_deed_kind effect_world_kind(const struct seam_tables *t, const struct seam_effect *e);

#endif

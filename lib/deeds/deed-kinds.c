/* SPDX-License-Identifier: BSD-2-Clause */
/* Which kinds of deeds the effects of descriptions can be, whatever the call does; and the names of the kinds. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "deeds/deeds-parts.h"
#include "seam/words.h"

#define BIT(id) (UINT64_C(1) << SEAM_DEED_##id)

#define CHANGES \
	(BIT(FILE_OPENED) | BIT(FILE_WRITTEN) | BIT(FILE_MAPPED) | BIT(FILE_MADE) | BIT(FILE_REMOVED) | BIT(FILE_RENAMED) | BIT(LINK_MADE) | BIT(DIR_MADE) | \
	 BIT(DIR_REMOVED) | BIT(ATTRIBUTES_CHANGED) | BIT(MOUNTS_CHANGED) | BIT(BOUND) | BIT(CONNECTED) | BIT(ACCEPTED) | BIT(SENT) | BIT(SIGNAL_SENT) | BIT(SYSTEM_CHANGED) | \
	 BIT(UNKNOWN))

static const char *const kind_names[SEAM_DEED_COUNT + 1] = {
#define X(id, name) name,
	SEAM_DEEDS(X)
#undef X
};

const char *seam_deed_name(enum seam_deed_kind kind)
{
	return (unsigned)kind < SEAM_DEED_COUNT ? kind_names[kind] : NULL;
}

int seam_deed_by_name(const char *name)
{
	for (int i = 0; i < SEAM_DEED_COUNT; i++)
		if (strcasecmp(kind_names[i], name) == 0)
			return i;
	return -1;
}

int seam_deed_kinds(const char *words, uint64_t *ret, struct seam_err *err)
{
	uint64_t kinds = 0;

	do {
		char word[32];
		size_t n = strcspn(words, ",");
		const char *meant;
		int kind;

		snprintf(word, sizeof(word), "%.*s", (int)MIN(n, sizeof(word)), words);
		if (!strcasecmp(word, "changes")) {
			kinds |= CHANGES | SEAM_DEED_DONE;
			words += n;
			continue;
		}
		kind = seam_deed_by_name(word);
		if (kind < 0) {
			meant = seam_suggest(word, kind_names, SEAM_DEED_COUNT);
			return seam_err_set(err, -EINVAL, "'%.*s' is no kind of event%s%s%s", (int)MIN(n, (size_t)60), words,
					    meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
		}
		kinds |= UINT64_C(1) << kind;
		words += n;
	} while (*words++);
	*ret = kinds;
	return 0;
}

bool seam_deed_is(const struct seam_deed *deed, uint64_t kinds)
{
	if (!(kinds >> deed->kind & 1))
		return false;
	if (!(kinds & SEAM_DEED_DONE))
		return true;
	if (deed->kind == SEAM_DEED_FILE_OPENED || deed->kind == SEAM_DEED_FILE_MAPPED)
		return !deed->error && deed->flags & (SEAM_DEED_WRITE | SEAM_DEED_CREATED | SEAM_DEED_TRUNCATED);
	return !deed->error;
}

static const struct seam_type *type_of(const struct seam_tables *t, uint32_t object)
{
	return &t->types[t->objects[object].type];
}

static bool is_value(const struct seam_tables *t, uint32_t object)
{
	const struct seam_object *o = &t->objects[object];

	return object && o->how == SEAM_OBJECT_VALUE && !o->dir;
}

bool effect_is_fd(const struct seam_tables *t, uint32_t object)
{
	const struct seam_type *type = type_of(t, object);

	return is_value(t, object) && files_is_fd(type) && type->dir == SEAM_DIR_VALUE && !(type->flags & SEAM_TYPE_ARRAY);
}

/* The result has no type of its own. */
bool effect_is_result(const struct seam_tables *t, uint32_t object)
{
	return is_value(t, object) && !t->objects[object].type;
}

static bool is_made(const struct seam_tables *t, uint32_t object)
{
	return effect_is_fd(t, object) || effect_is_result(t, object);
}

bool effect_is_path(const struct seam_tables *t, uint32_t object)
{
	return effect_is_kind(t, object, SEAM_KIND_PATH) && type_of(t, object)->dir == SEAM_DIR_IN;
}

bool effect_is_kind(const struct seam_tables *t, uint32_t object, enum seam_kind kind)
{
	return is_value(t, object) && type_of(t, object)->kind == kind;
}

bool effect_says(const struct seam_tables *t, const struct seam_effect *e, const char *words)
{
	return e->as && strcmp(seam_string(t, e->as), words) == 0;
}

const struct seam_effect *effect_of(const struct seam_tables *t, const struct seam_variant *v, enum seam_verb verb)
{
	for (uint32_t i = 0; i < v->effects.count; i++)
		if (t->effects[v->effects.first + i].verb == verb)
			return &t->effects[v->effects.first + i];
	return NULL;
}

bool effect_opens_file(const struct seam_tables *t, const struct seam_variant *v, const struct seam_effect *e)
{
	if (e->verb != SEAM_VERB_OPENS || !is_made(t, e->object))
		return false;
	if (e->as)
		return e->by[0] && !e->by[1] && *seam_string(t, e->as) == '/' && !effect_says(t, e, "/memfd:");
	if (e->by[0])
		return effect_is_path(t, e->by[0]);
	/* it is a file if something is said of how it is opened */
	return effect_of(t, v, SEAM_VERB_LETS_READ) || effect_of(t, v, SEAM_VERB_LETS_WRITE);
}

bool effect_accepts(const struct seam_tables *t, const struct seam_variant *v, const struct seam_effect *e)
{
	return e->verb == SEAM_VERB_OPENS && !e->as && effect_is_fd(t, e->by[0]) && effect_of(t, v, SEAM_VERB_PEERS);
}

enum seam_deed_kind effect_world_kind(const struct seam_tables *t, const struct seam_effect *e)
{
	const struct seam_object *o = &t->objects[e->object];

	if (o->how != SEAM_OBJECT_WORLD || e->may)
		return SEAM_DEED_COUNT;
	switch (o->world) {
	case SEAM_WORLD_CWD:
		return SEAM_DEED_DIR_ENTERED;
	case SEAM_WORLD_ROOT:
		return SEAM_DEED_ROOT_CHANGED;
	case SEAM_WORLD_MOUNTS:
		return SEAM_DEED_MOUNTS_CHANGED;
	case SEAM_WORLD_CREDS:
		return SEAM_DEED_CREDS_CHANGED;
	case SEAM_WORLD_SYSTEM:
	case SEAM_WORLD_CLOCK:
	case SEAM_WORLD_SWAP:
	case SEAM_WORLD_NAMESPACES:
	case SEAM_WORLD_KEYS:
	case SEAM_WORLD_BPF:
	case SEAM_WORLD_LOG:
		return SEAM_DEED_SYSTEM_CHANGED;
	default:
		return SEAM_DEED_COUNT;
	}
}

static uint64_t kinds_of_content(const struct seam_tables *t, const struct seam_variant *v, const struct seam_effect *e, bool reads)
{
	if (effect_says(t, e, "directory"))
		return BIT(DIR_LISTED);
	if (effect_says(t, e, "link"))
		return BIT(LINK_READ);
	if (effect_is_path(t, e->object))
		return reads ? BIT(FILE_READ) : BIT(FILE_WRITTEN);
	if (!effect_is_fd(t, e->object))
		return 0;
	if (effect_of(t, v, SEAM_VERB_MAPS))
		return BIT(FILE_MAPPED);
	return reads ? BIT(FILE_READ) | BIT(RECEIVED) : BIT(FILE_WRITTEN) | BIT(SENT);
}

static uint64_t kinds_of_status(const struct seam_tables *t, const struct seam_effect *e)
{
	enum seam_deed_kind kind = effect_world_kind(t, e);

	if (kind != SEAM_DEED_COUNT)
		return UINT64_C(1) << kind;
	if (effect_says(t, e, "listening"))
		return BIT(LISTENING);
	return effect_is_path(t, e->object) || effect_says(t, e, "attributes") ? BIT(ATTRIBUTES_CHANGED) : 0;
}

static uint64_t kinds_of_name(const struct seam_tables *t, const struct seam_effect *e, bool made)
{
	if (!effect_is_path(t, e->object) && !effect_is_kind(t, e->object, SEAM_KIND_STR) &&
	    !effect_is_kind(t, e->object, SEAM_KIND_SOCKADDR))
		return 0;
	if (effect_says(t, e, "directory"))
		return made ? BIT(DIR_MADE) : BIT(DIR_REMOVED);
	if (effect_says(t, e, "link"))
		return BIT(LINK_MADE);
	return made ? BIT(FILE_MADE) : BIT(FILE_REMOVED);
}

/* An address that the program gives, not one that it asks for. */
static bool is_given(const struct seam_tables *t, const struct seam_effect *e)
{
	return effect_is_fd(t, e->object) && effect_is_kind(t, e->by[0], SEAM_KIND_SOCKADDR) &&
	       type_of(t, e->by[0])->dir == SEAM_DIR_IN;
}

uint64_t deeds_kinds(const struct seam_tables *t, const struct seam_variant *v, const struct seam_effect *e)
{
	switch (e->verb) {
	case SEAM_VERB_OPENS:
		return effect_accepts(t, v, e) ? BIT(ACCEPTED) : effect_opens_file(t, v, e) ? BIT(FILE_OPENED) : 0;
	case SEAM_VERB_READS_CONTENT:
		return kinds_of_content(t, v, e, true);
	case SEAM_VERB_WRITES_CONTENT:
		return kinds_of_content(t, v, e, false);
	case SEAM_VERB_READS_STATUS:
		return effect_is_path(t, e->object) ? BIT(STATUS_READ) : 0;
	case SEAM_VERB_WRITES_STATUS:
		return kinds_of_status(t, e);
	case SEAM_VERB_CREATES:
	case SEAM_VERB_REMOVES:
		return kinds_of_name(t, e, e->verb == SEAM_VERB_CREATES);
	case SEAM_VERB_RENAMES:
		return BIT(FILE_RENAMED);
	case SEAM_VERB_LINKS:
		return BIT(LINK_MADE);
	case SEAM_VERB_NAMES:
		return is_given(t, e) ? BIT(BOUND) : 0;
	case SEAM_VERB_PEERS:
		return is_given(t, e) ? BIT(CONNECTED) : 0;
	case SEAM_VERB_FORKS:
		return BIT(SPAWNED);
	case SEAM_VERB_EXECS:
		return BIT(EXECUTED);
	case SEAM_VERB_REAPS:
		return BIT(REAPED);
	case SEAM_VERB_SIGNALS:
		return t->objects[e->object].how == SEAM_OBJECT_VALUE ? BIT(SIGNAL_SENT) : 0;
	case SEAM_VERB_UNKNOWN:
		return BIT(UNKNOWN);
	default:
		return 0;
	}
}

static bool can_make(const struct seam_tables *t, const struct seam_call *call, uint64_t kinds)
{
	for (uint32_t k = 0; k < call->variants.count; k++) {
		const struct seam_variant *v = &t->variants[call->variants.first + k];

		for (uint32_t i = 0; i < v->effects.count; i++)
			if (deeds_kinds(t, v, &t->effects[v->effects.first + i]) & kinds)
				return true;
	}
	return false;
}

void seam_deed_calls(struct seam_callset *set, uint64_t kinds, bool names)
{
	const struct seam_arch_tables *a = &set->t->arch[set->arch];

	set->touched = true;
	for (uint32_t i = 0; i < a->call_count && i < SEAM_CALLSET_MAX; i++)
		if (can_make(set->t, &a->calls[i], kinds) || (names && files_follows(set->t, &a->calls[i])))
			set->bits[i / 64] |= UINT64_C(1) << i % 64;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Arguments and environment of an execve() that has succeeded, from where they survive. */
#include "show/exec-args.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/util.h"

/* Addresses that no program has, for strings whose own are not known any more. */
#define NOWHERE (UINT64_C(1) << 62)

/* The last exec of a task whose execve() has not been seen returning. */
struct pending {
	struct pending *next;
	uint32_t tid;
	struct buf file, words[2]; /* arguments, environment */
	uint64_t whole[2];
};

/* The memory of one argument that is an array of strings. */
struct array {
	struct buf pointers;
};

struct exec_args {
	struct pending *pending;
	struct pending *used; /* by the event that was filled last */
	struct array arrays[2];
	struct seam_event event;
	struct seam_blob *blobs;
	size_t blob_cap;
};

struct exec_args *exec_args_new(void)
{
	return xcalloc(1, sizeof(struct exec_args));
}

static void pending_free(struct pending *p)
{
	if (!p)
		return;
	buf_release(&p->file);
	buf_release(&p->words[0]);
	buf_release(&p->words[1]);
	free(p);
}

void exec_args_free(struct exec_args *x)
{
	struct pending *next;

	if (!x)
		return;
	for (struct pending *p = x->pending; p; p = next) {
		next = p->next;
		pending_free(p);
	}
	pending_free(x->used);
	buf_release(&x->arrays[0].pointers);
	buf_release(&x->arrays[1].pointers);
	free(x->blobs);
	free(x);
}

/* Takes it out of the list. */
static struct pending *take(struct exec_args *x, uint32_t tid)
{
	for (struct pending **at = &x->pending; *at; at = &(*at)->next) {
		struct pending *p = *at;

		if (p->tid != tid)
			continue;
		*at = p->next;
		return p;
	}
	return NULL;
}

static void see_exec(struct exec_args *x, const struct seam_event *e)
{
	struct pending *p = xcalloc(1, sizeof(*p));
	const struct seam_strings *words[2] = { &e->exec.args, &e->exec.env };

	pending_free(take(x, e->tid));
	buf_init(&p->file);
	buf_add(&p->file, e->exec.file.bytes, e->exec.file.size);
	for (int i = 0; i < 2; i++) {
		buf_init(&p->words[i]);
		buf_add(&p->words[i], words[i]->bytes, words[i]->size);
		p->whole[i] = words[i]->whole;
	}
	p->tid = e->tid;
	p->next = x->pending;
	x->pending = p;
}

void exec_args_see(struct exec_args *x, const struct seam_event *e)
{
	switch (e->kind) {
	case SEAM_EVENT_EXEC:
		see_exec(x, e);
		break;
	case SEAM_EVENT_WORDS:
		for (struct pending *p = x->pending; p; p = p->next)
			if (p->tid == e->tid)
				buf_add(&p->words[e->words.env], e->words.more.bytes, e->words.more.size);
		break;
	case SEAM_EVENT_EXIT:
		pending_free(take(x, e->tid));
		break;
	default:
		break;
	}
}

static bool is_exec(const struct seam_tables *t, const struct seam_event *e)
{
	const struct seam_call *call;

	if (e->kind != SEAM_EVENT_CALL || e->ret || e->compat)
		return false;
	call = seam_call_by_number(t, e->arch, e->number);
	return call && (str_eq(seam_string(t, call->name), "execve") || str_eq(seam_string(t, call->name), "execveat"));
}

static bool has_string(const struct seam_event *e, uint64_t address)
{
	for (uint32_t i = 0; i < e->blob_count; i++)
		if (e->blobs[i].address == address && e->blobs[i].status == SEAM_BLOB_WHOLE && e->blobs[i].size)
			return true;
	return false;
}

/* Whether all strings of an array at this address are there. */
static bool has_strings(const struct seam_event *e, uint64_t address)
{
	if (!address)
		return true;
	for (;; address += sizeof(uint64_t)) {
		uint64_t string;

		if (seam_event_read((void *)(uintptr_t)e, address, &string, sizeof(string), SEAM_AT_ENTRY) != sizeof(string))
			return false;
		if (!string)
			return true;
		if (!has_string(e, string))
			return false;
	}
}

static struct seam_blob *add(struct exec_args *x)
{
	if (x->event.blob_count == x->blob_cap) {
		x->blob_cap = x->blob_cap ? 2 * x->blob_cap : 16;
		x->blobs = xreallocarray(x->blobs, x->blob_cap, sizeof(*x->blobs));
	}
	x->blobs[x->event.blob_count] = (struct seam_blob){ .when = SEAM_AT_ENTRY, .source = SEAM_BLOB_ELSEWHERE };
	return &x->blobs[x->event.blob_count++];
}

/* How many strings the call's own array has; SIZE_MAX: its end is not there. */
static size_t count_pointers(const struct seam_event *e, uint64_t address)
{
	for (size_t n = 0;; n++) {
		uint64_t string;

		if (seam_event_read((void *)(uintptr_t)e, address + n * sizeof(string), &string, sizeof(string), SEAM_AT_ENTRY) !=
		    sizeof(string))
			return SIZE_MAX;
		if (!string)
			return n;
	}
}

static size_t count_words(const struct buf *words)
{
	size_t n = 0;

	for (size_t i = 0; i < words->len; i++)
		n += !words->data[i];
	return n;
}

/* An array of strings at @address, each of which is a piece of its own. */
static void add_array(struct exec_args *x, unsigned which, uint64_t address, const struct pending *p, size_t skip)
{
	struct buf *pointers = &x->arrays[which].pointers;
	const struct buf *words = &p->words[which];
	bool cut = p->whole[which] > words->len;
	struct seam_blob *b;
	uint64_t zero = 0;
	size_t n;

	buf_clear(pointers);
	for (size_t at = 0; at < words->len; at += n) {
		const char *end = memchr(words->data + at, 0, words->len - at);
		uint64_t string = NOWHERE + ((uint64_t)which << 32) + at;

		n = end ? (size_t)(end + 1 - (words->data + at)) : words->len - at;
		if (skip) {
			skip--;
			continue;
		}
		buf_add(pointers, &string, sizeof(string));
		b = add(x);
		b->address = string;
		b->bytes = (const unsigned char *)words->data + at;
		b->size = (uint32_t)n;
		b->whole = end ? b->size : SEAM_BLOB_UNKNOWN;
		b->status = end ? SEAM_BLOB_WHOLE : SEAM_BLOB_CUT;
	}
	if (!cut)
		buf_add(pointers, &zero, sizeof(zero));
	b = add(x);
	b->address = address;
	b->bytes = (const unsigned char *)pointers->data;
	b->size = (uint32_t)pointers->len;
	b->whole = cut ? SEAM_BLOB_UNKNOWN : b->size;
	b->status = cut ? SEAM_BLOB_CUT : SEAM_BLOB_WHOLE;
}

/* A script's interpreter and its argument stand before what the call was given. */
static size_t skipped(const struct seam_event *e, uint64_t address, const struct buf *words)
{
	size_t asked = count_pointers(e, address), found = count_words(words);

	return asked < found ? found - asked : 0;
}

static void add_file(struct exec_args *x, uint64_t address)
{
	struct seam_blob *b;

	if (!x->used->file.len)
		return;
	b = add(x);
	b->address = address;
	b->bytes = (const unsigned char *)x->used->file.data;
	b->size = b->whole = (uint32_t)x->used->file.len;
}

const struct seam_event *exec_args_fill(struct exec_args *x, const struct seam_tables *t, const struct seam_event *e)
{
	const struct seam_call *call;
	struct seam_span args;
	unsigned arrays = 0;

	if (!x->pending || !is_exec(t, e))
		return e;
	pending_free(x->used);
	x->used = take(x, e->tid);
	if (!x->used)
		return e;
	call = seam_call_by_number(t, e->arch, e->number);
	args = t->variants[call->variants.first].args;
	x->event = *e;
	x->event.blob_count = 0;
	x->event.no_room = false;
	for (uint32_t i = 0; i < args.count && i < SEAM_MAX_ARGS; i++) {
		uint8_t kind = t->types[t->args[args.first + i].type].kind;

		if (kind == SEAM_KIND_PATH && !has_string(e, e->args[i]))
			add_file(x, e->args[i]);
		if (kind == SEAM_KIND_STRS && arrays < 2) {
			if (!has_strings(e, e->args[i]))
				add_array(x, arrays, e->args[i], x->used, skipped(e, e->args[i], &x->used->words[arrays]));
			arrays++;
		}
	}
	if (!x->event.blob_count)
		return e;
	/* what was added comes first: it has more */
	for (uint32_t i = 0; i < e->blob_count; i++)
		*add(x) = e->blobs[i];
	x->event.blobs = x->blobs;
	return &x->event;
}

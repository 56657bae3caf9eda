/* SPDX-License-Identifier: BSD-2-Clause */
/* What handlers have beside the call: memory, text, time, others to wait for. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/files.h"
#include "base/time.h"
#include "hook/hook-parts.h"

#define PIECE_BYTES 4064u

/* From <sys/mman.h> of every machine that we know. */
#define PROT_READ_WRITE 3u
#define MAP_PRIVATE_ANONYMOUS 0x22u

void *seam_alloc(struct seam_hook *pub, size_t n)
{
	struct hook *h = hook_of(pub);
	size_t words = (n + 7) / 8, room;
	void *p;

	if (words > h->piece_left || !h->pieces) {
		struct hook_piece *piece;

		room = words * 8 > PIECE_BYTES ? words * 8 : PIECE_BYTES;
		piece = xcalloc(1, sizeof(*piece) + room);
		piece->next = h->pieces;
		h->pieces = piece;
		h->piece_left = room / 8;
	}
	/* from the end to the front: a piece knows its own beginning only */
	h->piece_left -= words;
	p = h->pieces->bytes + h->piece_left;
	return p;
}

void seam_defer(struct seam_hook *pub, void (*fn)(void *arg), void *arg)
{
	struct hook *h = hook_of(pub);
	struct hook_defer *d = xcalloc(1, sizeof(*d));

	d->fn = fn;
	d->arg = arg;
	d->next = h->defers;
	h->defers = d;
}

void seam_print(struct seam_hook *pub, const char *fmt, ...)
{
	char text[4096], *all = text;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(text)) {
		va_start(ap, fmt);
		all = xvasprintf(fmt, ap);
		va_end(ap);
	}
	if (n > 0)
		fd_write_all(hook_of(pub)->s->out, all, (size_t)n);
	if (all != text)
		free(all);
}

const char *seam_format(struct seam_hook *pub, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	text = seam_alloc(pub, (size_t)(n < 0 ? 0 : n) + 1);
	va_start(ap, fmt);
	vsnprintf(text, (size_t)(n < 0 ? 0 : n) + 1, fmt, ap);
	va_end(ap);
	return text;
}

void seam_fail(struct seam_hook *pub, int code, const char *fmt, ...)
{
	struct hook *h = hook_of(pub);
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	supervisor_fail(h->s, code, "%s", text);
	for (;;)
		hook_leave(h, HOOK_WANTS_EXIT);
}

uint64_t seam_now(struct seam_hook *h)
{
	(void)h;
	return time_mono_ns();
}

int seam_await(struct seam_hook *pub, const uint32_t *word, uint32_t value, uint64_t ns)
{
	struct hook *h = hook_of(pub);
	uint64_t now = time_mono_ns();

	h->word = word;
	h->value = value;
	h->until = ns > UINT64_MAX - 1 - now ? UINT64_MAX : now + ns;
	if (!word || __atomic_load_n(word, __ATOMIC_ACQUIRE) == value)
		hook_leave(h, HOOK_WANTS_WORD);
	return word && __atomic_load_n(word, __ATOMIC_ACQUIRE) != value ? 0 : -ETIMEDOUT;
}

void seam_wake(struct seam_hook *h, const uint32_t *word)
{
	(void)word;
	hook_of(h)->s->woken = true;
}

void seam_sleep(struct seam_hook *h, uint64_t ns)
{
	seam_await(h, NULL, 0, ns);
}

/* The first of so many blocks in a row that nobody has, as a mask; 0: there are none. */
static uint64_t free_blocks(uint64_t used, unsigned blocks)
{
	uint64_t mask = blocks == 64 ? UINT64_MAX : (1ull << blocks) - 1;

	for (unsigned i = 0; i + blocks <= 64; i++)
		if (!(used & mask << i))
			return mask << i;
	return 0;
}

static bool map_area(struct seam_hook *h, struct scratch_area *a)
{
	int64_t r = seam_inject(h, h->compat ? "mmap2" : "mmap", 0, 64 * SCRATCH_BLOCK, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, UINT64_MAX, 0);

	/* another task of the program may have had the same wish meanwhile: then there are two, of which one is of no use */
	if (!seam_has_failed(r) && !a->address)
		a->address = (uint64_t)r;
	return a->address != 0;
}

uint64_t seam_scratch(struct seam_hook *pub, size_t n)
{
	struct hook *h = hook_of(pub);
	struct space *sp = h->reaped ? NULL : h->task->process->space;
	size_t blocks = (n + SCRATCH_BLOCK - 1) / SCRATCH_BLOCK;

	for (unsigned i = 0; sp && blocks && blocks <= 64 && i < SCRATCH_AREAS; i++) {
		struct scratch_area *a = &sp->scratch[i];
		uint64_t mask = free_blocks(a->used, (unsigned)blocks);

		if (!mask)
			continue;
		if (!a->address && !map_area(pub, a))
			return 0;
		/* it waited for that */
		mask = free_blocks(a->used, (unsigned)blocks);
		if (!mask)
			continue;
		if (!h->scratch_of)
			h->scratch_of = space_share(sp);
		a->used |= mask;
		h->scratch[i] |= mask;
		return a->address + (uint64_t)__builtin_ctzll(mask) * SCRATCH_BLOCK;
	}
	return 0;
}

uint64_t seam_scratch_copy(struct seam_hook *h, const void *from, size_t n)
{
	uint64_t at = seam_scratch(h, n);

	return at && seam_write(h, at, from, n) == 0 ? at : 0;
}

uint64_t seam_scratch_string(struct seam_hook *h, const char *text)
{
	return seam_scratch_copy(h, text, strlen(text) + 1);
}

void seam_tick_at(struct seam_hook *h, uint64_t ns)
{
	struct supervisor *s = hook_of(h)->s;

	if (s->o->tick && ns < s->tick_due)
		s->tick_due = ns;
}

void seam_swallow_signal(struct seam_hook *h)
{
	seam_set_signal(h, 0);
}

void seam_set_signal(struct seam_hook *pub, int signal)
{
	if (pub->occasion != SEAM_OCCASION_RECEIVED_SIGNAL)
		return;
	pub->signal = signal;
	hook_of(pub)->task->signal = signal;
}

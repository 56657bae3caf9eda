/* SPDX-License-Identifier: BSD-2-Clause */
/* What has its time while handlers record: new files, what a flight recorder is asked for, how far it is. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/time.h"
#include "base/util.h"
#include "record/by-hook-parts.h"
#include "record/flight.h"

#define TELL_NS (NS_PER_S / 5)
#define ASKED_NS (NS_PER_S / 10)     /* after which it is looked whether somebody wants to have a file */

static void tell_progress(struct by_hook *b)
{
	struct seam_record_progress p = { .seconds = (double)(time_mono_ns() - b->began) / 1e9, .calls = b->n_calls, .tasks = b->n_tasks };
	struct seam_record_result so_far = { 0 };

	b->sink->ops->tell(b->sink, &so_far);
	p.stored = so_far.stored;
	b->o->progress(b->o->user, &p);
}

static void look_again(struct by_hook *b)
{
	const struct seam_tasks *tasks = b->sink->ops->look && !b->write_failed ? b->sink->ops->look(b->sink) : NULL;

	if (tasks && start_look(b->start, tasks, &b->write_err) < 0)
		b->write_failed = true;
}

static void look_for_snaps(struct by_hook *b)
{
	snaps_want_crash(&b->snaps, b->command);
	if (snaps_wanted(&b->snaps)) {
		by_hook_end_blocks(b);
		snaps_begin(&b->snaps);
	}
}

static uint64_t turn_due(const struct by_hook *b)
{
	return b->sink->ops->due && !b->write_failed ? b->sink->ops->due(b->sink) : SINK_NEVER;
}

void by_hook_listen(struct by_hook *b)
{
	int door = b->snaps.door, flags = fcntl(door, F_GETFL);

	/* a wait for tasks ends for nothing but signals */
	b->door_calls = fcntl(door, F_SETOWN, getpid()) == 0 && fcntl(door, F_SETSIG, SIGUSR1) == 0 && fcntl(door, F_SETFL, flags | O_ASYNC) == 0;
}

void by_hook_asked(void *user)
{
	struct by_hook *b = user;
	struct pollfd door = { .fd = b->snaps.door, .events = POLLIN };

	if (poll(&door, 1, 0) <= 0)
		snaps_want(&b->snaps, "SIGUSR1");
	look_for_snaps(b);
}

uint64_t by_hook_tick(void *user)
{
	struct by_hook *b = user;
	uint64_t now = time_mono_ns(), next;

	if (!b->has_begun) {
		b->has_begun = true;
		if (!b->o->command && (b->begin_failed = start_attached(b->start, b->o, &b->begin_err)) < 0)
			return 0;
	}
	/* of those that were attached to we let go; a command goes on, and it is told at the end */
	if (b->write_failed && !b->o->command)
		return 0;
	if (now >= b->flush_at) {
		by_hook_end_blocks(b);
		b->flush_at = UINT64_MAX;
	}
	if (turn_due(b) <= now)
		by_hook_turn(b);
	look_again(b);
	next = MIN(b->flush_at, turn_due(b));
	if (b->snaps.flight) {
		look_for_snaps(b);
		if (!b->door_calls || flight_is_busy(b->sink))
			next = MIN(next, now + ASKED_NS);
	}
	if (b->o->progress && now >= b->tell_at) {
		b->tell_at = now + TELL_NS;
		tell_progress(b);
	}
	return b->o->progress ? MIN(next, b->tell_at) : next;
}

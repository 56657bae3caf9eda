/* SPDX-License-Identifier: BSD-2-Clause */
/* Where events go that handlers have made: to the files of the recording, or to who wants to see them as they happen. */
#include "base/time.h"
#include "base/util.h"
#include "record/by-hook-parts.h"
#include "trace/record.h"

void by_hook_see(void *user, const struct seam_event *e, uint32_t stream)
{
	struct by_hook *b = user;
	struct seam_event told;

	if (b->tasks)
		seam_tasks_see(b->tasks, e);
	if (!b->observer)
		return;
	told = *e;
	told.stream = stream;
	told.sequence = b->sequence[stream == TRACE_STREAM_RECORDER]++;
	b->observer->event(b->observer->user, &told);
}

void by_hook_end_blocks(struct by_hook *b)
{
	if (!b->write_failed && (sink_build_end(b->sink, &b->own, &b->write_err) < 0 || sink_build_end(b->sink, &b->calls, &b->write_err) < 0))
		b->write_failed = true;
}

void by_hook_turn(struct by_hook *b)
{
	by_hook_end_blocks(b);
	if (!b->write_failed && b->sink->ops->turn(b->sink, time_mono_ns(), &b->write_err) < 0)
		b->write_failed = true;
}

/* What has come slowly goes to the file after a while. */
static void flush_later(struct by_hook *b, uint64_t now)
{
	uint64_t due = b->sink->ops->due && !b->write_failed ? b->sink->ops->due(b->sink) : SINK_NEVER;

	b->flush_at = MIN(b->flush_at, now + BY_HOOK_FLUSH_NS);
	if (b->here)
		seam_tick_at(b->here, MIN(b->flush_at, due));
}

void by_hook_write(struct by_hook *b, const struct seam_event *e)
{
	uint32_t before = b->calls.head.records;

	if (b->write_failed)
		return;
	if (sink_build(b->sink, &b->calls, e, &b->write_err) < 0)
		b->write_failed = true;
	/* a block has ended */
	if (b->calls.head.records < before && b->sink->ops->due && !b->write_failed && b->sink->ops->due(b->sink) <= e->time)
		by_hook_turn(b);
	if (!before)
		flush_later(b, e->time);
}

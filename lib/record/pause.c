/* SPDX-License-Identifier: BSD-2-Clause */
/* How tasks are made to wait while there is no room for what they do: the best way that this machine has. */
#include "record/pause.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>

#include "base/time.h"
#include "base/util.h"

#define NICE (-10) /* of the threads that compress, and of ours where the next is not allowed */
#define HURRY_NS (100 * NS_PER_MS)

static int want_hold(struct seam_err *err)
{
	if (recorder_can_hold())
		return 0;
	return seam_err_set(err, -ENOTSUP, "this kernel lets no task wait inside (Linux 6.18 does): take another --pause");
}

static int want_freeze(const struct seam_record_options *o, pid_t command, struct freezer *f, struct seam_err *err)
{
	if (!o->command)
		return seam_err_set(err, -EINVAL, "only a command can be frozen, whose cgroup is ours: take another --pause");
	return freezer_make(f, command, err);
}

static int want_stop(struct seam_err *err)
{
	if (recorder_can_stop())
		return 0;
	return seam_err_set(err, -ENOTSUP, "who is stopped cannot be found again from inside a process namespace: take another --pause");
}

static enum recorder_pause best(const struct seam_record_options *o, pid_t command, struct freezer *f)
{
	struct seam_err none = SEAM_ERR_INIT;

	if (recorder_can_hold())
		return RECORDER_HOLD;
	if (o->command && freezer_make(f, command, &none) >= 0)
		return RECORDER_FREEZE;
	return recorder_can_stop() ? RECORDER_STOP : RECORDER_DROP;
}

int pause_choose(const struct seam_record_options *o, pid_t command, struct freezer *f, enum recorder_pause *ret,
		 struct seam_err *err)
{
	enum recorder_pause p = RECORDER_DROP;
	int r = 0;

	if (!o->all) {
		switch (o->pause) {
		case SEAM_PAUSE_BEST:
			p = best(o, command, f);
			break;
		case SEAM_PAUSE_HOLD:
			p = RECORDER_HOLD;
			r = want_hold(err);
			break;
		case SEAM_PAUSE_FREEZE:
			p = RECORDER_FREEZE;
			r = want_freeze(o, command, f, err);
			break;
		case SEAM_PAUSE_STOP:
			p = RECORDER_STOP;
			r = want_stop(err);
			break;
		case SEAM_PAUSE_NO:
			break;
		}
	}
	if (r < 0)
		return r;
	if (p == RECORDER_HOLD)
		IGNORE_RESULT(setpriority(PRIO_PROCESS, 0, NICE));
	*ret = p;
	return 0;
}

void pause_hurry(struct hurry *h, const struct recorder *r, uint64_t now)
{
	struct sched_param first = { .sched_priority = 1 }, as_before = { .sched_priority = 0 };
	struct recorder_count n;

	if (recorder_pause(r) != RECORDER_HOLD)
		return;
	recorder_count(r, &n);
	if (n.stops != h->waited) {
		if (!h->until)
			IGNORE_RESULT(sched_setscheduler(0, SCHED_FIFO, &first));
		h->until = now + HURRY_NS;
	} else if (h->until && now > h->until) {
		IGNORE_RESULT(sched_setscheduler(0, SCHED_OTHER, &as_before));
		h->until = 0;
	}
	h->waited = n.stops;
}

enum seam_pause pause_said(enum recorder_pause p)
{
	static const enum seam_pause said[] = { [RECORDER_DROP] = SEAM_PAUSE_NO, [RECORDER_HOLD] = SEAM_PAUSE_HOLD,
						[RECORDER_FREEZE] = SEAM_PAUSE_FREEZE, [RECORDER_STOP] = SEAM_PAUSE_STOP };

	return said[p];
}

static const char *const names[] = { [SEAM_PAUSE_BEST] = "best", [SEAM_PAUSE_HOLD] = "hold", [SEAM_PAUSE_FREEZE] = "freeze",
				     [SEAM_PAUSE_STOP] = "stop", [SEAM_PAUSE_NO] = "no" };

int seam_pause_by_name(const char *name)
{
	for (int i = 0; i < (int)ARRAY_SIZE(names); i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

const char *seam_pause_name(enum seam_pause p)
{
	return names[p];
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* When a flight recorder writes what it has, and who wants to know: a signal, a visitor, the end of the command. */
#include "record/snaps.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/time.h"
#include "record/flight.h"

#define CRASH_REST_NS (10 * NS_PER_S) /* between files that are written for crashes */

int snaps_open(struct snaps *s, struct sink *flight, const struct seam_record_options *o, bool (*has)(void *user, pid_t pid), void *user,
	       struct watch *watch, struct seam_err *err)
{
	*s = (struct snaps){ .o = o, .has = has, .user = user };
	s->door = door_open(err);
	if (s->door < 0)
		return s->door;
	s->flight = flight;
	if (watch) {
		watch_fd(watch, s->door);
		watch_fd(watch, flight_fd(flight));
	}
	return 0;
}

void snaps_want(struct snaps *s, const char *why)
{
	if (!*s->why)
		snprintf(s->why, sizeof(s->why), "%s", why);
}

static void let_in(struct snaps *s)
{
	struct visitor v;

	while (door_next(s->door, &v)) {
		char why[64];

		if (v.about != getpid() && !s->o->all && !s->has(s->user, v.about)) {
			door_answer(s->door, &v, "no");
			continue;
		}
		if (s->asking_count == SNAPS_VISITORS) {
			door_answer(s->door, &v, "error too many ask at the same time");
			continue;
		}
		door_answer(s->door, &v, "yes");
		s->asking[s->asking_count++] = v;
		snprintf(why, sizeof(why), "asked for by process %d", (int)v.pid);
		snaps_want(s, why);
	}
}

static void tell(struct snaps *s, const struct seam_snapshot *shot)
{
	for (size_t i = 0; i < s->waiting_count; i++) {
		if (shot->error)
			door_answer(s->door, &s->waiting[i], "error %s", shot->error);
		else
			door_answer(s->door, &s->waiting[i], "file %llu %.9f %s", (unsigned long long)shot->bytes, shot->seconds,
				    shot->path);
	}
	s->waiting_count = 0;
	if (shot->error && !s->failure.code)
		seam_err_set(&s->failure, shot->code, "%s", shot->error);
	if (s->o->snapped)
		s->o->snapped(s->o->user, shot);
}

static void collect(struct snaps *s)
{
	struct seam_snapshot shot;

	if (flight_collect(s->flight, &shot))
		tell(s, &shot);
}

bool snaps_wanted(struct snaps *s)
{
	struct pollfd done;

	if (!s->flight)
		return false;
	done = (struct pollfd){ .fd = flight_fd(s->flight), .events = POLLIN };
	if (poll(&done, 1, 0) > 0)
		collect(s);
	if (watch_snap())
		snaps_want(s, "SIGUSR1");
	let_in(s);
	return *s->why && !flight_is_busy(s->flight);
}

void snaps_want_crash(struct snaps *s, pid_t command)
{
	uint64_t now = time_mono_ns();
	char why[64];
	int status;
	pid_t pid;

	if (!s->flight)
		return;
	pid = flight_crash(s->flight, &status);
	if (!pid || (s->o->command && pid == command) || (s->o->pid_count == 1 && pid == s->o->pids[0]))
		return;
	if (s->crashed && now - s->crashed < CRASH_REST_NS)
		return;
	s->crashed = now;
	snprintf(why, sizeof(why), "process %d killed by SIG%s", (int)pid, sigabbrev_np(WTERMSIG(status)));
	snaps_want(s, why);
}

void snaps_want_last(struct snaps *s, int status, const char *ended)
{
	char why[64] = "";

	if (ended)
		snprintf(why, sizeof(why), "the recording was ended by %s", ended);
	for (size_t i = 0; i < s->o->pid_count && !status; i++)
		if (!flight_end_of(s->flight, s->o->pids[i], &status))
			status = 0;
	if (WIFSIGNALED(status))
		snprintf(why, sizeof(why), "killed by SIG%s", sigabbrev_np(WTERMSIG(status)) ? sigabbrev_np(WTERMSIG(status)) : "RT");
	else if (status)
		snprintf(why, sizeof(why), "exit status %d", WEXITSTATUS(status));
	if (*why)
		snaps_want(s, why);
}

void snaps_begin(struct snaps *s)
{
	struct seam_err err = SEAM_ERR_INIT;

	memcpy(s->waiting, s->asking, sizeof(s->waiting));
	s->waiting_count = s->asking_count;
	s->asking_count = 0;
	if (flight_snap(s->flight, s->why, &err) < 0)
		tell(s, &(struct seam_snapshot){ .path = "", .why = s->why, .error = err.text, .code = err.code });
	*s->why = '\0';
}

void snaps_end(struct snaps *s)
{
	if (!s->flight)
		return;
	collect(s);
	/* who asks now, or could not be served any more, learns that there is nothing */
	let_in(s);
	if (*s->why)
		snaps_begin(s);
	collect(s);
}

void snaps_release(struct snaps *s)
{
	if (!s->flight)
		return;
	close(s->door);
	*s = (struct snaps){ 0 };
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks flight recorders for what they have. */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "record/door.h"
#include "seam/recording.h"

#define FIRST_MS 5000 /* a recorder answers at once, unless it is busy moving what was recorded */
#define NEXT_MS 1000

struct asking {
	pid_t about;
	unsigned written;
	void (*fn)(void *user, const struct seam_snapshot *shot);
	void *user;
	struct seam_err why; /* of one that has not done it */
};

/* "file BYTES SECONDS PATH" */
static int take_file(struct asking *a, char *words, struct seam_err *err)
{
	struct seam_snapshot shot = { .why = "" };
	char *end;

	shot.bytes = strtoull(words, &end, 10);
	shot.seconds = strtod(end, &end);
	if (*end != ' ')
		return seam_err_set(err, -EPROTO, "the recorder's answer makes no sense");
	shot.path = end + 1;
	a->written++;
	a->fn(a->user, &shot);
	return 0;
}

/* 0 also when it does not record the process. */
static int ask(struct asking *a, pid_t recorder, struct seam_err *err)
{
	_cleanup_close_ int fd = door_ask(recorder, a->about, err);
	_cleanup_buf_ struct buf words = BUF_INIT;
	int r;

	if (fd < 0)
		return fd;
	r = door_hear(fd, recorder, FIRST_MS, &words, err);
	if (r == 0)
		return seam_err_set(err, -ETIMEDOUT, "the recorder %d does not answer", (int)recorder);
	while (r >= 0) {
		const char *rest;

		if (r == 0 || !strcmp(words.data, "yes")) {
			r = door_hear(fd, recorder, NEXT_MS, &words, err);
		} else if (!strcmp(words.data, "no")) {
			return 0;
		} else if ((rest = str_after(words.data, "file "))) {
			return take_file(a, words.data + (rest - words.data), err);
		} else {
			rest = str_after(words.data, "error ");
			return seam_err_set(err, -EIO, "the recorder %d: %s", (int)recorder, rest ? rest : words.data);
		}
	}
	return r;
}

int seam_snap(pid_t pid, void (*fn)(void *user, const struct seam_snapshot *shot), void *user, struct seam_err *err)
{
	struct asking a = { .about = pid, .fn = fn, .user = user };
	_cleanup_free_ pid_t *recorders = NULL;
	size_t n = door_list(&recorders);
	bool itself = false;

	if (kill(pid, 0) < 0 && errno == ESRCH)
		return seam_err_set(err, -ESRCH, "there is no process %d", (int)pid);
	for (size_t i = 0; i < n; i++)
		itself |= recorders[i] == pid;
	for (size_t i = 0; i < n; i++) {
		struct seam_err why = SEAM_ERR_INIT;

		if (itself && recorders[i] != pid)
			continue;
		if (ask(&a, recorders[i], &why) < 0 && !a.why.code)
			a.why = why;
	}
	if (a.why.code)
		return seam_err_set(err, a.why.code, "%s", a.why.text);
	if (!a.written)
		return seam_err_set(err, -ESRCH, "no flight recorder records process %d, and it is none: one is begun with "
				    "'seam record --flight 64M -p %d'", (int)pid, (int)pid);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a flight recorder is asked from outside for what it has: it listens on a socket without a file, whose name has its number. The
 * kernel says who asks, and who answers.
 */
#ifndef RECORD_DOOR_H
#define RECORD_DOOR_H

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

#include "base/buf.h"
#include "seam/err.h"

#define DOOR_NAME "seam-flight-" /* and the number of the recorder */
#define DOOR_WORDS 4500u         /* bytes of a question or an answer, its NUL included; a path fits */

/* Who asked, to be answered. */
struct visitor {
	struct sockaddr_un address;
	socklen_t length;
	pid_t pid;   /* of the visitor */
	pid_t about; /* the process that it asked for */
};

/* The recorder's side: a descriptor that becomes ready when somebody asks. */
int door_open(struct seam_err *err);
/* The next one who asks and may; 0: there is none. Who may not gets an answer that says so. */
int door_next(int door, struct visitor *ret);
void door_answer(int door, const struct visitor *v, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The numbers of all flight recorders there are: ret_pids is freed by the caller. */
size_t door_list(pid_t **ret_pids);
/* The visitor's side: asks a recorder about a process. A descriptor to wait on for answers. */
int door_ask(pid_t recorder, pid_t about, struct seam_err *err);
/* An answer of that recorder into @ret; 0: none came in time. -ESRCH: the recorder has gone. */
int door_hear(int asked, pid_t recorder, unsigned timeout_ms, struct buf *ret, struct seam_err *err);

#endif

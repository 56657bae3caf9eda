/* SPDX-License-Identifier: BSD-2-Clause */
/* Which file each descriptor is, at each moment of a trace, as far as its events tell. */
#ifndef SEAM_OPEN_FILES_H
#define SEAM_OPEN_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seam/calls.h"
#include "seam/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

enum seam_file_kind {
	SEAM_FILE_PATH,   /* something that has a path: a file, a folder, a device, a fifo */
	SEAM_FILE_PIPE,
	SEAM_FILE_SOCKET,
	SEAM_FILE_OTHER,  /* what only a descriptor stands for: anon_inode:[eventfd], pid:4711, /memfd:x */
};

struct seam_file {
	enum seam_file_kind kind;
	/*
	 * The same number: the same open file under the same name, so a name need be looked up only once for it; 0: a path
	 * that stands for itself. Two open files of one name have two numbers.
	 */
	uint64_t id;
	const char *name;  /* "/etc/passwd", "pipe:[17]", "pipe#2" (the second one that was made), "TCP:[127.0.0.1:80->127.0.0.1:4711]" */
	const char *local; /* of a socket: "127.0.0.1:80", "/run/x"; "" where it is not known */
	const char *peer;  /* its other end, likewise */
};

#define SEAM_FD_CWD (-100)  /* AT_FDCWD: the working directory */
#define SEAM_FD_ROOT (-101) /* the root directory, where it is another than the machine's */

/*
 * Paths are absolute where the folder that they begin in is known. They are what the program said: symbolic links are not followed
 * (".." takes away the name before it), and a file that was renamed or removed since keeps the name that it was opened by. After a
 * loss a descriptor may be another file than the one told here.
 */
struct seam_files;
struct seam_files *seam_files_new(const struct seam_tables *t); /* NULL: seam_tables */
/*
 * Says which trace the events are from. When only some calls were recorded, and those that close descriptors are not among them, a name
 * might be that of a file that is long closed: nothing is known then. Likewise with folders and the calls that change them.
 */
void seam_files_of(struct seam_files *f, const struct seam_trace *trace);
void seam_files_free(struct seam_files *f);
/*
 * Shows it every event in the order of seam_trace_next(). The questions below are about the event that was shown
 * last, which must still be there. Strings are valid until the next question or event.
 */
void seam_files_see(struct seam_files *f, const struct seam_event *e);

/* What the descriptor of its task is, as the call found it or left it. False: not known. */
bool seam_files_fd(struct seam_files *f, int fd, enum seam_when when, struct seam_file *ret);
/* What argument @arg of the call stands for, which is a descriptor or a path; SEAM_REG_RET: the result. */
bool seam_files_arg(struct seam_files *f, unsigned arg, struct seam_file *ret);
/*
 * What the call touches: the n-th of its paths and then of its descriptors (arguments, result, those that it has made).
 * False: there are no more. One whose name is not known has the name "".
 */
bool seam_files_touched(struct seam_files *f, unsigned n, struct seam_file *ret);
/* The one file that the call is mainly about: the first path, else the first descriptor. */
bool seam_files_about(struct seam_files *f, struct seam_file *ret);
/* Whether the call has to do with this descriptor: an argument, the result, or one that it has made. */
bool seam_files_uses(struct seam_files *f, int fd);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Starts the command that is recorded, and holds it before its first instruction. */
#include "launch/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"

/* So that the only execve() in the trace is the one that counts. */
static int find_program(const char *name, struct buf *path)
{
	const char *dirs = getenv("PATH"), *end;
	int r = -ENOENT;

	if (strchr(name, '/')) {
		buf_adds(path, name);
		return 0;
	}
	if (!dirs)
		dirs = "/bin:/usr/bin";
	for (;; dirs = end + 1) {
		struct stat st;

		end = strchrnul(dirs, ':');
		buf_clear(path);
		buf_addf(path, "%.*s%s%s", (int)(end - dirs), dirs, end > dirs ? "/" : "./", name);
		if (stat(path->data, &st) == 0 && S_ISREG(st.st_mode)) {
			if (access(path->data, X_OK) == 0)
				return 0;
			r = -EACCES;
		}
		if (!*end)
			return r;
	}
}

/* A recorder reads memory that is there, which on some machines (arm64) what a fork has copied is not before it has been used. */
static void touch(const char *const *words)
{
	for (; *words; words++)
		for (const volatile char *byte = *words; *byte; byte++)
			;
}

static void become(const char *path, const struct child_how *how, const int go[2], const int failed[2])
{
	char byte;
	int e = 0;

	close(go[1]);
	close(failed[0]);
	watch_restore(how->watch);
	if (how->away)
		dup2(STDERR_FILENO, STDOUT_FILENO);
	if (read(go[0], &byte, 1) != 1)
		_exit(127); /* the recorder gave up */
	if (how->prepare)
		e = -how->prepare(how->user);
	if (!e) {
		touch((const char *const[]){ path, NULL });
		touch((const char *const *)how->command);
		touch((const char *const *)environ);
		execv(path, how->command);
		e = errno;
	}
	if (write(failed[1], &e, sizeof(e)) != (ssize_t)sizeof(e))
		_exit(126);
	_exit(127);
}

int child_start(struct child *c, const struct child_how *how, struct seam_err *err)
{
	char **command = how->command;
	_cleanup_buf_ struct buf path = BUF_INIT;
	int go[2], failed[2], r;

	r = find_program(command[0], &path);
	if (r < 0)
		return seam_err_errno(err, r, "'%s' cannot be run", command[0]);
	if (pipe2(go, O_CLOEXEC) < 0)
		return seam_err_errno(err, -errno, "no pipe to the command");
	if (pipe2(failed, O_CLOEXEC) < 0) {
		r = -errno;
		close(go[0]);
		close(go[1]);
		return seam_err_errno(err, r, "no pipe to the command");
	}
	c->pid = fork();
	if (c->pid == 0)
		become(path.data, how, go, failed);
	r = -errno;
	close(go[0]);
	close(failed[1]);
	c->go = go[1];
	c->failed = failed[0];
	if (c->pid < 0) {
		c->pid = 0;
		child_release(c);
		return seam_err_errno(err, r, "no process for the command");
	}
	return 0;
}

int child_let_go(struct child *c, char **command, struct seam_err *err)
{
	ssize_t n;

	n = write(c->go, "", 1);
	close(c->go);
	c->go = -1;
	/* killed meanwhile, as by the signal of a terminal that we get as well: who waits for it is told */
	if (n != 1 && errno != EPIPE)
		return seam_err_errno(err, -errno, "'%s' cannot be let go", command[0]);
	return 0;
}

int child_runs(struct child *c, char **command, bool reaped, struct seam_err *err)
{
	int reason;
	ssize_t n;

	do
		n = read(c->failed, &reason, sizeof(reason));
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(reason))
		return 0;
	if (!reaped)
		waitpid(c->pid, NULL, 0);
	c->pid = 0;
	return seam_err_errno(err, -reason, "'%s' cannot be run", command[0]);
}

int child_go(struct child *c, char **command, struct seam_err *err)
{
	int r = child_let_go(c, command, err);

	return r < 0 ? r : child_runs(c, command, false, err);
}

void child_release(struct child *c)
{
	/* not let go yet: it sees the end of the pipe and ends */
	if (c->go >= 0 && c->pid > 0) {
		close(c->go);
		c->go = -1;
		waitpid(c->pid, NULL, 0);
	}
	if (c->go >= 0)
		close(c->go);
	if (c->failed >= 0)
		close(c->failed);
	*c = (struct child)CHILD_NONE;
}

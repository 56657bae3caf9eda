/* SPDX-License-Identifier: BSD-2-Clause */
/* temporary */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <fcntl.h>
#include "bpf/recorder.h"

int main(int argc, char **argv)
{
	struct recorder_options o = { .snap = 256, .durations = true, .pause = true };
	struct recorder *r;
	struct seam_err err = { 0 };
	int pipe_fd[2];
	pid_t pid;
	FILE *out = fopen(argv[1], "w");
	int status;
	uint64_t bytes = 0, blocks = 0, records = 0;
	struct recorder_count n;

	if (getenv("BUFFER"))
		o.buffer = strtoull(getenv("BUFFER"), NULL, 0);
	if (recorder_open(&r, &o, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	pipe(pipe_fd);
	pid = fork();
	if (pid == 0) {
		char c;
		read(pipe_fd[0], &c, 1);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (recorder_add(r, pid, 1, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	write(pipe_fd[1], "x", 1);
	for (bool running = true;;) {
		const struct trace_block *b;
		unsigned cpu;

		if (running && waitpid(pid, &status, WNOHANG) == pid) {
			running = false;
			recorder_detach(r);
		}
		while (recorder_take(r, &cpu, &b)) {
			fwrite(b, 64 + b->size, 1, out);
			bytes += 64 + b->size;
			blocks++;
			records += b->records;
			recorder_release(r, cpu);
		}
		recorder_relieve(r);
		if (!running)
			break;
		usleep(2000);
	}
	recorder_count(r, &n);
	fprintf(stderr, "%lu bytes %lu blocks %lu records %lu calls %lu lost %lu stops\n", bytes, blocks, records, n.calls, n.lost, n.stops);
	recorder_close(r);
	return 0;
}

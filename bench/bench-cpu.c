/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a command and appends what it took to a file, so that a recorder around it does not count:
 *     bench-cpu FILE COMMAND...     wall, CPU and user CPU time in nanoseconds
 *     bench-cpu getppid N           the workload for the cost of one call
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"

static long long ns(struct timeval t)
{
	return t.tv_sec * 1000000000LL + t.tv_usec * 1000LL;
}

static int measure(const char *file, char **command)
{
	uint64_t began = time_mono_ns(), wall;
	struct rusage used;
	int status;
	FILE *f;
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		dup2(null, 1);
		execvp(*command, command);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid || status != 0)
		return 1;
	wall = time_mono_ns() - began;
	f = fopen(file, "ae");
	if (!f)
		return 1;
	fprintf(f, "%llu %lld %lld\n", (unsigned long long)wall, ns(used.ru_utime) + ns(used.ru_stime), ns(used.ru_utime));
	return fclose(f) != 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "getppid")) {
		for (long n = strtol(argv[2], NULL, 10); n > 0; n--)
			syscall(SYS_getppid);
		return 0;
	}
	return argc > 2 ? measure(argv[1], argv + 2) : 2;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a command with empty programs on both tracepoints of calls, or at the end only: what every recorder with BPF pays before it does
 * anything. bench-empty [--exit] COMMAND...
 */
#include <bpf/libbpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bpf/embedded.h"

extern const struct embedded bench_empty_object[];

int main(int argc, char **argv)
{
	struct bpf_object *object = embedded_open(bench_empty_object, NULL);
	struct bpf_program *program;
	int status = 1;
	pid_t pid;

	if (argc > 1 && !strcmp(argv[1], "--exit")) {
		bpf_program__set_autoload(bpf_object__find_program_by_name(object, "empty_enter"), false);
		argc--;
		argv++;
	}
	if (argc < 2 || !object || bpf_object__load(object) < 0)
		return 125;
	bpf_object__for_each_program(program, object)
		if (bpf_program__autoload(program) && !bpf_program__attach(program))
			return 125;
	pid = fork();
	if (pid == 0) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	bpf_object__close(object);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What the file that puts the tree of processes together shares with the one that prints it. */
#ifndef SHOW_TREE_PARTS_H
#define SHOW_TREE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TREE_NONE UINT32_MAX

struct tree_exec {
	uint64_t time;
	char *file, *args; /* args: each with its NUL, and one more at the end */
	uint32_t args_size;
	bool cut; /* there were more */
};

struct tree_process {
	uint32_t pid, ppid; /* ppid: 0 if it is not known */
	uint32_t parent;    /* index, TREE_NONE */
	uint32_t tasks;     /* threads that it had, all in all */
	uint32_t status;    /* as wait() has it */
	bool before;        /* it was there when the recording began */
	bool ended;
	char name[17];
	uint64_t start, end, last; /* last: time of what it did last */
	uint64_t calls, errors;
	struct tree_exec *execs;
	size_t exec_count;
	/* for printing */
	uint32_t child, next; /* the first of those that it made; the next one of its parent */
	uint32_t seen;
};

struct tree_slot {
	uint32_t tid, process;
};

struct tree {
	struct tree_process *processes; /* in the order in which they were heard of */
	size_t count, cap;
	struct tree_slot *slots; /* task -> the process that it is of now, open addressing */
	size_t slot_count, slots_used;
};

#endif

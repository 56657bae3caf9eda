/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: a trace as it is, when the input begins as one; else the records of a block, whose sums are made to fit: the first
 * byte is the architecture and how many records the header says.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/alloc.h"
#include "base/files.h"
#include "replay.h"
#include "seam/deeds.h"
#include "seam/open-files.h"
#include "seam/trace.h"
#include "trace/record.h"
#include "trace/sum.h"

static unsigned add_up(const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += p[i];
	return sum;
}

/* Every byte is there. */
static unsigned look_beside(const struct seam_event *e)
{
	switch (e->kind) {
	case SEAM_EVENT_EXEC:
		return add_up(e->exec.args.bytes, e->exec.args.size) + add_up(e->exec.env.bytes, e->exec.env.size);
	case SEAM_EVENT_SUBMIT:
		return add_up(e->submit.entry, e->submit.entry_size);
	case SEAM_EVENT_IMAGE:
		return add_up(e->image.name.bytes, e->image.name.size);
	case SEAM_EVENT_FILE:
		return add_up(e->file.id, e->file.id_size) + add_up(e->file.name.bytes, e->file.name.size);
	case SEAM_EVENT_WORDS:
		return add_up(e->words.more.bytes, e->words.more.size);
	default:
		return 0;
	}
}

/* Asks all that can be asked of its descriptors. */
static void look_at_files(const struct seam_event *e, struct seam_files *files)
{
	static volatile size_t sum UNUSED;
	struct seam_file file;

	seam_files_see(files, e);
	for (unsigned n = 0; n < 20 && seam_files_touched(files, n, &file); n++)
		sum += strlen(file.name) + strlen(file.local) + strlen(file.peer);
	for (unsigned arg = 0; arg <= SEAM_REG_RET; arg++)
		if (seam_files_arg(files, arg, &file))
			sum += strlen(file.name);
	for (int fd = -2; fd < 8; fd++)
		if (seam_files_fd(files, fd < 0 ? fd - 99 : fd, fd & 1 ? SEAM_AT_ENTRY : SEAM_AT_EXIT, &file))
			sum += strlen(file.name) + seam_files_uses(files, fd);
}

/* Says all that it did. */
static void look_at_deeds(const struct seam_event *e, struct seam_deeds *deeds)
{
	struct seam_deed deed;
	struct seam_out out;

	seam_out_init_mem(&out);
	seam_deeds_see(deeds, e);
	for (int n = 0; n < 8 && seam_deeds_next(deeds, &deed); n++) {
		seam_deed_text(&deed, &out);
		seam_deed_json(&deed, &out);
	}
	seam_out_release(&out);
}

static void look_at(struct seam_event *e, struct seam_tasks *tasks)
{
	static volatile unsigned sum UNUSED;
	struct seam_task task;
	unsigned char to[64];

	if (e->kind == SEAM_EVENT_DAMAGE) {
		sum += (unsigned)strlen(e->damage.text);
		return;
	}
	seam_tasks_see(tasks, e);
	if (seam_tasks_get(tasks, e->tid, &task))
		sum += (unsigned)(strlen(task.exe) + strlen(task.name) + strlen(task.args));
	sum += look_beside(e);
	for (uint32_t i = 0; i < e->blob_count; i++) {
		/* Every byte is there. */
		for (uint32_t k = 0; k < e->blobs[i].size; k++)
			sum += e->blobs[i].bytes[k];
		if (i < 50 && e->kind <= SEAM_EVENT_UNKNOWN &&
		    seam_event_read(e, e->blobs[i].address, to, sizeof(to), e->blobs[i].when) < MIN(e->blobs[i].size, 64u))
			abort();
	}
}

static void read_all(const char *path, const struct seam_trace_options *options)
{
	struct seam_files *files;
	struct seam_tasks *tasks;
	struct seam_deeds *deeds;
	const struct seam_event *e;
	struct seam_trace *t;
	uint64_t half = 0, n = 0;

	if (seam_trace_open(&t, path, options, NULL) < 0)
		return;
	tasks = seam_tasks_new();
	files = seam_files_new(NULL);
	deeds = seam_deeds_new(NULL);
	while (seam_trace_next(t, &e, NULL) > 0) {
		struct seam_event copy = *e;

		look_at(&copy, tasks);
		look_at_files(&copy, files);
		look_at_deeds(&copy, deeds);
		if (++n % 8 == 0)
			half = e->time;
	}
	if (seam_trace_seek(t, half, NULL) == 0)
		while (seam_trace_next(t, &e, NULL) > 0)
			;
	seam_deeds_free(deeds);
	seam_files_free(files);
	seam_tasks_free(tasks);
	seam_trace_close(t);
}

static void put_records(int fd, const uint8_t *data, size_t size)
{
	struct trace_block head = { .magic = TRACE_BLOCK_MAGIC, .kind = TRACE_RECORDS, .version = TRACE_VERSION };
	unsigned first = size ? data[0] : 0;

	if (size) {
		data++;
		size--;
	}
	head.arch = (uint8_t)(first % 3);
	head.records = first < 3 ? 1000000 : first;
	head.size = head.stored = (uint32_t)size;
	head.sum = trace_sum(data, size);
	head.head_sum = trace_head_sum(&head);
	/* Twice, so that one goes on from the other. */
	for (int i = 0; i < 2; i++)
		if (fd_write_all(fd, &head, sizeof(head)) < 0 || fd_write_all(fd, data, size) < 0 ||
		    fd_write_all(fd, "\0\0\0\0\0\0\0", -size % 8) < 0)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct seam_trace_options options[] = {
		{ .memory = 64 << 20 }, { .memory = 64 << 20, .no_index = true }, { .memory = 64 << 20, .follow = true },
	};
	int fd = memfd_create("trace", MFD_CLOEXEC);
	char path[64];

	if (fd < 0)
		abort();
	if (size >= 4 && !memcmp(data, "SmBk", 4)) {
		if (fd_write_all(fd, data, size) < 0)
			abort();
	} else {
		put_records(fd, data, size);
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		read_all(path, &options[i]);
	close(fd);
	return 0;
}

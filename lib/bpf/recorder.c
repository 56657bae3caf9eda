/* SPDX-License-Identifier: BSD-2-Clause */
/* Chunks from the kernel's side of the recorder to whoever writes them. */
#include "bpf/recorder.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <sched.h>
#include <linux/membarrier.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/time.h"
#include "base/util.h"
#include "bpf/kernel-attach.h"
#include "bpf/kernel-fit.h"
#include "bpf/kernel-load.h"
#include "bpf/kernel-memory.h"
#include "bpf/kernel-old.h"
#include "bpf/kernel-pause.h"
#include "bpf/where-load.h"

#define DEFAULT_BUFFER (4u << 20)
#define RING_DATA 4096u
#define UNDER_WAY_NOT_ASKED (-2)
#define LOSS_BYTES 16u
#define ARRIVED 256u /* more at once go without a name */
#define MAX_CHUNKS 64u /* the kernel gives no more than 4 MiB for an array's element */

struct recorder {
	struct bpf_object *object;
	struct bpf_link *links[KERNEL_LINKS];
	struct ring_buffer *notices;
	uint32_t *wanting; /* in the kernel's side: tasks that it has not seen yet */
	unsigned char *rings;
	size_t ring_bytes; /* of one processor, in the map */
	uint32_t chunks;
	unsigned cpus;
	unsigned next;     /* processor to look at first */
	bool detached;
	uint64_t *seen;    /* of each processor: chunks begun when it was looked at last */
	uint64_t *goal;    /* chunks that had ended when the round began */
	const struct recorder_where *where;
	int flush;         /* the program that ends a chunk; -1: there is none */
	uint64_t added;
	int under_way;     /* reading it makes records of calls that have not returned */
	void (*image)(void *user, const struct image_notice *notice);
	void *image_user;
	enum recorder_pause pause;
	uint32_t short_at; /* chunks under way */
	uint32_t arrived[ARRIVED];
	unsigned arrived_count;
};

static struct ring_control *control(const struct recorder *r, unsigned cpu)
{
	return (struct ring_control *)(void *)(r->rings + cpu * r->ring_bytes);
}

static struct trace_block *chunk(const struct recorder *r, unsigned cpu, uint64_t index)
{
	unsigned char *data = r->rings + cpu * r->ring_bytes + RING_DATA;

	return (struct trace_block *)(void *)(data + (index & (r->chunks - 1)) * RING_CHUNK);
}

static int on_notice(void *context, void *data, size_t size)
{
	const struct kernel_notice *n = data;
	struct recorder *r = context;

	if (size >= sizeof(struct image_notice)) {
		if (r->image)
			r->image(r->image_user, data);
		return 0;
	}
	if (size >= sizeof(*n) && n->arrived && r->arrived_count < ARRIVED)
		r->arrived[r->arrived_count++] = n->arrived;
	return 0; /* it has woken us */
}

/* The chunks of a ring: as many as fit into the buffer, a power of two. */
static uint32_t chunks_of(uint64_t buffer)
{
	uint32_t n = RING_MIN_CHUNKS;

	if (!buffer)
		buffer = DEFAULT_BUFFER;
	while ((uint64_t)n * 2 * RING_CHUNK <= buffer && n < MAX_CHUNKS)
		n *= 2;
	return n;
}

/* Marks are in chunks under way; what is above is for those who have a call under way when it is reached. */
static void set_pause(struct recorder *r, enum recorder_pause pause, struct kernel_config *config)
{
	r->pause = pause;
	r->short_at = MAX(r->chunks / 4, 2u); /* one is open as a rule */
	config->pause = pause == RECORDER_HOLD ? kernel_hold() : pause == RECORDER_DROP ? 0 : PAUSE_STOP;
	if (pause == RECORDER_HOLD && !config->pause) {
		r->pause = RECORDER_STOP;
		config->pause = PAUSE_STOP;
	}
	if (r->pause == RECORDER_STOP && !kernel_knows_our_pids()) {
		r->pause = RECORDER_DROP;
		config->pause = 0;
	}
	if (r->pause == RECORDER_FREEZE && !kernel_knows_our_pids())
		config->pause = 0;
	config->only_user = kernel_only_user();
	config->stop_at = r->pause == RECORDER_HOLD ? r->chunks / 2 : r->pause == RECORDER_FREEZE ? r->chunks * 7 / 8 : r->chunks * 3 / 4;
	/* what a call has to say may need the rest of a ring */
	if (config->full)
		config->stop_at = MIN(config->stop_at, r->chunks / 2);
}

static int choose_cgroups(const struct recorder *r, const struct recorder_options *options, struct seam_err *err)
{
	int map = bpf_object__find_map_fd_by_name(r->object, "cgroups");
	uint32_t one = 1;

	for (uint32_t i = 0; i < options->cgroup_count; i++)
		if (bpf_map_update_elem(map, &options->cgroups[i], &one, BPF_ANY) < 0)
			return seam_err_errno(err, -errno, "the cgroup cannot be chosen");
	return 0;
}

int recorder_open(struct recorder **ret_recorder, const struct recorder_options *options, struct seam_err *err)
{
	struct recorder *r = xcalloc(1, sizeof(*r));
	struct bpf_program *flush;
	struct kernel_config config = { .snap = options->snap, .durations = options->durations, .full = options->snap > KEPT_ROOM / 2,
					.everything = options->everything, .not_pid = (uint32_t)getpid() };
	int e;

	r->under_way = UNDER_WAY_NOT_ASKED;
	r->image = options->image;
	r->image_user = options->user;
	if (options->traps && !(kernel_sees() & KERNEL_SEES_TRAPS)) {
		free(r);
		return seam_err_set(err, -ENOTSUP, "this kernel does not tell page faults of programs (it has no tracepoint "
				    "exceptions:page_fault_user that BPF can see): record without --traps");
	}
	r->cpus = (unsigned)libbpf_num_possible_cpus();
	r->chunks = chunks_of(options->buffer);
	if (getrandom(&config.secret, sizeof(config.secret), 0) < 0)
		config.secret = time_mono_ns() * 0x9e3779b97f4a7c15;
	config.ring_mask = r->chunks * RING_CHUNK - 1;
	config.ring_words = config.ring_mask & ~3u;
	config.chunk_mask = r->chunks - 1;
	set_pause(r, options->everything ? RECORDER_DROP : options->pause, &config);
	config.cgroups = options->cgroup_count;
	config.wake_at = r->chunks / 4;
	r->ring_bytes = RING_DATA + (size_t)(r->chunks + 1) * RING_CHUNK;
	e = load_record(&r->object, &config, r->cpus, r->ring_bytes, options, err);
	if (kernel_old_may_help(e) && config.pause && config.pause != PAUSE_STOP) {
		/* it has what is needed, but in another form; when it takes none, what it said first is why */
		set_pause(r, RECORDER_STOP, &config);
		if (load_record(&r->object, &config, r->cpus, r->ring_bytes, options, NULL) >= 0) {
			seam_err_clear(err);
			e = 0;
		}
	}
	if (e < 0)
		goto fail;
	r->rings = kernel_map_memory(r->object, "rings", r->cpus * r->ring_bytes);
	r->wanting = kernel_map_memory(r->object, ".bss", sizeof(*r->wanting));
	if (!r->rings || !r->wanting) {
		e = seam_err_errno(err, -errno, "the memory of the recorder in the kernel cannot be mapped");
		goto fail;
	}
	r->notices = ring_buffer__new(bpf_object__find_map_fd_by_name(r->object, "notices"), on_notice, r, NULL);
	if (!r->notices) {
		e = seam_err_set(err, -errno, "no ring for the kernel's notices");
		goto fail;
	}
	flush = bpf_object__find_program_by_name(r->object, "record_flush");
	r->flush = flush ? bpf_program__fd(flush) : -1;
	r->seen = xcalloc(r->cpus, sizeof(*r->seen));
	r->goal = xcalloc(r->cpus, sizeof(*r->goal));
	e = choose_cgroups(r, options, err);
	if (e < 0)
		goto fail;
	kernel_find_memory(r->object);
	e = kernel_attach(r->object, r->links, err);
	if (e < 0)
		goto fail;
	r->where = options->where;
	*ret_recorder = r;
	return 0;
fail:
	recorder_close(r);
	return e;
}

void recorder_detach(struct recorder *r)
{
	kernel_detach(r->links);
	/* those that were at work on other processors have ended when every one of them has been elsewhere */
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	r->detached = true;
	recorder_relieve(r);
}

void recorder_close(struct recorder *r)
{
	if (!r)
		return;
	recorder_detach(r);
	if (r->rings)
		munmap(r->rings, r->cpus * r->ring_bytes);
	if (r->wanting)
		munmap(r->wanting, sizeof(*r->wanting));
	if (r->under_way >= 0)
		close(r->under_way);
	ring_buffer__free(r->notices);
	bpf_object__close(r->object);
	free(r->seen);
	free(r->goal);
	free(r);
}

void recorder_tell_exe(struct recorder *r, pid_t process, const char *path)
{
	where_tell_exe(r->object, r->where, (uint32_t)process, path);
}

int recorder_add(struct recorder *r, pid_t task, bool fresh, struct seam_err *err)
{
	int e = kernel_add_task(r->object, r->wanting, task, fresh, err);

	r->added += e == 0;
	return e;
}

int recorder_fd(const struct recorder *r)
{
	return ring_buffer__epoll_fd(r->notices);
}

/* nobody writes any more: what there is makes a last chunk */
static void end_chunk(const struct recorder *r, unsigned cpu)
{
	struct ring_control *c = control(r, cpu);
	struct trace_block *b = chunk(r, cpu, c->opened - 1);

	b->size = c->used - (uint32_t)sizeof(*b);
	b->last = c->last;
	c->used = 0;
	c->closed++;
}

/* Nobody writes any more: losses after which there was no record make a chunk of their own. There is room: all is released. */
static void put_pending(struct recorder *r, unsigned cpu)
{
	struct ring_control *c = control(r, cpu);
	struct trace_block *b = chunk(r, cpu, c->opened);
	struct trace_record *t = (struct trace_record *)(b + 1);
	uint32_t *more = (uint32_t *)(t + 1);

	*b = (struct trace_block){ .stream = cpu, .records = 1, .sequence = c->sequence, .first = c->last, .last = c->last,
				   .lost = c->pending, .size = LOSS_BYTES };
	*t = (struct trace_record){ .words = LOSS_BYTES / 4, .kind = TRACE_LOSS };
	more[0] = 0;
	more[1] = c->pending;
	c->sequence += 1 + (uint64_t)c->pending;
	c->pending = 0;
	c->opened++;
	c->closed++;
}


void recorder_round(struct recorder *r)
{
	if (r->notices)
		ring_buffer__consume(r->notices);
	for (unsigned cpu = 0; cpu < r->cpus; cpu++) {
		if (r->detached && control(r, cpu)->used)
			end_chunk(r, cpu);
		if (r->detached && control(r, cpu)->pending && control(r, cpu)->opened == control(r, cpu)->released)
			put_pending(r, cpu);
		r->goal[cpu] = __atomic_load_n(&control(r, cpu)->closed, __ATOMIC_ACQUIRE);
	}
}

int recorder_take(struct recorder *r, unsigned *ret_cpu, const struct trace_block **ret_block)
{
	for (unsigned i = 0; i < r->cpus; i++) {
		unsigned cpu = (r->next + i) % r->cpus;
		struct ring_control *c = control(r, cpu);

		if (r->goal[cpu] <= c->released)
			continue;
		r->next = cpu; /* as long as it has more: its blocks stand together */
		*ret_cpu = cpu;
		*ret_block = chunk(r, cpu, c->released);
		return 1;
	}
	return 0;
}

void recorder_release(struct recorder *r, unsigned cpu)
{
	struct ring_control *c = control(r, cpu);

	__atomic_store_n(&c->released, c->released + 1, __ATOMIC_RELEASE);
}

void recorder_relieve(struct recorder *r)
{
	for (unsigned cpu = 0; r->rings && cpu < r->cpus; cpu++) {
		struct ring_control *c = control(r, cpu);
		uint64_t stops = __atomic_load_n(&c->stops, __ATOMIC_ACQUIRE);

		while (c->let_go < stops) {
			kill((pid_t)c->stopped[c->let_go % RING_STOPS], SIGCONT);
			__atomic_store_n(&c->let_go, c->let_go + 1, __ATOMIC_RELEASE);
		}
	}
}

/* The ring that is fullest has so many chunks free. */
static uint32_t room(const struct recorder *r)
{
	uint32_t least = r->chunks;

	for (unsigned cpu = 0; cpu < r->cpus; cpu++) {
		const struct ring_control *c = control(r, cpu);

		least = MIN(least, r->chunks - (uint32_t)(c->opened - c->released));
	}
	return least;
}

bool recorder_under_way(struct recorder *r)
{
	uint32_t task;

	if (r->under_way == UNDER_WAY_NOT_ASKED) {
		struct bpf_program *p = bpf_object__find_program_by_name(r->object, "record_under_way");
		struct bpf_link *link = p && bpf_program__autoload(p) ? bpf_program__attach_iter(p, NULL) : NULL;

		r->under_way = link ? bpf_iter_create(bpf_link__fd(link)) : -1;
		bpf_link__destroy(link);
	}
	/* each record is less than a chunk, and begins at most one */
	while (r->under_way >= 0) {
		if (room(r) < 2)
			return true;
		if (read(r->under_way, &task, sizeof(task)) != (ssize_t)sizeof(task))
			break;
	}
	return false;
}

void recorder_count(const struct recorder *r, struct recorder_count *ret_count)
{
	*ret_count = (struct recorder_count){ .tasks = r->added };
	for (unsigned cpu = 0; cpu < r->cpus; cpu++) {
		ret_count->calls += control(r, cpu)->calls;
		ret_count->lost += control(r, cpu)->lost;
		ret_count->lost_others += control(r, cpu)->lost_others;
		ret_count->tasks += control(r, cpu)->tasks;
		ret_count->stops += control(r, cpu)->stops + control(r, cpu)->held;
	}
}

bool recorder_is_idle(const struct recorder *r)
{
	for (unsigned cpu = 0; cpu < r->cpus; cpu++) {
		struct ring_control *c = control(r, cpu);

		if (__atomic_load_n(&c->opened, __ATOMIC_ACQUIRE) != c->released || __atomic_load_n(&c->pending, __ATOMIC_RELAXED))
			return false;
	}
	return true;
}

bool recorder_has(const struct recorder *r, pid_t task)
{
	int slots = bpf_object__find_map_fd_by_name(r->object, "slots"), fd;
	uint32_t number = (uint32_t)task;
	struct kept *k;
	bool has = false;

	for (uint32_t i = 0; i < SLOTS && !has; i++) {
		struct slot s;

		has = bpf_map_lookup_elem(slots, &i, &s) == 0 && s.id && s.task == number;
	}
	has = has || kernel_has_number(r->object, task);
	fd = has || kernel_is_old(r->object) ? -1 : (int)syscall(SYS_pidfd_open, task, 0);
	if (fd < 0)
		return has;
	k = xcalloc(1, sizeof(*k));
	has = bpf_map_lookup_elem(bpf_object__find_map_fd_by_name(r->object, "tasks"), &fd, k) == 0 && (k->own.id || k->wanted);
	free(k);
	close(fd);
	return has;
}

void recorder_flush(struct recorder *r, bool all)
{
	size_t size = CPU_ALLOC_SIZE(r->cpus);
	cpu_set_t *own = CPU_ALLOC(r->cpus), *one = CPU_ALLOC(r->cpus);
	struct bpf_test_run_opts run = { .sz = sizeof(run) };
	bool moved = false, can;

	can = own && one && r->flush >= 0 && sched_getaffinity(0, size, own) == 0;
	for (unsigned cpu = 0; can && cpu < r->cpus; cpu++) {
		struct ring_control *c = control(r, cpu);
		uint64_t opened = __atomic_load_n(&c->opened, __ATOMIC_ACQUIRE);
		bool old = r->seen[cpu] == opened;

		r->seen[cpu] = opened;
		if (opened == __atomic_load_n(&c->closed, __ATOMIC_ACQUIRE) && !c->pending)
			continue;
		if (!all && !old)
			continue;
		CPU_ZERO_S(size, one);
		CPU_SET_S(cpu, size, one);
		/* one that we may not run on goes on until its chunk is full */
		if (sched_setaffinity(0, size, one) < 0)
			continue;
		moved = true;
		if (kernel_is_old(r->object))
			kernel_run_iterator(r->flush);
		else
			IGNORE_RESULT(bpf_prog_test_run_opts(r->flush, &run) < 0);
	}
	if (moved)
		sched_setaffinity(0, size, own);
	CPU_FREE(own);
	CPU_FREE(one);
}

uint64_t recorder_oldest(const struct recorder *r)
{
	uint64_t oldest = time_mono_ns();

	for (unsigned cpu = 0; cpu < r->cpus; cpu++) {
		const struct ring_control *c = control(r, cpu);

		if (__atomic_load_n(&c->opened, __ATOMIC_ACQUIRE) != c->released)
			oldest = MIN(oldest, chunk(r, cpu, c->released)->first);
	}
	return oldest;
}

bool recorder_can_hold(void)
{
	return kernel_hold() != 0;
}

bool recorder_can_stop(void)
{
	return kernel_knows_our_pids();
}

enum recorder_pause recorder_pause(const struct recorder *r)
{
	return r->pause;
}

bool recorder_is_short(const struct recorder *r)
{
	for (unsigned cpu = 0; cpu < r->cpus; cpu++) {
		struct ring_control *c = control(r, cpu);

		if (__atomic_load_n(&c->opened, __ATOMIC_ACQUIRE) - __atomic_load_n(&c->released, __ATOMIC_ACQUIRE) >= r->short_at)
			return true;
	}
	return false;
}

int recorder_short_fd(const struct recorder *r)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLET };
	int fd = epoll_create1(EPOLL_CLOEXEC);

	if (fd >= 0 && epoll_ctl(fd, EPOLL_CTL_ADD, bpf_object__find_map_fd_by_name(r->object, "notices"), &e) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

uint32_t recorder_arrived(struct recorder *r)
{
	return r->arrived_count ? r->arrived[--r->arrived_count] : 0;
}

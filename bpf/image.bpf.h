/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * Which files stand in memory so that they can be run: at an exec its program and its loader, and what a call maps. The
 * recorder is told once of each file, and looks for its build id; here nobody can read a file.
 */
#ifndef IMAGE_BPF_H
#define IMAGE_BPF_H

#include "events.bpf.h"

#define IMAGE_PATH 4096u
#define IMAGE_PARTS 64u  /* of a path, and file systems on the way */
#define IMAGE_PART 255u  /* bytes of one */
#define IMAGE_FILES 4096 /* that the recorder has been told of */
#define VM_PROTECTION 7u /* VM_READ, VM_WRITE, VM_EXEC: as PROT_* */
#define VM_EXEC 4u
#define AUX_PAIRS 32u

struct qstr {
	uint32_t len;
	const unsigned char *name;
} KERNEL;

struct super_block {
	uint32_t s_dev;
} KERNEL;

struct inode {
	struct super_block *i_sb;
	unsigned long i_ino;
	int64_t i_mtime_sec;
} KERNEL;

struct timespec64 {
	int64_t tv_sec;
} KERNEL;

/* Before Linux 6.11, and before 6.7. */
struct inode___struct {
	struct timespec64 __i_mtime;
} KERNEL;
struct inode___plain {
	struct timespec64 i_mtime;
} KERNEL;

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
} KERNEL;

struct vfsmount {
	struct dentry *mnt_root;
} KERNEL;

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
} KERNEL;

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
} KERNEL;

struct file {
	struct path f_path;
	struct inode *f_inode;
} KERNEL;

struct vm_area_struct {
	unsigned long vm_start, vm_end, vm_flags, vm_pgoff;
	struct file *vm_file;
} KERNEL;

struct fs_struct {
	struct path root;
} KERNEL;

struct task_struct___fs {
	struct fs_struct *fs;
} KERNEL;

struct mm_struct___code {
	unsigned long start_code;
} KERNEL;

/* The image that a processor describes. */
struct image_work {
	struct trace_image image;
	struct dentry *dentry, *root;
	struct mount *mount, *root_mount;
	uint32_t at; /* in path, which is written from its end */
	uint32_t found;
	struct image_notice notice;
	unsigned char path[2 * IMAGE_PATH];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, sizeof(struct image_work));
} image_works SEC(".maps");

struct image_file {
	uint64_t inode;
	uint32_t major, minor;
	int64_t changed;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IMAGE_FILES);
	__type(key, struct image_file);
	__type(value, uint32_t);
} image_files SEC(".maps");

static __always_inline int64_t inode_changed(struct inode *inode)
{
	struct inode___struct *one = (void *)inode;
	struct inode___plain *two = (void *)inode;

	if (bpf_core_field_exists(struct inode, i_mtime_sec))
		return BPF_CORE_READ(inode, i_mtime_sec);
	if (bpf_core_field_exists(one->__i_mtime))
		return BPF_CORE_READ(one, __i_mtime.tv_sec);
	if (bpf_core_field_exists(two->i_mtime))
		return BPF_CORE_READ(two, i_mtime.tv_sec);
	return 0;
}

/* What is called back is given memory of the stack only. */
struct image_context {
	struct image_work *w;
};

static long on_area(struct task_struct *task, struct vm_area_struct *area, struct image_context *c)
{
	struct image_work *w = c->w;
	struct file *file = BPF_CORE_READ(area, vm_file);
	struct inode *inode;
	uint32_t device;

	w->image.address = BPF_CORE_READ(area, vm_start);
	w->image.bytes = BPF_CORE_READ(area, vm_end) - w->image.address;
	w->image.protection = (uint32_t)BPF_CORE_READ(area, vm_flags) & VM_PROTECTION;
	if (!file)
		return 0;
	inode = BPF_CORE_READ(file, f_inode);
	device = BPF_CORE_READ(inode, i_sb, s_dev);
	w->image.offset = (uint64_t)BPF_CORE_READ(area, vm_pgoff) * PAGE_BYTES;
	w->image.inode = BPF_CORE_READ(inode, i_ino);
	w->image.major = device >> 20;
	w->image.minor = device & 0xfffff;
	w->image.changed = inode_changed(inode);
	w->dentry = BPF_CORE_READ(file, f_path.dentry);
	w->mount = (void *)((unsigned char *)BPF_CORE_READ(file, f_path.mnt) - bpf_core_field_offset(struct mount, mnt));
	w->found = 1;
	return 0;
}

#ifndef SEAM_OLD
static __always_inline void image_area(struct task_struct *task, uint64_t address, struct image_context *c)
{
	bpf_find_vma((struct task_struct *)bpf_get_current_task_btf(), address, on_area, c, 0); /* the same */
}
#else
/* The areas of memory stand in a tree, which others may change meanwhile: then it is looked through once more. */
#define AREA_STEPS 64u /* the tree is not as deep */
#define AREA_TRIES 3u

struct rb_node {
	struct rb_node *rb_right, *rb_left;
} KERNEL;

struct rb_root {
	struct rb_node *rb_node;
} KERNEL;

struct mm_struct___tree {
	struct rb_root mm_rb;
} KERNEL;

struct vm_area_struct___tree {
	struct rb_node vm_rb;
} KERNEL;

struct area_search {
	struct image_work *w;
	struct rb_node *root, *node;
	uint64_t address;
};

static __always_inline bool area_again(struct area_search *search)
{
	uint32_t zero = 0;

	search->w = bpf_map_lookup_elem(&image_works, &zero);
	return search->w;
}

static long area_step(uint32_t i, struct area_search *search)
{
	struct rb_node *node = i % AREA_STEPS ? search->node : search->root;
	struct vm_area_struct *area;
	struct image_context c = { .w = search->w };
	struct vm_area_struct___tree *in_tree = NULL;

	if (!node || !bpf_core_field_exists(in_tree->vm_rb))
		return 0;
	area = (void *)((unsigned char *)node - bpf_core_field_offset(struct vm_area_struct___tree, vm_rb));
	if (search->address < BPF_CORE_READ(area, vm_start)) {
		search->node = BPF_CORE_READ(node, rb_left);
	} else if (search->address >= BPF_CORE_READ(area, vm_end)) {
		search->node = BPF_CORE_READ(node, rb_right);
	} else {
		on_area(NULL, area, &c);
		return 1;
	}
	return 0;
}
EACH_FAR_TELLING(area_step, struct area_search, area_again, 8, AREA_TRIES * AREA_STEPS / 8)

static __always_inline void image_area(struct task_struct *task, uint64_t address, struct image_context *c)
{
	struct mm_struct___tree *mm = (void *)BPF_CORE_READ(task, mm);
	struct area_search search = { .address = address };

	/* before Linux 6.1; others find areas themselves */
	if (!mm || !bpf_core_field_exists(mm->mm_rb))
		return;
	search.root = BPF_CORE_READ(mm, mm_rb.rb_node);
	each(AREA_TRIES * AREA_STEPS, area_step, &search);
}
#endif

/* One name, or the step from a file system to the one that it is mounted in. */
static long path_part(uint32_t i, struct image_context *c)
{
	struct image_work *w = c->w;
	struct dentry *dentry = w->dentry, *parent = BPF_CORE_READ(dentry, d_parent);
	struct mount *mount = w->mount;
	uint32_t bytes, at = w->at;

	if (w->dentry == w->root && w->mount == w->root_mount)
		return 1;
	if (w->dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
		struct mount *outer = BPF_CORE_READ(mount, mnt_parent);

		if (outer == w->mount)
			return 1;
		w->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		w->mount = outer;
		return 0;
	}
	if (parent == w->dentry)
		return 1;
	bytes = BPF_CORE_READ(dentry, d_name.len);
	if (bytes > IMAGE_PART || at < bytes + 1)
		return 1;
	at -= bytes;
	at &= IMAGE_PATH - 1;
	opaque(bytes);
	bytes &= IMAGE_PART;
	bpf_probe_read_kernel(w->path + at, at_most(bytes, IMAGE_PART), BPF_CORE_READ(dentry, d_name.name));
	at -= 1;
	at &= IMAGE_PATH - 1;
	w->path[at] = '/';
	w->at = at;
	w->dentry = parent;
	return 0;
}
EACH_NEAR(path_part, struct image_context, IMAGE_PARTS)

static __always_inline void tell_file(struct image_work *w)
{
	struct image_file key = { w->image.inode, w->image.major, w->image.minor, w->image.changed };
	uint32_t one = 1;

	if (bpf_map_update_elem(&image_files, &key, &one, BPF_NOEXIST))
		return;
	w->notice.head.cpu = bpf_get_smp_processor_id();
	w->notice.image = w->image;
	bpf_probe_read_kernel(w->notice.name, sizeof(w->notice.name), w->path + (w->at & (IMAGE_PATH - 1)));
	/* no room: next time */
	if (bpf_ringbuf_output(&notices, &w->notice, sizeof(w->notice), BPF_RB_FORCE_WAKEUP))
		bpf_map_delete_elem(&image_files, &key);
}

/* The image at this address of the running task. 1: it is one that can be run. */
__noinline int put_image(uint64_t address, uint32_t how)
{
	struct task_struct *task = task_here();
	struct fs_struct *fs = BPF_CORE_READ((struct task_struct___fs *)task, fs);
	struct ring_control *r = ring_here();
	struct trace_record *t;
	struct image_work *w;
	uint32_t zero = 0, *to, at, bytes, last;
	struct image_file before;
	struct image_context c;

	w = bpf_map_lookup_elem(&image_works, &zero);
	if (!w || !r)
		return 0;
	c.w = w;
	before = (struct image_file){ w->image.inode, w->image.major, w->image.minor, w->image.changed };
	__builtin_memset(&w->image, 0, sizeof(w->image));
	w->image.pid = (uint32_t)TASK(task, tgid);
	w->image.how = how;
	w->image.address = address;
	w->found = 0;
	w->at = IMAGE_PATH - 1;
	w->path[IMAGE_PATH - 1] = 0;
	image_area(task, address, &c);
	/* a program that needs no loader begins in itself */
	if (how == TRACE_IMAGE_LOADER && (!w->found || (before.inode == w->image.inode && before.minor == w->image.minor &&
						     before.major == w->image.major)))
		return 0;
	if (w->found) {
		struct vfsmount *mnt = BPF_CORE_READ(fs, root.mnt);

		w->root = BPF_CORE_READ(fs, root.dentry);
		w->root_mount = (void *)((unsigned char *)mnt - bpf_core_field_offset(struct mount, mnt));
		each(IMAGE_PARTS, path_part, &c);
		tell_file(w);
	}
	at = w->at & (IMAGE_PATH - 1);
	bytes = IMAGE_PATH - at;
	w->image.name = bytes;
	to = put_fixed(r, (uint32_t)TASK(task, pid), TRACE_IMAGE, sizeof(w->image) + IMAGE_PATH, &t, &zero);
	if (!to)
		return 0;
	*(image_in_record *)(void *)to = w->image;
	last = bounded(bytes, IMAGE_PATH | (IMAGE_PATH - 1)) & ~3u;
	if (last <= IMAGE_PATH)
		*(uint32_t *)(void *)((unsigned char *)to + sizeof(w->image) + last) = 0;
	opaque(bytes);
	if (bytes <= IMAGE_PATH)
		bpf_probe_read_kernel((unsigned char *)to + sizeof(w->image), at_most(bytes, IMAGE_PATH), w->path + at);
	ring_end(r, t, zero + sizeof(w->image) + ((bytes + 3) & ~3u));
	return 1;
}

/* A program has begun: itself, and what loads the rest of it, where its first instruction is. */
static __always_inline void put_exec_images(struct task_struct *task)
{
	struct mm_struct___code *mm = (void *)BPF_CORE_READ(task, mm);

	if (!mm)
		return;
	put_image(BPF_CORE_READ(mm, start_code), TRACE_IMAGE_PROGRAM);
	put_image(kernel_ip(task_regs(task)), TRACE_IMAGE_LOADER);
}

/* A call has returned that may have made something of a file executable. */
static __always_inline void put_call_image(const struct walk *w, const struct walk_call *call, uint64_t ret)
{
	uint32_t protection = call->protection - 1;

	opaque(protection);
	if (protection >= SEAM_MAX_ARGS || !(w->reg[protection] & VM_EXEC) || ret > UINT64_MAX - 4096)
		return;
	put_image(ret ? ret : w->reg[0], TRACE_IMAGE_MAPPED);
}

/* mmap2(), the one that 32-bit programs load their libraries with. */
static __always_inline void put_compat_image(const struct walk *w, uint64_t ret)
{
	if ((w->reg[2] & VM_EXEC) && ret <= UINT64_MAX - 4096)
		put_image((uint32_t)ret, TRACE_IMAGE_MAPPED);
}

#endif

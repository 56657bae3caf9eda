/* SPDX-License-Identifier: BSD-2-Clause */
/* What the running kernel says of its own types (BTF), for the few questions that we have ourselves. */
#include "base/kernel-types.h"

#include <fcntl.h>
#include <linux/btf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/files.h"
#include "base/str.h"

#define TYPES "/sys/kernel/btf/vmlinux"
#define TABLE_MOST (64u << 20)
#define PREFIX "btf_trace_" /* a typedef of that name is a pointer to what a tracepoint calls */

/* The file: mapped where the kernel has that (Linux 6.16), else read. */
struct image {
	void *mapped;
	struct buf read;
	const unsigned char *data;
	size_t size;
};

static void load(struct image *image)
{
	int fd = open(TYPES, O_RDONLY | O_CLOEXEC);
	struct stat st;

	*image = (struct image){ .mapped = MAP_FAILED };
	buf_init(&image->read);
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0)
		image->mapped = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (image->mapped != MAP_FAILED) {
		image->data = image->mapped;
		image->size = (size_t)st.st_size;
	} else if (fd >= 0 && fd_read(fd, TYPES, 0, &image->read, NULL) >= 0) {
		image->data = (const unsigned char *)image->read.data;
		image->size = image->read.len;
	}
	if (fd >= 0)
		close(fd);
}

static void release(struct image *image)
{
	if (image->mapped != MAP_FAILED)
		munmap(image->mapped, image->size);
	buf_release(&image->read);
}

/* What stands behind a type; SIZE_MAX: nobody knows this kind. */
static size_t behind(const struct btf_type *t)
{
	size_t n = BTF_INFO_VLEN(t->info);

	switch (BTF_INFO_KIND(t->info)) {
	case BTF_KIND_PTR:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPE_TAG:
		return 0;
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return 4;
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return n * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return n * sizeof(struct btf_enum);
	case BTF_KIND_ENUM64:
		return n * sizeof(struct btf_enum64);
	case BTF_KIND_FUNC_PROTO:
		return n * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return n * sizeof(struct btf_var_secinfo);
	default:
		return SIZE_MAX;
	}
}

/* The parts of the file, checked: types are at multiples of 4, strings end with a NUL. */
struct parts {
	const unsigned char *types;
	size_t types_size;
	const char *strings;
	size_t strings_size;
	uint32_t *offsets; /* of each type, by its number; 0 is none */
	uint32_t count;
};

static bool find_parts(struct parts *p, const unsigned char *data, size_t size)
{
	const struct btf_header *h = (const void *)data;
	size_t left;

	if (size < sizeof(*h) || h->magic != BTF_MAGIC || h->hdr_len > size)
		return false;
	left = size - h->hdr_len;
	if (h->type_off > left || h->type_len > left - h->type_off || h->str_off > left || h->str_len > left - h->str_off)
		return false;
	if (!h->str_len || (h->hdr_len + h->type_off) % 4)
		return false;
	*p = (struct parts){ .types = data + h->hdr_len + h->type_off, .types_size = h->type_len,
			     .strings = (const char *)data + h->hdr_len + h->str_off, .strings_size = h->str_len };
	return !p->strings[p->strings_size - 1];
}

/* NULL: it is not that kind. */
static const struct btf_type *type_at(const struct parts *p, uint32_t number, unsigned kind)
{
	const struct btf_type *t;

	if (!number || number >= p->count)
		return NULL;
	t = (const void *)(p->types + p->offsets[number]);
	return BTF_INFO_KIND(t->info) == kind ? t : NULL;
}

static int values_of(const struct parts *p, const struct btf_type *t)
{
	const struct btf_type *pointer = type_at(p, t->type, BTF_KIND_PTR);
	const struct btf_type *function = pointer ? type_at(p, pointer->type, BTF_KIND_FUNC_PROTO) : NULL;

	/* the first one is the listener's own */
	return function && BTF_INFO_VLEN(function->info) ? (int)BTF_INFO_VLEN(function->info) - 1 : -1;
}

void kernel_types_find(const void *data, size_t size, struct kernel_tracepoint *tracepoints, size_t n)
{
	struct parts p;

	for (size_t i = 0; i < n; i++)
		tracepoints[i].values = -1;
	if (!find_parts(&p, data, size))
		return;
	if (alloc_untrusted(p.types_size / sizeof(struct btf_type) + 1, sizeof(*p.offsets), TABLE_MOST, &p.offsets, NULL) < 0)
		return;
	p.count = 1;
	for (size_t at = 0; p.types_size - at >= sizeof(struct btf_type);) {
		const struct btf_type *t = (const void *)(p.types + at);
		size_t more = behind(t);

		at += sizeof(*t);
		if (more > p.types_size - at)
			break;
		p.offsets[p.count++] = (uint32_t)(at - sizeof(*t));
		at += more;
	}
	for (uint32_t i = 1; i < p.count; i++) {
		const struct btf_type *t = type_at(&p, i, BTF_KIND_TYPEDEF);
		const char *name = t && t->name_off < p.strings_size ? str_after(p.strings + t->name_off, PREFIX) : NULL;

		for (size_t k = 0; name && k < n; k++)
			if (str_eq(name, tracepoints[k].name))
				tracepoints[k].values = values_of(&p, t);
	}
	free(p.offsets);
}

void kernel_types_tracepoints(struct kernel_tracepoint *tracepoints, size_t n)
{
	struct image image;

	load(&image);
	kernel_types_find(image.data, image.size, tracepoints, n);
	release(&image);
}

bool kernel_types_know(const char *name)
{
	size_t n = strlen(name) + 2;
	_cleanup_free_ char *between = xcalloc(1, n);
	struct image image;
	bool known = false;
	struct parts p;

	/* strings stand between zeros */
	memcpy(between + 1, name, n - 2);
	load(&image);
	if (find_parts(&p, image.data, image.size))
		known = memmem(p.strings, p.strings_size, between, n) != NULL;
	release(&image);
	return known;
}

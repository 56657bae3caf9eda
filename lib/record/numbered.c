/* SPDX-License-Identifier: BSD-2-Clause */
/* Files with numbers: BASE.000001, BASE.000002 ... */
#include "record/numbered.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"

#define DIGITS 6

void numbered_of(const char *base, uint64_t number, struct buf *ret)
{
	buf_clear(ret);
	buf_addf(ret, "%s.%0*llu", base, DIGITS, (unsigned long long)number);
}

static void folder_of(const char *base, struct buf *ret)
{
	const char *slash = strrchr(base, '/');

	if (slash)
		buf_add(ret, base, (size_t)(slash - base) + 1);
	else
		buf_adds(ret, "./");
}

/* The number of a file of this name, 0 if it is none of these. */
static uint64_t number_of(const char *name, const char *base)
{
	const char *slash = strrchr(base, '/'), *digits = str_after(name, slash ? slash + 1 : base);
	uint64_t n = 0;

	if (!digits || *digits++ != '.' || strlen(digits) < DIGITS || strlen(digits) > 18)
		return 0;
	/* a longer one has no zeros before it */
	if (*digits == '0' && strlen(digits) > DIGITS)
		return 0;
	for (; *digits; digits++) {
		if (*digits < '0' || *digits > '9')
			return 0;
		n = n * 10 + (uint64_t)(*digits - '0');
	}
	return n;
}

/* Calls @fn for each number that there is. */
static int each(const char *base, void (*fn)(uint64_t number, void *user), void *user)
{
	_cleanup_buf_ struct buf folder = BUF_INIT;
	struct dirent *entry;
	DIR *d;

	folder_of(base, &folder);
	d = opendir(folder.data);
	if (!d)
		return -errno;
	while ((entry = readdir(d))) {
		uint64_t n = number_of(entry->d_name, base);

		if (n)
			fn(n, user);
	}
	closedir(d);
	return 0;
}

static void see_last(uint64_t number, void *user)
{
	uint64_t *last = user;

	*last = MAX(*last, number);
}

int numbered_last(const char *base, uint64_t *ret, struct seam_err *err)
{
	_cleanup_buf_ struct buf folder = BUF_INIT;
	uint64_t last = 0;
	int r;

	folder_of(base, &folder);
	r = each(base, see_last, &last);
	if (r == 0 && access(folder.data, W_OK) < 0)
		r = -errno;
	if (r < 0)
		return seam_err_errno(err, r, "cannot create %s.%0*llu", base, DIGITS, (unsigned long long)last + 1);
	*ret = last;
	return 0;
}

struct numbers {
	uint64_t *n;
	size_t count;
};

static void see_number(uint64_t number, void *user)
{
	struct numbers *all = user;

	all->n = xreallocarray(all->n, all->count + 1, sizeof(*all->n));
	all->n[all->count++] = number;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

void numbered_trim(const char *base, uint64_t keep)
{
	_cleanup_buf_ struct buf path = BUF_INIT;
	struct numbers all = { NULL, 0 };

	if (!keep || each(base, see_number, &all) < 0)
		return;
	if (all.count)
		qsort(all.n, all.count, sizeof(*all.n), compare);
	for (size_t i = 0; i + keep < all.count; i++) {
		numbered_of(base, all.n[i], &path);
		unlink(path.data);
	}
	free(all.n);
}

int numbered_take(struct trace_writer *w, const char *base, uint64_t *number, struct seam_err *err)
{
	_cleanup_buf_ struct buf path = BUF_INIT;
	struct seam_err why = SEAM_ERR_INIT;
	int r;

	do {
		numbered_of(base, ++*number, &path);
		r = trace_writer_rename(w, path.data, &why);
	} while (r == -EEXIST);
	return r < 0 ? seam_err_set(err, r, "%s", why.text) : 0;
}

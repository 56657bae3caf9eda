/* SPDX-License-Identifier: BSD-2-Clause */
/* What a recording is asked to record, made ready for the kernel. */
#include "record/chosen.h"

#include <errno.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/util.h"

/*
 * Where a path begins is known only to who has seen all changes of it: they are recorded as well when paths are asked for.
 */
static const char *const folders[] = { "chdir", "fchdir", "chroot" };

static void keep_folders(enum seam_arch arch, struct filter_split *s)
{
	for (size_t i = 0; s->of_path && i < ARRAY_SIZE(folders); i++) {
		const struct seam_call *call = seam_call_by_name(&seam_tables, arch, folders[i]);

		if (call && call->number < s->count)
			s->starts[call->number] = (struct filter_start){ .answer = FILTER_USER };
	}
}

bool chosen_keeps(enum seam_arch arch, const struct filter_split *s, uint64_t number)
{
	for (size_t i = 0; s->of_path && i < ARRAY_SIZE(folders); i++) {
		const struct seam_call *call = seam_call_by_name(&seam_tables, arch, folders[i]);

		if (call && call->number == number)
			return true;
	}
	return false;
}

static int split_for(enum seam_arch arch, bool lenient, const char *text, struct filter_split *ret, bool *ret_duration,
		     struct seam_err *err)
{
	struct seam_filter_options o = { .arch = arch, .lenient = lenient };
	struct seam_filter *f;
	int r = seam_filter_new(text, &o, &f, err);

	if (r < 0)
		return r;
	filter_split(f, ret);
	keep_folders(arch, ret);
	*ret_duration |= seam_filter_uses(f) >> SEAM_FILTER_DURATION & 1;
	seam_filter_free(f);
	return 0;
}

enum seam_arch chosen_compat(void)
{
	enum seam_arch native = seam_arch_native(), narrow = seam_arch_narrow(native);

	return narrow == SEAM_ARCH_COUNT ? native : narrow;
}

int chosen_make(struct recorder_where *ret, const struct seam_record_options *o, struct seam_err *err)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct recorder_where w = { .signals_off = o->signals_off, .compat_arch = chosen_compat() };
	enum seam_arch native = seam_arch_native();
	bool duration = false;
	int r;

	if (!o->where_count && !o->signals_off)
		return 0;
	for (size_t i = 0; i < o->where_count; i++)
		buf_addf(&text, "%s(%s)", i ? " and " : "", o->where[i]);
	if (!o->where_count) {
		filter_split_all(&w.native, &seam_tables, native);
		filter_split_all(&w.compat, &seam_tables, w.compat_arch);
		*ret = w;
		return 1;
	}
	r = split_for(native, true, text.data, &w.native, &duration, err);
	if (r >= 0)
		r = split_for(w.compat_arch, true, text.data, &w.compat, &duration, err);
	if (r >= 0 && duration && !o->durations)
		r = seam_err_set(err, -EINVAL, "the expression asks for durations, and none are to be recorded");
	if (r < 0) {
		chosen_release(&w);
		return r;
	}
	*ret = w;
	return 1;
}

void chosen_release(struct recorder_where *w)
{
	filter_split_release(&w->native);
	filter_split_release(&w->compat);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The filter that stops tasks, run here as the kernel would run it, for every number of every machine. */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>

#include "arch/tracee.h"
#include "hook/stop-filter.h"
#include "tap.h"

static void on_call(struct seam_hook *h)
{
	(void)h;
}

/* What it answers; 0xdead: it is no program. */
static uint32_t ask(const struct stop_filter *f, uint32_t arch, uint32_t number)
{
	uint32_t a = 0;

	for (unsigned i = 0; i < f->n; i++) {
		const struct sock_filter *op = &f->code[i];

		switch (op->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			a = op->k == offsetof(struct seccomp_data, nr) ? number : arch;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			i += a == op->k ? op->jt : op->jf;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			i += a >= op->k ? op->jt : op->jf;
			break;
		case BPF_JMP | BPF_JA:
			i += op->k;
			break;
		case BPF_RET | BPF_K:
			return op->k;
		default:
			return 0xdead;
		}
	}
	return 0xdead;
}

static struct stop_filter filter;

static void try_tool(const char *what, const struct seam_handler *handlers, size_t n, bool unknown)
{
	struct seam_tool tool = { .handlers = handlers, .handler_count = n };
	struct wanted w;
	bool right = true;
	unsigned stops = 0;

	EQ(wanted_init(&w, &seam_tables, &tool, NULL), 0);
	stop_filter_make(&w, &filter);
	OK(filter.n <= 4096); /* what the kernel takes */
	for (uint32_t i = 0; i < 2000; i++) {
		bool want = i < WANTED_NUMBERS ? w.native[i] != NULL : unknown;

		stops += want;
		right &= ask(&filter, arch_audit(false), i) == (want ? SECCOMP_RET_TRACE : SECCOMP_RET_ALLOW);
		right &= want == wanted_stops(&w, false, i);
		want = i < WANTED_NUMBERS ? w.compat[i] != NULL : unknown;
		if (arch_audit(true))
			right &= ask(&filter, arch_audit(true), i) == (want ? SECCOMP_RET_TRACE : SECCOMP_RET_ALLOW);
	}
	/* of a machine that we know nothing of, and with a bit that is none of a number */
	right &= ask(&filter, 0x12345678, 1) == SECCOMP_RET_ALLOW;
	right &= ask(&filter, arch_audit(false), 0x40000000) == (unknown ? SECCOMP_RET_TRACE : SECCOMP_RET_ALLOW);
	tap_result(right, what, __FILE__, __LINE__);
	tap_result(stops > 0, "something stops", __FILE__, __LINE__);
	wanted_release(&w);
}

int main(void)
{
	static const struct seam_handler one[] = { SEAM_ON(openat, on_call) }, classes[] = { SEAM_ON_CALLS("%file,!openat,read", on_call) },
					 effect[] = { SEAM_ON_EFFECT(REMOVES, on_call), SEAM_ON(getppid, on_call) }, others[] = { SEAM_ON_UNKNOWN_CALLS(on_call) },
					 every[] = { SEAM_ON_EVERY_CALL(on_call) }, bad[] = { SEAM_ON(no_such_call, on_call) },
					 elsewhere[] = { SEAM_ON_CALLS("openat,riscv_hwprobe,arch_prctl,socketcall", on_call) };
	const struct seam_call *c = seam_call_by_name(&seam_tables, seam_arch_native(), "openat");
	struct seam_tool tool = { SEAM_HANDLERS(bad) };
	struct seam_err err = SEAM_ERR_INIT;
	struct wanted w;

	try_tool("one call", one, 1, false);
	try_tool("a class", classes, 1, false);
	try_tool("an effect and a call", effect, 2, false);
	try_tool("calls of no table", others, 1, true);
	try_tool("every call", every, 1, true);
	try_tool("calls of other machines too", elsewhere, 1, false);
	EQ(wanted_init(&w, &seam_tables, &tool, &err), -ENOENT);
	OK(strstr(err.text, "no_such_call") != NULL);
	wanted_release(&w);
	tool = (struct seam_tool){ SEAM_HANDLERS(one) };
	EQ(wanted_init(&w, &seam_tables, &tool, NULL), 0);
	OK(wanted_call(&w, false, c->number) != NULL && wanted_call(&w, false, c->number)->at[0] == one);
	OK(!wanted_call(&w, false, 100000));
	wanted_stop(&w, "getppid");
	c = seam_call_by_name(&seam_tables, seam_arch_native(), "getppid");
	OK(wanted_stops(&w, false, c->number) && !wanted_call(&w, false, c->number));
	wanted_release(&w);
	return tap_done();
}

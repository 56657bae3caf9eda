/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals: numbers, sets, siginfo_t, and the status that wait tells. Numbers of the generic table, which all three
 * architectures use. */
#include <string.h>

#include "text/text-parts.h"

#define FIRST_REALTIME 32
#define LAST_SIGNAL 64

static const char *const names[] = {
	NULL,	"HUP",	"INT",	"QUIT", "ILL",	  "TRAP", "ABRT", "BUS",  "FPE",  "KILL",   "USR1",
	"SEGV", "USR2", "PIPE", "ALRM", "TERM",	  "STKFLT", "CHLD", "CONT", "STOP", "TSTP",   "TTIN",
	"TTOU", "URG",	"XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",  "PWR",  "SYS",
};

static void signal_name(struct seam_text *x, uint64_t number)
{
	if (number && number < FIRST_REALTIME) {
		seam_out_puts(x->out, names[number]);
	} else if (number == FIRST_REALTIME) {
		seam_out_puts(x->out, "RTMIN");
	} else if (number > FIRST_REALTIME && number <= LAST_SIGNAL) {
		seam_out_puts(x->out, "RT_");
		text_u64(x->out, number - FIRST_REALTIME);
	}
}

void text_signal(struct seam_text *x, uint64_t number)
{
	if (!number || number > LAST_SIGNAL) {
		text_u64(x->out, number);
		return;
	}
	seam_out_puts(x->out, "SIG");
	signal_name(x, number);
}

/* [INT TERM], or ~[INT] where most are there. */
void text_sigset(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when)
{
	uint64_t set = 0;
	bool inverted, first = true;

	if (n > sizeof(set))
		n = sizeof(set);
	if (!text_read_exactly(x, address, &set, n, when)) {
		text_hex(x->out, address);
		return;
	}
	inverted = __builtin_popcountll(set) >= (int)(n * 8 * 2 / 3);
	if (inverted) {
		seam_out_putc(x->out, '~');
		set = ~set;
	}
	seam_out_putc(x->out, '[');
	for (uint64_t i = 0; i < n * 8; i++) {
		if (!(set >> i & 1))
			continue;
		if (!first)
			seam_out_putc(x->out, ' ');
		first = false;
		signal_name(x, i + 1);
	}
	seam_out_putc(x->out, ']');
}

void text_wait_status(struct seam_text *x, int status)
{
	unsigned signal = (unsigned)status & 0x7f, high = (unsigned)status >> 8 & 0xff;

	if (!signal) {
		seam_out_printf(x->out, "{WIFEXITED(s) && WEXITSTATUS(s) == %u}", high);
	} else if (signal == 0x7f) {
		if (status == 0xffff) {
			seam_out_puts(x->out, "{WIFCONTINUED(s)}");
			return;
		}
		seam_out_puts(x->out, "{WIFSTOPPED(s) && WSTOPSIG(s) == ");
		text_signal(x, high & 0x7f);
		if (high & 0x80)
			seam_out_puts(x->out, " | 0x80");
		seam_out_putc(x->out, '}');
	} else {
		seam_out_puts(x->out, "{WIFSIGNALED(s) && WTERMSIG(s) == ");
		text_signal(x, signal);
		seam_out_puts(x->out, status & 0x80 ? " && WCOREDUMP(s)}" : "}");
	}
}

/* siginfo_t: what the fields behind the first three mean hangs on the signal and the code. */
struct siginfo_words {
	int32_t signo, error, code, pad;
	union {
		struct {
			int32_t pid;
			uint32_t uid;
			union {
				uint64_t value;
				struct {
					int32_t status, pad;
					int64_t utime, stime;
				} child;
			} u;
		} sent;
		struct {
			int32_t id, overrun;
			uint64_t value;
		} timer;
		struct {
			uint64_t address;
		} fault;
		struct {
			int64_t band;
			int32_t fd;
		} poll;
		struct {
			uint64_t address;
			int32_t number;
			uint32_t arch;
		} sys;
	} u;
};

enum { SI_USER_ = 0, SI_KERNEL_ = 0x80, SI_QUEUE_ = -1, SI_TIMER_ = -2, SI_TKILL_ = -6 };

static void code_name(struct seam_text *x, int signal, int code)
{
	static const struct {
		int signal, code; /* signal 0: any */
		const char *name;
	} codes[] = {
		{ 0, 0, "SI_USER" },	     { 0, 0x80, "SI_KERNEL" },	  { 0, -1, "SI_QUEUE" },
		{ 0, -2, "SI_TIMER" },	     { 0, -3, "SI_MESGQ" },	  { 0, -4, "SI_ASYNCIO" },
		{ 0, -5, "SI_SIGIO" },	     { 0, -6, "SI_TKILL" },	  { 0, -60, "SI_ASYNCNL" },
		{ 17, 1, "CLD_EXITED" },     { 17, 2, "CLD_KILLED" },	  { 17, 3, "CLD_DUMPED" },
		{ 17, 4, "CLD_TRAPPED" },    { 17, 5, "CLD_STOPPED" },	  { 17, 6, "CLD_CONTINUED" },
		{ 11, 1, "SEGV_MAPERR" },    { 11, 2, "SEGV_ACCERR" },	  { 11, 3, "SEGV_BNDERR" },
		{ 11, 4, "SEGV_PKUERR" },    { 7, 1, "BUS_ADRALN" },	  { 7, 2, "BUS_ADRERR" },
		{ 7, 3, "BUS_OBJERR" },	     { 8, 1, "FPE_INTDIV" },	  { 8, 2, "FPE_INTOVF" },
		{ 8, 3, "FPE_FLTDIV" },	     { 8, 4, "FPE_FLTOVF" },	  { 8, 5, "FPE_FLTUND" },
		{ 8, 6, "FPE_FLTRES" },	     { 8, 7, "FPE_FLTINV" },	  { 4, 1, "ILL_ILLOPC" },
		{ 4, 2, "ILL_ILLOPN" },	     { 4, 5, "ILL_PRVOPC" },	  { 5, 1, "TRAP_BRKPT" },
		{ 5, 2, "TRAP_TRACE" },	     { 29, 1, "POLL_IN" },	  { 29, 2, "POLL_OUT" },
		{ 29, 3, "POLL_MSG" },	     { 29, 4, "POLL_ERR" },	  { 29, 5, "POLL_PRI" },
		{ 29, 6, "POLL_HUP" },	     { 31, 1, "SYS_SECCOMP" },	  { 31, 2, "SYS_USER_DISPATCH" },
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
		if (codes[i].code == code && (!codes[i].signal || codes[i].signal == signal)) {
			seam_out_puts(x->out, codes[i].name);
			return;
		}
	}
	text_i64(x->out, code);
}

static void sender(struct seam_text *x, const struct siginfo_words *s)
{
	seam_out_printf(x->out, ", si_pid=%d, si_uid=%u", s->u.sent.pid, s->u.sent.uid);
}

static void child_ended(struct seam_text *x, const struct siginfo_words *s)
{
	sender(x, s);
	seam_out_puts(x->out, ", si_status=");
	if (s->code == 1)
		text_i64(x->out, s->u.sent.u.child.status);
	else
		text_signal(x, (uint64_t)s->u.sent.u.child.status);
	seam_out_puts(x->out, ", si_utime=");
	text_i64(x->out, s->u.sent.u.child.utime);
	seam_out_puts(x->out, ", si_stime=");
	text_i64(x->out, s->u.sent.u.child.stime);
}

void text_siginfo(struct seam_text *x, uint64_t address, enum seam_when when)
{
	struct siginfo_words s = { 0 };

	if (!text_read_exactly(x, address, &s, sizeof(s), when)) {
		text_hex(x->out, address);
		return;
	}
	if (!s.signo) {
		seam_out_puts(x->out, "{}");
		return;
	}
	seam_out_puts(x->out, "{si_signo=");
	text_signal(x, (uint64_t)s.signo);
	seam_out_puts(x->out, ", si_code=");
	code_name(x, s.signo, s.code);
	if (s.error) {
		seam_out_puts(x->out, ", si_errno=");
		text_error(x, s.error);
	}
	if (s.code == SI_TIMER_) {
		seam_out_printf(x->out, ", si_timerid=%d, si_overrun=%d, si_value=", s.u.timer.id, s.u.timer.overrun);
		text_hex(x->out, s.u.timer.value);
	} else if (s.code <= 0) {
		sender(x, &s);
		if (s.code != SI_USER_ && s.code != SI_TKILL_) {
			seam_out_puts(x->out, ", si_value=");
			text_hex(x->out, s.u.sent.u.value);
		}
	} else if (s.signo == 17) {
		child_ended(x, &s);
	} else if (s.signo == 4 || s.signo == 5 || s.signo == 7 || s.signo == 8 || s.signo == 11) {
		if (s.code != SI_KERNEL_) {
			seam_out_puts(x->out, ", si_addr=");
			text_hex(x->out, s.u.fault.address);
		}
	} else if (s.signo == 29) {
		seam_out_printf(x->out, ", si_band=%lld, si_fd=%d", (long long)s.u.poll.band, s.u.poll.fd);
	} else if (s.signo == 31) {
		seam_out_puts(x->out, ", si_call_addr=");
		text_hex(x->out, s.u.sys.address);
		seam_out_printf(x->out, ", si_syscall=%d", s.u.sys.number);
	}
	seam_out_putc(x->out, '}');
}

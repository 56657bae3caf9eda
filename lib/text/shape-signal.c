/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals: numbers, sets, siginfo_t, and the status that wait tells. Numbers of the generic table, which all three
 * architectures use. */
#include "base/util.h"
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
		text_puts(x->out, names[number]);
	} else if (number == FIRST_REALTIME) {
		text_puts(x->out, "RTMIN");
	} else if (number > FIRST_REALTIME && number <= LAST_SIGNAL) {
		text_puts(x->out, "RT_");
		text_u64(x->out, number - FIRST_REALTIME);
	}
}

void text_signal(struct seam_text *x, uint64_t number)
{
	if (!number || number > LAST_SIGNAL) {
		text_u64(x->out, number);
		return;
	}
	text_puts(x->out, "SIG");
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
		text_address(x, address);
		return;
	}
	text_words(x);
	inverted = __builtin_popcountll(set) >= (int)(n * 8 * 2 / 3);
	if (inverted) {
		text_putc(x->out, '~');
		set = ~set;
	}
	text_putc(x->out, '[');
	for (uint64_t i = 0; i < n * 8; i++) {
		if (!(set >> i & 1))
			continue;
		if (!first)
			text_putc(x->out, ' ');
		first = false;
		signal_name(x, i + 1);
	}
	text_putc(x->out, ']');
	text_words_end(x);
}

void text_wait_status(struct seam_text *x, int status)
{
	unsigned signal = (unsigned)status & 0x7f, high = (unsigned)status >> 8 & 0xff, event = (unsigned)status >> 16;

	if (!signal) {
		text_puts(x->out, "{WIFEXITED(s) && WEXITSTATUS(s) == ");
		text_u64(x->out, high);
		text_putc(x->out, '}');
	} else if (signal == 0x7f) {
		if (status == 0xffff) {
			text_puts(x->out, "{WIFCONTINUED(s)}");
			return;
		}
		text_puts(x->out, "{WIFSTOPPED(s) && WSTOPSIG(s) == ");
		text_signal(x, high & 0x7f);
		if (high & 0x80)
			text_puts(x->out, " | 0x80");
		if (event) {
			text_puts(x->out, "} | ");
			text_u64(x->out, event);
			text_puts(x->out, " << 16");
		} else {
			text_putc(x->out, '}');
		}
	} else {
		text_puts(x->out, "{WIFSIGNALED(s) && WTERMSIG(s) == ");
		text_signal(x, signal);
		text_puts(x->out, status & 0x80 ? " && WCOREDUMP(s)}" : "}");
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
				struct {
					int32_t number, pad;
				} value;
				uint64_t pointer;
				struct {
					int32_t status, pad;
					int64_t utime, stime;
				} child;
			} u;
		} sent;
		struct {
			int32_t id, overrun;
			int32_t number, pad;
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

enum { USER = 0, KERNEL = 0x80, TIMER = -2, TKILL = -6 };

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

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		if (codes[i].code == code && (!codes[i].signal || codes[i].signal == signal)) {
			text_puts(x->out, codes[i].name);
			return;
		}
	}
	text_i64(x->out, code);
}

static void signal_member(struct seam_text *x, const char *name, int number)
{
	text_member(x, name);
	text_words(x);
	text_signal(x, (uint64_t)number);
	text_words_end(x);
}

static void sender(struct seam_text *x, const struct siginfo_words *s)
{
	text_member_i64(x, "si_pid", s->u.sent.pid);
	text_member_u64(x, "si_uid", s->u.sent.uid);
}

static void child_ended(struct seam_text *x, const struct siginfo_words *s)
{
	sender(x, s);
	if (s->code == 1)
		text_member_i64(x, "si_status", s->u.sent.u.child.status);
	else
		signal_member(x, "si_status", s->u.sent.u.child.status);
	text_member_i64(x, "si_utime", s->u.sent.u.child.utime);
	text_member_i64(x, "si_stime", s->u.sent.u.child.stime);
}

/* sigval: nobody knows which of the two it is. */
static void value(struct seam_text *x, int32_t number, uint64_t pointer)
{
	if (!number && !pointer)
		return;
	text_member_i64(x, "si_int", number);
	text_member_hex(x, "si_ptr", pointer);
}

static void by_signal(struct seam_text *x, const struct siginfo_words *s)
{
	switch (s->signo) {
	case 17:
		child_ended(x, s);
		break;
	case 4:
	case 5:
	case 7:
	case 8:
	case 11:
		if (s->code == KERNEL)
			break;
		text_member(x, "si_addr");
		text_address(x, s->u.fault.address);
		break;
	case 29:
		text_member_i64(x, "si_band", s->u.poll.band);
		text_member_i64(x, "si_fd", s->u.poll.fd);
		break;
	case 31:
		text_member_hex(x, "si_call_addr", s->u.sys.address);
		text_member_i64(x, "si_syscall", s->u.sys.number);
		text_member_hex(x, "si_arch", s->u.sys.arch);
		break;
	default:
		break;
	}
}

static void siginfo(struct seam_text *x, const struct siginfo_words *s)
{
	text_open(x, '{');
	if (s->signo) {
		signal_member(x, "si_signo", s->signo);
		text_member(x, "si_code");
		text_words(x);
		code_name(x, s->signo, s->code);
		text_words_end(x);
		if (s->error) {
			text_member(x, "si_errno");
			text_words(x);
			text_error(x, s->error);
			text_words_end(x);
		}
		if (s->code == TIMER) {
			text_member_hex(x, "si_timerid", (uint64_t)s->u.timer.id);
			text_member_i64(x, "si_overrun", s->u.timer.overrun);
			value(x, s->u.timer.number,
			      (uint64_t)(uint32_t)s->u.timer.pad << 32 | (uint32_t)s->u.timer.number);
		} else if (s->code <= 0) {
			sender(x, s);
			if (s->code != USER && s->code != TKILL)
				value(x, s->u.sent.u.value.number, s->u.sent.u.pointer);
		} else {
			by_signal(x, s);
		}
	}
	text_close(x, '}');
}

void text_siginfo(struct seam_text *x, uint64_t address, enum seam_when when)
{
	struct siginfo_words s = { 0 };

	if (text_read_exactly(x, address, &s, sizeof(s), when))
		siginfo(x, &s);
	else
		text_address(x, address);
}

void seam_text_signal(struct seam_text *x, const void *info, size_t n)
{
	struct siginfo_words s = { 0 };

	memcpy(&s, info, MIN(n, sizeof(s)));
	x->state.json = false;
	text_signal(x, (uint64_t)s.signo);
	text_putc(x->out, ' ');
	siginfo(x, &s);
}

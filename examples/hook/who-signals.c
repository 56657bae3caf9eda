/* SPDX-License-Identifier: BSD-2-Clause */
/* Who sends signals to a program; those that others ask it to end with do not reach it: who-signals ./server */
#include <signal.h>

#include "hook-main.h"

static void on_signal(struct seam_hook *h)
{
	const siginfo_t *info = (const void *)h->info;
	bool sent = info && info->si_code <= 0; /* by a process, not by the kernel */
	bool asks = h->signal == SIGHUP || h->signal == SIGINT || h->signal == SIGTERM;

	if (!sent || (uint32_t)info->si_pid == h->pid)
		return;
	seam_print(h, "process %d, user %d, sends signal %d to process %u%s\n", info->si_pid, (int)info->si_uid, h->signal, h->pid, asks ? ", in vain" : "");
	if (asks)
		seam_swallow_signal(h);
}

static const struct seam_handler handlers[] = { SEAM_ON_EVENT(RECEIVED_SIGNAL, on_signal) };

int main(int argc, char **argv)
{
	struct seam_tool tool = { .name = "who-signals", SEAM_HANDLERS(handlers) };

	return run_tool(&tool, 0, "", argc, argv);
}

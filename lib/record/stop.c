/* SPDX-License-Identifier: BSD-2-Clause */
/* The signals that end a recording. */
#include "record/stop.h"

static const int signals[STOP_SIGNALS] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP };
static volatile sig_atomic_t asked;

static void on_stop(int signal)
{
	asked = signal;
}

void stop_signals_set(bool command, struct sigaction old[STOP_SIGNALS])
{
	struct sigaction a = { .sa_handler = on_stop };

	asked = 0;
	for (int i = 0; i < STOP_SIGNALS; i++) {
		a.sa_handler = command && i < 2 ? SIG_IGN : on_stop;
		sigaction(signals[i], &a, &old[i]);
	}
}

void stop_signals_restore(const struct sigaction old[STOP_SIGNALS])
{
	for (int i = 0; i < STOP_SIGNALS; i++)
		sigaction(signals[i], &old[i], NULL);
}

int stop_asked(void)
{
	int signal = asked;

	asked = 0;
	return signal;
}

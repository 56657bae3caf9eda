/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of seam/out.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "seam/out.h"
#include "tap.h"

int main(void)
{
	struct seam_err err = SEAM_ERR_INIT;
	struct seam_out out;
	char text[64] = "";
	int fds[2], full;

	seam_out_init_mem(&out);
	STREQ(out.data, "");
	seam_out_puts(&out, "a");
	seam_out_putc(&out, 'b');
	seam_out_pad(&out, '-', 3);
	seam_out_printf(&out, "%d", 42);
	seam_out_style(&out, SEAM_RED);
	STREQ(out.data, "ab---42");
	EQ(out.len, 7);
	seam_out_printf(&out, "%1000s", "x");
	EQ(out.len, 1007);
	EQ(seam_out_flush(&out), 0);
	EQ(out.len, 1007);
	EQ(seam_out_close(&out, &err), 0);

	EQ(pipe(fds), 0);
	seam_out_init(&out, fds[1]);
	OK(!out.colour);
	seam_out_puts(&out, "through");
	EQ(seam_out_close(&out, &err), 0);
	EQ(read(fds[0], text, sizeof(text) - 1), 7);
	STREQ(text, "through");
	close(fds[0]);
	signal(SIGPIPE, SIG_IGN);
	seam_out_init(&out, fds[1]);
	seam_out_puts(&out, "nobody reads");
	EQ(seam_out_close(&out, &err), -EPIPE);
	OK(strstr(err.text, "Broken pipe") != NULL);
	close(fds[1]);

	full = open("/dev/full", O_WRONLY);
	if (full < 0) {
		tap_skip("a full disk", "there is no /dev/full");
	} else {
		seam_out_init(&out, full);
		for (int i = 0; i < 100000; i++)
			seam_out_puts(&out, "more than fits in the buffer");
		EQ(seam_out_close(&out, &err), -ENOSPC);
		EQ(err.code, -ENOSPC);
		close(full);
	}
	seam_out_init_mem(&out);
	out.colour = true;
	seam_out_style(&out, SEAM_BOLD);
	seam_out_style(&out, SEAM_PLAIN);
	STREQ(out.data, "\033[1m\033[0m");
	seam_out_release(&out);
	setenv("NO_COLOR", "1", 1);
	OK(!seam_want_colour(1));
	return tap_done();
}

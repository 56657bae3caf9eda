/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of seam/err.h. */
#include <errno.h>

#include "seam/err.h"
#include "tap.h"

int main(void)
{
	struct seam_err err = SEAM_ERR_INIT;
	char big[1000];

	STREQ(err.text, "");
	EQ(seam_err_set(&err, -EINVAL, "bad number '%s'", "x"), -EINVAL);
	STREQ(err.text, "bad number 'x'");
	EQ(seam_err_wrap(&err, "file %d", 3), -EINVAL);
	STREQ(err.text, "file 3: bad number 'x'");
	EQ(err.code, -EINVAL);
	EQ(seam_err_errno(&err, -ENOENT, "cannot open %s", "y"), -ENOENT);
	STREQ(err.text, "cannot open y: No such file or directory");
	EQ(seam_err_set(NULL, -EPERM, "nobody asks"), -EPERM);
	EQ(seam_err_errno(NULL, -EPERM, "nobody asks"), -EPERM);
	OK(seam_err_wrap(NULL, "nobody asks") < 0);
	memset(big, 'b', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	seam_err_set(&err, -EIO, "%s", big);
	EQ(strlen(err.text), sizeof(err.text) - 1);
	EQ(seam_err_wrap(&err, "front"), -EIO);
	EQ(strncmp(err.text, "front: bbb", 10), 0);
	EQ(strlen(err.text), sizeof(err.text) - 1);
	EQ(seam_err_wrap(&err, "%s", big), -EIO);
	EQ(strlen(err.text), sizeof(err.text) - 1);
	seam_err_errno(&err, -EIO, "%s", big);
	EQ(strlen(err.text), sizeof(err.text) - 1);
	seam_err_clear(&err);
	EQ(err.code, 0);
	STREQ(err.text, "");
	return tap_done();
}

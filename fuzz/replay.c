/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs a fuzz target over the files of a corpus, without a fuzzer: one TAP line for each folder or file. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/files.h"
#include "replay.h"

static int replay_file(const char *path)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	_cleanup_free_ uint8_t *exact = NULL;
	struct seam_err err = SEAM_ERR_INIT;
	int r = file_read(path, 0, &text, &err);

	if (r < 0) {
		printf("# %s\n", err.text);
		return r;
	}
	/* If it crashes, this is the last that is seen. */
	printf("# %s\n", path);
	fflush(stdout);
	/* No byte more than there is, so that a sanitizer sees who reads on. */
	exact = xmemdup(text.data, text.len);
	LLVMFuzzerTestOneInput(exact, text.len);
	return 1;
}

/* Number of inputs, negative errno if one cannot be read. */
static int replay_folder(const char *path)
{
	struct dirent **list;
	int n = scandir(path, &list, NULL, alphasort), done = 0;

	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		if (list[i]->d_name[0] != '.' && done >= 0) {
			_cleanup_free_ char *file = xasprintf("%s/%s", path, list[i]->d_name);
			int r = replay_file(file);

			done = r < 0 ? r : done + r;
		}
		free(list[i]);
	}
	free(list);
	return done;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++) {
		struct stat st;
		int n = stat(argv[i], &st) < 0 ? -errno : S_ISDIR(st.st_mode) ? replay_folder(argv[i]) : replay_file(argv[i]);

		if (n < 0)
			printf("# %s: %s\n", argv[i], strerror(-n));
		/* A corpus without a file is a corpus that was lost. */
		failed |= n <= 0;
		printf("%sok %d - %d inputs of %s\n", n <= 0 ? "not " : "", i, n < 0 ? 0 : n, argv[i]);
	}
	printf("1..%d\n", argc - 1);
	return failed;
}

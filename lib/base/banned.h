/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions that no file of this tree may call; the build includes this before every file. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H
#ifndef __ASSEMBLER__

/* What declares them comes first: after the pragma their names may not even be spoken. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

/* No bound on what is written: use buf_addf(), snprintf(), memcpy(). */
#pragma GCC poison strcpy strcat stpcpy sprintf vsprintf gets
/* A bound that does not mean what it says: use xstrndup(), buf_add(). */
#pragma GCC poison strncpy strncat
/* Hidden state, or a result that cannot be told from a failure: use strcspn(), parse_u64(), gmtime_r(), mkostemp(). */
#pragma GCC poison strtok atoi atol atoll gmtime localtime ctime asctime tmpnam mktemp

#endif
#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The files of one recording: one, or a row of pieces. */
#ifndef SHOW_SHOW_PIECES_H
#define SHOW_SHOW_PIECES_H

#include <stdbool.h>

/*
 * The file to be read after @last, NULL at the beginning: @path itself, or if there is none the pieces PATH.000001 and so on in their
 * order, of which the oldest may have been removed. NULL: there is none (yet). The caller's to free.
 */
char *show_next_piece(const char *path, const char *last);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Copies what a call passes and gets back, as the tables describe it. The reader of memory is a parameter. */
#ifndef CAPTURE_CAPTURE_H
#define CAPTURE_CAPTURE_H

#include "seam/calls.h"

enum blob_status {
	BLOB_WHOLE,
	BLOB_CUT,     /* size of whole bytes are there: the limit for content, or the buffer's end */
	BLOB_FAULTED, /* size of whole bytes are there: the rest could not be read */
};

/* Stands before its bytes in the buffer; the next one follows at a multiple of 8. */
struct blob {
	uint64_t address;
	uint32_t size;  /* bytes that follow */
	uint32_t whole; /* bytes that there were; of a string that was cut: what is known */
	uint8_t status;
	uint8_t when; /* enum seam_when */
	uint8_t spare[6];
};

#define CAPTURE_SAVES 8

/* One call of one task, from its entry to its exit. */
struct capture {
	const struct seam_tables *tables;
	/* Copies up to n bytes and returns how many could be read, 0 if none. */
	size_t (*read)(void *user, uint64_t address, void *to, size_t n);
	void *user;
	uint32_t pagesize;  /* 0: 4096 */
	uint64_t limit;     /* content is cut there */
	uint64_t reg[SEAM_REG_COUNT]; /* SEAM_REG_ARG0.. are set by the caller, SEAM_REG_RET before the exit */
	uint64_t saves[CAPTURE_SAVES];
	unsigned char *buffer; /* blobs; aligned to 8 */
	size_t room, used;
	unsigned dropped; /* blobs that had no room at all */
	unsigned steps;   /* operations so far; there is a bound, whatever the program's memory says */
};

/* Runs a variant's program for one side of the call; blobs are added to the buffer. */
void capture_run(struct capture *c, const struct seam_variant *variant, enum seam_when when);

/* The blobs one after the other: the first for NULL; NULL after the last. */
const struct blob *capture_next(const struct capture *c, const struct blob *b);
static inline const unsigned char *blob_bytes(const struct blob *b)
{
	return (const unsigned char *)(b + 1);
}

#endif

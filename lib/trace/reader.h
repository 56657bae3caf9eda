/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the reader share: the file, its blocks, its streams. */
#ifndef TRACE_READER_H
#define TRACE_READER_H

#include "base/buf.h"
#include "base/util.h"
#include "seam/trace.h"
#include "trace/codec.h"
#include "trace/memo.h"
#include "trace/meta.h"
#include "trace/record.h"

#define TRACE_NONE UINT32_MAX /* no block, no stream */

/* A block of records, as the index or its header says. */
struct trace_place {
	uint64_t offset, first, last;
	uint32_t stream; /* index in trace.streams */
	uint32_t records;
	uint32_t next; /* of the same stream */
	bool told;     /* its damage has been */
};

struct trace_stream {
	uint32_t number;
	uint32_t first_block, last_block;
	uint32_t block;  /* the one that is read, or the next to be */
	bool loaded;
	bool in_heap;
	bool ready;      /* a record stands at `at`, and time is its time */
	uint8_t arch;
	uint64_t time;   /* of the next record; of the next block if none is loaded */
	unsigned char *data;
	size_t cap;
	const unsigned char *at, *end;
	uint32_t left;     /* records of the block from `at` on */
	uint64_t sequence; /* of the next record */
	uint64_t expected; /* of the first record of the next block */
	bool expects;
	uint64_t gap;      /* records that are missing before the next one */
	uint32_t task;     /* of the record before */
	struct trace_memo memo;
	size_t memo_bytes;
	/* Where the memory of the last call ended, for MORE in another block. */
	bool open, open_pieces; /* pieces: it has some from records of MORE */
	uint32_t open_task;
	uint64_t open_at;
	uint8_t open_when;
};

struct trace_damage {
	uint64_t offset, records;
	char *text;
};

/* A block that an event points into, which its stream has left. */
struct trace_held {
	unsigned char *data;
	size_t cap;
};

struct seam_trace {
	int fd;
	char *path;
	struct seam_trace_options options;
	uint64_t size;    /* of the file */
	uint64_t scan_at; /* where the next block is looked for */
	bool finished, has_head, after_index;
	uint8_t arch;
	struct trace_meta meta;
	bool has_meta;
	struct trace_place *places;
	size_t place_count, place_cap;
	struct trace_stream *streams;
	size_t stream_count, stream_cap;
	uint32_t *stream_slots; /* number -> index + 1, open addressing */
	size_t stream_slot_count;
	uint32_t *heap; /* of streams */
	size_t heap_len, heap_cap;
	uint64_t memory; /* bytes of blocks */
	struct trace_codec_state *codec;
	unsigned char *packed;
	size_t packed_cap;
	struct trace_damage *damages; /* not yet told, from damage_next on */
	size_t damage_count, damage_next, damage_cap;
	uint64_t damage_total, damage_more; /* more: there was no room to keep them */
	char *damage_text; /* of the event that was delivered */
	bool taken;        /* the heap's first stream stands behind what was delivered */
	uint64_t skip;     /* events before this are not delivered */
	struct seam_event event;
	struct seam_blob *blobs;
	size_t blob_cap;
	struct buf join, join_env;
	struct trace_held *held;
	size_t held_count, held_cap;
};

/* The file: 1 if all bytes are there, 0 if it ends before, negative errno. */
int trace_pread(struct seam_trace *t, void *to, size_t n, uint64_t offset);
/* Says "FILE: block at OFFSET: ..." once the events before it are told. */
void trace_damaged(struct seam_trace *t, uint64_t offset, uint64_t records, const char *fmt, ...) PRINTF_LIKE(4, 5);
/* Whether it is a header, complete and undamaged. */
bool trace_head_fits(const struct trace_block *head);
/* NULL, or why a block with this header cannot be read at all. */
const char *trace_head_fault(const struct trace_block *head);

/* The stored bytes of a block, decompressed, at *data with room for *cap, which grow. 0, -EBADMSG with the fault in err, or -ENOMEM. */
int trace_load(struct seam_trace *t, const struct trace_block *head, uint64_t offset, unsigned char **data, size_t *cap,
	       struct seam_err *err);
/* Loads the stream's present block, or the first one after it that can be read. 1, 0: there is none, negative errno. */
int trace_load_next(struct seam_trace *t, struct trace_stream *s, struct seam_err *err);
void trace_unload(struct seam_trace *t, struct trace_stream *s);

/* Finds blocks: by the index (1: found, 0: there is none that can be used), one by one from scan_at on. */
int trace_read_index(struct seam_trace *t, struct seam_err *err);
int trace_scan(struct seam_trace *t, struct seam_err *err);
/* What is surely none of ours is said at once; a damaged one must still be read. */
int trace_check_first(struct seam_trace *t, struct seam_err *err);
void trace_read_meta(struct seam_trace *t, const struct trace_block *head, uint64_t offset);
void trace_add_place(struct seam_trace *t, const struct trace_index *x);

/*
 * Moves to the next record that is an event: past clocks and what is not known. False at the end of the block, or where it
 * is damaged so that nothing after it can be read.
 */
bool trace_find_record(struct seam_trace *t, struct trace_stream *s);
/* Reads it into t->event and moves behind it. False: it is damaged, which was told. */
bool trace_decode(struct seam_trace *t, struct trace_stream *s);
/* Memory of the call just read that goes on in the next blocks of its stream. 0, or a negative errno. */
int trace_join_across(struct seam_trace *t, struct trace_stream *s, struct seam_err *err);
void trace_held_release(struct seam_trace *t);

void trace_heap_push(struct seam_trace *t, uint32_t stream);
void trace_heap_clear(struct seam_trace *t);

#endif

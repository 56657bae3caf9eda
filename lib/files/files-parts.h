/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the model share: open files, tables of descriptors, tasks. */
#ifndef FILES_FILES_PARTS_H
#define FILES_FILES_PARTS_H

#include "base/util.h"
#include "seam/open-files.h"

enum {
	FILES_PATH_MAX = 4096,
	FILES_FD_MAX = 1 << 20,      /* larger descriptors are not followed */
	FILES_PAGE = 64,             /* descriptors of a page */
	FILES_BYTES_MAX = 256 << 20, /* of tables and names; a hostile trace learns nothing more then */
};

/* An open file, which several descriptors may share. */
struct open_file {
	unsigned refs;
	enum seam_file_kind kind;
	uint64_t id, id_before;
	char *name;
	char *before;   /* the name until `since`; NULL: it had none other */
	uint64_t since;
	/* of sockets */
	char *label, *local, *peer;
};

/* Counts what the model has allocated. */
struct files_budget {
	size_t bytes;
	uint64_t next_id;
};

/* NULL when there is no room. The strings are copied. */
struct open_file *open_file_new(struct files_budget *b, enum seam_file_kind kind, const char *name);
struct open_file *open_socket_new(struct files_budget *b, const char *label, const char *local, const char *peer);
/* A file as the kernel names it: "pipe:[1]", "socket:[2]", "/x"; @socket: "TCP:[a->b]" or "". */
struct open_file *open_file_named(struct files_budget *b, const char *name, const char *socket);
struct open_file *open_file_ref(struct open_file *file);
void open_file_unref(struct files_budget *b, struct open_file *file);
/* A socket has learnt an address; NULL: it stays. */
void open_socket_learn(struct files_budget *b, struct open_file *file, const char *local, const char *peer, uint64_t now);

struct slot {
	struct open_file *file; /* NULL: closed, or not known */
	struct open_file *was;  /* until `since` */
	uint64_t since;
	bool cloexec;
};

struct page {
	unsigned refs; /* shared by the tables that were copied from each other */
	struct slot slots[FILES_PAGE];
};

/* The descriptors of a process, or of several that share them. */
struct fd_table {
	unsigned refs;
	size_t page_count;
	struct page **pages; /* NULL: nothing is known there */
};

struct fd_table *fd_table_new(struct files_budget *b);
struct fd_table *fd_table_ref(struct fd_table *t);
void fd_table_unref(struct files_budget *b, struct fd_table *t);
struct fd_table *fd_table_copy(struct files_budget *b, struct fd_table *t);
const struct slot *fd_table_get(const struct fd_table *t, int fd);
/* Takes the reference to @file, which may be NULL. */
void fd_table_put(struct files_budget *b, struct fd_table *t, int fd, struct open_file *file, uint64_t now);
void fd_table_mark(struct files_budget *b, struct fd_table *t, int fd, bool cloexec);
/* From @first to @last, which may be far beyond what there is: closed, or marked. */
void fd_table_close_range(struct files_budget *b, struct fd_table *t, uint32_t first, uint32_t last, uint64_t now);
void fd_table_mark_range(struct files_budget *b, struct fd_table *t, uint32_t first, uint32_t last);
void fd_table_exec(struct files_budget *b, struct fd_table *t, uint64_t now);
/* What has changed in @from since then becomes true of @to. */
void fd_table_merge(struct files_budget *b, struct fd_table *to, const struct fd_table *from, uint64_t since);

/* Where relative and absolute paths begin. As slots: what it was stays for calls that began before. */
struct dirs {
	unsigned refs;
	struct slot cwd, root;
};

struct file_task {
	uint32_t tid, pid; /* pid 0: not known */
	bool gone, ran; /* ran: has executed a program */
	struct fd_table *table;
	struct dirs *dirs;
	uint32_t last_child;  /* made by the clone that is under way */
	uint64_t child_made;
	struct file_task *next; /* in the same bucket */
};

#define FILES_CLOEXEC 02000000u /* O_CLOEXEC: the same on every machine that is described */

enum { FILES_GONE_KEPT = 1024, FILES_NUMBERS = 1024 };

/* What can be known of a call before it is made: whether it has to do with descriptors. */
enum files_plan {
	FILES_PLANNED = 1 << 0,
	FILES_ACTS = 1 << 1,         /* some of its effects are followed here */
	FILES_ACTS_ON_ERROR = 1 << 2, /* also when it fails */
};

struct seam_files {
	const struct seam_tables *t;
	struct files_budget budget;
	struct file_task **buckets;
	size_t bucket_count, count;
	uint32_t gone[FILES_GONE_KEPT];
	size_t gone_next;
	uint8_t plans[SEAM_ARCH_DESCRIBED][FILES_NUMBERS];
	/* the event that was shown last, and what was found out about it */
	const struct seam_event *e;
	struct file_task *task;
	const struct seam_call *call;
	const struct seam_variant *variant;
	bool blind;      /* descriptors are closed without a word */
	bool blind_dirs; /* likewise */
	unsigned pipes;  /* made so far */
	unsigned pipe;   /* the one that is being made; 0: it has no number yet */
	bool looked_up;
	bool after; /* memory is read as the call left it, whatever the expression says */
	struct seam_env env;
	char path[FILES_PATH_MAX], text[FILES_PATH_MAX];
};

/* The task of this number, which is made if it is not there. */
struct file_task *files_task(struct seam_files *f, uint32_t tid);
struct file_task *files_find_task(const struct seam_files *f, uint32_t tid);
void files_share(struct seam_files *f, struct file_task *task, const struct file_task *with);
void files_share_dirs(struct seam_files *f, struct file_task *task, const struct file_task *with);
/* A table, or folders, of its own. */
void files_unshare_table(struct seam_files *f, struct file_task *task);
void files_unshare_dirs(struct seam_files *f, struct file_task *task);
/* Takes the reference. */
void files_put_dir(struct seam_files *f, struct slot *dir, struct open_file *file, uint64_t now);

/* The call of the event, its case and its registers. False: it is not described. */
bool files_look_up(struct seam_files *f);
/* Does to the tables what the call did. */
void files_apply(struct seam_files *f);
/* The value of an object. What a call has made is read as it left it. */
uint64_t files_object_value(struct seam_files *f, const struct seam_object *o, bool after);
/* An address that a call has passed or got, as text. */
bool files_read_address(struct seam_files *f, const struct seam_object *o, char to[256]);
/* Whether the condition asks for the result: then it says itself what happens when the call fails. */
bool files_asks_result(const struct seam_tables *t, uint32_t expr);
/* Whether the effect changes where paths begin. */
bool files_moves(const struct seam_tables *t, const struct seam_effect *e);
/* Whether the call can change what descriptors and folders are. */
bool files_follows(const struct seam_tables *t, const struct seam_call *call);
/* What the descriptor was at that side of the event; NULL. */
const struct open_file *files_at(struct seam_files *f, int fd, enum seam_when when, bool *ret_before);
/* A string of the program up to its NUL into f->path; false: it is not all there. */
bool files_read_string(struct seam_files *f, uint64_t address, enum seam_when when);
/* The path at this address made absolute, in f->text; false: it is not known. */
bool files_read_path(struct seam_files *f, const struct seam_type *type, uint64_t address, enum seam_when when);
/* What an argument of this type may be. */
bool files_is_fd(const struct seam_type *type);

/* @base may be NULL; @to has room for FILES_PATH_MAX. False: too long. */
bool path_join(const char *root, const char *base, const char *path, char *to);

/* The name of a socket's protocol: "TCP", "UNIX-STREAM"; @to has some room. */
void socket_label(const struct seam_tables *t, uint64_t family, uint64_t type, uint64_t protocol,
		  const struct seam_type *family_type, const struct seam_type *protocol_type, char to[64]);
/* An address as text: "127.0.0.1:80", "/run/x", "@abstract"; "" for none. False: it is none that has a text. */
bool socket_address(const unsigned char *a, size_t n, char to[256]);
/* The address of a connection that came to @listening, or went out from it: what may be any is "*". */
void socket_connected(const char *listening, char to[256]);

#endif

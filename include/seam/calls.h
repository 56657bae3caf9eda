/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Seam knows of every system call: the tables that seamc makes of calls/, and how to look things up in them.
 *
 * All tables are arrays of plain numbers: records name each other by index and strings by offset, so the same data
 * serves C, can be copied into a BPF map as it is, and needs no relocation. Index 0 of every pool means "none".
 */
#ifndef SEAM_CALLS_H
#define SEAM_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum seam_arch {
	SEAM_ARCH_X86_64,
	SEAM_ARCH_ARM64,
	SEAM_ARCH_RISCV64,
	SEAM_ARCH_DESCRIBED, /* the ones above have descriptions, the ones below only names */
	SEAM_ARCH_I386 = SEAM_ARCH_DESCRIBED,
	SEAM_ARCH_ARM,
	SEAM_ARCH_COUNT,
};

/* The 32-bit table that a machine has beside its own; SEAM_ARCH_COUNT: none. */
static inline enum seam_arch seam_arch_narrow(enum seam_arch arch)
{
	return arch == SEAM_ARCH_X86_64 ? SEAM_ARCH_I386 : arch == SEAM_ARCH_ARM64 ? SEAM_ARCH_ARM : SEAM_ARCH_COUNT;
}

/* The other way round: whose descriptions fit calls of the same names. One that is described itself stays what it is. */
static inline enum seam_arch seam_arch_wide(enum seam_arch arch)
{
	return arch == SEAM_ARCH_I386 ? SEAM_ARCH_X86_64 : arch == SEAM_ARCH_ARM ? SEAM_ARCH_ARM64 : arch;
}

#define SEAM_MAX_ARGS 6

/* The largest number of an error. A result is one, negated, or the call has not failed, whatever its sign. */
#define SEAM_MAX_ERROR 4095

static inline bool seam_has_failed(int64_t ret)
{
	return ret < 0 && ret >= -SEAM_MAX_ERROR;
}

/* Which side of the call a pointer's memory belongs to; SEAM_DIR_VALUE is no pointer. */
enum seam_dir { SEAM_DIR_VALUE, SEAM_DIR_IN, SEAM_DIR_OUT, SEAM_DIR_INOUT };

/* kind, name in the language, bytes of a scalar (0: not a scalar), whether it is signed */
#define SEAM_KINDS(X)                                                                                             \
	X(NONE, "none", 0, 0)                                                                                     \
	X(I8, "i8", 1, 1)                                                                                         \
	X(U8, "u8", 1, 0)                                                                                         \
	X(I16, "i16", 2, 1)                                                                                       \
	X(U16, "u16", 2, 0)                                                                                       \
	X(I32, "i32", 4, 1)                                                                                       \
	X(U32, "u32", 4, 0)                                                                                       \
	X(I64, "i64", 8, 1)                                                                                       \
	X(U64, "u64", 8, 0)                                                                                       \
	X(INT, "int", 4, 1)                                                                                       \
	X(WORD, "word", 8, 0)                                                                                     \
	X(HEX, "hex", 8, 0)                                                                                       \
	X(BOOL, "bool", 4, 0)                                                                                     \
	X(SIZE, "size", 8, 0)                                                                                     \
	X(COUNT, "count", 8, 0)                                                                                   \
	X(OFF, "off", 8, 1)                                                                                       \
	X(ADDR, "addr", 8, 0)                                                                                     \
	X(FD, "fd", 4, 1)                                                                                         \
	X(DIRFD, "dirfd", 4, 1)                                                                                   \
	X(PID, "pid", 4, 1)                                                                                       \
	X(TID, "tid", 4, 1)                                                                                       \
	X(UID, "uid", 4, 0)                                                                                       \
	X(GID, "gid", 4, 0)                                                                                       \
	X(MODE, "mode", 4, 0)                                                                                     \
	X(DEV, "dev", 4, 0)                                                                                       \
	X(IP4, "ip4", 4, 0)                                                                                       \
	X(IP6, "ip6", 16, 0)                                                                                      \
	X(SEC, "sec", 8, 1)                                                                                       \
	X(MSEC, "msec", 4, 1)                                                                                     \
	X(USEC, "usec", 8, 1)                                                                                     \
	X(NSEC, "nsec", 8, 1)                                                                                     \
	X(TICKS, "ticks", 8, 1)                                                                                   \
	X(LIMIT, "limit", 8, 0)                                                                                   \
	X(SIGNAL, "signal", 4, 1)                                                                                 \
	X(ERRNO, "errno", 4, 1)                                                                                   \
	X(WSTATUS, "wstatus", 4, 1)                                                                               \
	X(BITS, "bits", 4, 0)                                                                                     \
	X(ENUM, "enum", 4, 0)                                                                                     \
	X(ID, "id", 4, 0)                                                                                         \
	X(UNUSED, "unused", 8, 0)                                                                                 \
	X(PATH, "path", 0, 0)                                                                                     \
	X(STR, "str", 0, 0)                                                                                       \
	X(STRS, "strs", 0, 0)                                                                                     \
	X(STRLIST, "strlist", 0, 0)                                                                               \
	X(DATA, "data", 0, 0)                                                                                     \
	X(STRUCT, "struct", 0, 0)                                                                                 \
	X(IOVEC, "iovec", 0, 0)                                                                                   \
	X(PTRS, "ptrs", 0, 0)                                                                                     \
	X(SOCKADDR, "sockaddr", 0, 0)                                                                             \
	X(CMSG, "cmsg", 0, 0)                                                                                     \
	X(DIRENTS, "dirents", 0, 0)                                                                               \
	X(DIRENTS64, "dirents64", 0, 0)                                                                           \
	X(SIGSET, "sigset", 0, 0)                                                                                 \
	X(SIGINFO, "siginfo", 0, 0)                                                                               \
	X(FDSET, "fdset", 0, 0)                                                                                   \
	X(BITMASK, "bitmask", 0, 0)                                                                               \
	X(IOC, "ioc", 0, 0)                                                                                       \
	X(OPAQUE, "opaque", 0, 0)

enum seam_kind {
#define X(id, name, bytes, is_signed) SEAM_KIND_##id,
	SEAM_KINDS(X)
#undef X
	SEAM_KINDS_TOTAL
};

/* Verbs of effects: id, words, classes that follow (bits of enum seam_class below) */
#define SEAM_VERBS(X)                                                                                             \
	X(READS_STATUS, "reads status", 1)                                                                        \
	X(WRITES_STATUS, "writes status", 2)                                                                      \
	X(READS_CONTENT, "reads content", 4)                                                                      \
	X(WRITES_CONTENT, "writes content", 10)                                                                   \
	X(OPENS, "opens", 2)                                                                                      \
	X(CLOSES, "closes", 2)                                                                                    \
	X(DUPS, "dups", 2)                                                                                        \
	X(CREATES, "creates", 2)                                                                                  \
	X(REMOVES, "removes", 2)                                                                                  \
	X(RENAMES, "renames", 2)                                                                                  \
	X(LINKS, "links", 2)                                                                                      \
	X(FORKS, "forks", 2)                                                                                      \
	X(EXITS, "exits", 2)                                                                                      \
	X(REAPS, "reaps", 2)                                                                                      \
	X(EXECS, "execs", 6)                                                                                      \
	X(MAPS, "maps", 2)                                                                                        \
	X(UNMAPS, "unmaps", 2)                                                                                    \
	X(PROTECTS, "protects", 2)                                                                                \
	X(SIGNALS, "signals", 2)                                                                                  \
	X(WAKES, "wakes", 2)                                                                                      \
	X(UNSHARES, "unshares", 2)                                                                                 \
	X(NAMES, "names", 0)                                                                                       \
	X(PEERS, "peers", 0)                                                                                       \
	X(LETS_READ, "lets read", 0)                                                                               \
	X(LETS_WRITE, "lets write", 0)                                                                             \
	X(CLOEXECS, "cloexecs", 2)                                                                                 \
	X(KEEPS, "keeps", 2)                                                                                       \
	X(UNKNOWN, "unknown", 15)

enum seam_verb {
#define X(id, words, classes) SEAM_VERB_##id,
	SEAM_VERBS(X)
#undef X
	SEAM_VERB_COUNT
};

/* Parts of the world that an effect or a wait can name when no argument stands for them. */
#define SEAM_WORLDS(X)                                                                                            \
	X(TASK, "task") X(CHILDREN, "children") X(MEMORY, "memory") X(CWD, "cwd") X(ROOT, "root")                 \
	X(UMASK, "umask") X(CREDS, "creds") X(LIMITS, "limits") X(SIGNALS, "signals") X(TIMERS, "timers")         \
	X(SCHED, "sched") X(FDTABLE, "fdtable") X(NAMESPACES, "namespaces") X(MOUNTS, "mounts") X(FS, "fs")       \
	X(SYSTEM, "system") X(CLOCK, "clock") X(RANDOM, "random") X(SWAP, "swap") X(KEYS, "keys") X(IPC, "ipc")   \
	X(NET, "net") X(LOG, "log") X(BPF, "bpf") X(TRACE, "trace") X(PEER, "peer")                               \
	X(CHILD, "child") X(SIGNAL, "signal") X(TIME, "time") X(LOCK, "lock") X(DISK, "disk") X(SPACE, "space")

enum seam_world {
#define X(id, word) SEAM_WORLD_##id,
	SEAM_WORLDS(X)
#undef X
	SEAM_WORLD_COUNT,
	SEAM_WORLD_WAIT_ONLY = SEAM_WORLD_CHILD, /* from here on: only in `waits` */
};

/* Classes of calls: the four that follow from effects (see SEAM_VERBS), then the kinds of strace. */
#define SEAM_CLASSES(X)                                                                                           \
	X(READS_STATUS, "reads-status") X(WRITES_STATUS, "writes-status")                                         \
	X(READS_CONTENT, "reads-content") X(WRITES_CONTENT, "writes-content")                                     \
	X(FILE, "file") X(DESC, "desc") X(NET, "net") X(PROCESS, "process")                                       \
	X(MEMORY, "memory") X(IPC, "ipc") X(TIME, "time") X(SIGNAL, "signal")

enum seam_class_bit {
#define X(id, word) SEAM_CLASS_BIT_##id,
	SEAM_CLASSES(X)
#undef X
	SEAM_CLASS_COUNT
};

enum seam_class {
#define X(id, word) SEAM_CLASS_##id = 1 << SEAM_CLASS_BIT_##id,
	SEAM_CLASSES(X)
#undef X
};

#define SEAM_DETS(X)                                                                                              \
	X(STABLE, "stable") X(VIRTUAL, "virtual") X(SORTED, "sorted") X(MASKED, "masked")                         \
	X(SCHEDULED, "scheduled") X(REFUSED, "refused") X(BY_FD, "by fd")

enum seam_det_verb {
#define X(id, words) SEAM_DET_##id,
	SEAM_DETS(X)
#undef X
	SEAM_DET_COUNT
};

/*
 * The machine that expressions and capture programs are written for: SEAM_REG_COUNT registers of 64 bits, no stack,
 * jumps only forward. An operation reads registers a and b and writes dst; where SEAM_OP_IMM is set in flags, imm stands in b's
 * place. lib/capture has the loop.
 */
enum seam_reg {
	SEAM_REG_ARG0 = 0, /* to 5 */
	SEAM_REG_RET = 6,
	SEAM_REG_SELF = 7,   /* address of the structure that a member expression belongs to */
	SEAM_REG_PARAM0 = 8, /* to 11: its parameters */
	SEAM_REG_TEMP0 = 12,
	SEAM_REG_COUNT = 32,
};

enum seam_op_code {
	SEAM_OP_END,
	SEAM_OP_SET,      /* dst = imm */
	SEAM_OP_EXT,      /* dst = a cut to k bytes; SEAM_OP_SIGNED: sign-extended */
	SEAM_OP_SWAP,     /* dst = the k bytes of a in the other order */
	SEAM_OP_LOAD,     /* dst = k bytes at a + imm, likewise; fails the program's current item if unreadable */
	SEAM_OP_SAVE,     /* keep a in slot k of the call for its exit */
	SEAM_OP_SAVED,    /* dst = slot k */
	SEAM_OP_NONBLOCK, /* dst = whether the descriptor a is in non-blocking mode; 0 where nobody knows */
	SEAM_OP_PAGESIZE, /* dst = bytes of a page */
	SEAM_OP_ADD,
	SEAM_OP_SUB,
	SEAM_OP_MUL,
	SEAM_OP_DIV, /* 0 if the divisor is 0 */
	SEAM_OP_SHL,
	SEAM_OP_SHR,
	SEAM_OP_AND,
	SEAM_OP_OR,
	SEAM_OP_EQ,
	SEAM_OP_NE,
	SEAM_OP_LT, /* signed */
	SEAM_OP_LE,
	SEAM_OP_NOT,  /* dst = !a */
	SEAM_OP_MIN,  /* unsigned, a negative number counts as 0 */
	SEAM_OP_BOOL, /* dst = a != 0 */
	SEAM_OP_JZ,   /* if a == 0 skip k operations */
	SEAM_OP_JNZ,  /* if a != 0 skip k operations */
	SEAM_OP_MEM,  /* capture b bytes at a */
	SEAM_OP_STR,  /* capture the string at a, with its NUL; at most b bytes if b is not 0 */
	SEAM_OP_STRS, /* capture the NULL-terminated array of strings at a: pointers and strings */
	SEAM_OP_VEC,  /* a: array of b iovec: capture the data they point to, up to register k bytes over all */
	SEAM_OP_EACH, /* for dst = a, a + k, ...: b times: the next imm operations */
	SEAM_OP_CODE_COUNT
};

enum seam_op_flags {
	SEAM_OP_IMM = 1 << 0,
	SEAM_OP_SIGNED = 1 << 1,
	SEAM_OP_DATA = 1 << 2, /* MEM, VEC: content, may be cut at the user's limit */
	SEAM_OP_NEW = 1 << 3,  /* LOAD: memory as the call left it, not as it found it */
	SEAM_OP_LIMIT = 1 << 4, /* LOAD: b holds how many bytes there are at a; what lies beyond is 0 */
};

struct seam_op {
	uint8_t code, dst, a, b;
	uint8_t flags, spare;
	uint16_t k;
	int64_t imm;
};

/* A run of operations; the result of an expression is in register `result`. */
struct seam_expr {
	uint32_t first;
	uint16_t count;
	uint16_t result;
	uint32_t text; /* as it was written */
};

enum seam_type_flags {
	SEAM_TYPE_SIGNED = 1 << 0,
	SEAM_TYPE_BYTES = 1 << 1,   /* room and valid count bytes, not elements */
	SEAM_TYPE_ARRAY = 1 << 2,   /* there is an extent */
	SEAM_TYPE_AT_EXIT = 1 << 3, /* `when` can only be tested at exit */
	SEAM_TYPE_WIDE = 1 << 4,    /* `width` was stated */
	SEAM_TYPE_BE = 1 << 5,      /* in network byte order */
	SEAM_TYPE_CHIEF = 1 << 6,   /* a member that an abbreviated structure shows */
	SEAM_TYPE_CLOSED = 1 << 7,  /* a pointer that stays one when the text is abbreviated, or always if it is to a scalar */
};

struct seam_type {
	uint8_t kind;  /* enum seam_kind */
	uint8_t dir;   /* enum seam_dir */
	uint8_t width; /* bytes of the scalar, or of one element of an array of scalars */
	uint8_t flags;
	uint32_t ref;   /* set (BITS, ENUM), layout (STRUCT), type pointed to (PTRS) or of the data (IOVEC) */
	uint32_t room;  /* expressions */
	uint32_t valid;
	uint32_t when;
	uint32_t base;     /* PATH: the directory descriptor */
	uint32_t nofollow; /* PATH: a link at the end is not followed when this holds */
	uint32_t empty;    /* PATH: "" means the descriptor when this holds */
	uint32_t args[2];  /* STRUCT: the parameters */
	uint32_t word;     /* ID: which space; OPAQUE: why */
};

struct seam_arg {
	uint32_t name;
	uint32_t type;
};

struct seam_field {
	uint32_t name;
	uint32_t offset; /* bytes; of a bit field: of its unit */
	uint32_t type;
	uint32_t when;
	uint8_t bit, bits; /* a bit field: first bit in the unit, number of bits */
	uint16_t repeat;   /* an array in place: elements; 0: one value */
};

struct seam_layout {
	uint32_t name;
	uint32_t size;
	uint32_t first_field;
	uint16_t fields;
	uint16_t params;
};

struct seam_const {
	uint64_t value;
	uint64_t mask; /* of a field inside flags; else 0 */
	uint32_t name;
	uint32_t field; /* name of the mask, if it has one: O_ACCMODE */
};

struct seam_set {
	uint32_t name;
	uint32_t first;
	uint32_t count;
	uint32_t bits; /* flags, else one of */
};

struct seam_object {
	uint8_t how; /* enum seam_object_how */
	uint8_t arg; /* number of the argument that it is or hangs on; 0xff: none */
	uint8_t world;
	uint8_t dir;     /* not the name itself but the directory that holds it */
	uint32_t type;   /* of the thing named */
	uint32_t value;  /* expression for its value: a descriptor, an address, a pointer to a path */
	uint32_t length; /* RANGE */
	uint32_t text;
};

enum seam_object_how { SEAM_OBJECT_NONE, SEAM_OBJECT_WORLD, SEAM_OBJECT_VALUE, SEAM_OBJECT_RANGE };

struct seam_effect {
	uint8_t verb;
	uint8_t may;
	uint16_t spare;
	uint32_t object;
	uint32_t to; /* dups, renames, links */
	uint32_t when;
	uint32_t as;    /* what the object is from now on: words, */
	uint32_t by[3]; /* and the objects that it is called after */
};

struct seam_wait {
	uint32_t object;
	uint32_t timeout; /* expression: the value or pointer */
	uint32_t when;
	uint8_t absolute;
	uint8_t timeout_arg; /* 0xff: none */
	uint16_t spare;
};

struct seam_det {
	uint8_t verb;
	uint8_t arg;
	uint16_t error;
	uint32_t word; /* VIRTUAL: which; SORTED, MASKED: the member */
};

struct seam_fail {
	uint32_t error;
	uint32_t name;
	uint32_t when;
};

struct seam_span {
	uint32_t first, count;
};

/* One case of a call; a call without cases has one. All of its spans are complete: what holds in every case is there. */
struct seam_variant {
	uint32_t text; /* the case as it was written */
	uint32_t ret;
	struct seam_span args, effects, waits, dets, fails;
	struct seam_span entry, exit; /* capture programs, in operations */
	uint32_t classes;
	uint32_t saves; /* slots that entry keeps for exit */
};

struct seam_case {
	uint64_t key;
	uint32_t variant; /* of the call */
	uint32_t spare;
};

/*
 * Cases that select by the same expressions, found in a sorted array. Several make one key: two of 32 bits each, or
 * three of 16, 32 and 16; a larger value selects nothing.
 */
struct seam_select {
	uint32_t expr[3];
	struct seam_span cases;
};

enum seam_call_flags { SEAM_CALL_GONE = 1 << 0, SEAM_CALL_NORETURN = 1 << 1, SEAM_CALL_DESCRIBED = 1 << 2 };

struct seam_call {
	uint32_t name;
	uint32_t number;
	uint32_t flags;
	uint32_t classes; /* of all variants together */
	struct seam_span variants;
	struct seam_span selects;
	uint32_t file, line; /* where it is described */
};

/* All of it. seam_tables is what this build knows. */
struct seam_arch_tables {
	const char *name;
	const struct seam_call *calls; /* by name */
	uint32_t call_count;
	const uint16_t *by_number; /* number -> index in calls, 0xffff: none */
	uint32_t number_count;     /* larger numbers are looked for one by one */
};

struct seam_tables {
	const char *strings;
	const struct seam_op *ops;
	const struct seam_expr *exprs;
	const struct seam_type *types;
	const struct seam_arg *args;
	const struct seam_field *fields;
	const struct seam_layout *layouts;
	const struct seam_const *consts;
	const struct seam_set *sets;
	const struct seam_object *objects;
	const struct seam_effect *effects;
	const struct seam_wait *waits;
	const struct seam_det *dets;
	const struct seam_fail *fails;
	const struct seam_variant *variants;
	const struct seam_case *cases;
	const struct seam_select *selects;
	struct seam_arch_tables arch[SEAM_ARCH_COUNT];
	uint32_t set_count, op_count, variant_count;
	const char *version; /* of the descriptions: changes when any table does */
};

extern const struct seam_tables seam_tables;

#define SEAM_NO_CALL 0xffffu

static inline const char *seam_string(const struct seam_tables *t, uint32_t index)
{
	return t->strings + index;
}

/* The call with this number, or NULL. An array index, but for the few numbers beyond the dense table. */
const struct seam_call *seam_call_by_number(const struct seam_tables *t, enum seam_arch arch, uint64_t number);
const struct seam_call *seam_call_by_name(const struct seam_tables *t, enum seam_arch arch, const char *name);
/* By its name; also aarch64, amd64, x86-64, riscv, i686 ... -1: no such. */
int seam_arch_by_name(const struct seam_tables *t, const char *name);
/* The architecture that this library was built for. */
enum seam_arch seam_arch_native(void);

/* The classes by name ("net", "%net", "reads-status"), 0: no such; and back, for one bit. */
uint32_t seam_class_by_name(const char *name);
const char *seam_class_name(uint32_t bit);
const char *seam_kind_name(uint8_t kind);
const char *seam_verb_words(uint8_t verb);
const char *seam_world_word(uint8_t world);
const char *seam_det_words(uint8_t det);

/* When the memory is looked at: as the call found it, or as it left it. */
enum seam_when { SEAM_AT_ENTRY, SEAM_AT_EXIT };

/*
 * What an expression may ask of the traced program: its memory and a few facts. read() copies up to n bytes and
 * returns how many it got, 0 if none; nonblock() and pagesize may be left out.
 */
struct seam_env {
	uint64_t reg[SEAM_REG_COUNT]; /* SEAM_REG_ARG0.. and SEAM_REG_RET are the caller's to set */
	size_t (*read)(void *user, uint64_t address, void *to, size_t n, enum seam_when when);
	bool (*nonblock)(void *user, int fd);
	void *user;
	uint32_t pagesize; /* 0: 4096 */
};

/* The value of an expression; 0 for expression 0. Memory that cannot be read counts as 0. */
uint64_t seam_eval(const struct seam_tables *t, uint32_t expr, struct seam_env *env);
/* Whether a condition holds; the absent condition (0) does. */
static inline bool seam_holds(const struct seam_tables *t, uint32_t expr, struct seam_env *env)
{
	return !expr || seam_eval(t, expr, env) != 0;
}
/* The call of the 64-bit table that has the name of this one of a 32-bit table, and the same arguments in the same places, and its architecture; NULL: none for sure. */
const struct seam_call *seam_call_wide(const struct seam_tables *t, enum seam_arch arch, const struct seam_call *call, enum seam_arch *ret_arch);
/* Which case of the call these arguments select. */
const struct seam_variant *seam_call_variant(const struct seam_tables *t, const struct seam_call *call,
					     struct seam_env *env);

/* The set of constants that the descriptions call so ("uring_op"); UINT32_MAX: there is none. */
uint32_t seam_set_by_name(const struct seam_tables *t, const char *name);
/* The name of a value in a set of one-of constants, or NULL. Only `bytes` bytes of the value count. */
const char *seam_const_name(const struct seam_tables *t, uint32_t set, uint64_t value, unsigned bytes);

#ifdef __cplusplus
}
#endif
#endif

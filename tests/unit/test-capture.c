/* SPDX-License-Identifier: BSD-2-Clause */
/* The capture loop: what it copies, when, how it is cut, and that nothing a program has in memory can upset it. */
#include "capture/capture.h"
#include "compiled.h"
#include "tap.h"

/* A traced program's memory: a page at 0x1000; nothing else can be read. */
#define BASE 0x1000u

struct memory {
	unsigned char byte[4096];
};

static size_t read_memory(void *user, uint64_t address, void *to, size_t n)
{
	const struct memory *m = user;

	if (address < BASE || address >= BASE + sizeof(m->byte))
		return 0;
	if (n > BASE + sizeof(m->byte) - address)
		n = BASE + sizeof(m->byte) - address;
	memcpy(to, m->byte + (address - BASE), n);
	return n;
}

static void put(struct memory *m, uint64_t address, const void *p, size_t n)
{
	memcpy(m->byte + (address - BASE), p, n);
}

static void put64(struct memory *m, uint64_t address, uint64_t v)
{
	put(m, address, &v, sizeof(v));
}

struct trial {
	struct compiled c;
	struct memory memory;
	struct capture capture;
	const struct seam_variant *variant;
	_Alignas(8) unsigned char buffer[8192];
};

static void trial_init(struct trial *t, const char *declarations, const char *read)
{
	struct buf text = BUF_INIT;
	struct seam_env env = { 0 };

	buf_addf(&text, "%s\n" CLONE FCNTL RECVMSG "call read%s\n", declarations, read);
	memset(&t->memory, 0, sizeof(t->memory));
	compile(&t->c, text.data);
	buf_release(&text);
	if (t->c.diag.errors)
		printf("# %s\n", t->c.diag.out.data);
	t->variant = seam_call_variant(&t->c.t.tables,
				       seam_call_by_name(&t->c.t.tables, SEAM_ARCH_X86_64, "read"), &env);
	t->capture = (struct capture){ .tables = &t->c.t.tables, .read = read_memory, .user = &t->memory, .limit = 256,
				       .buffer = t->buffer, .room = sizeof(t->buffer) };
}

/* The blobs as "address+size status", one after the other. */
static const char *taken(struct trial *t, enum seam_when when)
{
	static struct buf text = { buf_empty, 0, 0 };
	static const char *const statuses[] = { "", " cut", " faulted" };

	buf_clear(&text);
	t->capture.used = 0;
	capture_run(&t->capture, t->variant, when);
	for (const struct blob *b = capture_next(&t->capture, NULL); b; b = capture_next(&t->capture, b)) {
		buf_addf(&text, "%s%llx+%u", text.len ? ", " : "", (unsigned long long)b->address, b->size);
		if (b->status)
			buf_addf(&text, "/%u%s", b->whole, statuses[b->status]);
	}
	return text.data;
}

static void test_data(void)
{
	struct trial t;

	trial_init(&t, "", "(fd fd, buf out data[count; ret], count size) -> size");
	t.capture.reg[1] = 0x1100;
	t.capture.reg[2] = 1000;
	STREQ(taken(&t, SEAM_AT_ENTRY), "");
	t.capture.reg[SEAM_REG_RET] = 10;
	STREQ(taken(&t, SEAM_AT_EXIT), "1100+10");
	t.capture.reg[SEAM_REG_RET] = 1000;
	STREQ(taken(&t, SEAM_AT_EXIT), "1100+256/1000 cut");
	t.capture.limit = 0;
	STREQ(taken(&t, SEAM_AT_EXIT), "1100+0/1000 cut");
	t.capture.limit = UINT64_MAX;
	STREQ(taken(&t, SEAM_AT_EXIT), "1100+1000");
	t.capture.reg[SEAM_REG_RET] = 5000; /* more than the room: never beyond it */
	STREQ(taken(&t, SEAM_AT_EXIT), "1100+1000");
	t.capture.reg[SEAM_REG_RET] = (uint64_t)-4;
	STREQ(taken(&t, SEAM_AT_EXIT), "");
	t.capture.reg[SEAM_REG_RET] = 8;
	t.capture.reg[1] = 0;
	STREQ(taken(&t, SEAM_AT_EXIT), "");
	t.capture.reg[1] = 0x1ffc; /* the memory ends in the middle */
	STREQ(taken(&t, SEAM_AT_EXIT), "1ffc+4/8 faulted");
	t.capture.reg[1] = 0xdead000000;
	STREQ(taken(&t, SEAM_AT_EXIT), "dead000000+0/8 faulted");
	compiled_release(&t.c);
}

static void test_strings(void)
{
	struct trial t;

	trial_init(&t, "", "(a in path, b in strs, c out str[10; ret], d in str) -> size");
	put(&t.memory, 0x1100, "/etc/passwd", 12);
	put64(&t.memory, 0x1200, 0x1100);
	put64(&t.memory, 0x1208, 0x1107);
	put64(&t.memory, 0x1210, 0x5000); /* not there */
	t.capture.reg[0] = 0x1100;
	t.capture.reg[1] = 0x1200;
	t.capture.reg[2] = 0x1300;
	STREQ(taken(&t, SEAM_AT_ENTRY), "1100+12, 1200+32, 1100+12, 1107+5, 5000+0/0 faulted");
	t.capture.reg[SEAM_REG_RET] = 3;
	STREQ(taken(&t, SEAM_AT_EXIT), "1300+3");
	/* without a NUL up to where the memory ends */
	memset(t.memory.byte + 0xff0, 'x', 16);
	t.capture.reg[0] = 0x1ff0;
	t.capture.reg[1] = 0;
	STREQ(taken(&t, SEAM_AT_ENTRY), "1ff0+16/16 faulted");
	compiled_release(&t.c);
}

static void test_value_result(void)
{
	struct trial t;
	uint32_t n = 16;

	trial_init(&t, "", "(addr out sockaddr[*len; new *len], len io u32) -> int");
	t.capture.reg[0] = 0x1100;
	t.capture.reg[1] = 0x1200;
	put(&t.memory, 0x1200, &n, 4);
	STREQ(taken(&t, SEAM_AT_ENTRY), "1200+4");
	n = 110; /* the kernel had more than there was room for */
	put(&t.memory, 0x1200, &n, 4);
	STREQ(taken(&t, SEAM_AT_EXIT), "1100+16, 1200+4");
	n = 2;
	put(&t.memory, 0x1200, &n, 4);
	STREQ(taken(&t, SEAM_AT_EXIT), "1100+2, 1200+4");
	compiled_release(&t.c);
}

static void test_conditions(void)
{
	struct trial t;

	trial_init(&t, "", "(flags u32, a in u64 if flags & 1, b out u64 if ret == -EINTR, c io u64 if ret > 0) -> int");
	t.capture.reg[1] = 0x1100;
	t.capture.reg[2] = 0x1200;
	t.capture.reg[3] = 0x1300;
	STREQ(taken(&t, SEAM_AT_ENTRY), "1300+8");
	t.capture.reg[0] = 1;
	STREQ(taken(&t, SEAM_AT_ENTRY), "1100+8, 1300+8");
	STREQ(taken(&t, SEAM_AT_EXIT), "");
	t.capture.reg[SEAM_REG_RET] = (uint64_t)-4;
	STREQ(taken(&t, SEAM_AT_EXIT), "1200+8");
	t.capture.reg[SEAM_REG_RET] = 1;
	STREQ(taken(&t, SEAM_AT_EXIT), "1300+8");
	compiled_release(&t.c);
}

static const char msghdr[] = "struct m(used) of user_msghdr {\n"
			     "  msg_name out sockaddr[msg_namelen; new msg_namelen]\n"
			     "  msg_iov in iovec[msg_iovlen] of out data[; used]\n"
			     "  msg_control out cmsg[msg_controllen; new msg_controllen]\n}\n";

static void put_msghdr(struct trial *t)
{
	put64(&t->memory, 0x1100, 0x1200); /* name */
	put64(&t->memory, 0x1108, 16);
	put64(&t->memory, 0x1110, 0x1300); /* iov */
	put64(&t->memory, 0x1118, 2);
	put64(&t->memory, 0x1120, 0);
	put64(&t->memory, 0x1300, 0x1400);
	put64(&t->memory, 0x1308, 8);
	put64(&t->memory, 0x1310, 0x1500);
	put64(&t->memory, 0x1318, 100);
}

static void test_structures(void)
{
	struct trial t;

	trial_init(&t, msghdr, "(fd fd, msg io struct m(ret)) -> size");
	put_msghdr(&t);
	t.capture.reg[1] = 0x1100;
	STREQ(taken(&t, SEAM_AT_ENTRY), "1100+56, 1300+32");
	put64(&t.memory, 0x1108, 8); /* the address is shorter than the room */
	t.capture.reg[SEAM_REG_RET] = 11;
	STREQ(taken(&t, SEAM_AT_EXIT), "1100+56, 1200+8, 1400+8, 1500+3");
	compiled_release(&t.c);
}

/* An array inside the structure that the call fills, as far as it says. */
static void test_array_inside(void)
{
	struct trial t;
	uint32_t n = 16;

	trial_init(&t, "struct h of file_handle {\n  f_handle u8[handle_bytes; new handle_bytes]\n}\n", "(h io struct h) -> int");
	t.capture.reg[0] = 0x1100;
	put(&t.memory, 0x1100, &n, 4);
	STREQ(taken(&t, SEAM_AT_ENTRY), "1100+8");
	n = 12;
	put(&t.memory, 0x1100, &n, 4);
	STREQ(taken(&t, SEAM_AT_EXIT), "1100+8, 1108+12");
	compiled_release(&t.c);
}

static void test_arrays(void)
{
	struct trial t;

	trial_init(&t, msghdr, "(fd fd, msgs io struct m(8)[n; ret], n count, more in ptrs[n] of in struct flock) -> size");
	put_msghdr(&t);
	memcpy(t.memory.byte + 0x138, t.memory.byte + 0x100, 56);
	put64(&t.memory, 0x1600, 0x1700);
	put64(&t.memory, 0x1608, 0);
	t.capture.reg[1] = 0x1100;
	t.capture.reg[2] = 2;
	t.capture.reg[3] = 0x1600;
	STREQ(taken(&t, SEAM_AT_ENTRY), "1100+112, 1300+32, 1300+32, 1600+16, 1700+32");
	t.capture.reg[SEAM_REG_RET] = 1;
	STREQ(taken(&t, SEAM_AT_EXIT), "1100+56, 1200+16, 1400+8");
	compiled_release(&t.c);
}

static void test_ioc(void)
{
	struct trial t;

	trial_init(&t, "", "(fd fd, cmd u32, arg ioc(cmd)) -> int");
	t.capture.reg[1] = 2u << 30 | 24u << 16; /* _IOR */
	t.capture.reg[2] = 0x1100;
	STREQ(taken(&t, SEAM_AT_ENTRY), "");
	STREQ(taken(&t, SEAM_AT_EXIT), "1100+24");
	t.capture.reg[1] = 3u << 30 | 8u << 16;
	STREQ(taken(&t, SEAM_AT_ENTRY), "1100+8");
	STREQ(taken(&t, SEAM_AT_EXIT), "1100+8");
	t.capture.reg[1] = 0x5401;
	STREQ(taken(&t, SEAM_AT_ENTRY), "");
	compiled_release(&t.c);
}

/* Sizes and counts from a hostile or broken program: bounded work, no byte beyond the buffer. */
static void test_hostile(void)
{
	static const uint64_t odd[] = { 0, 1, UINT32_MAX, INT64_MAX, (uint64_t)INT64_MIN, UINT64_MAX, 0x1100 };
	struct trial t;
	bool bounded = true;

	trial_init(&t, msghdr,
		   "(a io struct m(ret)[b; ret], b count, c in strs, d io iovec[b] of io data, e out bitmask[b]) -> size");
	for (size_t i = 0; i < sizeof(t.memory.byte) / 8; i++)
		put64(&t.memory, BASE + i * 8, odd[i % 7] + i);
	t.capture.room = 200;
	for (unsigned i = 0; i < 7 * 7 * 7; i++) {
		t.capture.reg[0] = t.capture.reg[2] = t.capture.reg[3] = t.capture.reg[4] = 0x1000 + i % 7;
		t.capture.reg[1] = odd[i / 7 % 7];
		t.capture.reg[SEAM_REG_RET] = odd[i / 49];
		t.buffer[200] = 0xa5;
		taken(&t, SEAM_AT_ENTRY);
		taken(&t, SEAM_AT_EXIT);
		bounded &= t.buffer[200] == 0xa5 && t.capture.used <= 200;
	}
	OK(bounded);
	OK(t.capture.dropped > 0);
	compiled_release(&t.c);
}

int main(void)
{
	test_data();
	test_strings();
	test_value_result();
	test_conditions();
	test_structures();
	test_arrays();
	test_array_inside();
	test_ioc();
	test_hostile();
	return tap_done();
}

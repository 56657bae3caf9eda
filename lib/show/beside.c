/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens beside calls, as text and JSON: io_uring, images, page faults. */
#include "show/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <string.h>

#include "base/util.h"
#include "seam/json.h"

typedef unsigned long long ull;

bool beside_is(const struct seam_event *e, bool tasks)
{
	switch (e->kind) {
	case SEAM_EVENT_SUBMIT:
	case SEAM_EVENT_COMPLETE:
	case SEAM_EVENT_TRAP:
		return true;
	case SEAM_EVENT_IMAGE:
	case SEAM_EVENT_FILE:
		return tasks;
	default:
		return false;
	}
}

static void put_opcode(struct seam_text *x, unsigned opcode)
{
	uint32_t set = seam_set_by_name(x->t, "uring_op");
	const char *name = set != UINT32_MAX ? seam_const_name(x->t, set, opcode, 8) : NULL;

	if (name)
		seam_out_puts(x->out, name);
	else
		seam_out_printf(x->out, "%#x /* IORING_OP_??? */", opcode);
}

static void put_flags(struct seam_text *x, const char *name, uint64_t flags)
{
	uint32_t set = seam_set_by_name(x->t, name);
	const struct seam_set *s = set != UINT32_MAX ? &x->t->sets[set] : NULL;
	const char *between = "";

	for (uint32_t i = 0; s && i < s->count; i++) {
		const struct seam_const *c = &x->t->consts[s->first + i];

		if (c->mask || !c->value || (flags & c->value) != c->value)
			continue;
		seam_out_printf(x->out, "%s%s", between, seam_string(x->t, c->name));
		flags &= ~c->value;
		between = "|";
	}
	if (flags)
		seam_out_printf(x->out, "%s%#llx", between, (ull)flags);
}

/* The entry, with zeros where the trace has no more. */
static bool entry_of(const struct seam_event *e, struct io_uring_sqe *ret)
{
	memset(ret, 0, sizeof(*ret));
	memcpy(ret, e->submit.entry, MIN((size_t)e->submit.entry_size, sizeof(*ret)));
	return e->submit.entry_size != 0;
}

static void put_path(struct seam_text *x, const struct seam_event *e, uint64_t address)
{
	for (uint32_t i = 0; i < e->blob_count; i++) {
		const struct seam_blob *b = &e->blobs[i];

		if (b->address != address || !b->size)
			continue;
		seam_text_bytes(x, b->bytes, b->size - (b->status == SEAM_BLOB_WHOLE && !b->bytes[b->size - 1]),
				b->status != SEAM_BLOB_WHOLE);
		return;
	}
	seam_out_printf(x->out, "%#llx", (ull)address);
}

static void submit_text(struct seam_text *x, const struct seam_event *e)
{
	struct io_uring_sqe q;
	bool known = entry_of(e, &q);

	seam_out_puts(x->out, ">>> ");
	put_opcode(x, e->submit.opcode);
	seam_out_puts(x->out, " {");
	if (known) {
		if (q.fd == AT_FDCWD)
			seam_out_puts(x->out, "fd=AT_FDCWD");
		else
			seam_out_printf(x->out, "fd=%d", q.fd);
		if (q.addr) {
			seam_out_puts(x->out, ", addr=");
			put_path(x, e, q.addr);
		}
		if (q.len)
			seam_out_printf(x->out, ", len=%u", q.len);
		if (q.off)
			seam_out_printf(x->out, ", off=%#llx", (ull)q.off);
		if (q.rw_flags)
			seam_out_printf(x->out, ", op_flags=%#x", (unsigned)q.rw_flags);
		if (q.buf_index)
			seam_out_printf(x->out, ", buf_index=%u", q.buf_index);
		if (q.file_index)
			seam_out_printf(x->out, ", file_index=%u", q.file_index);
		seam_out_puts(x->out, ", ");
	}
	seam_out_printf(x->out, "user_data=%#llx", (ull)e->submit.user_data);
	if (e->submit.flags & 0xff) {
		seam_out_puts(x->out, ", flags=");
		put_flags(x, "uring_sqe", e->submit.flags & 0xff);
	}
	seam_out_puts(x->out, "}");
	if (e->submit.polled)
		seam_out_puts(x->out, " /* found by the kernel's thread */");
}

static void complete_text(struct seam_text *x, const struct seam_event *e)
{
	int result = e->complete.result;

	seam_out_puts(x->out, "<<< ");
	if (e->complete.opcode == 255)
		seam_out_puts(x->out, "IORING_OP_???");
	else
		put_opcode(x, e->complete.opcode);
	seam_out_printf(x->out, " {user_data=%#llx", (ull)e->complete.user_data);
	if (e->complete.flags)
		seam_out_printf(x->out, ", flags=%#x", e->complete.flags);
	if (e->complete.worker != e->tid)
		seam_out_printf(x->out, ", by=%u", e->complete.worker);
	seam_out_printf(x->out, "} = %d", result);
	if (result < 0 && strerrorname_np(-result))
		seam_out_printf(x->out, " %s (%s)", strerrorname_np(-result), strerrordesc_np(-result));
}

static void put_id(struct seam_out *out, const struct seam_event *e)
{
	for (uint32_t i = 0; i < e->file.id_size; i++)
		seam_out_printf(out, "%02x", e->file.id[i]);
}

static const char *how_text(uint32_t how)
{
	static const char *const texts[] = { "maps", "is made of", "is loaded by", "has mapped" };

	return how < ARRAY_SIZE(texts) ? texts[how] : "has";
}

static const char *name_text(const struct seam_strings *name)
{
	return name->size > 1 && !name->bytes[name->size - 1] ? name->bytes : "a file";
}

void beside_text(struct seam_text *x, const struct seam_event *e)
{
	switch (e->kind) {
	case SEAM_EVENT_SUBMIT:
		submit_text(x, e);
		break;
	case SEAM_EVENT_COMPLETE:
		complete_text(x, e);
		break;
	case SEAM_EVENT_TRAP:
		seam_out_printf(x->out, "--- page fault at %#llx, ip %#llx, code %#llx ---", (ull)e->trap.address,
				(ull)e->trap.ip, (ull)e->trap.code);
		break;
	case SEAM_EVENT_IMAGE:
		seam_out_printf(x->out, "*** %s %s at %#llx ***", how_text(e->image.how), name_text(&e->image.name),
				(ull)e->image.address);
		break;
	default:
		seam_out_printf(x->out, "*** %s is the file %u:%u %llu, ", name_text(&e->file.name), e->file.major,
				e->file.minor, (ull)e->file.inode);
		if (e->file.id_size) {
			seam_out_puts(x->out, "build id ");
			put_id(x->out, e);
		} else {
			seam_out_puts(x->out, "without a build id");
		}
		seam_out_puts(x->out, " ***");
	}
}

static void number(struct seam_text *x, const char *key, uint64_t n)
{
	seam_out_printf(x->out, ",\"%s\":%llu", key, (ull)n);
}

static void address(struct seam_text *x, const char *key, uint64_t n)
{
	seam_out_printf(x->out, ",\"%s\":\"%#llx\"", key, (ull)n);
}

static void name_json(struct seam_text *x, const struct seam_strings *name)
{
	struct seam_json j;

	seam_out_puts(x->out, ",\"name\":");
	seam_json_init(&j, x->out, false);
	seam_json_string(&j, name->size && !name->bytes[name->size - 1] ? name->bytes : NULL);
}

static void submit_json(struct seam_text *x, const struct seam_event *e)
{
	struct io_uring_sqe q;

	seam_out_puts(x->out, ",\"op\":\"");
	put_opcode(x, e->submit.opcode);
	seam_out_puts(x->out, "\"");
	address(x, "request", e->submit.request);
	address(x, "ring", e->submit.ring);
	number(x, "user_data", e->submit.user_data);
	seam_out_puts(x->out, ",\"flags\":\"");
	put_flags(x, "uring_sqe", e->submit.flags & 0xff);
	seam_out_puts(x->out, "\"");
	seam_out_printf(x->out, ",\"polled\":%s", e->submit.polled ? "true" : "false");
	if (!entry_of(e, &q))
		return;
	seam_out_printf(x->out, ",\"fd\":%d", q.fd);
	number(x, "off", q.off);
	address(x, "addr", q.addr);
	number(x, "len", q.len);
	number(x, "op_flags", (uint32_t)q.rw_flags);
	number(x, "buf_index", q.buf_index);
	number(x, "file_index", q.file_index);
}

static void complete_json(struct seam_text *x, const struct seam_event *e)
{
	if (e->complete.opcode != 255) {
		seam_out_puts(x->out, ",\"op\":\"");
		put_opcode(x, e->complete.opcode);
		seam_out_puts(x->out, "\"");
	}
	address(x, "request", e->complete.request);
	address(x, "ring", e->complete.ring);
	number(x, "user_data", e->complete.user_data);
	seam_out_printf(x->out, ",\"ret\":%d", e->complete.result);
	if (e->complete.result < 0 && strerrorname_np(-e->complete.result))
		seam_out_printf(x->out, ",\"error\":\"%s\"", strerrorname_np(-e->complete.result));
	number(x, "flags", e->complete.flags);
	number(x, "by", e->complete.worker);
}

void beside_json(struct seam_text *x, const struct seam_event *e)
{
	static const char *const how[] = { "mapped", "program", "loader", "found" };

	switch (e->kind) {
	case SEAM_EVENT_SUBMIT:
		submit_json(x, e);
		break;
	case SEAM_EVENT_COMPLETE:
		complete_json(x, e);
		break;
	case SEAM_EVENT_TRAP:
		seam_out_puts(x->out, ",\"trap\":\"page fault\"");
		address(x, "address", e->trap.address);
		address(x, "ip", e->trap.ip);
		number(x, "code", e->trap.code);
		break;
	case SEAM_EVENT_IMAGE:
		seam_out_printf(x->out, ",\"how\":\"%s\"", e->image.how < ARRAY_SIZE(how) ? how[e->image.how] : "?");
		address(x, "address", e->image.address);
		number(x, "bytes", e->image.bytes);
		number(x, "offset", e->image.offset);
		seam_out_printf(x->out, ",\"device\":\"%u:%u\"", e->image.major, e->image.minor);
		number(x, "inode", e->image.inode);
		seam_out_printf(x->out, ",\"changed\":%lld", (long long)e->image.changed);
		number(x, "protection", e->image.protection);
		name_json(x, &e->image.name);
		break;
	default:
		seam_out_printf(x->out, ",\"device\":\"%u:%u\"", e->file.major, e->file.minor);
		number(x, "inode", e->file.inode);
		seam_out_printf(x->out, ",\"changed\":%lld", (long long)e->file.changed);
		number(x, "size", e->file.size);
		seam_out_puts(x->out, ",\"build_id\":\"");
		put_id(x->out, e);
		seam_out_puts(x->out, "\"");
		name_json(x, &e->file.name);
	}
}

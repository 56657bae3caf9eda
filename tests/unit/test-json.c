/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of seam/json.h. */
#include <stdint.h>

#include "seam/json.h"
#include "tap.h"

static struct seam_out out;

static const char *bytes(const char *s, size_t n, bool *ret_exact)
{
	struct seam_json j;

	seam_out_release(&out);
	seam_out_init_mem(&out);
	seam_json_init(&j, &out, false);
	*ret_exact = seam_json_bytes(&j, s, n);
	return out.data;
}

int main(void)
{
	struct seam_json j;
	bool exact;

	seam_out_init_mem(&out);
	seam_json_init(&j, &out, false);
	seam_json_begin_object(&j);
	seam_json_member_string(&j, "name", "openat");
	seam_json_member_u64(&j, "number", UINT64_MAX);
	seam_json_member_i64(&j, "least", INT64_MIN);
	seam_json_key(&j, "args");
	seam_json_begin_array(&j);
	seam_json_begin_object(&j);
	seam_json_end_object(&j);
	seam_json_begin_array(&j);
	seam_json_end_array(&j);
	seam_json_null(&j);
	seam_json_string(&j, NULL);
	seam_json_end_array(&j);
	seam_json_member_bool(&j, "yes", true);
	seam_json_member_bool(&j, "no", false);
	seam_json_end_object(&j);
	STREQ(out.data, "{\"name\": \"openat\", \"number\": 18446744073709551615, \"least\": -9223372036854775808, "
			"\"args\": [{}, [], null, null], \"yes\": true, \"no\": false}");
	seam_out_release(&out);

	seam_out_init_mem(&out);
	seam_json_init(&j, &out, true);
	seam_json_begin_array(&j);
	seam_json_u64(&j, 1);
	seam_json_begin_object(&j);
	seam_json_member_u64(&j, "a", 2);
	seam_json_member_u64(&j, "b", 3);
	seam_json_end_object(&j);
	seam_json_end_array(&j);
	STREQ(out.data, "[\n  1,\n  {\n    \"a\": 2,\n    \"b\": 3\n  }\n]");

	STREQ(bytes("q\"b\\n\nt\t\x01\x7f", 10, &exact), "\"q\\\"b\\\\n\\nt\\t\\u0001\\u007f\"");
	OK(exact);
	STREQ(bytes("a\0b", 3, &exact), "\"a\\u0000b\"");
	OK(exact);
	STREQ(bytes("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 9, &exact), "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"");
	OK(exact);
	STREQ(bytes("\xff", 1, &exact), "\"\xef\xbf\xbd\"");
	OK(!exact);
	/* Cut in the middle; overlong; a surrogate; beyond the last code point; a lone continuation. */
	STREQ(bytes("\xe2\x82", 2, &exact), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	bytes("\xc0\x80", 2, &exact);
	OK(!exact);
	bytes("\xe0\x80\x80", 3, &exact);
	OK(!exact);
	bytes("\xed\xa0\x80", 3, &exact);
	OK(!exact);
	bytes("\xf4\x90\x80\x80", 4, &exact);
	OK(!exact);
	bytes("\xf0\x80\x80\x80", 4, &exact);
	OK(!exact);
	bytes("\x80", 1, &exact);
	OK(!exact);
	bytes("\xf4\x8f\xbf\xbf", 4, &exact);
	OK(exact);
	bytes("\xed\x9f\xbf", 3, &exact);
	OK(exact);
	seam_out_release(&out);
	return tap_done();
}

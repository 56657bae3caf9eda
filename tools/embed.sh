#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Makes a C file that has the bytes of a file: embed.sh FILE NAME OUTPUT defines NAME[] and NAME_bytes.
set -eu
{
	echo "/* Made by tools/embed.sh. */"
	echo "#include <stddef.h>"
	echo "extern const unsigned char $2[];"
	echo "extern const size_t $2_bytes;"
	echo "const unsigned char $2[] __attribute__((aligned(16))) = {"
	od -An -v -tx1 "$1" | sed 's/ \(..\)/0x\1,/g'
	echo "};"
	echo "const size_t $2_bytes = sizeof($2);"
} >"$3"

#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Makes a C file that has the bytes of files, compressed together: embed.sh OUTPUT NAME FILE... defines NAME, an array of `struct embedded`
# (lib/bpf/embedded.h) in the order of the files.
set -eu
output=$1
name=$2
shift 2
trap 'rm -f "$output.zst"' EXIT
# objects that are much the same cost little more than one
cat "$@" | zstd -q -19 -f -o "$output.zst"
{
	echo "/* Made by tools/embed.sh. */"
	echo "#include \"bpf/embedded.h\""
	echo "static const unsigned char bytes[] = {"
	od -An -v -tx1 "$output.zst" | sed 's/ \(..\)/0x\1,/g'
	echo "};"
	all=$(cat "$@" | wc -c)
	start=0
	echo "const struct embedded ${name}[] = {"
	for file; do
		size=$(wc -c <"$file")
		echo "	{ bytes, sizeof(bytes), $all, $start, $size },"
		start=$((start + size))
	done
	echo "};"
} >"$output"

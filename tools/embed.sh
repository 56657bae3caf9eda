#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Makes a C file that has the bytes of files, compressed: embed.sh OUTPUT NAME BASES FILE... defines NAME, an array of `struct embedded`
# (lib/bpf/embedded.h) in the order of the files. BASES has a word for each of them: the number (from 0) of the one that it is much the same as, of
# which only the differences are kept then; or "-".
set -eu
output=$1
name=$2
bases=$3
shift 3
trap 'rm -f "$output.zst" "$output.said"' EXIT
rows=
index=0
{
	echo "/* Made by tools/embed.sh. */"
	echo "#include \"bpf/embedded.h\""
	for file; do
		base=$(echo "$bases" | awk -v n=$((index + 1)) '{ print $n }')
		if [ "$base" = - ]; then
			zstd -q -19 -f -o "$output.zst" "$file"
			base=NULL
		else
			like=
			eval "like=\${$((base + 1))}"
			# it has advice for who wants more
			zstd -q -19 -f --patch-from="$like" -o "$output.zst" "$file" 2>"$output.said" || { cat "$output.said" >&2; exit 1; }
			base="&${name}[$base]"
		fi
		echo "static const unsigned char bytes_${index}[] = {"
		od -An -v -tx1 "$output.zst" | sed 's/ \(..\)/0x\1,/g'
		echo "};"
		rows="$rows	{ bytes_$index, sizeof(bytes_$index), $(($(wc -c <"$file"))), $base },
"
		index=$((index + 1))
	done
	echo "const struct embedded ${name}[] = {"
	printf '%s};\n' "$rows"
} >"$output"

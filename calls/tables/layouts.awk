# SPDX-License-Identifier: BSD-2-Clause
# Chooses layouts and puts those of several architectures together.
# mode=closure: NEEDS, then lines of btf.awk: the wanted structures and those that are members of them.
# mode=merge: such lines with an architecture before each: the text of the table.

mode == "closure" && NR == FNR {
	if ($1 == "struct" || $1 == "union")
		want[++wanted] = $2
	next
}
mode == "closure" && $1 == "alias" {
	if (!($2 in alias))
		alias[$2] = $3
	next
}
mode == "closure" {
	n = index($0, "|")
	if (n == 0) # declared, not defined, or empty
		next
	if (!($2 in def))
		def[$2] = $0
	else if (def[$2] != $0 && !($2 in twice))
		twice[$2] = $0
	next
}
mode == "merge" {
	arch = $1
	sub(/^[^ ]+ /, "")
	key = $2
	size_at = index($0, "size=")
	kindof = $1
	body = substr($0, size_at)
	k = kindof " " key
	if (!(k in seen)) {
		seen[k] = 1
		order[++ordered] = k
	}
	layout[k, arch] = body
	next
}
function need(nm,	parts, i, n, w, t) {
	if (nm in done)
		return
	done[nm] = 1
	t = ""
	if (nm in def)
		t = def[nm]
	else if (nm in alias && alias[nm] in def) {
		t = def[alias[nm]]
		split(t, w, " ")
		sub(/^[a-z]+ [^ ]+/, w[1] " " nm, t)
	}
	if (t == "") {
		if (missing)
			print nm >>missing
		return
	}
	if (nm in twice)
		print "extract: structure " nm " is defined twice" > "/dev/stderr"
	print t
	n = split(t, parts, "|")
	for (i = 2; i <= n; i++) {
		split(parts[i], w, " ")
		if (w[3] ~ /^(struct|union):/) {
			sub(/^[a-z]+:/, "", w[3])
			need(w[3])
		}
	}
}
END {
	if (mode == "closure") {
		for (j = 1; j <= wanted; j++)
			need(want[j])
		exit
	}
	sorter = "LC_ALL=C sort | tr '|' '\\n' | sed '/^[^ ]* [^ ]* .*size=/!s/^/\t/'"
	na = split("x86_64 arm64 riscv64", archs, " ")
	for (j = 1; j <= ordered; j++) {
		k = order[j]
		for (a = 1; a <= na; a++)
			used[a] = !((k, archs[a]) in layout)
		for (a = 1; a <= na; a++) {
			if (used[a])
				continue
			list = ""
			all = 1
			for (b = 1; b <= na; b++)
				if (!used[b] && layout[k, archs[b]] == layout[k, archs[a]]) {
					list = list " " archs[b]
					if (b != a)
						used[b] = 1
				} else
					all = 0
			print k (all ? "" : list) " " layout[k, archs[a]] | sorter
		}
	}
	close(sorter)
}

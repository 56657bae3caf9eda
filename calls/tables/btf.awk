# SPDX-License-Identifier: BSD-2-Clause
# Turns what `bpftool btf dump file X` prints into layouts, each structure on one line: its head and members between "|".
#	struct NAME size=N|MEMBER OFFSET TYPE [COUNT] [u]|...	or	alias TYPEDEF NAME

function resolve(id) { # through typedefs and qualifiers; leaves the outermost typedef's name in `through`
	through = ""
	while (kind[id] ~ /^(TYPEDEF|CONST|VOLATILE|RESTRICT|TYPE_TAG)$/) {
		if (kind[id] == "TYPEDEF" && (through == "" || !(target[id] in kind)))
			through = name[id]
		# Of several typedefs of something nameless the innermost names it.
		if (kind[id] == "TYPEDEF" && name[target[id]] == "(anon)")
			through = name[id]
		if (name[id] == "sigset_t" && kind[id] == "TYPEDEF") {
			sigset = 1
			return 0
		}
		id = target[id]
	}
	return id
}

function number_type(id,	s) {
	if (name[id] == "char")
		return "char"
	s = encoding[id] ~ /^SIGNED/ || name[id] ~ /^(signed char|(long )*(long|int|short)( int)*)$/ && encoding[id] !~ /none/ ? "i" : "u"
	if (kind[id] == "FLOAT" || name[id] ~ /^(_Bool|bool)$/)
		s = "u"
	return s size[id] * 8
}

function add(s) { text = text "|" s }

# The members of type ID, which starts at bit `base` of the structure named `outer`.
function members(id, prefix, base, inunion, outer,		i, m, t, off, bits, count, nm, s, ty, unit, tname, save) {
	if (kind[id] == "UNION")
		inunion = 1
	for (i = 1; i <= vlen[id]; i++) {
		m = id SUBSEP i
		off = base + mbits[m]
		nm = mname[m]
		sigset = 0
		t = resolve(mtype[m])
		tname = through
		count = ""
		while (!sigset && kind[t] == "ARRAY") {
			count = (count == "" ? 1 : count) * nelems[t]
			t = resolve(target[t])
			tname = through
		}
		if (sigset) {
			s = prefix nm " " off / 8 " u64"
		} else if (kind[t] ~ /^(STRUCT|UNION)$/) {
			if (name[t] == "(anon)" && tname == "" && count == "") {
				members(t, nm == "(anon)" ? prefix : prefix nm ".", off, inunion, outer)
				continue
			}
			ty = name[t] != "(anon)" ? name[t] : tname != "" ? tname : outer "." nm
			if (name[t] == "(anon)" && tname == "")
				queue[++queued] = t SUBSEP ty
			s = prefix nm " " off / 8 " " tolower(kind[t]) ":" ty
		} else if (kind[t] == "PTR") {
			s = prefix nm " " off / 8 " ptr"
		} else if (kind[t] ~ /^ENUM/) {
			ty = (esigned[t] ? "i" : "u") size[t] * 8
			s = prefix nm " " off / 8 " " ty
		} else if (kind[t] ~ /^(INT|FLOAT)$/) {
			if (size[t] + 0 > 8) {
				count = (count == "" ? 1 : count) * size[t] / 8
				ty = "u64"
			} else
				ty = number_type(t)
			if (mfield[m]) {
				unit = size[t] * 8
				s = prefix nm " " (off - off % unit) / 8 " " ty ":" off % unit ":" mfield[m]
			} else
				s = prefix nm " " off / 8 " " ty
		} else if (kind[t] == "FWD") {
			s = prefix nm " " off / 8 " u8"
			count = 0
		} else
			s = prefix nm " " off / 8 " ?" kind[t]
		if (count != "")
			s = s (count == 0 ? " []" : " [" count "]")
		add(s (inunion ? " u" : ""))
	}
}

function emit(id, as) {
	text = tolower(kind[id]) " " as " size=" size[id]
	members(id, "", 0, 0, as)
	print text
	while (queued) {
		split(queue[queued--], q, SUBSEP)
		emit(q[1], q[2])
	}
}

/^\[/ {
	id = substr($1, 2) + 0
	kind[id] = $2
	line = $0
	sub(/^[^\047]*\047/, "", line)
	q1 = index(line, "\047")
	name[id] = substr(line, 1, q1 - 1)
	n = split(substr(line, q1 + 2), f, " ")
	members_of = $2 ~ /^(STRUCT|UNION)$/ ? id : 0
	enum_of = $2 ~ /^ENUM/ ? id : 0
	vlen[id] = 0
	for (i = 1; i <= n; i++) {
		eq = index(f[i], "=")
		key = substr(f[i], 1, eq - 1)
		val = substr(f[i], eq + 1)
		if (key == "size")
			size[id] = val
		else if (key == "type_id")
			target[id] = val
		else if (key == "nr_elems")
			nelems[id] = val
		else if (key == "encoding")
			encoding[id] = val
	}
	if (id > last)
		last = id
	next
}
members_of && /^\t\047/ {
	i = ++vlen[members_of]
	m = members_of SUBSEP i
	mname[m] = substr($1, 2, length($1) - 2)
	for (i = 2; i <= NF; i++) {
		eq = index($i, "=")
		key = substr($i, 1, eq - 1)
		val = substr($i, eq + 1)
		if (key == "type_id")
			mtype[m] = val
		else if (key == "bits_offset")
			mbits[m] = val
		else if (key == "bitfield_size")
			mfield[m] = val
	}
	next
}
enum_of && /val=(-|4294967295|42949672[0-8])/ { esigned[enum_of] = 1 }
END {
	for (id = 1; id <= last; id++)
		if (kind[id] ~ /^(STRUCT|UNION)$/ && name[id] != "(anon)")
			emit(id, name[id])
		else if (kind[id] == "TYPEDEF") {
			t = resolve(target[id])
			if (through == "" && kind[t] ~ /^(STRUCT|UNION)$/) {
				if (name[t] == "(anon)")
					emit(t, name[id])
				else if (name[t] != name[id])
					print "alias " name[id] " " name[t]
			}
		}
}

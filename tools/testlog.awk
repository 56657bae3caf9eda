# SPDX-License-Identifier: BSD-2-Clause
# Turns meson's testlog.json, one object a line, into lines "pass|fail|skip STAGE/TEST: WHAT [# REASON]". -v stage=NAME

# The string value of a key of the object on this line, still escaped.
function value(key,    start, rest, i, c)
{
	start = index($0, "\"" key "\": \"")
	if (!start)
		return ""
	rest = substr($0, start + length(key) + 5)
	i = index(rest, "\"")
	return substr(rest, 1, i - 1)
}

{
	# Escaped characters first, so that a quote ends a string.
	gsub(/\\\\/, "\001")
	gsub(/\\"/, "\002")
	test = value("name")
	result = value("result")
	n = split(value("stdout"), lines, /\\n/)
	points = bad = 0
	why = ""
	for (i = 1; i <= n; i++) {
		line = lines[i]
		gsub(/\002/, "\"", line)
		gsub(/\001/, "\\", line)
		gsub(/\\t/, " ", line)
		if (line ~ /^not ok/) {
			points++
			if (line ~ /# TODO/) {
				sub(/^not ok [0-9]* *-? */, "", line)
				print "skip " stage "/" test ": " line
				continue
			}
			bad++
			sub(/^not ok [0-9]* *-? */, "", line)
			# The lines that say why come next.
			for (j = i + 1; j <= n && j <= i + 8 && lines[j] ~ /^#/; j++) {
				more = lines[j]
				gsub(/\\t/, "\t", more)
				gsub(/\002/, "\"", more)
				gsub(/\001/, "\\", more)
				line = line "\n    " more
			}
			fails = fails "fail " stage "/" test ": " line "\n"
		} else if (line ~ /^ok/) {
			points++
			skip = line ~ /# [Ss][Kk][Ii][Pp]/
			sub(/^ok [0-9]* *-? */, "", line)
			sub(/# [Ss][Kk][Ii][Pp] */, "# ", line)
			print (skip ? "skip " : "pass ") stage "/" test ": " line
		} else if (line ~ /^1\.\.0/) {
			sub(/^1\.\.0 *#? *([Ss][Kk][Ii][Pp])? */, "", line)
			print "skip " stage "/" test ": all # " (line == "" ? "no reason given" : line)
			points++
		} else if (line ~ /^Bail out!/) {
			why = why " " line
		}
	}
	printf "%s", fails
	fails = ""
	if (result ~ /FAIL|ERROR|TIMEOUT|INTERRUPT|UNEXPECTEDPASS/ && !bad) {
		tail = value("stderr")
		gsub(/\\n/, "\n    ", tail)
		gsub(/\002/, "\"", tail)
		gsub(/\001/, "\\", tail)
		sub(/\n *$/, "", tail)
		print "fail " stage "/" test ": the program ended as " result why " after " points " results\n    " substr(tail, 1, 3000)
	} else if (!points && result == "SKIP") {
		print "skip " stage "/" test ": all # no reason given"
	} else if (!points) {
		print "fail " stage "/" test ": it said nothing"
	}
}

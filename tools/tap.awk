# SPDX-License-Identifier: BSD-2-Clause
# Turns what a script said in TAP into lines "pass|fail|skip STAGE: WHAT [# REASON]", as testlog.awk does for meson's. -v stage=NAME
/^not ok/ {
	sub(/^not ok [0-9]* *-? */, "")
	print "fail " stage ": " $0
	failing = 1
	points++
	next
}

/^ok/ {
	failing = 0
	points++
	skip = / # SKIP /
	sub(/^ok [0-9]* *-? */, "")
	sub(/# SKIP */, "# ")
	print (skip ? "skip " : "pass ") stage ": " $0
	next
}

/^1\.\.0/ {
	points++
	sub(/^1\.\.0 *#? *(SKIP)? */, "")
	print "skip " stage ": all # " ($0 == "" ? "no reason given" : $0)
}

/^#/ && failing {
	print "    " $0
}

END {
	if (!points)
		print "fail " stage ": it said nothing"
}

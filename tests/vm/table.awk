# SPDX-License-Identifier: BSD-2-Clause
# The table of machines and tests from lines of results: how many passed, with failures and skips where there are any.
function cell(machine, test,    text)
{
	if (!((machine, test) in seen))
		return "-"
	text = passed[machine, test] + 0
	if (failed[machine, test])
		text = text " (" failed[machine, test] " failed)"
	if (skipped[machine, test])
		text = text " (" skipped[machine, test] " skipped)"
	return text
}

/^(pass|fail|skip) vm\// {
	split($2, part, "/")
	machine = part[2]
	test = $0
	sub(/^[a-z]* vm\/[^\/]*\//, "", test)
	if (test ~ /^seam:/)
		sub(/^seam:[^ ]* \/ /, "", test)
	sub(/:.*/, "", test)
	if (!(machine in have)) {
		have[machine] = 1
		machines[++m] = machine
	}
	if (!(test in known)) {
		known[test] = 1
		tests[++t] = test
	}
	seen[machine, test] = 1
	if ($1 == "pass")
		passed[machine, test]++
	else if ($1 == "fail")
		failed[machine, test]++
	else
		skipped[machine, test]++
}

END {
	printf "%-24s", "test"
	for (i = 1; i <= m; i++)
		printf " | %-16s", machines[i]
	printf "\n"
	for (k = 1; k <= t; k++) {
		printf "%-24s", tests[k]
		for (i = 1; i <= m; i++)
			printf " | %-16s", cell(machines[i], tests[k])
		printf "\n"
	}
}

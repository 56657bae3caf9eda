# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Functions of live tests that are scripts: they count, compare, and speak TAP. Sourced by them.
count=0
bad=0

# is NAME GOT WANTED
is()
{
	count=$((count + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $count - $1"
	else
		bad=1
		echo "not ok $count - $1"
		printf 'got      %s\nexpected %s\n' "$2" "$3" | sed 's/^/# /'
	fi
}

# fits NAME TEXT PATTERN
fits()
{
	# shellcheck disable=SC2254 # a pattern
	case $2 in
	$3) is "$1" fits fits ;;
	*) is "$1" "$2" "$3" ;;
	esac
}

# skip NAME WHY
skip()
{
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

done_testing()
{
	echo "1..$count"
	exit $bad
}

# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Scripts tell in TAP what they found; sourced. $count tests so far, and whether one was $bad.
# shellcheck disable=SC2034 # those who read this use it
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
		printf 'got      %s\nexpected %s\n' "$2" "$3" | cut -c 1-2000 | sed 's/^/# /'
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

# more NAME NUMBER LEAST
more()
{
	if [ "$2" -ge "$3" ]; then
		is "$1" enough enough
	else
		is "$1" "$2" "at least $3"
	fi
}

# skip NAME WHY
skip()
{
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# What the scripts of this folder have in common; they read it first. Results are TAP; $tmp is a folder of their own.
# shellcheck disable=SC2034 # for those who read this
tmp=$(mktemp -d) || exit 1
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

skip()
{
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# skip_all WHY
skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}

finish()
{
	echo "1..$count"
	exit $bad
}

# grown FILE BYTES: waits until it has so many, but not for ever
grown()
{
	tries=400
	while [ $tries -gt 0 ] && [ "$(stat -c %s "$1" 2>/dev/null || echo 0)" -lt "$2" ]; do
		sleep 0.05
		tries=$((tries - 1))
	done
}

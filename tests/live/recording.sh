# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# What tests of a recorder share: sourced with SEAM and PAYLOAD as $1 and $2. $tmp is a folder that goes at the end.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
seam=$(readlink -f "$1")
# shellcheck disable=SC2034 # they use it
payload=$(readlink -f "$2")
tmp=$(mktemp -d) || exit 1
trap 'umount "$tmp/small" 2>/dev/null; rm -rf "$tmp"' EXIT

# Ends all where nothing can be recorded.
need_recorder()
{
	"$seam" record -q -o "$tmp/try" true 2>"$tmp/why"
	if [ $? = 125 ]; then
		echo "1..0 # SKIP $(head -n 1 "$tmp/why")"
		exit 0
	fi
	rm -f "$tmp/try"
}

# until_true COMMAND...: waits for it, but not for ever
until_true()
{
	tries=400
	while [ $tries -gt 0 ]; do
		if "$@" 2>/dev/null; then
			return 0
		fi
		sleep 0.05
		tries=$((tries - 1))
	done
	return 1
}

# bigger FILE BYTES
bigger()
{
	[ "$(stat -c %s "$1" 2>/dev/null || echo 0)" -ge "$2" ]
}

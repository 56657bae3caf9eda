# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# What the scripts of this folder share; sourced, with the program as $1 and, of most, what it runs as $2. They find $seam, $payload,
# $tmp (a folder that goes at the end), $t (a trace in it), $scale, and tell in TAP. What hangs is told and ended: the runner would only kill it.
# shellcheck disable=SC2034,SC2317 # those who read this use it
if [ -z "${SEAM_TEST_INSIDE-}" ]; then
	SEAM_TEST_INSIDE=1 setsid "$0" "$@" &
	session=$!
	trap 'kill -TERM -- -$session' INT TERM
	if ! timeout "${SEAM_TEST_SECONDS:-400}" tail -s 0.1 -f --pid=$session /dev/null; then
		echo "not ok 9999 - it hangs; its processes, their states and where they wait:"
		for process in /proc/[0-9]*; do
			# shellcheck disable=SC2046 # words
			set -- $(sed 's/.*) //' "$process/stat" 2>/dev/null) 0 0 0 0
			if [ "$4" = "$session" ]; then
				echo "# $1 $(cat "$process"/task/*/wchan | tr '\n' ' ') $(tr '\0' ' ' <"$process/cmdline" | cut -c 1-200)"
				doomed="${doomed-} ${process#/proc/}"
			fi
		done
		# shellcheck disable=SC2086 # words
		kill -KILL ${doomed-}
		exit 1
	fi
	wait $session
	exit
fi

[ -n "${1-}" ] || { echo "$0: which program is to be tried?" >&2; exit 2; }
seam=$(readlink -f "$1")
payload=$(readlink -f "${2-$1}")
tmp=$(mktemp -d) || exit 1
chmod 755 "$tmp"
# With another engine it is the same program that records, with one option more.
engine=${SEAM_TEST_ENGINE:-bpf}
if [ "$engine" != bpf ]; then
	{
		echo "#!/bin/sh"
		echo "if [ \"\$1\" = record ]; then shift; exec '$seam' record --engine $engine \"\$@\"; fi"
		echo "exec '$seam' \"\$@\""
	} >"$tmp/seam"
	chmod 755 "$tmp/seam"
	seam=$tmp/seam
fi
t=$tmp/t.seam
# Where all takes longer, as under emulation, the numbers that shall be large are so much smaller.
scale=${SEAM_TEST_SCALE:-1}
# shellcheck source-path=SCRIPTDIR source=../tap.sh
. "$(dirname "$0")/../tap.sh"

# Scripts with more to undo have a function `undo`.
at_end()
{
	! command -v undo >/dev/null || undo
	umount "$tmp/small" 2>/dev/null
	rm -rf "$tmp"
}
trap at_end EXIT

# skip_all WHY
skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}

# The last of a script.
finish()
{
	echo "1..$count"
	exit $bad
}

# Ends all where nothing can be recorded.
need_recorder()
{
	"$seam" record -q --engine "$engine" -o "$tmp/try" true 2>"$tmp/why" || skip_all "$(head -n 1 "$tmp/why")"
	rm -f "$tmp/try"
}

# hup_is_ignored: as nohup has it, for us and all that we start, where nobody can change it
hup_is_ignored()
{
	[ $((0x$(sed -n 's/^SigIgn:[^0-9a-f]*//p' /proc/self/status) & 1)) = 1 ]
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

# bigger FILE BYTES: whether it has so many
bigger()
{
	[ "$(stat -c %s "$1" 2>/dev/null || echo 0)" -ge "$2" ]
}

# grown FILE BYTES: waits until it has so many
grown()
{
	until_true bigger "$1" "$2"
}

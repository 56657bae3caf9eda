# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# How the workloads of bench/record-* are run, in turns with and without recording and under other tracers, and told as ratios.
# Sourced with the build folder in $build. ROUNDS in the environment: of each that counts, 5 if nothing is said; PEERS: of the others, 1.
# shellcheck disable=SC2034,SC2154 # used by those who source this, set by them
cpu=$build/bench/bench-cpu
rounds=${ROUNDS:-5}
peer_rounds=${PEERS:-1}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# have PROGRAM PACKAGE: whether it is there; else a line says how to get it.
have()
{
	command -v "$1" >/dev/null && return 0
	printf '%-24s not measured: there is no %s (apt-get install %s)\n' "${3:-}" "$1" "$2"
	return 1
}

# The tracers that are here, in the order of the columns.
peers=
for peer in strace perf bpftrace; do
	! command -v $peer >/dev/null || peers="$peers $peer"
done

# traced TRACER COMMAND...: runs it under one of: native seam strace perf bpftrace
traced()
{
	tracer=$1
	shift
	# shellcheck disable=SC2086 # words
	case $tracer in
	native) "$@" ;;
	seam) "$build/cmd/seam" record -q ${SEAM_OPTIONS:-} -o "$tmp/trace" "$@" ;;
	strace) strace -f -o /dev/null "$@" ;;
	perf) perf trace -o /dev/null "$@" ;;
	bpftrace)
		# its -c takes no quotes
		{ printf "exec"; printf " '%s'" "$@"; echo; } >"$tmp/command"
		bpftrace -e 'tracepoint:raw_syscalls:sys_exit { @ = count(); }' -c "/bin/sh $tmp/command"
		;;
	esac
}

# median FILE COLUMN: 1 is wall time, 2 is CPU time, in nanoseconds
median()
{
	cut -d' ' -f"$2" "$1" 2>/dev/null | sort -n | awk '{ v[NR] = $1 } END { print NR ? v[int((NR + 1) / 2)] : 0 }'
}

# header WHAT
header()
{
	printf '%-24s %12s %9s %9s' "$1" "native" "recorded" "(wall)"
	# shellcheck disable=SC2086 # words
	[ -z "$peers" ] || printf ' %9s' $peers
	echo
}

# told NAME [no-wall]: a line of the table, from what is in $tmp/TRACER. A figure that could not be had, or means nothing, is a "-".
told()
{
	native=$(median "$tmp/native" 2)
	{
		echo "$native $(median "$tmp/seam" 2)"
		[ -n "${2:-}" ] && echo 0 || echo "$(median "$tmp/native" 1) $(median "$tmp/seam" 1)"
		for p in $peers; do
			echo "$native $(median "$tmp/$p" 2)"
		done
	} | awk -v name="$1" '
		NR == 1 { printf "%-24s %9.1f ms", name, $1 / 1e6 }
		{ printf " %9s", $1 && $2 ? sprintf("%.2f", $2 / $1) : "-" }
		END { print "" }'
	rm -f "$tmp/native" "$tmp/seam" "$tmp/strace" "$tmp/perf" "$tmp/bpftrace"
}

# measured FUNCTION: calls "FUNCTION TRACER" in turns; it appends to $tmp/TRACER.
measured()
{
	i=0
	while [ "$i" -lt "$rounds" ]; do
		"$1" native
		"$1" seam
		for p in $peers; do
			[ "$i" -ge "$peer_rounds" ] || "$1" "$p"
		done
		i=$((i + 1))
	done
}

# A workload that is one command: workload NAME COMMAND...
workload()
{
	name=$1
	shift
	i=0
	while [ "$i" -lt "$rounds" ]; do
		for t in native seam $peers; do
			case $t in
			native | seam) ;;
			*) [ "$i" -lt "$peer_rounds" ] || continue ;;
			esac
			traced "$t" "$cpu" "$tmp/$t" "$@" >/dev/null 2>&1
		done
		i=$((i + 1))
	done
	told "$name"
}

if ! "$build/cmd/seam" record -q -o "$tmp/trace" true 2>"$tmp/why"; then
	echo "recording cannot be measured here: $(head -n 1 "$tmp/why")"
	exit 0
fi

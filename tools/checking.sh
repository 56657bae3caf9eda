# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# What the stages of ./check share; sourced at the top of the tree. Results are lines "pass|fail|skip STAGE/TEST: WHAT [# REASON]"
# in the file $results, with the lines that say why after a failure.
# shellcheck disable=SC2154 # that is set there
out=build/check

# note pass|fail|skip WHAT
note()
{
	echo "$*" >>"$results"
}

# failures RESULTS: with the lines that say why
failures()
{
	awk '/^(pass|skip) /{on = 0} /^fail /{on = 1; sub(/^fail/, "failed: ")} on' "$1"
}

# compile STAGE [MESON-OPTION]...: builds in $out/STAGE without a warning
compile()
{
	dir=$out/$1
	log=$out/$1.log
	stage=$1
	shift
	# A folder of another tree or with other options is of no use.
	if [ "$(cat "$dir/options" 2>/dev/null)" != "$PWD $*" ]; then
		rm -rf "$dir"
	fi
	if ! { [ -f "$dir/build.ninja" ] || meson setup -Dwerror=true "$@" "$dir"; } >"$log" 2>&1; then
		tail -n 20 "$log"
		note fail "$stage: the build could not be set up, see $log"
		return 1
	fi
	echo "$PWD $*" >"$dir/options"
	if ! ninja -k 0 -C "$dir" >>"$log" 2>&1; then
		grep -E -A 5 '(^|[^w])error:|warning:|^FAILED' "$log" | cut -c 1-300 | head -n 60
		note fail "$stage: the build failed, see $log"
		return 1
	fi
	note pass "$stage: builds without a warning"
}

# static_options ARCHITECTURE: what meson is given for a static build with all that Seam can use; where the libraries cannot be had,
# for one that is as others make it.
static_options()
{
	case $1 in
	"$(uname -m)") kind=--native-file ;;
	*)
		kind=--cross-file
		echo "--cross-file=cross/$1.ini"
		;;
	esac
	if tools/sysroot.sh build/sysroot "$1" >&2; then
		echo "$kind=build/sysroot/$1/meson.ini -Dstatic=true"
	fi
}

# try STAGE FOLDER LOG [MESON-TEST-OPTION]...: runs tests of what was built there
# A test needs its time when the machine is busy: slowness is never a failure. Those that may hang end themselves.
try()
{
	stage=$1
	folder=$2
	log=$3
	shift 3
	log_name=log-$(echo "$stage" | tr / -)
	rm -f "$folder/meson-logs/$log_name"*.json
	meson test -C "$folder" --no-rebuild --timeout-multiplier 5 --logbase "$log_name" "$@" >>"$log" 2>&1
	# with a wrapper meson adds its name
	set -- "$folder/meson-logs/$log_name"*.json
	if [ ! -f "$1" ]; then
		tail -n 20 "$log"
		note fail "$stage: the tests could not be run, see $log"
		return
	fi
	awk -v stage="$stage" -f tools/testlog.awk "$1" >"$results.$log_name"
	cat "$results.$log_name" >>"$results"
	failures "$results.$log_name"
	echo "   $(grep -c '^pass' "$results.$log_name") passed"
	rm "$results.$log_name"
}

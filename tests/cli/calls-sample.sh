# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Every word and every member that a description can have, with the calls of tests/sample: the text and the JSON are
# what people and programs rely on.
sample=$(dirname "$SEAM")/../tests/sample/seam-sample
calls() { echo "== $*"; "$sample" calls --arch x86_64 "$@"; }
calls
calls openat read
calls receive control
calls option:'7' option:L_TWO control:else
calls table old exit
calls --all readv
calls --json control receive
COLUMNS=60
export COLUMNS
calls
calls openat
unset COLUMNS
calls --coverage
echo "== other architectures"
"$sample" calls --arch arm64
"$sample" calls --arch i386
"$sample" calls --arch i386 openat exit
"$sample" calls --arch arm private
"$sample" calls --arch arm --json private

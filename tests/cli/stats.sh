# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Figures of traces that never change, and what makes no sense.
t=$ROOT/tests/golden/x86_64.seam
"$SEAM" stats --by all "$t"
echo "= $?"
"$SEAM" stats --json --lines 3 --sort calls "$t"
"$SEAM" stats -e openat --where 'ret < 0' "$t"
"$SEAM" stats -e io_setup "$ROOT/tests/golden/arm64.seam" | head -n 5
"$SEAM" stats --by nothing "$t"
echo "= $?"
"$SEAM" stats --sort beauty "$t"
echo "= $?"
"$SEAM" stats -n 0 "$t"
"$SEAM" stats -e no_such_call "$t"
"$SEAM" stats -w 'colour == 3' "$t"
"$SEAM" stats no-such-file
echo "= $?"
"$SEAM" stats
echo "= $?"
"$SEAM" record --json true
echo "= $?"
"$SEAM" record --stats --by wait true
"$SEAM" record --stats --interval never true
"$SEAM" record --stats
"$SEAM" record --stats --traps true

# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Help, in every way it can be asked for.
"$SEAM" --help
echo ----
"$SEAM" doctor -h
echo ----
"$SEAM" help doctor >a
"$SEAM" doctor --help >b
cmp a b && echo "the same"
"$SEAM" help >a
"$SEAM" -h >b
cmp a b && echo "the same"

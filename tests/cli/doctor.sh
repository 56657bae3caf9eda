# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Whatever works here, each thing is named and the JSON has the same names.
"$SEAM" doctor | sed -n 's/^[a-z][a-z]* *\([a-z][a-z]*\)  .*/\1/p' | sort >text
"$SEAM" doctor --json | sed -n 's/^ *"name": "\([a-z]*\)",/\1/p' | sort >json
cat text
cmp text json
"$SEAM" doctor -- extra

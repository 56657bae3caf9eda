# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# A call that was added in one place, tests/added/peek_file.call, is in everything that `seam calls` shows.
added=$(dirname "$SEAM")/../tests/added/seam-added
calls() { echo "== $*"; "$added" calls "$@"; }
calls peek_file
calls 480 --arch riscv64 --json
calls --arch arm64 %reads-content | grep peek_file
echo "== the tutorial says the same"
{ sed -n '4,$p' "$ROOT/tests/added/peek_file.call"; "$added" calls peek_file | grep -v '^  described'; } |
	while IFS= read -r line; do
		grep -qxF -- "$line" "$ROOT/doc/calls.md" || echo "doc/calls.md lacks: $line"
	done

# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# A trace that has descriptors of before the recording, as lines and as objects; and numbers that are none.
try()
{
	echo "\$ seam $*"
	"$SEAM" "$@"
	echo "status $?"
}
cp "$ROOT/tests/golden/descriptors.seam" .
try show --tasks descriptors.seam
try show --json descriptors.seam
try show --fd x descriptors.seam
try show --fd -1 descriptors.seam

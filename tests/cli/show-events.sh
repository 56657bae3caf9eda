# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# seam show --events: what golden traces say was done to the world; kinds; command lines that make no sense.
try()
{
	echo "\$ seam $*"
	"$SEAM" "$@"
	echo "status $?"
}
cp "$ROOT/tests/golden/deeds.seam" "$ROOT/tests/golden/x86_64.seam" .
try show --events deeds.seam
try show --events --json deeds.seam
try show --events --start --kinds FileOpened,filerenamed deeds.seam
try show --events -p 102 deeds.seam
try show --events --since 8us --where 'ret < 0' deeds.seam
try show --events x86_64.seam
try show --events --kinds FileOpend deeds.seam
try show --events --kinds '' deeds.seam
try show --kinds FileOpened deeds.seam
try show --events --tree deeds.seam
try show --events --images deeds.seam
try show --events -T deeds.seam
try show --events -s 100 deeds.seam

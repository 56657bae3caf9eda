# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# seam show: a golden trace in its forms; files that are damaged or none; command lines that make no sense.
try()
{
	echo "\$ seam show $*"
	"$SEAM" show "$@"
	echo "status $?"
}
TZ=UTC
export TZ
cp "$ROOT/tests/golden/x86_64.seam" whole
cp "$ROOT/tests/golden/riscv64.seam" other
try whole
try -v -a 0 --start -T -e openat,exit_group whole
try --tasks -p 102 whole
try --tree whole
try --tree --task 102,5 whole
try --tree --json whole
try --json -e exit_group whole
try --since -30 --until 89.999 --start other
# damaged: a byte in the second block, the end, the beginning
# change OFFSET: a byte of `broken` becomes another
change()
{
	printf '\377' | dd of=broken bs=1 seek="$1" conv=notrunc 2>/dev/null
}
cp whole broken
change 800
try broken
head -c 1500 whole >broken
try broken
try --json -e exit_group broken
cp whole broken
change 5
try broken
try --tree broken
# what is no trace
try
try nowhere
try .
echo "some text that is no trace" >text
try text
seq 100 >text
try text
: >empty
try empty
try --follow text
# command lines
try --since soon whole
try --until 25:00 whole
try --task none whole
try --task 1 --task 2,x whole
try --task 5, whole
try -s 0 whole
try -a wide whole
try -t -r whole
try -e nothing whole
try --where 'call =' whole
try --where 'ret < 0 or cgroup == "/system.slice"' whole
try one two
try --tre whole
# elsewhere
try -e read -o out whole
cat out
try -o whole whole
try -o /nowhere/out whole

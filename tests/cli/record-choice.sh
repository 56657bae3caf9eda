# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# What is wrong with a choice is said before anything is recorded, and where it stands.
try()
{
	echo "\$ seam record $*"
	"$SEAM" record -o never "$@" true >out 2>&1
	status=$?
	sed "s/ $(uname -m) / MACHINE /; s/^\(seam record: \)$(uname -m) /\1MACHINE /" out
	echo "status $status"
}
try -w 'ret < 0 and cal == 3'
try -w '(pid == 3'
try -w 'comm == nginx'
try -w 'path ~ "/etc/*" and duration > 3'
try --where ''
try --no-duration -w 'duration > 1ms'
try -e openta
try -e 'trace=%nat'
try -e 'trace=/['
try -e '/no_such_call'
try -e trace=
try -e signal=SIGFOO
try -e status=good
try -e read=3
try -e inject=openat:error=EIO
try -e abbrev=all
try -e color=blue
try -e trace=openat -e openta
try --stats -w 'ret < 0'
[ ! -e never ] || echo "a file was made"

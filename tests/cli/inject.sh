# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# What is wrong with rules is said, where it is, and nothing is run; the exit status is the command's.
try()
{
	echo "\$ seam inject $*"
	"$SEAM" inject "$@" >out 2>&1
	status=$?
	sed "s/ $(uname -m) / MACHINE /; s/ $(uname -m)\$/ MACHINE/; s/ $(uname -m):/ MACHINE:/; s/^[0-9]* /PID /" out
	echo "status $status"
}
try
try true
try -e chdir:error=EIO
try -e chdir:error=EIO -p 1x
try -e chdir:error=EIO -p 1 true
try -e chdirr:error=EIO true
try -e 'inject=chdir:error=EIOO:when=3' true
try -e chdir:eror=EIO true
try -e chdir:error=EIO:when=3..2 true
try -e chdir:error=EIO:when=+2 true
try -e chdir:delay_enter=3m true
try -e chdir:signal=SIGUSER1 true
try -e chdir:error=EIO:retval=0 true
try -e chdir:when=1 true
try -e openat:short=5 true
try -e fault=chdir:after=1 true
try --count=threads -e chdir:error=EIO true
try --count=task --per-tree -e chdir:error=EIO true
try --strict -e getppid:error=EIO true
try -e getppid:error=EIO -e chdir,getppid:retval=0 true
try -v -e chdir:error=EIO:when=2 sh -c 'cd / && cd /; exit 7'
try -e close:signal=KILL:when=1 sh -c 'exec 3>&-; exec 4>&-; exit 7'
try -e chdir:error=EIO no-such-command
try -o /no/such/log -e chdir:error=EIO true

# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# The real calls: what holds whatever the descriptions say in detail.
calls() { echo "== $*"; "$SEAM" calls "$@"; }
calls -l --arch x86_64 read write close | cut -c 1-40
calls -l --arch x86_64 257,0x101 '!openat'
"$SEAM" calls --arch aarch64 56 | sed -n '1s/(.*//p'
echo "== the same calls in the list, the JSON and the names"
for arch in x86_64 arm64 riscv64 i386 arm; do
	"$SEAM" calls --arch $arch | awk '{ print $2 }' | sort >list
	"$SEAM" calls --arch $arch --json | sed -n 's/^    "name": "\(.*\)",/\1/p' | sort >json
	"$SEAM" calls --arch $arch --names | grep -v % | sort >names
	cmp list json && cmp list names && [ "$(wc -l <list)" -gt 300 ] && echo $arch
done
echo "== every class has calls, and ! takes them out again"
for class in file desc net process memory ipc time signal reads-status writes-status reads-content writes-content; do
	n=$("$SEAM" calls --arch x86_64 %$class | wc -l)
	all=$("$SEAM" calls --arch x86_64 | wc -l)
	rest=$("$SEAM" calls --arch x86_64 "!%$class" | wc -l)
	[ "$n" -gt 5 ] && [ $((n + rest)) = "$all" ] && echo $class
done
"$SEAM" calls --arch x86_64 %net '!recv*' | grep -c ' recv'
echo "== everything can be shown"
"$SEAM" calls --arch x86_64 --all '*' | grep -c '^What it does\|^In every case' >shown
[ "$(cat shown)" = "$("$SEAM" calls --arch x86_64 | wc -l)" ] || echo "not all: $(cat shown)"
echo "== cases"
calls --arch x86_64 ioctl:TIOCGWINSZ | sed -n '/^Cases/,/fails/p'
calls --arch x86_64 fcntl:'F_DUPFD*' | grep '^  case'
echo "== at least 97 % of the pointers"
"$SEAM" calls --coverage --arch x86_64 | awk '/^  arguments  / { exit !($4 + 0 == 0 || $(NF - 1) >= 97) }' || echo too few
echo "== what cannot be"
calls opnat
calls --arch arm64 open
calls --arch x86_64 99999
calls --arch x86_64 12x
calls --arch x86_64 %fil
calls --arch x86_64 'xyz*'
calls --arch i386 %file
calls --arch arm65
calls --arch sparc
calls --arch x86_64 read:X
calls --arch x86_64 ioctl:TIOCGWINSX
calls --arch x86_64 'io*:TIOCGWINSZ'
calls --arch x86_64 nosuch:X
calls --coverage read
calls --jsn

#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs ./quickstart and ./check in a fresh Debian 12 root that has only the base system and git: chroot.sh DIR [MIRROR]
# Needs root, debootstrap, a network; so it is run by hand. DIR must be new or empty; it is kept, to be looked at. The
# commit that is checked out is what runs, not what is changed beside it.
set -eu
dir=${1:?chroot.sh DIR [MIRROR]}
root=$(cd "$(dirname "$0")/.." && pwd)
mirror=${2:-$(sed -n 's/^URIs: *//p; s/^deb  *\([^ ]*:[^ ]*\).*/\1/p' /etc/apt/sources.list.d/debian.sources \
	/etc/apt/sources.list 2>/dev/null | head -n 1)}

# The mounts are gone when the script is.
if [ "${SEAM_CHROOT_INSIDE:-}" != 1 ]; then
	[ "$(id -u)" = 0 ] || { echo "chroot.sh needs root" >&2; exit 1; }
	SEAM_CHROOT_INSIDE=1 exec unshare -m -- "$0" "$dir" "$mirror"
fi

mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
debootstrap --variant=minbase --include=git bookworm "$dir" "$mirror" >"$dir.log" 2>&1 ||
	{ tail "$dir.log" >&2; exit 1; }
for file in /etc/resolv.conf /etc/hosts; do
	[ ! -f "$file" ] || cp "$file" "$dir$file"
done
mount -t proc proc "$dir/proc"
mount --rbind /dev "$dir/dev"
mount --rbind /sys "$dir/sys"
git clone -q --no-hardlinks "$root" "$dir/root/seam"
git -C "$dir/root/seam" checkout -q "$(git -C "$root" rev-parse HEAD)"
chroot "$dir" useradd -m tester
cp -r "$dir/root/seam" "$dir/home/tester/seam"
chroot "$dir" chown -R tester: /home/tester/seam

step()
{
	echo "==== $1"
	shift
	start=$(date +%s)
	status=0
	chroot "$dir" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb "$@" || status=$?
	echo "==== exit $status after $(($(date +%s) - start)) s"
}
as_tester='cd ~/seam && exec'
step "quickstart, ordinary user, nothing installed: says what to install, exit 1" su - tester -c "$as_tester ./quickstart"
[ $status = 1 ]
step "quickstart, root, nothing installed" /root/seam/quickstart
[ $status = 0 ]
step "quickstart, ordinary user, packages there" su - tester -c "$as_tester ./quickstart"
[ $status = 0 ]
step "check, ordinary user, not all packages: says what to install, exit 1" su - tester -c "$as_tester ./check"
[ $status = 1 ]
step "check, root" /root/seam/check
[ $status = 0 ]
step "check, ordinary user" su - tester -c "$as_tester ./check"
[ $status = 0 ]

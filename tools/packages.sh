# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Which packages building and checking need, and how to get them. Sourced by ./quickstart and ./check.

# SET PACKAGE PROOF: the package of Debian 12, and a command or a file that is there when it is installed (a pattern may
# stand for a version). "build" is enough for ./quickstart, "check" is what the tests want beside it, "vm" those in emulated machines,
# "release" what ./release wants.
packages='
build gcc gcc
build libc6-dev /usr/include/stdio.h
build meson meson
build ninja-build ninja
build pkgconf pkg-config
build libxxhash-dev /usr/include/xxhash.h
build libbpf-dev /usr/include/bpf/libbpf.h
build libzstd-dev /usr/include/zstd.h
build zstd zstd
build clang clang
check libclang-rt-dev /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a
check gcc-aarch64-linux-gnu aarch64-linux-gnu-gcc
check libc6-dev-arm64-cross /usr/aarch64-linux-gnu/include/stdio.h
check gcc-riscv64-linux-gnu riscv64-linux-gnu-gcc
check libc6-dev-riscv64-cross /usr/riscv64-linux-gnu/include/stdio.h
check qemu-user qemu-aarch64
check shellcheck shellcheck
check strace strace
check zsh zsh
check g++ g++
check make make
check git git
check python3 python3
check sqlite3 sqlite3
check redis-server redis-server
check nginx-light nginx
check apache2-utils ab
check tmux tmux
check musl-tools musl-gcc
check sudo sudo
check busybox-static busybox
check golang-go go
release debootstrap debootstrap
check dpkg-dev dpkg-source
release gcc-aarch64-linux-gnu aarch64-linux-gnu-gcc
release libc6-dev-arm64-cross /usr/aarch64-linux-gnu/include/stdio.h
release gcc-riscv64-linux-gnu riscv64-linux-gnu-gcc
release libc6-dev-riscv64-cross /usr/riscv64-linux-gnu/include/stdio.h
vm gcc-arm-linux-gnueabihf arm-linux-gnueabihf-gcc
vm qemu-system-x86 qemu-system-x86_64
vm qemu-system-arm qemu-system-aarch64
vm qemu-system-misc qemu-system-riscv64
vm opensbi /usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin
vm cpio cpio
vm xz-utils xz
'

# The packages of the named sets that are not there.
missing_packages()
{
	echo "$packages" | while read -r set package proof; do
		case " $* " in
		*" $set "*) ;;
		*) continue ;;
		esac
		case $proof in
		/*)
			# shellcheck disable=SC2086 # the pattern is meant
			ls $proof >/dev/null 2>&1 || echo "$package"
			;;
		*) command -v "$proof" >/dev/null || echo "$package" ;;
		esac
	done
}

# Installs what is missing of the named sets, or says how to and ends the script.
need_packages()
{
	missing=$(missing_packages "$@" | LC_ALL=C sort -u | tr '\n' ' ')
	missing=${missing% }
	[ -n "$missing" ] || return 0
	if ! command -v apt-get >/dev/null; then
		echo "These packages (Debian's names) are needed and not there: $missing" >&2
		exit 1
	fi
	if [ "$(id -u)" != 0 ]; then
		echo "Packages are missing. Please run this as root, then start again:" >&2
		echo "  apt-get update && apt-get install --no-install-recommends -y $missing" >&2
		exit 1
	fi
	echo "Installing: $missing"
	# shellcheck disable=SC2086 # words
	if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --no-install-recommends -y $missing; } \
		>packages.log 2>&1; then
		tail -n 20 packages.log >&2
		rm -f packages.log
		echo "The packages could not be installed." >&2
		exit 1
	fi
	rm -f packages.log
}

#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Makes what a static build of Seam links beside libc, from Debian's sources: sysroot.sh DIR ARCH...   (x86_64 arm64 riscv64)
# DIR/ARCH then has include/, lib/ with pkg-config files, and meson.ini, which is given to meson after cross/ARCH.ini.
# What is there already stays. Needs no root; of packages gcc (or the cross compilers) and dpkg-dev. Exits with 77 when the sources cannot be fetched.
set -eu
[ $# -ge 2 ] || { echo "usage: sysroot.sh DIR ARCH..." >&2; exit 2; }
script=$(cd "$(dirname "$0")" && pwd)/${0##*/}
# shellcheck source-path=SCRIPTDIR source=debian.sh
. "${script%/*}/debian.sh"
mkdir -p "$1"
dir=$(cd "$1" && pwd)
shift
cd "$dir"

# The sources, fetched and checked by apt with lists of its own, so that the machine's stay as they are.
fetch()
{
	[ ! -e sources/complete ] || return 0
	rm -rf sources
	mkdir sources
	if ! { debian_lists "$dir/apt" deb-src bookworm &&
		(cd sources && apt-get -q source zlib elfutils libbpf libzstd) >>apt/log 2>&1; }; then
		echo "sysroot.sh: the sources of the libraries cannot be fetched: $(debian_why apt)" >&2
		exit 77
	fi
	rm -rf apt sources/*.tar.* sources/*.dsc
	: >sources/complete
}

# compile NAME SOURCES FLAG...: C files, small unless a flag says else
compile()
{
	name=$1 sources=$2
	shift 2
	mkdir -p "$work/$name"
	(cd "$work/$name" && echo "$sources" | xargs -n 2 -P "$(nproc)" "$triplet-gcc" -w -Os -ffunction-sections -fdata-sections \
		-fno-asynchronous-unwind-tables "$@" -c)
}

# library NAME VERSION PACKAGE REQUIRED...: of what was compiled under that name, with the file for pkg-config
library()
{
	name=$1 version=$2 package=$3
	shift 3
	"$triplet-ar" rcs "$work/lib/lib$name.a" "$work/$name"/*.o
	rm -r "${work:?}/$name"
	cat >"$work/lib/pkgconfig/$package.pc" <<-END
		prefix=\${pcfiledir}/../..
		Name: $name
		Description: $name, static
		Version: $version
		Requires: $*
		Libs: -L\${prefix}/lib -l$name
		Cflags: -I\${prefix}/include
	END
}

# emulator ARCH: what is static finds all in itself; so are the programs that meson tries first, by c_link_args
emulator()
{
	case $1 in
	"$(uname -m)") ;;
	arm64) echo "exe_wrapper = 'qemu-aarch64'" ;;
	*) echo "exe_wrapper = 'qemu-$1'" ;;
	esac
}

# build ARCH TRIPLET
build()
{
	triplet=$2
	work=$dir/$1.new
	rm -rf "$work" "${dir:?}/$1"
	mkdir -p "$work/include/bpf" "$work/lib/pkgconfig"
	z=$(echo "$dir"/sources/zlib-*) elf=$(echo "$dir"/sources/elfutils-*) bpf=$(echo "$dir"/sources/libbpf-*)
	zstd=$(echo "$dir"/sources/libzstd-*)

	compile z "$(ls -S "$z"/*.c)" -D_LARGEFILE64_SOURCE=1 -DHAVE_UNISTD_H -DHAVE_STDARG_H
	library z "${z##*-}" zlib
	cp "$z/zlib.h" "$z/zconf.h" "$work/include/"

	# what its configure finds out on every Linux with glibc
	{
		printf "#define HAVE_DECL_%s 1\n" MEMRCHR RAWMEMCHR POWEROF2 MEMPCPY REALLOCARRAY
		echo "#include <eu-config.h>"
	} >"$work/config.h"
	compile elf "$(ls -S "$elf"/libelf/*.c)" -std=gnu99 -D_GNU_SOURCE -DHAVE_CONFIG_H -DHAVE_MREMAP -DHAVE_ERROR_H -DHAVE_VISIBILITY \
		-DHAVE_FALLTHROUGH -I"$work" -I"$work/include" -I"$elf/lib" -I"$elf/libelf" -I"$elf"
	library elf "${elf##*-}" libelf zlib
	cp "$elf/libelf/libelf.h" "$elf/libelf/gelf.h" "$work/include/"

	compile bpf "$(ls -S "$bpf"/src/*.c)" -std=gnu89 -D_LARGEFILE64_SOURCE -D_FILE_OFFSET_BITS=64 \
		-I"$bpf/src" -I"$bpf/include" -I"$bpf/include/uapi" -I"$work/include"
	library bpf "${bpf##*-}" libbpf libelf zlib
	cp "$bpf"/src/*.h "$work/include/bpf/"

	# the ways of high levels are most of it, and hardly ever used
	high='/zstd_(lazy|opt|ldm)\.c$'
	all=$(ls -S "$zstd"/lib/common/*.c "$zstd"/lib/compress/*.c "$zstd"/lib/decompress/*.c)
	compile zstd "$(echo "$all" | grep -E "$high")" -DDYNAMIC_BMI2=0
	compile zstd "$(echo "$all" | grep -vE "$high")" -O2 -DDYNAMIC_BMI2=0 -DZSTD_DISABLE_ASM
	version=${zstd##*libzstd-}
	library zstd "${version%%+*}" libzstd
	cp "$zstd/lib/zstd.h" "$zstd/lib/zstd_errors.h" "$work/include/"

	cat >"$work/meson.ini" <<-END
		# What meson has to know of these libraries.
		[binaries]
		pkgconfig = 'pkg-config'
		$(emulator "$1")
		[properties]
		pkg_config_libdir = '$dir/$1/lib/pkgconfig'
		[built-in options]
		c_link_args = ['-static']
	END
	made_by "$triplet" >"$work/made-by"
	mv "$work" "$dir/$1"
}

# What a folder was made by: this script, where it stands, and the compiler.
made_by()
{
	cksum <"$script"
	echo "$dir"
	"$1-gcc" --version | head -n 1
}

working_on=
exec 3>&2
trap '[ -z "$working_on" ] || echo "sysroot.sh: the libraries for $working_on cannot be built, see $dir/$working_on.log" >&3' EXIT
for arch; do
	case $arch in
	x86_64) triplet=x86_64-linux-gnu ;;
	arm64) triplet=aarch64-linux-gnu ;;
	riscv64) triplet=riscv64-linux-gnu ;;
	*)
		echo "sysroot.sh: the architectures are x86_64, arm64 and riscv64, not '$arch'" >&2
		exit 2
		;;
	esac
	[ "$(made_by "$triplet")" != "$(cat "$arch/made-by" 2>/dev/null)" ] || continue
	fetch
	working_on=$arch
	build "$arch" "$triplet" >"$arch.log" 2>&1
	working_on=
done

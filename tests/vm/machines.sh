# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# The machines that tests run in, under emulation; sourced. A line: NAME ARCHITECTURE SUITE of Debian whose kernel it runs, and "seldom" where the
# recorder takes so long to load that it is loaded a few times only.
machines='
x86_64-5.10 x86_64 bullseye seldom
x86_64-6.1 x86_64 bookworm
arm64-6.1 arm64 bookworm
arm64-6.12 arm64 trixie
riscv64-6.12 riscv64 trixie
'

# machine NAME: sets $architecture, $suite, $often (seldom, or nothing) and what differs between architectures
# shellcheck disable=SC2034 # those who read this use it
machine()
{
	read -r architecture suite often <<-END
	$(echo "$machines" | sed -n "s/^$1 //p")
	END
	threads=multi
	case $architecture in
	x86_64)
		debian=amd64 root_suite=bookworm console=ttyS0
		# the second: on a busy host the kernel does not believe in its timer otherwise
		emulator="qemu-system-x86_64 -machine q35 -cpu max" words="no_timer_check"
		# With a thread for each processor one may run an instruction for ever that another has just changed in the kernel (the breakpoint that stands
		# at a tracepoint while it is switched), and the machine locks up.
		threads=single
		;;
	arm64)
		debian=arm64 root_suite=bookworm console=ttyAMA0
		# tables of its own for the kernel make each call ten times as dear under emulation
		emulator="qemu-system-aarch64 -machine virt -cpu cortex-a57" words="kpti=off"
		;;
	riscv64)
		# Debian 12 has no riscv64
		debian=riscv64 root_suite=trixie console=ttyS0
		emulator="qemu-system-riscv64 -machine virt -bios default -cpu rv64" words=""
		;;
	*)
		echo "there is no machine '$1'; there are:$(echo "$machines" | awk '{printf " %s", $1}')" >&2
		return 2
		;;
	esac
}

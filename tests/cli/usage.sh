# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# What is wrong with a command line is said, with the nearest right word, and the exit status is 2.
try()
{
	echo "\$ seam $*"
	"$SEAM" "$@"
	echo "status $?"
}
try
try docter
try frobnicate
try --vresion
try -x
try doctor --jsno
try doctor --json=yes
try doctor -jx
try doctor one
try help docter
try help --dump
try help --dump=men
try completion
try completion fish
try completion bash zsh

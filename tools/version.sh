#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Prints the name of the build: version.sh SOURCE-ROOT VERSION
root=$1
version=$2
# A tree that was unpacked inside somebody else's repository is not that repository's commit.
top=$(git -C "$root" rev-parse --show-toplevel 2>/dev/null)
if [ -n "$top" ] && [ "$(cd "$top" && pwd -P)" = "$(cd "$root" && pwd -P)" ] &&
	commit=$(git -C "$root" rev-parse --short=12 HEAD 2>/dev/null); then
	version=$version+g$commit
	git -C "$root" --no-optional-locks diff --quiet HEAD 2>/dev/null || version=$version-dirty
fi
echo "$version"

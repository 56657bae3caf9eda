# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# The name of the build.
"$SEAM" --version
"$SEAM" -V
"$SEAM" version

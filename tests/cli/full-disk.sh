# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# needs: full
# Output that does not arrive is a failure.
"$SEAM" help >/dev/full

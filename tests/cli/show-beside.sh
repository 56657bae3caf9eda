#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What happens beside calls, from a committed trace: as text, with tasks, with own numbers, as JSON, and the list of images.
t=$ROOT/tests/golden/beside.seam
echo "text"
"$SEAM" show "$t"
echo "tasks"
"$SEAM" show --tasks "$t"
echo "own numbers"
"$SEAM" show --own-pids --tasks "$t" | grep 'runs /bin/sh\|is  of'
echo "JSON"
"$SEAM" show --json "$t" | head -n 12
echo "images"
"$SEAM" show --images "$t"
"$SEAM" show --images --json "$t" | head -n 1
"$SEAM" show --images -p 1 "$t"

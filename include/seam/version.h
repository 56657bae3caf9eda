/* SPDX-License-Identifier: BSD-2-Clause */
/* Which Seam this is. */
#ifndef SEAM_VERSION_H
#define SEAM_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

/* "0.1.0", or "0.1.0+g1a2b3c4d5e6f" for a build from a commit, with "-dirty" when the tree differed from it. */
const char *seam_version(void);

#ifdef __cplusplus
}
#endif
#endif

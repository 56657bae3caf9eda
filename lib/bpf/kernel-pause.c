/* SPDX-License-Identifier: BSD-2-Clause */
/* How the kernel's side can make tasks wait on this machine. */
#include "bpf/kernel-pause.h"

#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bpf/kernel-old.h"
#include "bpf/kernel-side.h"
#include "seam/probe.h"

#define FIRST_PID_NAMESPACE 0xeffffffcu /* its file's number, the same on every machine */

uint32_t kernel_hold(void)
{
	static const uint32_t names[] = { 0, PAUSE_HOLD, PAUSE_HOLD_NEW };

	return kernel_old_wanted() ? 0 : names[seam_probe_hold()];
}

uint32_t kernel_only_user(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[2] = { 0 };

	if (syscall(SYS_capget, &head, caps) == 0 && (caps[0].effective & 1u << CAP_KILL))
		return ANY_USER;
	return getuid();
}

bool kernel_knows_our_pids(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) < 0 || st.st_ino == FIRST_PID_NAMESPACE;
}

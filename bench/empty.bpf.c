/* SPDX-License-Identifier: Dual BSD/GPL */
/* Does nothing, at both tracepoints of calls. */
#include "kernel.bpf.h"

#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

SEC("tp_btf/sys_enter") int BPF_PROG(empty_enter, struct pt_regs *regs, long number)
{
	return 0;
}

SEC("tp_btf/sys_exit") int BPF_PROG(empty_exit, struct pt_regs *regs, long ret)
{
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * io_uring and the kernel's older asynchronous I/O pass by libc: their libraries make the calls
 * themselves, and what is queued is done by the kernel at a time of its own. A filter of system
 * calls has the kernel say that it has neither. Stores then fall back to ordinary calls, or say
 * that they cannot.
 */
#include <faultsim/capture.h>

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "interpose.h"

#if defined(__x86_64__)
enum { MACHINE = (int)AUDIT_ARCH_X86_64 };
#elif defined(__aarch64__)
enum { MACHINE = (int)AUDIT_ARCH_AARCH64 };
#endif

#define LOAD(member)          BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define SKIP_IF(value, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (__u32)(value), (count), 0)
#define ANSWER(what)          BPF_STMT(BPF_RET | BPF_K, (what))

int fsim_capture_without_rings(void)
{
    struct sock_filter filter[] = {
        LOAD(arch),
        SKIP_IF(MACHINE, 1),
        ANSWER(SECCOMP_RET_ALLOW),
        LOAD(nr),
        SKIP_IF(SYS_io_uring_setup, 2),
        SKIP_IF(SYS_io_setup, 1),
        ANSWER(SECCOMP_RET_ALLOW),
        ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
    };
    const struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return -errno;
    return (int)real_syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
                             (long)&program, 0, 0, 0);
}

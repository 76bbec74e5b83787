/* SPDX-License-Identifier: MIT */
#include "recovery.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interpose.h"
#include "limit.h"
#include "shared.h"

enum { TICK_MS = 20 };

static const size_t evidence_capacity = (size_t)64 << 20;

static uint8_t *current_evidence;

void *fsim_evidence_buffer(size_t *capacity)
{
    *capacity = current_evidence == NULL ? 0 : evidence_capacity;
    return current_evidence;
}

int recovery_slot_init(struct recovery_slot *slot)
{
    slot->evidence = shared_reserve(evidence_capacity);
    return slot->evidence == NULL ? -ENOMEM : 0;
}

void recovery_slot_deinit(struct recovery_slot *slot)
{
    shared_release(slot->evidence, evidence_capacity);
    slot->evidence = NULL;
}

void recovery_prepare_process(void)
{
    static const int defaults[] = {SIGSEGV, SIGBUS,  SIGILL,  SIGFPE, SIGABRT, SIGSYS,
                                   SIGTRAP, SIGTERM, SIGCHLD, SIGHUP, SIGUSR1, SIGUSR2};
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        signal(defaults[i], SIG_DFL);
    /* Ctrl-C goes to the whole process group, but what to do about it is the parent's business. */
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    dup2(STDERR_FILENO, STDOUT_FILENO); /* what a store prints is no part of the results */
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void recovery_run(const struct fsim_subject *subject, const char *directory,
                  struct recovery_slot *slot)
{
    memset(&slot->outcome, 0, sizeof slot->outcome);
    current_evidence = slot->evidence;
    subject->recover(subject->context, directory, &slot->outcome);
    current_evidence = NULL;
    slot->outcome.message[sizeof slot->outcome.message - 1] = '\0';
    if (slot->outcome.evidence_bytes > evidence_capacity)
        slot->outcome.evidence_bytes = 0;
}

void recovery_died(struct recovery_slot *slot, int status, bool hung, uint32_t time_limit_ms)
{
    struct fsim_outcome *outcome = &slot->outcome;
    memset(outcome, 0, sizeof *outcome);
    outcome->status = hung ? FSIM_HUNG : FSIM_CRASHED;
    if (hung)
        snprintf(outcome->message, sizeof outcome->message, "recovery took longer than %u ms",
                 time_limit_ms);
    else if (WIFSIGNALED(status))
        snprintf(outcome->message, sizeof outcome->message, "recovery was killed by signal %d (%s)",
                 WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        snprintf(outcome->message, sizeof outcome->message,
                 "recovery ended its process with status %d", WEXITSTATUS(status));
    if (!hung && WIFSIGNALED(status))
        outcome->code = WTERMSIG(status);
}

int recovery_wait(pid_t child, int timeout_ms, int *status)
{
    int fd = (int)real_syscall(SYS_pidfd_open, child, 0, 0, 0, 0, 0);
    if (fd < 0)
        return fd;
    struct pollfd poller = {.fd = fd, .events = POLLIN};
    int ready = poll(&poller, 1, timeout_ms);
    real_close(fd);
    if (ready == 0 || (ready < 0 && errno == EINTR))
        return 0;
    if (ready < 0)
        return -errno;
    while (waitpid(child, status, 0) < 0) {
        if (errno != EINTR)
            return -errno;
    }
    return 1;
}

int recovery_in_child(const struct fsim_subject *subject, const char *directory,
                      uint32_t time_limit_ms, struct recovery_slot *slot)
{
    int status;
    atomic_store(&slot->ended, false);
    fflush(NULL); /* a recovery that calls exit would write it again */
    pid_t child = fork();
    if (child < 0)
        return -errno;
    if (child == 0) {
        recovery_prepare_process();
        recovery_run(subject, directory, slot);
        atomic_store(&slot->ended, true);
        _exit(0);
    }
    struct limit limit;
    bool hung = false;
    int ended = 0;
    limit_begin(&limit, child);
    while (ended == 0 && !hung) {
        ended = recovery_wait(child, TICK_MS, &status);
        hung = ended == 0 && limit_taken(&limit) > time_limit_ms;
    }
    if (hung) {
        kill(child, SIGKILL);
        ended = recovery_wait(child, -1, &status);
    }
    if (ended < 0)
        return ended;
    if (!atomic_load(&slot->ended))
        recovery_died(slot, status, hung, time_limit_ms);
    return 0;
}

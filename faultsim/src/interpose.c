/* SPDX-License-Identifier: MIT */
/*
 * Which backend answers a call, and the two signals that a backend may want before the program.
 *
 * The wrappers themselves are in calls_*.c.
 */
#undef _FORTIFY_SOURCE
#include "entry.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The backend with the kernel's calls in place of members it left out. */
static struct backend installed;
static atomic_bool active;

/*
 * Set while this thread is inside the backend. Initial-exec, because the first touch of a dynamic
 * thread variable may allocate, and this one is touched in signal handlers.
 */
static _Thread_local volatile bool inside __attribute__((tls_model("initial-exec")));

/* Threads come to a backend one at a time, unless it sees to that itself. */
static atomic_flag taken_by_a_thread = ATOMIC_FLAG_INIT;

static void go_inside(void)
{
    while (atomic_flag_test_and_set_explicit(&taken_by_a_thread, memory_order_acquire))
        real_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
    inside = true;
}

static void go_outside(void)
{
    inside = false;
    atomic_flag_clear_explicit(&taken_by_a_thread, memory_order_release);
}

static struct entry enter(bool concerned)
{
    if (!concerned)
        return (struct entry){.calls = &kernel_calls};
    if (!installed.reentrant)
        go_inside();
    return (struct entry){.calls = &installed, .backend = true, .marked = !installed.reentrant};
}

bool entry_concerns_any(void)
{
    return atomic_load_explicit(&active, memory_order_acquire) && !inside;
}

bool entry_concerns(int fd)
{
    return entry_concerns_any() && (!installed.tracks || installed.tracks(fd));
}

struct entry entry_of_call(void)
{
    return enter(entry_concerns_any());
}

struct entry entry_of_fd(int fd)
{
    return enter(entry_concerns(fd));
}

long entry_leave_raw(struct entry entry, long result)
{
    if (entry.marked)
        go_outside();
    return result;
}

long entry_leave(struct entry entry, long result)
{
    return libc_result(entry_leave_raw(entry, result));
}

/*
 * The program's own actions for the signals that are taken over. Written by a thread that sets an
 * action while another may fault: each slot holds two, and `current` says which one counts.
 */
struct kept_action {
    int signal;
    atomic_uint current;
    struct sigaction actions[2];
};

static struct kept_action kept[] = {{.signal = SIGSEGV}, {.signal = SIGBUS}};
static atomic_bool taken;

enum { KEPT = sizeof(kept) / sizeof(kept[0]) };

/* glibc's own, below anything that wraps sigaction; there is no errno-free form to be had. */
int libc_sigaction(int signal, const struct sigaction *action,
                   struct sigaction *old) __asm__("__sigaction");

static struct kept_action *kept_action_of(int signal)
{
    if (!atomic_load(&taken))
        return NULL;
    for (int i = 0; i < KEPT; i++)
        if (kept[i].signal == signal)
            return &kept[i];
    return NULL;
}

static void keep_action(struct kept_action *slot, const struct sigaction *action)
{
    unsigned next = !atomic_load(&slot->current);

    slot->actions[next] = *action;
    atomic_store(&slot->current, next);
}

/* As the kernel would do: the default action kills, at the fault itself if there was one. */
static void fall_to_default(int signal, const siginfo_t *info)
{
    struct sigaction action = {.sa_handler = SIG_DFL};

    libc_sigaction(signal, &action, NULL);
    if (info->si_code <= 0)
        real_syscall(SYS_tgkill, getpid(), real_syscall(SYS_gettid, 0, 0, 0, 0, 0, 0), signal, 0, 0,
                     0);
}

static void call_program(struct kept_action *slot, int signal, siginfo_t *info, void *context)
{
    struct sigaction action = slot->actions[atomic_load(&slot->current)];

    if (action.sa_flags & SA_RESETHAND)
        keep_action(slot, &(struct sigaction){.sa_handler = SIG_DFL});
    if (action.sa_flags & SA_SIGINFO)
        action.sa_sigaction(signal, info, context);
    else if (action.sa_handler == SIG_DFL)
        fall_to_default(signal, info);
    else if (action.sa_handler != SIG_IGN)
        action.sa_handler(signal);
    else if (info->si_code > 0)
        fall_to_default(signal, info); /* a fault cannot be ignored */
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
    int kept_errno = errno;
    bool was_inside = inside;
    bool resolved;

    if (!was_inside)
        go_inside();
    resolved = installed.fault(signal, info, context);
    if (!was_inside)
        go_outside();
    errno = kept_errno;
    if (resolved)
        return;

    struct kept_action *slot = kept_action_of(signal);
    if (!slot)
        return; /* given back meanwhile: the access faults again, now at the program's handler */
    /* The program's handler is the program: its calls are captured. */
    if (was_inside)
        go_outside();
    call_program(slot, signal, info, context);
    if (was_inside)
        go_inside();
}

/*
 * Ours runs as the program's would (stack, mask, restart), but for one thing: the two signals stay
 * open, since the program's handler may itself touch what the backend guards.
 */
static int take(struct kept_action *slot)
{
    const struct sigaction *program = &slot->actions[atomic_load(&slot->current)];
    struct sigaction action = {
        .sa_sigaction = on_fault,
        .sa_flags = SA_SIGINFO | SA_NODEFER | (program->sa_flags & (SA_ONSTACK | SA_RESTART)),
        .sa_mask = program->sa_mask,
    };

    for (int i = 0; i < KEPT; i++)
        sigdelset(&action.sa_mask, kept[i].signal);
    return libc_sigaction(slot->signal, &action, NULL);
}

static void take_signals(void)
{
    atomic_store(&taken, true);
    for (int i = 0; i < KEPT; i++) {
        struct sigaction action;

        libc_sigaction(kept[i].signal, NULL, &action);
        keep_action(&kept[i], &action);
        take(&kept[i]);
    }
}

static void give_signals_back(void)
{
    for (int i = 0; i < KEPT; i++)
        libc_sigaction(kept[i].signal, &kept[i].actions[atomic_load(&kept[i].current)], NULL);
    atomic_store(&taken, false);
}

void interpose_install(const struct backend *backend)
{
    atomic_store(&active, false);
    atomic_flag_clear(&taken_by_a_thread); /* by one that died, or was left behind by a fork */
    if (atomic_load(&taken))
        give_signals_back();
    if (!backend)
        return;

    installed = *backend;
#define FILL(member)                                                                               \
    if (!installed.member)                                                                         \
    installed.member = kernel_calls.member
    FILL(open);
    FILL(close);
    FILL(dup);
    FILL(read);
    FILL(write);
    FILL(seek);
    FILL(mmap);
    FILL(munmap);
    FILL(mremap);
    FILL(mprotect);
    FILL(madvise);
    FILL(msync);
    FILL(sync);
    FILL(sync_all);
    FILL(sync_file_range);
    FILL(truncate);
    FILL(allocate);
    FILL(rename);
    FILL(link);
    FILL(unlink);
    FILL(stat);
    FILL(access);
    FILL(list);
    FILL(look_around);
#undef FILL
    if (installed.fault)
        take_signals();
    atomic_store_explicit(&active, true, memory_order_release);
}

#pragma GCC visibility push(default)

int sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
    struct kept_action *slot = kept_action_of(signal);

    if (!slot)
        return libc_sigaction(signal, action, old);
    /* `old` and `action` may be the same object. */
    struct sigaction before = slot->actions[atomic_load(&slot->current)];
    if (action) {
        keep_action(slot, action);
        if (take(slot) != 0)
            return -1;
    }
    if (old)
        *old = before;
    return 0;
}

sighandler_t signal(int signal, sighandler_t handler)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;

    sigemptyset(&action.sa_mask);
    return sigaction(signal, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}

#pragma GCC visibility pop

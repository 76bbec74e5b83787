/* SPDX-License-Identifier: MIT */
#include "handler.h"

#include <errno.h>
#include <ucontext.h>

#include "os.h"
#include "pages.h"

enum { ARENAS = 64 };

/* Read by the handler at any moment, so without a lock. */
static _Atomic(struct pma *) arenas[ARENAS];

static struct lock table_lock;
static struct sigaction previous;

static struct pma *find(uintptr_t address)
{
    for (size_t i = 0; i < ARENAS; i++) {
        struct pma *arena = atomic_load(&arenas[i]);

        if (arena && address >= (uintptr_t)arena->base &&
            (address - (uintptr_t)arena->base) / PMA_PAGE_SIZE < arena->pages)
            return arena;
    }
    return NULL;
}

/* Where the machine does not say, every fault counts as a store: that costs a copy, no more. */
static bool is_store(const void *context)
{
#if defined(__x86_64__)
    enum { WRITE_ACCESS = 2 };
    const ucontext_t *interrupted = context;

    return interrupted->uc_mcontext.gregs[REG_ERR] & WRITE_ACCESS;
#else
    (void)context;
    return true;
#endif
}

/* A fault while the thread is inside the library is the library's own, or that of a signal handler
 * that interrupted it. */
static bool answer(uintptr_t address, const void *context)
{
    struct pma *arena = find(address);
    bool answered;

    if (!arena || lock_is_mine(&arena->lock) || arena->process != os_process())
        return false;
    lock_take(&arena->lock);
    answered =
        pages_fault(arena, (address - (uintptr_t)arena->base) / PMA_PAGE_SIZE, is_store(context));
    lock_give(&arena->lock);
    return answered;
}

/*
 * The handler before this one may have been installed over this one in turn and pass back what is
 * not its own: the same signal frame, from deeper down the stack. Nobody wants such a fault.
 */
static void pass_on(int number, siginfo_t *information, void *context)
{
    static _Thread_local struct {
        const void *context;
        uintptr_t frame;
    } passed __attribute__((tls_model("initial-exec")));
    const struct sigaction next = previous;
    const uintptr_t frame = (uintptr_t)__builtin_frame_address(0);
    const bool in_circles = passed.context == context && frame < passed.frame;
    const bool has_handler = next.sa_handler != SIG_DFL && next.sa_handler != SIG_IGN;

    passed.context = context;
    passed.frame = frame;
    if (in_circles || !has_handler)
        os_restore_default_fault(); /* the store happens again and ends the process */
    else if (next.sa_flags & SA_SIGINFO)
        next.sa_sigaction(number, information, context);
    else
        next.sa_handler(number);
}

static void on_fault(int number, siginfo_t *information, void *context)
{
    const int saved = errno;
    const bool ours = information->si_code == SEGV_ACCERR || information->si_code == SEGV_MAPERR;

    if (!ours || !answer((uintptr_t)information->si_addr, context))
        pass_on(number, information, context);
    errno = saved;
}

int handler_watch(struct pma *arena)
{
    int result;

    lock_take(&table_lock);
    result = os_catch_faults(on_fault, &previous);
    if (result)
        goto unlock;
    result = -ENFILE;
    for (size_t i = 0; i < ARENAS && result; i++) {
        if (atomic_load(&arenas[i]))
            continue;
        atomic_store(&arenas[i], arena);
        result = 0;
    }

unlock:
    lock_give(&table_lock);
    return result;
}

void handler_forget(const struct pma *arena)
{
    lock_take(&table_lock);
    for (size_t i = 0; i < ARENAS; i++) {
        if (atomic_load(&arenas[i]) == arena)
            atomic_store(&arenas[i], NULL);
    }
    lock_give(&table_lock);
}

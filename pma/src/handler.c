/* SPDX-License-Identifier: MIT */
#include "handler.h"

#include <errno.h>
#include <ucontext.h>

#include "os.h"
#include "pages.h"

enum { ARENAS = 256 };

/*
 * Read by the handler at any moment, so without a lock, and without a look into arenas that other
 * threads may be closing: only the arena that holds the address is sure to stay. `base` is set last
 * and cleared first.
 */
static struct slot {
    _Atomic uintptr_t base; /* 0: a free slot */
    _Atomic uint64_t pages;
    _Atomic(struct pma *) arena;
} slots[ARENAS];
static _Atomic size_t slots_used; /* ever */

static struct lock table_lock;
static struct sigaction previous;

static struct pma *find(uintptr_t address)
{
    for (size_t i = 0; i < atomic_load(&slots_used); i++) {
        const uintptr_t base = atomic_load(&slots[i].base);
        const uint64_t pages = atomic_load(&slots[i].pages);
        struct pma *arena = atomic_load(&slots[i].arena);

        if (base && address >= base && (address - base) / PMA_PAGE_SIZE < pages &&
            atomic_load(&slots[i].base) == base)
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

    if (!arena || lock_is_mine(&arena->lock))
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

void handler_hold_forks(void)
{
    lock_take(&table_lock);
}

void handler_allow_forks(void)
{
    lock_give(&table_lock);
}

static void disinherit_child(void)
{
    for (size_t i = 0; i < atomic_load(&slots_used); i++) {
        if (!atomic_load(&slots[i].base))
            continue;
        atomic_store(&slots[i].base, 0);
        arena_disinherit(atomic_load(&slots[i].arena));
    }
    table_lock = (struct lock){0};
}

static int watch_forks(void)
{
    static bool watched;
    int result =
        watched ? 0 : os_at_fork(handler_hold_forks, handler_allow_forks, disinherit_child);

    watched = result == 0;
    return result;
}

int handler_watch(struct pma *arena)
{
    size_t i = 0;
    int result = os_catch_faults(on_fault, &previous);

    if (!result)
        result = watch_forks();
    if (result)
        return result;
    while (i < ARENAS && atomic_load(&slots[i].base))
        i++;
    if (i == ARENAS)
        return -ENFILE;
    atomic_store(&slots[i].arena, arena);
    atomic_store(&slots[i].pages, arena->pages);
    atomic_store(&slots[i].base, (uintptr_t)arena->base);
    if (i == atomic_load(&slots_used))
        atomic_store(&slots_used, i + 1);
    return 0;
}

void handler_forget(const struct pma *arena)
{
    for (size_t i = 0; i < atomic_load(&slots_used); i++) {
        if (atomic_load(&slots[i].arena) == arena)
            atomic_store(&slots[i].base, 0);
    }
}

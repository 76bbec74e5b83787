/* SPDX-License-Identifier: MIT */
#include "lock.h"

#include "os.h"

/*
 * The address of a thread's own variable names the thread, without a system call. In the initial
 * block of such variables it is there from the start; elsewhere the first use may call malloc.
 */
static uintptr_t this_thread(void)
{
    static _Thread_local char mark __attribute__((tls_model("initial-exec")));

    return (uintptr_t)&mark;
}

void lock_take(struct lock *lock)
{
    uint32_t state = 0;

    if (!atomic_compare_exchange_strong_explicit(&lock->state, &state, 1, memory_order_acquire,
                                                 memory_order_relaxed)) {
        while (atomic_exchange_explicit(&lock->state, 2, memory_order_acquire) != 0)
            os_wait(&lock->state, 2);
    }
    atomic_store_explicit(&lock->owner, this_thread(), memory_order_relaxed);
}

void lock_give(struct lock *lock)
{
    atomic_store_explicit(&lock->owner, 0, memory_order_relaxed);
    if (atomic_exchange_explicit(&lock->state, 0, memory_order_release) == 2)
        os_wake(&lock->state);
}

bool lock_is_mine(const struct lock *lock)
{
    return atomic_load_explicit(&lock->owner, memory_order_relaxed) == this_thread();
}

/* SPDX-License-Identifier: MIT */
#include "lock.h"

#include <sys/single_threaded.h>

#include "os.h"

/*
 * With one thread there is nobody to be atomic for but a signal handler, and the fault handler has
 * given the lock back when the thread goes on.
 */
static bool is_alone(void)
{
    return __libc_single_threaded;
}

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
    uint32_t state = atomic_load_explicit(&lock->state, memory_order_relaxed);

    if (state == 0 && is_alone()) {
        atomic_store_explicit(&lock->state, 1, memory_order_relaxed);
        atomic_store_explicit(&lock->owner, this_thread(), memory_order_relaxed);
        atomic_signal_fence(memory_order_seq_cst);
        return;
    }
    state = 0;
    if (!atomic_compare_exchange_strong_explicit(&lock->state, &state, 1, memory_order_acquire,
                                                 memory_order_relaxed)) {
        while (atomic_exchange_explicit(&lock->state, 2, memory_order_acquire) != 0)
            os_wait(&lock->state, 2);
    }
    atomic_store_explicit(&lock->owner, this_thread(), memory_order_relaxed);
}

void lock_give(struct lock *lock)
{
    atomic_signal_fence(memory_order_seq_cst);
    atomic_store_explicit(&lock->owner, 0, memory_order_relaxed);
    if (is_alone()) {
        atomic_store_explicit(&lock->state, 0, memory_order_relaxed);
        return;
    }
    if (atomic_exchange_explicit(&lock->state, 0, memory_order_release) == 2)
        os_wake(&lock->state);
}

bool lock_is_mine(const struct lock *lock)
{
    return atomic_load_explicit(&lock->owner, memory_order_relaxed) == this_thread();
}

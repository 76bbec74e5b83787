/* SPDX-License-Identifier: MIT */
/*
 * A lock that knows its owner. The fault handler takes it too, and must be able to see that the
 * interrupted thread holds it: waiting would then be for ever.
 */
#ifndef LOCK_H
#define LOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Zeros are an open lock. */
struct lock {
    _Atomic uint32_t state; /* 0 open, 1 taken, 2 taken and somebody may be waiting */
    _Atomic uintptr_t owner;
};

void lock_take(struct lock *lock);
void lock_give(struct lock *lock);
bool lock_is_mine(const struct lock *lock);

#endif

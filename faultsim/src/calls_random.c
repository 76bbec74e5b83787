/* SPDX-License-Identifier: MIT */
/* Random numbers from the kernel, which a recording makes the same every time. */
#undef _FORTIFY_SOURCE
#include "entry.h"

#include <stdatomic.h>
#include <sys/random.h>
#include <sys/syscall.h>

static atomic_bool seeded;
static atomic_uint_fast64_t state;

void interpose_seed_random(uint64_t seed)
{
    atomic_store(&state, seed);
    atomic_store(&seeded, true);
}

/* SplitMix64: of each word the best byte is taken. */
static uint64_t next_word(void)
{
    uint64_t word = atomic_fetch_add(&state, UINT64_C(0x9e3779b97f4a7c15));

    word = (word ^ word >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    word = (word ^ word >> 27) * UINT64_C(0x94d049bb133111eb);
    return word ^ word >> 31;
}

#pragma GCC visibility push(default)

ssize_t getrandom(void *bytes, size_t count, unsigned flags)
{
    unsigned char *at = bytes;

    if (atomic_load(&seeded)) {
        for (size_t i = 0; i < count; i++)
            at[i] = (unsigned char)(next_word() >> 56);
        return (ssize_t)count;
    }
    return libc_result(real_syscall(SYS_getrandom, (long)bytes, (long)count, flags, 0, 0, 0));
}

#pragma GCC visibility pop

/* SPDX-License-Identifier: MIT */
/* Repeatable random numbers. PMACRASH_TEST_SEED replaces the seed that a test brings along. */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct random {
    uint64_t state;
};

/* Prints the seed and how to get it again. */
static inline struct random random_start(const char *test, uint64_t seed)
{
    const char *wanted = getenv("PMACRASH_TEST_SEED");
    if (wanted)
        seed = strtoull(wanted, NULL, 0);
    printf("%s: to repeat, PMACRASH_TEST_SEED=%llu\n", test, (unsigned long long)seed);
    return (struct random){.state = seed};
}

/* SplitMix64. */
static inline uint64_t random_next(struct random *random)
{
    uint64_t word = random->state += UINT64_C(0x9e3779b97f4a7c15);
    word = (word ^ (word >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    word = (word ^ (word >> 27)) * UINT64_C(0x94d049bb133111eb);
    return word ^ (word >> 31);
}

/* A number below `bound`. */
static inline uint64_t random_below(struct random *random, uint64_t bound)
{
    return random_next(random) % bound;
}

#endif

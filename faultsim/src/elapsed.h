/* SPDX-License-Identifier: MIT */
/* A clock that only goes forwards, for time limits and reports. */
#ifndef ELAPSED_H
#define ELAPSED_H

#include <stdint.h>
#include <time.h>

static inline uint64_t elapsed_nanoseconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

static inline uint64_t elapsed_ms(void)
{
    return elapsed_nanoseconds() / 1000000;
}

#endif

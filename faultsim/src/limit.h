/* SPDX-License-Identifier: MIT */
/*
 * How long a process has taken. While it could run and others do instead, only what it runs counts:
 * on a busy machine nothing is said to hang that waits for its turn.
 */
#ifndef LIMIT_H
#define LIMIT_H

#include <stdint.h>
#include <sys/types.h>

struct limit {
    pid_t process;
    uint64_t at, ran, taken; /* nanoseconds: when it was asked last, and what was so then */
};

/* From now on. */
void limit_begin(struct limit *limit, pid_t process);

/* Milliseconds. To be asked often: what the process is at when it is stands for the time before. */
uint64_t limit_taken(struct limit *limit);

#endif

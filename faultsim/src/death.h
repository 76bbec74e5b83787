/* SPDX-License-Identifier: MIT */
/*
 * The instant at which a workload's process is killed, and the rehearsal that tells which instants
 * there are. One process has one death ahead of it at most.
 */
#ifndef DEATH_H
#define DEATH_H

#include <stdbool.h>
#include <stdint.h>

enum { DEATH_HITS = 1 << 20 };

/* When the hits of an unharmed run happened, in nanoseconds; shared with the process that runs. */
struct death_rehearsal {
    uint32_t hits;
    uint64_t times[DEATH_HITS + 2]; /* the start, every hit, the end */
};

struct death {
    struct death_rehearsal *rehearsal; /* fill this, and live; or NULL */
    bool captured;                     /* what it does is recorded, not only what it says */
    uint32_t hit;                      /* 0: the start of the workload */
    uint64_t nanoseconds;              /* so much later; 0: right there */
};

/* In the process that runs the workload, right before it begins. 0 or a negated errno. */
int death_await(const struct death *death);

/* A fault point is hit. Async-signal-safe. */
void death_pass_hit(void);

/* The workload is over: what a death that is still to come waits for. Returns in a rehearsal. */
void death_finish(void);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * One recovery in a process that may be lost: calling it, and seeing what became of the process.
 */
#ifndef RECOVERY_H
#define RECOVERY_H

#include <faultsim/explore.h>

#include <stdatomic.h>
#include <sys/types.h>

/* In shared memory: filled by the recovering process, read by the one that waits. */
struct recovery_slot {
    struct fsim_outcome outcome;
    uint8_t *evidence;
    _Atomic bool ended; /* recovery_in_child: it returned */
};

int recovery_slot_init(struct recovery_slot *slot);
void recovery_slot_deinit(struct recovery_slot *slot);

/* After a fork: signals back to their defaults, no core files, and an end with the parent's. */
void recovery_prepare_process(void);

/* Calls `recover` with a fresh outcome, and trims what it may have overdone. */
void recovery_run(const struct fsim_subject *subject, const char *directory,
                  struct recovery_slot *slot);

/* The recovering process ended with this status, `hung` if because of its time limit. */
void recovery_died(struct recovery_slot *slot, int status, bool hung, uint32_t time_limit_ms);

/* Waits for a child, at most so long (-1: for ever). Returns 1 with its status, 0 if it still runs,
 * or a negated errno. */
int recovery_wait(pid_t child, int timeout_ms, int *status);

/* Recovers in a process of its own that has so long. 0 with the outcome in the slot, whatever
 * became of the process, or a negated errno. */
int recovery_in_child(const struct fsim_subject *subject, const char *directory,
                      uint32_t time_limit_ms, struct recovery_slot *slot);

#endif

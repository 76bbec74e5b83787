/* SPDX-License-Identifier: MIT */
/*
 * How a call on an arena begins and ends, whichever module offers it: it is refused or gets the
 * lock, and a failure gets a text.
 */
#ifndef CALL_H
#define CALL_H

#include "arena.h"

enum call_access {
    CALL_READS,  /* looks at the state */
    CALL_MAPS,   /* changes mappings, not content */
    CALL_CHANGES /* needs an arena that is open for writing */
};

/* On success the lock is held. A refusal leaves the text of the failure that it comes from. */
int call_enter(pma_t *arena, enum call_access access);

/* For calls that need blocks and change the arena: what the fault handler owes is paid first. */
int call_enter_settled(pma_t *arena);

/* Gives the lock back and returns `result`; a failure without a text gets the name of the call. */
int call_finish(pma_t *arena, int result, const char *call);

/* The same for what is no failure, such as the end of a search. */
void call_leave(pma_t *arena);

#endif

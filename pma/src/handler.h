/* SPDX-License-Identifier: MIT */
/* The SIGSEGV handler: finds the arena that an address belongs to, and passes on what is nobody's.
 */
#ifndef HANDLER_H
#define HANDLER_H

#include "arena.h"

/*
 * While one thread opens or closes an arena, a fork by another one waits, so that no child inherits
 * half of one. The calls below are made in between. In a child, arenas are nobody's
 * (arena_disinherit), and faults in their ranges are not answered.
 */
void handler_hold_forks(void);
void handler_allow_forks(void);

/* From now on faults in the arena's range are answered. -ENFILE if too many arenas are open. */
int handler_watch(struct pma *arena);
void handler_forget(const struct pma *arena);

#endif

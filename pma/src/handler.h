/* SPDX-License-Identifier: MIT */
/* The SIGSEGV handler: finds the arena that an address belongs to, and passes on what is nobody's.
 */
#ifndef HANDLER_H
#define HANDLER_H

#include "arena.h"

/* From now on faults in the arena's range are answered. -ENFILE if too many arenas are open. */
int handler_watch(struct pma *arena);
void handler_forget(const struct pma *arena);

#endif

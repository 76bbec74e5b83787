/* SPDX-License-Identifier: MIT */
/*
 * Stands in front of nodes_reserve, nodes_take and nodes_give (linked with nodes_watch_link): lets
 * a reservation fail, and notices when more is taken than was reserved, which the size of a slab
 * would hide.
 */
#ifndef NODES_WATCH_H
#define NODES_WATCH_H

#include <stdbool.h>

/* The nth reservation from now on fails with -ENOMEM; 0 = never. */
extern unsigned nodes_watch_fail;

/* Whether more was ever taken than reserved. */
extern bool nodes_watch_overdrawn;

/* Nodes taken and not given back. */
extern long nodes_watch_out;

#endif

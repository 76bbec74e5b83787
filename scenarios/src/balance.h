/* SPDX-License-Identifier: MIT */
/*
 * What the running writer thinks of its blocks, compared with what its file says after a snapshot.
 * Recovery derives the free blocks anew, so a block that the writer loses shows nowhere else.
 */
#ifndef BALANCE_H
#define BALANCE_H

#include <pma/pma.h>

struct balance {
    uint8_t *roles;           /* one a block, as of the last check */
    uint64_t count;           /* of blocks */
    uint64_t roles_allocated; /* bytes */
    bool attempt_failed;      /* a snapshot, since the last acknowledged one */
};

void balance_deinit(struct balance *balance);

/* Begins anew with an arena that was just opened or made: no block of it is an ephemeral page's. */
void balance_reset(struct balance *balance);

/*
 * To be called when a snapshot was just acknowledged and nothing stored since. Every block must be
 * one thing: named by the snapshot, an ephemeral page's, free, or held for something older. 0, or 1
 * and a sentence, or a negative code of a failed call.
 */
int balance_check(struct balance *balance, pma_t *arena, const char *path, char *message,
                  size_t message_bytes);

#endif

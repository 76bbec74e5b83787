/* SPDX-License-Identifier: MIT */
/* The state that a file holds, as the offline checker reads it: page by page, the heap's too. */
#ifndef OFFLINE_H
#define OFFLINE_H

#include <pma/check.h>

#include "state.h"

struct offline {
    struct pma_check_report report;
    struct pma_check_meta metas[2];
    struct state_entries pages;
    struct fsim_digest digest; /* of pages, roots and event */
    char finding[256];         /* the first one, "" = none */
};

/* The code of pma_check. Starts zeroed, or with what an earlier call left. */
int offline_read(const char *path, enum pma_check_which which, struct offline *offline);
void offline_deinit(struct offline *offline);

#endif

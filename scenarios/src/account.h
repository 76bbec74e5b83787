/* SPDX-License-Identifier: MIT */
/* Looks things up in a trace: what a block's content is, who wrote it, which state has which pages.
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <faultsim/model.h>

#include "state.h"

enum { ACCOUNT_TEXT = 160 };

/* What a content is, as far as its bytes and the marks say: "meta page of snapshot 3", "directory
 * leaf", "data of page 4", "zeros". */
void account_role(const fsim_trace_t *trace, uint64_t content, char *text, size_t bytes);

/* How a change of the trace came about: "by `pwrite` in step 5 (write a), at pma/cow/copy". */
void account_writer(const fsim_trace_t *trace, size_t event, char *text, size_t bytes);

/* The index of the last event that the cursor applied and that gave the item this value; SIZE_MAX
 * if none did: it was so from the start. */
size_t account_write(const fsim_trace_t *trace, const fsim_cursor_t *cursor,
                     const struct fsim_item *item, uint64_t value);

/* The step under way at an event, 0 before the first; *name is its description. */
uint64_t account_step(const fsim_trace_t *trace, size_t event, const char **name);

/* What a mark says of its state; NULL if nothing. */
const struct state_description *account_state(const fsim_trace_t *trace, size_t mark);

/* Where the content of a part comes from: "what step 3 wrote", "zeros", ... */
void account_origin(const fsim_trace_t *trace, const struct state_entry *part, char *text,
                    size_t bytes);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Damaged blocks: what a medium can make of a block that is at rest there.
 *
 * A bit flips; the block reads as zeros; a write that was meant for another block came here; the
 * last write of this one never came. But for the first these are contents that the trace has
 * already.
 */
#ifndef DAMAGES_H
#define DAMAGES_H

#include <faultsim/model.h>

#include "choices.h"

enum { DAMAGE_FLIPS = 3 }; /* bits of a content that are flipped, one at a time */

/* What a block's damages are made from. */
struct damage_source {
    uint64_t own;   /* value */
    uint64_t stray; /* of another block; FSIM_ZEROS: there is none */
    uint64_t stale; /* what was on the medium before the last write; `own`: nothing else ever was */
};

/* The value itself, then each damage that differs from it and from the others; none if it is torn
 * or damaged already. -ENOMEM. */
int damages_find(const fsim_trace_t *trace, const struct damage_source *source,
                 struct choices *choices);

const void *damages_content(const fsim_trace_t *trace, uint64_t value,
                            unsigned char scratch[FSIM_BLOCK_SIZE]);

#endif

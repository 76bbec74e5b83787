/* SPDX-License-Identifier: MIT */
/*
 * Torn blocks: values that mix two versions of a block.
 *
 * Versions that differ in several sectors of 512 bytes mix by sector. Versions that differ within
 * one sector mix by words of 8 bytes: a record as small as that is written in one go, and some
 * stores count on its being whole.
 *
 * A mix is a value of its own that names the two versions and which of the differing parts are of
 * the older one, so it needs no memory until somebody looks at its bytes.
 */
#ifndef TEARS_H
#define TEARS_H

#include <faultsim/model.h>

#include "choices.h"

/* The versions first, then mixes of any two of them; no two have the same bytes. -ENOMEM. */
int tears_find(const fsim_trace_t *trace, const uint64_t *versions, uint32_t count, uint32_t limit,
               struct choices *choices);

const void *tears_content(const fsim_trace_t *trace, uint64_t value,
                          unsigned char scratch[FSIM_BLOCK_SIZE]);

#endif

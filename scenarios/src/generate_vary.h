/* SPDX-License-Identifier: MIT */
/* What is drawn for random scenarios: sizes, ranges and the arena; always the same from one seed.
 */
#ifndef GENERATE_VARY_H
#define GENERATE_VARY_H

#include "suite.h"

struct vary {
    uint64_t state;
};

/* For scenario number `number` of those that the seed stands for. */
struct vary vary_from(uint64_t seed, uint64_t number);
uint64_t vary_below(struct vary *vary, uint64_t limit); /* limit > 0 */

/* Changes the sizes of a step; its kind and names stay. */
void vary_step(struct vary *vary, struct step *step);

/* Changes how the arena is made, but not how large it is. */
void vary_arena(struct vary *vary, struct scenario *scenario);

/* Pages of a stack in generated scenarios. */
uint64_t generate_stack_pages(bool random);

#endif

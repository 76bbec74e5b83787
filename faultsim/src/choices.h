/* SPDX-License-Identifier: MIT */
/* All values that a model lets one block have after a crash, where they are more than its versions.
 */
#ifndef CHOICES_H
#define CHOICES_H

#include <stdbool.h>
#include <stdint.h>

struct choices {
    uint64_t *values;
    uint32_t count;
    uint32_t sound; /* these come first; the rest stand for damage */
    bool sampled;   /* there were more than the limit */
};

/* Empties it, with room for `most` values. -ENOMEM. */
int choices_reset(struct choices *choices, uint32_t most);
void choices_deinit(struct choices *choices);

#endif

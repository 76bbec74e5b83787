/* SPDX-License-Identifier: MIT */
/*
 * The distinct values that one item may have after a crash, latest first, each with the event that
 * last made it current.
 */
#ifndef VERSIONS_H
#define VERSIONS_H

#include <stdint.h>

struct versions {
    uint64_t *values; /* latest first; `single` while there is one only */
    uint64_t *events; /* the event that last made the value current */
    uint64_t single;
    uint32_t count, capacity;
};

static inline const uint64_t *versions_values(const struct versions *list)
{
    return list->count == 1 ? &list->single : list->values;
}

/* Starts with the one value 0. */
void versions_init(struct versions *list);
void versions_deinit(struct versions *list);

/* `value` becomes the current one. 1 if it is new, 0 if it was there, or -ENOMEM. */
int versions_change(struct versions *list, uint64_t value, uint64_t event);

/* `to` becomes what `from` is. -ENOMEM. */
int versions_copy(struct versions *to, const struct versions *from);

/*
 * Keeps the value `noted` and those that became current from event `begin` on. Returns how many it
 * dropped: they stand behind the kept ones, in list->values, until the next change.
 */
uint32_t versions_settle(struct versions *list, uint64_t noted, uint64_t begin);

#endif

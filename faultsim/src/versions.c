/* SPDX-License-Identifier: MIT */
#include "versions.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void versions_init(struct versions *list)
{
    *list = (struct versions){.count = 1};
}

void versions_deinit(struct versions *list)
{
    free(list->values);
    free(list->events);
}

static int reserve(struct versions *list, uint32_t count)
{
    if (count <= list->capacity)
        return 0;
    uint32_t capacity = list->capacity == 0 ? 4 : list->capacity * 2;
    if (capacity < count)
        capacity = count;
    uint64_t *values = realloc(list->values, capacity * sizeof *values);
    if (values != NULL)
        list->values = values;
    uint64_t *events = realloc(list->events, capacity * sizeof *events);
    if (events != NULL)
        list->events = events;
    if (values == NULL || events == NULL)
        return -ENOMEM;
    list->capacity = capacity;
    return 0;
}

int versions_change(struct versions *list, uint64_t value, uint64_t event)
{
    if (versions_values(list)[0] == value)
        return 0;
    if (reserve(list, list->count + 1) < 0)
        return -ENOMEM;
    if (list->count == 1) {
        list->values[0] = list->single;
        list->events[0] = 0;
    }
    uint32_t place = 0;
    while (place < list->count && list->values[place] != value)
        place++;
    bool is_new = place == list->count;
    list->count += is_new;
    memmove(list->values + 1, list->values, place * sizeof *list->values);
    memmove(list->events + 1, list->events, place * sizeof *list->events);
    list->values[0] = value;
    list->events[0] = event;
    return is_new;
}

int versions_copy(struct versions *to, const struct versions *from)
{
    if (from->count > 1) {
        if (reserve(to, from->count) < 0)
            return -ENOMEM;
        memcpy(to->values, from->values, from->count * sizeof *to->values);
        memcpy(to->events, from->events, from->count * sizeof *to->events);
    }
    to->single = from->single;
    to->count = from->count;
    return 0;
}

uint32_t versions_settle(struct versions *list, uint64_t noted, uint64_t begin)
{
    if (list->count == 1)
        return 0;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        uint64_t value = list->values[i], event = list->events[i];
        if (event < begin && value != noted)
            continue;
        list->values[i] = list->values[kept];
        list->events[i] = list->events[kept];
        list->values[kept] = value;
        list->events[kept++] = event;
    }
    uint32_t dropped = list->count - kept;
    list->count = kept;
    if (kept == 1)
        list->single = list->values[0];
    return dropped;
}

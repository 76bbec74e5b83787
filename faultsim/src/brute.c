/* SPDX-License-Identifier: MIT */
#include "brute.h"

#include <errno.h>
#include <stdlib.h>

#include "shared.h"
#include "tree.h"

enum { MAX_STATES = 1 << 26 };

struct state {
    uint64_t image;
    uint32_t outcome;
};

struct brute {
    struct state *states;
    struct shared_index index;
    uint32_t count;
};

int brute_new(struct brute **result)
{
    struct brute *brute = shared_reserve(sizeof *brute);
    if (brute == NULL)
        return -ENOMEM;
    brute->states = shared_reserve(MAX_STATES * sizeof *brute->states);
    if (shared_index_init(&brute->index, MAX_STATES) < 0 || brute->states == NULL) {
        brute_free(brute);
        return -ENOMEM;
    }
    *result = brute;
    return 0;
}

void brute_free(struct brute *brute)
{
    if (brute == NULL)
        return;
    shared_index_deinit(&brute->index);
    shared_release(brute->states, MAX_STATES * sizeof *brute->states);
    shared_release(brute, sizeof *brute);
}

size_t brute_memory(const struct brute *brute)
{
    return brute->count * (sizeof *brute->states + sizeof *brute->index.next);
}

int64_t brute_find(const struct brute *brute, uint64_t image)
{
    uint32_t at = shared_index_first(&brute->index, image);
    for (; at != 0; at = brute->index.next[at]) {
        if (brute->states[at - 1].image == image)
            return at - 1;
    }
    return -ENOENT;
}

uint32_t brute_outcome(const struct brute *brute, uint32_t state)
{
    return brute->states[state].outcome;
}

int brute_insert(struct brute *brute, uint64_t image, uint32_t outcome)
{
    if (brute->count == MAX_STATES)
        return -ENOMEM;
    brute->states[brute->count] = (struct state){image, outcome};
    shared_index_add(&brute->index, image, brute->count);
    brute->count++;
    return 0;
}

/* Enumerating. */

/* An item that is as it was before the trace began counts for nothing: it need not exist yet. */
static uint64_t hash_of(uint32_t item, uint64_t value)
{
    return value == 0 ? 0 : tree_mix(item, value);
}

static void note_state(struct enumeration *enumeration)
{
    enumeration->image = enumeration->determined;
    for (size_t i = 0; i < enumeration->count; i++) {
        enumeration->values[i] = enumeration->candidates[i][enumeration->digits[i]];
        enumeration->image += hash_of(enumeration->items[i], enumeration->values[i]);
    }
}

int enumeration_init(struct enumeration *enumeration, const fsim_cursor_t *cursor)
{
    *enumeration = (struct enumeration){.cursor = cursor};
    enumeration->count = cursor_undetermined(cursor, &enumeration->items);
    size_t room = enumeration->count + 1;
    enumeration->candidates = malloc(room * sizeof *enumeration->candidates);
    enumeration->sizes = malloc(room * sizeof *enumeration->sizes);
    enumeration->sound = malloc(room * sizeof *enumeration->sound);
    enumeration->damaged = enumeration->count;
    enumeration->digits = calloc(room, sizeof *enumeration->digits);
    enumeration->values = malloc(room * sizeof *enumeration->values);
    if (enumeration->candidates == NULL || enumeration->sizes == NULL ||
        enumeration->sound == NULL || enumeration->digits == NULL || enumeration->values == NULL) {
        enumeration_deinit(enumeration);
        return -ENOMEM;
    }
    size_t next = 0;
    for (uint32_t item = 0; item < cursor_items(cursor); item++) {
        const uint64_t *values;
        uint32_t size = (uint32_t)cursor_values(cursor, item, &values);
        if (next < enumeration->count && enumeration->items[next] == item) {
            enumeration->candidates[next] = values;
            enumeration->sound[next] = (uint32_t)cursor_sound(cursor, item);
            enumeration->sizes[next++] = size;
        } else {
            enumeration->determined += hash_of(item, values[0]);
        }
    }
    note_state(enumeration);
    return 0;
}

void enumeration_deinit(struct enumeration *enumeration)
{
    free(enumeration->candidates);
    free(enumeration->sizes);
    free(enumeration->sound);
    free(enumeration->digits);
    free(enumeration->values);
}

/* Turns one wheel; false if it is back at its start. */
static bool turn(struct enumeration *enumeration, size_t i)
{
    uint32_t *digit = &enumeration->digits[i];
    if (enumeration->damaged == i)
        enumeration->damaged = enumeration->count;
    bool may_be_damaged = enumeration->damaged == enumeration->count;
    if (++*digit == (may_be_damaged ? enumeration->sizes[i] : enumeration->sound[i]))
        *digit = 0;
    if (*digit >= enumeration->sound[i])
        enumeration->damaged = i;
    return *digit > 0;
}

bool enumeration_next(struct enumeration *enumeration)
{
    size_t i = 0;
    while (i < enumeration->count && !turn(enumeration, i))
        i++;
    if (i == enumeration->count)
        return false;
    note_state(enumeration);
    return true;
}

uint64_t enumeration_value(void *context, uint32_t item)
{
    const struct enumeration *enumeration = context;
    size_t low = 0, high = enumeration->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (enumeration->items[middle] == item)
            return enumeration->values[middle];
        if (enumeration->items[middle] < item)
            low = middle + 1;
        else
            high = middle;
    }
    const uint64_t *values;
    cursor_values(enumeration->cursor, item, &values);
    return values[0];
}

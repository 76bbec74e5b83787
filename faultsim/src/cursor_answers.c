/* SPDX-License-Identifier: MIT */
/* What a cursor answers: values, names and legal states of its instant, and how many crash states
 * these are. */
#include "cursor_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How many values a crash may leave. */
static uint32_t count_values(const struct item_state *state)
{
    return state->extended ? state->more.count : state->versions.count;
}

size_t cursor_values(const fsim_cursor_t *cursor, uint32_t index, const uint64_t **values)
{
    const struct item_state *state = &cursor->states[index];
    *values = state->extended ? state->more.values : versions_values(&state->versions);
    return count_values(state);
}

size_t cursor_sound(const fsim_cursor_t *cursor, uint32_t index)
{
    const struct item_state *state = &cursor->states[index];
    return state->extended ? state->more.sound : state->versions.count;
}

bool fsim_cursor_sampled(const fsim_cursor_t *cursor)
{
    bool sampled = false;
    for (size_t i = 0; i < cursor->open_count; i++) {
        const struct item_state *state = &cursor->states[cursor->open[i]];
        sampled = sampled || (state->extended && state->more.sampled);
    }
    return sampled;
}

uint64_t cursor_generation(const fsim_cursor_t *cursor)
{
    return cursor->generation;
}

enum fsim_model fsim_cursor_model(const fsim_cursor_t *cursor)
{
    return cursor->model;
}

size_t fsim_cursor_values(const fsim_cursor_t *cursor, struct fsim_item item,
                          const uint64_t **values)
{
    static const uint64_t nothing = 0;
    uint32_t index = cursor_find(cursor, item);
    if (index != CURSOR_NO_ITEM)
        return cursor_values(cursor, index, values);
    *values = &nothing;
    return 1;
}

size_t fsim_cursor_sound(const fsim_cursor_t *cursor, struct fsim_item item)
{
    uint32_t index = cursor_find(cursor, item);
    return index == CURSOR_NO_ITEM ? 1 : cursor_sound(cursor, index);
}

static int by_index(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* An item of a file to which no name can refer is not: no recovery can tell its values apart. */
static bool is_undetermined(const fsim_cursor_t *cursor, uint32_t item)
{
    return cursor->items[item].kind == FSIM_ITEM_NAME ||
           cursor->named[cursor->items[item].file] > 0;
}

static void list_undetermined(fsim_cursor_t *cursor)
{
    if (cursor->listed_generation == cursor->generation)
        return;
    cursor->listed_count = 0;
    for (size_t i = 0; i < cursor->open_count; i++) {
        if (is_undetermined(cursor, cursor->open[i]))
            cursor->listed[cursor->listed_count++] = cursor->open[i];
    }
    memcpy(cursor->listed + cursor->listed_count, cursor->damaged,
           cursor->damaged_count * sizeof *cursor->damaged);
    cursor->listed_count += cursor->damaged_count;
    qsort(cursor->listed, cursor->listed_count, sizeof *cursor->listed, by_index);
    for (size_t i = 0; i < cursor->listed_count; i++)
        cursor->listed_items[i] = cursor->items[cursor->listed[i]];
    cursor->listed_generation = cursor->generation;
}

size_t cursor_undetermined(const fsim_cursor_t *cursor, const uint32_t **indexes)
{
    list_undetermined((fsim_cursor_t *)cursor);
    *indexes = cursor->listed;
    return cursor->listed_count;
}

size_t fsim_cursor_undetermined(const fsim_cursor_t *cursor, const struct fsim_item **items)
{
    list_undetermined((fsim_cursor_t *)cursor);
    *items = cursor->listed_items;
    return cursor->listed_count;
}

size_t fsim_cursor_blocks(const fsim_cursor_t *cursor, uint32_t file)
{
    const uint64_t *lengths;
    size_t count =
        fsim_cursor_values(cursor, (struct fsim_item){FSIM_ITEM_LENGTH, file, 0}, &lengths);
    uint64_t longest = 0;
    for (size_t i = 0; i < count; i++)
        longest = lengths[i] > longest ? lengths[i] : longest;
    return (size_t)((longest + FSIM_BLOCK_SIZE - 1) / FSIM_BLOCK_SIZE);
}

size_t fsim_cursor_names(const fsim_cursor_t *cursor, const uint32_t **names)
{
    size_t count = 0;
    for (size_t i = 0; i < cursor->item_count; i++) {
        if (cursor->items[i].kind != FSIM_ITEM_NAME)
            continue;
        const struct versions *versions = &cursor->states[i].versions;
        if (versions->count > 1 || versions->single != FSIM_NO_FILE)
            cursor->names[count++] = cursor->items[i].file;
    }
    *names = cursor->names;
    return count;
}

uint64_t fsim_cursor_states(const fsim_cursor_t *cursor, double *log2_states)
{
    uint64_t states = 1;
    double logarithm = 0;
    bool exact = true;
    for (size_t i = 0; i < cursor->open_count; i++) {
        uint64_t values = count_values(&cursor->states[cursor->open[i]]);
        if (!is_undetermined(cursor, cursor->open[i]))
            continue;
        logarithm += log2((double)values);
        exact = exact && !__builtin_mul_overflow(states, values, &states) && states < (1ULL << 63);
    }
    exact = exact && !__builtin_mul_overflow(states, 1 + cursor->damages, &states) &&
            states < (1ULL << 63);
    logarithm += log2((double)(1 + cursor->damages));
    if (log2_states != NULL)
        *log2_states = logarithm;
    return exact ? states : UINT64_MAX;
}

size_t fsim_cursor_legal(const fsim_cursor_t *cursor, const size_t **marks)
{
    *marks = cursor->legal;
    return cursor->legal_count;
}

/* SPDX-License-Identifier: MIT */
#include "levels.h"

#include <stdlib.h>

enum { NO_BRANCH = SIZE_MAX };

void levels_deinit(struct levels *levels)
{
    for (uint32_t i = 0; i < levels->count; i++) {
        struct level *level = &levels->list[i];
        for (size_t k = 0; k < level->branch_count; k++) {
            free(level->branches[k].items);
            free(level->branches[k].values);
            free(level->branches[k].legal);
        }
        free(level->branches);
        free(level->branch_of);
        free(level->points);
        fsim_cursor_free(level->cursor);
    }
}

static int new_cursor(const struct levels *levels, fsim_cursor_t **cursor)
{
    const struct fsim_options *options = levels->options;
    int error = fsim_cursor_new(levels->trace, options->model, cursor);
    if (error == 0 && options->tear_limit > 0)
        fsim_cursor_limit_tears(*cursor, options->tear_limit);
    return error;
}

int levels_renew(struct levels *levels)
{
    int error = 0;
    for (uint32_t i = 0; error == 0 && i < levels->count; i++) {
        struct level *level = &levels->list[i];
        fsim_cursor_free(level->cursor);
        level->cursor = NULL;
        level->branch = NO_BRANCH;
        error = new_cursor(levels, &level->cursor);
    }
    return error;
}

/* To before the first event. Whoever holds the cursor keeps it. */
static int rewind_cursor(const struct levels *levels, fsim_cursor_t *cursor)
{
    fsim_cursor_t *fresh = NULL;
    int error = new_cursor(levels, &fresh);
    if (error == 0)
        error = cursor_copy(cursor, fresh);
    fsim_cursor_free(fresh);
    return error;
}

int levels_enter(struct levels *levels, uint32_t number, size_t index)
{
    struct level *level = &levels->list[number];
    const struct branch *branch = &level->branches[index];
    const size_t *legal = branch->legal;
    size_t legal_count = branch->legal_count;
    int error = levels_seek(levels, number - 1, branch->parent);
    if (error == 0)
        error = cursor_copy(level->cursor, levels->list[number - 1].cursor);
    if (error < 0)
        return error;
    if (legal == NULL)
        legal_count = fsim_cursor_legal(level->cursor, &legal);
    if (!branch->killed)
        cursor_power_fails(level->cursor, branch->items, branch->values, branch->count);
    level->branch = index;
    error = cursor_go_on(level->cursor, branch->span.first, legal, legal_count);
    return error < 0 ? error : fsim_cursor_advance(level->cursor, branch->span.first);
}

static bool is_past(const fsim_cursor_t *cursor, size_t event)
{
    const struct fsim_span *spans;
    size_t count = fsim_cursor_history(cursor, &spans);
    return spans[count - 1].end > event;
}

int levels_seek(struct levels *levels, uint32_t number, size_t point)
{
    struct level *level = &levels->list[number];
    size_t events = level->points[point].events;
    int error = 0;
    if (number > 0 && (level->branch != level->branch_of[point] || is_past(level->cursor, events)))
        error = levels_enter(levels, number, level->branch_of[point]);
    else if (number == 0 && is_past(level->cursor, events))
        error = rewind_cursor(levels, level->cursor);
    return error < 0 ? error : fsim_cursor_advance(level->cursor, events);
}

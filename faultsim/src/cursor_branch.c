/* SPDX-License-Identifier: MIT */
/* A cursor that goes through a crash and on in another part of the trace. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cursor_state.h"

static int copy_item(struct item_state *to, const struct item_state *from)
{
    to->open_slot = from->open_slot;
    to->written = from->written;
    to->failed = from->failed;
    to->stale = from->stale;
    to->has_stale = from->has_stale;
    to->extended = false;
    return versions_copy(&to->versions, &from->versions);
}

static void drop_syncs(fsim_cursor_t *cursor)
{
    while (cursor->sync_count > 0)
        free(cursor->syncs[--cursor->sync_count].notes);
}

int cursor_copy(fsim_cursor_t *to, const fsim_cursor_t *from)
{
    drop_syncs(to);
    for (size_t i = 0; i < from->item_count; i++) {
        if (copy_item(&to->states[i], &from->states[i]) < 0)
            return -ENOMEM;
    }
    memcpy(to->open, from->open, from->open_count * sizeof *to->open);
    to->open_count = from->open_count;
    memcpy(to->named, from->named, from->named_count * sizeof *to->named);
    memcpy(to->spans, from->spans, sizeof to->spans);
    to->span_count = from->span_count;
    to->applied = from->applied;
    to->power_failed = from->power_failed;
    to->began = from->began;
    to->damaged_generation = 0;
    if (to->generation < from->generation)
        to->generation = from->generation;
    return cursor_set_legal(to, from->legal, from->legal_count);
}

static void keep_one(fsim_cursor_t *cursor, uint32_t item, uint64_t value)
{
    struct item_state *state = &cursor->states[item];
    struct versions *versions = &state->versions;
    for (uint32_t i = 0; versions->count > 1 && i < versions->count; i++)
        cursor_count_name(cursor, item, versions->values[i], -1);
    if (versions->count > 1) {
        cursor_count_name(cursor, item, value, 1);
        cursor_close_item(cursor, item);
    }
    versions->single = value;
    versions->count = 1;
    state->extended = false;
}

void cursor_power_fails(fsim_cursor_t *cursor, const uint32_t *items, const uint64_t *values,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        keep_one(cursor, items[i], values[i]);
    cursor->power_failed = cursor->applied;
    for (size_t i = 0; i < cursor->open_count; i++)
        cursor->states[cursor->open[i]].failed = cursor->power_failed;
    cursor->generation++;
}

int cursor_go_on(fsim_cursor_t *cursor, size_t first, const size_t *legal, size_t legal_count)
{
    if (cursor->span_count == FSIM_DEEPEST)
        return -ENOSPC;
    drop_syncs(cursor);
    cursor->spans[cursor->span_count++] = (struct fsim_span){first, first};
    cursor->applied = first;
    return cursor_set_legal(cursor, legal, legal_count);
}

/* Versions of before the last recording are still among the item's, and can still be lost. */
static bool is_owed(const fsim_cursor_t *cursor, const struct item_state *state)
{
    const struct versions *versions = &state->versions;
    size_t began = cursor->spans[cursor->span_count - 1].first;
    uint32_t before = 0;
    while (before < versions->count && versions->events[before] >= began)
        before++;
    return before + 1 < versions->count && state->written >= cursor->power_failed;
}

bool cursor_owes(const fsim_cursor_t *cursor)
{
    for (size_t i = 0; i < cursor->open_count; i++) {
        if (is_owed(cursor, &cursor->states[cursor->open[i]]))
            return true;
    }
    return false;
}

size_t fsim_cursor_history(const fsim_cursor_t *cursor, const struct fsim_span **spans)
{
    *spans = cursor->spans;
    return cursor->span_count;
}

bool fsim_cursor_applied(const fsim_cursor_t *cursor, size_t event)
{
    for (size_t i = 0; i < cursor->span_count; i++) {
        if (event >= cursor->spans[i].first && event < cursor->spans[i].end)
            return true;
    }
    return false;
}

/* SPDX-License-Identifier: MIT */
/*
 * The cursor: which values each item may have at one instant of a trace.
 *
 * An item keeps the distinct values it may have, latest first, each with the event that last made
 * it current. A sync notes at its begin what every open item of its range is then; when it
 * succeeds, an item keeps what it was noted to be and whatever became current since the begin. An
 * item that had one value at the begin needs no note: all its values are that one and later ones.
 */
#include "cursor_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_GROWTH  2
#define DEFAULT_TEARS 256

/* Items by number. */

static size_t item_hash(struct fsim_item item)
{
    uint64_t hash = (item.number * 4 + item.kind) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ (hash >> 29) ^ item.file) * UINT64_C(0xbf58476d1ce4e5b9);
    return (size_t)(hash ^ (hash >> 32));
}

static uint32_t *slot_of(const fsim_cursor_t *cursor, struct fsim_item item)
{
    size_t slot = item_hash(item) & cursor->slot_mask;
    for (; cursor->slots[slot] != 0; slot = (slot + 1) & cursor->slot_mask) {
        const struct fsim_item *other = &cursor->items[cursor->slots[slot] - 1];
        if (other->kind == item.kind && other->file == item.file && other->number == item.number)
            break;
    }
    return &cursor->slots[slot];
}

size_t cursor_items(const fsim_cursor_t *cursor)
{
    return cursor->item_count;
}

uint32_t cursor_find(const fsim_cursor_t *cursor, struct fsim_item item)
{
    uint32_t found = *slot_of(cursor, item);
    return found == 0 ? CURSOR_NO_ITEM : found - 1;
}

struct fsim_item cursor_item(const fsim_cursor_t *cursor, uint32_t index)
{
    return cursor->items[index];
}

/* The item that an event changes, and its new value. False for events that change none. */
static bool changed_item(const struct fsim_event *event, struct fsim_item *item, uint64_t *value)
{
    switch (event->kind) {
    case FSIM_EV_WRITE:
        *item = (struct fsim_item){FSIM_ITEM_BLOCK, event->file, event->number};
        *value = event->value;
        return true;
    case FSIM_EV_LENGTH:
        *item = (struct fsim_item){FSIM_ITEM_LENGTH, event->file, 0};
        *value = event->value;
        return true;
    case FSIM_EV_NAME:
        *item = (struct fsim_item){FSIM_ITEM_NAME, event->name, 0};
        *value = event->file;
        return true;
    default:
        return false;
    }
}

/* Numbers all items that the trace changes. */
static int number_items(fsim_cursor_t *cursor)
{
    struct fsim_item item;
    uint64_t value;
    uint32_t files = 0;
    size_t changes = 0, events = fsim_trace_events(cursor->trace);
    for (size_t i = 0; i < events; i++) {
        const struct fsim_event *event = fsim_trace_event(cursor->trace, i);
        changes += changed_item(event, &item, &value);
        files = event->file > files ? event->file : files;
    }

    size_t slots = 16;
    while (slots < changes * 2)
        slots *= 2;
    cursor->slot_mask = slots - 1;
    cursor->slots = calloc(slots, sizeof *cursor->slots);
    cursor->items = malloc((changes + 1) * sizeof *cursor->items);
    cursor->named_count = (size_t)files + 1;
    cursor->named = calloc(cursor->named_count, sizeof *cursor->named);
    if (cursor->slots == NULL || cursor->items == NULL || cursor->named == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < events; i++) {
        if (!changed_item(fsim_trace_event(cursor->trace, i), &item, &value))
            continue;
        uint32_t *slot = slot_of(cursor, item);
        if (*slot == 0) {
            cursor->items[cursor->item_count++] = item;
            *slot = (uint32_t)cursor->item_count;
        }
    }
    return 0;
}

int fsim_cursor_new(const fsim_trace_t *trace, enum fsim_model model, fsim_cursor_t **result)
{
    fsim_cursor_t *cursor = calloc(1, sizeof *cursor);
    if (cursor == NULL)
        return -ENOMEM;
    cursor->trace = trace;
    cursor->model = model;
    cursor->rules = model_rules(model);
    cursor->tear_limit = DEFAULT_TEARS;
    cursor->span_count = 1;
    cursor->generation = 1;
    int error = number_items(cursor);
    if (error < 0)
        goto failed;

    size_t items = cursor->item_count + 1;
    cursor->states = calloc(items, sizeof *cursor->states);
    cursor->open = malloc(items * sizeof *cursor->open);
    cursor->damaged = malloc(items * sizeof *cursor->damaged);
    cursor->listed = malloc(items * sizeof *cursor->listed);
    cursor->listed_items = malloc(items * sizeof *cursor->listed_items);
    cursor->names = malloc(items * sizeof *cursor->names);
    if (cursor->states == NULL || cursor->open == NULL || cursor->damaged == NULL ||
        cursor->listed == NULL || cursor->listed_items == NULL || cursor->names == NULL) {
        error = -ENOMEM;
        goto failed;
    }
    for (size_t i = 0; i < cursor->item_count; i++)
        versions_init(&cursor->states[i].versions);
    *result = cursor;
    return 0;
failed:
    fsim_cursor_free(cursor);
    return error;
}

void fsim_cursor_free(fsim_cursor_t *cursor)
{
    if (cursor == NULL)
        return;
    for (size_t i = 0; cursor->states != NULL && i < cursor->item_count; i++) {
        versions_deinit(&cursor->states[i].versions);
        choices_deinit(&cursor->states[i].more);
    }
    for (size_t i = 0; i < cursor->sync_count; i++)
        free(cursor->syncs[i].notes);
    free(cursor->syncs);
    free(cursor->items);
    free(cursor->states);
    free(cursor->slots);
    free(cursor->open);
    free(cursor->damaged);
    free(cursor->named);
    free(cursor->legal);
    free(cursor->listed);
    free(cursor->listed_items);
    free(cursor->names);
    free(cursor);
}

/* Versions. */

void cursor_count_name(fsim_cursor_t *cursor, uint32_t item, uint64_t file, int change)
{
    if (cursor->items[item].kind == FSIM_ITEM_NAME && file != FSIM_NO_FILE)
        cursor->named[file] += (uint32_t)change;
}

static void open_item(fsim_cursor_t *cursor, uint32_t item)
{
    cursor->states[item].open_slot = (uint32_t)cursor->open_count;
    cursor->open[cursor->open_count++] = item;
}

void cursor_close_item(fsim_cursor_t *cursor, uint32_t item)
{
    uint32_t slot = cursor->states[item].open_slot;
    uint32_t last = cursor->open[--cursor->open_count];
    cursor->open[slot] = last;
    cursor->states[last].open_slot = slot;
}

static void note_change(fsim_cursor_t *cursor, struct item_state *state)
{
    cursor->generation++;
    state->extended = false;
}

/* `value` becomes the item's current one. */
static int change_item(fsim_cursor_t *cursor, uint32_t item, uint64_t value, uint64_t event)
{
    struct item_state *state = &cursor->states[item];
    struct versions *versions = &state->versions;
    if (state->failed > state->written)
        cursor->generation++;
    state->written = event;
    if (versions_values(versions)[0] == value)
        return 0;
    note_change(cursor, state);
    if (cursor->rules->keeps_cache) {
        cursor_count_name(cursor, item, versions->single, -1);
        cursor_count_name(cursor, item, value, 1);
        versions->single = value;
        return 0;
    }
    int added = versions_change(versions, value, event);
    if (added <= 0)
        return added;
    if (versions->count == 2)
        open_item(cursor, item);
    cursor_count_name(cursor, item, value, 1);
    return 0;
}

/* A sync that began at event `begin`, when the item was `noted`, made it durable. */
static void settle_item(fsim_cursor_t *cursor, uint32_t item, uint64_t noted, uint64_t begin)
{
    struct item_state *state = &cursor->states[item];
    struct versions *versions = &state->versions;
    uint64_t oldest = versions_values(versions)[versions->count - 1];
    uint32_t dropped = versions_settle(versions, noted, begin);
    if (dropped == 0)
        return;
    note_change(cursor, state);
    state->stale = oldest;
    state->has_stale = true;
    for (uint32_t i = 0; i < dropped; i++)
        cursor_count_name(cursor, item, versions->values[versions->count + i], -1);
    if (versions->count == 1)
        cursor_close_item(cursor, item);
}

/* Syncs. */

static bool in_range(const struct fsim_item *item, const struct fsim_event *sync)
{
    if (sync->file == FSIM_NO_FILE)
        return item->kind == FSIM_ITEM_NAME;
    if (item->kind == FSIM_ITEM_NAME || item->file != sync->file)
        return false;
    if (sync->value == 0)
        return true;
    if (sync->number == FSIM_SYNC_LENGTH)
        return item->kind == FSIM_ITEM_LENGTH;
    return item->kind == FSIM_ITEM_BLOCK && item->number >= sync->number &&
           item->number - sync->number < sync->value;
}

static int begin_sync(fsim_cursor_t *cursor, const struct fsim_event *event, uint64_t index)
{
    if (cursor->sync_count == cursor->sync_capacity) {
        size_t capacity = cursor->sync_capacity == 0 ? 4 : cursor->sync_capacity * ARRAY_GROWTH;
        struct pending_sync *syncs = realloc(cursor->syncs, capacity * sizeof *syncs);
        if (syncs == NULL)
            return -ENOMEM;
        cursor->syncs = syncs;
        cursor->sync_capacity = capacity;
    }
    struct pending_sync sync = {.begin = index};
    sync.notes = malloc((cursor->open_count + 1) * sizeof *sync.notes);
    if (sync.notes == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < cursor->open_count; i++) {
        uint32_t item = cursor->open[i];
        const struct item_state *state = &cursor->states[item];
        bool clean = state->failed > state->written;
        if (in_range(&cursor->items[item], event) && !clean)
            sync.notes[sync.count++] = (struct note){item, state->versions.values[0]};
    }
    cursor->syncs[cursor->sync_count++] = sync;
    return 0;
}

/*
 * Any block of its range may have been what failed, also one that was written while it went on.
 * What a file system keeps in its journal, lengths and names, it does not forget.
 */
static void fail_sync(fsim_cursor_t *cursor, const struct pending_sync *sync, uint64_t index)
{
    const struct fsim_event *begun = fsim_trace_event(cursor->trace, sync->begin);
    for (size_t i = 0; cursor->rules->drops_failed && i < cursor->open_count; i++) {
        uint32_t item = cursor->open[i];
        if (cursor->items[item].kind == FSIM_ITEM_BLOCK && in_range(&cursor->items[item], begun))
            cursor->states[item].failed = index;
    }
    cursor->generation++;
}

static void succeed_sync(fsim_cursor_t *cursor, const struct pending_sync *sync)
{
    if (cursor->rules->lies && cursor->began)
        return;
    for (size_t i = 0; i < sync->count; i++) {
        const struct note *note = &sync->notes[i];
        if (cursor->states[note->item].failed < sync->begin)
            settle_item(cursor, note->item, note->value, sync->begin);
    }
}

static void end_sync(fsim_cursor_t *cursor, const struct fsim_event *event, uint64_t index)
{
    for (size_t i = 0; i < cursor->sync_count; i++) {
        struct pending_sync *sync = &cursor->syncs[i];
        if (sync->begin != event->number)
            continue;
        if (event->value == 0)
            succeed_sync(cursor, sync);
        else
            fail_sync(cursor, sync, index);
        free(sync->notes);
        *sync = cursor->syncs[--cursor->sync_count];
        return;
    }
}

/* Marks. */

static int reserve_legal(fsim_cursor_t *cursor, size_t count)
{
    size_t capacity = cursor->legal_capacity == 0 ? 8 : cursor->legal_capacity;
    while (capacity < count)
        capacity *= ARRAY_GROWTH;
    if (capacity == cursor->legal_capacity)
        return 0;
    size_t *legal = realloc(cursor->legal, capacity * sizeof *legal);
    if (legal == NULL)
        return -ENOMEM;
    cursor->legal = legal;
    cursor->legal_capacity = capacity;
    return 0;
}

int cursor_set_legal(fsim_cursor_t *cursor, const size_t *legal, size_t count)
{
    if (reserve_legal(cursor, count) < 0)
        return -ENOMEM;
    if (count > 0)
        memmove(cursor->legal, legal, count * sizeof *legal);
    cursor->legal_count = count;
    cursor->generation++;
    return 0;
}

static int add_mark(fsim_cursor_t *cursor, size_t index)
{
    const struct fsim_mark *mark = fsim_trace_mark(cursor->trace, index);
    if (mark->kind == FSIM_MARK_ACK)
        cursor->legal_count = 0;
    for (size_t i = 0; i < cursor->legal_count; i++) {
        const struct fsim_mark *other = fsim_trace_mark(cursor->trace, cursor->legal[i]);
        if (fsim_digest_equal(other->state, mark->state))
            return 0;
    }
    if (reserve_legal(cursor, cursor->legal_count + 1) < 0)
        return -ENOMEM;
    cursor->legal[cursor->legal_count++] = index;
    cursor->generation++;
    return 0;
}

static int apply(fsim_cursor_t *cursor, size_t index)
{
    const struct fsim_event *event = fsim_trace_event(cursor->trace, index);
    struct fsim_item item;
    uint64_t value;
    if (changed_item(event, &item, &value))
        return change_item(cursor, cursor_find(cursor, item), value, index);
    switch (event->kind) {
    case FSIM_EV_SYNC_BEGIN:
        return cursor->rules->keeps_cache ? 0 : begin_sync(cursor, event, index);
    case FSIM_EV_SYNC_END:
        end_sync(cursor, event, index);
        return 0;
    case FSIM_EV_MARK:
        return add_mark(cursor, event->number);
    case FSIM_EV_CALL:
    case FSIM_EV_POINT:
        cursor->began = true;
        return 0;
    default:
        return 0;
    }
}

/* Now, since values are asked for where no memory can be had. */
static int mix_versions(fsim_cursor_t *cursor)
{
    for (size_t i = 0; i < cursor->open_count; i++) {
        struct item_state *state = &cursor->states[cursor->open[i]];
        if (state->extended || cursor->items[cursor->open[i]].kind != FSIM_ITEM_BLOCK)
            continue;
        int error = tears_find(cursor->trace, state->versions.values, state->versions.count,
                               cursor->tear_limit, &state->more);
        if (error < 0)
            return error;
        state->extended = true;
    }
    return 0;
}

void fsim_cursor_limit_tears(fsim_cursor_t *cursor, uint32_t limit)
{
    cursor->tear_limit = limit;
}

int fsim_cursor_advance(fsim_cursor_t *cursor, size_t event)
{
    if (event < cursor->applied || event > fsim_trace_events(cursor->trace))
        return -EINVAL;
    while (cursor->applied < event) {
        int error = apply(cursor, cursor->applied);
        if (error < 0)
            return error;
        cursor->applied++;
    }
    cursor->spans[cursor->span_count - 1].end = cursor->applied;
    if (cursor->rules->decays)
        return cursor_damage_items(cursor);
    return cursor->rules->tears ? mix_versions(cursor) : 0;
}

/* SPDX-License-Identifier: MIT */
#include "disk_states.h"

#include <errno.h>
#include <faultsim/model.h>
#include <stdlib.h>

struct walk {
    struct disk_states *states;
    fsim_cursor_t *cursor;
    uint64_t *contents;
    struct disk_state state;
    int (*visit)(void *context, const struct disk_state *state);
    void *context;
    uint64_t draws;
};

static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t hash = (a + 1) * UINT64_C(0x9e3779b97f4a7c15) + b;
    hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
    return hash ^ (hash >> 31);
}

static void put(struct walk *walk, uint64_t block, uint64_t content)
{
    walk->state.hash += mix(content, block) - mix(walk->contents[block], block);
    walk->contents[block] = content;
}

static int visit(struct walk *walk)
{
    return walk->visit(walk->context, &walk->state);
}

/* Which of the values of each undetermined block the disk has. */
enum choice { LATEST, OLDEST, DRAWN };

static size_t choose(struct walk *walk, enum choice choice, size_t count)
{
    switch (choice) {
    case LATEST:
        return 0;
    case OLDEST:
        return count - 1;
    case DRAWN:
        break;
    }
    return mix(walk->states->seed, walk->draws++) % count;
}

/* All blocks by one choice but the one numbered `except`, which is by another. */
static int visit_choice(struct walk *walk, enum choice choice, size_t except, enum choice other)
{
    const struct fsim_item *items;
    const uint64_t *values;
    size_t open = fsim_cursor_undetermined(walk->cursor, &items);
    for (size_t i = 0; i < open; i++) {
        size_t count = fsim_cursor_values(walk->cursor, items[i], &values);
        put(walk, items[i].number, values[choose(walk, i == except ? other : choice, count)]);
    }
    return visit(walk);
}

static int visit_some(struct walk *walk)
{
    const struct fsim_item *items;
    size_t open = fsim_cursor_undetermined(walk->cursor, &items);
    int result = 0;
    walk->states->sampled = true;
    for (size_t i = 0; result == 0 && i < open; i++) {
        result = visit_choice(walk, LATEST, i, OLDEST);
        if (result == 0)
            result = visit_choice(walk, OLDEST, i, LATEST);
    }
    for (uint64_t i = 0; result == 0 && i < walk->states->drawn; i++)
        result = visit_choice(walk, DRAWN, open, DRAWN);
    return result;
}

static int visit_all(struct walk *walk, const struct fsim_item *items, size_t open)
{
    const uint64_t *values;
    int result = 0;
    if (open == 0)
        return visit(walk);
    size_t count = fsim_cursor_values(walk->cursor, items[0], &values);
    for (size_t i = 0; result == 0 && i < count; i++) {
        put(walk, items[0].number, values[i]);
        result = visit_all(walk, items + 1, open - 1);
    }
    return result;
}

/* What may be on the disk right now, and back to what was written last. */
static int visit_choices(struct walk *walk)
{
    const struct fsim_item *items;
    const uint64_t *values;
    size_t open = fsim_cursor_undetermined(walk->cursor, &items);
    bool few = fsim_cursor_states(walk->cursor, NULL) <= walk->states->limit;
    int result = few ? visit_all(walk, items, open) : visit_some(walk);
    for (size_t i = 0; i < open; i++) {
        fsim_cursor_values(walk->cursor, items[i], &values);
        put(walk, items[i].number, values[0]);
    }
    return result;
}

static uint64_t next_beacon(const struct disk_states *states, size_t index)
{
    const fsim_trace_t *trace = states->log->trace;
    for (; index < fsim_trace_events(trace); index++)
        if (fsim_trace_event(trace, index)->kind == FSIM_EV_STEP)
            return fsim_trace_event(trace, index)->number;
    return states->last;
}

static int step(struct walk *walk, size_t index, bool *begun)
{
    const fsim_trace_t *trace = walk->states->log->trace;
    const struct fsim_event *event = fsim_trace_event(trace, index);
    int result = 0;
    if (*begun && event->kind == FSIM_EV_SYNC_BEGIN)
        result = visit_choices(walk);
    if (result == 0)
        result = fsim_cursor_advance(walk->cursor, index + 1);
    if (event->kind == FSIM_EV_WRITE)
        put(walk, event->number, event->value);
    if (event->kind == FSIM_EV_STEP) {
        *begun = true;
        walk->state.earliest = event->number;
        walk->state.latest = next_beacon(walk->states, index + 1);
    }
    if (result == 0 && *begun && (event->kind == FSIM_EV_WRITE || event->kind == FSIM_EV_STEP))
        result = visit(walk);
    return result;
}

int disk_states_each(struct disk_states *states,
                     int (*visitor)(void *context, const struct disk_state *state), void *context)
{
    const fsim_trace_t *trace = states->log->trace;
    struct walk walk = {.states = states,
                        .contents = calloc(states->blocks, sizeof(uint64_t)),
                        .visit = visitor,
                        .context = context};
    int result =
        walk.contents == NULL ? -ENOMEM : fsim_cursor_new(trace, FSIM_POWER_LOSS, &walk.cursor);
    bool begun = false;
    walk.state.contents = walk.contents;
    for (size_t i = 0; result == 0 && i < fsim_trace_events(trace); i++)
        result = step(&walk, i, &begun);
    if (result == 0)
        result = visit_choices(&walk);
    fsim_cursor_free(walk.cursor);
    free(walk.contents);
    return result;
}

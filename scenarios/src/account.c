/* SPDX-License-Identifier: MIT */
#include "account.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <faultsim/model.h>

/* What tells the blocks of an arena file apart: docs/format.md. */
static const unsigned char meta_magic[8] = {0x89, 'P', 'M', 'A', '\r', '\n', 0x1a, '\n'};
enum {
    NODE_DIRECTORY = 0x52494450,
    NODE_SUMS = 0x4d555350,
    OFFSET_LEVEL = 4,
    OFFSET_META_SNAPSHOT = 40,
};

const struct state_description *account_state(const fsim_trace_t *trace, size_t mark)
{
    const struct fsim_mark *of = fsim_trace_mark(trace, mark);

    return state_description(fsim_trace_payload(trace, of), of->payload_bytes);
}

/* A part of some mark's state that has this content; the one at the same place if there is one. */
static const struct state_part *part_with(const fsim_trace_t *trace,
                                          const struct state_entry *wanted)
{
    const struct state_part *found = NULL;

    for (size_t i = 0; i < fsim_trace_marks(trace); i++) {
        const struct state_description *state = account_state(trace, i);

        for (uint64_t k = 0; state != NULL && k < state->part_count; k++) {
            const struct state_part *at = &state_parts(state)[k];

            if (!fsim_digest_equal(at->is.digest, wanted->digest))
                continue;
            if (state_entry_order(&at->is, wanted) == 0)
                return at;
            found = at;
        }
    }
    return found;
}

/* Whether the states of the marks have a heap, whose pages they do not tell one by one. */
static bool has_heap(const fsim_trace_t *trace)
{
    for (size_t i = 0; i < fsim_trace_marks(trace); i++) {
        const struct state_description *state = account_state(trace, i);

        /* Objects and nouns come after pages. */
        if (state != NULL && state->part_count > 0 &&
            state_parts(state)[state->part_count - 1].is.kind != STATE_PAGE)
            return true;
    }
    return false;
}

/* What a content is by its own account. */
static void role_of_version(const fsim_trace_t *trace, uint64_t content, char *text, size_t bytes)
{
    const unsigned char *block = content == FSIM_ZEROS ? NULL : fsim_trace_content(trace, content);
    struct state_entry wanted = {.kind = STATE_PAGE, .place = UINT64_MAX};
    const struct state_part *page;
    uint64_t snapshot;
    uint32_t kind;
    uint16_t level;

    if (block == NULL) {
        snprintf(text, bytes, "zeros");
        return;
    }
    memcpy(&kind, block, sizeof kind);
    memcpy(&level, block + OFFSET_LEVEL, sizeof level);
    memcpy(&snapshot, block + OFFSET_META_SNAPSHOT, sizeof snapshot);
    wanted.digest = fsim_trace_content_digest(trace, content);
    page = part_with(trace, &wanted);
    if (memcmp(block, meta_magic, sizeof meta_magic) == 0)
        snprintf(text, bytes, "meta page of snapshot %" PRIu64, snapshot);
    else if (kind == NODE_DIRECTORY && level == 0)
        snprintf(text, bytes, "directory leaf");
    else if (kind == NODE_DIRECTORY)
        snprintf(text, bytes, "directory node of level %u", level);
    else if (kind == NODE_SUMS)
        snprintf(text, bytes, "checksum node of level %u", level);
    else if (page != NULL && page->is.kind == STATE_PAGE)
        snprintf(text, bytes, "data of page %" PRIu64, page->is.place);
    else
        snprintf(text, bytes,
                 has_heap(trace) ? "data of the heap, or that no snapshot has"
                                 : "data that no snapshot has");
}

void account_role(const fsim_trace_t *trace, uint64_t value, char *text, size_t bytes)
{
    char one[ACCOUNT_TEXT / 2], other[ACCOUNT_TEXT / 2];
    uint64_t newer, older, content, bit;

    if (fsim_value_flipped(value, &content, &bit)) {
        role_of_version(trace, content, one, sizeof one);
        snprintf(text, bytes, "%s, but for bit %" PRIu64 " of byte %" PRIu64, one, bit % 8,
                 bit / 8);
        return;
    }
    if (!fsim_value_torn(value, &newer, &older)) {
        role_of_version(trace, value, text, bytes);
        return;
    }
    role_of_version(trace, newer, one, sizeof one);
    role_of_version(trace, older, other, sizeof other);
    snprintf(text, bytes, "a mix of %s and %s", one, other);
}

uint64_t account_step(const fsim_trace_t *trace, size_t event, const char **name)
{
    *name = "opening the arena";
    for (size_t i = event + 1; i-- > 0;) {
        const struct fsim_event *at = fsim_trace_event(trace, i);

        if (at->kind == FSIM_EV_STEP) {
            *name = fsim_trace_string(trace, at->name);
            return at->number;
        }
    }
    return 0;
}

static bool changes_blocks(const char *call)
{
    return strcmp(call, "pwrite") == 0 || strcmp(call, "write") == 0 ||
           strcmp(call, "fallocate") == 0 || strcmp(call, "ftruncate") == 0;
}

/* The call that made a change, or NULL for a store through a mapping, which is seen only later. */
static const char *call_of(const fsim_trace_t *trace, size_t event)
{
    const struct fsim_event *change = fsim_trace_event(trace, event);

    for (size_t i = event; i-- > 0;) {
        const struct fsim_event *at = fsim_trace_event(trace, i);

        if (at->kind == FSIM_EV_CALL) {
            const char *name = fsim_trace_string(trace, at->name);

            return change->kind != FSIM_EV_WRITE || changes_blocks(name) ? name : NULL;
        }
        if (at->kind != FSIM_EV_WRITE && at->kind != FSIM_EV_LENGTH && at->kind != FSIM_EV_NAME)
            return NULL;
    }
    return NULL;
}

static const char *point_of(const fsim_trace_t *trace, size_t event)
{
    for (size_t i = event; i-- > 0;) {
        const struct fsim_event *at = fsim_trace_event(trace, i);

        if (at->kind == FSIM_EV_POINT)
            return fsim_trace_string(trace, at->name);
        if (at->kind == FSIM_EV_STEP)
            return NULL;
    }
    return NULL;
}

void account_writer(const fsim_trace_t *trace, size_t event, char *text, size_t bytes)
{
    const char *name, *call = call_of(trace, event), *point = point_of(trace, event);
    uint64_t step = account_step(trace, event, &name);
    char by[48];

    snprintf(by, sizeof by, call != NULL ? "by `%s`" : "by a store to memory", call);
    if (call != NULL && point != NULL)
        snprintf(text, bytes, "%s in step %" PRIu64 " (%s), at %s", by, step, name, point);
    else
        snprintf(text, bytes, "%s in step %" PRIu64 " (%s)", by, step, name);
}

static bool gives(const struct fsim_event *event, const struct fsim_item *item, uint64_t value)
{
    switch (item->kind) {
    case FSIM_ITEM_BLOCK:
        return event->kind == FSIM_EV_WRITE && event->file == item->file &&
               event->number == item->number && event->value == value;
    case FSIM_ITEM_LENGTH:
        return event->kind == FSIM_EV_LENGTH && event->file == item->file && event->value == value;
    default:
        return event->kind == FSIM_EV_NAME && event->name == item->file && event->file == value;
    }
}

size_t account_write(const fsim_trace_t *trace, const fsim_cursor_t *cursor,
                     const struct fsim_item *item, uint64_t value)
{
    const struct fsim_span *spans;

    for (size_t k = fsim_cursor_history(cursor, &spans); k-- > 0;)
        for (size_t i = spans[k].end; i-- > spans[k].first;)
            if (gives(fsim_trace_event(trace, i), item, value))
                return i;
    return SIZE_MAX;
}

/* The last write of a content that no state has, as a place; false if it never was in the trace. */
static bool passing_content(const fsim_trace_t *trace, struct fsim_digest digest, char *text,
                            size_t bytes)
{
    for (size_t i = fsim_trace_events(trace); i-- > 0;) {
        const struct fsim_event *at = fsim_trace_event(trace, i);
        const char *name;

        if (at->kind != FSIM_EV_WRITE || at->value == FSIM_ZEROS ||
            !fsim_digest_equal(fsim_trace_content_digest(trace, at->value), digest))
            continue;
        snprintf(text, bytes, "what block %" PRIu64 " held for a while in step %" PRIu64,
                 at->number, account_step(trace, i, &name));
        return true;
    }
    return false;
}

static void name_maker(const struct state_part *part, char *text, size_t bytes)
{
    if (part->step == STATE_RESUMED)
        snprintf(text, bytes, "what the work after the crash wrote");
    else
        snprintf(text, bytes, "what step %" PRIu64 " wrote", part->step);
}

void account_origin(const fsim_trace_t *trace, const struct state_entry *part, char *text,
                    size_t bytes)
{
    const struct state_part *of;
    char name[64];

    if (fsim_digest_equal(part->digest, state_zeros_digest())) {
        snprintf(text, bytes, "zeros, as if nothing had ever been stored there");
        return;
    }
    of = part_with(trace, part);
    if (of == NULL) {
        if (!passing_content(trace, part->digest, text, bytes))
            snprintf(text, bytes, "bytes that no step wrote");
    } else if (state_entry_order(&of->is, part) == 0) {
        name_maker(of, text, bytes);
    } else {
        char maker[64];

        state_entry_name(&of->is, name, sizeof name);
        name_maker(of, maker, sizeof maker);
        snprintf(text, bytes, "%s to %s", maker, name);
    }
}

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

const struct state_page *account_page(const struct state_description *state, uint64_t page)
{
    const struct state_page *pages = state_pages(state);

    for (uint64_t i = 0; i < state->page_count; i++)
        if (pages[i].page == page)
            return &pages[i];
    return NULL;
}

/* A page of some mark's state that has this content; of `page` if there is one. */
static const struct state_page *page_with(const fsim_trace_t *trace, struct fsim_digest digest,
                                          uint64_t page)
{
    const struct state_page *found = NULL;

    for (size_t i = 0; i < fsim_trace_marks(trace); i++) {
        const struct state_description *state = account_state(trace, i);

        for (uint64_t k = 0; state != NULL && k < state->page_count; k++) {
            const struct state_page *at = &state_pages(state)[k];

            if (!fsim_digest_equal(at->digest, digest))
                continue;
            if (at->page == page)
                return at;
            found = at;
        }
    }
    return found;
}

void account_role(const fsim_trace_t *trace, uint64_t content, char *text, size_t bytes)
{
    const unsigned char *block = content == FSIM_ZEROS ? NULL : fsim_trace_content(trace, content);
    const struct state_page *page;
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
    page = page_with(trace, fsim_trace_content_digest(trace, content), UINT64_MAX);
    if (memcmp(block, meta_magic, sizeof meta_magic) == 0)
        snprintf(text, bytes, "meta page of snapshot %" PRIu64, snapshot);
    else if (kind == NODE_DIRECTORY && level == 0)
        snprintf(text, bytes, "directory leaf");
    else if (kind == NODE_DIRECTORY)
        snprintf(text, bytes, "directory node of level %u", level);
    else if (kind == NODE_SUMS)
        snprintf(text, bytes, "checksum node of level %u", level);
    else if (page != NULL)
        snprintf(text, bytes, "data of page %" PRIu64, page->page);
    else
        snprintf(text, bytes, "data that no snapshot has");
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

size_t account_write(const fsim_trace_t *trace, size_t end, uint32_t kind, uint32_t file,
                     uint64_t number, uint64_t value)
{
    for (size_t i = end; i-- > 0;) {
        const struct fsim_event *at = fsim_trace_event(trace, i);

        if (kind == FSIM_ITEM_BLOCK && at->kind == FSIM_EV_WRITE && at->file == file &&
            at->number == number && at->value == value)
            return i;
        if (kind == FSIM_ITEM_LENGTH && at->kind == FSIM_EV_LENGTH && at->file == file &&
            at->value == value)
            return i;
        if (kind == FSIM_ITEM_NAME && at->kind == FSIM_EV_NAME && at->name == file &&
            at->file == value)
            return i;
    }
    return end;
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

void account_origin(const fsim_trace_t *trace, uint64_t page, struct fsim_digest digest, char *text,
                    size_t bytes)
{
    const struct state_page *of;

    if (fsim_digest_equal(digest, state_zeros_digest())) {
        snprintf(text, bytes, "zeros, as if nothing had ever been stored there");
        return;
    }
    of = page_with(trace, digest, page);
    if (of != NULL && of->page == page)
        snprintf(text, bytes, "what step %" PRIu64 " wrote", of->step);
    else if (of != NULL)
        snprintf(text, bytes, "what step %" PRIu64 " wrote to page %" PRIu64, of->step, of->page);
    else if (!passing_content(trace, digest, text, bytes))
        snprintf(text, bytes, "bytes that no step wrote");
}

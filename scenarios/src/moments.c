/* SPDX-License-Identifier: MIT */
#include "moments.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <faultsim/capture.h>
#include <pma/check.h>

#include "state.h"

void moments_forget(struct moments *moments)
{
    while (moments->count > 0)
        expected_deinit(&moments->list[--moments->count].state);
}

void moments_deinit(struct moments *moments)
{
    moments_forget(moments);
    free(moments->list);
    memset(moments, 0, sizeof *moments);
}

static int out_of_memory(struct moments *moments)
{
    snprintf(moments->why, sizeof moments->why, "out of memory");
    return -ENOMEM;
}

size_t moments_find(const struct moments *moments, struct fsim_digest digest)
{
    for (size_t i = moments->count; i-- > 0;)
        if (fsim_digest_equal(moments->list[i].digest, digest))
            return i;
    return moments->count;
}

/* The payload of a mark, and the digest of the state that it describes. */
static struct state_description *describe(const struct contents *contents,
                                          const struct expected *state, size_t blocks,
                                          size_t *bytes, struct fsim_digest *digest)
{
    struct state_description *description;
    struct state_entries entries = {0};
    struct state_page *pages;
    size_t count = 0, next = 0;

    for (uint64_t page = 0; page < state->page_count; page++)
        count += state->pages[page].owner != 0 && !state->pages[page].ephemeral;
    *bytes = sizeof *description + count * sizeof *pages + blocks * sizeof(struct state_blocks);
    description = calloc(1, *bytes);
    if (description == NULL)
        return NULL;
    description->event = state->event;
    memcpy(description->roots, state->roots, sizeof description->roots);
    description->page_count = count;
    description->block_count = blocks;
    pages = (struct state_page *)(description + 1);
    for (uint64_t page = 0; page < state->page_count; page++) {
        const struct expected_page *of = &state->pages[page];

        if (of->owner == 0 || of->ephemeral)
            continue;
        pages[next] = (struct state_page){page, contents_digest(contents, of->content), of->step};
        if (state_entries_add(&entries, page, pages[next++].digest) != 0) {
            free(description);
            description = NULL;
            break;
        }
    }
    *digest = state_digest(&entries, state->roots, state->event);
    state_entries_deinit(&entries);
    return description;
}

/* The blocks that a valid meta page names: no write may hit them until the next acknowledgement. */
struct reach {
    struct state_blocks *blocks;
    size_t count, capacity;
    bool full;
};

static void reach_add(struct reach *reach, uint64_t first, uint64_t count)
{
    if (reach->count == reach->capacity) {
        size_t capacity = reach->capacity == 0 ? 64 : 2 * reach->capacity;
        struct state_blocks *blocks = realloc(reach->blocks, capacity * sizeof *blocks);

        if (blocks == NULL) {
            reach->full = true;
            return;
        }
        reach->blocks = blocks;
        reach->capacity = capacity;
    }
    reach->blocks[reach->count++] = (struct state_blocks){first, count};
}

static void reach_node(void *context, const struct pma_check_node *node)
{
    reach_add(context, node->block, 1);
}

static void reach_extent(void *context, const struct pma_check_extent *extent)
{
    if (extent->block != 0)
        reach_add(context, extent->block, extent->length);
}

static int find_reach(struct moments *moments, struct reach *reach)
{
    const struct pma_check_visitor visitor = {
        .context = reach, .node = reach_node, .extent = reach_extent};
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    struct pma_check_report report;
    struct pma_error error;
    int result = 0;

    options.both = options.data = false;
    for (int which = PMA_CHECK_NEWEST; result == 0 && which <= PMA_CHECK_PREVIOUS; which++) {
        options.which = (enum pma_check_which)which;
        result = pma_check(moments->path, &options, &visitor, &report, &error);
        if (result == -ENOENT && which == PMA_CHECK_PREVIOUS)
            result = 0;
        else if (result != 0)
            snprintf(moments->why, sizeof moments->why, "the checker refuses the file: %.200s",
                     error.text);
    }
    return result == 0 && reach->full ? out_of_memory(moments) : result;
}

int moments_attempt(struct moments *moments, const struct expected *state, const char *label)
{
    struct moment *list = realloc(moments->list, (moments->count + 1) * sizeof *list);
    struct state_description *description;
    struct moment *moment;
    size_t bytes;

    if (list == NULL)
        return out_of_memory(moments);
    moments->list = list;
    moment = &list[moments->count];
    memset(moment, 0, sizeof *moment);
    snprintf(moment->label, sizeof moment->label, "%s", label);
    if (expected_init(&moment->state, state->page_count) != 0)
        return out_of_memory(moments);
    moments->count++;
    if (expected_copy(&moment->state, state) != 0)
        return out_of_memory(moments);
    expected_forget_ephemeral(&moment->state);
    description = describe(moments->contents, &moment->state, 0, &bytes, &moment->digest);
    if (description == NULL)
        return out_of_memory(moments);
    fsim_capture_mark(FSIM_MARK_BEGIN, label, moment->digest, description, bytes);
    free(description);
    return 0;
}

int moments_acknowledge(struct moments *moments, size_t index)
{
    struct moment first = moments->list[0];
    struct moment *moment = &moments->list[index];
    struct reach reach = {0};
    struct state_description *description = NULL;
    size_t bytes;
    int error = find_reach(moments, &reach);

    if (error == 0) {
        description =
            describe(moments->contents, &moment->state, reach.count, &bytes, &moment->digest);
        if (description == NULL)
            error = out_of_memory(moments);
    }
    if (error == 0) {
        if (reach.count > 0)
            memcpy((struct state_page *)(description + 1) + description->page_count, reach.blocks,
                   reach.count * sizeof *reach.blocks);
        fsim_capture_mark(FSIM_MARK_ACK, moment->label, moment->digest, description, bytes);
        moments->list[0] = *moment;
        *moment = first;
        while (moments->count > 1)
            expected_deinit(&moments->list[--moments->count].state);
        moments->acknowledged = true;
    }
    free(description);
    free(reach.blocks);
    return error;
}

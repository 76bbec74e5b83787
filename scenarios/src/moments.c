/* SPDX-License-Identifier: MIT */
#include "moments.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <faultsim/capture.h>

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

size_t moments_find(const struct moments *moments, struct fsim_digest digest)
{
    for (size_t i = moments->count; i-- > 0;)
        if (fsim_digest_equal(moments->list[i].digest, digest))
            return i;
    return moments->count;
}

/* The payload of a mark, and the digest of the state that it describes. */
static struct state_description *describe(const struct contents *contents,
                                          const struct expected *state, size_t *bytes,
                                          struct fsim_digest *digest)
{
    struct state_description *description;
    struct state_entries entries = {0};
    struct state_page *pages;
    size_t count = 0, next = 0;

    for (uint64_t page = 0; page < state->page_count; page++)
        count += state->pages[page].owner != 0 && !state->pages[page].ephemeral;
    *bytes = sizeof *description + count * sizeof *pages;
    description = calloc(1, *bytes);
    if (description == NULL)
        return NULL;
    description->event = state->event;
    memcpy(description->roots, state->roots, sizeof description->roots);
    description->page_count = count;
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

int moments_attempt(struct moments *moments, const struct expected *state, const char *label)
{
    struct moment *list = realloc(moments->list, (moments->count + 1) * sizeof *list);
    struct state_description *description;
    struct moment *moment;
    size_t bytes;

    if (list == NULL)
        return -ENOMEM;
    moments->list = list;
    moment = &list[moments->count];
    memset(moment, 0, sizeof *moment);
    snprintf(moment->label, sizeof moment->label, "%s", label);
    if (expected_init(&moment->state, state->page_count) != 0)
        return -ENOMEM;
    moments->count++;
    if (expected_copy(&moment->state, state) != 0)
        return -ENOMEM;
    expected_forget_ephemeral(&moment->state);
    description = describe(moments->contents, &moment->state, &bytes, &moment->digest);
    if (description == NULL)
        return -ENOMEM;
    fsim_capture_mark(FSIM_MARK_BEGIN, label, moment->digest, description, bytes);
    free(description);
    return 0;
}

int moments_acknowledge(struct moments *moments, size_t index)
{
    struct moment first = moments->list[0];
    struct moment *moment = &moments->list[index];
    size_t bytes;
    struct state_description *description =
        describe(moments->contents, &moment->state, &bytes, &moment->digest);

    if (description == NULL)
        return -ENOMEM;
    fsim_capture_mark(FSIM_MARK_ACK, moment->label, moment->digest, description, bytes);
    free(description);
    moments->list[0] = *moment;
    *moment = first;
    while (moments->count > 1)
        expected_deinit(&moments->list[--moments->count].state);
    moments->acknowledged = true;
    return 0;
}

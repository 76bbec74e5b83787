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

/* The parts of a state in the order that state_digest wants. */
struct listing {
    struct state_part *parts;
    size_t count;
};

static void list_pages(struct listing *listing, const struct contents *contents,
                       const struct expected *state)
{
    for (uint64_t page = 0; page < state->page_count; page++) {
        const struct expected_page *of = &state->pages[page];

        if (of->owner != 0 && !of->ephemeral)
            listing->parts[listing->count++] = (struct state_part){
                {STATE_PAGE, page, PMA_PAGE_SIZE, contents_digest(contents, of->content)},
                of->step};
    }
}

static void list_objects(struct listing *listing, const struct contents *contents,
                         const struct expected *state)
{
    for (size_t i = 0; i < state->object_count; i++) {
        const struct expected_object *of = &state->objects[i];

        if (!of->freed)
            listing->parts[listing->count++] = (struct state_part){
                {STATE_OBJECT, of->place, of->bytes, contents_digest(contents, of->content)},
                of->step};
    }
}

static void list_nouns(struct listing *listing, const struct expected *state)
{
    for (unsigned i = 0; i < PMA_ROOTS; i++)
        if (state->kept[i] != NULL && noun_is_indirect(state->kept[i]))
            listing->parts[listing->count++] = (struct state_part){
                {STATE_NOUN, i, 0, state->kept[i]->digest}, state->kept_step[i]};
}

static int part_order(const void *left, const void *right)
{
    const struct state_part *a = left, *b = right;

    return state_entry_order(&a->is, &b->is);
}

/* The payload of a mark, and the digest of the state that it describes. */
static struct state_description *describe(const struct contents *contents,
                                          const struct expected *state, size_t *bytes,
                                          struct fsim_digest *digest)
{
    size_t most = state->page_count + state->object_count + PMA_ROOTS;
    struct state_description *description =
        calloc(1, sizeof *description + most * sizeof(struct state_part));
    struct listing listing = {.parts = (struct state_part *)(description + 1)};
    struct state_entries entries = {0};
    int error = 0;

    if (description == NULL)
        return NULL;
    list_pages(&listing, contents, state);
    list_objects(&listing, contents, state);
    list_nouns(&listing, state);
    qsort(listing.parts, listing.count, sizeof *listing.parts, part_order);
    description->event = state->event;
    memcpy(description->roots, state->roots, sizeof description->roots);
    description->part_count = listing.count;
    *bytes = sizeof *description + listing.count * sizeof *listing.parts;
    for (size_t i = 0; error == 0 && i < listing.count; i++)
        error = state_entries_add(&entries, listing.parts[i].is);
    *digest = state_digest(&entries, state->roots, state->event);
    state_entries_deinit(&entries);
    if (error != 0) {
        free(description);
        return NULL;
    }
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

/* SPDX-License-Identifier: MIT */
#include "state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include <pma/heap.h>

#include "room.h"
#include "state_heap.h"

static struct fsim_digest as_digest(XXH128_hash_t hash)
{
    return (struct fsim_digest){hash.low64, hash.high64};
}

struct fsim_digest state_bytes_digest(const void *bytes, size_t count)
{
    return as_digest(XXH3_128bits(bytes, count));
}

struct fsim_digest state_page_digest(const void *page)
{
    return state_bytes_digest(page, PMA_PAGE_SIZE);
}

struct fsim_digest state_zeros_digest(void)
{
    static const unsigned char zeros[PMA_PAGE_SIZE];
    static struct fsim_digest digest;
    static bool known;

    if (!known)
        digest = state_page_digest(zeros);
    known = true;
    return digest;
}

int state_entries_add(struct state_entries *list, struct state_entry entry)
{
    if (room_for(&list->entries, list->count + 1, &list->capacity, sizeof entry) != 0)
        return -ENOMEM;
    list->entries[list->count++] = entry;
    return 0;
}

int state_entry_order(const struct state_entry *left, const struct state_entry *right)
{
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    return left->place == right->place ? 0 : left->place < right->place ? -1 : 1;
}

void state_entry_name(const struct state_entry *entry, char *text, size_t bytes)
{
    if (entry->kind == STATE_PAGE)
        snprintf(text, bytes, "page %" PRIu64, entry->place);
    else if (entry->kind == STATE_NOUN)
        snprintf(text, bytes, "the noun under root %" PRIu64, entry->place);
    else
        snprintf(text, bytes, "heap object of %" PRIu64 " bytes at %#" PRIx64, entry->bytes,
                 entry->place);
}

void state_entries_deinit(struct state_entries *list)
{
    free(list->entries);
    memset(list, 0, sizeof *list);
}

struct fsim_digest state_digest(const struct state_entries *list, const uint64_t roots[PMA_ROOTS],
                                uint64_t event)
{
    struct fsim_digest pages =
        as_digest(XXH3_128bits(list->entries, list->count * sizeof *list->entries));
    uint64_t words[3 + PMA_ROOTS] = {pages.low, pages.high, event};

    memcpy(words + 3, roots, PMA_ROOTS * sizeof *roots);
    return as_digest(XXH3_128bits(words, sizeof words));
}

static int add_page(pma_t *arena, const unsigned char *address, struct state_entries *list)
{
    uint64_t page = (uint64_t)(address - (const unsigned char *)pma_base(arena)) / PMA_PAGE_SIZE;

    return state_entries_add(
        list, (struct state_entry){STATE_PAGE, page, PMA_PAGE_SIZE, state_page_digest(address)});
}

/* The first page of the heap that is not below; NULL after the last. */
static int heap_page_from(pma_t *arena, const void *from, const void **page)
{
    struct pma_heap_page next;
    int result = pma_heap_next_page(arena, from, &next);

    *page = result == 0 ? next.address : NULL;
    return result == -ENOENT ? 0 : result;
}

/* The pages of a run, but those of the heap if there is one: *heap is its next page. */
static int add_run(pma_t *arena, const struct pma_run *run, const void **heap,
                   struct state_entries *list)
{
    const unsigned char *at = run->address, *end = at + run->pages * PMA_PAGE_SIZE;
    int error = pma_touch(arena, at, run->pages * PMA_PAGE_SIZE);

    for (; error == 0 && at < end; at += PMA_PAGE_SIZE) {
        if (*heap != NULL && (const unsigned char *)*heap < at)
            error = heap_page_from(arena, at, heap);
        if (error == 0 && *heap != at)
            error = add_page(arena, at, list);
    }
    return error;
}

static int add_pages(pma_t *arena, const void *heap, struct state_entries *list)
{
    const void *from = NULL;
    struct pma_run run;
    int error;

    while ((error = pma_next_run(arena, from, &run)) == 0) {
        if (!run.ephemeral)
            error = add_run(arena, &run, &heap, list);
        if (error != 0)
            return error;
        from = (const unsigned char *)run.address + run.pages * PMA_PAGE_SIZE;
    }
    return error == -ENOENT ? 0 : error;
}

static int finish(pma_t *arena, const struct state_entries *list, struct fsim_digest *digest)
{
    uint64_t roots[PMA_ROOTS];
    struct pma_stat stat;
    int error = pma_stat(arena, &stat);

    for (unsigned i = 0; error == 0 && i < PMA_ROOTS; i++)
        error = pma_root(arena, i, &roots[i]);
    if (error == 0)
        *digest = state_digest(list, roots, stat.event);
    return error;
}

int state_of_pages(pma_t *arena, struct fsim_digest *digest, struct state_entries *list)
{
    int error;

    list->count = 0;
    error = add_pages(arena, NULL, list);
    return error == 0 ? finish(arena, list, digest) : error;
}

int state_of_arena(pma_t *arena, struct fsim_digest *digest, struct state_entries *list)
{
    const void *heap = NULL;
    int error = heap_page_from(arena, NULL, &heap);

    list->count = 0;
    if (error == 0)
        error = add_pages(arena, heap, list);
    if (error == 0 && heap != NULL)
        error = state_heap_add(arena, list);
    return error == 0 ? finish(arena, list, digest) : error;
}

int state_describe(const struct state_entries *list, const uint64_t roots[PMA_ROOTS],
                   uint64_t event, struct state_description **description, size_t *bytes)
{
    struct state_description *made;
    struct state_part *parts;

    *bytes = sizeof *made + list->count * sizeof *parts;
    made = calloc(1, *bytes);
    if (made == NULL)
        return -ENOMEM;
    parts = (struct state_part *)(made + 1);
    made->event = event;
    memcpy(made->roots, roots, sizeof made->roots);
    made->part_count = list->count;
    for (size_t i = 0; i < list->count; i++)
        parts[i] = (struct state_part){list->entries[i], STATE_RESUMED};
    *description = made;
    return 0;
}

const struct state_description *state_description(const void *payload, size_t bytes)
{
    const struct state_description *description = payload;

    if (bytes < sizeof *description ||
        description->part_count > bytes / sizeof(struct state_part) ||
        bytes != sizeof *description + description->part_count * sizeof(struct state_part))
        return NULL;
    return description;
}

const struct state_part *state_parts(const struct state_description *description)
{
    return (const struct state_part *)(description + 1);
}

/* SPDX-License-Identifier: MIT */
#include "state.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static struct fsim_digest as_digest(XXH128_hash_t hash)
{
    return (struct fsim_digest){hash.low64, hash.high64};
}

struct fsim_digest state_page_digest(const void *page)
{
    return as_digest(XXH3_128bits(page, PMA_PAGE_SIZE));
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

int state_entries_add(struct state_entries *list, uint64_t page, struct fsim_digest digest)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 64 : 2 * list->capacity;
        struct state_entry *entries = realloc(list->entries, capacity * sizeof *entries);

        if (entries == NULL)
            return -ENOMEM;
        list->entries = entries;
        list->capacity = capacity;
    }
    list->entries[list->count++] = (struct state_entry){page, digest};
    return 0;
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

static int add_run(pma_t *arena, const struct pma_run *run, struct state_entries *list)
{
    const unsigned char *at = run->address;
    uint64_t first = (uint64_t)(at - (const unsigned char *)pma_base(arena)) / PMA_PAGE_SIZE;
    int error = pma_touch(arena, at, run->pages * PMA_PAGE_SIZE);

    for (size_t i = 0; error == 0 && i < run->pages; i++)
        error = state_entries_add(list, first + i, state_page_digest(at + i * PMA_PAGE_SIZE));
    return error;
}

int state_of_arena(pma_t *arena, struct fsim_digest *digest, struct state_entries *list)
{
    struct pma_run run;
    struct pma_stat stat;
    const void *from = NULL;
    uint64_t roots[PMA_ROOTS];
    int error;

    list->count = 0;
    while ((error = pma_next_run(arena, from, &run)) == 0) {
        if (!run.ephemeral)
            error = add_run(arena, &run, list);
        if (error != 0)
            return error;
        from = (const unsigned char *)run.address + run.pages * PMA_PAGE_SIZE;
    }
    error = error == -ENOENT ? pma_stat(arena, &stat) : error;
    for (unsigned i = 0; error == 0 && i < PMA_ROOTS; i++)
        error = pma_root(arena, i, &roots[i]);
    if (error == 0)
        *digest = state_digest(list, roots, stat.event);
    return error;
}

const struct state_description *state_description(const void *payload, size_t bytes)
{
    const struct state_description *description = payload;

    if (bytes < sizeof *description ||
        description->page_count > bytes / sizeof(struct state_page) ||
        bytes != sizeof *description + description->page_count * sizeof(struct state_page))
        return NULL;
    return description;
}

const struct state_page *state_pages(const struct state_description *description)
{
    return (const struct state_page *)(description + 1);
}

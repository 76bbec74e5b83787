/* SPDX-License-Identifier: MIT */
#include "live.h"

#include <errno.h>
#include <stdlib.h>

#include "state.h"

static int note_page(struct live_pages *pages, uint64_t page, struct fsim_digest digest)
{
    if (pages->count == pages->capacity) {
        size_t capacity = pages->capacity == 0 ? 64 : 2 * pages->capacity;
        struct live_page *grown = realloc(pages->pages, capacity * sizeof *grown);

        if (grown == NULL)
            return -ENOMEM;
        pages->pages = grown;
        pages->capacity = capacity;
    }
    pages->pages[pages->count++] = (struct live_page){page, digest};
    return 0;
}

static int hash_run(pma_t *arena, const struct pma_run *run, struct state_hash *hash,
                    struct live_pages *pages)
{
    const unsigned char *at = run->address;
    uint64_t first = (uint64_t)(at - (const unsigned char *)pma_base(arena)) / PMA_PAGE_SIZE;
    int error = pma_touch(arena, at, run->pages * PMA_PAGE_SIZE);

    for (size_t i = 0; error == 0 && i < run->pages; i++) {
        struct fsim_digest digest = state_page_digest(at + i * PMA_PAGE_SIZE);

        state_hash_page(hash, first + i, digest);
        error = note_page(pages, first + i, digest);
    }
    return error;
}

int live_state(pma_t *arena, struct fsim_digest *digest, struct live_pages *pages)
{
    struct state_hash hash;
    struct pma_run run;
    struct pma_stat stat;
    const void *from = NULL;
    uint64_t roots[PMA_ROOTS];
    int error;

    pages->count = 0;
    state_hash_begin(&hash);
    while ((error = pma_next_run(arena, from, &run)) == 0) {
        if (!run.ephemeral)
            error = hash_run(arena, &run, &hash, pages);
        if (error != 0)
            return error;
        from = (const unsigned char *)run.address + run.pages * PMA_PAGE_SIZE;
    }
    error = error == -ENOENT ? pma_stat(arena, &stat) : error;
    for (unsigned i = 0; error == 0 && i < PMA_ROOTS; i++)
        error = pma_root(arena, i, &roots[i]);
    if (error == 0)
        *digest = state_hash_end(&hash, roots, stat.event);
    return error;
}

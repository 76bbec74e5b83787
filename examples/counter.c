/* SPDX-License-Identifier: MIT */
/*
 * Counts its own runs, in memory that survives them.
 *
 *     counter FILE
 *
 * Cut the power at any instant: the next run goes on from the last number that was printed, or from
 * the one after it if the cut came between the snapshot and the print.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include <pma/pma.h>

enum { ROOT_COUNTER };

/*
 * Finds the counter through its root word. A new arena has none, and neither has one that was cut
 * off between its creation and its first snapshot: it is made then, and reads as zero.
 */
static int find_counter(pma_t *arena, uint64_t **counter)
{
    uint64_t address;
    void *page;
    int result = pma_root(arena, ROOT_COUNTER, &address);

    if (!result && !address) {
        result = pma_pages_alloc(arena, 1, 0, &page);
        address = (uint64_t)(uintptr_t)page;
        if (!result)
            result = pma_set_root(arena, ROOT_COUNTER, address);
    }
    if (!result)
        *counter = (uint64_t *)(uintptr_t)address;
    return result;
}

int main(int argc, char **argv)
{
    struct pma_error error = {0};
    uint64_t *counter;
    pma_t *arena;
    int result;

    if (argc != 2) {
        fprintf(stderr, "usage: counter FILE\n");
        return 2;
    }
    result = pma_open(argv[1], NULL, &arena, &error);
    if (result == -ENOENT)
        result = pma_create(argv[1], NULL, &arena, &error);
    if (result) {
        fprintf(stderr, "counter: %s\n", error.text);
        return 1;
    }

    result = find_counter(arena, &counter);
    if (!result) {
        ++*counter; /* a plain store: the page is copied to a fresh block first */
        result = pma_snapshot(arena, *counter);
    }
    if (result)
        fprintf(stderr, "counter: %s\n", pma_last_error(arena));
    else
        printf("%" PRIu64 "\n", *counter);
    pma_close(arena);
    return result ? 1 : 0;
}

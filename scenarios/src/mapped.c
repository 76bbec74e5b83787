/* SPDX-License-Identifier: MIT */
#include "mapped.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

/* The next mapping of this process, in order of addresses, of which stores go to a file. */
static bool next_shared(FILE *maps, uint64_t *start, uint64_t *end)
{
    char line[512], access[5];

    while (fgets(line, sizeof line, maps) != NULL)
        if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s", start, end, access) == 3 &&
            access[1] == 'w' && access[3] == 's')
            return true;
    return false;
}

static int next_ephemeral(pma_t *arena, const void *from, uint64_t *start, uint64_t *end)
{
    struct pma_run run;
    int result;

    while ((result = pma_next_run(arena, from, &run)) == 0) {
        from = (const unsigned char *)run.address + run.pages * PMA_PAGE_SIZE;
        *start = (uint64_t)(uintptr_t)run.address;
        *end = (uint64_t)(uintptr_t)from;
        if (run.ephemeral)
            break;
    }
    return result;
}

int mapped_check_ephemeral(pma_t *arena, char *finding, size_t bytes)
{
    const uint64_t base = (uint64_t)(uintptr_t)pma_base(arena);
    uint64_t start, end, first = 0, last = 0;
    int result = next_ephemeral(arena, NULL, &first, &last);
    FILE *maps;

    if (result != 0)
        return result == -ENOENT ? 0 : result;
    maps = fopen("/proc/self/maps", "re");
    if (maps == NULL)
        return -errno;
    while (result == 0 && next_shared(maps, &start, &end)) {
        while (result == 0 && last <= start)
            result = next_ephemeral(arena, (const void *)(uintptr_t)last, &first, &last);
        if (result == 0 && first < end) {
            snprintf(finding, bytes,
                     "ephemeral-pages-private: stores to page %" PRIu64 " go to the file",
                     ((first > start ? first : start) - base) / PMA_PAGE_SIZE);
            result = 1;
        }
    }
    fclose(maps);
    return result == -ENOENT ? 0 : result;
}

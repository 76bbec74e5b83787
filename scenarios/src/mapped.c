/* SPDX-License-Identifier: MIT */
#include "mapped.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

struct mapped {
    uint64_t start, end;
    char access[5]; /* as in "rw-s" */
};

static bool read_mapped(const char *line, struct mapped *mapped)
{
    return sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s", &mapped->start, &mapped->end,
                  mapped->access) == 3;
}

/* The next mapping of this process, in order of addresses. */
static bool next_mapped(FILE *maps, struct mapped *mapped)
{
    char line[512];

    while (fgets(line, sizeof line, maps) != NULL)
        if (read_mapped(line, mapped))
            return true;
    return false;
}

static bool takes_stores_to_a_file(const struct mapped *mapped)
{
    return mapped->access[1] == 'w' && mapped->access[3] == 's';
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
    uint64_t first = 0, last = 0;
    struct mapped at;
    int result = next_ephemeral(arena, NULL, &first, &last);
    FILE *maps;

    if (result != 0)
        return result == -ENOENT ? 0 : result;
    maps = fopen("/proc/self/maps", "re");
    if (maps == NULL)
        return -errno;
    while (result == 0 && next_mapped(maps, &at)) {
        if (!takes_stores_to_a_file(&at))
            continue;
        while (result == 0 && last <= at.start)
            result = next_ephemeral(arena, (const void *)(uintptr_t)last, &first, &last);
        if (result == 0 && first < at.end) {
            snprintf(finding, bytes,
                     "ephemeral-pages-private: stores to page %" PRIu64 " go to the file",
                     ((first > at.start ? first : at.start) - base) / PMA_PAGE_SIZE);
            result = 1;
        }
    }
    fclose(maps);
    return result == -ENOENT ? 0 : result;
}

int mapped_use(pma_t *arena, uint64_t pages, struct mapped_use *use)
{
    const uint64_t base = (uint64_t)(uintptr_t)pma_base(arena);
    const uint64_t end = base + pages * PMA_PAGE_SIZE;
    FILE *maps = fopen("/proc/self/smaps", "re");
    uint64_t kibibytes = 0;
    struct mapped at = {0};
    char line[512];

    if (maps == NULL)
        return -errno;
    *use = (struct mapped_use){0};
    while (fgets(line, sizeof line, maps) != NULL) {
        const bool begins = read_mapped(line, &at);
        const bool inside = at.end > base && at.start < end;

        use->mappings += begins && inside;
        if (inside && sscanf(line, "Rss: %" SCNu64 " kB", &kibibytes) == 1)
            use->resident += kibibytes * 1024 / PMA_PAGE_SIZE;
    }
    fclose(maps);
    return 0;
}

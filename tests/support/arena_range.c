/* SPDX-License-Identifier: MIT */
#include "arena_range.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "arena_place.h"

struct arena_range arena_range(pma_t *arena)
{
    struct arena_range range = {0};
    unsigned long first, end, kilobytes;
    bool inside = false;
    struct pma_stat stat;
    char line[512];
    FILE *file = fopen("/proc/self/smaps", "r");

    assert_non_null(file);
    arena_ok(arena, pma_stat(arena, &stat));
    while (fgets(line, sizeof(line), file)) {
        if (sscanf(line, "%lx-%lx ", &first, &end) == 2) {
            inside = first >= stat.base && end <= stat.base + stat.reserved_pages * PMA_PAGE_SIZE;
            range.mappings += inside;
        } else if (inside && sscanf(line, "Rss: %lu kB", &kilobytes) == 1) {
            range.resident_bytes += kilobytes * 1024;
        }
    }
    fclose(file);
    return range;
}

/* SPDX-License-Identifier: MIT */
#include "fates.h"

#include <errno.h>
#include <stdlib.h>

struct fates {
    struct fsim_fate *list;
    size_t count;
};

int fates_new(const fsim_cursor_t *cursor, struct fates **result)
{
    struct fates *fates = calloc(1, sizeof *fates);
    size_t count = cursor_items(cursor);
    if (fates == NULL)
        return -ENOMEM;
    fates->list = calloc(count + 1, sizeof *fates->list);
    if (fates->list == NULL) {
        free(fates);
        return -ENOMEM;
    }
    fates->count = count;
    for (uint32_t i = 0; i < count; i++)
        fates->list[i].item = cursor_item(cursor, i);
    *result = fates;
    return 0;
}

void fates_free(struct fates *fates)
{
    if (fates != NULL)
        free(fates->list);
    free(fates);
}

/* Blocks beyond every length that the file may have do not exist. */
static bool is_there(const fsim_cursor_t *cursor, const struct fsim_item *item)
{
    return item->kind != FSIM_ITEM_BLOCK || item->number < fsim_cursor_blocks(cursor, item->file);
}

void fates_begin(struct fates *fates, const fsim_cursor_t *cursor)
{
    const uint32_t *open;
    size_t count = cursor_undetermined(cursor, &open);
    for (size_t i = 0; i < fates->count; i++)
        fates->list[i].what = is_there(cursor, &fates->list[i].item) ? FSIM_FATE_THERE : 0;
    for (size_t i = 0; i < count; i++)
        fates->list[open[i]].what |= FSIM_FATE_OPEN;
}

void fates_note(struct fates *fates, const fsim_cursor_t *cursor, const uint32_t *items,
                const uint64_t *values, size_t count, bool wrong)
{
    for (size_t i = 0; i < count; i++) {
        struct fsim_fate *fate = &fates->list[items[i]];
        const uint64_t *possible;
        fate->what |= FSIM_FATE_SEEN;
        if (!wrong || !(fate->what & FSIM_FATE_OPEN))
            continue;
        cursor_values(cursor, items[i], &possible);
        fate->what |= values[i] == possible[0] ? FSIM_FATE_KEPT : FSIM_FATE_LOST;
    }
}

const struct fsim_fate *fates_list(const struct fates *fates, size_t *count)
{
    *count = fates->count;
    return fates->list;
}

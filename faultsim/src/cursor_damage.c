/* SPDX-License-Identifier: MIT */
/* Which blocks may be damaged at the cursor's instant, and how. */
#include "cursor_state.h"

/* What a block nearby holds: a write of that may have gone astray. */
static uint64_t find_stray(const fsim_cursor_t *cursor, uint32_t item)
{
    enum { FARTHEST = 8 };
    uint64_t own = cursor->states[item].versions.single;
    for (uint64_t distance = 1; distance <= FARTHEST; distance++) {
        for (int side = 0; side < 2; side++) {
            struct fsim_item other = cursor->items[item];
            if (side == 0 && other.number < distance)
                continue;
            other.number += side == 0 ? -distance : distance;
            uint32_t found = cursor_find(cursor, other);
            if (found == CURSOR_NO_ITEM)
                continue;
            uint64_t value = versions_values(&cursor->states[found].versions)[0];
            if (value != own && value != FSIM_ZEROS)
                return value;
        }
    }
    return FSIM_ZEROS;
}

/* A block on its way to the medium has its versions; one that is there, and in the file, decays. */
static bool is_at_rest(const fsim_cursor_t *cursor, uint32_t item)
{
    const struct fsim_item *it = &cursor->items[item];
    return it->kind == FSIM_ITEM_BLOCK && cursor->states[item].versions.count == 1 &&
           cursor->named[it->file] > 0 && it->number < fsim_cursor_blocks(cursor, it->file);
}

static int damage_item(fsim_cursor_t *cursor, uint32_t item)
{
    struct item_state *state = &cursor->states[item];
    struct damage_source source = {
        .own = state->versions.single,
        .stray = find_stray(cursor, item),
        .stale = state->has_stale ? state->stale : state->versions.single,
    };
    if (!state->extended || source.stray != state->source.stray) {
        int error = damages_find(cursor->trace, &source, &state->more);
        if (error < 0)
            return error;
    }
    state->source = source;
    state->extended = true;
    if (state->more.count > state->more.sound)
        cursor->damaged[cursor->damaged_count++] = item;
    cursor->damages += state->more.count - state->more.sound;
    return 0;
}

int cursor_damage_items(fsim_cursor_t *cursor)
{
    if (cursor->damaged_generation == cursor->generation)
        return 0;
    cursor->damaged_count = 0;
    cursor->damages = 0;
    for (uint32_t item = 0; item < cursor->item_count; item++) {
        if (!is_at_rest(cursor, item)) {
            cursor->states[item].extended = false;
            continue;
        }
        int error = damage_item(cursor, item);
        if (error < 0)
            return error;
    }
    cursor->damaged_generation = cursor->generation;
    return 0;
}

uint64_t cursor_damages(const fsim_cursor_t *cursor)
{
    return cursor->damages;
}

uint32_t cursor_drawn_damage(const fsim_cursor_t *cursor, uint64_t draw)
{
    size_t drawn = draw % (cursor->damaged_count + 1);
    return drawn == cursor->damaged_count ? CURSOR_NO_ITEM : cursor->damaged[drawn];
}

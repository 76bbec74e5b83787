/* SPDX-License-Identifier: MIT */
#include "pins.h"

#include <errno.h>
#include <string.h>

#include "os.h"

/* Where the bytes begin: no file is that long, and the last of them still has a signed offset. */
static const uint64_t BASE = UINT64_C(1) << 62;

int pins_hold(int fd, uint64_t snapshot)
{
    return os_lock_byte(fd, BASE + snapshot, false, FAULT_VIEW_HOLD);
}

void pins_release(int fd, uint64_t snapshot)
{
    os_unlock_bytes(fd, BASE + snapshot, BASE + snapshot);
}

int pins_is_hidden(int fd, uint64_t snapshot)
{
    uint64_t first = BASE + snapshot, last = first;
    int result = os_find_lock(fd, &first, &last, false, FAULT_NONE);

    return result == -ENOENT ? 0 : result ? result : 1;
}

int pins_hide(int fd, uint64_t attempt)
{
    return os_lock_byte(fd, BASE + attempt, true, FAULT_VIEW_HIDE);
}

void pins_show(int fd, uint64_t last)
{
    os_unlock_bytes(fd, BASE, BASE + last);
}

/* Narrows a range to one that is held. False if none of it is. */
static bool find_held(int fd, struct pin_range *range)
{
    uint64_t first = BASE + range->first, last = BASE + range->last;
    int result = os_find_lock(fd, &first, &last, true, FAULT_VIEW_ASK);

    if (!result)
        *range = (struct pin_range){first - BASE, last - BASE};
    return result != -ENOENT;
}

/*
 * The kernel names any one lock that it meets in a range, so what lies above and below that one is
 * asked about next. When the room for answers gets short, what was not asked about counts as held.
 */
void pins_ask(int fd, uint64_t last, struct pins *pins)
{
    struct pin_range unknown[PINS_MOST] = {{0, last}};
    size_t left = 1;

    pins->count = 0;
    while (left > 0) {
        const struct pin_range range = unknown[--left];
        const bool room = pins->count + left + 3 <= PINS_MOST;
        struct pin_range held = range;

        if (room && !find_held(fd, &held))
            continue;
        pins->ranges[pins->count++] = held;
        if (held.last < range.last)
            unknown[left++] = (struct pin_range){held.last + 1, range.last};
        if (held.first > range.first)
            unknown[left++] = (struct pin_range){range.first, held.first - 1};
    }
}

bool pins_meet(const struct pins *pins, uint64_t first, uint64_t last)
{
    for (size_t i = 0; i < pins->count; i++) {
        if (pins->ranges[i].first <= last && pins->ranges[i].last >= first)
            return true;
    }
    return false;
}

bool pins_equal(const struct pins *a, const struct pins *b)
{
    return a->count == b->count &&
           (a->count == 0 || memcmp(a->ranges, b->ranges, a->count * sizeof(a->ranges[0])) == 0);
}

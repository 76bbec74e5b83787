/* SPDX-License-Identifier: MIT */
#include "expected.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pma/heap.h>

#include "room.h"

int expected_init(struct expected *expected, uint64_t page_count)
{
    memset(expected, 0, sizeof *expected);
    expected->pages = calloc(page_count, sizeof *expected->pages);
    if (expected->pages == NULL)
        return -ENOMEM;
    expected->page_count = page_count;
    return 0;
}

void expected_deinit(struct expected *expected)
{
    free(expected->pages);
    free(expected->names);
    free(expected->objects);
    memset(expected, 0, sizeof *expected);
}

int expected_copy(struct expected *to, const struct expected *from)
{
    if (room_for(&to->names, from->name_count, &to->name_capacity, sizeof *to->names) != 0 ||
        room_for(&to->objects, from->object_count, &to->object_capacity, sizeof *to->objects) != 0)
        return -ENOMEM;
    if (from->object_count > 0)
        memcpy(to->objects, from->objects, from->object_count * sizeof *to->objects);
    to->object_count = from->object_count;
    memcpy(to->kept, from->kept, sizeof to->kept);
    memcpy(to->kept_step, from->kept_step, sizeof to->kept_step);
    if (from->name_count > 0)
        memcpy(to->names, from->names, from->name_count * sizeof *to->names);
    to->name_count = from->name_count;
    memcpy(to->pages, from->pages, from->page_count * sizeof *to->pages);
    memcpy(to->roots, from->roots, sizeof to->roots);
    to->event = from->event;
    return 0;
}

uint64_t expected_gap(const struct expected *expected, uint64_t pages)
{
    uint64_t run = 0;

    for (uint64_t page = 0; page < expected->page_count; page++) {
        run = expected->pages[page].owner == 0 ? run + 1 : 0;
        if (run == pages)
            return page + 1 - pages;
    }
    return expected->page_count;
}

/* The latest of that name, 0 if there never was one. */
static uint32_t owner_named(const struct expected *expected, const char *name)
{
    for (size_t i = expected->name_count; i-- > 0;)
        if (strcmp(expected->names[i].text, name) == 0)
            return (uint32_t)i + 1;
    return 0;
}

static int check_vacant(const struct expected *expected, uint64_t first, uint64_t pages,
                        char *message, size_t message_bytes)
{
    if (first > expected->page_count || pages > expected->page_count - first) {
        snprintf(message, message_bytes,
                 "pages %" PRIu64 "-%" PRIu64 " are beyond the arena's %" PRIu64
                 " reserved pages; raise arena.reserved_pages",
                 first, first + pages - 1, expected->page_count);
        return -EINVAL;
    }
    for (uint64_t page = first; page < first + pages; page++)
        if (expected->pages[page].owner != 0) {
            snprintf(message, message_bytes, "page %" PRIu64 " is already allocated, to '%s'", page,
                     expected->names[expected->pages[page].owner - 1].text);
            return -EINVAL;
        }
    return 0;
}

/* Makes a name for pages that the caller then gives to it. */
static int add_name(struct expected *expected, const char *name, uint64_t first, uint64_t pages,
                    char *message, size_t message_bytes)
{
    uint32_t owner = owner_named(expected, name);

    if ((owner != 0 && !expected->names[owner - 1].ended) ||
        expected_object(expected, name, false) != NULL) {
        snprintf(message, message_bytes, "the name '%s' is in use", name);
        return -EINVAL;
    }
    if (room_for(&expected->names, expected->name_count + 1, &expected->name_capacity,
                 sizeof *expected->names) != 0) {
        snprintf(message, message_bytes, "out of memory");
        return -ENOMEM;
    }
    expected->names[expected->name_count++] =
        (struct expected_name){.text = name, .first = first, .pages = pages};
    return 0;
}

int expected_alloc(struct expected *expected, const char *name, uint64_t first, uint64_t pages,
                   bool ephemeral, char *message, size_t message_bytes)
{
    int error = 0;

    if (pages == 0) {
        snprintf(message, message_bytes, "'%s' needs at least one page", name);
        return -EINVAL;
    }
    error = check_vacant(expected, first, pages, message, message_bytes);
    if (error == 0)
        error = add_name(expected, name, first, pages, message, message_bytes);
    if (error != 0)
        return error;
    for (uint64_t i = 0; i < pages; i++)
        expected->pages[first + i] =
            (struct expected_page){.owner = (uint32_t)expected->name_count, .ephemeral = ephemeral};
    return 0;
}

int expected_find(const struct expected *expected, const char *name, uint64_t page, uint64_t *count,
                  uint64_t *first, char *message, size_t message_bytes)
{
    uint32_t owner = owner_named(expected, name);
    const struct expected_name *named;
    uint64_t wanted;

    if (owner == 0) {
        snprintf(message, message_bytes, "nothing named '%s' was allocated before", name);
        return -EINVAL;
    }
    named = &expected->names[owner - 1];
    if (named->ended) {
        snprintf(message, message_bytes, "'%s' is not allocated any more", name);
        return -EINVAL;
    }
    if (page >= named->pages || *count > named->pages - page) {
        snprintf(message, message_bytes,
                 "page %" PRIu64 " is beyond '%s', which has pages 0-%" PRIu64,
                 page + (*count == 0 ? 0 : *count - 1), name, named->pages - 1);
        return -EINVAL;
    }
    wanted = *count == 0 ? named->pages - page : *count;
    for (uint64_t i = 0; i < wanted; i++)
        if (expected->pages[named->first + page + i].owner != owner) {
            snprintf(message, message_bytes, "page %" PRIu64 " of '%s' was freed or moved away",
                     page + i, name);
            return -EINVAL;
        }
    *count = wanted;
    *first = named->first + page;
    return 0;
}

static void end_if_gone(struct expected *expected, uint32_t owner)
{
    struct expected_name *name = &expected->names[owner - 1];

    for (uint64_t i = 0; i < name->pages; i++)
        if (expected->pages[name->first + i].owner == owner)
            return;
    name->ended = true;
}

int expected_free(struct expected *expected, const char *name, uint64_t page, uint64_t count,
                  char *message, size_t message_bytes)
{
    uint32_t owner = owner_named(expected, name);
    uint64_t first;
    int error = expected_find(expected, name, page, &count, &first, message, message_bytes);

    if (error != 0)
        return error;
    memset(&expected->pages[first], 0, count * sizeof *expected->pages);
    end_if_gone(expected, owner);
    return 0;
}

int expected_move(struct expected *expected, const char *name, uint64_t page, uint64_t count,
                  uint64_t to, const char *as, char *message, size_t message_bytes)
{
    uint32_t old = owner_named(expected, name), new;
    uint64_t first;
    int error = expected_find(expected, name, page, &count, &first, message, message_bytes);

    if (error == 0)
        error = check_vacant(expected, to, count, message, message_bytes);
    if (error != 0)
        return error;
    if (as == NULL && count != expected->names[old - 1].pages) {
        snprintf(message, message_bytes, "a part of '%s' needs a name of its own where it goes: as",
                 name);
        return -EINVAL;
    }
    if (as == NULL) {
        expected->names[old - 1].first = to;
        new = old;
    } else {
        error = add_name(expected, as, to, count, message, message_bytes);
        if (error != 0)
            return error;
        new = (uint32_t)expected->name_count;
    }
    memcpy(&expected->pages[to], &expected->pages[first], count * sizeof *expected->pages);
    memset(&expected->pages[first], 0, count * sizeof *expected->pages);
    for (uint64_t i = 0; i < count; i++)
        expected->pages[to + i].owner = new;
    end_if_gone(expected, old);
    return 0;
}

/* ---- objects of the heap ---- */

struct expected_object *expected_object(const struct expected *expected, const char *name,
                                        bool freed)
{
    for (size_t i = expected->object_count; i-- > 0;)
        if (strcmp(expected->objects[i].name, name) == 0 && (freed || !expected->objects[i].freed))
            return &expected->objects[i];
    return NULL;
}

int expected_object_add(struct expected *expected, const char *name, uint64_t place, uint64_t bytes,
                        char *message, size_t message_bytes)
{
    uint32_t owner = owner_named(expected, name);

    if (expected_object(expected, name, false) != NULL ||
        (owner != 0 && !expected->names[owner - 1].ended)) {
        snprintf(message, message_bytes, "the name '%s' is in use", name);
        return -EINVAL;
    }
    if (room_for(&expected->objects, expected->object_count + 1, &expected->object_capacity,
                 sizeof *expected->objects) != 0) {
        snprintf(message, message_bytes, "out of memory");
        return -ENOMEM;
    }
    expected->objects[expected->object_count++] =
        (struct expected_object){.name = name, .place = place, .bytes = bytes};
    return 0;
}

uint64_t expected_usable(uint64_t bytes, uint64_t align)
{
    uint64_t chunk = PMA_CHUNK_LEAST;

    while (chunk < bytes || chunk < align)
        chunk *= 2;
    if (chunk <= PMA_CHUNK_MOST)
        return chunk;
    return (bytes + PMA_PAGE_SIZE - 1) / PMA_PAGE_SIZE * PMA_PAGE_SIZE;
}

void expected_forget_ephemeral(struct expected *expected)
{
    for (uint64_t page = 0; page < expected->page_count; page++)
        if (expected->pages[page].ephemeral)
            expected->pages[page] = (struct expected_page){0};
    for (size_t i = 0; i < expected->name_count; i++)
        end_if_gone(expected, (uint32_t)i + 1);
}

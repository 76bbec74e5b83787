/* SPDX-License-Identifier: MIT */
#include "heap_game.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pma/heap.h>

struct heap_game *heap_game_new(const struct arena_place *place, uint64_t seed)
{
    struct heap_game *game = calloc(1, sizeof(*game));

    assert_non_null(game);
    game->place = place;
    game->random = (struct random){seed};
    return game;
}

static void close_arena(struct heap_game *game)
{
    const int result = pma_close(game->arena);

    if (!game->faults)
        assert_int_equal(result, 0);
    game->arena = NULL;
}

void heap_game_free(struct heap_game *game)
{
    close_arena(game);
    free(game);
}

/* Whether a call did what it should, `expected` being 0 or the error that is due. */
static bool succeeded(struct heap_game *game, int result, int expected, const char *call)
{
    if (result == PMA_EPOISONED)
        game->poisoned = true;
    if (game->faults && result && result != expected)
        return false;
    if (result != expected)
        fail_msg("%s: %s instead of %s (%s)", call, pma_strerror(result), pma_strerror(expected),
                 pma_last_error(game->arena));
    return !result;
}

static unsigned char byte_of(uint64_t tag, size_t i)
{
    return (unsigned char)((tag * 0x9e3779b97f4a7c15 >> 40) + i * 31 + (i >> 8));
}

/* A store that cannot be answered ends the process, so under faults it is announced. */
static void fill(struct heap_game *game, struct heap_game_object *object)
{
    object->tag = 0;
    if (game->faults &&
        !succeeded(game, pma_dirty(game->arena, object->address, object->bytes), 0, "pma_dirty"))
        return;
    object->tag = ++game->tags;
    for (size_t i = 0; i < object->bytes; i++)
        object->address[i] = byte_of(object->tag, i);
}

static bool may_load(struct heap_game *game, const unsigned char *address, size_t bytes)
{
    return !game->faults || succeeded(game, pma_touch(game->arena, address, bytes), 0, "pma_touch");
}

static void expect_content(struct heap_game *game, const struct heap_game_object *object,
                           size_t bytes)
{
    if (object->tag == 0 || bytes == 0 || !may_load(game, object->address, bytes))
        return;
    for (size_t i = 0; i < bytes; i++) {
        if (object->address[i] != byte_of(object->tag, i))
            fail_msg("object of %zu bytes at %p: byte %zu is not its own", object->bytes,
                     (void *)object->address, i);
    }
}

/* Mostly chunks, some objects of a few pages, seldom one of hundreds. */
static size_t random_bytes(struct heap_game *game)
{
    const uint64_t kind = random_below(&game->random, 16);

    if (kind < 11)
        return (size_t)random_below(&game->random, UINT64_C(1) << (4 + kind % 8)) + 1;
    if (kind < 15)
        return (size_t)random_below(&game->random, 24 * PMA_PAGE_SIZE);
    return (size_t)random_below(&game->random, 200 * PMA_PAGE_SIZE);
}

static void add(struct heap_game *game, void *address, size_t bytes)
{
    struct heap_game_object *object = &game->now.objects[game->now.count++];
    size_t usable = 0;

    *object = (struct heap_game_object){.address = address, .bytes = bytes};
    if (!succeeded(game, pma_usable_size(game->arena, address, &usable), 0, "pma_usable_size"))
        return;
    assert_true(usable >= bytes);
}

static void expect_zeros(struct heap_game *game, const unsigned char *address, size_t bytes)
{
    if (bytes == 0 || !may_load(game, address, bytes))
        return;
    for (size_t i = 0; i < bytes; i++)
        assert_int_equal(address[i], 0);
}

static void allocate(struct heap_game *game)
{
    const size_t bytes = random_bytes(game);
    const uint64_t kind = random_below(&game->random, 8);
    const size_t alignment = (size_t)1 << random_below(&game->random, 16);
    void *address = NULL;
    int result;

    if (kind == 0)
        result = pma_calloc(game->arena, 1, bytes, &address);
    else if (kind == 1)
        result = pma_memalign(game->arena, alignment, bytes, &address);
    else
        result = pma_malloc(game->arena, bytes, &address);
    if (!succeeded(game, result, 0, "an allocation")) {
        assert_null(address);
        return;
    }
    if (kind == 1)
        assert_int_equal((uintptr_t)address % alignment, 0);
    add(game, address, bytes);
    if (kind == 0)
        expect_zeros(game, address, bytes);
    fill(game, &game->now.objects[game->now.count - 1]);
}

static struct heap_game_object *any_object(struct heap_game *game)
{
    return &game->now.objects[random_below(&game->random, game->now.count)];
}

static void free_object(struct heap_game *game)
{
    struct heap_game_object *object = any_object(game);

    expect_content(game, object, object->bytes);
    if (succeeded(game, pma_free(game->arena, object->address), 0, "pma_free"))
        *object = game->now.objects[--game->now.count];
}

static void reallocate(struct heap_game *game)
{
    struct heap_game_object *object = any_object(game);
    const size_t bytes = random_bytes(game);
    void *address = object->address;

    if (!succeeded(game, pma_realloc(game->arena, &address, bytes), 0, "pma_realloc")) {
        assert_ptr_equal(address, object->address);
        expect_content(game, object, object->bytes);
        return;
    }
    object->address = address;
    expect_content(game, object, bytes < object->bytes ? bytes : object->bytes);
    object->bytes = bytes;
    fill(game, object);
}

static void take_pages(struct heap_game *game)
{
    const size_t pages = 1 + (size_t)random_below(&game->random, 40);
    const bool ephemeral = random_below(&game->random, 2);
    struct heap_game_object object = {.bytes = pages * PMA_PAGE_SIZE};
    void *from, *address;

    if (!succeeded(game, pma_pages_alloc(game->arena, pages, ephemeral ? PMA_EPHEMERAL : 0, &from),
                   0, "pma_pages_alloc"))
        return;
    object.address = from;
    fill(game, &object);
    if (succeeded(game, pma_heap_take_pages(game->arena, from, pages, &address), 0,
                  "pma_heap_take_pages")) {
        add(game, address, object.bytes);
        game->now.objects[game->now.count - 1].tag = object.tag;
        expect_content(game, &game->now.objects[game->now.count - 1], object.bytes);
        return;
    }
    expect_content(game, &object, object.bytes);
    /* It need not be freed: the model knows objects, not pages. */
    succeeded(game, pma_pages_free(game->arena, from, pages), 0, "pma_pages_free");
}

static void misuse(struct heap_game *game)
{
    struct heap_game_object object = *any_object(game);
    const uint64_t kind = random_below(&game->random, 3);

    if (kind == 0 && object.bytes > 1) {
        succeeded(game, pma_free(game->arena, object.address + object.bytes - 1), PMA_EINTERIOR,
                  "pma_free in the middle");
    } else if (kind == 1) {
        succeeded(game, pma_free(game->arena, &object), PMA_EFOREIGN, "pma_free elsewhere");
    } else {
        free_object(game);
    }
}

static void evict(struct heap_game *game)
{
    const struct heap_game_object *object = any_object(game);

    if (object->bytes > 0)
        succeeded(game, pma_evict(game->arena, object->address, object->bytes), 0, "pma_evict");
}

/* Record pages included, which come first. */
static void evict_record(struct heap_game *game)
{
    struct pma_heap_page page;
    const void *from = NULL;

    while (pma_heap_next_page(game->arena, from, &page) == 0) {
        if (page.kind == PMA_HEAP_RECORD) {
            succeeded(game, pma_evict(game->arena, page.address, 60 * PMA_PAGE_SIZE), 0,
                      "pma_evict of the record");
            return;
        }
        from = (char *)page.address + PMA_PAGE_SIZE;
    }
}

static void expect_pages(struct heap_game *game, const struct pma_heap_stat *stat)
{
    struct pma_heap_page page;
    struct pma_heap_chunk chunk;
    const void *from = NULL;
    uint64_t pages = 0, objects = 0;
    int result;

    while ((result = pma_heap_next_page(game->arena, from, &page)) == 0) {
        pages++;
        objects += page.kind == PMA_HEAP_START;
        from = (char *)page.address + PMA_PAGE_SIZE;
    }
    assert_int_equal(result, -ENOENT);
    for (from = NULL; (result = pma_heap_next_chunk(game->arena, from, &chunk)) == 0; objects++)
        from = (char *)chunk.address + chunk.bytes;
    assert_int_equal(result, -ENOENT);
    assert_int_equal(pages, stat->pages);
    assert_int_equal(objects, stat->objects);
}

void heap_game_look(struct heap_game *game)
{
    struct pma_heap_stat stat;

    if (succeeded(game, pma_heap_check(game->arena), 0, "pma_heap_check") &&
        succeeded(game, pma_heap_stat(game->arena, &stat), 0, "pma_heap_stat")) {
        assert_int_equal(stat.objects, game->now.count);
        if (!game->faults)
            expect_pages(game, &stat);
    }
    for (size_t i = 0; i < game->now.count; i++)
        expect_content(game, &game->now.objects[i], game->now.objects[i].bytes);
}

bool heap_game_snapshot(struct heap_game *game)
{
    game->now.event = ++game->events;
    if (!succeeded(game, pma_snapshot(game->arena, game->now.event), 0, "pma_snapshot")) {
        assert_in_range(game->attempt_count, 0, HEAP_GAME_ATTEMPTS - 1);
        game->attempts[game->attempt_count++] = game->now;
        return false;
    }
    game->newest = game->now;
    game->attempt_count = 0;
    return true;
}

static bool adopt_opened(struct heap_game *game)
{
    struct pma_stat stat;

    if (!succeeded(game, pma_stat(game->arena, &stat), 0, "pma_stat"))
        return false;
    for (size_t i = 0; i < game->attempt_count && stat.event != game->newest.event; i++) {
        if (game->attempts[i].event == stat.event)
            game->newest = game->attempts[i];
    }
    assert_int_equal(stat.event, game->newest.event);
    game->attempt_count = 0;
    game->now = game->newest;
    return true;
}

bool heap_game_create(struct heap_game *game)
{
    struct pma_options options = arena_small();
    struct pma_error error;

    options.reserved_bytes = (uint64_t)HEAP_GAME_PAGES * PMA_PAGE_SIZE;
    if (!pma_create(game->place->path, &options, &game->arena, &error))
        return true;
    if (!game->faults)
        fail_msg("%s", error.text);
    game->arena = NULL;
    return false;
}

bool heap_game_reopen(struct heap_game *game)
{
    const struct pma_options options = arena_defaults();
    struct pma_error error;

    close_arena(game);
    game->poisoned = false;
    if (pma_open(game->place->path, &options, &game->arena, &error)) {
        if (!game->faults)
            fail_msg("%s", error.text);
        game->arena = NULL;
        return false;
    }
    if (adopt_opened(game))
        return true;
    close_arena(game);
    return false;
}

static void make_move(struct heap_game *game)
{
    const uint64_t kind = random_below(&game->random, 64);
    const bool room = game->now.count < HEAP_GAME_OBJECTS;

    if (kind < 2)
        heap_game_snapshot(game);
    else if (kind == 2 && random_below(&game->random, 2) == 0)
        heap_game_reopen(game);
    else if (kind == 3)
        evict_record(game);
    else if (kind < 6 && room)
        take_pages(game);
    else if (game->now.count == 0 || (room && kind < 34))
        allocate(game);
    else if (kind < 38)
        misuse(game);
    else if (kind < 40)
        evict(game);
    else if (kind < 46)
        reallocate(game);
    else
        free_object(game);
}

void heap_game_play(struct heap_game *game, unsigned moves)
{
    for (unsigned i = 0; i < moves && game->arena && !game->poisoned; i++) {
        make_move(game);
        if (!game->faults && game->arena && random_below(&game->random, 64) == 0)
            heap_game_look(game);
    }
}

/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <pma/heap.h>

#include "arena_game_parts.h"

static uint64_t page_at(const struct game *game, const void *address)
{
    return (uint64_t)((const unsigned char *)address - game_address(game, 0)) / PMA_PAGE_SIZE;
}

static void note(struct game *game, uint64_t page, enum game_kind kind)
{
    if (page >= GAME_PAGES)
        return;
    assert_int_equal(game->now.kind[page], NOT_ALLOCATED);
    game->now.kind[page] = kind;
}

void game_note_others(struct game *game)
{
    struct pma_heap_page page;
    struct pma_stack_stat stat;
    const void *from = NULL;

    for (uint64_t i = 0; i < GAME_PAGES; i++) {
        if (game->now.kind[i] == HEAP || game->now.kind[i] == STACK)
            game->now.kind[i] = NOT_ALLOCATED;
    }
    for (; pma_heap_next_page(game->arena, from, &page) == 0;
         from = (unsigned char *)page.address + PMA_PAGE_SIZE)
        note(game, page_at(game, page.address), HEAP);
    if (!game->stack.handle)
        return;
    arena_ok(game->arena, pma_stack_stat(game->stack.handle, &stat));
    for (uint64_t i = page_at(game, stat.low); i < page_at(game, stat.high); i++)
        note(game, i, STACK);
}

bool game_is_full(const struct game *game, uint64_t pages)
{
    enum { SPARE = 12 };
    uint64_t run = 0;

    for (uint64_t i = 0; i < GAME_PAGES; i++) {
        run = game->now.kind[i] == NOT_ALLOCATED ? run + 1 : 0;
        if (run >= pages + SPARE)
            return false;
    }
    return true;
}

uint64_t game_size(struct game *game)
{
    static const uint64_t most[] = {40, 300, 2100, 3 * PMA_PAGE_SIZE, 9 * PMA_PAGE_SIZE};
    /* Mostly small: what is large fills the arena soon. */
    const uint64_t kind = random_below(&game->random, 16);

    return random_below(&game->random, most[kind < 5 ? kind : kind % 3]);
}

static uint64_t word_of(uint64_t tag, uint64_t index)
{
    return (tag + 1) * UINT64_C(0x9e3779b97f4a7c15) + index * UINT64_C(0xbf58476d1ce4e5b9);
}

void game_fill(unsigned char *bytes, uint64_t count, uint64_t tag)
{
    for (uint64_t i = 0; i < count; i += sizeof(uint64_t)) {
        const uint64_t word = word_of(tag, i), left = count - i;

        memcpy(bytes + i, &word, left < sizeof(word) ? left : sizeof(word));
    }
}

void game_expect_bytes(const unsigned char *bytes, uint64_t count, uint64_t tag)
{
    for (uint64_t i = 0; i < count; i += sizeof(uint64_t)) {
        const uint64_t word = word_of(tag, i), left = count - i;

        assert_memory_equal(bytes + i, &word, left < sizeof(word) ? left : sizeof(word));
    }
}

/* ---- objects ---- */

static uint64_t usable(uint64_t bytes, uint64_t alignment)
{
    uint64_t chunk = PMA_CHUNK_LEAST;

    while (chunk < bytes || chunk < alignment)
        chunk *= 2;
    if (chunk <= PMA_CHUNK_MOST)
        return chunk;
    return bytes == 0 ? PMA_PAGE_SIZE : (bytes + PMA_PAGE_SIZE - 1) / PMA_PAGE_SIZE * PMA_PAGE_SIZE;
}

static void expect_object(const struct game *game, const struct game_object *object)
{
    size_t bytes = 0;

    arena_ok(game->arena, pma_usable_size(game->arena, object->address, &bytes));
    assert_int_equal(bytes, object->bytes);
    game_expect_bytes(object->address, object->good, object->tag);
}

static void fill_object(struct game *game, struct game_object *object)
{
    object->tag = ++game->tags;
    object->good = object->bytes;
    game_fill(object->address, object->bytes, object->tag);
}

/* An entry that is in use or free, as wanted; NULL if there is none. */
static struct game_object *any_object(struct game *game, bool used)
{
    const uint64_t start = random_below(&game->random, GAME_OBJECTS);

    for (uint64_t i = 0; i < GAME_OBJECTS; i++) {
        struct game_object *object = &game->now.objects[(start + i) % GAME_OBJECTS];

        if ((object->bytes > 0) == used)
            return object;
    }
    return NULL;
}

static bool has_room(struct game *game, int result, uint64_t bytes, const char *call)
{
    if (result == -ENOMEM && game_is_full(game, usable(bytes, 0) / PMA_PAGE_SIZE + 1))
        return false;
    return game_expect(game, result, 0, call);
}

static int allocate(struct game *game, uint64_t alignment, bool zeroed, uint64_t bytes,
                    void **address)
{
    if (zeroed)
        return pma_calloc(game->arena, 1, bytes, address);
    return alignment ? pma_memalign(game->arena, alignment, bytes, address)
                     : pma_malloc(game->arena, bytes, address);
}

static void make_object(struct game *game)
{
    struct game_object *object = any_object(game, false);
    const bool zeroed = random_below(&game->random, 4) == 0;
    const uint64_t alignment = !zeroed && random_below(&game->random, 4) == 0
                                   ? UINT64_C(1) << random_below(&game->random, 14)
                                   : 0;
    const uint64_t bytes = game_size(game);
    void *address = NULL;

    if (!object)
        return;
    game_tell(game, "malloc %d bytes, alignment %d%s", (int)bytes, (int)alignment,
              zeroed ? ", zeroed" : "");
    if (!has_room(game, allocate(game, alignment, zeroed, bytes, &address), bytes + alignment,
                  "pma_malloc"))
        return;
    if (alignment)
        assert_int_equal((uintptr_t)address % alignment, 0);
    for (uint64_t i = 0; zeroed && i < bytes; i++)
        assert_int_equal(((unsigned char *)address)[i], 0);
    *object = (struct game_object){.address = address, .bytes = usable(bytes, alignment)};
    fill_object(game, object);
    expect_object(game, object);
}

static void free_object(struct game *game)
{
    struct game_object *object = any_object(game, true);

    if (!object)
        return;
    game_tell(game, "free an object of %d bytes", (int)object->bytes);
    expect_object(game, object);
    if (!game_expect(game, pma_free(game->arena, object->address), 0, "pma_free"))
        return;
    object->bytes = 0;
    if (random_below(&game->random, 4) == 0) {
        const int result = pma_free(game->arena, object->address);

        assert_true(result == PMA_EFREED || result == PMA_EFOREIGN);
    }
}

static void free_what_is_none(struct game *game)
{
    const struct game_object *object = any_object(game, true);
    const uint64_t page = random_below(&game->random, GAME_PAGES);

    if (object)
        assert_int_equal(pma_free(game->arena, object->address + 1 +
                                                   random_below(&game->random, object->bytes - 1)),
                         PMA_EINTERIOR);
    if (game->now.kind[page] == PERSISTENT || game->now.kind[page] == EPHEMERAL)
        assert_int_equal(pma_free(game->arena, game_address(game, page)), PMA_EFOREIGN);
}

static void resize_object(struct game *game)
{
    struct game_object *object = any_object(game, true);
    const uint64_t bytes = game_size(game);
    void *address;

    if (!object)
        return;
    address = object->address;
    game_tell(game, "realloc %d bytes to %d", (int)object->bytes, (int)bytes);
    if (!has_room(game, pma_realloc(game->arena, &address, bytes), bytes, "pma_realloc")) {
        expect_object(game, object);
        return;
    }
    object->address = address;
    object->good = object->good < bytes ? object->good : bytes;
    object->bytes = usable(bytes, 0);
    expect_object(game, object);
}

static void write_object(struct game *game)
{
    struct game_object *object = any_object(game, true);

    if (!object)
        return;
    game_tell(game, "store to an object of %d bytes", (int)object->bytes);
    expect_object(game, object);
    fill_object(game, object);
}

static void evict_object(struct game *game)
{
    const struct game_object *object = any_object(game, true);

    if (!object)
        return;
    game_tell(game, "evict an object of %d bytes", (int)object->bytes);
    game_expect(game, pma_evict(game->arena, object->address, object->bytes), 0, "pma_evict");
}

/* Pages of the game become an object; they hold their tags' patterns still. */
static void take_pages(struct game *game)
{
    struct game_object *object = any_object(game, false);
    uint64_t first = random_below(&game->random, GAME_PAGES), count = 0;
    const enum game_kind kind = game->now.kind[first];
    void *address;

    while (first + count < GAME_PAGES && count < 6 && game->now.kind[first + count] == kind)
        count++;
    if (!object || (kind != PERSISTENT && kind != EPHEMERAL))
        return;
    game_tell(game, "take %d pages at %d", (int)count, (int)first);
    if (!has_room(game,
                  pma_heap_take_pages(game->arena, game_address(game, first), count, &address),
                  count * PMA_PAGE_SIZE, "pma_heap_take_pages"))
        return;
    for (uint64_t i = 0; i < count; i++)
        assert_int_equal(arena_tag((unsigned char *)address + i * PMA_PAGE_SIZE),
                         game->now.tag[first + i]);
    game_set_range(game, first, count, NOT_ALLOCATED);
    *object = (struct game_object){.address = address, .bytes = count * PMA_PAGE_SIZE};
    fill_object(game, object);
}

void game_heap_look(const struct game *game)
{
    struct pma_heap_stat stat;
    uint64_t objects = 0;
    bool nouns = false;

    if (game->faults)
        return;
    for (unsigned i = 0; i < GAME_OBJECTS; i++) {
        if (game->now.objects[i].bytes > 0)
            expect_object(game, &game->now.objects[i]);
        objects += game->now.objects[i].bytes > 0;
    }
    for (unsigned i = 0; i < GAME_KEPT; i++)
        nouns |= game->now.kept[i] != 0;
    arena_ok(game->arena, pma_heap_check(game->arena));
    arena_ok(game->arena, pma_heap_stat(game->arena, &stat));
    if (!nouns)
        assert_int_equal(stat.objects, objects);
}

void game_heap_move(struct game *game)
{
    switch (random_below(&game->random, 16)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
        make_object(game);
        break;
    case 5:
    case 6:
    case 7:
    case 8:
        free_object(game);
        break;
    case 9:
        free_what_is_none(game);
        break;
    case 10:
    case 11:
        resize_object(game);
        break;
    case 12:
        evict_object(game);
        break;
    case 13:
        take_pages(game);
        break;
    default:
        write_object(game);
    }
    game_note_others(game);
}

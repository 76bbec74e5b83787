/* SPDX-License-Identifier: MIT */
/* Moves on pages. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "arena_game_parts.h"

enum { LONGEST = 12 };

/* Mostly a run of pages that are allocated, or that are not, as wanted; now and then any run. */
static void random_range(struct game *game, bool wanted, uint64_t *page, uint64_t *count)
{
    enum { TRIES = 20, WILD = 10 };
    const bool wild = random_below(&game->random, WILD) == 0;
    const uint64_t longest = 1 + random_below(&game->random, LONGEST);

    *page = random_below(&game->random, GAME_PAGES - LONGEST);
    for (int i = 0; i < TRIES && game_is_allocated(game, *page) != wanted; i++)
        *page = random_below(&game->random, GAME_PAGES - LONGEST);
    while (game_is_others(game, *page))
        *page = (*page + 1) % (GAME_PAGES - LONGEST);
    for (*count = 1; *count < longest && !game_is_others(game, *page + *count); ++*count) {
        if (!wild && game_is_allocated(game, *page + *count) != wanted)
            break;
    }
}

void game_allocate_range(struct game *game, uint64_t count, bool ephemeral)
{
    uint64_t page = 0;
    void *got = NULL;
    int result = pma_pages_alloc(game->arena, count, ephemeral ? PMA_EPHEMERAL : 0, &got);

    while (page + count <= GAME_PAGES && !game_all_of(game, page, count, false))
        page++;
    game_tell(game, "allocate %d pages%s: %d", (int)count, ephemeral ? ", ephemeral" : "",
              (int)page);
    if (!game_expect(game, result, page + count > GAME_PAGES ? -ENOMEM : 0, "pma_pages_alloc"))
        return;
    assert_ptr_equal(got, game_address(game, page));
    game_set_range(game, page, count, ephemeral ? EPHEMERAL : PERSISTENT);
}

void game_allocate(struct game *game)
{
    const bool ephemeral = random_below(&game->random, 4) == 0;

    game_allocate_range(game, 1 + random_below(&game->random, LONGEST), ephemeral);
}

void game_allocate_at(struct game *game)
{
    const bool ephemeral = random_below(&game->random, 4) == 0;
    uint64_t page, count;
    int result;

    random_range(game, true, &page, &count);
    game_tell(game, "allocate %d pages at %d%s", (int)count, (int)page,
              ephemeral ? ", ephemeral" : "");
    result = pma_pages_alloc_at(game->arena, game_address(game, page), count,
                                ephemeral ? PMA_EPHEMERAL : 0);
    if (game_expect(game, result, game_all_of(game, page, count, false) ? 0 : PMA_EOCCUPIED,
                    "pma_pages_alloc_at"))
        game_set_range(game, page, count, ephemeral ? EPHEMERAL : PERSISTENT);
}

void game_free_range(struct game *game)
{
    uint64_t page, count;
    int result;

    random_range(game, true, &page, &count);
    game_tell(game, "free %d pages at %d", (int)count, (int)page);
    result = pma_pages_free(game->arena, game_address(game, page), count);
    if (game_expect(game, result, game_all_of(game, page, count, true) ? 0 : PMA_EADDRESS,
                    "pma_pages_free"))
        game_set_range(game, page, count, NOT_ALLOCATED);
}

/* A store or load that cannot be answered ends the process, so under faults it is announced. */
static bool may_store(struct game *game, uint64_t page)
{
    return !game->faults || game->store_only ||
           game_expect(game, pma_dirty(game->arena, game_address(game, page), PMA_PAGE_SIZE), 0,
                       "pma_dirty");
}

static bool may_load(struct game *game, uint64_t page)
{
    return !game->faults || game->store_only ||
           game_expect(game, pma_touch(game->arena, game_address(game, page), PMA_PAGE_SIZE), 0,
                       "pma_touch");
}

static void store_at(struct game *game, uint64_t page)
{
    if (!may_store(game, page))
        return;
    game->now.tag[page] = ++game->tags;
    arena_fill(game_address(game, page), game->tags);
}

void game_store(struct game *game)
{
    uint64_t page, count;

    random_range(game, true, &page, &count);
    game_tell(game, "store to %d pages at %d", (int)count, (int)page);
    for (uint64_t i = page; i < page + count; i++) {
        if (game_is_allocated(game, i))
            store_at(game, i);
    }
}

void game_load(struct game *game)
{
    uint64_t page, count;

    random_range(game, true, &page, &count);
    game_tell(game, "load %d pages at %d", (int)count, (int)page);
    for (uint64_t i = page; i < page + count; i++) {
        if (game_is_allocated(game, i) && may_load(game, i))
            assert_int_equal(arena_tag(game_address(game, i)), game->now.tag[i]);
    }
}

int game_touch(pma_t *arena, void *at, size_t bytes)
{
    return pma_touch(arena, at, bytes);
}

void game_call_on_range(struct game *game, game_range_call *call, const char *name)
{
    uint64_t page, count;

    random_range(game, true, &page, &count);
    game_tell(game, "%s %d pages at %d", name, (int)count, (int)page);
    game_expect(game, call(game->arena, game_address(game, page), count * PMA_PAGE_SIZE),
                game_all_of(game, page, count, true) ? 0 : PMA_EADDRESS, name);
}

/* Whether so many pages from there on are in part a stack's, or reserved for one. */
static bool meets_stack(const struct game *game, uint64_t page, uint64_t count)
{
    for (uint64_t i = page; i < page + count; i++) {
        if (game->now.kind[i] == STACK)
            return true;
    }
    return false;
}

/* What a move must come to. If both places are wrong, either may be told. */
static int move_is_refused(const struct game *game, uint64_t from, uint64_t to, uint64_t count,
                           int result)
{
    if (from < to + count && to < from + count)
        return PMA_EARGUMENT;
    if (result == PMA_EOCCUPIED && meets_stack(game, to, count))
        return PMA_EOCCUPIED;
    if (!game_all_of(game, from, count, true))
        return PMA_EADDRESS;
    return game_all_of(game, to, count, false) ? 0 : PMA_EOCCUPIED;
}

static void move_range(struct game *game, uint64_t to, uint64_t from, uint64_t count,
                       unsigned flags)
{
    const struct game_model before = game->now;
    int result;

    game_tell(game, "move %d pages from %d to %d, flags %u", (int)count, (int)from, (int)to, flags);
    result =
        pma_pages_move(game->arena, game_address(game, to), game_address(game, from), count, flags);
    if (!game_expect(game, result, move_is_refused(game, from, to, count, result),
                     "pma_pages_move"))
        return;
    game_set_range(game, from, count, NOT_ALLOCATED);
    for (uint64_t i = 0; i < count; i++) {
        game->now.kind[to + i] = flags == PMA_MOVE_EPHEMERAL    ? EPHEMERAL
                                 : flags == PMA_MOVE_PERSISTENT ? PERSISTENT
                                                                : before.kind[from + i];
        game->now.tag[to + i] = before.tag[from + i];
    }
}

void game_move_range_at_random(struct game *game)
{
    const unsigned flags = (unsigned)random_below(&game->random, 3);
    uint64_t from, to, count, longest;

    random_range(game, true, &from, &count);
    random_range(game, false, &to, &longest);
    if (random_below(&game->random, 4) > 0 && longest < count)
        count = longest;
    move_range(game, to, from, count, flags);
}

static uint64_t page_of_kind(const struct game *game, enum game_kind kind)
{
    uint64_t page = 0;

    while (page < GAME_PAGES - 1 && game->now.kind[page] != kind)
        page++;
    return page;
}

static void store_and_evict(struct game *game, enum game_kind kind)
{
    const uint64_t page = page_of_kind(game, kind);

    if (game->now.kind[page] != kind)
        return;
    store_at(game, page);
    game_expect(game, pma_evict(game->arena, game_address(game, page), PMA_PAGE_SIZE), 0,
                "pma_evict");
}

void game_write_back(struct game *game)
{
    store_and_evict(game, PERSISTENT);
}

/* An ephemeral page goes to a block, comes back, and becomes persistent. */
void game_promote(struct game *game)
{
    uint64_t page, to;

    game_allocate_range(game, 2, true);
    store_and_evict(game, EPHEMERAL);
    page = page_of_kind(game, EPHEMERAL);
    to = page_of_kind(game, NOT_ALLOCATED);
    if (game->now.kind[page] != EPHEMERAL || game->now.kind[to] != NOT_ALLOCATED)
        return;
    store_at(game, page);
    move_range(game, to, page, 1, PMA_MOVE_PERSISTENT);
}

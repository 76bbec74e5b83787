/* SPDX-License-Identifier: MIT */
#include "arena_game.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pma/check.h>

#include "arena_game_parts.h"
#include "arena_range.h"

enum { LONGEST = 12 };

struct game *game_new(const struct arena_place *place, uint64_t seed)
{
    struct game *game = calloc(1, sizeof(*game));

    assert_non_null(game);
    game->place = place;
    game->random = (struct random){seed};
    game->options = arena_small();
    game->options.reserved_bytes = GAME_PAGES * PMA_PAGE_SIZE;
    return game;
}

static void close_view(struct game *game, struct game_view *view)
{
    const int result = pma_close(view->handle);

    if (!game->faults)
        assert_int_equal(result, 0);
    view->handle = NULL;
}

void game_free(struct game *game)
{
    for (size_t i = 0; i < GAME_VIEWS; i++)
        close_view(game, &game->views[i]);
    game_close(game);
    free(game->nouns.list);
    free(game);
}

void game_close(struct game *game)
{
    int result;

    game_stack_forget(game);
    result = pma_close(game->arena);

    if (!game->faults)
        assert_int_equal(result, 0);
    game->arena = NULL;
}

bool game_expect(struct game *game, int result, int expected, const char *call)
{
    if (result == PMA_EPOISONED)
        game->poisoned = true;
    if (game->faults && !expected)
        return result == 0;
    if (game->faults && result)
        return false;
    if (result != expected)
        fail_msg("%s: %s instead of %s (%s)", call, pma_strerror(result), pma_strerror(expected),
                 pma_last_error(game->arena));
    return !result;
}

void game_tell(const struct game *game, const char *format, ...)
{
    va_list arguments;

    if (!game->tell)
        return;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

unsigned char *game_address(const struct game *game, uint64_t page)
{
    return (unsigned char *)pma_base(game->arena) + page * PMA_PAGE_SIZE;
}

static bool allocated(const struct game *game, uint64_t page)
{
    return game->now.kind[page] != NOT_ALLOCATED;
}

bool game_all_of(const struct game *game, uint64_t page, uint64_t count, bool wanted)
{
    for (uint64_t i = page; i < page + count; i++) {
        if (allocated(game, i) != wanted)
            return false;
    }
    return true;
}

/* Whether the heap or a stack has it, which moves of pages leave alone. */
static bool is_others(const struct game *game, uint64_t page)
{
    return game->now.kind[page] == HEAP || game->now.kind[page] == STACK;
}

/* Mostly a run of pages that are allocated, or that are not, as wanted; now and then any run. */
static void random_range(struct game *game, bool wanted, uint64_t *page, uint64_t *count)
{
    enum { TRIES = 20, WILD = 10 };
    const bool wild = random_below(&game->random, WILD) == 0;
    const uint64_t longest = 1 + random_below(&game->random, LONGEST);

    *page = random_below(&game->random, GAME_PAGES - LONGEST);
    for (int i = 0; i < TRIES && allocated(game, *page) != wanted; i++)
        *page = random_below(&game->random, GAME_PAGES - LONGEST);
    while (is_others(game, *page))
        *page = (*page + 1) % (GAME_PAGES - LONGEST);
    for (*count = 1; *count < longest && !is_others(game, *page + *count); ++*count) {
        if (!wild && allocated(game, *page + *count) != wanted)
            break;
    }
}

void game_set_range(struct game *game, uint64_t page, uint64_t count, enum game_kind kind)
{
    for (uint64_t i = page; i < page + count; i++) {
        game->now.kind[i] = kind;
        game->now.tag[i] = 0;
    }
}

static void allocate_range(struct game *game, uint64_t count, bool ephemeral)
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

static void allocate(struct game *game)
{
    const bool ephemeral = random_below(&game->random, 4) == 0;

    allocate_range(game, 1 + random_below(&game->random, LONGEST), ephemeral);
}

static void allocate_at(struct game *game)
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

static void free_range(struct game *game)
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

static void store(struct game *game)
{
    uint64_t page, count;

    random_range(game, true, &page, &count);
    game_tell(game, "store to %d pages at %d", (int)count, (int)page);
    for (uint64_t i = page; i < page + count; i++) {
        if (allocated(game, i))
            store_at(game, i);
    }
}

static void load(struct game *game)
{
    uint64_t page, count;

    random_range(game, true, &page, &count);
    game_tell(game, "load %d pages at %d", (int)count, (int)page);
    for (uint64_t i = page; i < page + count; i++) {
        if (allocated(game, i) && may_load(game, i))
            assert_int_equal(arena_tag(game_address(game, i)), game->now.tag[i]);
    }
}

typedef int range_call(pma_t *arena, void *address, size_t bytes);

static int touch(pma_t *arena, void *at, size_t bytes)
{
    return pma_touch(arena, at, bytes);
}

static void call_on_range(struct game *game, range_call *call, const char *name)
{
    uint64_t page, count;

    random_range(game, true, &page, &count);
    game_tell(game, "%s %d pages at %d", name, (int)count, (int)page);
    game_expect(game, call(game->arena, game_address(game, page), count * PMA_PAGE_SIZE),
                game_all_of(game, page, count, true) ? 0 : PMA_EADDRESS, name);
}

static int move_is_refused(const struct game *game, uint64_t from, uint64_t to, uint64_t count)
{
    if (from < to + count && to < from + count)
        return PMA_EARGUMENT;
    for (uint64_t i = to; i < to + count; i++) {
        if (game->now.kind[i] == STACK)
            return PMA_EOCCUPIED;
    }
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
    if (!game_expect(game, result, move_is_refused(game, from, to, count), "pma_pages_move"))
        return;
    game_set_range(game, from, count, NOT_ALLOCATED);
    for (uint64_t i = 0; i < count; i++) {
        game->now.kind[to + i] = flags == PMA_MOVE_EPHEMERAL    ? EPHEMERAL
                                 : flags == PMA_MOVE_PERSISTENT ? PERSISTENT
                                                                : before.kind[from + i];
        game->now.tag[to + i] = before.tag[from + i];
    }
}

static void move(struct game *game)
{
    const unsigned flags = (unsigned)random_below(&game->random, 3);
    uint64_t from, to, count, longest;

    random_range(game, true, &from, &count);
    random_range(game, false, &to, &longest);
    if (random_below(&game->random, 4) > 0 && longest < count)
        count = longest;
    move_range(game, to, from, count, flags);
}

/* The arena's account of its address range claims no less than the kernel. */
static void check_account(const struct game *game)
{
    const struct arena_range range = arena_range(game->arena);
    struct pma_stat stat;

    arena_ok(game->arena, pma_stat(game->arena, &stat));
    assert_in_range(range.mappings, 1, stat.mappings);
    assert_in_range(range.resident_bytes, 0, stat.resident_bytes);
    if (game->options.resident_bytes)
        assert_in_range(stat.resident_bytes, 0, game->options.resident_bytes);
    if (game->options.mapping_limit)
        assert_in_range(stat.mappings, 1, game->options.mapping_limit);
}

/* A stack has pages in a part of its range only. */
static bool must_be_there(const struct game_model *model, uint64_t page)
{
    return model->kind[page] != NOT_ALLOCATED && model->kind[page] != STACK;
}

static bool in_snapshots(enum game_kind kind)
{
    return kind == PERSISTENT || kind == HEAP;
}

/* What a page must be that is allocated, of the two kinds that there are. */
static enum game_kind kind_in(const struct game_model *model, uint64_t page, bool ephemeral)
{
    const bool others = model->kind[page] == HEAP || model->kind[page] == STACK;

    if (ephemeral)
        return others ? STACK : EPHEMERAL;
    return others ? HEAP : PERSISTENT;
}

void game_look(const struct game *game)
{
    struct pma_run run = {.address = NULL};
    uint64_t page = 0, value;

    while (page < GAME_PAGES && pma_next_run(game->arena, game_address(game, page), &run) == 0) {
        const uint64_t first =
            (uint64_t)((unsigned char *)run.address - game_address(game, 0)) / PMA_PAGE_SIZE;

        for (; page < first; page++)
            assert_false(must_be_there(&game->now, page));
        for (; page < first + run.pages && page < GAME_PAGES; page++) {
            assert_int_equal(game->now.kind[page], kind_in(&game->now, page, run.ephemeral));
            if (!is_others(game, page))
                assert_int_equal(arena_tag(game_address(game, page)), game->now.tag[page]);
        }
    }
    for (; page < GAME_PAGES; page++)
        assert_false(must_be_there(&game->now, page));
    game_heap_look(game);
    game_stack_look(game);
    arena_ok(game->arena, pma_root(game->arena, 5, &value));
    assert_int_equal(value, game->now.root);
    if (!game->faults)
        check_account(game);
}

static int no_such_snapshot(const struct game *game, bool previous)
{
    return previous && !game->has_previous ? -ENOENT : 0;
}

/* An attempt that failed is not seen, but the snapshot before the newest may be lost to it. */
static void open_view(struct game *game, struct game_view *view)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    struct pma_stat stat;
    int result;

    options.previous = random_below(&game->random, 3) == 0;
    result = pma_view_open(game->place->path, &options, &view->handle, NULL);
    if (!game_expect(game, result, no_such_snapshot(game, options.previous), "pma_view_open")) {
        view->handle = NULL;
        return;
    }
    view->shows = options.previous ? game->previous : game->newest;
    arena_ok(view->handle, pma_stat(view->handle, &stat));
    assert_int_equal(stat.event, view->shows.event);
}

static uint64_t page_in(const pma_t *view, const void *at)
{
    return (uint64_t)((const unsigned char *)at - (unsigned char *)pma_base(view)) / PMA_PAGE_SIZE;
}

static void look_at_run(const struct game *game, const struct game_view *view,
                        const struct pma_run *run)
{
    const uint64_t first = page_in(view->handle, run->address);
    const unsigned char *at = run->address;

    for (uint64_t page = first; page < first + run->pages; page++, at += PMA_PAGE_SIZE) {
        assert_true(in_snapshots(view->shows.kind[page]));
        if (view->shows.kind[page] == HEAP)
            continue;
        if (!game->faults || pma_touch(view->handle, at, PMA_PAGE_SIZE) == 0)
            assert_int_equal(arena_tag(at), view->shows.tag[page]);
    }
}

/* Compares all of a view, or as much as the faults let through, with the model. */
static void look_at_view(const struct game *game, const struct game_view *view)
{
    const unsigned char *const base = pma_base(view->handle);
    struct pma_run run = {.address = NULL};
    uint64_t page = 0, value;

    while (page < GAME_PAGES &&
           pma_next_run(view->handle, base + page * PMA_PAGE_SIZE, &run) == 0) {
        for (; page < page_in(view->handle, run.address); page++)
            assert_false(in_snapshots(view->shows.kind[page]));
        look_at_run(game, view, &run);
        page += run.pages;
    }
    for (; page < GAME_PAGES && !game->faults; page++)
        assert_false(in_snapshots(view->shows.kind[page]));
    arena_ok(view->handle, pma_root(view->handle, 5, &value));
    assert_int_equal(value, view->shows.root);
}

static void view(struct game *game)
{
    struct game_view *view = &game->views[random_below(&game->random, GAME_VIEWS)];

    if (!view->handle) {
        open_view(game, view);
        return;
    }
    look_at_view(game, view);
    if (random_below(&game->random, 3) == 0)
        close_view(game, view);
}

struct walk {
    struct game *game;
    const struct game_model *expected;
    uint64_t next;
};

static void expect_none(struct walk *walk, uint64_t before)
{
    for (; walk->next < before; walk->next++)
        assert_false(in_snapshots(walk->expected->kind[walk->next]));
}

static void see_page(void *context, uint64_t page, uint64_t length, const void *data)
{
    struct walk *walk = context;

    expect_none(walk, page);
    for (; walk->next < page + length; walk->next++) {
        assert_true(in_snapshots(walk->expected->kind[walk->next]));
        if (walk->expected->kind[walk->next] == PERSISTENT)
            assert_int_equal(walk->expected->tag[walk->next], data ? arena_tag(data) : 0);
    }
}

static void see_node(void *context, const struct pma_check_node *node)
{
    ((struct walk *)context)->game->named[node->block] = 1;
}

static void see_extent(void *context, const struct pma_check_extent *extent)
{
    if (extent->block)
        memset(&((struct walk *)context)->game->named[extent->block], 1, extent->length);
}

static void see_finding(void *context, const char *rule, const char *text)
{
    print_error("%s: %s\n", rule, text);
}

static void check_snapshot(struct game *game, enum pma_check_which which,
                           const struct game_model *expected)
{
    struct walk walk = {.game = game, .expected = expected};
    const struct pma_check_visitor visitor = {.context = &walk,
                                              .page = see_page,
                                              .node = see_node,
                                              .extent = see_extent,
                                              .finding = see_finding};
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    struct pma_check_report report;
    struct pma_error error;

    options.which = which;
    options.both = false;
    if (pma_check(game->place->path, &options, &visitor, &report, &error))
        fail_msg("%s", error.text);
    assert_int_equal(report.findings, 0);
    assert_int_equal(report.event, expected->event);
    expect_none(&walk, GAME_PAGES);
}

/* The blocks of its pages; if those of its tree are reused, its checksums say so. */
static void name_blocks_of_view(struct game *game, const struct game_view *view)
{
    const unsigned char *from = pma_base(view->handle);
    struct pma_run run;

    for (; pma_next_run(view->handle, from, &run) == 0;
         from = (unsigned char *)run.address + run.pages * PMA_PAGE_SIZE) {
        if (run.block)
            memset(&game->named[run.block], 1, run.pages);
    }
}

void game_check_file(struct game *game)
{
    uint64_t from = 0, first, count;
    struct pma_stat stat;
    size_t views = 0;

    memset(game->named, 0, sizeof(game->named));
    check_snapshot(game, PMA_CHECK_NEWEST, &game->newest);
    if (game->has_previous)
        check_snapshot(game, PMA_CHECK_PREVIOUS, &game->previous);
    for (size_t i = 0; i < GAME_VIEWS; i++) {
        if (!game->views[i].handle)
            continue;
        views++;
        name_blocks_of_view(game, &game->views[i]);
    }
    arena_ok(game->arena, pma_stat(game->arena, &stat));
    assert_true(views > 0 || stat.view_blocks == 0);
    assert_in_range(stat.file_blocks, 0, GAME_BLOCKS);
    for (; pma_next_free(game->arena, from, &first, &count) == 0; from = first + count) {
        for (uint64_t block = first; block < first + count; block++)
            assert_false(game->named[block]);
    }
}

bool game_snapshot(struct game *game)
{
    game->now.event = ++game->events;
    game_tell(game, "snapshot %d", (int)game->now.event);
    if (!game_expect(game, pma_snapshot(game->arena, game->now.event), 0, "pma_snapshot")) {
        assert_in_range(game->attempt_count, 0, GAME_ATTEMPTS - 1);
        game->attempts[game->attempt_count++] = game->now;
        return false;
    }
    /* The heap gives pages back that it does not need. */
    game_note_others(game);
    game->previous = game->newest;
    game->has_previous = true;
    game->newest = game->now;
    game->attempt_count = 0;
    return true;
}

/* What an open shows: the newest snapshot, or an attempt since. */
static bool adopt_opened(struct game *game)
{
    struct pma_stat stat;

    if (!game_expect(game, pma_stat(game->arena, &stat), 0, "pma_stat"))
        return false;
    for (unsigned i = 0; i < game->attempt_count && stat.event != game->newest.event; i++) {
        if (game->attempts[i].event != stat.event)
            continue;
        game->previous = game->newest;
        game->newest = game->attempts[i];
    }
    assert_int_equal(stat.event, game->newest.event);
    game->attempt_count = 0;
    game->now = game->newest;
    for (uint64_t i = 0; i < GAME_PAGES; i++) {
        if (game->now.kind[i] == EPHEMERAL || game->now.kind[i] == STACK)
            game->now.kind[i] = NOT_ALLOCATED;
    }
    return true;
}

bool game_reopen(struct game *game)
{
    struct pma_error error;

    game_tell(game, "reopen");
    game_close(game);
    game->poisoned = false;
    if (pma_open(game->place->path, &game->options, &game->arena, &error)) {
        if (!game->faults)
            fail_msg("%s", error.text);
        game->arena = NULL;
        return false;
    }
    if (adopt_opened(game))
        return true;
    game_close(game);
    return false;
}

bool game_create(struct game *game, uint32_t fanout)
{
    struct pma_error error;

    game->options.fanout = fanout;
    if (!pma_create(game->place->path, &game->options, &game->arena, &error))
        return true;
    if (!game->faults)
        fail_msg("%s", error.text);
    game->arena = NULL;
    return false;
}

static void set_root(struct game *game)
{
    const uint64_t value = random_next(&game->random);

    game_tell(game, "set root 5 to %llu", (unsigned long long)value);
    if (game_expect(game, pma_set_root(game->arena, 5, value), 0, "pma_set_root"))
        game->now.root = value;
}

/* After a snapshot, so that those that it takes hold what that one does. */
static void shrink_to(struct game *game, uint64_t blocks)
{
    struct pma_stat before = {0}, after = {0};

    if (!game_snapshot(game) || pma_stat(game->arena, &before))
        return;
    game_tell(game, "shrink to %d blocks", (int)blocks);
    game_expect(game, pma_shrink(game->arena, blocks, NULL), 0, "pma_shrink");
    if (pma_stat(game->arena, &after) == 0 && after.snapshot > before.snapshot)
        game->previous = game->newest;
}

static void shrink(struct game *game)
{
    shrink_to(game, random_below(&game->random, 2 * GAME_PAGES));
}

static void shrink_all(struct game *game)
{
    shrink_to(game, 0);
}

/* There is a whole copy or none. */
static void copy(struct game *game)
{
    struct pma_check_report report;
    char path[sizeof(game->place->path) + 8];
    int result;

    snprintf(path, sizeof(path), "%s.copy", game->place->path);
    game_tell(game, "copy");
    result = pma_copy(game->place->path, path, NULL, NULL);
    if (!game_expect(game, result, 0, "pma_copy")) {
        assert_int_not_equal(access(path, F_OK), 0);
        return;
    }
    assert_int_equal(pma_check(path, NULL, NULL, &report, NULL), 0);
    assert_int_equal(report.findings, 0);
    assert_int_equal(report.event, game->newest.event);
    assert_int_equal(report.used_blocks, report.file_blocks);
    unlink(path);
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

static void write_back(struct game *game)
{
    store_and_evict(game, PERSISTENT);
}

/* An ephemeral page goes to a block, comes back, and becomes persistent. */
static void promote(struct game *game)
{
    uint64_t page, to;

    allocate_range(game, 2, true);
    store_and_evict(game, EPHEMERAL);
    page = page_of_kind(game, EPHEMERAL);
    to = page_of_kind(game, NOT_ALLOCATED);
    if (game->now.kind[page] != EPHEMERAL || game->now.kind[to] != NOT_ALLOCATED)
        return;
    store_at(game, page);
    move_range(game, to, page, 1, PMA_MOVE_PERSISTENT);
}

void game_move(struct game *game)
{
    switch (random_below(&game->random, 40)) {
    case 0:
    case 1:
    case 2:
    case 3:
        allocate(game);
        break;
    case 4:
    case 5:
        allocate_at(game);
        break;
    case 6:
    case 7:
        free_range(game);
        break;
    case 8:
        call_on_range(game, pma_dirty, "dirty");
        break;
    case 9:
        call_on_range(game, touch, "touch");
        break;
    case 10:
    case 11:
        call_on_range(game, pma_evict, "evict");
        break;
    case 12:
    case 13:
    case 14:
    case 15:
        move(game);
        break;
    case 16:
    case 17:
        game_snapshot(game);
        break;
    case 18:
        switch (random_below(&game->random, 3)) {
        case 0:
            game_reopen(game);
            break;
        case 1:
            shrink(game);
            break;
        }
        break;
    case 19:
        set_root(game);
        break;
    case 20:
    case 21:
    case 22:
        view(game);
        break;
    default:
        if (random_below(&game->random, 2) == 0)
            store(game);
        else
            load(game);
    }
}

/* Opens a view and looks at it; none is open afterwards. */
static void visit(struct game *game)
{
    for (size_t i = 0; i < GAME_VIEWS; i++)
        close_view(game, &game->views[i]);
    open_view(game, &game->views[0]);
    if (game->views[0].handle)
        look_at_view(game, &game->views[0]);
    close_view(game, &game->views[0]);
}

void game_tour(struct game *game)
{
    void (*const stops[])(struct game *) = {visit,      allocate, allocate,   promote,
                                            store,      store,    write_back, free_range,
                                            shrink_all, copy,     copy};

    for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++) {
        if (game->arena && !game->poisoned)
            stops[i](game);
    }
    if (game->arena && !game->poisoned)
        game_reopen(game);
}

void game_any_move(struct game *game)
{
    enum { WANTED_PAGES = 48 };

    /* A full arena takes no stack. */
    if (random_below(&game->random, 3) == 0 && game_is_full(game, WANTED_PAGES))
        free_range(game);
    switch (random_below(&game->random, 8)) {
    case 0:
    case 1:
        game_heap_move(game);
        break;
    case 2:
    case 3:
    case 4:
        game_stack_move(game);
        break;
    default:
        game_move(game);
    }
}

void game_play(struct game *game, unsigned moves)
{
    for (unsigned i = 0; i < moves && game->arena && !game->poisoned; i++) {
        game_move(game);
        if (!game->faults && random_below(&game->random, 64) == 0) {
            game_look(game);
            game_check_file(game);
        }
    }
}

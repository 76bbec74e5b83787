/* SPDX-License-Identifier: MIT */
/* What pma/heap.h promises of single objects. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <pma/heap.h>

#include "arena_place.h"
#include "fault_plan.h"

static pma_t *small_arena(const struct arena_place *place)
{
    const struct pma_options small = arena_small();

    return arena_create(place, &small);
}

static unsigned char *allocate(pma_t *arena, size_t bytes)
{
    void *address = NULL;

    arena_ok(arena, pma_malloc(arena, bytes, &address));
    return address;
}

static size_t usable(pma_t *arena, const void *address)
{
    size_t bytes = 0;

    arena_ok(arena, pma_usable_size(arena, address, &bytes));
    return bytes;
}

static struct pma_heap_stat heap_stat(pma_t *arena)
{
    struct pma_heap_stat stat;

    arena_ok(arena, pma_heap_stat(arena, &stat));
    arena_ok(arena, pma_heap_check(arena));
    return stat;
}

static struct pma_stat arena_stat(pma_t *arena)
{
    struct pma_stat stat;

    arena_ok(arena, pma_stat(arena, &stat));
    return stat;
}

/* Demands that freeing is refused for that reason, with the address in the text. */
static void expect_refused(pma_t *arena, void *address, int code)
{
    const struct pma_heap_stat before = heap_stat(arena);
    struct pma_heap_stat after;
    char text[64];

    snprintf(text, sizeof(text), "free of address 0x%lx: ", (unsigned long)(uintptr_t)address);
    assert_int_equal(pma_free(arena, address), code);
    assert_non_null(strstr(pma_last_error(arena), text));
    assert_non_null(strstr(pma_last_error(arena), pma_strerror(code)));
    after = heap_stat(arena);
    assert_memory_equal(&before, &after, sizeof(before));
}

static void sizes_are_powers_of_two_up_to_half_a_page_and_whole_pages_above(void **state)
{
    static const size_t asked[] = {0, 1, 16, 17, 100, 1024, 1025, 2048, 2049, 4096, 4097, 20000};
    static const size_t given[] = {16, 16, 16, 32, 128, 1024, 2048, 2048, 4096, 4096, 8192, 20480};
    pma_t *arena = small_arena(*state);

    for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
        unsigned char *object = allocate(arena, asked[i]);

        assert_int_equal(usable(arena, object), given[i]);
        assert_int_equal((uintptr_t)object % (given[i] < 4096 ? given[i] : 4096), 0);
        memset(object, (int)i, given[i]);
    }
    heap_stat(arena);
    arena_close(arena);
}

static void objects_do_not_overlap_and_come_back_with_the_snapshot(void **state)
{
    enum { COUNT = 300 };
    pma_t *arena = small_arena(*state);
    unsigned char *objects[COUNT];
    struct pma_heap_stat before, after;

    for (size_t i = 0; i < COUNT; i++) {
        objects[i] = allocate(arena, 1 + i * 3);
        memset(objects[i], (int)i, 1 + i * 3);
    }
    before = heap_stat(arena);
    arena_snapshot(arena, 1);
    arena = arena_reopen(*state, arena);
    after = heap_stat(arena);
    assert_int_equal(after.objects, COUNT);
    assert_int_equal(after.object_bytes, before.object_bytes);
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < 1 + i * 3; j++)
            assert_int_equal(objects[i][j], (unsigned char)i);
        arena_ok(arena, pma_free(arena, objects[i]));
    }
    assert_int_equal(heap_stat(arena).objects, 0);
    arena_close(arena);
    arena_check(*state);
}

static void work_on_the_heap_since_the_snapshot_is_gone_after_a_reopen(void **state)
{
    pma_t *arena = small_arena(*state);
    unsigned char *kept = allocate(arena, 100), *lost;

    arena_snapshot(arena, 1);
    arena_ok(arena, pma_free(arena, kept));
    lost = allocate(arena, 30 * PMA_PAGE_SIZE);
    arena = arena_reopen(*state, arena);
    assert_int_equal(usable(arena, kept), 128);
    assert_int_equal(heap_stat(arena).objects, 1);
    expect_refused(arena, lost, PMA_EFOREIGN);
    arena_close(arena);
}

static void an_object_can_be_freed_only_once(void **state)
{
    static const size_t sizes[] = {16, 2048, 4096, 30 * 4096};
    pma_t *arena = small_arena(*state);

    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        unsigned char *object = allocate(arena, sizes[i]);

        arena_ok(arena, pma_free(arena, object));
        expect_refused(arena, object, PMA_EFREED);
    }
    arena_close(arena);
}

static void an_object_is_freed_by_its_start_only(void **state)
{
    pma_t *arena = small_arena(*state);
    unsigned char *chunk = allocate(arena, 64), *pages = allocate(arena, 30 * PMA_PAGE_SIZE);

    expect_refused(arena, chunk + 8, PMA_EINTERIOR);
    expect_refused(arena, chunk + 63, PMA_EINTERIOR);
    expect_refused(arena, pages + 1, PMA_EINTERIOR);
    expect_refused(arena, pages + 4096, PMA_EINTERIOR);
    expect_refused(arena, pages + 30 * 4096 - 1, PMA_EINTERIOR);
    arena_ok(arena, pma_free(arena, chunk));
    arena_ok(arena, pma_free(arena, pages));
    arena_close(arena);
}

static void what_is_not_the_heaps_is_refused(void **state)
{
    pma_t *arena = small_arena(*state);
    unsigned char *own = arena_alloc(arena, 1, 0), *gone;
    int outside;

    expect_refused(arena, own, PMA_EFOREIGN);
    assert_non_null(allocate(arena, 1));
    expect_refused(arena, own, PMA_EFOREIGN);
    expect_refused(arena, &outside, PMA_EFOREIGN);
    expect_refused(arena, (char *)pma_base(arena) + 255 * PMA_PAGE_SIZE, PMA_EFOREIGN);
    gone = allocate(arena, 30 * PMA_PAGE_SIZE);
    arena_ok(arena, pma_free(arena, gone));
    expect_refused(arena, gone, PMA_EFREED);
    arena_ok(arena, pma_pages_alloc_at(arena, gone, 1, 0));
    expect_refused(arena, gone, PMA_EFOREIGN);
    arena_ok(arena, pma_free(arena, NULL));
    arena_close(arena);
}

static void calloc_gives_zeros_where_something_else_was(void **state)
{
    static const size_t sizes[] = {16, 500, 5000, 100000};
    static const unsigned char zeros[100000];
    pma_t *arena = small_arena(*state);

    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        unsigned char *object = allocate(arena, sizes[i]);
        void *again;

        memset(object, 0xff, sizes[i]);
        arena_ok(arena, pma_free(arena, object));
        arena_ok(arena, pma_calloc(arena, sizes[i] / 4, 4, &again));
        assert_memory_equal(again, zeros, sizes[i]);
    }
    arena_close(arena);
}

static void an_array_that_is_too_long_is_refused(void **state)
{
    pma_t *arena = small_arena(*state);
    void *object = &arena;

    assert_int_equal(pma_calloc(arena, SIZE_MAX / 2, 3, &object), -ENOMEM);
    assert_int_equal(pma_malloc(arena, SIZE_MAX, &object), -ENOMEM);
    assert_int_equal(pma_malloc(arena, 256 * PMA_PAGE_SIZE, &object), -ENOMEM);
    assert_non_null(strstr(pma_last_error(arena), "no gap of 256 pages"));
    assert_ptr_equal(object, &arena);
    heap_stat(arena);
    arena_close(arena);
}

static void an_alignment_is_kept(void **state)
{
    pma_t *arena = small_arena(*state);
    void *object;

    for (size_t alignment = 1; alignment <= 32 * PMA_PAGE_SIZE; alignment *= 2) {
        arena_ok(arena, pma_memalign(arena, alignment, 24, &object));
        assert_int_equal((uintptr_t)object % alignment, 0);
        assert_in_range(usable(arena, object), 24, 4096);
    }
    assert_int_equal(pma_memalign(arena, 48, 24, &object), PMA_EARGUMENT);
    assert_int_equal(pma_memalign(arena, 0, 24, &object), PMA_EARGUMENT);
    heap_stat(arena);
    arena_close(arena);
}

static void realloc_keeps_what_both_lengths_cover(void **state)
{
    static const size_t sizes[] = {1, 16, 40, 41, 2000, 3000, 9000, 80000, 200000, 5000, 70, 3};
    pma_t *arena = small_arena(*state);
    void *object = NULL;
    size_t before = 0;

    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        arena_ok(arena, pma_realloc(arena, &object, sizes[i]));
        for (size_t j = 0; j < before && j < sizes[i]; j++)
            assert_int_equal(((unsigned char *)object)[j], (unsigned char)(j * 7 + i - 1));
        for (size_t j = 0; j < sizes[i]; j++)
            ((unsigned char *)object)[j] = (unsigned char)(j * 7 + i);
        before = sizes[i];
        assert_int_equal(heap_stat(arena).objects, 1);
    }
    arena_ok(arena, pma_free(arena, object));
    assert_int_equal(pma_realloc(arena, &object, 7), PMA_EFREED);
    arena_close(arena);
}

static void a_large_object_that_must_move_is_not_copied(void **state)
{
    enum { PAGES = 40 };
    pma_t *arena = small_arena(*state);
    unsigned char *object = allocate(arena, PAGES * PMA_PAGE_SIZE);
    void *moved = object;
    struct pma_stat before, after;

    for (uint64_t i = 0; i < PAGES; i++)
        arena_fill(object + i * PMA_PAGE_SIZE, i);
    arena_ok(arena, pma_pages_alloc_at(arena, object + PAGES * PMA_PAGE_SIZE, 1, 0));
    arena_snapshot(arena, 1);
    arena_ok(arena, pma_free(arena, allocate(arena, 1))); /* the record has its copies */
    before = arena_stat(arena);
    arena_ok(arena, pma_realloc(arena, &moved, (PAGES + 1) * PMA_PAGE_SIZE));
    after = arena_stat(arena);
    assert_ptr_not_equal(moved, object);
    assert_int_equal(after.moved_pages - before.moved_pages, PAGES);
    assert_in_range(after.copied_pages - before.copied_pages, 0, 3); /* of the record */
    for (uint64_t i = 0; i < PAGES; i++)
        assert_int_equal(arena_tag((unsigned char *)moved + i * PMA_PAGE_SIZE), i);
    assert_int_equal(usable(arena, moved), (PAGES + 1) * PMA_PAGE_SIZE);
    expect_refused(arena, object, PMA_EFREED);
    arena_snapshot(arena, 2);
    arena = arena_reopen(*state, arena);
    for (uint64_t i = 0; i < PAGES; i++)
        assert_int_equal(arena_tag((unsigned char *)moved + i * PMA_PAGE_SIZE), i);
    heap_stat(arena);
    arena_close(arena);
    arena_check(*state);
}

static void a_large_object_grows_and_shrinks_in_place(void **state)
{
    pma_t *arena = small_arena(*state);
    unsigned char *object = allocate(arena, 40 * PMA_PAGE_SIZE);
    void *place = object;
    struct pma_stat before = arena_stat(arena);

    arena_ok(arena, pma_realloc(arena, &place, 100 * PMA_PAGE_SIZE));
    assert_ptr_equal(place, object);
    arena_ok(arena, pma_realloc(arena, &place, 3 * PMA_PAGE_SIZE));
    assert_ptr_equal(place, object);
    arena_ok(arena, pma_realloc(arena, &place, 10 * PMA_PAGE_SIZE));
    assert_ptr_equal(place, object);
    assert_int_equal(usable(arena, object), 10 * PMA_PAGE_SIZE);
    assert_int_equal(arena_stat(arena).moved_pages, before.moved_pages);
    assert_int_equal(heap_stat(arena).object_bytes, 10 * PMA_PAGE_SIZE);
    arena_close(arena);
}

static void pages_taken_into_the_heap_are_moved_not_copied(void **state)
{
    enum { PAGES = 20 };
    pma_t *arena = small_arena(*state);
    unsigned char *page = arena_alloc(arena, PAGES, PMA_EPHEMERAL);
    struct pma_stat before, after;
    void *object;

    for (uint64_t i = 0; i < PAGES; i++)
        arena_fill(page + i * PMA_PAGE_SIZE, i);
    assert_non_null(allocate(arena, 1));
    before = arena_stat(arena);
    arena_ok(arena, pma_heap_take_pages(arena, page, PAGES, &object));
    after = arena_stat(arena);
    assert_int_equal(after.moved_pages - before.moved_pages, PAGES);
    assert_int_equal(after.copied_pages, before.copied_pages);
    assert_int_equal(after.ephemeral_pages, 0);
    assert_int_equal(usable(arena, object), PAGES * PMA_PAGE_SIZE);
    arena_ok(arena, pma_pages_alloc_at(arena, page, PAGES, 0));
    arena_snapshot(arena, 1);
    arena = arena_reopen(*state, arena);
    for (uint64_t i = 0; i < PAGES; i++)
        assert_int_equal(arena_tag((unsigned char *)object + i * PMA_PAGE_SIZE), i);
    arena_ok(arena, pma_free(arena, object));
    heap_stat(arena);
    arena_close(arena);
    arena_check(*state);
}

static uint64_t pages_walked(pma_t *arena)
{
    struct pma_heap_page page;
    const void *from = NULL;
    uint64_t pages = 0;

    for (; pma_heap_next_page(arena, from, &page) == 0; pages++)
        from = (unsigned char *)page.address + PMA_PAGE_SIZE;
    return pages;
}

/* The heap keeps its records by groups of 64 pages. */
static void what_is_freed_beyond_the_last_group_in_use_stays_known(void **state)
{
    enum { GROUP = 64, PAGES = 8 };
    pma_t *arena = small_arena(*state);
    unsigned char *base = pma_base(arena), *page = arena_alloc(arena, PAGES, 0);
    void *object, *filler = NULL;

    /* All below is taken, so that the object goes across the end of the first group. */
    assert_non_null(allocate(arena, 1));
    while ((unsigned char *)filler != base + (GROUP - PAGES / 2 - 1) * PMA_PAGE_SIZE)
        arena_ok(arena, pma_pages_alloc(arena, 1, 0, &filler));
    arena_ok(arena, pma_heap_take_pages(arena, page, PAGES, &object));
    assert_ptr_equal(object, base + (GROUP - PAGES / 2) * PMA_PAGE_SIZE);
    arena_ok(arena, pma_free(arena, object));
    assert_int_equal(pages_walked(arena), heap_stat(arena).pages);
    arena_snapshot(arena, 1);
    arena = arena_reopen(*state, arena);
    assert_int_equal(pages_walked(arena), heap_stat(arena).pages);
    assert_ptr_equal(allocate(arena, PAGES * PMA_PAGE_SIZE), object);
    arena_close(arena);
}

static void pages_of_the_heap_itself_cannot_be_taken(void **state)
{
    pma_t *arena = small_arena(*state);
    unsigned char *object = allocate(arena, 20 * PMA_PAGE_SIZE);
    unsigned char *own = arena_alloc(arena, 2, 0);
    void *taken;

    assert_int_equal(pma_heap_take_pages(arena, object, 2, &taken), PMA_EOCCUPIED);
    assert_int_equal(pma_heap_take_pages(arena, object + PMA_PAGE_SIZE, 2, &taken), PMA_EOCCUPIED);
    assert_int_equal(pma_heap_take_pages(arena, own + PMA_PAGE_SIZE, 2, &taken), PMA_EADDRESS);
    assert_int_equal(pma_heap_take_pages(arena, own + 1, 1, &taken), PMA_EADDRESS);
    assert_int_equal(pma_heap_take_pages(arena, own, 0, &taken), PMA_EARGUMENT);
    assert_int_equal(heap_stat(arena).objects, 1);
    arena_close(arena);
}

static void before_a_snapshot_free_pages_go_back_but_a_few(void **state)
{
    enum { COUNT = 60, FEW = 16 };
    struct pma_options options = arena_small();
    unsigned char *objects[COUNT];
    pma_t *arena;

    options.reserved_bytes = 4096 * PMA_PAGE_SIZE;
    arena = arena_create(*state, &options);
    for (size_t i = 0; i < COUNT; i++)
        objects[i] = allocate(arena, PMA_PAGE_SIZE);
    for (size_t i = 0; i < COUNT; i++)
        arena_ok(arena, pma_free(arena, objects[i]));
    assert_true(heap_stat(arena).free_pages >= COUNT);
    arena_snapshot(arena, 1);
    assert_int_equal(heap_stat(arena).free_pages, FEW);
    assert_int_equal(arena_stat(arena).pages, heap_stat(arena).pages);
    expect_refused(arena, objects[0], PMA_EFREED);
    expect_refused(arena, objects[COUNT - 1], PMA_EFREED);
    arena_close(arena);
}

static void free_pages_make_room_for_what_finds_none(void **state)
{
    pma_t *arena = small_arena(*state);
    unsigned char *object = allocate(arena, 1), *large;
    size_t pages = 256 - arena_stat(arena).pages;

    arena_ok(arena, pma_free(arena, object));
    pages += heap_stat(arena).free_pages;
    large = allocate(arena, pages * PMA_PAGE_SIZE);
    assert_int_equal(usable(arena, large), pages * PMA_PAGE_SIZE);
    assert_int_equal(heap_stat(arena).free_pages, 0);
    arena_close(arena);
}

static void after_a_snapshot_a_free_copies_pages_of_the_record_only(void **state)
{
    enum { COUNT = 64, RECORD = 2 };
    pma_t *arena = small_arena(*state);
    unsigned char *objects[COUNT];
    struct pma_stat before;

    for (size_t i = 0; i < COUNT; i++) {
        objects[i] = allocate(arena, 2048);
        memset(objects[i], (int)i, 2048);
    }
    arena_snapshot(arena, 1);
    before = arena_stat(arena);
    for (size_t i = 0; i < COUNT; i += 2)
        arena_ok(arena, pma_free(arena, objects[i]));
    arena_snapshot(arena, 2); /* lazy copying copies now */
    assert_in_range(arena_stat(arena).copied_pages - before.copied_pages, 1, RECORD);
    arena_close(arena);
}

static void a_large_object_costs_three_places_of_the_record(void **state)
{
    enum { PAGES = 1 << 18, PLACES = 3 };
    pma_t *arena = arena_create(*state, NULL);
    unsigned char *object;
    struct pma_stat before;

    assert_non_null(allocate(arena, 1));
    arena_snapshot(arena, 1);
    before = arena_stat(arena);
    object = allocate(arena, (size_t)PAGES * PMA_PAGE_SIZE);
    arena_ok(arena, pma_free(arena, object));
    arena_snapshot(arena, 2); /* lazy copying copies now */
    assert_in_range(arena_stat(arena).copied_pages - before.copied_pages, 1, PLACES);
    arena_close(arena);
}

/* The store itself could not say so. */
static void a_page_of_the_record_that_cannot_be_copied_is_an_error(void **state)
{
    unsigned char *kept;
    void *object;
    pma_t *arena;

    arena_eager_only();
    arena = small_arena(*state);
    kept = allocate(arena, 100);
    object = kept;
    assert_non_null(allocate(arena, 5000));
    arena_snapshot(arena, 1);
    fault_plan_arm("pma/cow/copy", 1, true, 0);
    assert_int_equal(pma_free(arena, kept), -EIO);
    assert_non_null(strstr(pma_last_error(arena), "copy of page"));
    assert_int_equal(pma_realloc(arena, &object, 3000), -EIO);
    assert_int_equal(pma_realloc(arena, &object, 10), -EIO);
    assert_int_equal(pma_malloc(arena, 100, &object), -EIO);
    assert_int_equal(pma_calloc(arena, 1, 100, &object), -EIO);
    assert_int_equal(pma_memalign(arena, 8192, 100000, &object), -EIO);
    fault_plan_disarm();
    assert_ptr_equal(object, kept);
    assert_int_equal(heap_stat(arena).objects, 2);
    assert_int_equal(heap_stat(arena).object_bytes, 128 + 8192);
    arena_ok(arena, pma_free(arena, kept));
    arena_close(arena);
}

static void a_read_only_arena_shows_its_heap_and_changes_nothing(void **state)
{
    const struct arena_place *place = *state;
    struct pma_options options = PMA_OPTIONS_INIT;
    pma_t *arena = small_arena(place);
    void *object = allocate(arena, 50);

    arena_snapshot(arena, 1);
    arena_close(arena);
    options.read_only = true;
    assert_int_equal(pma_open(place->path, &options, &arena, NULL), 0);
    assert_int_equal(usable(arena, object), 64);
    assert_int_equal(heap_stat(arena).objects, 1);
    assert_int_equal(pma_free(arena, object), PMA_EREADONLY);
    assert_int_equal(pma_malloc(arena, 1, &object), PMA_EREADONLY);
    assert_int_equal(heap_stat(arena).objects, 1);
    arena_close(arena);
}

#define heap_test(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, arena_place_setup, arena_place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        heap_test(sizes_are_powers_of_two_up_to_half_a_page_and_whole_pages_above),
        heap_test(objects_do_not_overlap_and_come_back_with_the_snapshot),
        heap_test(work_on_the_heap_since_the_snapshot_is_gone_after_a_reopen),
        heap_test(an_object_can_be_freed_only_once),
        heap_test(an_object_is_freed_by_its_start_only),
        heap_test(what_is_not_the_heaps_is_refused),
        heap_test(calloc_gives_zeros_where_something_else_was),
        heap_test(an_array_that_is_too_long_is_refused),
        heap_test(an_alignment_is_kept),
        heap_test(realloc_keeps_what_both_lengths_cover),
        heap_test(a_large_object_that_must_move_is_not_copied),
        heap_test(a_large_object_grows_and_shrinks_in_place),
        heap_test(pages_taken_into_the_heap_are_moved_not_copied),
        heap_test(what_is_freed_beyond_the_last_group_in_use_stays_known),
        heap_test(pages_of_the_heap_itself_cannot_be_taken),
        heap_test(before_a_snapshot_free_pages_go_back_but_a_few),
        heap_test(free_pages_make_room_for_what_finds_none),
        heap_test(after_a_snapshot_a_free_copies_pages_of_the_record_only),
        heap_test(a_large_object_costs_three_places_of_the_record),
        heap_test(a_page_of_the_record_that_cannot_be_copied_is_an_error),
        heap_test(a_read_only_arena_shows_its_heap_and_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

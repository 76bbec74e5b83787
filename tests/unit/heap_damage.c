/* SPDX-License-Identifier: MIT */
/*
 * Faults planted in the heap's record, with all checksums right: the offline checker names the
 * rule, and an arena that is opened on the file finds its heap damaged.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pma/heap.h>

#include "arena.h"
#include "arena_place.h"
#include "check_run.h"
#include "check_walk.h"

enum { PAGES = 256, CHUNKS_OF_64 = 3, PAGES_OF_LARGE = 20 };

/* A file with a heap in it, and where in the file each page is. */
struct victim {
    struct arena_place *place;
    struct arena_image image;
    uint64_t block_of[PAGES];
    uint64_t record; /* page */
    uint64_t chunks, full, large, free, foreign;
};

struct plant {
    enum check_rule rule;
    const char *text; /* part of the finding */
    void (*fault)(struct victim *victim);
};

static void see_extent(void *context, const struct pma_check_extent *extent)
{
    struct victim *victim = context;

    for (uint64_t i = 0; i < extent->length && extent->block; i++)
        victim->block_of[extent->page + i] = extent->block + i;
}

static void *page_bytes(struct victim *victim, uint64_t page)
{
    assert_int_not_equal(victim->block_of[page], 0);
    return arena_image_block(&victim->image, victim->block_of[page]);
}

static struct format_heap *header(struct victim *victim)
{
    return page_bytes(victim, victim->record);
}

static struct format_heap_group *group_of(struct victim *victim, uint64_t page)
{
    return (struct format_heap_group *)(header(victim) + 1) + page / FORMAT_HEAP_GROUP;
}

static struct format_heap_page *descriptor(struct victim *victim, uint64_t page)
{
    struct format_heap_page *table =
        page_bytes(victim, victim->record + 1 + page / FORMAT_HEAP_GROUP);

    return &table[page % FORMAT_HEAP_GROUP];
}

static uint64_t bit(uint64_t page)
{
    return UINT64_C(1) << page % FORMAT_HEAP_GROUP;
}

static uint64_t page_of(pma_t *arena, const void *address)
{
    return (uint64_t)((const char *)address - (const char *)pma_base(arena)) / PMA_PAGE_SIZE;
}

static void *allocate(pma_t *arena, size_t bytes)
{
    void *address = NULL;

    arena_ok(arena, pma_malloc(arena, bytes, &address));
    return address;
}

static void make_heap(struct victim *victim)
{
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(victim->place, &small);
    void *freed;
    struct pma_heap_page page;

    victim->foreign = page_of(arena, arena_alloc(arena, 1, 0));
    for (int i = 0; i < CHUNKS_OF_64; i++)
        victim->chunks = page_of(arena, allocate(arena, 64));
    for (int i = 0; i < 2; i++)
        victim->full = page_of(arena, allocate(arena, 2048));
    freed = allocate(arena, 1);
    victim->large = page_of(arena, allocate(arena, PAGES_OF_LARGE * PMA_PAGE_SIZE));
    arena_ok(arena, pma_free(arena, freed));
    for (const void *from = NULL; pma_heap_next_page(arena, from, &page) == 0;
         from = (char *)page.address + PMA_PAGE_SIZE) {
        if (page.kind == PMA_HEAP_FREE)
            victim->free = page_of(arena, page.address);
    }
    assert_int_not_equal(victim->free, 0);
    arena_snapshot(arena, 1);
    arena_close(arena);
}

static void load_image(struct victim *victim)
{
    const struct pma_check_visitor visitor = {.context = victim, .extent = see_extent};
    FILE *file = fopen(victim->place->path, "r");
    struct pma_check_report report;

    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    arena_image_init(&victim->image, (uint64_t)ftell(file) / PMA_PAGE_SIZE);
    rewind(file);
    assert_int_equal(fread(victim->image.bytes, PMA_PAGE_SIZE, victim->image.blocks, file),
                     victim->image.blocks);
    fclose(file);
    assert_int_equal(pma_check(victim->place->path, NULL, &visitor, &report, NULL), 0);
    assert_int_equal(report.findings, 0);
}

static struct format_meta *newest(struct victim *victim)
{
    struct format_meta *first = arena_image_meta(&victim->image, 0);
    struct format_meta *second = arena_image_meta(&victim->image, 1);

    return first->snapshot > second->snapshot ? first : second;
}

static void make_victim(struct victim *victim)
{
    const struct format_meta *meta;

    make_heap(victim);
    load_image(victim);
    meta = newest(victim);
    victim->record = (meta->heap - meta->base) / PMA_PAGE_SIZE;
}

/* Makes all checksums right and puts the bytes back. */
static void save_image(struct victim *victim)
{
    union arena_node *sums = arena_image_node(&victim->image, &newest(victim)->sums);
    FILE *file = fopen(victim->place->path, "w");

    for (uint64_t page = 0; page < PAGES; page++) {
        if (victim->block_of[page])
            sums->sums_leaf.sums[victim->block_of[page]] =
                format_checksum(page_bytes(victim, page), PMA_PAGE_SIZE);
    }
    arena_image_seal(&victim->image);
    assert_non_null(file);
    assert_int_equal(fwrite(victim->image.bytes, PMA_PAGE_SIZE, victim->image.blocks, file),
                     victim->image.blocks);
    fclose(file);
}

/* -- the record as a whole -- */

static void wrong_magic(struct victim *victim)
{
    header(victim)->magic[0]++;
}

static void too_many_groups(struct victim *victim)
{
    header(victim)->groups++;
}

static void end_beyond_the_groups(struct victim *victim)
{
    header(victim)->end = header(victim)->groups + 1;
}

static void record_outside_the_arena(struct victim *victim)
{
    newest(victim)->heap = newest(victim)->base + (PAGES - 1) * PMA_PAGE_SIZE;
}

static void record_in_pages_not_allocated(struct victim *victim)
{
    newest(victim)->heap = newest(victim)->base + (PAGES - 20) * PMA_PAGE_SIZE;
}

static void record_between_pages(struct victim *victim)
{
    newest(victim)->heap += 64;
}

/* -- pages -- */

static void free_page_not_allocated(struct victim *victim)
{
    group_of(victim, 60)->free |= bit(60);
    header(victim)->free_pages++;
}

static void descriptor_of_page_not_allocated(struct victim *victim)
{
    group_of(victim, 60)->used |= bit(60);
    *descriptor(victim, 60) = (struct format_heap_page){.kind = FORMAT_HEAP_START, .length = 1};
    header(victim)->used_pages++;
}

static void page_used_and_free(struct victim *victim)
{
    group_of(victim, victim->chunks)->free |= bit(victim->chunks);
    header(victim)->free_pages++;
}

static void page_used_and_gone(struct victim *victim)
{
    group_of(victim, victim->chunks)->gone |= bit(victim->chunks);
}

static void free_page_in_a_large_object(struct victim *victim)
{
    group_of(victim, victim->large + 1)->free |= bit(victim->large + 1);
    header(victim)->free_pages++;
}

static void free_page_in_the_record(struct victim *victim)
{
    group_of(victim, victim->record)->free |= bit(victim->record);
    header(victim)->free_pages++;
}

/* -- large objects -- */

static void object_without_pages(struct victim *victim)
{
    descriptor(victim, victim->large)->length = 0;
    header(victim)->used_pages -= PAGES_OF_LARGE;
}

static void object_longer_than_its_pages(struct victim *victim)
{
    descriptor(victim, victim->large)->length++;
    header(victim)->used_pages++;
}

static void object_longer_than_the_arena(struct victim *victim)
{
    descriptor(victim, victim->large)->length = UINT64_MAX;
    header(victim)->used_pages -= PAGES_OF_LARGE;
}

/* -- maps -- */

static void descriptor_of_a_page_not_used(struct victim *victim)
{
    group_of(victim, victim->large)->used &= ~bit(victim->large);
    header(victim)->used_pages -= PAGES_OF_LARGE;
}

static void descriptor_of_no_kind(struct victim *victim)
{
    descriptor(victim, victim->large)->kind = 3;
    header(victim)->used_pages -= PAGES_OF_LARGE;
}

static void chunks_of_no_size(struct victim *victim)
{
    descriptor(victim, victim->full)->shift = 12;
    header(victim)->used_pages--;
}

static void full_page_offered(struct victim *victim)
{
    group_of(victim, victim->full)->partial[7] |= bit(victim->full);
}

static void page_with_room_forgotten(struct victim *victim)
{
    group_of(victim, victim->chunks)->partial[2] = 0;
}

static void page_offered_in_another_size(struct victim *victim)
{
    group_of(victim, victim->chunks)->partial[3] |= bit(victim->chunks);
}

/* -- chunks -- */

static void one_chunk_too_few_counted(struct victim *victim)
{
    descriptor(victim, victim->chunks)->used--;
}

static void one_chunk_too_many_in_the_map(struct victim *victim)
{
    descriptor(victim, victim->chunks)->map[0] |= UINT64_C(1) << CHUNKS_OF_64;
}

static void chunk_beyond_the_page(struct victim *victim)
{
    struct format_heap_page *full = descriptor(victim, victim->full);

    full->map[0] = 5; /* the third of two */
}

/* -- counts -- */

static void used_page_not_counted(struct victim *victim)
{
    header(victim)->used_pages--;
}

static void free_page_counted_twice(struct victim *victim)
{
    header(victim)->free_pages++;
}

static void end_too_early(struct victim *victim)
{
    header(victim)->end = 0;
}

/* -- reserved bytes -- */

static void byte_in_header(struct victim *victim)
{
    header(victim)->reserved[10] = 1;
}

static void byte_in_group(struct victim *victim)
{
    group_of(victim, victim->chunks)->reserved[4] = 1;
}

static void byte_in_descriptor(struct victim *victim)
{
    descriptor(victim, victim->chunks)->reserved_too[1] = 1;
}

static void length_of_a_partitioned_page(struct victim *victim)
{
    descriptor(victim, victim->chunks)->length = 1;
}

static void chunks_in_a_large_object(struct victim *victim)
{
    descriptor(victim, victim->large)->map[3] = 1;
}

static const struct plant plants[] = {
    {RULE_HEAP_RECORD, "does not fit this arena", wrong_magic},
    {RULE_HEAP_RECORD, "does not fit this arena", too_many_groups},
    {RULE_HEAP_RECORD, "does not fit this arena", end_beyond_the_groups},
    {RULE_HEAP_RECORD, "is not in the arena", record_outside_the_arena},
    {RULE_HEAP_RECORD, "is not allocated", record_in_pages_not_allocated},
    {RULE_HEAP_RECORD, "is not in the arena", record_between_pages},
    {RULE_HEAP_PAGES_ALLOCATED, "the free page at page 60", free_page_not_allocated},
    {RULE_HEAP_PAGES_ALLOCATED, "the large object at page 60", descriptor_of_page_not_allocated},
    {RULE_HEAP_PAGES_ONCE, "is both used and free", page_used_and_free},
    {RULE_HEAP_PAGES_ONCE, "is both the heap's and given back", page_used_and_gone},
    {RULE_HEAP_PAGES_ONCE, "lies in the object of pages", free_page_in_a_large_object},
    {RULE_HEAP_PAGES_ONCE, "overlaps the heap's record", free_page_in_the_record},
    {RULE_HEAP_RUNS_WHOLE, "has 0 pages", object_without_pages},
    {RULE_HEAP_RUNS_WHOLE, "is not allocated in the arena", object_longer_than_its_pages},
    {RULE_HEAP_RUNS_WHOLE, "has 18446744073709551615 pages", object_longer_than_the_arena},
    {RULE_HEAP_MAPS_MATCH, "is not used, but has a descriptor", descriptor_of_a_page_not_used},
    {RULE_HEAP_MAPS_MATCH, "of kind 3", descriptor_of_no_kind},
    {RULE_HEAP_MAPS_MATCH, "shift 12", chunks_of_no_size},
    {RULE_HEAP_MAPS_MATCH, "free chunks of 2048 bytes is wrong", full_page_offered},
    {RULE_HEAP_MAPS_MATCH, "free chunks of 64 bytes is wrong", page_with_room_forgotten},
    {RULE_HEAP_MAPS_MATCH, "free chunks of 128 bytes is wrong", page_offered_in_another_size},
    {RULE_HEAP_CHUNKS_COUNTED, "has 3 chunks in its map, 2 by its count",
     one_chunk_too_few_counted},
    {RULE_HEAP_CHUNKS_COUNTED, "has 4 chunks in its map, 3 by its count",
     one_chunk_too_many_in_the_map},
    {RULE_HEAP_CHUNKS_COUNTED, "goes beyond its 2 chunks", chunk_beyond_the_page},
    {RULE_HEAP_COUNTS_MATCH, "its header says", used_page_not_counted},
    {RULE_HEAP_COUNTS_MATCH, "its header says", free_page_counted_twice},
    {RULE_HEAP_COUNTS_MATCH, "from 0 on are not", end_too_early},
    {RULE_RESERVED_ZERO, "the heap's header", byte_in_header},
    {RULE_RESERVED_ZERO, "group 0 of the heap", byte_in_group},
    {RULE_RESERVED_ZERO, "has reserved bytes", byte_in_descriptor},
    {RULE_RESERVED_ZERO, "has a length", length_of_a_partitioned_page},
    {RULE_RESERVED_ZERO, "has chunks", chunks_in_a_large_object},
};
enum { PLANTS = sizeof(plants) / sizeof(*plants) };

static const char *const rule_names[] = {
#define CHECK_RULE(rule, name) name,
    CHECK_RULES(CHECK_RULE)
#undef CHECK_RULE
};

static void expect_offline(struct victim *victim, const struct plant *plant)
{
    struct check_run run;

    check_run_path(&run, victim->place->path, NULL);
    if (run.code == 0 && check_run_find(&run, rule_names[plant->rule], plant->text))
        return;
    check_run_print(&run);
    fail_msg("%s is not reported: %s", rule_names[plant->rule], plant->text);
}

static void expect_online(struct victim *victim)
{
    pma_t *arena = arena_open(victim->place);
    const int result = pma_heap_check(arena);
    const bool told = strstr(pma_last_error(arena), "heap: ");

    arena_close(arena);
    assert_int_equal(result, PMA_ECORRUPT);
    assert_true(told);
}

static void a_planted_fault_is_found(void **state)
{
    const struct plant *plant = *state;
    struct victim victim = {.foreign = 0};
    void *place;

    assert_int_equal(arena_place_setup(&place), 0);
    victim.place = place;
    make_victim(&victim);
    plant->fault(&victim);
    save_image(&victim);
    expect_offline(&victim, plant);
    expect_online(&victim);
    arena_image_deinit(&victim.image);
    arena_place_teardown(&place);
}

static void every_rule_of_the_heap_has_a_planted_fault(void **state)
{
    for (unsigned rule = RULE_HEAP_RECORD; rule <= RULE_HEAP_COUNTS_MATCH; rule++) {
        bool seen = false;

        for (size_t i = 0; i < PLANTS; i++)
            seen = seen || plants[i].rule == rule;
        if (!seen)
            fail_msg("no fault is planted for %s", rule_names[rule]);
    }
}

/* What a damaged record offers is not given out. */
static void a_page_without_a_free_chunk_is_not_used(void **state)
{
    struct victim victim = {.place = *state};
    void *object;
    pma_t *arena;

    make_victim(&victim);
    full_page_offered(&victim);
    save_image(&victim);
    arena = arena_open(victim.place);
    assert_int_equal(pma_malloc(arena, 2048, &object), PMA_ECORRUPT);
    assert_non_null(strstr(pma_last_error(arena), "heap: no chunk is free in page"));
    arena_close(arena);
    arena_image_deinit(&victim.image);
}

/* Found by fuzzing. */
static void a_size_that_is_none_ends_the_walk(void **state)
{
    struct victim victim = {.place = *state};
    struct pma_heap_page page = {0};
    struct pma_heap_chunk chunk;
    struct pma_heap_stat stat;
    pma_t *arena;
    int result = 0;

    make_victim(&victim);
    descriptor(&victim, victim.chunks)->shift = 102;
    save_image(&victim);
    arena = arena_open(victim.place);
    for (const char *at = NULL; !result; at = (const char *)page.address + PMA_PAGE_SIZE)
        result = pma_heap_next_page(arena, at, &page);
    assert_int_equal(result, PMA_ECORRUPT);
    assert_non_null(strstr(pma_last_error(arena), "heap: chunks of no size in page"));
    assert_int_equal(pma_heap_next_chunk(arena, NULL, &chunk), PMA_ECORRUPT);
    assert_int_equal(pma_heap_stat(arena, &stat), PMA_ECORRUPT);
    arena_close(arena);
    arena_image_deinit(&victim.image);
}

static void the_checker_counts_what_the_heap_counts(void **state)
{
    struct victim victim = {.place = *state};
    struct pma_heap_stat stat;
    struct check_run run;
    pma_t *arena;

    make_victim(&victim);
    check_run_path(&run, victim.place->path, NULL);
    arena = arena_open(victim.place);
    arena_ok(arena, pma_heap_stat(arena, &stat));
    assert_int_equal(run.report.heap.objects, stat.objects);
    assert_int_equal(run.report.heap.object_bytes, stat.object_bytes);
    assert_int_equal(run.report.heap.free_pages, stat.free_pages);
    assert_int_equal(run.report.heap.record_pages, stat.record_pages);
    assert_int_equal(run.report.heap.used_pages, stat.pages - stat.free_pages - stat.record_pages);
    arena_close(arena);
    arena_image_deinit(&victim.image);
}

/* Even a call that would need nothing of the arena. */
static void a_poisoned_arena_refuses_the_next_call(void **state)
{
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(*state, &small);
    void *object = allocate(arena, 100), *other = object;

    arena_poison(arena, -EIO);
    assert_int_equal(pma_malloc(arena, 100, &other), PMA_EPOISONED);
    assert_int_equal(pma_free(arena, object), PMA_EPOISONED);
    assert_int_equal(pma_heap_check(arena), PMA_EPOISONED);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_of_the_heap_has_a_planted_fault),
        cmocka_unit_test_setup_teardown(a_page_without_a_free_chunk_is_not_used, arena_place_setup,
                                        arena_place_teardown),
        cmocka_unit_test_setup_teardown(a_size_that_is_none_ends_the_walk, arena_place_setup,
                                        arena_place_teardown),
        cmocka_unit_test_setup_teardown(the_checker_counts_what_the_heap_counts, arena_place_setup,
                                        arena_place_teardown),
        cmocka_unit_test_setup_teardown(a_poisoned_arena_refuses_the_next_call, arena_place_setup,
                                        arena_place_teardown),
    };
    struct CMUnitTest planted[PLANTS];
    int failed;

    for (size_t i = 0; i < PLANTS; i++)
        planted[i] = (struct CMUnitTest){.name = plants[i].text,
                                         .test_func = a_planted_fault_is_found,
                                         .initial_state = (void *)&plants[i]};
    failed = cmocka_run_group_tests_name("planted faults", planted, NULL, NULL);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}

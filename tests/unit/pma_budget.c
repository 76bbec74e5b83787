/* SPDX-License-Identifier: MIT */
/* Limits on memory and mappings, and eviction on request. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "arena_place.h"
#include "arena_range.h"
#include "random.h"

static struct pma_options limited(uint64_t pages, uint32_t mappings)
{
    struct pma_options options = PMA_OPTIONS_INIT;

    options.resident_bytes = pages * PMA_PAGE_SIZE;
    options.mapping_limit = mappings;
    return options;
}

static pma_t *create(const struct arena_place *place, uint64_t pages, uint32_t mappings)
{
    const struct pma_options options = limited(pages, mappings);

    return arena_create(place, &options);
}

static pma_t *reopen(const struct arena_place *place, pma_t *arena, uint64_t pages,
                     uint32_t mappings)
{
    const struct pma_options options = limited(pages, mappings);
    struct pma_error error;

    arena_close(arena);
    if (pma_open(place->path, &options, &arena, &error))
        fail_msg("%s", error.text);
    return arena;
}

static struct pma_stat stat_of(pma_t *arena)
{
    struct pma_stat stat;

    arena_ok(arena, pma_stat(arena, &stat));
    return stat;
}

static void refuse(const struct arena_place *place, struct pma_options options, const char *text)
{
    struct pma_error error;
    pma_t *arena;

    assert_int_equal(pma_create(place->path, &options, &arena, &error), PMA_EARGUMENT);
    assert_non_null(strstr(error.text, text));
}

static void limits_that_nothing_can_run_under_are_refused(void **state)
{
    refuse(*state, limited(15, 0), "limit of 61440 bytes in memory, the least is 65536");
    refuse(*state, limited(0, 15), "limit of 15 mappings, the least is 16");
    arena_close(create(*state, 16, 16));
}

/* Pages in memory of which the test knows the tags. */
struct pages {
    unsigned char *at;
    uint64_t count;
    uint64_t tags[1024];
};

static void store(struct pages *pages, uint64_t page, uint64_t tag)
{
    arena_fill(pages->at + page * PMA_PAGE_SIZE, tag);
    pages->tags[page] = tag;
}

static void expect(const struct pages *pages, uint64_t page)
{
    assert_int_equal(arena_tag(pages->at + page * PMA_PAGE_SIZE), pages->tags[page]);
}

static void expect_all(const struct pages *pages)
{
    for (uint64_t page = 0; page < pages->count; page++)
        expect(pages, page);
}

static void expect_within(pma_t *arena, uint64_t pages, uint64_t mappings)
{
    const struct arena_range range = arena_range(arena);
    const struct pma_stat stat = stat_of(arena);

    assert_in_range(stat.resident_bytes, range.resident_bytes, pages * PMA_PAGE_SIZE);
    assert_in_range(stat.mappings, range.mappings, mappings);
}

static void load_and_store(struct random *random, struct pages *pages, uint64_t tag)
{
    const uint64_t page = random_below(random, pages->count);

    if (random_below(random, 3) == 0)
        store(pages, page, tag);
    else
        expect(pages, page);
}

static void demand_limits_of_a_large_working_set(const struct arena_place *place,
                                                 enum pma_copying copying)
{
    enum { LIMIT = 128, MAPPINGS = 200, ACCESSES = 20000, LOOK_EVERY = 250 };
    struct pma_options options = limited(LIMIT, MAPPINGS);
    struct random random = random_start("pma_budget", 4711);
    struct pma_error error;
    pma_t *arena = NULL;

    options.copying = copying;
    if (pma_create(place->path, &options, &arena, &error) == -EOPNOTSUPP)
        skip();
    struct pages kept = {arena_alloc(arena, 600, 0), 600, {0}};
    struct pages passing = {arena_alloc(arena, 300, PMA_EPHEMERAL), 300, {0}};

    for (uint64_t i = 1; i <= ACCESSES; i++) {
        load_and_store(&random, random_below(&random, 3) == 0 ? &passing : &kept, i);
        if (i % LOOK_EVERY == 0)
            expect_within(arena, LIMIT, MAPPINGS);
        if (i % (10 * LOOK_EVERY) == 0)
            arena_snapshot(arena, i);
    }
    expect_all(&kept);
    expect_all(&passing);
    assert_true(stat_of(arena).evicted_pages > ACCESSES / 2);
    arena_snapshot(arena, ACCESSES + 1);
    arena = reopen(place, arena, LIMIT, MAPPINGS);
    expect_all(&kept);
    expect_within(arena, LIMIT, MAPPINGS);
    arena_close(arena);
    arena_check(place);
}

static void a_working_set_of_several_times_the_limit_never_takes_more_memory(void **state)
{
    demand_limits_of_a_large_working_set(*state, PMA_COPY_EAGER);
}

static void it_does_not_with_lazy_copying_either(void **state)
{
    demand_limits_of_a_large_working_set(*state, PMA_COPY_LAZY);
}

static void a_large_extent_is_mapped_where_it_is_read(void **state)
{
    enum { COUNT = 1024, LIMIT = 256 };
    pma_t *arena = create(*state, LIMIT, 0);
    struct pages pages = {arena_alloc(arena, COUNT, 0), COUNT, {0}};

    for (uint64_t page = 0; page < COUNT; page++)
        store(&pages, page, page + 1);
    arena_snapshot(arena, 1);
    arena = reopen(*state, arena, LIMIT, 0);
    assert_int_equal(stat_of(arena).extents, 1);
    expect(&pages, 700);
    assert_int_equal(stat_of(arena).resident_bytes, PMA_PAGE_SIZE);
    expect(&pages, 10);
    assert_int_equal(stat_of(arena).resident_bytes, 2 * PMA_PAGE_SIZE);
    expect_all(&pages);
    expect_within(arena, LIMIT, 64);
    arena_close(arena);
}

static void without_a_limit_a_large_extent_is_mapped_as_one(void **state)
{
    enum { COUNT = 64 };
    pma_t *arena = create(*state, 0, 0);
    struct pages pages = {arena_alloc(arena, COUNT, 0), COUNT, {0}};

    for (uint64_t page = 0; page < COUNT; page++)
        store(&pages, page, page + 1);
    arena_snapshot(arena, 1);
    arena = reopen(*state, arena, 0, 0);
    expect(&pages, 5);
    assert_int_equal(stat_of(arena).resident_bytes, COUNT * PMA_PAGE_SIZE);
    assert_int_equal(stat_of(arena).evicted_pages, 0);
    arena_close(arena);
}

static void scattered_pages_take_no_more_mappings_than_allowed(void **state)
{
    enum { COUNT = 1024, LIMIT = 40 };
    pma_t *arena = create(*state, 0, LIMIT);
    struct pages pages = {arena_alloc(arena, COUNT, 0), COUNT, {0}};

    for (uint64_t page = 0; page < COUNT; page += 2) {
        store(&pages, page, page + 1);
        if (page % 64 == 0)
            expect_within(arena, COUNT, LIMIT);
    }
    expect_all(&pages);
    expect_within(arena, COUNT, LIMIT);
    arena_snapshot(arena, 1);
    arena = reopen(*state, arena, 0, LIMIT);
    expect_all(&pages);
    arena_close(arena);
}

static void pages_stored_in_sequence_count_as_one_mapping(void **state)
{
    enum { COUNT = 1000, AROUND = 3 };
    pma_t *arena = create(*state, 0, 16);
    struct pages pages = {arena_alloc(arena, COUNT, 0), COUNT, {0}};

    for (uint64_t page = 0; page < COUNT; page++)
        store(&pages, page, page + 1);
    assert_in_range(stat_of(arena).mappings, 2, AROUND);
    assert_int_equal(stat_of(arena).evicted_pages, 0);
    arena_snapshot(arena, 1);
    assert_in_range(stat_of(arena).mappings, 2, AROUND);
    arena_close(arena);
}

/* Memory that fills the gap between two pieces is joined with both only if these know each other.
 */
static void a_gap_that_is_filled_counts_as_what_the_kernel_makes_of_it(void **state)
{
    enum { COUNT = 10, FIRST = 3, BEHIND = 8, LIMIT = 16 };
    pma_t *arena = create(*state, 0, LIMIT);
    struct pages pages = {arena_alloc(arena, COUNT, PMA_EPHEMERAL), COUNT, {0}};
    unsigned char *gap = pages.at + FIRST * PMA_PAGE_SIZE;

    arena_ok(arena, pma_touch(arena, pages.at, COUNT * PMA_PAGE_SIZE));
    arena_ok(arena, pma_pages_free(arena, gap, BEHIND - FIRST));
    store(&pages, 0, 1);
    store(&pages, BEHIND, 2);
    arena_ok(arena, pma_pages_alloc_at(arena, gap, BEHIND - FIRST, PMA_EPHEMERAL));
    store(&pages, FIRST, 3);
    expect_within(arena, COUNT, LIMIT);
    expect_all(&pages);
    arena_close(arena);
}

static uint64_t block_of(pma_t *arena, const void *page)
{
    struct pma_run run;

    arena_ok(arena, pma_next_run(arena, page, &run));
    return run.block;
}

static void an_evicted_page_is_copied_again_only_if_a_snapshot_names_its_block(void **state)
{
    pma_t *arena = create(*state, 0, 0);
    unsigned char *page = arena_alloc(arena, 1, 0);
    uint64_t block;

    arena_fill(page, 1);
    block = block_of(arena, page);
    arena_ok(arena, pma_evict(arena, page, PMA_PAGE_SIZE));
    arena_fill(page, 2);
    assert_int_equal(block_of(arena, page), block);
    assert_int_equal(stat_of(arena).copied_pages, 1);

    arena_snapshot(arena, 1);
    arena_ok(arena, pma_evict(arena, page, PMA_PAGE_SIZE));
    arena_fill(page, 3);
    assert_int_not_equal(block_of(arena, page), block);
    arena = reopen(*state, arena, 0, 0);
    assert_int_equal(arena_tag(page), 2);
    arena_close(arena);
    arena_check(*state);
}

static void a_range_made_writable_stays_so_for_a_system_call_whatever_the_limit(void **state)
{
    enum { LIMIT = 16, COUNT = 100, BYTES = COUNT * PMA_PAGE_SIZE };
    static unsigned char written[BYTES];
    pma_t *arena = create(*state, LIMIT, 0);
    unsigned char *page = arena_alloc(arena, COUNT + 1, 0);
    int file = open("/dev/urandom", O_RDONLY);

    arena_ok(arena, pma_dirty(arena, page, BYTES));
    assert_int_equal(read(file, page, BYTES), BYTES);
    close(file);
    memcpy(written, page, BYTES);
    for (int turn = 0; turn < COUNT; turn++) /* each fault gives some back */
        arena_fill(page + (turn * 7 % (COUNT + 1)) * PMA_PAGE_SIZE, 1);
    expect_within(arena, LIMIT, 1000);
    arena_ok(arena, pma_touch(arena, page, BYTES));
    file = open("/dev/null", O_WRONLY);
    assert_int_equal(write(file, page, BYTES), BYTES);
    close(file);
    arena_close(arena);
}

enum { THREADS = 4, PAGES_EACH = 96, TURNS = 6 };

struct work {
    unsigned char *page;
    uint64_t number;
};

static void *store_and_load(void *argument)
{
    const struct work *work = argument;
    uintptr_t wrong = 0;

    for (uint64_t turn = 1; turn <= TURNS; turn++) {
        for (uint64_t i = 0; i < PAGES_EACH; i++)
            arena_fill(work->page + (i * THREADS + work->number) * PMA_PAGE_SIZE, turn * 1000 + i);
        for (uint64_t i = 0; i < PAGES_EACH; i++)
            wrong += arena_tag(work->page + (i * THREADS + work->number) * PMA_PAGE_SIZE) !=
                     turn * 1000 + i;
    }
    return (void *)wrong;
}

static void threads_may_evict_each_other_s_pages(void **state)
{
    pma_t *arena = create(*state, 64, 64);
    unsigned char *page = arena_alloc(arena, THREADS * PAGES_EACH, 0);
    struct work work[THREADS];
    pthread_t threads[THREADS];
    void *wrong;

    for (uint64_t i = 0; i < THREADS; i++) {
        work[i] = (struct work){page, i};
        assert_int_equal(pthread_create(&threads[i], NULL, store_and_load, &work[i]), 0);
    }
    for (uint64_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    assert_true(stat_of(arena).evicted_pages > THREADS * PAGES_EACH);
    arena_close(arena);
}

/* Pages in every state a page can be in, side by side. */
struct mixture {
    pma_t *arena;
    struct pages kept, passing;
};

enum { MIXED = 24 };

static struct mixture mix(const struct arena_place *place)
{
    struct mixture mixture = {.arena = create(place, 0, 0)};

    mixture.kept = (struct pages){arena_alloc(mixture.arena, MIXED, 0), MIXED, {0}};
    mixture.passing = (struct pages){arena_alloc(mixture.arena, MIXED, PMA_EPHEMERAL), MIXED, {0}};
    for (uint64_t page = 0; page < MIXED / 2; page++)
        store(&mixture.kept, page, page + 1);
    arena_snapshot(mixture.arena, 1);
    for (uint64_t page = 4; page < MIXED - 4; page++) /* the last ones stay holes */
        store(&mixture.kept, page, page + 100);
    for (uint64_t page = 2; page < MIXED - 2; page++)
        store(&mixture.passing, page, page + 200);
    return mixture;
}

static void evict(const struct mixture *mixture, const struct pages *pages, uint64_t page,
                  uint64_t count)
{
    arena_ok(mixture->arena,
             pma_evict(mixture->arena, pages->at + page * PMA_PAGE_SIZE, count * PMA_PAGE_SIZE));
}

static void any_part_can_be_evicted_any_number_of_times(void **state)
{
    struct mixture mixture = mix(*state);

    for (uint64_t page = 0; page + 5 <= MIXED; page += 3) {
        evict(&mixture, &mixture.kept, page, 5);
        evict(&mixture, &mixture.passing, page, 5);
        evict(&mixture, &mixture.kept, page, 5);
        expect(&mixture.kept, page + 1);
        expect(&mixture.passing, page + 3);
        store(&mixture.kept, page + 2, page + 300);
        store(&mixture.passing, page + 2, page + 300);
    }
    expect_all(&mixture.kept);
    expect_all(&mixture.passing);
    arena_close(mixture.arena);
}

static void what_was_evicted_is_in_the_next_snapshot(void **state)
{
    struct mixture mixture = mix(*state);

    evict(&mixture, &mixture.kept, 0, MIXED);
    evict(&mixture, &mixture.passing, 0, MIXED);
    assert_int_equal(arena_range(mixture.arena).resident_bytes, 0);
    assert_int_equal(stat_of(mixture.arena).resident_bytes, 0);
    arena_snapshot(mixture.arena, 2);
    expect_all(&mixture.passing);
    mixture.arena = reopen(*state, mixture.arena, 0, 0);
    expect_all(&mixture.kept);
    assert_int_equal(stat_of(mixture.arena).ephemeral_pages, 0);
    arena_close(mixture.arena);
    arena_check(*state);
}

static void evicted_pages_are_counted(void **state)
{
    struct mixture mixture = mix(*state);

    evict(&mixture, &mixture.kept, 4, 6);
    assert_int_equal(stat_of(mixture.arena).evicted_pages, 6);
    evict(&mixture, &mixture.kept, 4, 6);
    assert_int_equal(stat_of(mixture.arena).evicted_pages, 6);
    evict(&mixture, &mixture.passing, 10, 4);
    assert_int_equal(stat_of(mixture.arena).evicted_pages, 10);
    arena_close(mixture.arena);
}

#define budget_test(test)                                                                          \
    cmocka_unit_test_setup_teardown(test, arena_place_setup, arena_place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        budget_test(limits_that_nothing_can_run_under_are_refused),
        budget_test(a_working_set_of_several_times_the_limit_never_takes_more_memory),
        budget_test(it_does_not_with_lazy_copying_either),
        budget_test(a_large_extent_is_mapped_where_it_is_read),
        budget_test(without_a_limit_a_large_extent_is_mapped_as_one),
        budget_test(scattered_pages_take_no_more_mappings_than_allowed),
        budget_test(pages_stored_in_sequence_count_as_one_mapping),
        budget_test(a_gap_that_is_filled_counts_as_what_the_kernel_makes_of_it),
        budget_test(an_evicted_page_is_copied_again_only_if_a_snapshot_names_its_block),
        budget_test(a_range_made_writable_stays_so_for_a_system_call_whatever_the_limit),
        budget_test(threads_may_evict_each_other_s_pages),
        budget_test(any_part_can_be_evicted_any_number_of_times),
        budget_test(what_was_evicted_is_in_the_next_snapshot),
        budget_test(evicted_pages_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

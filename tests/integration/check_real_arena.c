/* SPDX-License-Identifier: MIT */
/* The writers against the checker: what libpma makes is, after every snapshot, what docs/format.md
 * says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <pma/check.h>

enum { PAGES = 512, STEPS = 4000 };

static char directory[] = "/tmp/check-real-XXXXXX";
static char path[64];

/* What the arena should hold: a stamp in the first word of each page; -1 = not allocated. */
struct model {
    pma_t *arena;
    int64_t stamps[PAGES];
    int64_t next_stamp;
    uint64_t snapshots;
    unsigned findings, wrong_pages, seen_pages;
};

static int set_up(void **state)
{
    strcpy(directory, "/tmp/check-real-XXXXXX");
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof(path), "%s/arena.pma", directory);
    return 0;
}

static int tear_down(void **state)
{
    unlink(path);
    return rmdir(directory);
}

static int64_t *word_of(struct model *model, uint64_t page)
{
    return (int64_t *)((char *)pma_base(model->arena) + page * PMA_PAGE_SIZE);
}

static void see_finding(void *context, const char *rule, const char *text)
{
    struct model *model = context;
    model->findings++;
    print_message("%s: %s\n", rule, text);
}

static void see_page(void *context, uint64_t page, uint64_t length, const void *data)
{
    struct model *model = context;
    for (uint64_t i = 0; i < length; i++) {
        int64_t found = data ? *(const int64_t *)data : 0;
        model->wrong_pages += page + i >= PAGES || model->stamps[page + i] != found;
        model->seen_pages++;
    }
}

static uint64_t count_free(pma_t *arena)
{
    uint64_t from = 0, first, count, sum = 0;
    while (pma_next_free(arena, from, &first, &count) == 0) {
        sum += count;
        from = first + count;
    }
    return sum;
}

/* Right after a snapshot file, live arena and model must agree. */
static void compare(struct model *model)
{
    struct pma_check_visitor visitor = {.context = model, .page = see_page, .finding = see_finding};
    struct pma_check_report report;
    struct pma_error error;
    struct pma_stat stat;
    unsigned allocated = 0;
    for (unsigned page = 0; page < PAGES; page++)
        allocated += model->stamps[page] >= 0;
    model->seen_pages = 0;
    if (pma_check(path, NULL, &visitor, &report, &error) != 0)
        fail_msg("%s", error.text);
    assert_int_equal(pma_stat(model->arena, &stat), 0);
    assert_int_equal(model->findings, 0);
    assert_int_equal(model->wrong_pages, 0);
    assert_int_equal(model->seen_pages, allocated);
    assert_int_equal(report.pages, allocated);
    assert_int_equal(report.snapshot, stat.snapshot);
    assert_int_equal(report.event, stat.event);
    assert_int_equal(report.extents, stat.extents);
    assert_int_equal(report.file_blocks, stat.file_blocks);
    assert_int_equal(report.limbo_blocks, stat.limbo_blocks);
    assert_int_equal(report.used_blocks + report.limbo_blocks + count_free(model->arena),
                     report.file_blocks);
}

static void snapshot(struct model *model)
{
    int code = pma_snapshot(model->arena, ++model->snapshots);
    if (code != 0)
        fail_msg("%s", pma_last_error(model->arena));
    compare(model);
}

static void create(struct model *model, uint32_t fanout)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    struct pma_error error;
    options.fanout = fanout;
    options.initial_blocks = 16;
    options.reserved_bytes = 2 * PAGES * PMA_PAGE_SIZE;
    memset(model, 0, sizeof(*model));
    memset(model->stamps, 0xff, sizeof(model->stamps));
    if (pma_create(path, &options, &model->arena, &error) != 0)
        fail_msg("%s", error.text);
}

static void a_new_arena_is_sound(void **state)
{
    struct model model;
    create(&model, 0);
    compare(&model);
    snapshot(&model);
    assert_int_equal(pma_close(model.arena), 0);
}

static bool is_run(const struct model *model, uint64_t page, uint64_t length, bool allocated)
{
    for (uint64_t i = 0; i < length; i++)
        if ((model->stamps[page + i] >= 0) != allocated)
            return false;
    return true;
}

static void step(struct model *model)
{
    uint64_t length = 1 + (uint64_t)random() % 8;
    uint64_t page = (uint64_t)random() % (PAGES - length);
    bool allocated = is_run(model, page, length, true);
    switch (random() % 8) {
    case 0:
    case 1:
        if (!is_run(model, page, length, false))
            break;
        assert_int_equal(pma_pages_alloc_at(model->arena, word_of(model, page), length, 0), 0);
        memset(&model->stamps[page], 0, length * sizeof(model->stamps[0]));
        break;
    case 2:
        if (!allocated)
            break;
        assert_int_equal(pma_pages_free(model->arena, word_of(model, page), length), 0);
        memset(&model->stamps[page], 0xff, length * sizeof(model->stamps[0]));
        break;
    case 3: {
        uint64_t to = (uint64_t)random() % (PAGES - length);
        if (!allocated || !is_run(model, to, length, false))
            break;
        assert_int_equal(
            pma_pages_move(model->arena, word_of(model, to), word_of(model, page), length, 0), 0);
        memcpy(&model->stamps[to], &model->stamps[page], length * sizeof(model->stamps[0]));
        memset(&model->stamps[page], 0xff, length * sizeof(model->stamps[0]));
        break;
    }
    case 4:
        if (allocated)
            assert_int_equal(pma_evict(model->arena, word_of(model, page), length * PMA_PAGE_SIZE),
                             0);
        break;
    default:
        for (uint64_t i = 0; i < length; i++)
            if (model->stamps[page + i] >= 0)
                *word_of(model, page + i) = model->stamps[page + i] = ++model->next_stamp;
    }
}

static void work(uint32_t fanout, unsigned seed)
{
    struct model model;
    print_message("seed %u\n", seed);
    srandom(seed);
    create(&model, fanout);
    for (unsigned i = 0; i < STEPS; i++) {
        step(&model);
        if (random() % 16 == 0)
            snapshot(&model);
    }
    snapshot(&model);

    struct pma_error error;
    assert_int_equal(pma_close(model.arena), 0);
    if (pma_open(path, NULL, &model.arena, &error) != 0)
        fail_msg("%s", error.text);
    compare(&model);
    assert_int_equal(pma_close(model.arena), 0);
}

static void random_work_with_small_nodes_stays_sound(void **state)
{
    work(4, 1);
}

static void random_work_with_odd_nodes_stays_sound(void **state)
{
    work(7, 2);
}

static void random_work_with_full_nodes_stays_sound(void **state)
{
    work(0, 3);
}

static void growth_past_one_checksum_leaf_stays_sound(void **state)
{
    struct model model;
    create(&model, 0);
    assert_int_equal(pma_pages_alloc_at(model.arena, word_of(&model, 0), PAGES, 0), 0);
    memset(model.stamps, 0, sizeof(model.stamps));
    for (unsigned round = 0; round < 6; round++) {
        for (uint64_t page = round % 2; page < PAGES; page += 1 + round % 2)
            *word_of(&model, page) = model.stamps[page] = ++model.next_stamp;
        snapshot(&model);
    }
    assert_int_equal(pma_close(model.arena), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_arena_is_sound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(random_work_with_small_nodes_stays_sound, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(random_work_with_odd_nodes_stays_sound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(random_work_with_full_nodes_stays_sound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(growth_past_one_checksum_leaf_stays_sound, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

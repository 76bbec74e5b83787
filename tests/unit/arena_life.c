/* SPDX-License-Identifier: MIT */
/* Creation, snapshots, and what the next open finds. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "arena_place.h"

static unsigned char *page_at(pma_t *arena, uint64_t page)
{
    return (unsigned char *)pma_base(arena) + page * PMA_PAGE_SIZE;
}

static struct pma_stat stat_of(pma_t *arena)
{
    struct pma_stat stat;

    arena_ok(arena, pma_stat(arena, &stat));
    return stat;
}

static void overwrite(const struct arena_place *place, off_t offset, const void *bytes,
                      size_t count)
{
    int fd = open(place->path, O_RDWR);

    assert_int_equal(pwrite(fd, bytes, count, offset), count);
    close(fd);
}

static void destroy_meta(const struct arena_place *place, unsigned slot)
{
    static const unsigned char zeros[512];

    overwrite(place, slot * PMA_PAGE_SIZE, zeros, sizeof(zeros));
}

/* Opens what must not open, and demands the code and a word of the text. */
static void refuse(const struct arena_place *place, int code, const char *word)
{
    struct pma_error error;
    pma_t *arena = NULL;

    assert_int_equal(pma_open(place->path, NULL, &arena, &error), code);
    assert_null(arena);
    assert_int_equal(error.code, code);
    assert_non_null(strstr(error.text, word));
    assert_non_null(strstr(error.text, place->path));
}

static void a_new_arena_is_empty_snapshot_one(void **state)
{
    const struct arena_place *place = *state;
    pma_t *arena = arena_create(place, NULL);
    struct pma_stat stat = stat_of(arena);
    struct pma_run run;

    assert_ptr_equal(pma_base(arena), (void *)PMA_DEFAULT_BASE);
    assert_int_equal(stat.snapshot, 1);
    assert_int_equal(stat.event, 0);
    assert_int_equal(stat.file_blocks, 256);
    assert_int_equal(stat.free_blocks, 254);
    assert_int_equal(stat.pages + stat.extents + stat.limbo_blocks, 0);
    assert_int_equal(pma_next_run(arena, NULL, &run), -ENOENT);
    arena_close(arena_reopen(place, arena));
    arena_check(place);
}

static void creation_refuses_a_file_that_exists(void **state)
{
    const struct arena_place *place = *state;
    struct pma_error error;
    pma_t *arena;

    arena_close(arena_create(place, NULL));
    assert_int_equal(pma_create(place->path, NULL, &arena, &error), PMA_EEXISTS);
    assert_non_null(strstr(error.text, place->path));
    assert_non_null(strstr(error.text, "file exists"));
    arena_close(arena_open(place));
}

static void creation_removes_what_another_one_left_behind(void **state)
{
    const struct arena_place *place = *state;
    char temporary[128];

    snprintf(temporary, sizeof(temporary), "%s.pma-new", place->path);
    close(open(temporary, O_CREAT | O_WRONLY, 0600));
    arena_close(arena_create(place, NULL));
    assert_int_not_equal(access(temporary, F_OK), 0);
}

static void creation_leaves_one_that_is_under_way_alone(void **state)
{
    const struct arena_place *place = *state;
    struct pma_error error;
    char temporary[128];
    pma_t *arena;
    int fd;

    snprintf(temporary, sizeof(temporary), "%s.pma-new", place->path);
    fd = open(temporary, O_CREAT | O_RDWR, 0600);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    assert_int_equal(pma_create(place->path, NULL, &arena, &error), PMA_EBUSY);
    assert_int_equal(access(temporary, F_OK), 0);
    close(fd);
}

static void creation_refuses_what_cannot_be(void **state)
{
    const struct arena_place *place = *state;
    const struct pma_options wrong[] = {
        {.size = sizeof(struct pma_options), .base = 4097},
        {.size = sizeof(struct pma_options), .base = UINT64_C(1) << 62},
        {.size = sizeof(struct pma_options), .reserved_bytes = 4095},
        {.size = sizeof(struct pma_options), .reserved_bytes = UINT64_C(1) << 47},
        {.size = sizeof(struct pma_options), .fanout = 3},
        {.size = sizeof(struct pma_options), .initial_blocks = 7},
        {.size = sizeof(struct pma_options), .read_only = true},
        {.size = sizeof(struct pma_options) + 8},
        {.size = 0},
    };
    struct pma_error error;
    pma_t *arena;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        assert_int_equal(pma_create(place->path, &wrong[i], &arena, &error), PMA_EARGUMENT);
    assert_int_not_equal(access(place->path, F_OK), 0);
}

static void creation_in_a_missing_directory_says_so(void **state)
{
    struct pma_error error;
    pma_t *arena;

    assert_int_equal(pma_create("/nonexistent/arena.pma", NULL, &arena, &error), -ENOENT);
    assert_non_null(strstr(error.text, "/nonexistent/arena.pma"));
    assert_int_equal(pma_open("/nonexistent/arena.pma", NULL, &arena, &error), -ENOENT);
    assert_non_null(strstr(error.text, "No such file"));
}

static void a_snapshot_survives_and_later_work_does_not(void **state)
{
    const struct arena_place *place = *state;
    pma_t *arena = arena_create(place, NULL);
    unsigned char *page = arena_alloc(arena, 3, 0);
    uint64_t root;

    arena_fill(page, 1);
    arena_fill(page + 2 * PMA_PAGE_SIZE, 2);
    arena_ok(arena, pma_set_root(arena, 31, 77));
    arena_snapshot(arena, 1234);
    arena_fill(page, 3);
    arena_ok(arena, pma_set_root(arena, 31, 78));
    arena_alloc(arena, 5, 0);

    arena = arena_reopen(place, arena);
    assert_int_equal(arena_tag(page), 1);
    assert_int_equal(arena_tag(page + PMA_PAGE_SIZE), 0);
    assert_int_equal(arena_tag(page + 2 * PMA_PAGE_SIZE), 2);
    arena_ok(arena, pma_root(arena, 31, &root));
    assert_int_equal(root, 77);
    assert_int_equal(stat_of(arena).event, 1234);
    assert_int_equal(stat_of(arena).pages, 3);
    arena_close(arena);
    arena_check(place);
}

static void a_reopened_arena_allocates_beside_what_it_holds(void **state)
{
    const struct arena_place *place = *state;
    pma_t *arena = arena_create(place, NULL);
    unsigned char *first = arena_alloc(arena, 2, 0), *second;

    arena_fill(first, 1);
    arena_fill(first + PMA_PAGE_SIZE, 2);
    arena_snapshot(arena, 1);
    arena = arena_reopen(place, arena);
    second = arena_alloc(arena, 2, 0);
    arena_fill(second, 3);
    arena_fill(second + PMA_PAGE_SIZE, 4);
    arena_snapshot(arena, 2);
    arena = arena_reopen(place, arena);
    for (uint64_t i = 0; i < 4; i++)
        assert_int_equal(arena_tag(first + i * PMA_PAGE_SIZE), i + 1);
    arena_close(arena);
    arena_check(place);
}

static void two_hundred_empty_snapshots_need_no_room(void **state)
{
    const struct arena_place *place = *state;
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(place, &small);

    arena_fill(arena_alloc(arena, 1, 0), 1);
    for (uint64_t event = 1; event <= 200; event++)
        arena_snapshot(arena, event);
    assert_int_equal(stat_of(arena).file_blocks, 32);
    assert_int_equal(stat_of(arena).snapshot, 201);
    arena = arena_reopen(place, arena);
    assert_int_equal(stat_of(arena).event, 200);
    assert_int_equal(arena_tag(page_at(arena, 0)), 1);
    arena_close(arena);
    arena_check(place);
}

static void pages_stored_to_out_of_order_come_back_in_place(void **state)
{
    static const uint64_t order[] = {9, 2, 7, 0, 5, 3, 8, 1, 6, 4};
    const struct arena_place *place = *state;
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(place, &small);

    arena_alloc(arena, 10, 0);
    for (uint64_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < 10; i++)
            arena_fill(page_at(arena, order[i]), 100 * round + order[i] + 1);
        arena_snapshot(arena, round);
        arena = arena_reopen(place, arena);
        for (uint64_t page = 0; page < 10; page++)
            assert_int_equal(arena_tag(page_at(arena, page)), 100 * round + page + 1);
    }
    arena_close(arena);
    arena_check(place);
}

static void part_of_an_allocation_can_be_freed(void **state)
{
    const struct arena_place *place = *state;
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(place, &small);
    unsigned char *page = arena_alloc(arena, 6, 0);

    for (uint64_t i = 0; i < 6; i++)
        arena_fill(page + i * PMA_PAGE_SIZE, i + 1);
    arena_snapshot(arena, 1);
    arena_ok(arena, pma_pages_free(arena, page + 2 * PMA_PAGE_SIZE, 2));
    assert_int_equal(pma_pages_free(arena, page + 3 * PMA_PAGE_SIZE, 2), PMA_EADDRESS);
    assert_non_null(strstr(pma_last_error(arena), "page 3"));
    arena_snapshot(arena, 2);
    arena = arena_reopen(place, arena);
    assert_int_equal(stat_of(arena).pages, 4);
    assert_int_equal(arena_tag(page + PMA_PAGE_SIZE), 2);
    assert_int_equal(arena_tag(page + 4 * PMA_PAGE_SIZE), 5);
    assert_ptr_equal(arena_alloc(arena, 2, 0), page + 2 * PMA_PAGE_SIZE);
    assert_int_equal(arena_tag(page + 2 * PMA_PAGE_SIZE), 0);
    arena_close(arena);
    arena_check(place);
}

static void the_file_grows_with_what_it_holds(void **state)
{
    const struct arena_place *place = *state;
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(place, &small);
    unsigned char *page = arena_alloc(arena, 200, 0);

    for (uint64_t i = 0; i < 200; i++)
        arena_fill(page + i * PMA_PAGE_SIZE, i + 1);
    arena_snapshot(arena, 1);
    assert_true(stat_of(arena).file_blocks > 200);
    arena = arena_reopen(place, arena);
    for (uint64_t i = 0; i < 200; i++)
        assert_int_equal(arena_tag(page + i * PMA_PAGE_SIZE), i + 1);
    arena_close(arena);
    arena_check(place);
}

static void blocks_are_used_again_over_many_snapshots(void **state)
{
    const struct arena_place *place = *state;
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(place, &small);
    unsigned char *page = arena_alloc(arena, 4, 0);
    uint64_t blocks = 0;

    for (uint64_t event = 1; event <= 300; event++) {
        arena_fill(page + event % 4 * PMA_PAGE_SIZE, event);
        arena_snapshot(arena, event);
        if (event == 20)
            blocks = stat_of(arena).file_blocks;
    }
    assert_int_equal(stat_of(arena).file_blocks, blocks);
    arena_close(arena);
    arena_check(place);
}

static void each_meta_page_alone_opens_to_its_own_snapshot(void **state)
{
    const struct arena_place *place = *state;
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(place, &small);
    unsigned char *page = arena_alloc(arena, 40, 0);

    for (uint64_t event = 1; event <= 30; event++) {
        for (uint64_t i = 0; i < 40; i += 1 + event % 3)
            arena_fill(page + i * PMA_PAGE_SIZE, 1000 * event + i);
        arena_snapshot(arena, event);
        /* The pages of the other snapshot are what a reuse one epoch too early would hit. */
        for (uint64_t i = 0; i < 40; i++)
            arena_fill(page + i * PMA_PAGE_SIZE, 999999);
        arena = arena_reopen(place, arena);
    }
    arena_close(arena);

    destroy_meta(place, 0); /* snapshot 31, of event 30 */
    arena = arena_open(place);
    assert_int_equal(stat_of(arena).event, 29);
    assert_int_equal(stat_of(arena).snapshot, 30);
    for (uint64_t i = 0; i < 40; i += 1 + 29 % 3)
        assert_int_equal(arena_tag(page + i * PMA_PAGE_SIZE), 29000 + i);
    arena_check(place);
    arena_snapshot(arena, 31);
    arena_close(arena);
    arena_check(place);
}

static void a_second_writer_is_told_that_the_arena_is_busy(void **state)
{
    const struct arena_place *place = *state;
    pma_t *arena = arena_create(place, NULL);

    refuse(place, PMA_EBUSY, "in use by another process");
    arena_close(arena);
    arena_close(arena_open(place));
}

static void a_taken_address_range_is_named(void **state)
{
    const struct arena_place *place = *state;
    struct arena_place other = *place;
    pma_t *arena, *second = NULL;
    struct pma_error error;

    strcat(other.path, ".other");
    arena = arena_create(place, NULL);
    assert_int_equal(pma_create(other.path, NULL, &second, &error), PMA_ETAKEN);
    assert_non_null(strstr(error.text, "address"));
    assert_int_not_equal(access(other.path, F_OK), 0);
    arena_close(arena);
}

static void two_arenas_live_side_by_side(void **state)
{
    const struct arena_place *place = *state;
    struct arena_place other = *place;
    struct pma_options options = arena_small();
    unsigned char *pages[2];
    pma_t *arenas[2];

    strcat(other.path, ".other");
    arenas[0] = arena_create(place, &options);
    options.base = PMA_DEFAULT_BASE + options.reserved_bytes;
    arenas[1] = arena_create(&other, &options);
    for (int i = 0; i < 2; i++) {
        pages[i] = arena_alloc(arenas[i], 1, 0);
        arena_fill(pages[i], (uint64_t)i + 1);
        arena_snapshot(arenas[i], 1);
    }
    assert_int_equal(arena_tag(pages[0]), 1);
    assert_int_equal(arena_tag(pages[1]), 2);
    arena_close(arenas[0]);
    arena_close(arenas[1]);
}

static void a_reader_changes_nothing(void **state)
{
    const struct arena_place *place = *state;
    struct pma_options options = arena_defaults();
    pma_t *arena = arena_create(place, NULL);
    unsigned char *page = arena_alloc(arena, 1, 0);
    struct stat before, after;
    struct pma_error error;
    void *address;

    arena_fill(page, 7);
    arena_snapshot(arena, 1);
    arena_close(arena);
    assert_int_equal(chmod(place->path, 0400), 0);
    assert_int_equal(stat(place->path, &before), 0);
    options.read_only = true;
    assert_int_equal(pma_open(place->path, &options, &arena, &error), 0);
    assert_int_equal(arena_tag(page), 7);
    assert_int_equal(pma_pages_alloc(arena, 1, 0, &address), PMA_EREADONLY);
    assert_int_equal(pma_snapshot(arena, 2), PMA_EREADONLY);
    assert_int_equal(pma_set_root(arena, 0, 1), PMA_EREADONLY);
    arena_ok(arena, pma_evict(arena, page, PMA_PAGE_SIZE));
    assert_int_equal(arena_tag(page), 7);
    arena_close(arena);
    assert_int_equal(stat(place->path, &after), 0);
    assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof(before.st_mtim));
}

static void a_foreign_file_is_no_arena(void **state)
{
    const struct arena_place *place = *state;
    static unsigned char bytes[3 * PMA_PAGE_SIZE];

    close(open(place->path, O_CREAT | O_WRONLY, 0600));
    refuse(place, PMA_ENOTARENA, "never written");
    memset(bytes, 'x', sizeof(bytes));
    overwrite(place, 0, bytes, sizeof(bytes));
    refuse(place, PMA_ENOTARENA, "wrong magic");
    assert_int_equal(unlink(place->path), 0);
    assert_int_equal(mkfifo(place->path, 0600), 0);
    refuse(place, PMA_ENOTARENA, "not a persistent memory arena");
}

static void a_damaged_meta_page_is_named_with_its_reason(void **state)
{
    const struct arena_place *place = *state;
    const uint32_t version = 2, swapped = 0x04030201;

    arena_close(arena_create(place, NULL));
    overwrite(place, 300, "x", 1);
    refuse(place, PMA_ECORRUPT, "meta page 0: wrong checksum, meta page 1: never written");
    overwrite(place, 8, &version, sizeof(version));
    refuse(place, PMA_EVERSION, "unknown format version");
    overwrite(place, 12, &swapped, sizeof(swapped));
    refuse(place, PMA_EMACHINE, "other byte order");
}

static void a_truncated_file_is_refused(void **state)
{
    const struct arena_place *place = *state;

    arena_close(arena_create(place, NULL));
    assert_int_equal(truncate(place->path, 255 * PMA_PAGE_SIZE), 0);
    refuse(place, PMA_ECORRUPT, "truncated to 255 of 256 blocks");
    assert_int_equal(truncate(place->path, 100), 0);
    refuse(place, PMA_ECORRUPT, "wrong checksum");
}

static uint64_t block_of(pma_t *arena, const void *page)
{
    struct pma_run run;

    arena_ok(arena, pma_next_run(arena, page, &run));
    return run.block;
}

static void a_damaged_directory_does_not_open(void **state)
{
    const struct arena_place *place = *state;
    pma_t *arena = arena_create(place, NULL);
    uint64_t directory;
    int fd;

    arena_fill(arena_alloc(arena, 1, 0), 1);
    arena_snapshot(arena, 1);
    arena_close(arena);
    fd = open(place->path, O_RDONLY);
    assert_int_equal(pread(fd, &directory, 8, PMA_PAGE_SIZE + 80), 8);
    close(fd);
    overwrite(place, (off_t)directory * PMA_PAGE_SIZE + 40, "x", 1);
    refuse(place, PMA_ECORRUPT, "root of the page directory");
}

static void rot_is_noticed_on_first_touch_if_asked_for(void **state)
{
    const struct arena_place *place = *state;
    struct pma_options options = arena_defaults();
    pma_t *arena = arena_create(place, NULL);
    unsigned char *page = arena_alloc(arena, 1, 0);
    uint64_t block;

    arena_fill(page, 1);
    arena_snapshot(arena, 1);
    block = block_of(arena, page);
    arena_close(arena);
    overwrite(place, (off_t)block * PMA_PAGE_SIZE + 9, "x", 1);
    options.verify = true;
    assert_int_equal(pma_open(place->path, &options, &arena, NULL), 0);
    assert_int_equal(pma_touch(arena, page, 1), PMA_ECORRUPT);
    assert_non_null(strstr(pma_last_error(arena), "fails its checksum"));
    arena_close(arena);
}

static void a_handle_is_of_no_use_after_fork(void **state)
{
    const struct arena_place *place = *state;
    pma_t *arena = arena_create(place, NULL);
    pid_t child = fork();
    int status;

    if (child == 0) {
        const bool refused = pma_snapshot(arena, 1) == PMA_EFORK;

        _exit(refused && pma_close(arena) == 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    refuse(place, PMA_EBUSY, "in use"); /* closing in the child gave nothing away */
    arena_snapshot(arena, 1);
    arena_close(arena);
}

static void mistakes_of_the_caller_change_nothing(void **state)
{
    const struct arena_place *place = *state;
    const struct pma_options small = arena_small();
    pma_t *arena = arena_create(place, &small);
    unsigned char *page = arena_alloc(arena, 2, 0);
    struct pma_stat before = stat_of(arena);
    struct pma_stat after;
    void *address = NULL;
    uint64_t word;

    assert_int_equal(pma_pages_alloc(arena, 0, 0, &address), PMA_EARGUMENT);
    assert_int_equal(pma_pages_alloc(arena, 1, 8, &address), PMA_EARGUMENT);
    assert_int_equal(pma_pages_alloc(arena, 256, 0, &address), -ENOMEM);
    assert_int_equal(pma_pages_alloc(arena, SIZE_MAX, 0, &address), -ENOMEM);
    assert_null(address);
    assert_int_equal(pma_pages_alloc_at(arena, page + 1, 1, 0), PMA_EADDRESS);
    assert_int_equal(pma_pages_alloc_at(arena, page, 1, 0), PMA_EOCCUPIED);
    assert_int_equal(pma_pages_alloc_at(arena, page_at(arena, 255), 2, 0), PMA_EADDRESS);
    assert_int_equal(pma_pages_free(arena, page, 3), PMA_EADDRESS);
    assert_int_equal(pma_pages_free(arena, &before, 1), PMA_EADDRESS);
    assert_int_equal(pma_pages_free(arena, page, SIZE_MAX), PMA_EADDRESS);
    assert_int_equal(pma_dirty(arena, page, 3 * PMA_PAGE_SIZE), PMA_EADDRESS);
    assert_int_equal(pma_touch(arena, page, SIZE_MAX), PMA_EADDRESS);
    assert_int_equal(pma_evict(arena, NULL, 1), PMA_EADDRESS);
    assert_int_equal(pma_dirty(arena, NULL, 0), 0);
    assert_int_equal(pma_pages_move(arena, page, page_at(arena, 9), 1, 0), PMA_EADDRESS);
    assert_int_equal(pma_pages_move(arena, page_at(arena, 9), page, 1, 3), PMA_EARGUMENT);
    assert_int_equal(pma_root(arena, PMA_ROOTS, &word), PMA_EARGUMENT);
    assert_int_equal(pma_set_root(arena, PMA_ROOTS, 1), PMA_EARGUMENT);
    assert_int_equal(pma_snapshot(NULL, 1), PMA_EARGUMENT);
    assert_int_equal(pma_close(NULL), 0);
    after = stat_of(arena);
    assert_memory_equal(&before, &after, sizeof(before));
    arena_close(arena);
}

#define place_test(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, arena_place_setup, arena_place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        place_test(a_new_arena_is_empty_snapshot_one),
        place_test(creation_refuses_a_file_that_exists),
        place_test(creation_removes_what_another_one_left_behind),
        place_test(creation_leaves_one_that_is_under_way_alone),
        place_test(creation_refuses_what_cannot_be),
        place_test(creation_in_a_missing_directory_says_so),
        place_test(a_snapshot_survives_and_later_work_does_not),
        place_test(a_reopened_arena_allocates_beside_what_it_holds),
        place_test(two_hundred_empty_snapshots_need_no_room),
        place_test(pages_stored_to_out_of_order_come_back_in_place),
        place_test(part_of_an_allocation_can_be_freed),
        place_test(the_file_grows_with_what_it_holds),
        place_test(blocks_are_used_again_over_many_snapshots),
        place_test(each_meta_page_alone_opens_to_its_own_snapshot),
        place_test(a_second_writer_is_told_that_the_arena_is_busy),
        place_test(a_taken_address_range_is_named),
        place_test(two_arenas_live_side_by_side),
        place_test(a_reader_changes_nothing),
        place_test(a_foreign_file_is_no_arena),
        place_test(a_damaged_meta_page_is_named_with_its_reason),
        place_test(a_truncated_file_is_refused),
        place_test(a_damaged_directory_does_not_open),
        place_test(rot_is_noticed_on_first_touch_if_asked_for),
        place_test(a_handle_is_of_no_use_after_fork),
        place_test(mistakes_of_the_caller_change_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

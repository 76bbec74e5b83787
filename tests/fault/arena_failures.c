/* SPDX-License-Identifier: MIT */
/* What a snapshot does when a write or a sync of it fails. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <fiu-control.h>
#include <pma/fault_points.h>

#include "arena_place.h"
#include "fault_plan.h"

enum { COUNT = 6 };

struct scene {
    pma_t *arena;
    unsigned char *page;
};

static void fill_all(const struct scene *scene, uint64_t tag)
{
    for (uint64_t i = 0; i < COUNT; i++)
        arena_fill(scene->page + i * PMA_PAGE_SIZE, tag + i);
}

static void expect_all(const struct scene *scene, uint64_t tag)
{
    for (uint64_t i = 0; i < COUNT; i++)
        assert_int_equal(arena_tag(scene->page + i * PMA_PAGE_SIZE), tag + i);
}

/* Snapshot 2 holds tags from 10 on; then come stores of tags from 20 on. */
static struct scene begin(const struct arena_place *place)
{
    const struct pma_options small = arena_small();
    struct scene scene;

    scene.arena = arena_create(place, &small);
    scene.page = arena_alloc(scene.arena, COUNT, 0);
    fill_all(&scene, 10);
    arena_snapshot(scene.arena, 1);
    fill_all(&scene, 20);
    return scene;
}

static void fail_snapshot(const struct scene *scene, const char *point, int error, const char *text)
{
    fault_plan_arm(point, 1, true, error);
    assert_int_equal(pma_snapshot(scene->arena, 2), -error);
    fault_plan_disarm();
    assert_non_null(strstr(pma_last_error(scene->arena), text));
}

static void expect_event(const struct scene *scene, uint64_t event, uint64_t snapshot)
{
    struct pma_stat stat;

    arena_ok(scene->arena, pma_stat(scene->arena, &stat));
    assert_int_equal(stat.event, event);
    assert_int_equal(stat.snapshot, snapshot);
}

static void end(const struct arena_place *place, struct scene *scene, uint64_t tag)
{
    scene->arena = arena_reopen(place, scene->arena);
    expect_all(scene, tag);
    arena_close(scene->arena);
    arena_check(place);
}

static uint64_t block_of(const struct scene *scene)
{
    struct pma_run run;

    arena_ok(scene->arena, pma_next_run(scene->arena, scene->page, &run));
    return run.block;
}

static void after_a_failed_sync_of_blocks_everything_goes_to_other_blocks(void **state)
{
    struct scene scene = begin(*state);
    const uint64_t block = block_of(&scene);

    fail_snapshot(&scene, "pma/sync/blocks", EIO, "snapshot 3: sync of blocks: Input/output error");
    expect_event(&scene, 1, 2);
    expect_all(&scene, 20);
    assert_int_not_equal(block_of(&scene), block);
    arena_snapshot(scene.arena, 3);
    expect_event(&scene, 3, 4);
    end(*state, &scene, 20);
}

static void after_a_failed_sync_of_blocks_the_last_snapshot_stands(void **state)
{
    struct scene scene = begin(*state);

    fail_snapshot(&scene, "pma/sync/blocks", EIO, "sync of blocks");
    end(*state, &scene, 10);
}

static void ephemeral_pages_outlive_a_failed_sync_of_blocks(void **state)
{
    struct scene scene = begin(*state);
    unsigned char *stack = arena_alloc(scene.arena, 2, PMA_EPHEMERAL);

    arena_fill(stack, 77);
    arena_fill(stack + PMA_PAGE_SIZE, 78);
    arena_ok(scene.arena, pma_evict(scene.arena, stack, PMA_PAGE_SIZE));
    fail_snapshot(&scene, "pma/sync/blocks", EIO, "sync of blocks");
    assert_int_equal(arena_tag(stack), 77);
    assert_int_equal(arena_tag(stack + PMA_PAGE_SIZE), 78);
    arena_snapshot(scene.arena, 3);
    end(*state, &scene, 20);
}

static void an_arena_that_cannot_write_again_what_a_sync_lost_is_poisoned(void **state)
{
    arena_eager_only();
    struct scene scene = begin(*state);
    void *address;

    fault_plan_arm("pma/sync/blocks", 1, true, EIO);
    fiu_enable("pma/relocate/write", 1, NULL, 0);
    assert_int_equal(pma_snapshot(scene.arena, 2), -EIO);
    fiu_disable("pma/relocate/write");
    fault_plan_disarm();
    assert_int_equal(pma_snapshot(scene.arena, 3), PMA_EPOISONED);
    assert_int_equal(pma_pages_alloc(scene.arena, 1, 0, &address), PMA_EPOISONED);
    assert_non_null(strstr(pma_last_error(scene.arena), "poisoned: sync of blocks"));
    expect_all(&scene, 20);
    fill_all(&scene, 30); /* in memory, the program can go on */
    expect_all(&scene, 30);
    end(*state, &scene, 10);
}

/* Has the sync fail and, as a kernel may then, something else be in a block than was written. */
static void an_arena_whose_written_pages_are_gone_after_a_failed_sync_is_poisoned(void **state)
{
    arena_eager_only();
    const struct arena_place *place = *state;
    struct scene scene = begin(place);
    int fd = open(place->path, O_RDWR);
    uint64_t block;

    fault_plan_arm("pma/dir/write", 1, true, EIO); /* pages are sealed and checksummed by then */
    assert_int_equal(pma_snapshot(scene.arena, 2), -EIO);
    fault_plan_disarm();
    block = block_of(&scene);
    assert_int_equal(pwrite(fd, "old content", 11, (off_t)block * PMA_PAGE_SIZE), 11);
    close(fd);
    fault_plan_arm("pma/sync/blocks", 1, false, EIO);
    assert_int_equal(pma_snapshot(scene.arena, 3), -EIO);
    fault_plan_disarm();
    assert_int_equal(pma_snapshot(scene.arena, 4), PMA_EPOISONED);
    end(place, &scene, 10);
}

static void a_failed_write_of_the_meta_page_is_made_good_by_the_next_snapshot(void **state)
{
    struct scene scene = begin(*state);

    fail_snapshot(&scene, "pma/meta/write", ENOSPC,
                  "snapshot 3: write of meta page 0: No space left on device");
    fill_all(&scene, 30);
    arena_snapshot(scene.arena, 3);
    expect_event(&scene, 3, 4);
    end(*state, &scene, 30);
}

static void after_a_failed_sync_of_the_meta_page_either_snapshot_may_be_found(void **state)
{
    struct scene scene = begin(*state);

    fail_snapshot(&scene, "pma/sync/meta", EIO, "snapshot 3: sync of meta page 0");
    expect_event(&scene, 1, 2);
    fill_all(&scene, 30);
    end(*state, &scene, 20); /* the record is in the page cache, and open makes it durable */
}

static void failed_snapshots_never_touch_the_last_good_one(void **state)
{
    const struct arena_place *place = *state;
    struct scene scene = begin(place);
    const unsigned char zeros[512] = {0};
    int fd;

    for (uint64_t tag = 30; tag < 90; tag += 10) {
        fail_snapshot(&scene, tag % 20 ? "pma/meta/write" : "pma/sync/meta", EIO, "meta page 0");
        fill_all(&scene, tag);
    }
    arena_close(scene.arena);
    fd = open(place->path, O_RDWR);
    assert_int_equal(pwrite(fd, zeros, sizeof(zeros), 0), sizeof(zeros));
    close(fd);
    scene.arena = arena_open(place);
    expect_all(&scene, 10);
    arena_close(scene.arena);
    arena_check(place);
}

static int disarm(void **state)
{
    fiu_disable("pma/cow/copy");
    fault_plan_disarm();
    return arena_place_teardown(state);
}

#define failure_test(test) cmocka_unit_test_setup_teardown(test, arena_place_setup, disarm)

int main(void)
{
    const struct CMUnitTest tests[] = {
        failure_test(after_a_failed_sync_of_blocks_everything_goes_to_other_blocks),
        failure_test(after_a_failed_sync_of_blocks_the_last_snapshot_stands),
        failure_test(ephemeral_pages_outlive_a_failed_sync_of_blocks),
        failure_test(an_arena_that_cannot_write_again_what_a_sync_lost_is_poisoned),
        failure_test(an_arena_whose_written_pages_are_gone_after_a_failed_sync_is_poisoned),
        failure_test(a_failed_write_of_the_meta_page_is_made_good_by_the_next_snapshot),
        failure_test(after_a_failed_sync_of_the_meta_page_either_snapshot_may_be_found),
        failure_test(failed_snapshots_never_touch_the_last_good_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

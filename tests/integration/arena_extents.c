/* SPDX-License-Identifier: MIT */
/*
 * An arena in very many pieces: every second page of a range is written, so that each is an extent
 * of its own, under a limit of mappings that is far below their number.
 *
 *     arena_extents EXTENTS [MAPPING-LIMIT]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cmocka.h>

#include "arena_place.h"
#include "arena_range.h"
#include "random.h"

enum { SKIPPED = 77, CHANGED_SHARE = 50, LATER_SNAPSHOTS = 4 };

static struct {
    uint64_t extents;
    struct pma_options options;
} asked = {50000, PMA_OPTIONS_INIT};

struct scene {
    const struct arena_place *place;
    pma_t *arena;
    struct random random;
    uint64_t *order; /* of the extents, at random */
};

static void shuffle(struct scene *scene)
{
    scene->random = random_start("arena_extents", 314159);
    for (uint64_t i = 0; i < asked.extents; i++) {
        const uint64_t other = random_below(&scene->random, i + 1);

        scene->order[i] = scene->order[other];
        scene->order[other] = i;
    }
}

static struct scene begin(const struct arena_place *place)
{
    struct scene scene = {.place = place, .arena = arena_create(place, &asked.options)};

    scene.order = calloc(asked.extents, sizeof(*scene.order));
    assert_non_null(scene.order);
    shuffle(&scene);
    return scene;
}

static void end(struct scene *scene)
{
    arena_close(scene->arena);
    arena_check(scene->place);
    free(scene->order);
}

static void reopen(struct scene *scene)
{
    struct pma_error error;

    arena_close(scene->arena);
    if (pma_open(scene->place->path, &asked.options, &scene->arena, &error))
        fail_msg("%s", error.text);
}

static unsigned char *page_of(const struct scene *scene, uint64_t extent)
{
    return (unsigned char *)pma_base(scene->arena) + 2 * extent * PMA_PAGE_SIZE;
}

/* Demands that extent i holds the tag i + 1, and nothing is between them. */
static void expect_all(const struct scene *scene)
{
    for (uint64_t i = 0; i < asked.extents; i++) {
        const uint64_t extent = scene->order[i];

        if (arena_tag(page_of(scene, extent)) != extent + 1)
            fail_msg("extent %lu does not hold what was stored", extent);
    }
}

static void expect_few_mappings(const struct scene *scene)
{
    const uint64_t system = 65530 / 2;
    const uint64_t limit = asked.options.mapping_limit ? asked.options.mapping_limit : system;
    struct pma_stat stat;

    arena_ok(scene->arena, pma_stat(scene->arena, &stat));
    assert_in_range(stat.mappings, arena_range(scene->arena).mappings, limit);
}

static void expect_small_file(const struct scene *scene)
{
    struct stat status;

    assert_int_equal(stat(scene->place->path, &status), 0);
    assert_in_range(status.st_size / PMA_PAGE_SIZE, asked.extents, asked.extents * 13 / 10);
}

static void change_some(struct scene *scene, uint64_t event)
{
    for (uint64_t i = 0; i < asked.extents / CHANGED_SHARE; i++) {
        const uint64_t extent = random_below(&scene->random, asked.extents);

        page_of(scene, extent)[PMA_PAGE_SIZE - 1] ^= 1;
        page_of(scene, extent)[PMA_PAGE_SIZE - 1] ^= 1;
    }
    arena_snapshot(scene->arena, event);
}

static void pages_stored_at_random_between_holes_are_all_there_after_a_reopen(void **state)
{
    struct scene scene = begin(*state);
    struct pma_stat stat;

    arena_alloc(scene.arena, 2 * asked.extents, 0);
    for (uint64_t i = 0; i < asked.extents; i++)
        arena_fill(page_of(&scene, scene.order[i]), scene.order[i] + 1);
    expect_few_mappings(&scene);
    arena_snapshot(scene.arena, 1);
    expect_small_file(&scene);
    arena_ok(scene.arena, pma_stat(scene.arena, &stat));
    assert_int_equal(stat.extents, 2 * asked.extents);

    reopen(&scene);
    expect_all(&scene);
    expect_few_mappings(&scene);
    for (uint64_t event = 2; event < 2 + LATER_SNAPSHOTS; event++)
        change_some(&scene, event);
    expect_small_file(&scene);
    reopen(&scene);
    expect_all(&scene);
    end(&scene);
}

static void pages_allocated_one_by_one_with_nothing_between_are_too(void **state)
{
    struct scene scene = begin(*state);
    struct pma_stat stat;

    for (uint64_t extent = 0; extent < asked.extents; extent++) {
        arena_ok(scene.arena, pma_pages_alloc_at(scene.arena, page_of(&scene, extent), 1, 0));
        arena_fill(page_of(&scene, extent), extent + 1);
    }
    arena_snapshot(scene.arena, 1);
    arena_ok(scene.arena, pma_stat(scene.arena, &stat));
    assert_int_equal(stat.extents, asked.extents);
    expect_small_file(&scene);
    reopen(&scene);
    expect_all(&scene);
    expect_few_mappings(&scene);
    end(&scene);
}

static void gaps_are_found_one_after_the_other(void **state)
{
    struct scene scene = begin(*state);
    void *address;

    for (uint64_t extent = 0; extent < asked.extents; extent++)
        arena_ok(scene.arena, pma_pages_alloc_at(scene.arena, page_of(&scene, extent), 1, 0));
    for (uint64_t extent = 0; extent + 1 < asked.extents; extent++) {
        arena_ok(scene.arena, pma_pages_alloc(scene.arena, 1, 0, &address));
        assert_ptr_equal(address, page_of(&scene, extent) + PMA_PAGE_SIZE);
    }
    end(&scene);
}

static bool has_room(void)
{
    const char *parent = getenv("TMPDIR");
    struct statvfs status;

    return statvfs(parent ? parent : "/tmp", &status) == 0 &&
           status.f_bavail * status.f_frsize > asked.extents * PMA_PAGE_SIZE * 3 / 2;
}

#define extents_test(test)                                                                         \
    cmocka_unit_test_setup_teardown(test, arena_place_setup, arena_place_teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        extents_test(pages_stored_at_random_between_holes_are_all_there_after_a_reopen),
        extents_test(pages_allocated_one_by_one_with_nothing_between_are_too),
        extents_test(gaps_are_found_one_after_the_other),
    };

    if (argc > 1)
        asked.extents = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        asked.options.mapping_limit = (uint32_t)strtoul(argv[2], NULL, 10);
    if (!has_room()) {
        printf("no room for %lu pages and half as many in TMPDIR\n", asked.extents);
        return SKIPPED;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

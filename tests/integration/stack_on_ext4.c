/* SPDX-License-Identifier: MIT */
/*
 * Nothing of a stack is ever written: what a computation does on it changes nothing of what the
 * next snapshot makes an ext4 file system's device write, whether its frames are gone by then or
 * not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <pma/stack.h>

#include "arena_place.h"
#include "loop_ext4.h"

enum { MIB = 1 << 20, COMPUTATION = 256, FRAME = 4 /* MiB */ };

static struct loop_ext4 loop;

struct scene {
    struct arena_place place;
    pma_t *arena;
    pma_stack_t *stack;
    unsigned char *data;
    uint64_t event;
};

static struct scene open_scene(void)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    struct scene scene = {.event = 0};

    snprintf(scene.place.path, sizeof(scene.place.path), "%s/test.pma", loop.directory);
    options.reserved_bytes = (uint64_t)4096 * MIB;
    scene.arena = arena_create(&scene.place, &options);
    scene.data = arena_alloc(scene.arena, 64, 0);
    arena_ok(scene.arena, pma_stack_new(scene.arena, NULL, 0, &scene.stack));
    return scene;
}

static void close_scene(struct scene *scene)
{
    arena_ok(scene->arena, pma_stack_check(scene->stack));
    arena_ok(scene->arena, pma_stack_free(scene->stack));
    arena_close(scene->arena);
    arena_check(&scene->place);
    assert_int_equal(remove(scene->place.path), 0);
}

/* What a snapshot writes that takes one changed page along, and all that lay around unwritten. */
static uint64_t snapshot_cost(struct scene *scene)
{
    uint64_t before;

    scene->data[0]++;
    before = loop_ext4_written(&loop);
    arena_snapshot(scene->arena, ++scene->event);
    loop_ext4_settle(&loop);
    return loop_ext4_written(&loop) - before;
}

static uint64_t usual_cost(struct scene *scene)
{
    snapshot_cost(scene);
    snapshot_cost(scene);
    return snapshot_cost(scene);
}

static void push_frames(struct scene *scene)
{
    void *address = NULL;

    for (unsigned mib = 0; mib < COMPUTATION; mib += FRAME) {
        arena_ok(scene->arena, pma_stack_push(scene->stack, 8));
        arena_ok(scene->arena, pma_stack_alloc(scene->stack, FRAME * MIB - 4096, &address));
        memset(address, 1 + (int)mib, FRAME * MIB - 4096);
    }
}

static void pop_frames(struct scene *scene)
{
    for (unsigned mib = 0; mib < COMPUTATION; mib += FRAME)
        arena_ok(scene->arena, pma_stack_pop(scene->stack));
}

static void expect_cost(uint64_t cost, uint64_t usual)
{
    assert_true(usual > 0);
    assert_in_range(cost, 0, usual + MIB - 1);
}

static void a_computation_that_is_over_adds_nothing_to_the_next_snapshot(void **state)
{
    struct scene scene = open_scene();
    const uint64_t usual = usual_cost(&scene);

    (void)state;
    push_frames(&scene);
    pop_frames(&scene);
    expect_cost(snapshot_cost(&scene), usual);
    close_scene(&scene);
}

static void frames_that_are_alive_at_a_snapshot_add_nothing_to_it(void **state)
{
    struct scene scene = open_scene();
    const uint64_t usual = usual_cost(&scene);

    (void)state;
    push_frames(&scene);
    expect_cost(snapshot_cost(&scene), usual);
    expect_cost(snapshot_cost(&scene), usual);
    pop_frames(&scene);
    expect_cost(snapshot_cost(&scene), usual);
    close_scene(&scene);
}

/* Without this, a counter that counts nothing would pass for proof. */
static void the_counter_sees_persistent_pages(void **state)
{
    struct scene scene = open_scene();
    const uint64_t usual = usual_cost(&scene);
    void *pages = arena_alloc(scene.arena, 16 * MIB / PMA_PAGE_SIZE, 0);

    (void)state;
    arena_ok(scene.arena, pma_dirty(scene.arena, pages, 16 * MIB));
    memset(pages, 1, 16 * MIB);
    assert_true(snapshot_cost(&scene) >= usual + 15 * MIB);
    close_scene(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_computation_that_is_over_adds_nothing_to_the_next_snapshot),
        cmocka_unit_test(frames_that_are_alive_at_a_snapshot_add_nothing_to_it),
        cmocka_unit_test(the_counter_sees_persistent_pages),
    };
    int result;

    if (loop_ext4_open(&loop, (uint64_t)512 * MIB)) {
        printf("skipped, no ext4 file system can be mounted here: %s\n", loop.reason);
        return LOOP_EXT4_SKIP;
    }
    result = cmocka_run_group_tests(tests, NULL, NULL);
    loop_ext4_close(&loop);
    return result;
}

/* SPDX-License-Identifier: MIT */
/*
 * A move copies no byte and writes no data block, whatever its size: shown by the page faults, the
 * bytes handed to write calls, and the sectors that an ext4 file system's device was asked to
 * write.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "arena_place.h"
#include "loop_ext4.h"

enum {
    SMALL = 256,   /* pages: 1 MiB */
    LARGE = 16384, /* 64 MiB */
    MIB = 1 << 20,
    /* What a snapshot of a few blocks makes ext4 write: the blocks, and its journal twice. */
    JOURNAL_BYTES = 64 * PMA_PAGE_SIZE,
    /* Faults of the library's own memory, and of this program's. */
    FEW_FAULTS = 64
};

static struct loop_ext4 loop;

struct costs {
    uint64_t faults, written_by_calls, written_to_device;
};

static uint64_t written_by_calls(void)
{
    FILE *file = fopen("/proc/self/io", "r");
    unsigned long long bytes = 0;

    assert_non_null(file);
    assert_int_equal(fscanf(file, "rchar: %*u\nwchar: %llu", &bytes), 1);
    fclose(file);
    return bytes;
}

static struct costs costs(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (struct costs){(uint64_t)(usage.ru_minflt + usage.ru_majflt), written_by_calls(),
                          loop_ext4_written(&loop)};
}

static struct costs since(const struct costs *before)
{
    const struct costs now = costs();

    return (struct costs){now.faults - before->faults,
                          now.written_by_calls - before->written_by_calls,
                          now.written_to_device - before->written_to_device};
}

static struct arena_place place_on(const char *name)
{
    struct arena_place place;

    snprintf(place.directory, sizeof(place.directory), "%s", loop.directory);
    snprintf(place.path, sizeof(place.path), "%s/%s.pma", loop.directory, name);
    return place;
}

static pma_t *arena_on_ext4(const struct arena_place *place)
{
    struct pma_options options = PMA_OPTIONS_INIT;

    options.reserved_bytes = (uint64_t)1 << 30;
    return arena_create(place, &options);
}

static unsigned char *object_of(pma_t *arena, size_t pages)
{
    unsigned char *object = arena_alloc(arena, pages, 0);

    arena_ok(arena, pma_dirty(arena, object, pages * PMA_PAGE_SIZE));
    for (size_t i = 0; i < pages; i++)
        arena_fill(object + i * PMA_PAGE_SIZE, 1 + i);
    return object;
}

static void expect_object(const unsigned char *object, size_t pages)
{
    for (size_t i = 0; i < pages; i++)
        assert_int_equal(arena_tag(object + i * PMA_PAGE_SIZE), 1 + i);
}

static uint64_t extents(pma_t *arena)
{
    struct pma_stat stat;

    arena_ok(arena, pma_stat(arena, &stat));
    return stat.extents;
}

static uint64_t block_of(pma_t *arena, const void *address)
{
    struct pma_run run;

    arena_ok(arena, pma_next_run(arena, address, &run));
    assert_ptr_equal(run.address, address);
    return run.block;
}

/* Moves an object, and demands that it cost nothing that grows with it. */
static void *move_for_nothing(pma_t *arena, void *object, size_t pages)
{
    unsigned char *target = (unsigned char *)pma_base(arena) + (size_t)512 * MIB;
    const uint64_t before_extents = extents(arena), block = block_of(arena, object);
    struct costs before, cost;

    loop_ext4_settle(&loop);
    before = costs();
    arena_ok(arena, pma_pages_move(arena, target, object, pages, 0));
    cost = since(&before);
    assert_in_range(cost.faults, 0, FEW_FAULTS);
    assert_int_equal(cost.written_by_calls, 0);
    assert_int_equal(extents(arena), before_extents);
    assert_int_equal(block_of(arena, target), block);
    loop_ext4_settle(&loop);
    cost = since(&before);
    assert_in_range(cost.written_to_device, 0, JOURNAL_BYTES);
    return target;
}

static void move_committed(const char *name, size_t pages, struct costs *snapshot)
{
    const struct arena_place place = place_on(name);
    pma_t *arena = arena_on_ext4(&place);
    unsigned char *object = object_of(arena, pages);
    struct costs before;

    arena_snapshot(arena, 1);
    object = move_for_nothing(arena, object, pages);
    before = costs();
    arena_snapshot(arena, 2);
    *snapshot = since(&before);
    expect_object(object, pages);
    arena = arena_reopen(&place, arena);
    expect_object(object, pages);
    arena_close(arena);
    arena_check(&place);
    assert_int_equal(remove(place.path), 0);
}

static void a_committed_object_moves_and_is_snapshot_for_a_few_blocks(void **state)
{
    struct costs small, large;

    (void)state;
    move_committed("small", SMALL, &small);
    move_committed("large", LARGE, &large);
    /* One directory node and the meta record. No checksum node: checksums go by block. */
    assert_int_equal(small.written_by_calls, PMA_PAGE_SIZE + 512);
    assert_int_equal(large.written_by_calls, PMA_PAGE_SIZE + 512);
    assert_in_range(small.written_to_device, 1, JOURNAL_BYTES);
    assert_in_range(large.written_to_device, 1, JOURNAL_BYTES);
}

static void move_dirty(const char *name, size_t pages)
{
    const struct arena_place place = place_on(name);
    pma_t *arena = arena_on_ext4(&place);
    unsigned char *object = object_of(arena, pages);
    struct costs before, snapshot;

    object = move_for_nothing(arena, object, pages);
    expect_object(object, pages);
    /* Settling has written the data; what is left are a directory node, the checksums of the new
     * blocks, of which a node holds 500, and the meta record. */
    before = costs();
    arena_snapshot(arena, 1);
    snapshot = since(&before);
    assert_in_range(snapshot.written_by_calls, 1, (4 + pages / 250) * PMA_PAGE_SIZE);
    assert_in_range(snapshot.written_to_device, 1, JOURNAL_BYTES + (pages / 250) * PMA_PAGE_SIZE);
    arena = arena_reopen(&place, arena);
    expect_object(object, pages);
    arena_close(arena);
    arena_check(&place);
    assert_int_equal(remove(place.path), 0);
}

static void a_dirty_object_moves_without_a_copy_and_without_a_write(void **state)
{
    (void)state;
    move_dirty("small", SMALL);
    move_dirty("large", LARGE);
}

static void an_ephemeral_object_moves_without_a_copy(void **state)
{
    const struct arena_place place = place_on("ephemeral");
    pma_t *arena = arena_on_ext4(&place);
    unsigned char *object = arena_alloc(arena, LARGE, PMA_EPHEMERAL);
    unsigned char *target = (unsigned char *)pma_base(arena) + (size_t)512 * MIB;
    struct costs before, cost;

    (void)state;
    for (size_t i = 0; i < LARGE; i++)
        arena_fill(object + i * PMA_PAGE_SIZE, 1 + i);
    before = costs();
    arena_ok(arena, pma_pages_move(arena, target, object, LARGE, 0));
    cost = since(&before);
    assert_in_range(cost.faults, 0, FEW_FAULTS);
    assert_int_equal(cost.written_by_calls, 0);
    expect_object(target, LARGE);
    arena_close(arena);
    assert_int_equal(remove(place.path), 0);
}

/* Without this, counters that count nothing would pass for proof. */
static void the_counters_see_a_copy(void **state)
{
    const struct arena_place place = place_on("copy");
    pma_t *arena = arena_on_ext4(&place);
    unsigned char *object = object_of(arena, SMALL), *copy = arena_alloc(arena, SMALL, 0);
    struct costs before, cost;

    (void)state;
    arena_snapshot(arena, 1);
    loop_ext4_settle(&loop);
    before = costs();
    memcpy(copy, object, SMALL * PMA_PAGE_SIZE);
    cost = since(&before);
    assert_true(cost.faults > FEW_FAULTS);
    arena_snapshot(arena, 2);
    cost = since(&before);
    assert_true(cost.written_to_device >= MIB);
    assert_true(cost.written_by_calls >= MIB);
    arena_close(arena);
    assert_int_equal(remove(place.path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_committed_object_moves_and_is_snapshot_for_a_few_blocks),
        cmocka_unit_test(a_dirty_object_moves_without_a_copy_and_without_a_write),
        cmocka_unit_test(an_ephemeral_object_moves_without_a_copy),
        cmocka_unit_test(the_counters_see_a_copy),
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

/* SPDX-License-Identifier: MIT */
/* The pages below a stack: they come, go, are evicted, and are damage if they are the wrong ones.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stack.h"
#include "stack_home.h"

static uint64_t pages(const struct stack_home *home)
{
    return stack_stat(home->stack).pages;
}

static uint64_t pages_of(uint64_t bytes)
{
    return (bytes + PMA_PAGE_SIZE - 1) / PMA_PAGE_SIZE;
}

static uint64_t pages_in_use(const struct stack_home *home)
{
    const struct pma_stack_stat stat = stack_stat(home->stack);

    return pages_of(stat.west_bytes) + pages_of(stat.east_bytes);
}

static uint64_t ephemeral_pages(const struct stack_home *home)
{
    struct pma_stat stat;

    stack_ok(home, pma_stat(home->arena, &stat));
    return stat.ephemeral_pages;
}

static unsigned char *alloc_pages(const struct stack_home *home, size_t count)
{
    void *address = NULL;

    stack_ok(home, pma_stack_alloc(home->stack, count * PMA_PAGE_SIZE, &address));
    memset(address, (int)count, count * PMA_PAGE_SIZE);
    return address;
}

static void pages_come_with_frames_and_go_with_them(void **state)
{
    struct stack_home *home = stack_home(state);
    uint64_t most;

    for (unsigned depth = 0; depth < 20; depth++) {
        stack_ok(home, pma_stack_push(home->stack, 10));
        alloc_pages(home, 10);
        assert_int_equal(pages(home), ephemeral_pages(home));
        stack_sound(home);
    }
    most = pages(home);
    assert_true(most >= 200);
    while (stack_stat(home->stack).frames > 1)
        stack_ok(home, pma_stack_pop(home->stack));
    assert_int_equal(pages(home), ephemeral_pages(home));
    assert_true(pages(home) <= 128); /* 64 a side are kept in any case */
    assert_int_equal(stack_stat(home->stack).peak_pages, most);
}

static void a_release_leaves_exactly_the_pages_in_use(void **state)
{
    struct stack_home *home = stack_home(state);

    for (unsigned depth = 0; depth < 5; depth++) {
        stack_ok(home, pma_stack_push(home->stack, 700));
        alloc_pages(home, 5);
        stack_ok(home, pma_stack_release(home->stack));
        assert_int_equal(pages(home), pages_in_use(home));
        assert_int_equal(pages(home), ephemeral_pages(home));
    }
    while (stack_stat(home->stack).frames > 1) {
        stack_ok(home, pma_stack_pop(home->stack));
        stack_ok(home, pma_stack_release(home->stack));
        assert_int_equal(pages(home), pages_in_use(home));
        assert_int_equal(pages(home), ephemeral_pages(home));
        stack_sound(home);
    }
}

static void batch_release_keeps_pages_until_asked(void **state)
{
    const struct pma_stack_options batch = {
        .size = sizeof(batch), .reserved_bytes = 512 * PMA_PAGE_SIZE, .batch_release = true};
    struct stack_home *home = stack_home(state);
    uint64_t most;

    stack_home_new(home, &batch, 0);
    stack_ok(home, pma_stack_push(home->stack, 0));
    stack_ok(home, pma_stack_push(home->stack, 0));
    alloc_pages(home, 400);
    most = pages(home);
    while (stack_stat(home->stack).frames > 1)
        stack_ok(home, pma_stack_pop(home->stack));
    assert_int_equal(pages(home), most);
    stack_ok(home, pma_stack_release(home->stack));
    assert_int_equal(pages(home), pages_in_use(home));
}

static void a_frame_that_comes_and_goes_does_not_ask_for_pages_each_time(void **state)
{
    struct stack_home *home = stack_home(state);
    struct pma_stat before, after;

    stack_ok(home, pma_stack_push(home->stack, 0));
    alloc_pages(home, 3);
    stack_ok(home, pma_stack_pop(home->stack));
    stack_ok(home, pma_stat(home->arena, &before));
    for (unsigned i = 0; i < 10; i++) {
        stack_ok(home, pma_stack_push(home->stack, 0));
        alloc_pages(home, 3);
        stack_ok(home, pma_stack_pop(home->stack));
        stack_ok(home, pma_stat(home->arena, &after));
        assert_int_equal(after.ephemeral_pages, before.ephemeral_pages);
    }
}

static void frames_survive_eviction_and_snapshots(void **state)
{
    struct stack_home *home = stack_home(state);
    const struct pma_stack_stat stat = stack_stat(home->stack);
    struct pma_stat arena;
    unsigned char *object[10];
    unsigned depth;

    for (depth = 0; depth < 10; depth++) {
        stack_ok(home, pma_stack_push(home->stack, 2));
        *pma_stack_local(home->stack, 1) = depth;
        object[depth] = alloc_pages(home, depth + 1);
    }
    stack_ok(home, pma_stack_release(home->stack));
    stack_ok(home, pma_evict(home->arena, stat.low, stack_stat(home->stack).west_bytes));
    stack_ok(home, pma_evict(home->arena, (char *)stat.high - stack_stat(home->stack).east_bytes,
                             stack_stat(home->stack).east_bytes));
    stack_sound(home);
    arena_snapshot(home->arena, 1);
    stack_ok(home, pma_stat(home->arena, &arena));
    assert_int_equal(arena.pages, 0);
    while (depth-- > 0) {
        assert_int_equal(*pma_stack_local(home->stack, 1), depth);
        for (size_t i = 0; i < (depth + 1) * PMA_PAGE_SIZE; i++)
            assert_int_equal(object[depth][i], depth + 1);
        stack_ok(home, pma_stack_pop(home->stack));
    }
    arena_check(home->arena_place);
}

static void two_stacks_do_not_meet(void **state)
{
    struct stack_home *home = stack_home(state);
    pma_stack_t *other;
    unsigned char *a, *b;
    void *address = NULL;

    stack_ok(home, pma_stack_new(home->arena, NULL, 0, &other));
    assert_true(stack_stat(other).high <= stack_stat(home->stack).low);
    a = alloc_pages(home, 100);
    stack_ok(home, pma_stack_alloc(other, 100 * PMA_PAGE_SIZE, &address));
    b = address;
    memset(b, 1, 100 * PMA_PAGE_SIZE);
    stack_sound(home);
    stack_ok(home, pma_stack_check(other));
    assert_int_equal(a[0] + b[0], 101);
    stack_ok(home, pma_stack_free(other));
    stack_sound(home);
}

static void objects_of_two_mebibytes_begin_where_the_kernel_moves_them_cheaply(void **state)
{
    const struct pma_stack_options large = {.size = sizeof(large), .reserved_bytes = 64 << 20};
    struct pma_options options = arena_small();
    struct stack_home *home = stack_home(state);
    void *address = NULL;

    stack_ok(home, pma_stack_free(home->stack));
    arena_close(home->arena);
    pma_close(NULL);
    options.reserved_bytes = 256 << 20;
    assert_int_equal(remove(home->arena_place->path), 0);
    home->arena = arena_create(home->arena_place, &options);
    stack_ok(home, pma_stack_new(home->arena, &large, 0, &home->stack));
    for (unsigned side = 0; side < 2; side++) {
        stack_ok(home, pma_stack_alloc(home->stack, 100, &address));
        stack_ok(home, pma_stack_alloc(home->stack, (2 << 20) + 1, &address));
        assert_int_equal((uintptr_t)address % (2 << 20), 0);
        stack_ok(home, pma_stack_push(home->stack, 0));
    }
    /* Where there is no such place any more, a page's place does. */
    stack_ok(home, pma_stack_alloc(home->stack, 4 << 20, &address));
    while (!pma_stack_alloc(home->stack, 2 << 20, &address))
        ;
    assert_true(stack_free_words(home->stack) * sizeof(uint64_t) <= 2 << 20);
    stack_sound(home);
}

static void the_check_finds_a_frame_that_was_overwritten(void **state)
{
    struct stack_home *home = stack_home(state);
    uint64_t *slot, kept;
    char expected[128];

    stack_ok(home, pma_stack_push(home->stack, 4));
    stack_ok(home, pma_stack_push(home->stack, 4));
    for (unsigned i = 0; i < 3; i++) {
        slot = stack_slot(stack_pointer(stack_frame(home->stack, 1).fp), false, i);
        kept = *slot;
        for (uint64_t wrong = 0; wrong < 4; wrong++) {
            *slot = (uint64_t[]){0, 1, kept + 8, UINT64_MAX - 7}[wrong];
            assert_int_equal(pma_stack_check(home->stack), PMA_ECORRUPT);
        }
        *slot = kept;
        stack_sound(home);
    }
    slot = stack_slot(home->stack->fp, true, STACK_AP);
    kept = *slot;
    *slot += 800;
    assert_int_equal(pma_stack_check(home->stack), PMA_ECORRUPT);
    snprintf(expected, sizeof(expected), "frame 2 at 0x%lx: its pointers are out of order: %s",
             (unsigned long)(uintptr_t)home->stack->fp, pma_strerror(PMA_ECORRUPT));
    assert_string_equal(pma_last_error(home->arena), expected);
    *slot = kept;
}

static void the_check_finds_pages_that_are_missing_or_too_many(void **state)
{
    struct stack_home *home = stack_home(state);
    char *low = stack_stat(home->stack).low;
    const uint64_t first = (uint64_t)(low - (char *)pma_base(home->arena)) / PMA_PAGE_SIZE;
    const size_t cover = (size_t)((char *)home->stack->low_cover - low) / PMA_PAGE_SIZE;
    char expected[128];

    stack_ok(home, pma_pages_free(home->arena, low + PMA_PAGE_SIZE, 1));
    assert_int_equal(pma_stack_check(home->stack), PMA_ECORRUPT);
    snprintf(expected, sizeof(expected), "page %lu of the stack is not allocated: %s",
             (unsigned long)first + 1, pma_strerror(PMA_ECORRUPT));
    assert_string_equal(pma_last_error(home->arena), expected);
    stack_ok(home, stack_refill(home->stack, low + PMA_PAGE_SIZE, 1));
    for (size_t beyond = 0; beyond < 2; beyond++) {
        stack_ok(home, stack_refill(home->stack, low + (cover + beyond) * PMA_PAGE_SIZE, 1));
        assert_int_equal(pma_stack_check(home->stack), PMA_ECORRUPT);
        assert_string_equal(pma_last_error(home->arena),
                            "pages between those of the two stacks are allocated: arena file is "
                            "damaged");
        stack_ok(home, pma_pages_free(home->arena, low + (cover + beyond) * PMA_PAGE_SIZE, 1));
    }
}

#define stack_test(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, stack_home_setup, stack_home_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        stack_test(pages_come_with_frames_and_go_with_them),
        stack_test(a_release_leaves_exactly_the_pages_in_use),
        stack_test(batch_release_keeps_pages_until_asked),
        stack_test(a_frame_that_comes_and_goes_does_not_ask_for_pages_each_time),
        stack_test(frames_survive_eviction_and_snapshots),
        stack_test(two_stacks_do_not_meet),
        stack_test(objects_of_two_mebibytes_begin_where_the_kernel_moves_them_cheaply),
        stack_test(the_check_finds_a_frame_that_was_overwritten),
        stack_test(the_check_finds_pages_that_are_missing_or_too_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

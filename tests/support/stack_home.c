/* SPDX-License-Identifier: MIT */
#include "stack_home.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pma_stack_options small_stack(void)
{
    struct pma_stack_options options = PMA_STACK_OPTIONS_INIT;

    options.reserved_bytes = STACK_PAGES * PMA_PAGE_SIZE;
    return options;
}

int stack_home_setup(void **state)
{
    struct stack_home *home = calloc(1, sizeof(*home));
    void *directory;

    if (!home || arena_place_setup(&directory))
        return -1;
    home->arena_place = directory;
    *state = home;
    return 0;
}

struct stack_home *stack_home(void **state)
{
    const struct pma_stack_options small = small_stack();
    struct pma_options options = arena_small();
    struct stack_home *home = *state;

    options.reserved_bytes = ARENA_PAGES * PMA_PAGE_SIZE;
    home->arena = arena_create(home->arena_place, &options);
    stack_ok(home, pma_stack_new(home->arena, &small, 0, &home->stack));
    return home;
}

int stack_home_teardown(void **state)
{
    struct stack_home *home = *state;
    void *directory = home->arena_place;
    struct pma_stat stat;

    stack_sound(home);
    stack_ok(home, pma_stack_free(home->stack));
    stack_ok(home, pma_stat(home->arena, &stat));
    assert_int_equal(stat.ephemeral_pages, 0);
    arena_close(home->arena);
    free(home);
    return arena_place_teardown(&directory);
}

void stack_home_new(struct stack_home *home, const struct pma_stack_options *options,
                    unsigned locals)
{
    const struct pma_stack_options small = small_stack();

    stack_ok(home, pma_stack_free(home->stack));
    stack_ok(home, pma_stack_new(home->arena, options ? options : &small, locals, &home->stack));
}

void stack_home_open_again(struct stack_home *home, const struct pma_options *options)
{
    const struct pma_stack_options small = small_stack();
    struct pma_error error;

    stack_ok(home, pma_stack_free(home->stack));
    arena_close(home->arena);
    if (pma_open(home->arena_place->path, options, &home->arena, &error))
        fail_msg("%s", error.text);
    stack_ok(home, pma_stack_new(home->arena, &small, 0, &home->stack));
}

struct pma_stack_frame stack_frame(pma_stack_t *stack, unsigned depth)
{
    struct pma_stack_frame frame;

    assert_int_equal(pma_stack_frame(stack, depth, &frame), 0);
    return frame;
}

struct pma_stack_frame stack_top(pma_stack_t *stack)
{
    return stack_frame(stack, stack_stat(stack).frames - 1);
}

struct pma_stack_stat stack_stat(pma_stack_t *stack)
{
    struct pma_stack_stat stat;

    assert_int_equal(pma_stack_stat(stack, &stat), 0);
    return stat;
}

void stack_sound(const struct stack_home *home)
{
    const struct pma_stack_stat stat = stack_stat(home->stack);
    struct pma_stat arena;

    stack_ok(home, pma_stack_check(home->stack));
    stack_ok(home, pma_stat(home->arena, &arena));
    assert_true(stat.pages <= arena.ephemeral_pages);
    assert_true(stat.pages <= stat.peak_pages);
    assert_true(stat.pages * PMA_PAGE_SIZE >= stat.west_bytes + stat.east_bytes);
}

struct stack_before stack_before(const struct stack_home *home)
{
    return (struct stack_before){stack_top(home->stack), stack_stat(home->stack)};
}

bool stack_same_frame(const struct pma_stack_frame *a, const struct pma_stack_frame *b)
{
    return a->depth == b->depth && a->west == b->west && a->fp == b->fp && a->sp == b->sp &&
           a->ap == b->ap && a->saved_fp == b->saved_fp && a->saved_sp == b->saved_sp &&
           a->saved_ap == b->saved_ap && a->locals == b->locals && a->preserved == b->preserved;
}

static bool same(const struct stack_before *a, const struct stack_before *b)
{
    return stack_same_frame(&a->top, &b->top) && a->stat.frames == b->stat.frames &&
           a->stat.west_bytes == b->stat.west_bytes && a->stat.east_bytes == b->stat.east_bytes;
}

void stack_expect_refusal(const struct stack_home *home, const struct stack_before *before,
                          int result, int code, const char *text, const char *file, int line)
{
    const struct stack_before after = stack_before(home);
    const char *said = pma_last_error(home->arena);
    char expected[256];

    snprintf(expected, sizeof(expected), "%s: %s", text, pma_strerror(code));
    if (result == code && !strcmp(said, expected) && same(&after, before))
        return;
    print_error("%d (\"%s\") instead of %d (\"%s\")%s\n", result, said, code, expected,
                same(&after, before) ? "" : ", and the stack has changed");
    _fail(file, line);
}

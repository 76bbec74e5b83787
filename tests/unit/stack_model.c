/* SPDX-License-Identifier: MIT */
/* A stack does what a list of frames does, each with its objects, over many random operations. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "stack.h"
#include "stack_home.h"

enum { FRAMES = 64, OBJECTS = 200, LOCALS = 20 };

struct object {
    uint64_t *words;
    size_t count;
    uint64_t tag;
};

struct frame {
    unsigned locals;
    uint64_t local_tag;
    uint64_t light, light_tag; /* words on the light stack */
    struct object objects[OBJECTS];
    size_t count;
    bool preserved;
};

struct game {
    struct stack_home *home;
    struct random random;
    uint64_t tags;
    struct frame frames[FRAMES];
    unsigned depth; /* of the top frame */
};

static struct frame *top(struct game *game)
{
    return &game->frames[game->depth];
}

static void fill(struct object *object)
{
    for (size_t i = 0; i < object->count; i++)
        object->words[i] = object->tag + i;
}

static void look_at_object(const struct object *object)
{
    for (size_t i = 0; i < object->count; i++)
        assert_int_equal(object->words[i], object->tag + i);
}

static void look_at_top(struct game *game)
{
    const struct frame *frame = top(game);

    for (size_t i = 0; i < frame->count; i++)
        look_at_object(&frame->objects[i]);
    for (unsigned i = 0; i < frame->locals && !frame->preserved; i++)
        assert_int_equal(*pma_stack_local(game->home->stack, i), frame->local_tag + i);
}

/* What does not fit is not done, and that is all. */
static bool done(struct game *game, int result, const struct pma_stack_frame *before)
{
    const struct pma_stack_frame now = stack_top(game->home->stack);

    if (result == -ENOMEM) {
        assert_true(stack_same_frame(&now, before));
        return false;
    }
    stack_ok(game->home, result);
    return true;
}

static void put_locals(struct game *game, unsigned locals)
{
    struct frame *frame = top(game);

    frame->locals = locals;
    frame->local_tag = game->tags += 1000000;
    for (unsigned i = 0; i < locals; i++) {
        assert_int_equal(*pma_stack_local(game->home->stack, i), 0);
        *pma_stack_local(game->home->stack, i) = frame->local_tag + i;
    }
    frame->light = 0;
    frame->preserved = false;
}

static void push(struct game *game)
{
    const struct pma_stack_frame before = stack_top(game->home->stack);
    const unsigned locals = (unsigned)random_below(&game->random, LOCALS);

    if (game->depth + 1 == FRAMES || top(game)->preserved ||
        !done(game, pma_stack_push(game->home->stack, locals), &before))
        return;
    game->depth++;
    top(game)->count = 0;
    put_locals(game, locals);
}

static void pop(struct game *game)
{
    look_at_top(game);
    if (game->depth == 0)
        return;
    stack_ok(game->home, pma_stack_pop(game->home->stack));
    game->depth--;
    look_at_top(game);
}

static void flip(struct game *game)
{
    const struct pma_stack_frame before = stack_top(game->home->stack);
    const unsigned locals = (unsigned)random_below(&game->random, LOCALS);

    if (game->depth > 0 || !done(game, pma_stack_flip(game->home->stack, locals), &before))
        return;
    if (!top(game)->preserved)
        top(game)->count = 0;
    put_locals(game, locals);
    look_at_top(game);
}

static size_t some_words(struct game *game)
{
    return random_below(&game->random, 3) ? 1 + random_below(&game->random, 60)
                                          : 1 + random_below(&game->random, 5000);
}

static void alloc(struct game *game)
{
    const struct pma_stack_frame before = stack_top(game->home->stack);
    struct frame *frame = top(game);
    struct object made = {NULL, some_words(game), game->tags += 1000000};
    void *address;

    if (frame->count == OBJECTS || frame->preserved ||
        !done(game, pma_stack_alloc(game->home->stack, made.count * 8, &address), &before))
        return;
    made.words = address;
    fill(&made);
    frame->objects[frame->count++] = made;
}

static void light(struct game *game)
{
    struct pma_stack_frame before = stack_top(game->home->stack);
    struct frame *frame = top(game);
    uint64_t word = 0;

    if (frame->preserved)
        return;
    for (uint64_t i = random_below(&game->random, 300); i > 0; i--) {
        if (!done(game, pma_stack_light_push(game->home->stack, 7 * frame->light), &before))
            break;
        frame->light++;
        before = stack_top(game->home->stack);
    }
    for (uint64_t i = random_below(&game->random, 300); i > 0 && frame->light > 0; i--) {
        stack_ok(game->home, pma_stack_light_pop(game->home->stack, &word));
        assert_int_equal(word, 7 * --frame->light);
    }
}

/* The object goes to the caller by a copy, or by its pages if it has some of its own. */
static bool preserve(struct game *game, const struct object *object, struct object *copy)
{
    pma_stack_t *stack = game->home->stack;
    const size_t pages = (object->count * 8 + PMA_PAGE_SIZE - 1) / PMA_PAGE_SIZE;
    const struct pma_stack_frame before = stack_top(stack);
    void *address;

    if (!done(game, stack_preserve_alloc(stack, object->count * 8, &address), &before))
        return false;
    *copy = (struct object){address, object->count, object->tag};
    if (object->count * 8 < STACK_LARGE)
        memcpy(address, object->words, object->count * 8);
    else
        stack_ok(game->home, stack_move_pages(stack, address, object->words, pages));
    look_at_object(copy);
    return true;
}

static void preserve_some(struct game *game)
{
    struct frame *frame = top(game), *caller = frame - (game->depth > 0);
    struct stack_preserve undo;
    struct object kept[OBJECTS];
    size_t count = 0, already = game->depth > 0 ? caller->count : 0;

    if (frame->preserved)
        return;
    look_at_top(game);
    stack_ok(game->home, stack_preserve_begin(game->home->stack, &undo));
    frame->preserved = true;
    for (size_t i = 0; i < frame->count && already + count < OBJECTS; i++) {
        if (random_below(&game->random, 2) && preserve(game, &frame->objects[i], &kept[count]))
            count++;
    }
    memcpy(caller->objects + already, kept, count * sizeof(*kept));
    caller->count = already + count;
    if (game->depth > 0)
        frame->count = 0; /* moved pages are gone, and forwarding pointers would be in the rest */
}

static void evict(struct game *game)
{
    const struct pma_stack_stat stat = stack_stat(game->home->stack);

    if (stat.west_bytes)
        stack_ok(game->home, pma_evict(game->home->arena, stat.low,
                                       1 + random_below(&game->random, stat.west_bytes)));
}

static void play(struct game *game)
{
    switch (random_below(&game->random, 32)) {
    case 0 ... 5:
        push(game);
        break;
    case 6 ... 9:
        pop(game);
        break;
    case 10 ... 12:
        preserve_some(game);
        break;
    case 13 ... 17:
        light(game);
        break;
    case 18:
        flip(game);
        break;
    case 19:
        stack_ok(game->home, pma_stack_release(game->home->stack));
        break;
    case 20:
        if (random_below(&game->random, 8) == 0)
            evict(game);
        break;
    default:
        alloc(game);
    }
}

static void a_stack_does_what_a_list_of_frames_does(void **state)
{
    enum { MOVES = 60000, LOOK = 50 };
    const struct pma_stack_options tight = {.size = sizeof(tight),
                                            .reserved_bytes = 80 * PMA_PAGE_SIZE};
    struct game *game = calloc(1, sizeof(*game));

    assert_non_null(game);
    game->home = stack_home(state);
    stack_home_new(game->home, &tight, 0);
    game->random = random_start("stack_model", 31337);
    for (unsigned i = 0; i < MOVES; i++) {
        play(game);
        if (i % LOOK == 0)
            stack_sound(game->home);
    }
    while (game->depth > 0)
        pop(game);
    look_at_top(game);
    free(game);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_stack_does_what_a_list_of_frames_does, stack_home_setup,
                                        stack_home_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "arena_game_parts.h"

enum { LEAST_RANGE = 16, MOST_RANGE = 72, MOST_LOCALS = 6, MOST_LIGHT = 40, SPARE_PAGES = 6 };

void game_stack_forget(struct game *game)
{
    struct game_stack *stack = &game->stack;

    if (stack->handle)
        game_expect(game, pma_stack_free(stack->handle), 0, "pma_stack_free");
    memset(stack, 0, sizeof(*stack));
}

uint64_t game_stack_room(const struct game *game)
{
    struct pma_stack_stat stat;

    arena_ok(game->arena, pma_stack_stat(game->stack.handle, &stat));
    return (uint64_t)((unsigned char *)stat.high - (unsigned char *)stat.low) - stat.west_bytes -
           stat.east_bytes;
}

/* False if it failed for want of room, which it may if little more is left. */
static bool has_room(struct game *game, int result, uint64_t bytes, const char *call)
{
    if (result == -ENOMEM && game_stack_room(game) < bytes + SPARE_PAGES * PMA_PAGE_SIZE)
        return false;
    return game_expect(game, result, 0, call);
}

static struct game_frame *top_frame(struct game *game)
{
    return &game->stack.frames[game->stack.frame_count - 1];
}

struct game_thing *game_stack_add(struct game *game, struct game_thing thing)
{
    struct game_stack *stack = &game->stack;

    thing.depth = stack->frame_count - 1;
    /* The oldest is forgotten, if there are too many: it lies there all the same. */
    if (stack->thing_count == GAME_THINGS)
        game_stack_remove(game, &stack->things[0]);
    stack->things[stack->thing_count] = thing;
    return &stack->things[stack->thing_count++];
}

void game_stack_remove(struct game *game, struct game_thing *thing)
{
    struct game_stack *stack = &game->stack;
    const size_t behind = (size_t)(&stack->things[stack->thing_count] - (thing + 1));

    memmove(thing, thing + 1, behind * sizeof(*thing));
    stack->thing_count--;
}

/* What was not preserved from the top frame is gone; the rest is the frame's of that depth. */
static void end_frame(struct game *game, unsigned depth)
{
    struct game_stack *stack = &game->stack;

    for (unsigned i = stack->thing_count; i-- > 0;) {
        struct game_thing *thing = &stack->things[i];

        if (thing->depth == stack->frame_count - 1 && !thing->preserved)
            game_stack_remove(game, thing);
    }
    for (unsigned i = 0; i < stack->thing_count; i++) {
        if (stack->things[i].preserved)
            stack->things[i].depth = depth;
        stack->things[i].preserved = false;
    }
    stack->preserved = false;
}

static void begin_frame(struct game *game, unsigned locals)
{
    struct game_frame *frame = &game->stack.frames[game->stack.frame_count++];

    *frame = (struct game_frame){.locals = locals};
}

static void make_stack(struct game *game)
{
    struct pma_stack_options options = PMA_STACK_OPTIONS_INIT;
    const unsigned locals = (unsigned)random_below(&game->random, MOST_LOCALS);
    const uint64_t pages = LEAST_RANGE + random_below(&game->random, MOST_RANGE - LEAST_RANGE);
    int result;

    options.reserved_bytes = pages * PMA_PAGE_SIZE;
    options.batch_release = random_below(&game->random, 2) == 0;
    game_tell(game, "new stack, %d pages, %u locals%s", (int)pages, locals,
              options.batch_release ? ", pages released in batches" : "");
    result = pma_stack_new(game->arena, &options, locals, &game->stack.handle);
    if (result == -ENOMEM && game_is_full(game, pages))
        return;
    if (game_expect(game, result, 0, "pma_stack_new"))
        begin_frame(game, locals);
}

static void push(struct game *game)
{
    const unsigned locals = (unsigned)random_below(&game->random, MOST_LOCALS);
    int result;

    if (game->stack.frame_count == GAME_FRAMES)
        return;
    game_tell(game, "push, %u locals", locals);
    result = pma_stack_push(game->stack.handle, locals);
    if (game->stack.preserved)
        assert_int_equal(result, PMA_ESTACK);
    else if (has_room(game, result, 0, "pma_stack_push"))
        begin_frame(game, locals);
}

static void pop(struct game *game)
{
    struct game_stack *stack = &game->stack;

    game_tell(game, "pop");
    if (!game_expect(game, pma_stack_pop(stack->handle), stack->frame_count == 1 ? PMA_ESTACK : 0,
                     "pma_stack_pop"))
        return;
    end_frame(game, stack->frame_count - 2);
    stack->frame_count--;
}

static void flip(struct game *game)
{
    struct game_stack *stack = &game->stack;
    const unsigned locals = (unsigned)random_below(&game->random, MOST_LOCALS);
    int result;

    game_tell(game, "flip");
    result = pma_stack_flip(stack->handle, locals);
    if (stack->frame_count > 1) {
        assert_int_equal(result, PMA_ESTACK);
        return;
    }
    if (!has_room(game, result, 0, "pma_stack_flip"))
        return;
    end_frame(game, 0);
    stack->frame_count = 0;
    begin_frame(game, locals);
}

static void allocate(struct game *game)
{
    struct game_thing thing = {.bytes = game_size(game) + 1, .tag = ++game->tags};
    void *address;
    int result;

    game_tell(game, "allocate %d bytes on the stack", (int)thing.bytes);
    result = pma_stack_alloc(game->stack.handle, thing.bytes, &address);
    if (game->stack.preserved) {
        assert_int_equal(result, PMA_ESTACK);
        return;
    }
    if (!has_room(game, result, thing.bytes, "pma_stack_alloc"))
        return;
    thing.address = address;
    game_fill(thing.address, thing.bytes, thing.tag);
    game_stack_add(game, thing);
}

static void light_push(struct game *game)
{
    struct game_frame *frame = top_frame(game);
    const uint64_t count = 1 + random_below(&game->random, MOST_LIGHT);

    game_tell(game, "push %d light words", (int)count);
    for (uint64_t i = 0; i < count && frame->locals + frame->light < GAME_WORDS; i++) {
        const uint64_t word = random_next(&game->random);
        const int result = pma_stack_light_push(game->stack.handle, word);

        if (game->stack.preserved) {
            assert_int_equal(result, PMA_ESTACK);
            return;
        }
        if (!has_room(game, result, sizeof(word), "pma_stack_light_push"))
            return;
        frame->words[frame->locals + frame->light++] = word;
    }
}

static void light_pop(struct game *game)
{
    struct game_frame *frame = top_frame(game);
    const bool may = !game->stack.preserved && frame->light > 0;
    uint64_t word;

    game_tell(game, "pop light words");
    for (uint64_t left = random_below(&game->random, MOST_LIGHT); left-- > 0 && frame->light > 0;) {
        if (!game_expect(game, pma_stack_light_pop(game->stack.handle, &word), may ? 0 : PMA_ESTACK,
                         "pma_stack_light_pop"))
            return;
        assert_int_equal(word, frame->words[frame->locals + --frame->light]);
    }
    if (frame->light == 0)
        assert_int_equal(pma_stack_light_pop(game->stack.handle, &word), PMA_ESTACK);
}

static void set_local(struct game *game)
{
    struct game_frame *frame = top_frame(game);
    const unsigned index = (unsigned)random_below(&game->random, MOST_LOCALS);
    uint64_t *local;

    if (game->stack.preserved)
        return;
    local = pma_stack_local(game->stack.handle, index);
    if (index >= frame->locals) {
        assert_null(local);
        return;
    }
    assert_int_equal(*local, frame->words[index]);
    *local = frame->words[index] = random_next(&game->random);
}

static void release(struct game *game)
{
    game_tell(game, "release the stack's pages");
    game_expect(game, pma_stack_release(game->stack.handle), 0, "pma_stack_release");
}

void game_stack_look(const struct game *game)
{
    const struct game_stack *stack = &game->stack;
    const struct game_frame *top;
    struct pma_stack_stat stat;

    if (!stack->handle || game->faults)
        return;
    arena_ok(game->arena, pma_stack_check(stack->handle));
    arena_ok(game->arena, pma_stack_stat(stack->handle, &stat));
    assert_int_equal(stat.frames, stack->frame_count);
    top = &stack->frames[stack->frame_count - 1];
    for (unsigned i = 0; i < top->locals && !stack->preserved; i++)
        assert_int_equal(*pma_stack_local(stack->handle, i), top->words[i]);
    for (unsigned i = 0; i < stack->thing_count; i++) {
        const struct game_thing *thing = &stack->things[i];

        if (thing->noun)
            game_expect_noun(game, thing->word, thing->noun);
        else
            game_expect_bytes(thing->address, thing->bytes, thing->tag);
    }
    game_keep_look(game);
}

static void any_move(struct game *game)
{
    switch (random_below(&game->random, 24)) {
    case 0:
    case 1:
    case 2:
        push(game);
        break;
    case 3:
    case 4:
    case 5:
        pop(game);
        break;
    case 6:
    case 7:
        flip(game);
        break;
    case 8:
    case 9:
    case 10:
        allocate(game);
        break;
    case 11:
        light_push(game);
        break;
    case 12:
        light_pop(game);
        break;
    case 13:
        set_local(game);
        break;
    case 14:
        release(game);
        break;
    case 15:
        if (random_below(&game->random, 8) == 0)
            game_stack_forget(game);
        break;
    default:
        game_noun_move(game);
    }
}

void game_stack_move(struct game *game)
{
    if (game->stack.handle)
        any_move(game);
    else
        make_stack(game);
    game_note_others(game);
}

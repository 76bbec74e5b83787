/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena_game_parts.h"

enum { ROOM_PAGES = 24 /* with less, a call on nouns may lack it */ };

static struct game_noun *noun_at(const struct game *game, uint32_t number)
{
    return &game->nouns.list[number - 1];
}

static uint32_t add_noun(struct game *game, struct game_noun noun)
{
    struct game_nouns *nouns = &game->nouns;

    if (nouns->count == nouns->capacity) {
        nouns->capacity = nouns->capacity ? 2 * nouns->capacity : 1024;
        nouns->list = realloc(nouns->list, nouns->capacity * sizeof(*nouns->list));
        assert_non_null(nouns->list);
    }
    nouns->list[nouns->count++] = noun;
    return nouns->count;
}

static bool is_atom(const struct game_noun *noun)
{
    return noun->head == 0;
}

/* The bytes of an atom; the last one is not 0. */
static unsigned char *atom_bytes(const struct game_noun *atom)
{
    unsigned char *bytes = calloc(1, atom->bytes + 8);

    assert_non_null(bytes);
    game_fill(bytes, atom->bytes, atom->tag);
    if (atom->bytes > 0)
        bytes[atom->bytes - 1] |= 1;
    return bytes;
}

/* ---- comparing ---- */

static void expect_atom(pma_noun word, const struct game_noun *atom)
{
    unsigned char *expected = atom_bytes(atom), *bytes = calloc(1, atom->bytes + 8);
    size_t count = 0;

    assert_int_equal(pma_noun_length(word, &count), 0);
    assert_int_equal(count, atom->bytes);
    assert_int_equal(pma_noun_export(word, bytes, count), 0);
    assert_memory_equal(bytes, expected, count);
    free(bytes);
    free(expected);
}

/* Notes what a part is; one that was met as something else is compared again. */
static void meet(const struct game *game, uint32_t number, pma_noun word, uint32_t *lowest)
{
    struct game_noun *noun = noun_at(game, number);

    noun->met = game->nouns.comparisons;
    noun->as = word;
    if (number < *lowest)
        *lowest = number;
}

/* From the whole to its parts, which have lower numbers. */
void game_expect_noun(const struct game *game, pma_noun word, uint32_t number)
{
    uint32_t lowest = number;

    ((struct game *)game)->nouns.comparisons++;
    meet(game, number, word, &lowest);
    for (uint32_t i = number; i >= lowest; i--) {
        const struct game_noun *noun = noun_at(game, i);
        pma_noun part;

        if (noun->met != game->nouns.comparisons)
            continue;
        if (is_atom(noun)) {
            expect_atom(noun->as, noun);
            continue;
        }
        assert_int_equal(pma_noun_head(noun->as, &part), 0);
        meet(game, noun->head, part, &lowest);
        assert_int_equal(pma_noun_tail(noun->as, &part), 0);
        meet(game, noun->tail, part, &lowest);
    }
}

/* Marks the parts of a noun as met. */
static void mark_parts(struct game *game, uint32_t number)
{
    game->nouns.comparisons++;
    noun_at(game, number)->met = game->nouns.comparisons;
    for (uint32_t i = number; i > 0; i--) {
        const struct game_noun *noun = noun_at(game, i);

        if (noun->met == game->nouns.comparisons && !is_atom(noun))
            noun_at(game, noun->head)->met = noun_at(game, noun->tail)->met =
                game->nouns.comparisons;
    }
}

/* Whether a noun has a part that is marked; to be asked of each noun at once. */
static bool has_marked_part(const struct game *game, uint32_t number)
{
    bool *has = calloc(number + 1, sizeof(*has)), found;

    assert_non_null(has);
    for (uint32_t i = 1; i <= number; i++) {
        const struct game_noun *noun = noun_at(game, i);

        has[i] = noun->met == game->nouns.comparisons ||
                 (!is_atom(noun) && (has[noun->head] || has[noun->tail]));
    }
    found = has[number];
    free(has);
    return found;
}

/* Nouns of the stack that share a part with this one are not to be used any more. */
static void forget_sharers(struct game *game, uint32_t number)
{
    mark_parts(game, number);
    for (unsigned i = game->stack.thing_count; i-- > 0;) {
        struct game_thing *thing = &game->stack.things[i];

        if (thing->noun && has_marked_part(game, thing->noun))
            game_stack_remove(game, thing);
    }
}

/* ---- moves ---- */

static bool may_lack_room(const struct game *game)
{
    return game_stack_room(game) < ROOM_PAGES * PMA_PAGE_SIZE || game_is_full(game, ROOM_PAGES);
}

static bool made(struct game *game, int result, const char *call)
{
    if (result == -ENOMEM && may_lack_room(game))
        return false;
    return game_expect(game, result, game->stack.preserved ? PMA_ESTACK : 0, call);
}

static struct game_thing *any_noun(struct game *game)
{
    struct game_stack *stack = &game->stack;
    const unsigned start =
        stack->thing_count ? (unsigned)random_below(&game->random, stack->thing_count) : 0;

    for (unsigned i = 0; i < stack->thing_count; i++) {
        struct game_thing *thing = &stack->things[(start + i) % stack->thing_count];

        if (thing->noun)
            return thing;
    }
    return NULL;
}

static unsigned any_kept(struct game *game, bool used)
{
    const unsigned start = (unsigned)random_below(&game->random, GAME_KEPT);
    unsigned at = start;

    for (unsigned i = 0; i < GAME_KEPT; i++) {
        at = (start + i) % GAME_KEPT;
        if ((game->now.kept[at] != 0) == used)
            return at;
    }
    return GAME_KEPT;
}

static void make_atom(struct game *game)
{
    struct game_noun atom = {.bytes = (uint32_t)game_size(game), .tag = ++game->tags};
    unsigned char *bytes;
    pma_noun word = 0;
    int result;

    /* Words, which need no object, are many. */
    if (random_below(&game->random, 2) == 0)
        atom.bytes = (uint32_t)random_below(&game->random, 9);
    bytes = atom_bytes(&atom);
    game_tell(game, "an atom of %u bytes", atom.bytes);
    result = pma_noun_import(game->stack.handle, bytes, atom.bytes, &word);
    free(bytes);
    if (result == 0 && pma_noun_is_direct(word))
        game_stack_add(game, (struct game_thing){.noun = add_noun(game, atom), .word = word});
    else if (made(game, result, "pma_noun_import"))
        game_stack_add(game, (struct game_thing){.noun = add_noun(game, atom), .word = word});
}

/* A part of a cell: of the stack, or of what is kept. */
static bool any_part(struct game *game, uint32_t *noun, pma_noun *word)
{
    const struct game_thing *thing = any_noun(game);
    const unsigned kept = any_kept(game, true);

    if (kept < GAME_KEPT && (!thing || random_below(&game->random, 4) == 0)) {
        *noun = game->now.kept[kept];
        *word = game->now.kept_word[kept];
        return true;
    }
    if (!thing)
        return false;
    *noun = thing->noun;
    *word = thing->word;
    return true;
}

static void make_cell(struct game *game)
{
    struct game_noun cell = {0};
    pma_noun head, tail, word = 0;

    if (!any_part(game, &cell.head, &head) || !any_part(game, &cell.tail, &tail))
        return;
    game_tell(game, "a cell of nouns %u and %u", cell.head, cell.tail);
    if (made(game, pma_noun_cell(game->stack.handle, head, tail, &word), "pma_noun_cell"))
        game_stack_add(game, (struct game_thing){.noun = add_noun(game, cell), .word = word});
}

static void preserve(struct game *game)
{
    enum { MOST = 3 };
    struct game_stack *stack = &game->stack;
    struct game_thing *things[MOST];
    pma_noun words[MOST];
    unsigned count = 0, most = 1 + (unsigned)random_below(&game->random, MOST);
    int result;

    for (unsigned i = 0; i < stack->thing_count && count < most; i++) {
        struct game_thing *thing = &stack->things[stack->thing_count - 1 - i];

        if (!thing->noun)
            continue;
        things[count] = thing;
        words[count++] = thing->word;
    }
    if (count == 0)
        return;
    game_tell(game, "preserve %u nouns", count);
    result = pma_noun_preserve(stack->handle, words, count, NULL);
    if (result == -ENOMEM && may_lack_room(game))
        return;
    if (!game_expect(game, result, 0, "pma_noun_preserve"))
        return;
    for (unsigned i = 0; i < count; i++) {
        things[i]->word = words[i];
        things[i]->preserved |= things[i]->depth == stack->frame_count - 1;
    }
    stack->preserved = true;
    /* What the frame has else may share parts with these, which forwarding pointers have taken. */
    for (unsigned i = stack->thing_count; i-- > 0;) {
        struct game_thing *thing = &stack->things[i];

        if (thing->noun && thing->depth == stack->frame_count - 1 && !thing->preserved)
            game_stack_remove(game, thing);
    }
}

static void set_root(struct game *game, unsigned at, pma_noun word)
{
    arena_ok(game->arena, pma_set_root(game->arena, GAME_FIRST_KEPT + at, word));
    game->now.kept_word[at] = word;
}

static void keep(struct game *game)
{
    const struct game_thing *thing = any_noun(game);
    const unsigned at = any_kept(game, false);
    uint32_t noun;
    pma_noun kept;
    int result;

    if (!thing || at == GAME_KEPT || game->stack.preserved)
        return;
    noun = thing->noun;
    game_tell(game, "keep noun %u under root %u", noun, GAME_FIRST_KEPT + at);
    result = pma_noun_keep(game->stack.handle, thing->word, &kept, NULL);
    if (result == -ENOMEM && may_lack_room(game))
        return;
    if (!game_expect(game, result, 0, "pma_noun_keep"))
        return;
    game->now.kept[at] = noun;
    set_root(game, at, kept);
    forget_sharers(game, noun);
}

static void hold(struct game *game)
{
    const unsigned from = any_kept(game, true), to = any_kept(game, false);

    if (from == GAME_KEPT || to == GAME_KEPT)
        return;
    game_tell(game, "hold root %u under root %u", GAME_FIRST_KEPT + from, GAME_FIRST_KEPT + to);
    arena_ok(game->arena, pma_noun_hold(game->arena, game->now.kept_word[from]));
    game->now.kept[to] = game->now.kept[from];
    set_root(game, to, game->now.kept_word[from]);
}

static void drop(struct game *game)
{
    const unsigned at = any_kept(game, true);
    uint32_t noun;

    if (at == GAME_KEPT)
        return;
    game_tell(game, "drop root %u", GAME_FIRST_KEPT + at);
    noun = game->now.kept[at];
    arena_ok(game->arena, pma_noun_release(game->arena, game->now.kept_word[at]));
    game->now.kept[at] = 0;
    set_root(game, at, 0);
    forget_sharers(game, noun);
}

static void jam_and_cue(struct game *game)
{
    const struct game_thing *thing = any_noun(game);
    pma_noun atom, back, word;
    uint32_t noun, mugs[2];
    bool equal = false;

    if (!thing || game->stack.preserved)
        return;
    noun = thing->noun;
    word = thing->word;
    game_tell(game, "jam and cue noun %u", noun);
    if (!made(game, pma_noun_jam(game->stack.handle, word, &atom), "pma_noun_jam") ||
        !made(game, pma_noun_cue(game->stack.handle, atom, &back), "pma_noun_cue"))
        return;
    game_expect_noun(game, back, noun);
    if (!made(game, pma_noun_equal(game->stack.handle, word, back, &equal), "pma_noun_equal"))
        return;
    assert_true(equal);
    if (made(game, pma_noun_mug(game->stack.handle, word, &mugs[0]), "pma_noun_mug") &&
        made(game, pma_noun_mug(game->stack.handle, back, &mugs[1]), "pma_noun_mug"))
        assert_int_equal(mugs[0], mugs[1]);
}

void game_keep_look(const struct game *game)
{
    pma_noun held[GAME_KEPT];
    size_t count = 0;
    uint64_t value;

    for (unsigned i = 0; i < GAME_KEPT; i++) {
        arena_ok(game->arena, pma_root(game->arena, GAME_FIRST_KEPT + i, &value));
        assert_int_equal(value, game->now.kept_word[i]);
        if (!game->now.kept[i])
            continue;
        game_expect_noun(game, game->now.kept_word[i], game->now.kept[i]);
        held[count++] = game->now.kept_word[i];
    }
    if (!game->stack.preserved && game_stack_room(game) > ROOM_PAGES * PMA_PAGE_SIZE)
        arena_ok(game->arena, pma_noun_check(game->stack.handle, held, count));
}

void game_noun_move(struct game *game)
{
    switch (random_below(&game->random, 16)) {
    case 0:
    case 1:
    case 2:
        make_atom(game);
        break;
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
        make_cell(game);
        break;
    case 8:
    case 9:
    case 10:
        preserve(game);
        break;
    case 11:
    case 12:
        keep(game);
        break;
    case 13:
        hold(game);
        break;
    case 14:
        drop(game);
        break;
    default:
        jam_and_cue(game);
    }
}

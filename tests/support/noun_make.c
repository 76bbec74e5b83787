/* SPDX-License-Identifier: MIT */
#include "noun_make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct stack_home *noun_wide_home(void **state)
{
    const struct pma_stack_options options = {.size = sizeof(options),
                                              .reserved_bytes = UINT64_C(512) << 20};
    struct stack_home *home = *state;

    home->arena = arena_create(home->arena_place, NULL);
    stack_ok(home, pma_stack_new(home->arena, &options, 0, &home->stack));
    return home;
}

pma_noun noun_cons(const struct stack_home *home, pma_noun head, pma_noun tail)
{
    pma_noun cell;

    stack_ok(home, pma_noun_cell(home->stack, head, tail, &cell));
    return cell;
}

pma_noun noun_import(const struct stack_home *home, const void *bytes, size_t count)
{
    pma_noun atom;

    stack_ok(home, pma_noun_import(home->stack, bytes, count, &atom));
    return atom;
}

pma_noun noun_blob(const struct stack_home *home, size_t bytes, uint64_t tag)
{
    struct random random = {.state = tag};
    uint8_t *content = malloc(bytes);
    pma_noun atom;

    assert_non_null(content);
    for (size_t i = 0; i < bytes; i++)
        content[i] = (uint8_t)random_next(&random);
    content[bytes - 1] |= 1;
    atom = noun_import(home, content, bytes);
    free(content);
    return atom;
}

pma_noun noun_list(const struct stack_home *home, uint64_t length)
{
    pma_noun list = 0;

    while (length > 0)
        list = noun_cons(home, length--, list);
    return list;
}

pma_noun noun_left_list(const struct stack_home *home, uint64_t length)
{
    pma_noun list = 0;

    while (length > 0)
        list = noun_cons(home, list, length--);
    return list;
}

pma_noun noun_doubled(const struct stack_home *home, unsigned levels, pma_noun leaf)
{
    while (levels-- > 0)
        leaf = noun_cons(home, leaf, leaf);
    return leaf;
}

static pma_noun random_atom(const struct stack_home *home, struct random *random, unsigned large)
{
    if (random_below(random, 64) < large)
        return noun_blob(home, 2500 + random_below(random, 3 * PMA_PAGE_SIZE), random_next(random));
    if (random_below(random, 2))
        return random_next(random) >> (1 + random_below(random, 63));
    return noun_blob(home, 1 + random_below(random, 60), random_next(random));
}

pma_noun noun_random(const struct stack_home *home, struct random *random, unsigned cells,
                     unsigned large)
{
    enum { POOL = 64 };
    pma_noun pool[POOL], noun = 0;

    for (unsigned i = 0; i < POOL; i++)
        pool[i] = random_below(random, 2) ? random_atom(home, random, large) : i;
    for (unsigned i = 0; i < cells; i++) {
        noun = noun_cons(home, pool[random_below(random, POOL)], pool[random_below(random, POOL)]);
        pool[random_below(random, POOL)] = noun;
    }
    for (unsigned i = 0; i < POOL; i++)
        noun = noun_cons(home, pool[i], noun);
    return noun;
}

pma_noun noun_head_of(pma_noun cell)
{
    pma_noun head;

    assert_int_equal(pma_noun_head(cell, &head), 0);
    return head;
}

pma_noun noun_tail_of(pma_noun cell)
{
    pma_noun tail;

    assert_int_equal(pma_noun_tail(cell, &tail), 0);
    return tail;
}

bool noun_same(const struct stack_home *home, pma_noun a, pma_noun b)
{
    bool equal;

    stack_ok(home, pma_noun_equal(home->stack, a, b, &equal));
    return equal;
}

uint32_t noun_mug_of(const struct stack_home *home, pma_noun noun)
{
    uint32_t mug;

    stack_ok(home, pma_noun_mug(home->stack, noun, &mug));
    return mug;
}

static int count_object(void *context, pma_noun noun, const struct pma_noun_object *object)
{
    struct noun_census *census = context;

    (void)noun;
    census->cells += object->cell;
    census->atoms += !object->cell;
    census->large += object->bytes > PMA_PAGE_SIZE / 2;
    census->bytes += object->bytes;
    return 0;
}

struct noun_census noun_count(const struct stack_home *home, pma_noun noun)
{
    struct noun_census census = {0};

    stack_ok(home, pma_noun_walk(home->stack, &noun, 1, count_object, &census));
    return census;
}

bool noun_same_census(struct noun_census a, struct noun_census b)
{
    return a.cells == b.cells && a.atoms == b.atoms && a.large == b.large && a.bytes == b.bytes;
}

void noun_sound(const struct stack_home *home, pma_noun noun)
{
    stack_ok(home, pma_noun_check(home->stack, &noun, 1));
}

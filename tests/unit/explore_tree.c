/* SPDX-License-Identifier: MIT */
/* The decision tree: what is missing is found, what is known is not asked for again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "hand_trace.h"
#include "tree.h"

/* Two blocks of a named file, each with two values: items 1 and 2 (item 0 is the name). */
struct forest {
    struct hand *hand;
    fsim_cursor_t *cursor;
    struct tree *tree;
    struct walk walk;
};

static const struct tree_limit everything = {UINT32_MAX, UINT32_MAX};

static int plant(void **state)
{
    static struct forest forest;
    if (hand_setup((void **)&forest.hand) < 0)
        return -1;
    hand_name(forest.hand, 1);
    hand_sync(forest.hand, FSIM_NO_FILE, 0, 0, 0);
    hand_write(forest.hand, 1, 0, 'a');
    hand_write(forest.hand, 1, 1, 'b');
    if (fsim_cursor_new(forest.hand->trace, FSIM_POWER_LOSS, &forest.cursor) < 0 ||
        fsim_cursor_advance(forest.cursor, fsim_trace_events(forest.hand->trace)) < 0 ||
        tree_new(&forest.tree) < 0 || walk_init(&forest.walk, forest.tree, forest.cursor) < 0)
        return -1;
    *state = &forest;
    return 0;
}

static int fell(void **state)
{
    struct forest *forest = *state;
    walk_deinit(&forest->walk);
    tree_free(forest->tree);
    fsim_cursor_free(forest->cursor);
    return hand_teardown((void **)&forest->hand);
}

static uint64_t a(struct forest *forest)
{
    return hand_content(forest->hand, 'a');
}

static uint64_t b(struct forest *forest)
{
    return hand_content(forest->hand, 'b');
}

static void insert(struct forest *forest, const uint32_t *items, const uint64_t *values,
                   size_t count, int64_t leaf)
{
    assert_int_equal(tree_insert(forest->tree, items, values, count, 0), leaf);
}

static void an_empty_tree_lacks_everything(void **state)
{
    struct forest *forest = *state;
    uint32_t items[4];
    uint64_t values[4];
    walk_start(&forest->walk, everything);
    assert_int_equal(walk_next(&forest->walk), WALK_MISSING);
    assert_int_equal(walk_path(&forest->walk, items, values), 0);
    walk_skip(&forest->walk);
    assert_int_equal(walk_next(&forest->walk), WALK_END);
}

static void a_recovery_that_looks_at_nothing_covers_everything(void **state)
{
    struct forest *forest = *state;
    insert(forest, NULL, NULL, 0, 0);
    walk_start(&forest->walk, everything);
    assert_int_equal(walk_next(&forest->walk), WALK_LEAF);
    assert_true(walk_share(&forest->walk) == 1);
    assert_int_equal(walk_next(&forest->walk), WALK_END);
}

static void the_other_values_of_what_was_looked_at_are_missing(void **state)
{
    struct forest *forest = *state;
    uint32_t items[4];
    uint64_t values[4];
    insert(forest, (uint32_t[]){1, 2}, (uint64_t[]){a(forest), b(forest)}, 2, 0);
    walk_start(&forest->walk, everything);
    assert_int_equal(walk_next(&forest->walk), WALK_LEAF);
    assert_true(walk_share(&forest->walk) == 0.25);

    assert_int_equal(walk_next(&forest->walk), WALK_MISSING);
    assert_int_equal(walk_path(&forest->walk, items, values), 2);
    assert_int_equal(items[1], 2);
    assert_int_equal(values[1], FSIM_ZEROS);
    insert(forest, items, values, 2, 1);
    assert_int_equal(walk_next(&forest->walk), WALK_LEAF);
    assert_int_equal(forest->walk.leaf, 1);

    assert_int_equal(walk_next(&forest->walk), WALK_MISSING);
    assert_int_equal(walk_path(&forest->walk, items, values), 1);
    assert_int_equal(values[0], FSIM_ZEROS);
    insert(forest, items, values, 1, 2); /* without item 1 nobody asks for item 2 */
    assert_int_equal(walk_next(&forest->walk), WALK_LEAF);
    assert_true(walk_share(&forest->walk) == 0.5);
    assert_int_equal(walk_next(&forest->walk), WALK_END);
}

static void a_walk_up_to_a_limit_does_not_see_what_came_later(void **state)
{
    struct forest *forest = *state;
    insert(forest, (uint32_t[]){1}, (uint64_t[]){a(forest)}, 1, 0);
    struct tree_limit limit = tree_limit(forest->tree);
    insert(forest, (uint32_t[]){1, 2}, (uint64_t[]){FSIM_ZEROS, b(forest)}, 2, 1);
    walk_start(&forest->walk, limit);
    assert_int_equal(walk_next(&forest->walk), WALK_LEAF);
    assert_int_equal(walk_next(&forest->walk), WALK_MISSING);
    walk_skip(&forest->walk);
    assert_int_equal(walk_next(&forest->walk), WALK_END);
}

static void a_path_is_entered_once(void **state)
{
    struct forest *forest = *state;
    insert(forest, (uint32_t[]){1}, (uint64_t[]){a(forest)}, 1, 0);
    insert(forest, (uint32_t[]){1}, (uint64_t[]){a(forest)}, 1, -EEXIST);
    insert(forest, (uint32_t[]){2}, (uint64_t[]){a(forest)}, 1, -EEXIST);
}

static uint64_t all_zeros(void *context, uint32_t item)
{
    return FSIM_ZEROS;
}

static void a_state_is_found_by_its_values(void **state)
{
    struct forest *forest = *state;
    uint32_t items[4], count;
    uint64_t values[4];
    insert(forest, (uint32_t[]){1}, (uint64_t[]){a(forest)}, 1, 0);
    assert_int_equal(tree_find(forest->tree, all_zeros, NULL, items, values, &count), -ENOENT);
    assert_int_equal(count, 1);
    insert(forest, items, values, count, 1);
    assert_int_equal(tree_find(forest->tree, all_zeros, NULL, NULL, NULL, NULL), 1);
}

static void an_image_is_the_same_in_whatever_order_it_is_looked_at(void **state)
{
    struct forest *forest = *state;
    insert(forest, (uint32_t[]){1, 2}, (uint64_t[]){7, 8}, 2, 0);
    uint64_t image = tree_leaf(forest->tree, 0)->image;
    assert_true(image == tree_mix(2, 8) + tree_mix(1, 7));
    assert_true(image != tree_mix(2, 7) + tree_mix(1, 8));
}

int main(void)
{
#define IN_A_FOREST(test) cmocka_unit_test_setup_teardown(test, plant, fell)
    const struct CMUnitTest tests[] = {
        IN_A_FOREST(an_empty_tree_lacks_everything),
        IN_A_FOREST(a_recovery_that_looks_at_nothing_covers_everything),
        IN_A_FOREST(the_other_values_of_what_was_looked_at_are_missing),
        IN_A_FOREST(a_walk_up_to_a_limit_does_not_see_what_came_later),
        IN_A_FOREST(a_path_is_entered_once),
        IN_A_FOREST(a_state_is_found_by_its_values),
        IN_A_FOREST(an_image_is_the_same_in_whatever_order_it_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

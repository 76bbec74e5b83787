/* SPDX-License-Identifier: MIT */
/* Node memory: what is reserved can be taken, and a full machine is an error beforehand. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <fiu-control.h>
#include <fiu.h>
#include <pma/fault_points.h>

#include "nodes.h"

static void what_is_reserved_can_be_taken_and_no_node_is_handed_out_twice(void **state)
{
    enum { COUNT = 500 };
    static struct node *taken[COUNT];
    struct nodes *pool;
    assert_int_equal(nodes_new(&pool), 0);
    assert_null(nodes_take(pool));
    assert_int_equal(nodes_reserve(pool, COUNT), 0);
    for (int i = 0; i < COUNT; i++) {
        taken[i] = nodes_take(pool);
        assert_non_null(taken[i]);
        memset(taken[i]->bytes, i, sizeof(*taken[i]->bytes));
        taken[i]->block = (uint64_t)i;
    }
    for (int i = 0; i < COUNT; i++) {
        unsigned char *bytes = (unsigned char *)taken[i]->bytes;
        assert_int_equal(bytes[0], i % 256);
        assert_int_equal(bytes[PMA_PAGE_SIZE - 1], i % 256);
        assert_int_equal(taken[i]->block, i);
    }
    nodes_free(pool);
}

static void a_node_that_was_given_back_comes_again_as_zeros(void **state)
{
    struct nodes *pool;
    assert_int_equal(nodes_new(&pool), 0);
    assert_int_equal(nodes_reserve(pool, 1), 0);
    struct node *node;
    unsigned given = 0;
    while (given < 3) {
        node = nodes_take(pool);
        assert_non_null(node);
        for (size_t i = 0; i < PMA_PAGE_SIZE; i++)
            assert_int_equal(((unsigned char *)node->bytes)[i], 0);
        assert_false(node->dirty);
        assert_int_equal(node->block, 0);
        assert_null(node->children[0]);
        assert_null(node->children[FORMAT_SUMS_INNER - 1]);
        memset(node->bytes, 0xff, sizeof(*node->bytes));
        memset(node->children, 0xff, sizeof(node->children));
        node->dirty = true;
        node->block = 7;
        nodes_give(pool, node);
        given++;
    }
    nodes_free(pool);
}

static void the_bytes_of_a_node_are_aligned_to_a_block(void **state)
{
    struct nodes *pool;
    assert_int_equal(nodes_new(&pool), 0);
    assert_int_equal(nodes_reserve(pool, 2), 0);
    assert_int_equal((uintptr_t)nodes_take(pool)->bytes % PMA_PAGE_SIZE, 0);
    assert_int_equal((uintptr_t)nodes_take(pool)->bytes % PMA_PAGE_SIZE, 0);
    nodes_free(pool);
}

static void no_memory_is_an_error_of_the_reservation_and_what_was_there_stays(void **state)
{
    struct nodes *pool;
    assert_int_equal(nodes_new(&pool), 0);
    assert_int_equal(nodes_reserve(pool, 1), 0);
    pma_fault_gate(1);
    assert_int_equal(fiu_enable("pma/dir/memory", 1, NULL, 0), 0);
    assert_int_equal(nodes_reserve(pool, 100000), -ENOMEM);
    assert_int_equal(nodes_reserve(pool, 1), 0);
    assert_non_null(nodes_take(pool));
    assert_int_equal(fiu_disable("pma/dir/memory"), 0);
    pma_fault_gate(0);
    nodes_free(pool);
}

static void freeing_no_pool_is_fine(void **state)
{
    nodes_free(NULL);
}

static int start_faults(void **state)
{
    return fiu_init(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_reserved_can_be_taken_and_no_node_is_handed_out_twice),
        cmocka_unit_test(a_node_that_was_given_back_comes_again_as_zeros),
        cmocka_unit_test(the_bytes_of_a_node_are_aligned_to_a_block),
        cmocka_unit_test(no_memory_is_an_error_of_the_reservation_and_what_was_there_stays),
        cmocka_unit_test(freeing_no_pool_is_fine),
    };
    return cmocka_run_group_tests(tests, start_faults, NULL);
}

# SPDX-License-Identifier: MIT
# What the arena does with memory: the tests of its calls once more with lazy copying.
foreach(subject full_disk handler life model move)
    add_test(NAME unit/arena_${subject}-lazy COMMAND test_arena_${subject})
    set_tests_properties(unit/arena_${subject}-lazy PROPERTIES LABELS unit TIMEOUT 120 SKIP_RETURN_CODE 77
                         ENVIRONMENT PMA_TEST_COPYING=lazy)
endforeach()
add_test(NAME fault/arena_failures-lazy COMMAND test_arena_failures)
add_test(NAME fault/arena_sweep-lazy COMMAND test_arena_sweep)
add_test(NAME long/arena_sweep-lazy COMMAND test_arena_sweep)
set_tests_properties(long/arena_sweep-lazy PROPERTIES LABELS long TIMEOUT 7200
                     ENVIRONMENT "PMA_TEST_COPYING=lazy;PMA_TEST_EACH_HIT=1;TMPDIR=/dev/shm")
set_tests_properties(fault/arena_failures-lazy fault/arena_sweep-lazy PROPERTIES LABELS fault TIMEOUT 300
                     ENVIRONMENT "PMA_TEST_COPYING=lazy;TMPDIR=/dev/shm")

pmacrash_test(NAME arena_lazy LABEL unit SOURCES unit/arena_lazy.c LIBRARIES pma_arena_support)

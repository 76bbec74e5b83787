# SPDX-License-Identifier: MIT
# What moves and stacks make a device write, or not. Root only; elsewhere the tests are skipped.
add_library(loop_ext4_support STATIC support/loop_ext4.c support/loop_device.c support/run_program.c)
target_include_directories(loop_ext4_support PUBLIC support)

pmacrash_test(NAME moves_on_ext4 LABEL integration SOURCES integration/moves_on_ext4.c
              LIBRARIES pma_arena_support loop_ext4_support)
pmacrash_test(NAME stack_on_ext4 LABEL integration SOURCES integration/stack_on_ext4.c
              LIBRARIES pma_arena_support loop_ext4_support)

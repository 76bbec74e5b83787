# SPDX-License-Identifier: MIT
# Growth, shrinking, copies and rejoined extents.
foreach(subject copy defragment shrink)
    pmacrash_test(NAME arena_${subject} LABEL unit SOURCES unit/arena_${subject}.c
                  LIBRARIES pma_arena_support)
endforeach()

add_test(NAME cli/pma_space COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli/pma_space.sh $<TARGET_FILE:pma_tool>
                                    $<TARGET_FILE:arena_image_tool>)
set_tests_properties(cli/pma_space PROPERTIES LABELS cli TIMEOUT 60)

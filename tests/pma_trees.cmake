# SPDX-License-Identifier: MIT
# The lower layers of the arena: bytes on disk, node memory, the two trees, free blocks.
add_library(pma_trees_support STATIC support/directory_model.c support/fake_store.c
            support/nodes_watch.c)
target_include_directories(pma_trees_support PUBLIC support ${PROJECT_SOURCE_DIR}/pma/src)
target_link_libraries(pma_trees_support PUBLIC pma_fault PRIVATE PkgConfig::CMOCKA)
target_link_options(pma_trees_support INTERFACE
                    LINKER:--wrap=nodes_reserve,--wrap=nodes_take,--wrap=nodes_give)

foreach(subject blocks directory directory_damage directory_model format sums)
    pmacrash_test(NAME pma_${subject} LABEL unit SOURCES unit/pma_${subject}.c
                  LIBRARIES pma_trees_support)
endforeach()

# Without the watch in front of it.
pmacrash_test(NAME pma_nodes LABEL unit SOURCES unit/pma_nodes.c
              LIBRARIES pma_fault PkgConfig::FIU)
target_include_directories(test_pma_nodes PRIVATE ${PROJECT_SOURCE_DIR}/pma/src)

# SPDX-License-Identifier: MIT
# The upper half of libfaultsim: models, images, the decision tree, the explorer.
foreach(test explore_limit explore_model explore_tears explore_points explore_tree explore_minimize explore_shared)
    pmacrash_test(NAME ${test} LABEL unit
                  SOURCES unit/${test}.c support/hand_trace.c LIBRARIES faultsim)
    target_include_directories(test_${test} PRIVATE support ${PROJECT_SOURCE_DIR}/faultsim/src)
endforeach()
foreach(test explore_image explore_parked)
    pmacrash_test(NAME ${test} LABEL unit
                  SOURCES unit/${test}.c support/shown_image.c support/hand_trace.c LIBRARIES faultsim)
    target_include_directories(test_${test} PRIVATE support ${PROJECT_SOURCE_DIR}/faultsim/src)
endforeach()
foreach(test explore_fates explore_stores explore_verdicts explore_workers explore_replay)
    pmacrash_test(NAME ${test} LABEL integration
                  SOURCES integration/${test}.c support/tiny_stores.c LIBRARIES faultsim)
    target_include_directories(test_${test} PRIVATE support ${PROJECT_SOURCE_DIR}/faultsim/src)
endforeach()
foreach(test explore_nested explore_reduce)
    pmacrash_test(NAME ${test} LABEL integration
                  SOURCES integration/${test}.c support/tiny_journal.c support/tiny_stores.c
                  LIBRARIES faultsim)
    target_include_directories(test_${test} PRIVATE support)
endforeach()
foreach(test explore_example explore_in_memory explore_media explore_streams explore_truncated explore_unseen
             explore_ways)
    pmacrash_test(NAME ${test} LABEL integration
                  SOURCES integration/${test}.c LIBRARIES faultsim)
endforeach()
pmacrash_test(NAME explore_kill LABEL integration
              SOURCES integration/explore_kill.c LIBRARIES faultsim PkgConfig::FIU)
if(PMACRASH_STORES)
    pmacrash_test(NAME explore_grain LABEL integration SOURCES integration/explore_grain.c LIBRARIES faultsim)
    see_stores(test_explore_grain)
endif()
pmacrash_test(NAME explore_lmdb LABEL integration
              SOURCES integration/explore_lmdb.c LIBRARIES faultsim)
pkg_check_modules(LMDB QUIET IMPORTED_TARGET lmdb)
if(LMDB_FOUND)
    target_sources(test_explore_lmdb PRIVATE ${PROJECT_SOURCE_DIR}/examples/stores/lmdb.c)
    target_compile_definitions(test_explore_lmdb PRIVATE HAVE_LMDB)
    target_link_libraries(test_explore_lmdb PRIVATE PkgConfig::LMDB)
endif()

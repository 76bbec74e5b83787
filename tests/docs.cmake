# SPDX-License-Identifier: MIT
# Documents that are to be copied into a shell are, in a copy of the sources, which they build.
add_test(NAME docs/followed
         COMMAND ${CMAKE_CURRENT_LIST_DIR}/docs/follow.sh ${PROJECT_SOURCE_DIR} docs/how-to.md docs/tutorial.md)
set_tests_properties(docs/followed PROPERTIES LABELS docs TIMEOUT 900)

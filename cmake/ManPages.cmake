# SPDX-License-Identifier: MIT
include_guard(GLOBAL)
find_program(SCDOC scdoc)

# pmacrash_man_page(NAME.SECTION) makes the page from docs/man/NAME.SECTION.scd and installs it. Without scdoc there
# is no page, and everything else is built all the same.
function(pmacrash_man_page page)
    if(NOT SCDOC)
        return()
    endif()
    set(source ${PROJECT_SOURCE_DIR}/docs/man/${page}.scd)
    set(output ${PROJECT_BINARY_DIR}/man/${page})
    string(REGEX REPLACE ".*\\." "" section ${page})
    add_custom_command(OUTPUT ${output} COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/man
                       COMMAND sh -c "\"$0\" < \"$1\" > \"$2\"" ${SCDOC} ${source} ${output}
                       DEPENDS ${source} VERBATIM)
    add_custom_target(man_${page} ALL DEPENDS ${output})
    install(FILES ${output} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endfunction()

# SPDX-License-Identifier: MIT
include_guard(GLOBAL)
find_program(SCDOC scdoc)

# pmacrash_man_page(NAME.SECTION [COMPONENT component]) makes the page from docs/man/NAME.SECTION.scd, with the version at
# its foot, and installs it. Without scdoc there is no page, and everything else is built all the same.
function(pmacrash_man_page page)
    cmake_parse_arguments(PAGE "" COMPONENT "" ${ARGN})
    if(NOT PAGE_COMPONENT)
        set(PAGE_COMPONENT ${CMAKE_INSTALL_DEFAULT_COMPONENT_NAME})
    endif()
    if(NOT SCDOC)
        return()
    endif()
    set(source ${PROJECT_SOURCE_DIR}/docs/man/${page}.scd)
    set(output ${PROJECT_BINARY_DIR}/man/${page})
    string(REGEX REPLACE ".*\\." "" section ${page})
    add_custom_command(OUTPUT ${output} COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/man
                       COMMAND sh -c "sed \"1s/$/ \\\"$3\\\"/\" \"$1\" | \"$0\" > \"$2\""
                               ${SCDOC} ${source} ${output} "${PROJECT_NAME} ${PROJECT_VERSION}"
                       DEPENDS ${source} VERBATIM)
    add_custom_target(man_${page} ALL DEPENDS ${output})
    install(FILES ${output} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section}
            COMPONENT ${PAGE_COMPONENT})
endfunction()

# SPDX-License-Identifier: MIT
include_guard(GLOBAL)
find_program(SCDOC scdoc)

# pmacrash_man_pages(PROGRAM target [COMPONENT component]) makes the page of a program, docs/man/PROGRAM.1.scd, and one for
# each of its commands, docs/man/PROGRAM-COMMAND.1.scd, with the version at their feet, and installs them. What --help says
# comes from there (cmake/man-page), the rest from the source. Without scdoc there is no page, and everything else is built
# all the same.
function(pmacrash_man_pages program target)
    cmake_parse_arguments(PAGE "" COMPONENT "" ${ARGN})
    if(NOT PAGE_COMPONENT)
        set(PAGE_COMPONENT ${CMAKE_INSTALL_DEFAULT_COMPONENT_NAME})
    endif()
    if(NOT SCDOC)
        return()
    endif()
    set(directory ${PROJECT_BINARY_DIR}/man)
    set(fill ${PROJECT_SOURCE_DIR}/cmake/man-page)
    set(make "\"$1\" \"$2\" $3 <\"$4\" >\"$6.scd\" && sed \"1s/$/ \\\"$5\\\"/\" \"$6.scd\" | \"$0\" >\"$6\"")
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/man/${program}.1.scd
                                        ${PROJECT_SOURCE_DIR}/docs/man/${program}-*.1.scd)
    foreach(source ${sources})
        cmake_path(GET source STEM LAST_ONLY page)
        cmake_path(GET page STEM name)
        string(REGEX REPLACE "^${program}-?" "" command ${name})
        add_custom_command(
            OUTPUT ${directory}/${page}
            COMMAND ${CMAKE_COMMAND} -E make_directory ${directory}
            COMMAND sh -ec "${make}" ${SCDOC} ${fill} $<TARGET_FILE:${target}> "${command}" ${source}
                    "${PROJECT_NAME} ${PROJECT_VERSION}" ${directory}/${page}
            DEPENDS ${source} ${fill} ${target} VERBATIM)
        list(APPEND pages ${directory}/${page})
    endforeach()
    add_custom_target(man_${program} ALL DEPENDS ${pages})
    install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT ${PAGE_COMPONENT})
endfunction()

# SPDX-License-Identifier: MIT
# CPack runs this where the components are laid out, before packages are made of them. It adds what Debian wants in each
# package: copyright, changelog, reasons for what lintian finds, and no manual page that is not compressed.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
    return()
endif()

find_program(GZIP gzip REQUIRED)
find_program(STRIP strip REQUIRED)

function(compress)
    foreach(file ${ARGN})
        execute_process(COMMAND ${GZIP} -9n ${file} COMMAND_ERROR_IS_FATAL ANY)
    endforeach()
endfunction()

# The newest release of CHANGELOG.md, each of its points as Debian writes them.
function(write_changelog file package)
    file(STRINGS ${CPACK_PMACRASH_SOURCE}/CHANGELOG.md lines)
    set(points "")
    set(releases 0)
    foreach(line IN LISTS lines)
        if(line MATCHES "^## ")
            math(EXPR releases "${releases} + 1")
        elseif(releases EQUAL 1 AND line MATCHES "^- (.*)")
            string(APPEND points "  * ${CMAKE_MATCH_1}\n")
        elseif(releases EQUAL 1 AND line MATCHES "^  ")
            string(APPEND points "  ${line}\n")
        endif()
    endforeach()
    file(TIMESTAMP ${CPACK_PMACRASH_SOURCE}/CHANGELOG.md date "%a, %d %b %Y %H:%M:%S +0000" UTC)
    file(WRITE ${file} "${package} (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium\n\n${points}\n -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
endfunction()

# What lintian may say, and why.
function(write_overrides file component)
    set(text "")
    if(CPACK_PACKAGE_CONTACT MATCHES "@localhost>")
        string(APPEND text "# No address is known here; configure with -DPMACRASH_CONTACT='NAME <ADDRESS>'.\n"
                           "bogus-mail-host *\nbogus-mail-host-in-debian-changelog *\n")
    endif()
    if(component STREQUAL "development")
        string(APPEND text "# Any build tree can be packaged, whatever prefix it was made for: all is in lib, and for one architecture.\n"
                           "pkg-config-unavailable-for-cross-compilation *\n")
    endif()
    if(text)
        file(WRITE ${file} "${text}")
    endif()
endfunction()

foreach(component IN LISTS CPACK_COMPONENTS_ALL)
    string(TOUPPER ${component} COMPONENT)
    set(package ${CPACK_DEBIAN_${COMPONENT}_PACKAGE_NAME})
    set(root ${CPACK_TEMPORARY_DIRECTORY}/${component}/usr)

    configure_file(${CPACK_PMACRASH_SOURCE}/LICENSE ${root}/share/doc/${package}/copyright COPYONLY)
    if(component STREQUAL "pmacrash" AND CPACK_PMACRASH_NOTICES)
        file(READ ${CPACK_PMACRASH_NOTICES} notices)
        file(APPEND ${root}/share/doc/${package}/copyright "\n-- Reports have d3 in them:\n\n${notices}")
    endif()
    write_changelog(${root}/share/doc/${package}/changelog ${package})
    write_overrides(${root}/share/lintian/overrides/${package} ${component})
    file(GLOB pages ${root}/share/man/man*/*.[1-9])
    compress(${pages} ${root}/share/doc/${package}/changelog)
    file(GLOB archives ${root}/lib/*.a)
    if(archives)
        execute_process(COMMAND ${STRIP} --strip-debug ${archives} COMMAND_ERROR_IS_FATAL ANY)
    endif()
endforeach()

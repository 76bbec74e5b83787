# SPDX-License-Identifier: MIT
# What `cmake --install` puts where: the libraries, their headers, a CMake package and a pkg-config file. All of them find
# each other from their own place, so an installed tree can be moved.
include(CMakePackageConfigHelpers)
foreach(directory BINDIR LIBDIR INCLUDEDIR)
    if(IS_ABSOLUTE "${CMAKE_INSTALL_${directory}}")
        message(FATAL_ERROR "CMAKE_INSTALL_${directory} must be relative to the prefix, not ${CMAKE_INSTALL_${directory}}: "
                            "what is installed finds its parts from its own place")
    endif()
endforeach()
set(PMA_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/pma)

install(TARGETS pma EXPORT pma-static FILE_SET HEADERS COMPONENT development
        ARCHIVE COMPONENT development)
install(TARGETS pma_shared EXPORT pma-shared FILE_SET HEADERS COMPONENT development
        LIBRARY COMPONENT runtime NAMELINK_COMPONENT development)
foreach(kind static shared)
    install(EXPORT pma-${kind} NAMESPACE pma:: FILE pma-${kind}-targets.cmake DESTINATION ${PMA_CMAKE_DIR}
            COMPONENT development)
endforeach()
install(TARGETS pma_tool RUNTIME COMPONENT tools)

write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/pma-config-version.cmake COMPATIBILITY SameMajorVersion)
install(FILES pma-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/pma-config-version.cmake DESTINATION ${PMA_CMAKE_DIR}
        COMPONENT development)

file(RELATIVE_PATH PMA_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" PMA_PC_PREFIX "${PMA_PC_PREFIX}")
configure_file(pma.pc.in ${CMAKE_CURRENT_BINARY_DIR}/pma.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/pma.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)

# SPDX-License-Identifier: MIT
# What `cmake --install` puts where: the library, its headers, a CMake package and a pkg-config file.
include(CMakePackageConfigHelpers)
set(PMA_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/pma)

install(TARGETS pma EXPORT pma-targets FILE_SET HEADERS)
install(EXPORT pma-targets NAMESPACE pma:: DESTINATION ${PMA_CMAKE_DIR})

# Beside a shared library the tool finds it from its own place.
file(RELATIVE_PATH PMA_BIN_TO_LIB /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBDIR})
set_target_properties(pma_tool PROPERTIES INSTALL_RPATH $ORIGIN/${PMA_BIN_TO_LIB})
install(TARGETS pma_tool)

configure_package_config_file(pma-config.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/pma-config.cmake
                              INSTALL_DESTINATION ${PMA_CMAKE_DIR})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/pma-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/pma-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/pma-config-version.cmake
        DESTINATION ${PMA_CMAKE_DIR})

# The .pc file finds its prefix from its own place, so that an installed tree can be moved.
file(RELATIVE_PATH PMA_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" PMA_PC_PREFIX "${PMA_PC_PREFIX}")
# A program that links the archive must name what the archive needs.
get_target_property(PMA_TYPE pma TYPE)
if(PMA_TYPE STREQUAL "STATIC_LIBRARY")
  set(PMA_PC_REQUIRES Requires)
else()
  set(PMA_PC_REQUIRES Requires.private)
endif()
configure_file(pma.pc.in ${CMAKE_CURRENT_BINARY_DIR}/pma.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/pma.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

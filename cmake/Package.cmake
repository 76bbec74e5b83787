# SPDX-License-Identifier: MIT
# `cpack` makes Debian packages of what is installed, one of each component, and `cpack --config CPackSourceConfig.cmake` a
# tarball of the sources. scripts/package does both.
set(PMACRASH_CONTACT "the pmacrash authors <pmacrash@localhost>" CACHE STRING "Who maintains the Debian packages that cpack makes")
set(CPACK_PACKAGE_CONTACT ${PMACRASH_CONTACT})
set(CPACK_PACKAGE_VENDOR "the pmacrash authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # CPack would put it in front of each description
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)

set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL runtime development tools pmacrash)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/DebianFiles.cmake)
set(CPACK_PMACRASH_SOURCE ${PROJECT_SOURCE_DIR})
# The page of a report has d3 in it; its licence wants its notice to go along.
if(D3_FILE)
    set(CPACK_PMACRASH_NOTICES /usr/share/doc/node-d3/copyright)
endif()

# The linker's cache is renewed by a trigger, as Debian wants it. For any package with a shared object CPack writes scripts that
# do it, too, unless it is given some; that there are none costs a warning each.
set(control ${PROJECT_BINARY_DIR}/debian)
set(no_scripts ${control}/none/postinst ${control}/none/postrm)
set(library libpma${PROJECT_VERSION_MAJOR})
file(WRITE ${control}/shlibs "libpma ${PROJECT_VERSION_MAJOR} ${library} (>= ${PROJECT_VERSION})\n")
file(WRITE ${control}/triggers "activate-noawait ldconfig\n")
file(CHMOD ${control}/shlibs ${control}/triggers PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME ${library})
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA ${control}/shlibs ${control}/triggers ${no_scripts})
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION "persistent memory arena, shared library
libpma keeps a file behind a range of memory that programs read and write as
plain memory. Pages that are about to change are first copied to fresh blocks
of the file, and a snapshot makes all of them durable at once: after a power
cut the arena is as it was at the last snapshot.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libpma-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${library} (= ${PROJECT_VERSION}), libxxhash-dev")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS "pma-tools, pmacrash")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "persistent memory arena, headers and archive
libpma keeps a file behind a range of memory that programs read and write as
plain memory, and makes it durable by snapshots.

This package has what programs are built with: the headers, the archive, and
what CMake and pkg-config need to find them.")

set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME pma-tools)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_TOOLS_DESCRIPTION "look into files of persistent memory arenas, check and copy them
The command pma shows the state of an arena's file, checks all of it without
the library's own code, copies a snapshot while others write, and makes files
shorter.")

set(CPACK_DEBIAN_PMACRASH_PACKAGE_NAME pmacrash)
set(CPACK_DEBIAN_PMACRASH_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PMACRASH_PACKAGE_SUGGESTS "libpma-dev, gdb")
set(CPACK_DEBIAN_PMACRASH_PACKAGE_CONTROL_EXTRA ${no_scripts})
set(CPACK_DEBIAN_PMACRASH_DESCRIPTION "crash-consistency testing of memory arenas and other stores
pmacrash records what a store does to its files, builds every file content
that a power cut could leave under a stated model, recovers each of them, and
judges what came back. What it finds is small, can be replayed, and is kept in
an SQLite database.")

set(CPACK_SOURCE_GENERATOR TGZ)
set(CPACK_SOURCE_PACKAGE_FILE_NAME ${PROJECT_NAME}-${PROJECT_VERSION})
set(CPACK_SOURCE_IGNORE_FILES "^${PROJECT_SOURCE_DIR}/build/" "/[.]git(/|$)" "/pmacrash[.]db(-wal|-shm)?$")

include(CPack)

# SPDX-License-Identifier: MIT
# Everything that is not ours, found once. scripts/bootstrap installs what is missing.
find_package(PkgConfig REQUIRED)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(FIU REQUIRED IMPORTED_TARGET libfiu)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(CYAML REQUIRED IMPORTED_TARGET libcyaml)
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
if(BUILD_TESTING)
    pkg_check_modules(VTERM REQUIRED IMPORTED_TARGET vterm)
endif()

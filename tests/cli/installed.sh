#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is installed works by itself, wherever it was moved since: programs in C and C++ build with what CMake and pkg-config
# find there, each header compiles alone, pmacrash finds its suites and invariants, and nothing remembers the build tree.
# Arguments: the source tree, the build tree, the C and the C++ compiler.
set -euo pipefail
source=$1 build=$2 compiler=$3 compiler_cxx=$4
. "$source/tests/cli/consumers.bash"
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
fail() { echo "FAILED: $*" && exit 1; }
export CXXFLAGS=${CFLAGS:=}

# The same files arrive by DESTDIR and by a prefix. The installed tree is then moved.
cmake --install "$build" --prefix "$directory/installed" --strip >/dev/null
DESTDIR=$directory/stage cmake --install "$build" --prefix /usr >/dev/null
diff <(cd installed && find . | sort) <(cd stage/usr && find . | sort)
rm -rf stage
mkdir somewhere
mv installed somewhere/else
prefix=$directory/somewhere/else libraries=$(dirname "$(find "$PWD" -name libpma.so)")
strip --strip-debug "$libraries/libpma.a"

# A sanitizer's runtime is told the names of sources.
if [[ $CFLAGS != *-fsanitize=* ]]; then
    found=$(grep -rlF -e "$source" -e "$build" -e "$directory/installed" "$prefix") && fail "the build remains in $found"
fi

headers=$(cd "$prefix/include" && find . -name '*.h' | sed 's,^\./,,')
[[ $headers == *pma/version.h* && $headers != *fault_points* ]] || fail "installed headers: $headers"
for header in $headers; do
    "$compiler" -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$prefix/include" -x c - <<<"#include <$header>"
    "$compiler_cxx" -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$prefix/include" -x c++ - <<<"#include <$header>"
done

# pkg-config: the shared library, then the archive.
consumers_write .
export PKG_CONFIG_PATH=$libraries/pkgconfig LD_LIBRARY_PATH=$libraries
[ "$(pkg-config --variable=libdir pma | xargs realpath)" = "$(realpath "$libraries")" ]
read -ra flags <<<"$(pkg-config --cflags --libs pma) $CFLAGS"
"$compiler" -std=c11 program.c -o c "${flags[@]}"
"$compiler_cxx" -std=c++17 program.cc -o cxx "${flags[@]}"
grep -qF "libpma.so.0 => $libraries/" <<<"$(ldd c)" || fail 'a program built with pkg-config does not use the shared library'
read -ra flags <<<"$(pkg-config --static --cflags --libs pma | sed 's/-lpma/-l:libpma.a/') $CFLAGS"
"$compiler" -std=c11 program.c -o c_archive "${flags[@]}"
consumers_run ./c ./cxx ./c_archive

# CMake: both, side by side. Another major version, or a later one, is refused.
find_pma() { cmake -S . -B cmake -G Ninja -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$compiler" -DCMAKE_CXX_COMPILER="$compiler_cxx" "$@"; }
IFS=. read -r major minor patch < <(pkg-config --modversion pma)
find_pma -DWANTED="$major.$minor.$patch" >/dev/null
cmake --build cmake -- --quiet
(unset LD_LIBRARY_PATH && consumers_run cmake/{c,cxx}_{shared,static})
grep -q libpma <<<"$(ldd cmake/c_static)" && fail 'what is linked with pma::static needs libpma.so'
for wanted in $major.$((minor + 1)) $((major + 1)); do
    find_pma -DWANTED="$wanted" >cmake.out 2>&1 && fail "find_package takes $major.$minor.$patch where $wanted was asked for"
done

# pma::pma is what is asked for first, and the shared library for those who do not care.
asked() {
    printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(asked C)' "$1" 'if(pma_FOUND)' \
        'get_target_property(real pma::pma INTERFACE_LINK_LIBRARIES)' 'endif()' 'message("got: ${real} ${pma_NOT_FOUND_MESSAGE}")' >CMakeLists.txt
    find_pma 2>&1 | sed -n 's/^got: //p'
}
[ "$(asked 'find_package(pma)')" = 'pma::shared ' ]
[ "$(asked 'set(BUILD_SHARED_LIBS OFF)
find_package(pma)')" = 'pma::static ' ]
[ "$(asked 'find_package(pma COMPONENTS static shared)')" = 'pma::static ' ]
[ "$(asked 'find_package(pma OPTIONAL_COMPONENTS both COMPONENTS shared)')" = 'pma::shared pma has no component both, only shared and static' ]
[ "$(asked 'find_package(pma COMPONENTS both)')" = ' pma has no component both, only shared and static' ]

export PATH=$prefix/bin:$PATH
pma check --quiet consumer.pma
# The shells find what completes both programs.
for shared in bash-completion/completions/pma{,crash} zsh/site-functions/_pma{,crash}; do
    [ -f "$prefix/share/$shared" ] || fail "share/$shared is not installed"
done

unset PMACRASH_DATA PMACRASH_DB
pmacrash list invariants --json | jq -e 'length > 0' >/dev/null
pmacrash run create --quiet | grep -q '^  pmacrash query coverage$'
pmacrash query summary --json | jq -e '.[0].scenario == "create"' >/dev/null
pmacrash query "SELECT file FROM v_scenario" --csv | grep -q "^$prefix/share/pmacrash/suites/"
pmacrash run create --grain store --quiet >/dev/null

# Somebody else's store, with the headers and the recorder that are installed.
if pkg-config --exists lmdb; then
    "$compiler" -shared -fPIC -I"$prefix/include" "$source/examples/stores/lmdb.c" -o lmdb.so -llmdb
    "$compiler" -rdynamic -I"$prefix/include" "$source/examples/stores/play.c" -o play
    mkdir database
    ./play setup database ./lmdb.so
    FSIM_DIRECTORY=$PWD/database FSIM_TRACE=database.trace LD_PRELOAD=$libraries/pmacrash/faultsim_preload.so ./play record database ./lmdb.so
    pmacrash store --trace database.trace ./lmdb.so >/dev/null
fi

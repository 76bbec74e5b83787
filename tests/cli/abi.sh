#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The binary interface is the committed one; a function that is gone, a struct that is laid out otherwise and an error of another
# number would be told.
# Arguments: the source tree, the build tree.
set -euo pipefail
source=$1 build=$2
"$source/scripts/abi" --build "$build"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
broken() { # TEXT ARGUMENT...
    local code=0 text=$1
    "$source/scripts/abi" "${@:2}" >"$scratch/out" || code=$?
    grep -q "$text" "$scratch/out" && grep -q 'scripts/abi --update' "$scratch/out" && [ $code = 1 ] ||
        { cat "$scratch/out" && echo "not told, exit code $code: $text" && exit 1; }
}

mkdir "$scratch/pma"
ln -s "$build/pma/include" "$scratch/pma/include"
sed '/^    pma_snapshot;/d' "$source/pma/libpma.map" >"$scratch/map"
gcc -shared -Wl,-soname,libpma.so.0 -Wl,--whole-archive "$build/pma/libpma.a" -Wl,--no-whole-archive -Wl,--version-script="$scratch/map" \
    ${CFLAGS:-} -o "$scratch/pma/libpma.so"
broken '\[D\].*pma_snapshot' --build "$scratch"

mkdir "$scratch/other"
cp "$source"/pma/libpma.constants "$scratch/other"
sed "/name='pma_options'/s/size-in-bits='[0-9]*'/size-in-bits='64'/" "$source/pma/libpma.abi" >"$scratch/other/libpma.abi"
broken "'struct pma_options'" --build "$build" --reference "$scratch/other"

cp "$source"/pma/libpma.abi "$scratch/other"
sed 's/^PMA_EBUSY -10005$/PMA_EBUSY -10006/' "$source/pma/libpma.constants" >"$scratch/other/libpma.constants"
broken '> PMA_EBUSY -10005' --build "$build" --reference "$scratch/other"

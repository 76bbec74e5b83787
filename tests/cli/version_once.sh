#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The version stands in CMakeLists.txt, and everything that states one has it from there.
# Arguments: the source tree, the build tree, the pma and the pmacrash command, the shared library.
set -euo pipefail
source=$1 build=$2 pma=$3 pmacrash=$4 library=$5
version=$(sed -nE 's/^project\(.* VERSION ([0-9]+\.[0-9]+\.[0-9]+).*/\1/p' "$source/CMakeLists.txt")
[ -n "$version" ]
is() { # WHAT FOUND
    [[ $2 == *"$version"* ]] || { echo "$1 says '$2', not $version" && exit 1; }
}
is 'pma --version' "$("$pma" --version)"
is 'pmacrash --version' "$("$pmacrash" --version)"
is 'pma/version.h' "$(grep 'define PMA_VERSION ' "$build/pma/include/pma/version.h")"
is 'libpma.so' "$(readlink -f "$library")"
is 'pma.pc' "$(grep ^Version: "$build/pma/pma.pc")"
is 'find_package' "$(grep 'set(PACKAGE_VERSION ' "$build/pma/pma-config-version.cmake")"
for page in "$build"/man/*.[1-9]; do
    [ ! -e "$page" ] || is "$page" "$(grep '^\.TH' "$page")"
done

# The history names releases, and golden databases the version that wrote them.
elsewhere=$(cd "$source" && grep -rnIF --exclude-dir={build,.git,golden} --exclude=CHANGELOG.md -e "$version" . | grep -v '^./CMakeLists.txt:' || true)
[ -z "$elsewhere" ] || { echo "the version stands elsewhere, too:"$'\n'"$elsewhere" && exit 1; }

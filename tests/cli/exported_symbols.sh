#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# libpma.so exports the functions that the public headers declare, no more and no less, each under a version; and the check
# can fail: both ways, on a library that was linked with another list.
# Arguments: the source tree, the build tree, the shared library, the archive.
set -euo pipefail
source=$1 build=$2 library=$3 archive=$4
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

headers=("$build/pma/include/pma/version.h")
for header in "$source"/pma/include/pma/*.h; do
    [[ $header == */fault_points.h ]] || headers+=("$header") # not installed
done
printf '#include "%s"\n' "${headers[@]}" >all.c
gcc -I"$source/pma/include" -aux-info all.txt -fsyntax-only all.c
sed -nE 's,^/\* [^ ]*/include/pma/[^ ]* \*/ extern [^(]*\b(pma_[a-z0-9_]+) \(.*,\1,p' all.txt | sort -u >declared
[ "$(wc -l <declared)" -gt 50 ] || { echo 'no declarations found in the headers' && exit 1; }

exported() { nm -D --defined-only "$1" | awk '$2 != "A" { print $3 }' | sort; }
differences() { comm -3 <(exported "$1" | sed 's/@@PMA_[0-9.]*$//' | sort) declared | sed 's/^\t/declared only: /; t; s/^/exported only: /'; }

found=$(differences "$library")
[ -z "$found" ] || { echo "pma/libpma.map and the headers disagree:"$'\n'"$found" && exit 1; }
major=$(sed -n 's/^#define PMA_VERSION_MAJOR //p' "$build/pma/include/pma/version.h")
grep -qF "soname: [libpma.so.$major]" <<<"$(readelf -d "$library")" || { echo "the soname is not libpma.so.$major" && exit 1; }

# One function fewer, and one of which no header knows.
sed 's/^    pma_snapshot;/    pma_secret;/' "$source/pma/libpma.map" >other.map
echo 'void pma_secret(void) {}' >other.c
gcc -shared other.c -Wl,--whole-archive "$archive" -Wl,--no-whole-archive -Wl,--version-script=other.map ${CFLAGS:-} -o other.so
diff <(differences other.so) - <<'END'
exported only: pma_secret
declared only: pma_snapshot
END

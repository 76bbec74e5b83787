#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Does what documents say, to the letter, in a copy of the sources: for documents whose blocks are there to be copied.
#
# The blocks marked `sh` run in one shell, as they stand. A line that ends in `# exits N` must end with that code, everything
# else with 0. The lines of a block marked `text` stand in what the `sh` block before it printed, in that order, perhaps as parts
# of lines; blanks count as one.
#
#     follow.sh SOURCE DOCUMENT...        documents are paths below SOURCE
set -euo pipefail
source=$1
shift
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The document as a script: a function call around each block.
script_of() { # DOCUMENT
    awk -v document="$1" '
        /^```(sh|text)$/ {kind = substr($0, 4); printf "at=%s:%d\n", document, NR; print kind == "sh" ? "{" : "printed <<\"END OF TEXT\""; next}
        /^```$/ {if (kind == "sh") print "} >\"$out\" 2>&1"; if (kind == "text") print "END OF TEXT"; kind = ""; next}
        kind == "sh" && match($0, /# exits [0-9]+/) {printf "code=0; %s || code=$?; [ $code = %d ]\n", substr($0, 1, RSTART - 1), substr($0, RSTART + 8); next}
        kind != "" {print}' "$source/$1"
}

# Whether the last block printed the lines of stdin, in their order.
printed() {
    local wanted
    while read -r wanted; do
        wanted=$(tr -s ' ' <<<"$wanted")
        tr -s ' ' <"$out" | grep -qF -- "$wanted" || { echo "not printed: $wanted" && return 1; }
        tr -s ' ' <"$out" | awk -v wanted="$wanted" 'found; index($0, wanted) {found = 1}' >"$out.rest"
        mv "$out.rest" "$out"
    done
}

stopped() { # CODE
    [ "$1" = 0 ] || { echo "$at: stopped with $1 after:" && tail -n 30 "$out"; }
}

copy=$scratch/copy
mkdir "$copy"
(cd "$source" && git ls-files -z --cached --others --exclude-standard | tar --null -T - -cf -) | tar -xf - -C "$copy"
cd "$copy"
# What a document changes it may take back with git.
git init -q && git add -A && git -c user.name=reader -c user.email=reader@localhost commit -qm 'as it was'

for document; do
    script_of "$document" >"$scratch/script"
    [ -s "$scratch/script" ] || { echo "$document: no block to follow" && exit 1; }
    (
        out=$scratch/out at=$document
        trap 'stopped $?' EXIT
        # shellcheck disable=SC1091
        source "$scratch/script"
    )
    git checkout -q . && git clean -fdq
    echo "$document: followed to its end"
done

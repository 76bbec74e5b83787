#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every link of a document leads to a file that there is, and to a heading in it.
set -euo pipefail
cd "$1"
code=0

# What a heading is called in a link: in lower case, nothing but letters, digits, - and _, blanks as -.
anchors() { # FILE
    # shellcheck disable=SC2016
    sed -n '/^```/,/^```/d; s/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

while IFS=$'\t' read -r document target; do
    file=${target%%#*} anchor=''
    [[ $target == *#* ]] && anchor=${target#*#}
    path=$document
    [ -z "$file" ] || path=$(dirname "$document")/$file
    if [ ! -e "$path" ]; then
        echo "$document: no file $file"
        code=1
    elif [ -n "$anchor" ] && ! anchors "$path" | grep -qxF -- "$anchor"; then
        echo "$document: no heading #$anchor in $path"
        code=1
    fi
done < <(git ls-files -z --cached --others --exclude-standard '*.md' |
    xargs -0 grep -oHE '\]\([^)]+\)' | sed -E 's/:\]\((.*)\)$/\t\1/' | grep -vE $'\t(https?|mailto):')
exit $code

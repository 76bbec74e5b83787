#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every command has a manual page, with examples, which names the same options as its --help; mandoc and man have nothing to say.
# Arguments: the pages, their sources, and the programs that they are about.
set -euo pipefail
pages=$1 sources=$2
shift 2

fail() {
    echo "FAILED: $*"
    exit 1
}

text() { # PAGE: what a reader sees
    mandoc -Tascii -Owidth=80 "$1" | sed 's/.\x08//g'
}

# The names of options that a list of options has; in a help and in a page they are indented, and begin their line.
listed() {
    grep -oE '^ +(-[a-z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+' | sort
}

help_options() { "$1" "$2" --help | listed; }
page_options() { text "$1" | sed -n '/^OPTIONS/,/^[A-Z]/p' | listed; }

same_options() { # PROGRAM COMMAND PAGE
    diff <(help_options "$1" "$2") <(page_options "$3")
}

all_options=
for program in "$@"; do
    name=$(basename "$program")
    commands=$("$program" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
    [ "$name" = pmacrash ] || commands=${commands/help/}
    [ "$(wc -w <<<"$commands")" -ge 5 ] || fail "commands of $name are missing"
    for command in $commands; do
        page=$pages/$name-$command.1
        [ -f "$sources/$name-$command.1.scd" ] || fail "no docs/man/$name-$command.1.scd"
        [ -f "$page" ] || fail "no page $page"
        same_options "$program" "$command" "$page" || fail "$name-$command(1) and --help name other options"
        "$program" "$command" --help | sed -n '/^Examples:/,$p' | grep -q "^  $name $command" || fail "$command has no example"
        text "$page" | sed -n '/^EXAMPLES/,/^[A-Z]/p' | grep -q "^ *$name $command" || fail "$name-$command(1) has no example"
        all_options+=" $(help_options "$program" "$command")"
    done
    for page in "$pages/$name".1 "$pages/$name"-*.1; do
        command=$(basename "$page" .1)
        command=${command#"$name"}
        command=${command#-}
        [ -z "$command" ] || grep -qw "$command" <<<"$commands" || fail "$page is about a command that $name does not have"
        findings=$(mandoc -Tlint -Werror "$page" 2>&1) || fail "mandoc: $findings"
        if command -v man >/dev/null; then
            findings=$(man --warnings -l "$page" 2>&1 >/dev/null) || true
            [ -z "$findings" ] || fail "man: $findings"
        fi
        ! grep -q '@[a-z]*@' "$page.scd" || fail "$page: something was not filled in"
        [ -z "$(text "$page" | awk 'length > 80')" ] || fail "$page is wider than 80 columns"
    done
done

# What the prose names exists.
for page in "$pages"/*.1; do
    for option in $(text "$page" | grep -oE '(^|[ ("])--[a-z]+(-[a-z]+)*' | grep -oE -- '--.*' | sort -u); do
        [ "$option" = --version ] || grep -qwF -- "$option" <<<"$all_options" || fail "$page names $option, which does not exist"
    done
done

# The comparison can fail: an option that is taken out of a page is missed.
altered=$(mktemp)
trap 'rm -f "$altered"' EXIT
for program in "$@"; do
    name=$(basename "$program")
    command=$("$program" --help | sed -n '/^Commands:/{n;s/^  \([a-z]*\) .*/\1/p}')
    sed '/json/d' "$pages/$name-$command.1" >"$altered"
    ! same_options "$program" "$command" "$altered" >/dev/null || fail "a missing option of $name $command is not noticed"
done

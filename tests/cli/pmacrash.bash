# SPDX-License-Identifier: MIT
# For the tests of the pmacrash command: sourced with the program as $1. Works in a directory of its own, where `expect` leaves
# what the program said in the files out and err.
set -euo pipefail
pmacrash=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unset PMACRASH_DB PMACRASH_DATA GITHUB_ACTIONS GITHUB_STEP_SUMMARY GITHUB_WORKSPACE
export NO_COLOR=1

fail() {
    echo "FAILED: $*"
    [ ! -f out ] || sed 's/^/  out: /' out
    [ ! -f err ] || sed 's/^/  err: /' err
    exit 1
}

# expect CODE ARGUMENT...: pmacrash with these arguments ends with this exit code.
expect() {
    local code=$1 got=0
    shift
    "$pmacrash" "$@" >out 2>err || got=$?
    [ "$got" = "$code" ] || fail "pmacrash $*: exit code $got, not $code"
}

# refuses CODE TEXT ARGUMENT...: the same, nothing on stdout, and one line on stderr that holds the text.
refuses() {
    local code=$1 text=$2
    shift 2
    expect "$code" "$@"
    [ ! -s out ] || fail "pmacrash $*: an error, and yet something on stdout"
    [ "$(wc -l <err)" = 1 ] || fail "pmacrash $*: not one line on stderr"
    grep -q '^pmacrash: ' err || fail "pmacrash $*: the error does not say who speaks"
    grep -qF -- "$text" err || fail "pmacrash $*: the error does not say: $text"
}

# says TEXT [FILE]: the last output holds the text; words may be wrapped anywhere.
says() {
    tr -s ' \n' ' ' <"${2:-out}" | grep -qF -- "$1" || fail "not said: $1"
}

# The value of a SELECT with one row and one column.
value() {
    "$pmacrash" query --csv "$1" | tr -d '\r' | sed -n 2p
}

is() { # WANTED SELECT
    local got
    got=$(value "$2")
    [ "$got" = "$1" ] || fail "$2: $got, not $1"
}

json() { # FILTER WANTED: what jq makes of the last output
    local got
    got=$(jq -r "$1" <out) || fail "not JSON"
    [ "$got" = "$2" ] || fail "$1: $got, not $2"
}

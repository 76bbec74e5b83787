# SPDX-License-Identifier: MIT
# For the tests of the pma command: sourced with the command as $1 and the program that makes arena files as $2. Works in a
# directory of its own.
set -euo pipefail
pma=$1 make=$2
directory=$(mktemp -d)
trap 'chmod -R u+w "$directory"; rm -rf "$directory"' EXIT
cd "$directory"

# arenas KIND...: KIND.pma for each.
arenas() {
    local kind
    for kind; do "$make" "$kind" "$kind.pma"; done
}

fail() {
    echo "$*" >&2
    exit 1
}

# run STATUS COMMAND...: runs pma, keeps what it prints in ./out and ./err, and demands the exit status.
run() {
    local wanted=$1 status=0
    shift
    "$pma" "$@" >out 2>err </dev/null || status=$?
    [ "$status" = "$wanted" ] || fail "pma $*: exit status $status, not $wanted: $(cat out err)"
}
says() { grep -qF -- "$1" out || fail "the output does not say '$1': $(cat out)"; }
holds() { jq -e "$1" out >/dev/null || fail "not so in the JSON: $1: $(cat out)"; }

# refused STATUS MESSAGE COMMAND...: nothing but this one line comes out, on stderr.
refused() {
    local wanted=$1 message=$2
    shift 2
    run "$wanted" "$@"
    [ "$(cat err)" = "$message" ] || fail "pma $*: '$(cat err)' instead of '$message'"
    [ ! -s out ] || fail "pma $*: prints $(cat out)"
}

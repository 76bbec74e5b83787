# SPDX-License-Identifier: MIT
# Sourced after pmacrash.bash: a small set of scenarios for tests of the gate.

# Two scenarios of the repository; the second one creates its arena and hits what only that does.
small_suite() {
    cat <<'YAML'
scenarios:
  - name: pages
    description: Two snapshots of a few pages.
    arena: {reserved_pages: 64, initial_blocks: 16}
    steps:
      - alloc: {name: a, pages: 3}
      - write: {name: a}
      - snapshot: {}
      - write: {name: a, pages: 1, seed: 9}
      - snapshot: {}

  - name: made
    description: A new arena, and a page.
    create: recorded
    arena: {reserved_pages: 64, initial_blocks: 16}
    steps:
      - create: {}
      - alloc: {name: a, pages: 1}
      - write: {name: a}
      - snapshot: {}
YAML
}

# check CODE ARGUMENT...: the gate with small.yaml against baseline.txt ends with this exit code.
check() {
    local code=$1
    shift
    expect "$code" check --suites small.yaml --baseline baseline.txt --quiet "$@"
}

# worse SENTENCE COMMAND: the last output has this line of what is worse, and the command below it.
worse() {
    grep -A1 -F -- "$1" out | grep -A1 '^WORSE' | grep -qF -- "$2" || fail "not said to be worse: $1, or not: $2"
}

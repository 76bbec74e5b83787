#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is installed works by itself: a program builds with what pkg-config says, pmacrash finds its suites and invariants.
# Arguments: the build tree, the C compiler.
set -euo pipefail
build=$1 compiler=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
cmake --install "$build" --prefix "$directory/prefix" >/dev/null

cat >program.c <<'EOF'
#include <pma/pma.h>

int main(void)
{
    pma_t *arena;

    return pma_create("program.pma", NULL, &arena, NULL) || pma_close(arena);
}
EOF
export PKG_CONFIG_PATH=$(dirname "$(find prefix -name pma.pc)") PATH=$directory/prefix/bin:$PATH
# shellcheck disable=SC2046,SC2086
"$compiler" program.c -o program $(pkg-config --cflags --libs pma) ${CFLAGS:-}
LD_LIBRARY_PATH=$(dirname "$PKG_CONFIG_PATH") ./program
pma check --quiet program.pma

unset PMACRASH_DATA PMACRASH_DB
pmacrash list invariants --json | jq -e 'length > 0' >/dev/null
pmacrash run create --quiet | grep -q '^  pmacrash query coverage$'
pmacrash query summary --json | jq -e '.[0].scenario == "create"' >/dev/null
pmacrash query "SELECT file FROM v_scenario" --csv | grep -q "^$directory/prefix/"

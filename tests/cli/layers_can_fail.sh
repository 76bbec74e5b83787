#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Plants one broken include a rule in a copy of the tree, and demands that scripts/check-layers names it.
set -euo pipefail
source=$1
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir "$copy/docs"
cp -r "$source"/{pma,faultsim,results,scenarios} "$copy"
cp "$source/docs/architecture.md" "$copy/docs"
"$source/scripts/check-layers" "$copy"

plant() { # FILE LINE EXPECTED
    cp "$copy/$1" "$copy/kept"
    echo "$2" >>"$copy/$1"
    if output=$("$source/scripts/check-layers" "$copy"); then
        echo "not noticed: '$2' in $1"
        exit 1
    fi
    grep -qF "$3" <<<"$output" || { echo "'$2' in $1 gave: $output"; exit 1; }
    mv "$copy/kept" "$copy/$1"
}
plant pma/src/format.c '#include <results/results.h>' 'neither the framework nor the results'
plant pma/src/format.c '#include <sqlite3.h>' 'libc and xxHash only'
plant pma/src/format.c '#include <fiu.h>' 'through fault.h'
plant pma/src/format.c '#include "directory.h"' 'must not know layer'
plant scenarios/runner/output/json.c '#include "commandline/options.h"' 'must know lower ones only'
plant scenarios/runner/gate/gate.h '#include "campaign/campaign.h"' 'must know lower ones only'
plant pma/src/check.c '#include "blocks.h"' 'shares no code with the writers'
plant pma/src/format.c '    printf("x");' 'prints nothing'
plant faultsim/src/trace.c '#include <pma/pma.h>' 'not of arenas'
plant results/include/results/results.h '#include <faultsim/trace.h>' 'plain structs'
plant scenarios/src/suite.h '#include "format.h"' 'public headers only'
mkdir "$copy/scenarios/runner/another" && touch "$copy/scenarios/runner/another/one.c"
plant scenarios/runner/another/one.c '' 'runner/another: not in the layer table'

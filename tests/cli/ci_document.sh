#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docs/ci.md: its workflow is the one of the repository, its commands work in the order in which they stand, and fail when they
# should. A few scenarios stand for all, a second for each budget; what installs and builds does nothing.
. "$(dirname "$0")/pmacrash.bash"
. "$(dirname "$0")/gate.bash"
source=$2
python3 -c 'import yaml' 2>/dev/null || { echo "skipped: no yaml for python3 (Debian: python3-yaml)" && exit 77; }

# Block NUMBER of a language in the document.
block() { awk -v language="$1" -v wanted="$2" '$0 == "```" language {inside = ++count == wanted; next} $0 == "```" {inside = 0} inside' "$source/docs/ci.md"; }

block yaml 1 >github.yml
diff github.yml "$source/.github/workflows/pmacrash.yml" || fail "docs/ci.md and the workflow differ"
block yaml 2 >gitlab.yml
python3 - <<'PYTHON'
import yaml
jobs = yaml.safe_load(open("github.yml"))["jobs"]
for name, job in jobs.items():
    open(f"github-{name}", "w").write("\n".join(step["run"] for step in job["steps"] if "run" in step))
jobs = yaml.safe_load(open("gitlab.yml"))
for name in "gate", "nightly":
    shared = jobs[jobs[name]["extends"]]
    open(f"gitlab-{name}", "w").write("\n".join(shared["before_script"] + jobs[name]["script"]))
PYTHON
block sh 1 >by-hand

# What they name is there.
for target in pmacrash; do grep -q "add_executable($target " "$source"/scenarios/runner/CMakeLists.txt || fail "no target $target"; done
grep -q '"name": "release"' "$source/CMakePresets.json" || fail "no preset release"
grep -qF -- '--build ' "$source/scripts/bootstrap" || fail "bootstrap has no --build"

# A checkout with a few scenarios.
mkdir -p checkout/scripts checkout/build/release/bin checkout/scenarios data/suites tools
for part in sql queries invariants; do ln -s "$source/results/$part" "data/$part"; done
small_suite >data/suites/small.yaml
export PMACRASH_DATA=$work/data
printf '#!/bin/sh\nexec "%s" "$@"\n' "$pmacrash" >checkout/build/release/bin/pmacrash
printf '#!/bin/sh\n' | tee tools/apt-get tools/cmake >checkout/scripts/bootstrap
chmod +x checkout/build/release/bin/pmacrash checkout/scripts/bootstrap tools/*
export PATH=$work/tools:$PATH

# play CODE FILE: as a CI system has it, the first command that fails ends it.
play() {
    local code=$1 got=0
    sed 's/--budget [0-9]*m/--budget 1s/' "$2" >script
    (cd checkout && GITHUB_RUN_ID=77 CI_PIPELINE_ID=77 bash -eo pipefail ../script) >out 2>err || got=$?
    [ "$got" = "$code" ] || fail "the commands of $2: exit code $got, not $code"
}
play 0 by-hand
[ -s checkout/scenarios/baseline.txt ] || fail "no baseline"
for job in github-gate gitlab-gate github-nightly gitlab-nightly; do
    rm -f checkout/junit.xml
    play 0 "$job"
    [ -s checkout/junit.xml ] || fail "$job leaves no junit.xml"
done
says "seed 77"
grep -q 'gen-all-r60-s77-' out || fail "the seed is not in the names"
sed -i 's/- create: {}/- create: {fault: "pma\/sync\/parent:skip"}/' data/suites/small.yaml
for job in github-gate gitlab-gate; do play 1 "$job"; done

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# pmacrash report: a page that stands alone, in which nothing from scenarios or mutants becomes markup. What it looks like and does
# in a browser is tested by report_in_browser.py.
. "$(dirname "$0")/pmacrash.bash"

refuses 2 "pmacrash report --html FILE" report
refuses 3 "no such database" report --html page.html
[ ! -e page.html ] || fail "a page was written about nothing"

cat >hostile.yaml <<'YAML'
scenarios:
  - name: "a<b>&'\"c"
    description: "</script><script>window.taken = 1</script><img src=x onerror='window.taken = 1'>"
    steps:
      - alloc: {name: a, pages: 2}
      - write: {name: a}
      - snapshot: {}
YAML
expect 1 run --suites hostile.yaml --copying eager --fault 'pma/sync/blocks:skip' --quiet
expect 0 report --html page.html
[ ! -s out ] && [ ! -s err ] || fail "a report that is written has nothing to say"
expect 0 report --html -
cmp -s out page.html || fail "--html - is another page than --html FILE"

grep -q '^<!DOCTYPE html>$' page.html || fail "no document type"
grep -q '</html>$' page.html || fail "the page has no end"
[ "$(grep -c '<script>window.taken' page.html)" = 0 ] || fail "a description became a script"
grep -qF '&lt;script&gt;window.taken = 1&lt;/script&gt;' page.html || fail "the description is not in the page"
grep -qF "data-scenario='a&lt;b&gt;&amp;&#39;&quot;c'" page.html || fail "the name is not in the page"
[ "$(grep -cE '(src|href)=.?(https?:)?//' page.html)" = 0 ] || fail "the page loads something"
grep -qF "default-src 'none'" page.html || fail "the page may load something"
grep -q "class='map'" page.html || fail "no map"

# A run may write its own page.
expect 0 run create --copying eager --quiet --html own.html
expect 0 report --html same.html
cmp -s own.html same.html || fail "run --html is another page than report --html"

# A page that could not be there in the end is refused before anything is played.
runs=$(value "SELECT count(*) FROM v_run")
mkdir folder
refuses 2 "--html wants the name of a file" run create --html -
refuses 2 "--html nowhere/page.html: No such file or directory" run create --html nowhere/page.html
refuses 2 "--html folder: Is a directory" run create --html folder
refuses 2 "--junit own.html/junit.xml: Not a directory" run create --junit own.html/junit.xml
is "$runs" "SELECT count(*) FROM v_run"

# Which run, and which not.
expect 0 run create --copying eager --quiet
expect 0 report --html second.html
grep -qF 'Nothing was lost' second.html || fail "a clean run is not called that"
expect 0 report --html first.html --run r1
cmp -s first.html page.html || fail "--run r1 is not the first run"
refuses 2 "holds no run r9" report --html none.html --run 9
refuses 2 "is no run" report --html none.html --run v1
refuses 2 "--html nowhere/page.html: No such file or directory" report --html nowhere/page.html

# The kill matrix; what is none is refused before a page is begun.
cat >kills.json <<'JSON'
{"mutant":"one<b>","class":"barrier","expected":["lost"],"outcome":"killed","oracle":"lost","detail":"-","scenario":"create","copying":"eager","model":"power-loss","recoveries":3,"seconds":1,"pages":1,"steps":"2/3"}
{"mutant":"two","class":"heap","expected":["lost"],"outcome":"survived","oracle":"-","detail":"-","scenario":"-","copying":"-","model":"-","recoveries":90,"seconds":8,"pages":null,"steps":"-"}
JSON
expect 0 report --html kills.html --mutants kills.json
grep -qF 'Of 2 planted bugs <strong>1 were killed</strong>' kills.html || fail "the bugs are not counted"
grep -qF 'one&lt;b&gt;' kills.html || fail "a bug is not named"
echo '{"outcome": "killed"}' >lacking.json
expect 0 report --html lacking.html --mutants lacking.json
grep -qF 'Of 1 planted bugs' lacking.html || fail "a bug that lacks almost everything is not counted"
echo '"text"' >>lacking.json
refuses 2 "not what 'scripts/mutants --json' prints" report --html none.html --mutants lacking.json
refuses 2 "--mutants none.json: No such file" report --html none.html --mutants none.json
echo 'mutant' >text
refuses 2 "not what 'scripts/mutants --json' prints" report --html none.html --mutants text
echo '{"a": 1}' >other.json
refuses 2 "not what 'scripts/mutants --json' prints" report --html none.html --mutants other.json
: >empty.json
refuses 2 "not what 'scripts/mutants --json' prints" report --html none.html --mutants empty.json
[ ! -e none.html ] || fail "a page was written all the same"

# A disk that is full leaves no half page behind.
refuses 3 "--html /dev/full: No space left on device" report --html /dev/full

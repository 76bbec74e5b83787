# SPDX-License-Identifier: MIT
# The figures that matter, out of what the benches say as JSON: what, the goal, what was measured, whether that reaches it.
# The heap right after a snapshot is left out: what costs there is the first store to each page, a figure of its own above.
# Used by scripts/bench: jq -n --slurpfile NAME FILE ... -f bench/figures.jq

def at_least($goal; $unit): {goal: "at least \($goal)\($unit)", reached: (.value >= $goal), unit: $unit};
def at_most($goal; $unit): {goal: "at most \($goal)\($unit)", reached: (.value <= $goal), unit: $unit};
def figure($name; judge): select(.value != null) | {figure: $name, measured: .value} + judge;
def value(f): {value: f};

def moves: $move[0] | map(select(.object == "clean" and .shape == "one extent"));
def move($kib): moves | map(select(.kib == $kib))[0];
def commits($file; $store; $pages): $file[0] | map(select(.store == $store and .pages == $pages))[0];
def snapshots($where; $file):
    ([[1, 0.7], [16, 1.4], [256, 3.5], [1024, 3], [4096, 2]][] as [$pages, $goal]
        | value(commits($file; "eager"; $pages).commit_ratio)
        | figure("\($where), eager, \($pages) pages: commit beside LMDB"; at_least($goal; "x"))),
    (value(commits($file; "eager"; 256).together_ratio)
        | figure("\($where), eager, 256 pages: update and commit"; at_least(1; "x"))),
    ([[1, 0.85], [16, 1.4], [256, 3.5], [1024, 3.5], [4096, 2.5]][] as [$pages, $goal]
        | value(commits($file; "lazy"; $pages).together_ratio)
        | figure("\($where), lazy, \($pages) pages: update and commit"; at_least($goal; "x")));

[
    (value(move(1024).copy_ratio) | figure("move of 1 MiB beside memcpy"; at_least(10; "x"))),
    (value(move(65536).copy_ratio) | figure("move of 64 MiB beside memcpy"; at_least(100; "x"))),
    (value(move(262144).copy_ratio) | figure("move of 256 MiB beside memcpy"; at_least(300; "x"))),
    (value(move(262144).move_us / move(1024).move_us) | figure("move of 256 MiB beside one of 1 MiB"; at_most(8; "x"))),
    (value(moves | map(select(.kib >= 1024).mremap_ratio) | max)
        | figure("move of 1 MiB and more beside a bare mremap"; at_most(3; "x"))),
    snapshots("this file system"; $commit),
    snapshots("ext4 on a loop device"; $loop),
    (value($heap[0] | map(select(.pattern | startswith("snapshot") | not).ratio) | max)
        | figure("malloc and free of 16 to 1024 bytes beside glibc"; at_most(4; "x"))),
    (value($stack[0] | map(select(.what == "push, pop"))[0].ns) | figure("push and pop of a small frame"; at_most(50; " ns"))),
    (value(($extents[0] | (.["open and first read"].seconds - .["the same, empty arena"].seconds) * 1000))
        | figure("open and first read of a million extents, beyond an empty arena"; at_most(10; " ms"))),
    (value($extents[0]["file to data"].last) | figure("file of a million extents beside its data"; at_most(1.3; "x"))),
    ([["open, check, digest", 8000], ["open, check, digest, alive", 3000], ["open, check, digest, in a process of its own", 1500]][]
        as [$recovery, $goal]
        | value($recoveries[0] | map(select(.recovery == $recovery))[0].per_second_core)
        | figure("recoveries: \($recovery)"; at_least($goal; "/s"))),
    (value($queries[0].queries | map(.median_ms) | max)
        | figure("the slowest named query, of ten million recoveries"; at_most(1000; " ms")))
]

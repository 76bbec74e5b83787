-- SPDX-License-Identifier: MIT
-- A results database of schema version 10, as `.dump` of sqlite3 writes it: what later versions must still read.
PRAGMA application_id = 1347240786;
PRAGMA user_version = 10;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(16)))),
    started TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    outcome TEXT CHECK (outcome IN ('clean', 'violations', 'incomplete', 'interrupted', 'failed')), -- NULL: goes on
    milliseconds INTEGER,
    version TEXT NOT NULL,
    revision TEXT NOT NULL,
    host TEXT NOT NULL,
    kernel TEXT NOT NULL,
    command TEXT NOT NULL,
    model TEXT NOT NULL,
    search TEXT NOT NULL,
    plan TEXT NOT NULL,
    seed TEXT NOT NULL,
    jobs INTEGER NOT NULL
, depth INTEGER NOT NULL DEFAULT 1, arguments TEXT NOT NULL DEFAULT '', more INTEGER NOT NULL DEFAULT 0, subcommand TEXT NOT NULL DEFAULT 'run', selection TEXT NOT NULL DEFAULT '', mode TEXT NOT NULL DEFAULT 'simulate', kills INTEGER NOT NULL DEFAULT 0, grain TEXT NOT NULL DEFAULT 'call', copying TEXT NOT NULL DEFAULT 'both', sweep TEXT NOT NULL DEFAULT 'none', errors TEXT NOT NULL DEFAULT '', points TEXT NOT NULL DEFAULT '', budget_ms INTEGER, kept_for TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO run VALUES(1,'00000000000000000000000000000001','2024-05-01T08:00:00.000Z','clean',1000,'0.1.0','0123abc','builder','6.1.0-13-amd64','pmacrash run create first-snapshot -q --copying eager','power-loss','lazy','','1',2,1,'run --mode=0 --kills=0 --model=2 --search=0 --grain=0 --copying=0 --depth=1 --bound=64 --brute-limit=65536 --tear-limit=256 --seed=1 --sweep=0 --isolate=0 --time-limit=10000 --record-limit=120000 --max-violations=20 --shrink=3 ''create'' ''first-snapshot''',0,'run','create first-snapshot','simulate',0,'call','eager','none','','',NULL,'');
INSERT INTO run VALUES(2,'00000000000000000000000000000002','2024-05-02T08:00:00.000Z','violations',2000,'0.1.0','0123abc','builder','6.1.0-13-amd64','pmacrash run first-snapshot -q --copying eager --fault pma/sync/blocks:skip --max-violations 2 --depth 2','power-loss','lazy','pma/sync/blocks:skip','1',2,2,'run --mode=0 --kills=0 --model=2 --search=0 --grain=0 --copying=0 --depth=2 --bound=64 --brute-limit=65536 --tear-limit=256 --seed=1 --fault=''pma/sync/blocks:skip'' --sweep=0 --isolate=0 --time-limit=10000 --record-limit=120000 --max-violations=2 --shrink=3 ''first-snapshot''',0,'run','first-snapshot','simulate',0,'call','eager','none','','',NULL,'');
INSERT INTO run VALUES(3,'00000000000000000000000000000003','2024-05-03T08:00:00.000Z','clean',3000,'0.1.0','0123abc','builder','6.1.0-13-amd64','pmacrash generate -q --alphabet pages --length 1 --copying eager','power-loss','lazy','','1',2,1,'generate --model=2 --search=0 --grain=0 --copying=0 --depth=1 --bound=64 --brute-limit=65536 --tear-limit=256 --seed=1 --sweep=0 --isolate=0 --alphabet=''pages'' --length=1 --random=0 --count=0 --time-limit=10000 --record-limit=120000 --max-violations=20 --shrink=3',0,'generate','','simulate',0,'call','eager','none','','',NULL,'');
CREATE TABLE fault_point (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    description TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO fault_point VALUES('pma/close','plain','close the arena file');
INSERT INTO fault_point VALUES('pma/cow/copy','ordered','copy pages to fresh blocks');
INSERT INTO fault_point VALUES('pma/create/grow','ordered','reserve the first blocks');
INSERT INTO fault_point VALUES('pma/create/lock','plain','lock the new file');
INSERT INTO fault_point VALUES('pma/create/meta','ordered','write the first meta page');
INSERT INTO fault_point VALUES('pma/create/open','plain','make the new file under its temporary name');
INSERT INTO fault_point VALUES('pma/create/rename','ordered','give the new file its name');
INSERT INTO fault_point VALUES('pma/create/sync','barrier','sync the new file before it gets its name');
INSERT INTO fault_point VALUES('pma/dir/memory','plain','get memory for tree nodes');
INSERT INTO fault_point VALUES('pma/dir/read','plain','read a tree node');
INSERT INTO fault_point VALUES('pma/dir/write','ordered','write a tree node to a fresh block');
INSERT INTO fault_point VALUES('pma/grow','ordered','make the file longer, blocks reserved');
INSERT INTO fault_point VALUES('pma/map','plain','map blocks at their pages');
INSERT INTO fault_point VALUES('pma/meta/write','ordered','write the meta record of a snapshot');
INSERT INTO fault_point VALUES('pma/move/remap','plain','move a mapping to another address');
INSERT INTO fault_point VALUES('pma/open/file','plain','open the arena file');
INSERT INTO fault_point VALUES('pma/open/lock','plain','lock the arena file');
INSERT INTO fault_point VALUES('pma/open/reserve','plain','reserve the address range');
INSERT INTO fault_point VALUES('pma/protect','plain','write-protect pages before a snapshot');
INSERT INTO fault_point VALUES('pma/recover/meta','ordered','write the chosen meta record again');
INSERT INTO fault_point VALUES('pma/recover/read','plain','read the meta pages');
INSERT INTO fault_point VALUES('pma/recover/space','plain','read the trees to derive the free blocks');
INSERT INTO fault_point VALUES('pma/recover/sync','barrier','sync the file before open returns');
INSERT INTO fault_point VALUES('pma/recover/sync-parent','barrier','sync the directory before open returns');
INSERT INTO fault_point VALUES('pma/sync/blocks','barrier','sync data and tree nodes before the meta page');
INSERT INTO fault_point VALUES('pma/sync/meta','barrier','sync the meta page before success is reported');
INSERT INTO fault_point VALUES('pma/sync/parent','barrier','sync the directory after the rename');
INSERT INTO fault_point VALUES('pma/unmap','plain','give a mapping back to the reserved range');
INSERT INTO fault_point VALUES('pma/view/ask','plain','ask which snapshots views hold');
INSERT INTO fault_point VALUES('pma/view/hide','plain','lock an attempt, so that no view takes it yet');
CREATE TABLE coverage (
    scenario INTEGER NOT NULL REFERENCES scenario (id) ON DELETE CASCADE,
    point TEXT NOT NULL,
    hits INTEGER NOT NULL,
    crashed_at INTEGER NOT NULL,
    PRIMARY KEY (scenario, point)
) STRICT, WITHOUT ROWID;
INSERT INTO coverage VALUES(1,'pma/close',1,2);
INSERT INTO coverage VALUES(1,'pma/cow/copy',2,4);
INSERT INTO coverage VALUES(1,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(1,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(1,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(1,'pma/create/open',1,2);
INSERT INTO coverage VALUES(1,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(1,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(1,'pma/dir/memory',5,10);
INSERT INTO coverage VALUES(1,'pma/dir/write',1,3);
INSERT INTO coverage VALUES(1,'pma/grow',2,4);
INSERT INTO coverage VALUES(1,'pma/map',2,4);
INSERT INTO coverage VALUES(1,'pma/meta/write',1,2);
INSERT INTO coverage VALUES(1,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(1,'pma/protect',1,2);
INSERT INTO coverage VALUES(1,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(1,'pma/sync/blocks',1,3);
INSERT INTO coverage VALUES(1,'pma/sync/meta',1,3);
INSERT INTO coverage VALUES(1,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(1,'pma/view/ask',2,5);
INSERT INTO coverage VALUES(1,'pma/view/hide',1,2);
INSERT INTO coverage VALUES(2,'pma/close',1,2);
INSERT INTO coverage VALUES(2,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(2,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(2,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(2,'pma/create/open',1,2);
INSERT INTO coverage VALUES(2,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(2,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(2,'pma/dir/memory',1,2);
INSERT INTO coverage VALUES(2,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(2,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(2,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(2,'pma/view/ask',1,2);
INSERT INTO coverage VALUES(3,'pma/close',1,0);
INSERT INTO coverage VALUES(3,'pma/cow/copy',2,4);
INSERT INTO coverage VALUES(3,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(3,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(3,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(3,'pma/create/open',1,2);
INSERT INTO coverage VALUES(3,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(3,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(3,'pma/dir/memory',5,10);
INSERT INTO coverage VALUES(3,'pma/dir/write',1,3);
INSERT INTO coverage VALUES(3,'pma/grow',2,4);
INSERT INTO coverage VALUES(3,'pma/map',2,4);
INSERT INTO coverage VALUES(3,'pma/meta/write',1,2);
INSERT INTO coverage VALUES(3,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(3,'pma/protect',1,2);
INSERT INTO coverage VALUES(3,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(3,'pma/sync/blocks',1,2);
INSERT INTO coverage VALUES(3,'pma/sync/meta',1,0);
INSERT INTO coverage VALUES(3,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(3,'pma/view/ask',2,2);
INSERT INTO coverage VALUES(3,'pma/view/hide',1,2);
INSERT INTO coverage VALUES(4,'pma/close',12,24);
INSERT INTO coverage VALUES(4,'pma/cow/copy',25,51);
INSERT INTO coverage VALUES(4,'pma/dir/memory',57,114);
INSERT INTO coverage VALUES(4,'pma/dir/read',2,4);
INSERT INTO coverage VALUES(4,'pma/dir/write',18,49);
INSERT INTO coverage VALUES(4,'pma/grow',22,44);
INSERT INTO coverage VALUES(4,'pma/map',29,58);
INSERT INTO coverage VALUES(4,'pma/meta/write',22,44);
INSERT INTO coverage VALUES(4,'pma/move/remap',2,6);
INSERT INTO coverage VALUES(4,'pma/open/file',12,24);
INSERT INTO coverage VALUES(4,'pma/open/lock',12,24);
INSERT INTO coverage VALUES(4,'pma/open/reserve',12,24);
INSERT INTO coverage VALUES(4,'pma/protect',13,26);
INSERT INTO coverage VALUES(4,'pma/recover/meta',12,24);
INSERT INTO coverage VALUES(4,'pma/recover/read',12,24);
INSERT INTO coverage VALUES(4,'pma/recover/space',12,24);
INSERT INTO coverage VALUES(4,'pma/recover/sync',12,36);
INSERT INTO coverage VALUES(4,'pma/recover/sync-parent',12,36);
INSERT INTO coverage VALUES(4,'pma/sync/blocks',22,66);
INSERT INTO coverage VALUES(4,'pma/sync/meta',22,66);
INSERT INTO coverage VALUES(4,'pma/unmap',3,9);
INSERT INTO coverage VALUES(4,'pma/view/ask',34,103);
INSERT INTO coverage VALUES(4,'pma/view/hide',22,44);
CREATE TABLE total (
    scenario INTEGER NOT NULL REFERENCES scenario (id) ON DELETE CASCADE,
    location TEXT NOT NULL,
    model TEXT NOT NULL,
    verdict TEXT NOT NULL,
    points INTEGER NOT NULL,
    paths INTEGER NOT NULL,
    recoveries INTEGER NOT NULL,
    states REAL NOT NULL,
    nanoseconds INTEGER NOT NULL,
    PRIMARY KEY (scenario, location, model, verdict)
) STRICT, WITHOUT ROWID;
INSERT INTO total VALUES(1,'close','power-loss','legal',4,4,0,4.0,1000000);
INSERT INTO total VALUES(1,'madvise','power-loss','legal',5,10,0,26.0,1000000);
INSERT INTO total VALUES(1,'munmap','power-loss','legal',2,2,0,2.0,1000000);
INSERT INTO total VALUES(1,'pma/close','power-loss','legal',2,2,0,2.0,1000000);
INSERT INTO total VALUES(1,'pma/cow/copy','power-loss','legal',4,8,0,12.0,1000000);
INSERT INTO total VALUES(1,'pma/create/grow','power-loss','legal',2,5,1,6.0,1000000);
INSERT INTO total VALUES(1,'pma/create/lock','power-loss','legal',2,4,0,4.0,1000000);
INSERT INTO total VALUES(1,'pma/create/meta','power-loss','legal',2,6,0,12.0,1000000);
INSERT INTO total VALUES(1,'pma/create/open','power-loss','legal',2,3,2,3.0,1000000);
INSERT INTO total VALUES(1,'pma/create/rename','power-loss','legal',3,10,2,10.0,1000000);
INSERT INTO total VALUES(1,'pma/create/sync','power-loss','legal',3,8,0,18.0,1000000);
INSERT INTO total VALUES(1,'pma/dir/memory','power-loss','legal',10,18,0,18.0,1000000);
INSERT INTO total VALUES(1,'pma/dir/write','power-loss','legal',3,9,0,84.0,1000000);
INSERT INTO total VALUES(1,'pma/grow','power-loss','legal',4,8,2,23.0,1000000);
INSERT INTO total VALUES(1,'pma/map','power-loss','legal',4,8,0,12.0,1000000);
INSERT INTO total VALUES(1,'pma/meta/write','power-loss','legal',2,3,1,3.0,1000000);
INSERT INTO total VALUES(1,'pma/open/reserve','power-loss','legal',2,4,0,4.0,1000000);
INSERT INTO total VALUES(1,'pma/protect','power-loss','legal',2,4,0,16.0,1000000);
INSERT INTO total VALUES(1,'pma/recover/space','power-loss','legal',2,2,0,2.0,1000000);
INSERT INTO total VALUES(1,'pma/sync/blocks','power-loss','legal',3,7,0,97.0,1000000);
INSERT INTO total VALUES(1,'pma/sync/meta','power-loss','legal',3,5,0,5.0,1000000);
INSERT INTO total VALUES(1,'pma/sync/parent','power-loss','legal',4,10,0,10.0,1000000);
INSERT INTO total VALUES(1,'pma/view/ask','power-loss','legal',5,5,0,5.0,1000000);
INSERT INTO total VALUES(1,'pma/view/hide','power-loss','legal',2,2,0,2.0,1000000);
INSERT INTO total VALUES(2,'pma/close','power-loss','legal',2,2,0,2.0,1000000);
INSERT INTO total VALUES(2,'pma/create/grow','power-loss','legal',2,5,1,6.0,1000000);
INSERT INTO total VALUES(2,'pma/create/lock','power-loss','legal',2,4,0,4.0,1000000);
INSERT INTO total VALUES(2,'pma/create/meta','power-loss','legal',2,6,0,12.0,1000000);
INSERT INTO total VALUES(2,'pma/create/open','power-loss','legal',2,3,2,3.0,1000000);
INSERT INTO total VALUES(2,'pma/create/rename','power-loss','legal',3,10,2,10.0,1000000);
INSERT INTO total VALUES(2,'pma/create/sync','power-loss','legal',3,8,0,18.0,1000000);
INSERT INTO total VALUES(2,'pma/dir/memory','power-loss','legal',2,4,0,4.0,1000000);
INSERT INTO total VALUES(2,'pma/open/reserve','power-loss','legal',2,4,0,4.0,1000000);
INSERT INTO total VALUES(2,'pma/recover/space','power-loss','legal',2,2,0,2.0,1000000);
INSERT INTO total VALUES(2,'pma/sync/parent','power-loss','legal',4,10,0,10.0,1000000);
INSERT INTO total VALUES(2,'pma/view/ask','power-loss','legal',2,2,0,2.0,1000000);
INSERT INTO total VALUES(3,'madvise','power-loss','legal',5,10,0,26.0,1000000);
INSERT INTO total VALUES(3,'pma/cow/copy','power-loss','legal',4,8,0,12.0,1000000);
INSERT INTO total VALUES(3,'pma/create/grow','power-loss','legal',2,5,1,6.0,1000000);
INSERT INTO total VALUES(3,'pma/create/lock','power-loss','legal',2,4,0,4.0,1000000);
INSERT INTO total VALUES(3,'pma/create/meta','power-loss','legal',2,6,0,12.0,1000000);
INSERT INTO total VALUES(3,'pma/create/open','power-loss','legal',2,3,2,3.0,1000000);
INSERT INTO total VALUES(3,'pma/create/rename','power-loss','legal',3,10,2,10.0,1000000);
INSERT INTO total VALUES(3,'pma/create/sync','power-loss','legal',3,8,0,18.0,1000000);
INSERT INTO total VALUES(3,'pma/dir/memory','power-loss','legal',10,18,0,18.0,1000000);
INSERT INTO total VALUES(3,'pma/dir/write','power-loss','legal',3,9,0,84.0,1000000);
INSERT INTO total VALUES(3,'pma/grow','power-loss','legal',4,8,2,23.0,1000000);
INSERT INTO total VALUES(3,'pma/map','power-loss','legal',4,8,0,12.0,1000000);
INSERT INTO total VALUES(3,'pma/meta/write','power-loss','legal',2,7,3,99.0,1000000);
INSERT INTO total VALUES(3,'pma/meta/write','power-loss','mix',0,2,0,0.0,1000000);
INSERT INTO total VALUES(3,'pma/open/reserve','power-loss','legal',2,4,0,4.0,1000000);
INSERT INTO total VALUES(3,'pma/protect','power-loss','legal',2,4,0,16.0,1000000);
INSERT INTO total VALUES(3,'pma/recover/space','power-loss','legal',2,2,0,2.0,1000000);
INSERT INTO total VALUES(3,'pma/sync/blocks','power-loss','legal',2,6,0,96.0,1000000);
INSERT INTO total VALUES(3,'pma/sync/parent','power-loss','legal',4,10,0,10.0,1000000);
INSERT INTO total VALUES(3,'pma/view/ask','power-loss','legal',2,2,0,2.0,1000000);
INSERT INTO total VALUES(3,'pma/view/hide','power-loss','legal',2,6,0,96.0,1000000);
INSERT INTO total VALUES(4,'close','power-loss','legal',91,91,0,91.0,1000000);
INSERT INTO total VALUES(4,'madvise','power-loss','legal',79,145,0,651.0,1000000);
INSERT INTO total VALUES(4,'munmap','power-loss','legal',18,18,0,18.0,1000000);
INSERT INTO total VALUES(4,'pma/close','power-loss','legal',24,24,0,24.0,1000000);
INSERT INTO total VALUES(4,'pma/cow/copy','power-loss','legal',51,95,0,159.0,1000000);
INSERT INTO total VALUES(4,'pma/dir/memory','power-loss','legal',114,180,0,180.0,1000000);
INSERT INTO total VALUES(4,'pma/dir/read','power-loss','legal',4,4,0,4.0,1000000);
INSERT INTO total VALUES(4,'pma/dir/write','power-loss','legal',49,115,0,2073.0,1000000);
INSERT INTO total VALUES(4,'pma/grow','power-loss','legal',44,88,22,473.0,1000000);
INSERT INTO total VALUES(4,'pma/map','power-loss','legal',58,102,0,172.0,1000000);
INSERT INTO total VALUES(4,'pma/meta/write','power-loss','legal',44,66,22,66.0,1000000);
INSERT INTO total VALUES(4,'pma/move/remap','power-loss','legal',6,6,0,6.0,1000000);
INSERT INTO total VALUES(4,'pma/open/file','power-loss','legal',24,24,11,24.0,1000000);
INSERT INTO total VALUES(4,'pma/open/lock','power-loss','legal',24,24,0,24.0,1000000);
INSERT INTO total VALUES(4,'pma/open/reserve','power-loss','legal',24,24,0,24.0,1000000);
INSERT INTO total VALUES(4,'pma/protect','power-loss','legal',26,48,0,412.0,1000000);
INSERT INTO total VALUES(4,'pma/recover/meta','power-loss','legal',24,24,0,24.0,1000000);
INSERT INTO total VALUES(4,'pma/recover/read','power-loss','legal',24,24,0,24.0,1000000);
INSERT INTO total VALUES(4,'pma/recover/space','power-loss','legal',24,24,0,24.0,1000000);
INSERT INTO total VALUES(4,'pma/recover/sync','power-loss','legal',36,36,0,36.0,1000000);
INSERT INTO total VALUES(4,'pma/recover/sync-parent','power-loss','legal',36,36,0,36.0,1000000);
INSERT INTO total VALUES(4,'pma/sync/blocks','power-loss','legal',66,110,0,2402.0,1000000);
INSERT INTO total VALUES(4,'pma/sync/meta','power-loss','legal',66,110,0,110.0,1000000);
INSERT INTO total VALUES(4,'pma/unmap','power-loss','legal',9,9,0,9.0,1000000);
INSERT INTO total VALUES(4,'pma/view/ask','power-loss','legal',103,103,0,103.0,1000000);
INSERT INTO total VALUES(4,'pma/view/hide','power-loss','legal',44,44,0,44.0,1000000);
CREATE TABLE violation (
    id INTEGER PRIMARY KEY,
    scenario INTEGER NOT NULL REFERENCES scenario (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    verdict TEXT NOT NULL,
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    finding TEXT NOT NULL,
    location TEXT NOT NULL,
    side TEXT NOT NULL,
    point INTEGER NOT NULL,
    hit INTEGER NOT NULL,
    step INTEGER NOT NULL,
    timeline TEXT NOT NULL,
    explanation TEXT NOT NULL,
    legal TEXT NOT NULL,
    known TEXT NOT NULL,
    state TEXT NOT NULL,
    settings TEXT NOT NULL,
    image_bytes INTEGER NOT NULL,
    image BLOB NOT NULL -- zstd
, broken_rows TEXT NOT NULL DEFAULT '', shrunk_pages INTEGER, measured TEXT NOT NULL DEFAULT '', shrunk_steps INTEGER, steps INTEGER, reduced TEXT NOT NULL DEFAULT '', depth INTEGER NOT NULL DEFAULT 1, earlier TEXT NOT NULL DEFAULT '', fault TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO violation VALUES(1,3,'power-loss','mix','recovered','','','pma/meta/write','after',55,1,4,replace('    there is no arena yet\n  step 1: create\n    an attempt begins: the new arena\n    the name arena.pma.pma-new is given\n    the file is 16 blocks long now\n    block 0 changed by `pwrite`: meta page of snapshot 1\n    sync of the file begins\n    what the file held when that sync began is durable\n    the name arena.pma is given\n    the name arena.pma.pma-new is gone\n    sync of the directory begins\n    the directory, with its names, is durable\n    ==> success reported: the new arena\n  step 2: alloc a, 1 page\n    the file is 24 blocks long now\n  step 3: write a page 0\n    block 2 changed by a store to memory: data of page 0\n  step 4: snapshot\n    an attempt begins: snapshot 2 (event 1)\n    the file is 32 blocks long now\n    blocks 3-4 changed by `pwrite`: directory leaf ... checksum node of\n      level 0\n    pma/sync/blocks is left out by plan, and success claimed\n    block 1 changed by `pwrite`: meta page of snapshot 2\n  >>> power fails after pma/meta/write, hit 1 (write the meta record of a\n      snapshot)\n','\n',char(10)),replace('Success had been reported for the new arena, in step 1.\nAn attempt to make snapshot 2 (event 1) durable had begun in step 4, so that\nstate would have been right as well.\nThe arena came back in a state that never was.\n\nBeside snapshot 2 (event 1):\n  Page 0 should hold what step 3 wrote; it holds zeros, as if nothing had\n    ever been stored there.\n\nHad all that was written reached the disk, recovery would have been right.\nIt goes wrong when one thing alone is lost or damaged:\n  Lost: block 2 (data of page 0), changed by a store to memory in step 3\n    (write a page 0); no sync of it had ended. The disk had zeros.\nRecovery looked at 4 more blocks, lengths or names that no sync had made\ndurable; there it found what it would have found then.\n','\n',char(10)),replace('adf72990d203b1ce4ff965bab73f4728 the new arena\n5ea40c8d8e01f35fc1b55c451aeaf0ba snapshot 2 (event 1)\n','\n',char(10)),replace('000000006162736e000000006162736e no arena\nadf72990d203b1ce4ff965bab73f4728 the new arena\n5ea40c8d8e01f35fc1b55c451aeaf0ba snapshot 2 (event 1)\n','\n',char(10)),'960e2b45674390be500ee2d0ec8d01af',replace('pmacrash scenario 1\nname first-snapshot\nfile suites/creation.yaml:34\nwork yes\ncopying eager\ncut no\noptions --depth 2\n','\n',char(10)),16473,X'28b52ffd60593f1507005409894653494d0d0a1a0100000001000200040089504d410d0a1a0a01000000040302010010005691bef87171c3e08549cb679a74876f01807e0000400010b6637c031c330caa00030050444952000001020201045053554d0000fc010020071e0237233f4001020120033c8cdbd5a9b6996902010447cbebffaae4324302010119eff3062971ebeb01090000006172656e612e706d612720b0e3d42d0601b2db5f9faba878e0ae634e3ae1ae3b772e53a5b8770396702f185aeff3579effb31ebbecaeda767936ae6858ea1dda0c98bffe918602f42e2e3480f9d62b94c6ed8a94','',1,'all that was written had reached the disk',4,4,replace('scenarios:\n  - name: first-snapshot\n    description: "What is needed of first-snapshot to show a violation: 4 of 4 steps."\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 16, grow_blocks: 8, fanout: 0}\n    steps:\n      - create: {}\n      - alloc: {name: a, pages: 1}\n      - write: {name: a, pages: 1, seed: 3}\n      - snapshot: {}\n','\n',char(10)),1,'','pma/sync/blocks:skip');
CREATE TABLE views (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    text TEXT NOT NULL
) STRICT;
INSERT INTO views VALUES(1,replace('-- SPDX-License-Identifier: MIT\n-- The stable interface, documented in docs/results.md. Tables may change, these may not: columns are added at\n-- the end, and whoever must change or remove one raises the number in v_interface. The file is run anew,\n-- as one transaction, whenever its text differs from the one that the database was given last.\n\nDROP VIEW IF EXISTS v_interface;\nCREATE VIEW v_interface AS\nSELECT 1 AS version;\n\nDROP VIEW IF EXISTS v_run;\nCREATE VIEW v_run AS\nSELECT run.id AS run,\n       run.uuid,\n       run.started,\n       coalesce(run.outcome, ''interrupted'') AS outcome,\n       run.outcome IS NOT NULL AS finished,\n       run.milliseconds,\n       run.version,\n       run.revision,\n       run.host,\n       run.kernel,\n       run.command,\n       run.model,\n       run.search,\n       run.plan,\n       run.seed,\n       run.jobs,\n       count(scenario.id) AS scenarios,\n       coalesce(sum(scenario.crash_points), 0) AS crash_points,\n       total(scenario.states) AS states,\n       total(scenario.covered) AS covered,\n       coalesce(sum(scenario.recoveries), 0) AS recoveries,\n       coalesce(sum(scenario.violations), 0) AS violations,\n       run.outcome IS NOT NULL AND NOT run.more AND coalesce(min(scenario.complete), 0) AS complete,\n       run.depth,\n       coalesce(sum(scenario.plays), 0) AS plays,\n       run.arguments,\n       run.subcommand,\n       run.selection,\n       run.mode,\n       run.kills,\n       run.grain,\n       run.copying,\n       run.sweep,\n       run.errors,\n       run.points,\n       run.budget_ms,\n       run.kept_for\nFROM run\nLEFT JOIN scenario ON scenario.run = run.id\nGROUP BY run.id;\n\nDROP VIEW IF EXISTS v_scenario;\nCREATE VIEW v_scenario AS\nSELECT scenario.run,\n       scenario.id AS scenario_id,\n       scenario.name AS scenario,\n       scenario.description,\n       scenario.file,\n       scenario.outcome,\n       scenario.error,\n       scenario.complete,\n       scenario.crash_points,\n       scenario.states,\n       scenario.covered,\n       scenario.paths,\n       scenario.recoveries,\n       scenario.violations,\n       scenario.images_twice,\n       scenario.compared_points,\n       scenario.compared_states,\n       scenario.brute_recoveries,\n       scenario.disagreements,\n       scenario.trace_events,\n       scenario.trace_bytes,\n       scenario.memory_bytes,\n       scenario.record_ms,\n       scenario.explore_ms,\n       scenario.text,\n       scenario.copying,\n       scenario.model,\n       scenario.plays,\n       scenario.stopped,\n       scenario.recordings,\n       scenario.searched,\n       run.grain\nFROM scenario\nJOIN run ON run.id = scenario.run;\n\n-- A condition on the run must get down to the tables, or telling one run reads all of them: SQLite takes it into the\n-- halves of a union and into a GROUP BY, but not through both at once, nor across a LEFT JOIN.\nDROP VIEW IF EXISTS v_coverage;\nCREATE VIEW v_coverage AS\nWITH listed AS (\n    SELECT scenario.run,\n           coverage.point,\n           sum(coverage.hits) AS hits,\n           sum(coverage.crashed_at) AS crashed_at,\n           sum(coverage.hits > 0) AS scenarios_hit,\n           sum(coverage.crashed_at > 0) AS scenarios_crashed\n    FROM scenario\n    CROSS JOIN coverage ON coverage.scenario = scenario.id\n    GROUP BY scenario.run, coverage.point\n    UNION ALL\n    SELECT run.id, fault_point.name, 0, 0, 0, 0\n    FROM run\n    CROSS JOIN fault_point\n    WHERE NOT EXISTS (\n        SELECT 1\n        FROM scenario\n        CROSS JOIN coverage ON coverage.scenario = scenario.id AND coverage.point = fault_point.name\n        WHERE scenario.run = run.id\n    )\n)\nSELECT listed.run,\n       listed.point,\n       coalesce(fault_point.kind, '''') AS kind,\n       coalesce(fault_point.description, '''') AS description,\n       fault_point.name IS NOT NULL AS known,\n       listed.hits,\n       listed.crashed_at,\n       listed.scenarios_hit,\n       listed.scenarios_crashed\nFROM listed\nLEFT JOIN fault_point ON fault_point.name = listed.point;\n\nDROP VIEW IF EXISTS v_total;\nCREATE VIEW v_total AS\nSELECT scenario.run,\n       scenario.id AS scenario_id,\n       scenario.name AS scenario,\n       total.location,\n       total.model,\n       total.verdict,\n       total.points,\n       total.paths,\n       total.recoveries,\n       total.states,\n       total.nanoseconds / 1e6 AS milliseconds,\n       scenario.copying\nFROM total\nJOIN scenario ON scenario.id = total.scenario;\n\nDROP VIEW IF EXISTS v_violation;\nCREATE VIEW v_violation AS\nSELECT violation.id AS violation,\n       scenario.run,\n       scenario.id AS scenario_id,\n       scenario.name AS scenario,\n       violation.model,\n       violation.verdict,\n       violation.status,\n       violation.message,\n       violation.finding,\n       CASE WHEN instr(violation.finding, '':'') > 0\n            THEN substr(violation.finding, 1, instr(violation.finding, '':'') - 1)\n            ELSE '''' END AS invariant,\n       violation.location,\n       violation.side,\n       violation.point,\n       violation.hit,\n       violation.step,\n       violation.timeline,\n       violation.explanation,\n       violation.legal,\n       violation.known,\n       violation.state,\n       violation.settings,\n       violation.image_bytes,\n       length(violation.image) AS stored_bytes,\n       scenario.copying,\n       violation.broken_rows,\n       violation.shrunk_pages,\n       violation.measured,\n       violation.shrunk_steps,\n       violation.steps,\n       violation.reduced,\n       violation.depth,\n       violation.earlier,\n       violation.fault,\n       run.grain\nFROM violation\nJOIN scenario ON scenario.id = violation.scenario\nJOIN run ON run.id = scenario.run;\n\nDROP VIEW IF EXISTS v_nested;\nCREATE VIEW v_nested AS\nSELECT scenario.run,\n       scenario.id AS scenario_id,\n       scenario.name AS scenario,\n       scenario.copying,\n       scenario.model,\n       nested.depth,\n       nested.power_failures,\n       nested.kills,\n       nested.crash_points,\n       nested.states,\n       nested.covered,\n       nested.paths,\n       nested.recoveries,\n       nested.violations\nFROM nested\nJOIN scenario ON scenario.id = nested.scenario;\n\nDROP VIEW IF EXISTS v_selftest;\nCREATE VIEW v_selftest AS\nSELECT selftest.id AS selftest,\n       selftest.uuid,\n       selftest.started,\n       selftest.outcome,\n       selftest.milliseconds,\n       selftest.version,\n       selftest.revision,\n       selftest.host,\n       selftest.kernel,\n       selftest.command,\n       selftest.whole,\n       count(barrier.name) AS barriers,\n       coalesce(sum(barrier.caught), 0) AS caught,\n       selftest.plays,\n       selftest.plays_clean\nFROM selftest\nLEFT JOIN barrier ON barrier.selftest = selftest.id\nGROUP BY selftest.id;\n\nDROP VIEW IF EXISTS v_barrier;\nCREATE VIEW v_barrier AS\nSELECT barrier.selftest,\n       barrier.name AS barrier,\n       barrier.copying,\n       barrier.caught,\n       barrier.hit,\n       barrier.oracle,\n       barrier.verdict,\n       barrier.scenario,\n       barrier.error,\n       barrier.plays,\n       barrier.recoveries,\n       barrier.milliseconds\nFROM barrier;\n','\n',char(10)));
CREATE TABLE IF NOT EXISTS "scenario" (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    copying TEXT NOT NULL CHECK (copying IN ('eager', 'lazy')),
    model TEXT NOT NULL,
    description TEXT NOT NULL,
    file TEXT NOT NULL,
    text TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('clean', 'violations', 'incomplete', 'interrupted', 'failed')),
    error TEXT NOT NULL,
    complete INTEGER NOT NULL,
    crash_points INTEGER NOT NULL,
    states REAL NOT NULL,
    covered REAL NOT NULL,
    paths INTEGER NOT NULL,
    recoveries INTEGER NOT NULL,
    violations INTEGER NOT NULL,
    images_twice INTEGER NOT NULL,
    compared_points INTEGER NOT NULL,
    compared_states INTEGER NOT NULL,
    brute_recoveries INTEGER NOT NULL,
    disagreements INTEGER NOT NULL,
    trace_events INTEGER NOT NULL,
    trace_bytes INTEGER NOT NULL,
    memory_bytes INTEGER NOT NULL,
    record_ms INTEGER NOT NULL,
    explore_ms INTEGER NOT NULL, plays INTEGER NOT NULL DEFAULT 1, stopped INTEGER NOT NULL DEFAULT 0, recordings INTEGER NOT NULL DEFAULT 0, searched INTEGER NOT NULL DEFAULT 0,
    UNIQUE (run, name, copying, model)
) STRICT;
INSERT INTO scenario VALUES(1,1,'first-snapshot','eager','power-loss','Pages get their first content and the first snapshot takes them.','suites/creation.yaml',replace('  - name: first-snapshot\n    description: Pages get their first content and the first snapshot takes them.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 16}\n    steps:\n      - create: {}\n      - alloc: {name: a, pages: 3}\n      - write: {name: a, pages: 2}\n      - snapshot: {}','\n',char(10)),'clean','',1,77,380.0,380.0,147,8,0,0,0,0,0,0,83,29765,33343,10,100,1,0,0,0);
INSERT INTO scenario VALUES(2,1,'create','eager','power-loss','Make an arena; a crash leaves either none or a whole, empty one.','suites/creation.yaml',replace('  - name: create\n    description: Make an arena; a crash leaves either none or a whole, empty one.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 8}\n    steps:\n      - create: {}','\n',char(10)),'clean','',1,28,77.0,77.0,60,5,0,0,0,0,0,0,34,6418,7604,20,200,1,0,0,0);
INSERT INTO scenario VALUES(3,2,'first-snapshot','eager','power-loss','Pages get their first content and the first snapshot takes them.','suites/creation.yaml',replace('  - name: first-snapshot\n    description: Pages get their first content and the first snapshot takes them.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 16}\n    steps:\n      - create: {}\n      - alloc: {name: a, pages: 3}\n      - write: {name: a, pages: 2}\n      - snapshot: {}','\n',char(10)),'violations','',0,62,598.0,553.0,140,10,1,0,0,0,0,0,80,29669,34911,30,300,1,0,0,0);
INSERT INTO scenario VALUES(4,3,'gen-pages-1-*','eager','power-loss','Generated scenarios in which nothing was found.','generated','','clean','',1,1112,7213.0,7213.0,1574,55,0,0,0,0,0,0,1168,492762,65015,40,400,11,0,0,0);
CREATE TABLE nested (
    scenario INTEGER NOT NULL REFERENCES scenario (id) ON DELETE CASCADE,
    depth INTEGER NOT NULL,
    power_failures INTEGER NOT NULL,
    kills INTEGER NOT NULL,
    crash_points INTEGER NOT NULL,
    states REAL NOT NULL,
    covered REAL NOT NULL,
    paths INTEGER NOT NULL,
    recoveries INTEGER NOT NULL,
    violations INTEGER NOT NULL,
    PRIMARY KEY (scenario, depth)
) STRICT, WITHOUT ROWID;
INSERT INTO nested VALUES(3,2,3,1,20,40.0,40.0,30,9,0);
CREATE TABLE generated (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    copying TEXT NOT NULL,
    model TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (run, name, copying, model, first)
) STRICT, WITHOUT ROWID;
INSERT INTO "generated" VALUES(3,'gen-pages-1-','eager','power-loss',0,10);
CREATE TABLE map (
    scenario INTEGER PRIMARY KEY REFERENCES scenario (id) ON DELETE CASCADE,
    text_bytes INTEGER NOT NULL,
    text BLOB NOT NULL -- zstd
) STRICT;
INSERT INTO map VALUES(1,85,X'28b52ffd2055a902007b2263726173685f706f696e7473223a2037372c20227768657265223a205b22706d612f6372656174652f6f70656e225d2c2022636f6c756d6e73223a20223062312e31783737222c2022726f7773223a205b5d7d');
CREATE TABLE selftest (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(16)))),
    started TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('passed', 'failed', 'interrupted')),
    milliseconds INTEGER NOT NULL,
    version TEXT NOT NULL,
    revision TEXT NOT NULL,
    host TEXT NOT NULL,
    kernel TEXT NOT NULL,
    command TEXT NOT NULL,
    whole INTEGER NOT NULL,      -- all scenarios of the suites were asked for
    plays INTEGER NOT NULL,      -- without a fault
    plays_clean INTEGER NOT NULL -- of these, in which nothing was found
) STRICT;
INSERT INTO selftest VALUES(1,'0000000000000000000000000000000a','2024-05-04T08:00:00.000Z','failed',4000,'0.1.0','a1c04f2','builder','6.1.0','pmacrash selftest',1,2,2);
CREATE TABLE barrier (
    selftest INTEGER NOT NULL REFERENCES selftest (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    copying TEXT NOT NULL,
    caught INTEGER NOT NULL,
    hit INTEGER NOT NULL,
    oracle TEXT NOT NULL,
    verdict TEXT NOT NULL,
    scenario TEXT NOT NULL, -- in which it was caught
    error TEXT NOT NULL,
    plays INTEGER NOT NULL,
    recoveries INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL,
    PRIMARY KEY (selftest, name, copying)
) STRICT, WITHOUT ROWID;
INSERT INTO barrier VALUES(1,'pma/create/sync','eager',1,1,'legal snapshot','refused','create','',1,6,20);
INSERT INTO barrier VALUES(1,'pma/sync/parent','eager',0,0,'','','','',0,0,0);
CREATE INDEX coverage_by_point ON coverage (point);
CREATE INDEX violation_by_scenario ON violation (scenario);
CREATE INDEX run_by_arguments ON run (arguments);
CREATE INDEX scenario_sums ON scenario
    (run, crash_points, states, covered, recoveries, violations, complete, plays);
CREATE VIEW v_interface AS
SELECT 1 AS version;
CREATE VIEW v_run AS
SELECT run.id AS run,
       run.uuid,
       run.started,
       coalesce(run.outcome, 'interrupted') AS outcome,
       run.outcome IS NOT NULL AS finished,
       run.milliseconds,
       run.version,
       run.revision,
       run.host,
       run.kernel,
       run.command,
       run.model,
       run.search,
       run.plan,
       run.seed,
       run.jobs,
       count(scenario.id) AS scenarios,
       coalesce(sum(scenario.crash_points), 0) AS crash_points,
       total(scenario.states) AS states,
       total(scenario.covered) AS covered,
       coalesce(sum(scenario.recoveries), 0) AS recoveries,
       coalesce(sum(scenario.violations), 0) AS violations,
       run.outcome IS NOT NULL AND NOT run.more AND coalesce(min(scenario.complete), 0) AS complete,
       run.depth,
       coalesce(sum(scenario.plays), 0) AS plays,
       run.arguments,
       run.subcommand,
       run.selection,
       run.mode,
       run.kills,
       run.grain,
       run.copying,
       run.sweep,
       run.errors,
       run.points,
       run.budget_ms,
       run.kept_for
FROM run
LEFT JOIN scenario ON scenario.run = run.id
GROUP BY run.id;
CREATE VIEW v_scenario AS
SELECT scenario.run,
       scenario.id AS scenario_id,
       scenario.name AS scenario,
       scenario.description,
       scenario.file,
       scenario.outcome,
       scenario.error,
       scenario.complete,
       scenario.crash_points,
       scenario.states,
       scenario.covered,
       scenario.paths,
       scenario.recoveries,
       scenario.violations,
       scenario.images_twice,
       scenario.compared_points,
       scenario.compared_states,
       scenario.brute_recoveries,
       scenario.disagreements,
       scenario.trace_events,
       scenario.trace_bytes,
       scenario.memory_bytes,
       scenario.record_ms,
       scenario.explore_ms,
       scenario.text,
       scenario.copying,
       scenario.model,
       scenario.plays,
       scenario.stopped,
       scenario.recordings,
       scenario.searched,
       run.grain
FROM scenario
JOIN run ON run.id = scenario.run;
CREATE VIEW v_coverage AS
WITH listed AS (
    SELECT scenario.run,
           coverage.point,
           sum(coverage.hits) AS hits,
           sum(coverage.crashed_at) AS crashed_at,
           sum(coverage.hits > 0) AS scenarios_hit,
           sum(coverage.crashed_at > 0) AS scenarios_crashed
    FROM scenario
    CROSS JOIN coverage ON coverage.scenario = scenario.id
    GROUP BY scenario.run, coverage.point
    UNION ALL
    SELECT run.id, fault_point.name, 0, 0, 0, 0
    FROM run
    CROSS JOIN fault_point
    WHERE NOT EXISTS (
        SELECT 1
        FROM scenario
        CROSS JOIN coverage ON coverage.scenario = scenario.id AND coverage.point = fault_point.name
        WHERE scenario.run = run.id
    )
)
SELECT listed.run,
       listed.point,
       coalesce(fault_point.kind, '') AS kind,
       coalesce(fault_point.description, '') AS description,
       fault_point.name IS NOT NULL AS known,
       listed.hits,
       listed.crashed_at,
       listed.scenarios_hit,
       listed.scenarios_crashed
FROM listed
LEFT JOIN fault_point ON fault_point.name = listed.point;
CREATE VIEW v_total AS
SELECT scenario.run,
       scenario.id AS scenario_id,
       scenario.name AS scenario,
       total.location,
       total.model,
       total.verdict,
       total.points,
       total.paths,
       total.recoveries,
       total.states,
       total.nanoseconds / 1e6 AS milliseconds,
       scenario.copying
FROM total
JOIN scenario ON scenario.id = total.scenario;
CREATE VIEW v_violation AS
SELECT violation.id AS violation,
       scenario.run,
       scenario.id AS scenario_id,
       scenario.name AS scenario,
       violation.model,
       violation.verdict,
       violation.status,
       violation.message,
       violation.finding,
       CASE WHEN instr(violation.finding, ':') > 0
            THEN substr(violation.finding, 1, instr(violation.finding, ':') - 1)
            ELSE '' END AS invariant,
       violation.location,
       violation.side,
       violation.point,
       violation.hit,
       violation.step,
       violation.timeline,
       violation.explanation,
       violation.legal,
       violation.known,
       violation.state,
       violation.settings,
       violation.image_bytes,
       length(violation.image) AS stored_bytes,
       scenario.copying,
       violation.broken_rows,
       violation.shrunk_pages,
       violation.measured,
       violation.shrunk_steps,
       violation.steps,
       violation.reduced,
       violation.depth,
       violation.earlier,
       violation.fault,
       run.grain
FROM violation
JOIN scenario ON scenario.id = violation.scenario
JOIN run ON run.id = scenario.run;
CREATE VIEW v_nested AS
SELECT scenario.run,
       scenario.id AS scenario_id,
       scenario.name AS scenario,
       scenario.copying,
       scenario.model,
       nested.depth,
       nested.power_failures,
       nested.kills,
       nested.crash_points,
       nested.states,
       nested.covered,
       nested.paths,
       nested.recoveries,
       nested.violations
FROM nested
JOIN scenario ON scenario.id = nested.scenario;
CREATE VIEW v_selftest AS
SELECT selftest.id AS selftest,
       selftest.uuid,
       selftest.started,
       selftest.outcome,
       selftest.milliseconds,
       selftest.version,
       selftest.revision,
       selftest.host,
       selftest.kernel,
       selftest.command,
       selftest.whole,
       count(barrier.name) AS barriers,
       coalesce(sum(barrier.caught), 0) AS caught,
       selftest.plays,
       selftest.plays_clean
FROM selftest
LEFT JOIN barrier ON barrier.selftest = selftest.id
GROUP BY selftest.id;
CREATE VIEW v_barrier AS
SELECT barrier.selftest,
       barrier.name AS barrier,
       barrier.copying,
       barrier.caught,
       barrier.hit,
       barrier.oracle,
       barrier.verdict,
       barrier.scenario,
       barrier.error,
       barrier.plays,
       barrier.recoveries,
       barrier.milliseconds
FROM barrier;
COMMIT;

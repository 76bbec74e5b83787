-- SPDX-License-Identifier: MIT
-- Five runs and a self-test as sqlite3's `.dump` writes them: the database that the questions of docs/results.md are put to.
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
INSERT INTO run VALUES(1,'00000000000000000000000000000001','2024-06-03T02:00:00.000Z','clean',812,'0.1.0','a1c04f2','builder','6.1.0-13-amd64','pmacrash run create first-snapshot heap-first-object','power-loss','lazy','','1',2,1,'run --mode=0 --kills=0 --model=2 --search=0 --grain=0 --copying=2 --depth=1 --bound=64 --brute-limit=65536 --tear-limit=256 --seed=1 --sweep=0 --isolate=0 --time-limit=10000 --record-limit=120000 --max-violations=20 --shrink=3 ''create'' ''first-snapshot'' ''heap-first-object''',0,'run','create first-snapshot heap-first-object','simulate',0,'call','both','none','','',NULL,'');
INSERT INTO run VALUES(2,'00000000000000000000000000000002','2024-06-04T02:00:00.000Z','violations',644,'0.1.0','b77e910','builder','6.1.0-13-amd64','pmacrash run first-snapshot heap-first-object --fault pma/sync/blocks:skip --max-violations 2 --copying eager','power-loss','lazy','pma/sync/blocks:skip','1',2,1,'run --mode=0 --kills=0 --model=2 --search=0 --grain=0 --copying=0 --depth=1 --bound=64 --brute-limit=65536 --tear-limit=256 --seed=1 --fault=''pma/sync/blocks:skip'' --sweep=0 --isolate=0 --time-limit=10000 --record-limit=120000 --max-violations=2 --shrink=3 ''first-snapshot'' ''heap-first-object''',0,'run','first-snapshot heap-first-object','simulate',0,'call','eager','none','','',NULL,'');
INSERT INTO run VALUES(3,'00000000000000000000000000000003','2024-06-05T02:00:00.000Z','incomplete',2140,'0.1.0','c20d5aa','builder','6.1.0-13-amd64','pmacrash run create first-snapshot --model power-loss,torn,lying-disk,media --copying eager --tear-limit 16','power-loss,torn,lying-disk,media','lazy','','1',2,1,'run --mode=0 --kills=0 --model=54 --search=0 --grain=0 --copying=0 --depth=1 --bound=64 --brute-limit=65536 --tear-limit=16 --seed=1 --sweep=0 --isolate=0 --time-limit=10000 --record-limit=120000 --max-violations=20 --shrink=3 ''create'' ''first-snapshot''',0,'run','create first-snapshot','simulate',0,'call','eager','none','','',NULL,'');
INSERT INTO run VALUES(4,'00000000000000000000000000000004','2024-06-06T02:00:00.000Z','clean',960,'0.1.0','c20d5aa','builder','6.1.0-13-amd64','pmacrash run first-snapshot --depth 2 --copying eager','power-loss','lazy','','1',2,2,'run --mode=0 --kills=0 --model=2 --search=0 --grain=0 --copying=0 --depth=2 --bound=64 --brute-limit=65536 --tear-limit=256 --seed=1 --sweep=0 --isolate=0 --time-limit=10000 --record-limit=120000 --max-violations=20 --shrink=3 ''first-snapshot''',0,'run','first-snapshot','simulate',0,'call','eager','none','','',NULL,'');
INSERT INTO run VALUES(5,'00000000000000000000000000000005','2024-06-07T02:00:00.000Z','failed',903,'0.1.0','d91b3e8','builder','6.1.0-13-amd64','pmacrash run create first-snapshot heap-first-object --budget 5m','power-loss','lazy','','1',2,1,'run --mode=0 --kills=0 --model=2 --search=0 --grain=0 --copying=2 --depth=1 --bound=64 --brute-limit=65536 --tear-limit=256 --seed=1 --sweep=0 --isolate=0 --time-limit=10000 --record-limit=120000 --max-violations=20 --shrink=3 ''create'' ''first-snapshot'' ''heap-first-object''',0,'run','create first-snapshot heap-first-object','simulate',0,'call','both','none','','',300000,'');
CREATE TABLE fault_point (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    description TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO fault_point VALUES('pma/close','plain','close the arena file');
INSERT INTO fault_point VALUES('pma/copy/read','plain','read blocks of a snapshot that is copied');
INSERT INTO fault_point VALUES('pma/copy/write','ordered','write blocks of the copy');
INSERT INTO fault_point VALUES('pma/cow/copy','ordered','copy pages to fresh blocks');
INSERT INTO fault_point VALUES('pma/cow/private','plain','keep a page in private memory');
INSERT INTO fault_point VALUES('pma/create/grow','ordered','reserve the first blocks');
INSERT INTO fault_point VALUES('pma/create/lock','plain','lock the new file');
INSERT INTO fault_point VALUES('pma/create/meta','ordered','write the first meta page');
INSERT INTO fault_point VALUES('pma/create/open','plain','make the new file under its temporary name');
INSERT INTO fault_point VALUES('pma/create/rename','ordered','give the new file its name');
INSERT INTO fault_point VALUES('pma/create/sync','barrier','sync the new file before it gets its name');
INSERT INTO fault_point VALUES('pma/dir/memory','plain','get memory for tree nodes');
INSERT INTO fault_point VALUES('pma/dir/read','plain','read a tree node');
INSERT INTO fault_point VALUES('pma/dir/write','ordered','write a tree node to a fresh block');
INSERT INTO fault_point VALUES('pma/evict/private','ordered','write an ephemeral page to a block');
INSERT INTO fault_point VALUES('pma/evict/refault','plain','read an ephemeral page back');
INSERT INTO fault_point VALUES('pma/evict/writeback','ordered','push dirty pages to their blocks');
INSERT INTO fault_point VALUES('pma/grow','ordered','make the file longer, blocks reserved');
INSERT INTO fault_point VALUES('pma/lazy/arm','plain','have the kernel note stores to pages');
INSERT INTO fault_point VALUES('pma/lazy/open','plain','get what lazy copying needs of the kernel');
INSERT INTO fault_point VALUES('pma/lazy/scan','plain','ask the kernel which pages were stored to');
INSERT INTO fault_point VALUES('pma/map','plain','map blocks at their pages');
INSERT INTO fault_point VALUES('pma/meta/write','ordered','write the meta record of a snapshot');
INSERT INTO fault_point VALUES('pma/move/remap','plain','move a mapping to another address');
INSERT INTO fault_point VALUES('pma/open/file','plain','open the arena file');
INSERT INTO fault_point VALUES('pma/open/lock','plain','lock the arena file');
INSERT INTO fault_point VALUES('pma/open/reserve','plain','reserve the address range');
INSERT INTO fault_point VALUES('pma/private/write','ordered','write private pages to fresh blocks');
INSERT INTO fault_point VALUES('pma/protect','plain','write-protect pages before a snapshot');
INSERT INTO fault_point VALUES('pma/recover/meta','ordered','write the chosen meta record again');
INSERT INTO fault_point VALUES('pma/recover/read','plain','read the meta pages');
INSERT INTO fault_point VALUES('pma/recover/space','plain','read the trees to derive the free blocks');
INSERT INTO fault_point VALUES('pma/recover/sync','barrier','sync the file before open returns');
INSERT INTO fault_point VALUES('pma/recover/sync-parent','barrier','sync the directory before open returns');
INSERT INTO fault_point VALUES('pma/relocate/read','plain','read blocks that move in the file');
INSERT INTO fault_point VALUES('pma/relocate/write','ordered','write blocks where they move to');
INSERT INTO fault_point VALUES('pma/shrink/truncate','ordered','cut the end of the file off');
INSERT INTO fault_point VALUES('pma/sync/blocks','barrier','sync data and tree nodes before the meta page');
INSERT INTO fault_point VALUES('pma/sync/meta','barrier','sync the meta page before success is reported');
INSERT INTO fault_point VALUES('pma/sync/parent','barrier','sync the directory after the rename');
INSERT INTO fault_point VALUES('pma/unmap','plain','give a mapping back to the reserved range');
INSERT INTO fault_point VALUES('pma/view/ask','plain','ask which snapshots views hold');
INSERT INTO fault_point VALUES('pma/view/hide','plain','lock an attempt, so that no view takes it yet');
INSERT INTO fault_point VALUES('pma/view/hold','plain','lock a snapshot for a view');
INSERT INTO fault_point VALUES('pma/view/read','plain','read the meta pages for a view');
CREATE TABLE coverage (
    scenario INTEGER NOT NULL REFERENCES scenario (id) ON DELETE CASCADE,
    point TEXT NOT NULL,
    hits INTEGER NOT NULL,
    crashed_at INTEGER NOT NULL,
    PRIMARY KEY (scenario, point)
) STRICT, WITHOUT ROWID;
INSERT INTO coverage VALUES(1,'pma/close',1,2);
INSERT INTO coverage VALUES(1,'pma/dir/memory',10,20);
INSERT INTO coverage VALUES(1,'pma/dir/read',6,12);
INSERT INTO coverage VALUES(1,'pma/dir/write',2,8);
INSERT INTO coverage VALUES(1,'pma/grow',2,4);
INSERT INTO coverage VALUES(1,'pma/lazy/arm',8,17);
INSERT INTO coverage VALUES(1,'pma/lazy/open',2,4);
INSERT INTO coverage VALUES(1,'pma/lazy/scan',2,4);
INSERT INTO coverage VALUES(1,'pma/map',8,16);
INSERT INTO coverage VALUES(1,'pma/meta/write',2,4);
INSERT INTO coverage VALUES(1,'pma/open/file',2,4);
INSERT INTO coverage VALUES(1,'pma/open/lock',2,4);
INSERT INTO coverage VALUES(1,'pma/open/reserve',2,4);
INSERT INTO coverage VALUES(1,'pma/private/write',2,7);
INSERT INTO coverage VALUES(1,'pma/recover/meta',2,4);
INSERT INTO coverage VALUES(1,'pma/recover/read',2,4);
INSERT INTO coverage VALUES(1,'pma/recover/space',2,4);
INSERT INTO coverage VALUES(1,'pma/recover/sync',2,6);
INSERT INTO coverage VALUES(1,'pma/recover/sync-parent',2,6);
INSERT INTO coverage VALUES(1,'pma/sync/blocks',2,6);
INSERT INTO coverage VALUES(1,'pma/sync/meta',2,6);
INSERT INTO coverage VALUES(1,'pma/view/ask',4,12);
INSERT INTO coverage VALUES(1,'pma/view/hide',2,4);
INSERT INTO coverage VALUES(2,'pma/close',1,2);
INSERT INTO coverage VALUES(2,'pma/cow/copy',7,14);
INSERT INTO coverage VALUES(2,'pma/dir/memory',10,20);
INSERT INTO coverage VALUES(2,'pma/dir/read',6,12);
INSERT INTO coverage VALUES(2,'pma/dir/write',2,8);
INSERT INTO coverage VALUES(2,'pma/grow',2,6);
INSERT INTO coverage VALUES(2,'pma/map',12,24);
INSERT INTO coverage VALUES(2,'pma/meta/write',2,4);
INSERT INTO coverage VALUES(2,'pma/open/file',2,4);
INSERT INTO coverage VALUES(2,'pma/open/lock',2,4);
INSERT INTO coverage VALUES(2,'pma/open/reserve',2,4);
INSERT INTO coverage VALUES(2,'pma/protect',4,8);
INSERT INTO coverage VALUES(2,'pma/recover/meta',2,4);
INSERT INTO coverage VALUES(2,'pma/recover/read',2,4);
INSERT INTO coverage VALUES(2,'pma/recover/space',2,4);
INSERT INTO coverage VALUES(2,'pma/recover/sync',2,6);
INSERT INTO coverage VALUES(2,'pma/recover/sync-parent',2,6);
INSERT INTO coverage VALUES(2,'pma/sync/blocks',2,6);
INSERT INTO coverage VALUES(2,'pma/sync/meta',2,6);
INSERT INTO coverage VALUES(2,'pma/view/ask',4,12);
INSERT INTO coverage VALUES(2,'pma/view/hide',2,4);
INSERT INTO coverage VALUES(3,'pma/close',1,2);
INSERT INTO coverage VALUES(3,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(3,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(3,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(3,'pma/create/open',1,2);
INSERT INTO coverage VALUES(3,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(3,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(3,'pma/dir/memory',5,10);
INSERT INTO coverage VALUES(3,'pma/dir/write',1,3);
INSERT INTO coverage VALUES(3,'pma/grow',2,4);
INSERT INTO coverage VALUES(3,'pma/lazy/arm',1,3);
INSERT INTO coverage VALUES(3,'pma/lazy/open',1,2);
INSERT INTO coverage VALUES(3,'pma/lazy/scan',1,2);
INSERT INTO coverage VALUES(3,'pma/map',1,2);
INSERT INTO coverage VALUES(3,'pma/meta/write',1,2);
INSERT INTO coverage VALUES(3,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(3,'pma/private/write',1,3);
INSERT INTO coverage VALUES(3,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(3,'pma/sync/blocks',1,3);
INSERT INTO coverage VALUES(3,'pma/sync/meta',1,3);
INSERT INTO coverage VALUES(3,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(3,'pma/view/ask',2,5);
INSERT INTO coverage VALUES(3,'pma/view/hide',1,2);
INSERT INTO coverage VALUES(4,'pma/close',1,2);
INSERT INTO coverage VALUES(4,'pma/cow/copy',2,4);
INSERT INTO coverage VALUES(4,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(4,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(4,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(4,'pma/create/open',1,2);
INSERT INTO coverage VALUES(4,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(4,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(4,'pma/dir/memory',5,10);
INSERT INTO coverage VALUES(4,'pma/dir/write',1,3);
INSERT INTO coverage VALUES(4,'pma/grow',2,4);
INSERT INTO coverage VALUES(4,'pma/map',2,4);
INSERT INTO coverage VALUES(4,'pma/meta/write',1,2);
INSERT INTO coverage VALUES(4,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(4,'pma/protect',1,2);
INSERT INTO coverage VALUES(4,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(4,'pma/sync/blocks',1,3);
INSERT INTO coverage VALUES(4,'pma/sync/meta',1,3);
INSERT INTO coverage VALUES(4,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(4,'pma/view/ask',2,5);
INSERT INTO coverage VALUES(4,'pma/view/hide',1,2);
INSERT INTO coverage VALUES(5,'pma/close',1,2);
INSERT INTO coverage VALUES(5,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(5,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(5,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(5,'pma/create/open',1,2);
INSERT INTO coverage VALUES(5,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(5,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(5,'pma/dir/memory',1,2);
INSERT INTO coverage VALUES(5,'pma/lazy/open',1,2);
INSERT INTO coverage VALUES(5,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(5,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(5,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(5,'pma/view/ask',1,2);
INSERT INTO coverage VALUES(6,'pma/close',1,2);
INSERT INTO coverage VALUES(6,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(6,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(6,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(6,'pma/create/open',1,2);
INSERT INTO coverage VALUES(6,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(6,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(6,'pma/dir/memory',1,2);
INSERT INTO coverage VALUES(6,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(6,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(6,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(6,'pma/view/ask',1,2);
INSERT INTO coverage VALUES(7,'pma/close',1,0);
INSERT INTO coverage VALUES(7,'pma/cow/copy',7,6);
INSERT INTO coverage VALUES(7,'pma/dir/memory',10,10);
INSERT INTO coverage VALUES(7,'pma/dir/read',6,0);
INSERT INTO coverage VALUES(7,'pma/dir/write',2,3);
INSERT INTO coverage VALUES(7,'pma/grow',2,4);
INSERT INTO coverage VALUES(7,'pma/map',12,6);
INSERT INTO coverage VALUES(7,'pma/meta/write',2,2);
INSERT INTO coverage VALUES(7,'pma/open/file',2,2);
INSERT INTO coverage VALUES(7,'pma/open/lock',2,2);
INSERT INTO coverage VALUES(7,'pma/open/reserve',2,2);
INSERT INTO coverage VALUES(7,'pma/protect',4,4);
INSERT INTO coverage VALUES(7,'pma/recover/meta',2,2);
INSERT INTO coverage VALUES(7,'pma/recover/read',2,2);
INSERT INTO coverage VALUES(7,'pma/recover/space',2,2);
INSERT INTO coverage VALUES(7,'pma/recover/sync',2,3);
INSERT INTO coverage VALUES(7,'pma/recover/sync-parent',2,3);
INSERT INTO coverage VALUES(7,'pma/sync/blocks',2,2);
INSERT INTO coverage VALUES(7,'pma/sync/meta',2,0);
INSERT INTO coverage VALUES(7,'pma/view/ask',4,3);
INSERT INTO coverage VALUES(7,'pma/view/hide',2,2);
INSERT INTO coverage VALUES(8,'pma/close',1,0);
INSERT INTO coverage VALUES(8,'pma/cow/copy',2,4);
INSERT INTO coverage VALUES(8,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(8,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(8,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(8,'pma/create/open',1,2);
INSERT INTO coverage VALUES(8,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(8,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(8,'pma/dir/memory',5,10);
INSERT INTO coverage VALUES(8,'pma/dir/write',1,3);
INSERT INTO coverage VALUES(8,'pma/grow',2,4);
INSERT INTO coverage VALUES(8,'pma/map',2,4);
INSERT INTO coverage VALUES(8,'pma/meta/write',1,2);
INSERT INTO coverage VALUES(8,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(8,'pma/protect',1,2);
INSERT INTO coverage VALUES(8,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(8,'pma/sync/blocks',1,2);
INSERT INTO coverage VALUES(8,'pma/sync/meta',1,0);
INSERT INTO coverage VALUES(8,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(8,'pma/view/ask',2,2);
INSERT INTO coverage VALUES(8,'pma/view/hide',1,2);
INSERT INTO coverage VALUES(9,'pma/close',1,2);
INSERT INTO coverage VALUES(9,'pma/cow/copy',2,4);
INSERT INTO coverage VALUES(9,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(9,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(9,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(9,'pma/create/open',1,2);
INSERT INTO coverage VALUES(9,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(9,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(9,'pma/dir/memory',5,10);
INSERT INTO coverage VALUES(9,'pma/dir/write',1,3);
INSERT INTO coverage VALUES(9,'pma/grow',2,4);
INSERT INTO coverage VALUES(9,'pma/map',2,4);
INSERT INTO coverage VALUES(9,'pma/meta/write',1,2);
INSERT INTO coverage VALUES(9,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(9,'pma/protect',1,2);
INSERT INTO coverage VALUES(9,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(9,'pma/sync/blocks',1,3);
INSERT INTO coverage VALUES(9,'pma/sync/meta',1,3);
INSERT INTO coverage VALUES(9,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(9,'pma/view/ask',2,5);
INSERT INTO coverage VALUES(9,'pma/view/hide',1,2);
INSERT INTO coverage VALUES(10,'pma/close',1,2);
INSERT INTO coverage VALUES(10,'pma/cow/copy',2,4);
INSERT INTO coverage VALUES(10,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(10,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(10,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(10,'pma/create/open',1,2);
INSERT INTO coverage VALUES(10,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(10,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(10,'pma/dir/memory',5,10);
INSERT INTO coverage VALUES(10,'pma/dir/write',1,3);
INSERT INTO coverage VALUES(10,'pma/grow',2,4);
INSERT INTO coverage VALUES(10,'pma/map',2,4);
INSERT INTO coverage VALUES(10,'pma/meta/write',1,2);
INSERT INTO coverage VALUES(10,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(10,'pma/protect',1,2);
INSERT INTO coverage VALUES(10,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(10,'pma/sync/blocks',1,3);
INSERT INTO coverage VALUES(10,'pma/sync/meta',1,3);
INSERT INTO coverage VALUES(10,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(10,'pma/view/ask',2,5);
INSERT INTO coverage VALUES(10,'pma/view/hide',1,2);
INSERT INTO coverage VALUES(11,'pma/close',1,2);
INSERT INTO coverage VALUES(11,'pma/cow/copy',2,4);
INSERT INTO coverage VALUES(11,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(11,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(11,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(11,'pma/create/open',1,2);
INSERT INTO coverage VALUES(11,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(11,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(11,'pma/dir/memory',5,10);
INSERT INTO coverage VALUES(11,'pma/dir/write',1,3);
INSERT INTO coverage VALUES(11,'pma/grow',2,4);
INSERT INTO coverage VALUES(11,'pma/map',2,4);
INSERT INTO coverage VALUES(11,'pma/meta/write',1,2);
INSERT INTO coverage VALUES(11,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(11,'pma/protect',1,2);
INSERT INTO coverage VALUES(11,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(11,'pma/sync/blocks',1,3);
INSERT INTO coverage VALUES(11,'pma/sync/meta',1,3);
INSERT INTO coverage VALUES(11,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(11,'pma/view/ask',2,5);
INSERT INTO coverage VALUES(11,'pma/view/hide',1,2);
INSERT INTO coverage VALUES(12,'pma/close',1,2);
INSERT INTO coverage VALUES(12,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(12,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(12,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(12,'pma/create/open',1,2);
INSERT INTO coverage VALUES(12,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(12,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(12,'pma/dir/memory',1,2);
INSERT INTO coverage VALUES(12,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(12,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(12,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(12,'pma/view/ask',1,2);
INSERT INTO coverage VALUES(13,'pma/close',1,2);
INSERT INTO coverage VALUES(13,'pma/cow/copy',2,4);
INSERT INTO coverage VALUES(13,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(13,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(13,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(13,'pma/create/open',1,2);
INSERT INTO coverage VALUES(13,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(13,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(13,'pma/dir/memory',5,10);
INSERT INTO coverage VALUES(13,'pma/dir/write',1,3);
INSERT INTO coverage VALUES(13,'pma/grow',2,4);
INSERT INTO coverage VALUES(13,'pma/map',2,4);
INSERT INTO coverage VALUES(13,'pma/meta/write',1,2);
INSERT INTO coverage VALUES(13,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(13,'pma/protect',1,2);
INSERT INTO coverage VALUES(13,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(13,'pma/sync/blocks',1,3);
INSERT INTO coverage VALUES(13,'pma/sync/meta',1,3);
INSERT INTO coverage VALUES(13,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(13,'pma/view/ask',2,5);
INSERT INTO coverage VALUES(13,'pma/view/hide',1,2);
INSERT INTO coverage VALUES(14,'pma/close',1,2);
INSERT INTO coverage VALUES(14,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(14,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(14,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(14,'pma/create/open',1,2);
INSERT INTO coverage VALUES(14,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(14,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(14,'pma/dir/memory',1,2);
INSERT INTO coverage VALUES(14,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(14,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(14,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(14,'pma/view/ask',1,2);
INSERT INTO coverage VALUES(15,'pma/close',1,2);
INSERT INTO coverage VALUES(15,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(15,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(15,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(15,'pma/create/open',1,2);
INSERT INTO coverage VALUES(15,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(15,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(15,'pma/dir/memory',1,2);
INSERT INTO coverage VALUES(15,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(15,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(15,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(15,'pma/view/ask',1,2);
INSERT INTO coverage VALUES(16,'pma/close',1,2);
INSERT INTO coverage VALUES(16,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(16,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(16,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(16,'pma/create/open',1,2);
INSERT INTO coverage VALUES(16,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(16,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(16,'pma/dir/memory',1,2);
INSERT INTO coverage VALUES(16,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(16,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(16,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(16,'pma/view/ask',1,2);
INSERT INTO coverage VALUES(17,'pma/close',1,2);
INSERT INTO coverage VALUES(17,'pma/cow/copy',2,4);
INSERT INTO coverage VALUES(17,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(17,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(17,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(17,'pma/create/open',1,2);
INSERT INTO coverage VALUES(17,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(17,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(17,'pma/dir/memory',5,10);
INSERT INTO coverage VALUES(17,'pma/dir/write',1,3);
INSERT INTO coverage VALUES(17,'pma/grow',2,4);
INSERT INTO coverage VALUES(17,'pma/map',2,4);
INSERT INTO coverage VALUES(17,'pma/meta/write',1,2);
INSERT INTO coverage VALUES(17,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(17,'pma/protect',1,2);
INSERT INTO coverage VALUES(17,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(17,'pma/sync/blocks',1,3);
INSERT INTO coverage VALUES(17,'pma/sync/meta',1,3);
INSERT INTO coverage VALUES(17,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(17,'pma/view/ask',2,5);
INSERT INTO coverage VALUES(17,'pma/view/hide',1,2);
INSERT INTO coverage VALUES(18,'pma/close',1,2);
INSERT INTO coverage VALUES(18,'pma/dir/memory',10,20);
INSERT INTO coverage VALUES(18,'pma/dir/read',6,12);
INSERT INTO coverage VALUES(18,'pma/dir/write',2,8);
INSERT INTO coverage VALUES(18,'pma/grow',2,4);
INSERT INTO coverage VALUES(18,'pma/lazy/arm',8,17);
INSERT INTO coverage VALUES(18,'pma/lazy/open',2,4);
INSERT INTO coverage VALUES(18,'pma/lazy/scan',2,4);
INSERT INTO coverage VALUES(18,'pma/map',8,16);
INSERT INTO coverage VALUES(18,'pma/meta/write',2,4);
INSERT INTO coverage VALUES(18,'pma/open/file',2,4);
INSERT INTO coverage VALUES(18,'pma/open/lock',2,4);
INSERT INTO coverage VALUES(18,'pma/open/reserve',2,4);
INSERT INTO coverage VALUES(18,'pma/private/write',2,7);
INSERT INTO coverage VALUES(18,'pma/recover/meta',2,4);
INSERT INTO coverage VALUES(18,'pma/recover/read',2,4);
INSERT INTO coverage VALUES(18,'pma/recover/space',2,4);
INSERT INTO coverage VALUES(18,'pma/recover/sync',2,6);
INSERT INTO coverage VALUES(18,'pma/recover/sync-parent',2,6);
INSERT INTO coverage VALUES(18,'pma/sync/blocks',2,6);
INSERT INTO coverage VALUES(18,'pma/sync/meta',2,6);
INSERT INTO coverage VALUES(18,'pma/view/ask',4,12);
INSERT INTO coverage VALUES(18,'pma/view/hide',2,4);
INSERT INTO coverage VALUES(19,'pma/close',1,2);
INSERT INTO coverage VALUES(19,'pma/cow/copy',7,14);
INSERT INTO coverage VALUES(19,'pma/dir/memory',10,20);
INSERT INTO coverage VALUES(19,'pma/dir/read',6,12);
INSERT INTO coverage VALUES(19,'pma/dir/write',2,8);
INSERT INTO coverage VALUES(19,'pma/grow',2,6);
INSERT INTO coverage VALUES(19,'pma/map',12,24);
INSERT INTO coverage VALUES(19,'pma/meta/write',2,4);
INSERT INTO coverage VALUES(19,'pma/open/file',2,4);
INSERT INTO coverage VALUES(19,'pma/open/lock',2,4);
INSERT INTO coverage VALUES(19,'pma/open/reserve',2,4);
INSERT INTO coverage VALUES(19,'pma/protect',4,8);
INSERT INTO coverage VALUES(19,'pma/recover/meta',2,4);
INSERT INTO coverage VALUES(19,'pma/recover/read',2,4);
INSERT INTO coverage VALUES(19,'pma/recover/space',2,4);
INSERT INTO coverage VALUES(19,'pma/recover/sync',2,6);
INSERT INTO coverage VALUES(19,'pma/recover/sync-parent',2,6);
INSERT INTO coverage VALUES(19,'pma/sync/blocks',2,6);
INSERT INTO coverage VALUES(19,'pma/sync/meta',2,6);
INSERT INTO coverage VALUES(19,'pma/view/ask',4,12);
INSERT INTO coverage VALUES(19,'pma/view/hide',2,4);
INSERT INTO coverage VALUES(20,'pma/close',1,2);
INSERT INTO coverage VALUES(20,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(20,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(20,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(20,'pma/create/open',1,2);
INSERT INTO coverage VALUES(20,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(20,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(20,'pma/dir/memory',5,10);
INSERT INTO coverage VALUES(20,'pma/dir/write',1,3);
INSERT INTO coverage VALUES(20,'pma/grow',2,4);
INSERT INTO coverage VALUES(20,'pma/lazy/arm',1,3);
INSERT INTO coverage VALUES(20,'pma/lazy/open',1,2);
INSERT INTO coverage VALUES(20,'pma/lazy/scan',1,2);
INSERT INTO coverage VALUES(20,'pma/map',1,2);
INSERT INTO coverage VALUES(20,'pma/meta/write',1,2);
INSERT INTO coverage VALUES(20,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(20,'pma/private/write',1,3);
INSERT INTO coverage VALUES(20,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(20,'pma/sync/blocks',1,3);
INSERT INTO coverage VALUES(20,'pma/sync/meta',1,3);
INSERT INTO coverage VALUES(20,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(20,'pma/view/ask',2,5);
INSERT INTO coverage VALUES(20,'pma/view/hide',1,2);
INSERT INTO coverage VALUES(22,'pma/close',1,2);
INSERT INTO coverage VALUES(22,'pma/cow/copy',2,4);
INSERT INTO coverage VALUES(22,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(22,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(22,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(22,'pma/create/open',1,2);
INSERT INTO coverage VALUES(22,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(22,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(22,'pma/dir/memory',5,10);
INSERT INTO coverage VALUES(22,'pma/dir/write',1,3);
INSERT INTO coverage VALUES(22,'pma/grow',2,4);
INSERT INTO coverage VALUES(22,'pma/map',2,4);
INSERT INTO coverage VALUES(22,'pma/meta/write',1,2);
INSERT INTO coverage VALUES(22,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(22,'pma/protect',1,2);
INSERT INTO coverage VALUES(22,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(22,'pma/sync/blocks',1,3);
INSERT INTO coverage VALUES(22,'pma/sync/meta',1,3);
INSERT INTO coverage VALUES(22,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(22,'pma/view/ask',2,5);
INSERT INTO coverage VALUES(22,'pma/view/hide',1,2);
INSERT INTO coverage VALUES(23,'pma/close',1,2);
INSERT INTO coverage VALUES(23,'pma/create/grow',1,2);
INSERT INTO coverage VALUES(23,'pma/create/lock',1,2);
INSERT INTO coverage VALUES(23,'pma/create/meta',1,2);
INSERT INTO coverage VALUES(23,'pma/create/open',1,2);
INSERT INTO coverage VALUES(23,'pma/create/rename',1,3);
INSERT INTO coverage VALUES(23,'pma/create/sync',1,3);
INSERT INTO coverage VALUES(23,'pma/dir/memory',1,2);
INSERT INTO coverage VALUES(23,'pma/open/reserve',1,2);
INSERT INTO coverage VALUES(23,'pma/recover/space',1,2);
INSERT INTO coverage VALUES(23,'pma/sync/parent',1,4);
INSERT INTO coverage VALUES(23,'pma/view/ask',1,2);
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
INSERT INTO total VALUES(1,'close','power-loss','legal',9,9,0,9.0,360000);
INSERT INTO total VALUES(1,'pma/close','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(1,'pma/dir/memory','power-loss','legal',20,20,0,20.0,800000);
INSERT INTO total VALUES(1,'pma/dir/read','power-loss','legal',12,12,0,12.0,480000);
INSERT INTO total VALUES(1,'pma/dir/write','power-loss','legal',8,16,0,360.0,320000);
INSERT INTO total VALUES(1,'pma/grow','power-loss','legal',4,6,2,36.0,3560000);
INSERT INTO total VALUES(1,'pma/lazy/arm','power-loss','legal',17,17,0,17.0,680000);
INSERT INTO total VALUES(1,'pma/lazy/open','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(1,'pma/lazy/scan','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(1,'pma/map','power-loss','legal',16,16,0,16.0,640000);
INSERT INTO total VALUES(1,'pma/meta/write','power-loss','legal',4,6,2,6.0,3560000);
INSERT INTO total VALUES(1,'pma/open/file','power-loss','legal',4,4,1,4.0,1860000);
INSERT INTO total VALUES(1,'pma/open/lock','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(1,'pma/open/reserve','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(1,'pma/private/write','power-loss','legal',7,7,0,22.0,280000);
INSERT INTO total VALUES(1,'pma/recover/meta','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(1,'pma/recover/read','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(1,'pma/recover/space','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(1,'pma/recover/sync','power-loss','legal',6,6,0,6.0,240000);
INSERT INTO total VALUES(1,'pma/recover/sync-parent','power-loss','legal',6,6,0,6.0,240000);
INSERT INTO total VALUES(1,'pma/sync/blocks','power-loss','legal',6,10,0,386.0,240000);
INSERT INTO total VALUES(1,'pma/sync/meta','power-loss','legal',6,10,0,10.0,240000);
INSERT INTO total VALUES(1,'pma/view/ask','power-loss','legal',12,12,0,12.0,480000);
INSERT INTO total VALUES(1,'pma/view/hide','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(2,'close','power-loss','legal',8,8,0,8.0,320000);
INSERT INTO total VALUES(2,'madvise','power-loss','legal',23,26,0,137.0,920000);
INSERT INTO total VALUES(2,'munmap','power-loss','legal',2,2,0,18.0,80000);
INSERT INTO total VALUES(2,'pma/close','power-loss','legal',2,2,0,18.0,80000);
INSERT INTO total VALUES(2,'pma/cow/copy','power-loss','legal',14,16,0,54.0,560000);
INSERT INTO total VALUES(2,'pma/dir/memory','power-loss','legal',20,20,0,20.0,800000);
INSERT INTO total VALUES(2,'pma/dir/read','power-loss','legal',12,12,0,12.0,480000);
INSERT INTO total VALUES(2,'pma/dir/write','power-loss','legal',8,16,0,912.0,320000);
INSERT INTO total VALUES(2,'pma/grow','power-loss','legal',6,10,2,60.0,3640000);
INSERT INTO total VALUES(2,'pma/map','power-loss','legal',24,26,0,72.0,960000);
INSERT INTO total VALUES(2,'pma/meta/write','power-loss','legal',4,6,2,6.0,3560000);
INSERT INTO total VALUES(2,'pma/open/file','power-loss','legal',4,4,1,4.0,1860000);
INSERT INTO total VALUES(2,'pma/open/lock','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(2,'pma/open/reserve','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(2,'pma/protect','power-loss','legal',8,12,0,144.0,320000);
INSERT INTO total VALUES(2,'pma/recover/meta','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(2,'pma/recover/read','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(2,'pma/recover/space','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(2,'pma/recover/sync','power-loss','legal',6,6,0,6.0,240000);
INSERT INTO total VALUES(2,'pma/recover/sync-parent','power-loss','legal',6,6,0,6.0,240000);
INSERT INTO total VALUES(2,'pma/sync/blocks','power-loss','legal',6,10,0,962.0,240000);
INSERT INTO total VALUES(2,'pma/sync/meta','power-loss','legal',6,10,0,10.0,240000);
INSERT INTO total VALUES(2,'pma/view/ask','power-loss','legal',12,12,0,12.0,480000);
INSERT INTO total VALUES(2,'pma/view/hide','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(3,'close','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(3,'pma/close','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(3,'pma/create/grow','power-loss','legal',2,5,1,6.0,1780000);
INSERT INTO total VALUES(3,'pma/create/lock','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(3,'pma/create/meta','power-loss','legal',2,6,0,12.0,80000);
INSERT INTO total VALUES(3,'pma/create/open','power-loss','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(3,'pma/create/rename','power-loss','legal',3,10,2,10.0,3520000);
INSERT INTO total VALUES(3,'pma/create/sync','power-loss','legal',3,8,0,18.0,120000);
INSERT INTO total VALUES(3,'pma/dir/memory','power-loss','legal',10,18,0,18.0,400000);
INSERT INTO total VALUES(3,'pma/dir/write','power-loss','legal',3,9,0,84.0,120000);
INSERT INTO total VALUES(3,'pma/grow','power-loss','legal',4,8,2,23.0,3560000);
INSERT INTO total VALUES(3,'pma/lazy/arm','power-loss','legal',3,6,0,6.0,120000);
INSERT INTO total VALUES(3,'pma/lazy/open','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(3,'pma/lazy/scan','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(3,'pma/map','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(3,'pma/meta/write','power-loss','legal',2,3,1,3.0,1780000);
INSERT INTO total VALUES(3,'pma/open/reserve','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(3,'pma/private/write','power-loss','legal',3,6,0,14.0,120000);
INSERT INTO total VALUES(3,'pma/recover/space','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(3,'pma/sync/blocks','power-loss','legal',3,7,0,97.0,120000);
INSERT INTO total VALUES(3,'pma/sync/meta','power-loss','legal',3,5,0,5.0,120000);
INSERT INTO total VALUES(3,'pma/sync/parent','power-loss','legal',4,10,0,10.0,160000);
INSERT INTO total VALUES(3,'pma/view/ask','power-loss','legal',5,5,0,5.0,200000);
INSERT INTO total VALUES(3,'pma/view/hide','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(4,'close','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(4,'madvise','power-loss','legal',5,10,0,26.0,200000);
INSERT INTO total VALUES(4,'munmap','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(4,'pma/close','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(4,'pma/cow/copy','power-loss','legal',4,8,0,12.0,160000);
INSERT INTO total VALUES(4,'pma/create/grow','power-loss','legal',2,5,1,6.0,1780000);
INSERT INTO total VALUES(4,'pma/create/lock','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(4,'pma/create/meta','power-loss','legal',2,6,0,12.0,80000);
INSERT INTO total VALUES(4,'pma/create/open','power-loss','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(4,'pma/create/rename','power-loss','legal',3,10,2,10.0,3520000);
INSERT INTO total VALUES(4,'pma/create/sync','power-loss','legal',3,8,0,18.0,120000);
INSERT INTO total VALUES(4,'pma/dir/memory','power-loss','legal',10,18,0,18.0,400000);
INSERT INTO total VALUES(4,'pma/dir/write','power-loss','legal',3,9,0,84.0,120000);
INSERT INTO total VALUES(4,'pma/grow','power-loss','legal',4,8,2,23.0,3560000);
INSERT INTO total VALUES(4,'pma/map','power-loss','legal',4,8,0,12.0,160000);
INSERT INTO total VALUES(4,'pma/meta/write','power-loss','legal',2,3,1,3.0,1780000);
INSERT INTO total VALUES(4,'pma/open/reserve','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(4,'pma/protect','power-loss','legal',2,4,0,16.0,80000);
INSERT INTO total VALUES(4,'pma/recover/space','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(4,'pma/sync/blocks','power-loss','legal',3,7,0,97.0,120000);
INSERT INTO total VALUES(4,'pma/sync/meta','power-loss','legal',3,5,0,5.0,120000);
INSERT INTO total VALUES(4,'pma/sync/parent','power-loss','legal',4,10,0,10.0,160000);
INSERT INTO total VALUES(4,'pma/view/ask','power-loss','legal',5,5,0,5.0,200000);
INSERT INTO total VALUES(4,'pma/view/hide','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(5,'pma/close','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(5,'pma/create/grow','power-loss','legal',2,5,1,6.0,1780000);
INSERT INTO total VALUES(5,'pma/create/lock','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(5,'pma/create/meta','power-loss','legal',2,6,0,12.0,80000);
INSERT INTO total VALUES(5,'pma/create/open','power-loss','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(5,'pma/create/rename','power-loss','legal',3,10,2,10.0,3520000);
INSERT INTO total VALUES(5,'pma/create/sync','power-loss','legal',3,8,0,18.0,120000);
INSERT INTO total VALUES(5,'pma/dir/memory','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(5,'pma/lazy/open','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(5,'pma/open/reserve','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(5,'pma/recover/space','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(5,'pma/sync/parent','power-loss','legal',4,10,0,10.0,160000);
INSERT INTO total VALUES(5,'pma/view/ask','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(6,'pma/close','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(6,'pma/create/grow','power-loss','legal',2,5,1,6.0,1780000);
INSERT INTO total VALUES(6,'pma/create/lock','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(6,'pma/create/meta','power-loss','legal',2,6,0,12.0,80000);
INSERT INTO total VALUES(6,'pma/create/open','power-loss','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(6,'pma/create/rename','power-loss','legal',3,10,2,10.0,3520000);
INSERT INTO total VALUES(6,'pma/create/sync','power-loss','legal',3,8,0,18.0,120000);
INSERT INTO total VALUES(6,'pma/dir/memory','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(6,'pma/open/reserve','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(6,'pma/recover/space','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(6,'pma/sync/parent','power-loss','legal',4,10,0,10.0,160000);
INSERT INTO total VALUES(6,'pma/view/ask','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(7,'madvise','power-loss','legal',7,10,0,67.0,280000);
INSERT INTO total VALUES(7,'pma/cow/copy','power-loss','legal',6,8,0,30.0,240000);
INSERT INTO total VALUES(7,'pma/dir/memory','power-loss','legal',10,10,0,10.0,400000);
INSERT INTO total VALUES(7,'pma/dir/write','power-loss','legal',3,6,0,168.0,120000);
INSERT INTO total VALUES(7,'pma/grow','power-loss','legal',4,7,1,24.0,1860000);
INSERT INTO total VALUES(7,'pma/map','power-loss','legal',6,8,0,30.0,240000);
INSERT INTO total VALUES(7,'pma/meta/write','power-loss','legal',2,5,3,195.0,5180000);
INSERT INTO total VALUES(7,'pma/meta/write','power-loss','mix',0,2,0,0.0,0);
INSERT INTO total VALUES(7,'pma/open/file','power-loss','legal',2,2,1,2.0,1780000);
INSERT INTO total VALUES(7,'pma/open/lock','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(7,'pma/open/reserve','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(7,'pma/protect','power-loss','legal',4,8,0,96.0,160000);
INSERT INTO total VALUES(7,'pma/recover/meta','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(7,'pma/recover/read','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(7,'pma/recover/space','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(7,'pma/recover/sync','power-loss','legal',3,3,0,3.0,120000);
INSERT INTO total VALUES(7,'pma/recover/sync-parent','power-loss','legal',3,3,0,3.0,120000);
INSERT INTO total VALUES(7,'pma/sync/blocks','power-loss','legal',2,4,0,192.0,80000);
INSERT INTO total VALUES(7,'pma/view/ask','power-loss','legal',3,3,0,3.0,120000);
INSERT INTO total VALUES(7,'pma/view/hide','power-loss','legal',2,4,0,192.0,80000);
INSERT INTO total VALUES(8,'madvise','power-loss','legal',5,10,0,26.0,200000);
INSERT INTO total VALUES(8,'pma/cow/copy','power-loss','legal',4,8,0,12.0,160000);
INSERT INTO total VALUES(8,'pma/create/grow','power-loss','legal',2,5,1,6.0,1780000);
INSERT INTO total VALUES(8,'pma/create/lock','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(8,'pma/create/meta','power-loss','legal',2,6,0,12.0,80000);
INSERT INTO total VALUES(8,'pma/create/open','power-loss','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(8,'pma/create/rename','power-loss','legal',3,10,2,10.0,3520000);
INSERT INTO total VALUES(8,'pma/create/sync','power-loss','legal',3,8,0,18.0,120000);
INSERT INTO total VALUES(8,'pma/dir/memory','power-loss','legal',10,18,0,18.0,400000);
INSERT INTO total VALUES(8,'pma/dir/write','power-loss','legal',3,9,0,84.0,120000);
INSERT INTO total VALUES(8,'pma/grow','power-loss','legal',4,8,2,23.0,3560000);
INSERT INTO total VALUES(8,'pma/map','power-loss','legal',4,8,0,12.0,160000);
INSERT INTO total VALUES(8,'pma/meta/write','power-loss','legal',2,7,3,99.0,5180000);
INSERT INTO total VALUES(8,'pma/meta/write','power-loss','mix',0,2,0,0.0,0);
INSERT INTO total VALUES(8,'pma/open/reserve','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(8,'pma/protect','power-loss','legal',2,4,0,16.0,80000);
INSERT INTO total VALUES(8,'pma/recover/space','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(8,'pma/sync/blocks','power-loss','legal',2,6,0,96.0,80000);
INSERT INTO total VALUES(8,'pma/sync/parent','power-loss','legal',4,10,0,10.0,160000);
INSERT INTO total VALUES(8,'pma/view/ask','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(8,'pma/view/hide','power-loss','legal',2,6,0,96.0,80000);
INSERT INTO total VALUES(9,'close','media','legal',4,8,0,124.0,160000);
INSERT INTO total VALUES(9,'close','media','noticed',0,112,0,0.0,0);
INSERT INTO total VALUES(9,'close','media','rollback',0,4,0,0.0,0);
INSERT INTO total VALUES(9,'madvise','media','legal',5,10,2,514.0,3600000);
INSERT INTO total VALUES(9,'madvise','media','noticed',0,88,0,0.0,0);
INSERT INTO total VALUES(9,'munmap','media','legal',2,4,0,62.0,80000);
INSERT INTO total VALUES(9,'munmap','media','noticed',0,56,0,0.0,0);
INSERT INTO total VALUES(9,'munmap','media','rollback',0,2,0,0.0,0);
INSERT INTO total VALUES(9,'pma/close','media','legal',2,4,0,62.0,80000);
INSERT INTO total VALUES(9,'pma/close','media','noticed',0,56,0,0.0,0);
INSERT INTO total VALUES(9,'pma/close','media','rollback',0,2,0,0.0,0);
INSERT INTO total VALUES(9,'pma/cow/copy','media','legal',4,8,0,276.0,160000);
INSERT INTO total VALUES(9,'pma/cow/copy','media','noticed',0,68,0,0.0,0);
INSERT INTO total VALUES(9,'pma/create/grow','media','legal',2,5,1,78.0,1780000);
INSERT INTO total VALUES(9,'pma/create/lock','media','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(9,'pma/create/meta','media','legal',2,6,0,244.0,80000);
INSERT INTO total VALUES(9,'pma/create/open','media','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(9,'pma/create/rename','media','legal',3,10,14,250.0,23920000);
INSERT INTO total VALUES(9,'pma/create/rename','media','noticed',0,24,0,0.0,0);
INSERT INTO total VALUES(9,'pma/create/sync','media','legal',3,8,0,386.0,120000);
INSERT INTO total VALUES(9,'pma/dir/memory','media','legal',10,18,0,354.0,400000);
INSERT INTO total VALUES(9,'pma/dir/memory','media','noticed',0,112,0,0.0,0);
INSERT INTO total VALUES(9,'pma/dir/write','media','legal',3,9,0,1032.0,120000);
INSERT INTO total VALUES(9,'pma/dir/write','media','noticed',0,81,0,0.0,0);
INSERT INTO total VALUES(9,'pma/grow','media','legal',4,8,19,435.0,32460000);
INSERT INTO total VALUES(9,'pma/grow','media','noticed',0,69,0,0.0,0);
INSERT INTO total VALUES(9,'pma/map','media','legal',4,8,0,276.0,160000);
INSERT INTO total VALUES(9,'pma/map','media','noticed',0,68,0,0.0,0);
INSERT INTO total VALUES(9,'pma/meta/write','media','legal',2,5,27,82.0,45980000);
INSERT INTO total VALUES(9,'pma/meta/write','media','noticed',0,37,0,0.0,0);
INSERT INTO total VALUES(9,'pma/open/reserve','media','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(9,'pma/protect','media','legal',2,4,0,288.0,80000);
INSERT INTO total VALUES(9,'pma/protect','media','noticed',0,36,0,0.0,0);
INSERT INTO total VALUES(9,'pma/recover/space','media','legal',2,2,0,50.0,80000);
INSERT INTO total VALUES(9,'pma/recover/space','media','noticed',0,16,0,0.0,0);
INSERT INTO total VALUES(9,'pma/sync/blocks','media','legal',3,7,0,990.0,120000);
INSERT INTO total VALUES(9,'pma/sync/blocks','media','noticed',0,63,0,0.0,0);
INSERT INTO total VALUES(9,'pma/sync/meta','media','legal',3,11,3,135.0,5220000);
INSERT INTO total VALUES(9,'pma/sync/meta','media','noticed',0,84,0,0.0,0);
INSERT INTO total VALUES(9,'pma/sync/parent','media','legal',4,10,0,250.0,160000);
INSERT INTO total VALUES(9,'pma/sync/parent','media','noticed',0,40,0,0.0,0);
INSERT INTO total VALUES(9,'pma/view/ask','media','legal',5,10,0,143.0,200000);
INSERT INTO total VALUES(9,'pma/view/ask','media','noticed',0,100,0,0.0,0);
INSERT INTO total VALUES(9,'pma/view/ask','media','rollback',0,1,0,0.0,0);
INSERT INTO total VALUES(9,'pma/view/hide','media','legal',2,2,0,60.0,80000);
INSERT INTO total VALUES(9,'pma/view/hide','media','noticed',0,18,0,0.0,0);
INSERT INTO total VALUES(10,'close','lying-disk','legal',4,16,0,4096.0,160000);
INSERT INTO total VALUES(10,'close','lying-disk','noticed',0,96,0,0.0,0);
INSERT INTO total VALUES(10,'close','lying-disk','rollback',0,44,0,0.0,0);
INSERT INTO total VALUES(10,'madvise','lying-disk','legal',5,20,0,312.0,200000);
INSERT INTO total VALUES(10,'madvise','lying-disk','noticed',0,15,0,0.0,0);
INSERT INTO total VALUES(10,'madvise','lying-disk','rollback',0,20,0,0.0,0);
INSERT INTO total VALUES(10,'munmap','lying-disk','legal',2,8,0,2048.0,80000);
INSERT INTO total VALUES(10,'munmap','lying-disk','noticed',0,48,0,0.0,0);
INSERT INTO total VALUES(10,'munmap','lying-disk','rollback',0,22,0,0.0,0);
INSERT INTO total VALUES(10,'pma/close','lying-disk','legal',2,8,0,2048.0,80000);
INSERT INTO total VALUES(10,'pma/close','lying-disk','noticed',0,48,0,0.0,0);
INSERT INTO total VALUES(10,'pma/close','lying-disk','rollback',0,22,0,0.0,0);
INSERT INTO total VALUES(10,'pma/cow/copy','lying-disk','legal',4,16,0,144.0,160000);
INSERT INTO total VALUES(10,'pma/cow/copy','lying-disk','noticed',0,12,0,0.0,0);
INSERT INTO total VALUES(10,'pma/cow/copy','lying-disk','rollback',0,16,0,0.0,0);
INSERT INTO total VALUES(10,'pma/create/grow','lying-disk','legal',2,5,1,6.0,1780000);
INSERT INTO total VALUES(10,'pma/create/lock','lying-disk','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(10,'pma/create/meta','lying-disk','legal',2,6,0,12.0,80000);
INSERT INTO total VALUES(10,'pma/create/open','lying-disk','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(10,'pma/create/rename','lying-disk','legal',3,13,4,40.0,6920000);
INSERT INTO total VALUES(10,'pma/create/rename','lying-disk','noticed',0,4,0,0.0,0);
INSERT INTO total VALUES(10,'pma/create/sync','lying-disk','legal',3,9,0,24.0,120000);
INSERT INTO total VALUES(10,'pma/dir/memory','lying-disk','legal',10,32,0,180.0,400000);
INSERT INTO total VALUES(10,'pma/dir/memory','lying-disk','noticed',0,22,0,0.0,0);
INSERT INTO total VALUES(10,'pma/dir/memory','lying-disk','rollback',0,30,0,0.0,0);
INSERT INTO total VALUES(10,'pma/dir/write','lying-disk','legal',3,18,0,896.0,120000);
INSERT INTO total VALUES(10,'pma/dir/write','lying-disk','noticed',0,12,0,0.0,0);
INSERT INTO total VALUES(10,'pma/dir/write','lying-disk','rollback',0,15,0,0.0,0);
INSERT INTO total VALUES(10,'pma/grow','lying-disk','legal',4,16,8,264.0,13760000);
INSERT INTO total VALUES(10,'pma/grow','lying-disk','noticed',0,12,0,0.0,0);
INSERT INTO total VALUES(10,'pma/grow','lying-disk','rollback',0,16,0,0.0,0);
INSERT INTO total VALUES(10,'pma/map','lying-disk','legal',4,16,0,144.0,160000);
INSERT INTO total VALUES(10,'pma/map','lying-disk','noticed',0,12,0,0.0,0);
INSERT INTO total VALUES(10,'pma/map','lying-disk','rollback',0,16,0,0.0,0);
INSERT INTO total VALUES(10,'pma/meta/write','lying-disk','legal',2,16,24,1536.0,40880000);
INSERT INTO total VALUES(10,'pma/meta/write','lying-disk','noticed',0,28,0,0.0,0);
INSERT INTO total VALUES(10,'pma/meta/write','lying-disk','rollback',0,10,0,0.0,0);
INSERT INTO total VALUES(10,'pma/open/reserve','lying-disk','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(10,'pma/protect','lying-disk','legal',2,8,0,192.0,80000);
INSERT INTO total VALUES(10,'pma/protect','lying-disk','noticed',0,6,0,0.0,0);
INSERT INTO total VALUES(10,'pma/protect','lying-disk','rollback',0,8,0,0.0,0);
INSERT INTO total VALUES(10,'pma/recover/space','lying-disk','legal',2,4,0,32.0,80000);
INSERT INTO total VALUES(10,'pma/recover/space','lying-disk','noticed',0,4,0,0.0,0);
INSERT INTO total VALUES(10,'pma/recover/space','lying-disk','rollback',0,6,0,0.0,0);
INSERT INTO total VALUES(10,'pma/sync/blocks','lying-disk','legal',3,18,0,1536.0,120000);
INSERT INTO total VALUES(10,'pma/sync/blocks','lying-disk','noticed',0,12,0,0.0,0);
INSERT INTO total VALUES(10,'pma/sync/blocks','lying-disk','rollback',0,15,0,0.0,0);
INSERT INTO total VALUES(10,'pma/sync/meta','lying-disk','legal',3,30,0,3072.0,120000);
INSERT INTO total VALUES(10,'pma/sync/meta','lying-disk','noticed',0,72,0,0.0,0);
INSERT INTO total VALUES(10,'pma/sync/meta','lying-disk','rollback',0,15,0,0.0,0);
INSERT INTO total VALUES(10,'pma/sync/parent','lying-disk','legal',4,17,0,64.0,160000);
INSERT INTO total VALUES(10,'pma/sync/parent','lying-disk','noticed',0,8,0,0.0,0);
INSERT INTO total VALUES(10,'pma/sync/parent','lying-disk','rollback',0,3,0,0.0,0);
INSERT INTO total VALUES(10,'pma/view/ask','lying-disk','legal',5,28,0,3104.0,200000);
INSERT INTO total VALUES(10,'pma/view/ask','lying-disk','noticed',0,76,0,0.0,0);
INSERT INTO total VALUES(10,'pma/view/ask','lying-disk','rollback',0,27,0,0.0,0);
INSERT INTO total VALUES(10,'pma/view/hide','lying-disk','legal',2,12,0,1024.0,80000);
INSERT INTO total VALUES(10,'pma/view/hide','lying-disk','noticed',0,8,0,0.0,0);
INSERT INTO total VALUES(10,'pma/view/hide','lying-disk','rollback',0,10,0,0.0,0);
INSERT INTO total VALUES(11,'close','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(11,'madvise','power-loss','legal',5,10,0,26.0,200000);
INSERT INTO total VALUES(11,'munmap','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(11,'pma/close','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(11,'pma/cow/copy','power-loss','legal',4,8,0,12.0,160000);
INSERT INTO total VALUES(11,'pma/create/grow','power-loss','legal',2,5,1,6.0,1780000);
INSERT INTO total VALUES(11,'pma/create/lock','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(11,'pma/create/meta','power-loss','legal',2,6,0,12.0,80000);
INSERT INTO total VALUES(11,'pma/create/open','power-loss','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(11,'pma/create/rename','power-loss','legal',3,10,2,10.0,3520000);
INSERT INTO total VALUES(11,'pma/create/sync','power-loss','legal',3,8,0,18.0,120000);
INSERT INTO total VALUES(11,'pma/dir/memory','power-loss','legal',10,18,0,18.0,400000);
INSERT INTO total VALUES(11,'pma/dir/write','power-loss','legal',3,9,0,84.0,120000);
INSERT INTO total VALUES(11,'pma/grow','power-loss','legal',4,8,2,23.0,3560000);
INSERT INTO total VALUES(11,'pma/map','power-loss','legal',4,8,0,12.0,160000);
INSERT INTO total VALUES(11,'pma/meta/write','power-loss','legal',2,3,1,3.0,1780000);
INSERT INTO total VALUES(11,'pma/open/reserve','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(11,'pma/protect','power-loss','legal',2,4,0,16.0,80000);
INSERT INTO total VALUES(11,'pma/recover/space','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(11,'pma/sync/blocks','power-loss','legal',3,7,0,97.0,120000);
INSERT INTO total VALUES(11,'pma/sync/meta','power-loss','legal',3,5,0,5.0,120000);
INSERT INTO total VALUES(11,'pma/sync/parent','power-loss','legal',4,10,0,10.0,160000);
INSERT INTO total VALUES(11,'pma/view/ask','power-loss','legal',5,5,0,5.0,200000);
INSERT INTO total VALUES(11,'pma/view/hide','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(12,'pma/close','media','legal',2,2,0,10.0,80000);
INSERT INTO total VALUES(12,'pma/close','media','noticed',0,8,0,0.0,0);
INSERT INTO total VALUES(12,'pma/create/grow','media','legal',2,5,1,18.0,1780000);
INSERT INTO total VALUES(12,'pma/create/lock','media','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(12,'pma/create/meta','media','legal',2,6,0,24.0,80000);
INSERT INTO total VALUES(12,'pma/create/open','media','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(12,'pma/create/rename','media','legal',3,10,6,50.0,10320000);
INSERT INTO total VALUES(12,'pma/create/rename','media','noticed',0,8,0,0.0,0);
INSERT INTO total VALUES(12,'pma/create/sync','media','legal',3,8,0,26.0,120000);
INSERT INTO total VALUES(12,'pma/dir/memory','media','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(12,'pma/open/reserve','media','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(12,'pma/recover/space','media','legal',2,2,0,10.0,80000);
INSERT INTO total VALUES(12,'pma/recover/space','media','noticed',0,8,0,0.0,0);
INSERT INTO total VALUES(12,'pma/sync/parent','media','legal',4,10,0,50.0,160000);
INSERT INTO total VALUES(12,'pma/sync/parent','media','noticed',0,16,0,0.0,0);
INSERT INTO total VALUES(12,'pma/view/ask','media','legal',2,2,0,10.0,80000);
INSERT INTO total VALUES(12,'pma/view/ask','media','noticed',0,8,0,0.0,0);
INSERT INTO total VALUES(13,'close','torn','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(13,'madvise','torn','legal',5,10,0,1090.0,200000);
INSERT INTO total VALUES(13,'munmap','torn','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(13,'pma/close','torn','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(13,'pma/cow/copy','torn','legal',4,8,0,68.0,160000);
INSERT INTO total VALUES(13,'pma/create/grow','torn','legal',2,5,1,6.0,1780000);
INSERT INTO total VALUES(13,'pma/create/lock','torn','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(13,'pma/create/meta','torn','legal',2,6,0,68.0,80000);
INSERT INTO total VALUES(13,'pma/create/open','torn','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(13,'pma/create/rename','torn','legal',3,10,2,10.0,3520000);
INSERT INTO total VALUES(13,'pma/create/sync','torn','legal',3,8,0,130.0,120000);
INSERT INTO total VALUES(13,'pma/dir/memory','torn','legal',10,18,0,18.0,400000);
INSERT INTO total VALUES(13,'pma/dir/write','torn','legal',3,9,0,209664.0,120000);
INSERT INTO total VALUES(13,'pma/grow','torn','legal',4,8,2,1283.0,3560000);
INSERT INTO total VALUES(13,'pma/map','torn','legal',4,8,0,68.0,160000);
INSERT INTO total VALUES(13,'pma/meta/write','torn','legal',2,17,15,17.0,25580000);
INSERT INTO total VALUES(13,'pma/open/reserve','torn','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(13,'pma/protect','torn','legal',2,4,0,1024.0,80000);
INSERT INTO total VALUES(13,'pma/recover/space','torn','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(13,'pma/sync/blocks','torn','legal',3,7,0,393217.0,120000);
INSERT INTO total VALUES(13,'pma/sync/meta','torn','legal',3,33,0,33.0,120000);
INSERT INTO total VALUES(13,'pma/sync/parent','torn','legal',4,10,0,10.0,160000);
INSERT INTO total VALUES(13,'pma/view/ask','torn','legal',5,5,0,5.0,200000);
INSERT INTO total VALUES(13,'pma/view/hide','torn','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(14,'pma/close','lying-disk','legal',2,4,0,32.0,80000);
INSERT INTO total VALUES(14,'pma/close','lying-disk','noticed',0,4,0,0.0,0);
INSERT INTO total VALUES(14,'pma/close','lying-disk','rollback',0,6,0,0.0,0);
INSERT INTO total VALUES(14,'pma/create/grow','lying-disk','legal',2,5,1,6.0,1780000);
INSERT INTO total VALUES(14,'pma/create/lock','lying-disk','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(14,'pma/create/meta','lying-disk','legal',2,6,0,12.0,80000);
INSERT INTO total VALUES(14,'pma/create/open','lying-disk','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(14,'pma/create/rename','lying-disk','legal',3,13,4,40.0,6920000);
INSERT INTO total VALUES(14,'pma/create/rename','lying-disk','noticed',0,4,0,0.0,0);
INSERT INTO total VALUES(14,'pma/create/sync','lying-disk','legal',3,9,0,24.0,120000);
INSERT INTO total VALUES(14,'pma/dir/memory','lying-disk','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(14,'pma/open/reserve','lying-disk','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(14,'pma/recover/space','lying-disk','legal',2,4,0,32.0,80000);
INSERT INTO total VALUES(14,'pma/recover/space','lying-disk','noticed',0,4,0,0.0,0);
INSERT INTO total VALUES(14,'pma/recover/space','lying-disk','rollback',0,6,0,0.0,0);
INSERT INTO total VALUES(14,'pma/sync/parent','lying-disk','legal',4,17,0,64.0,160000);
INSERT INTO total VALUES(14,'pma/sync/parent','lying-disk','noticed',0,8,0,0.0,0);
INSERT INTO total VALUES(14,'pma/sync/parent','lying-disk','rollback',0,3,0,0.0,0);
INSERT INTO total VALUES(14,'pma/view/ask','lying-disk','legal',2,4,0,32.0,80000);
INSERT INTO total VALUES(14,'pma/view/ask','lying-disk','noticed',0,4,0,0.0,0);
INSERT INTO total VALUES(14,'pma/view/ask','lying-disk','rollback',0,6,0,0.0,0);
INSERT INTO total VALUES(15,'pma/close','torn','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(15,'pma/create/grow','torn','legal',2,5,1,6.0,1780000);
INSERT INTO total VALUES(15,'pma/create/lock','torn','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(15,'pma/create/meta','torn','legal',2,6,0,68.0,80000);
INSERT INTO total VALUES(15,'pma/create/open','torn','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(15,'pma/create/rename','torn','legal',3,10,2,10.0,3520000);
INSERT INTO total VALUES(15,'pma/create/sync','torn','legal',3,8,0,130.0,120000);
INSERT INTO total VALUES(15,'pma/dir/memory','torn','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(15,'pma/open/reserve','torn','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(15,'pma/recover/space','torn','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(15,'pma/sync/parent','torn','legal',4,10,0,10.0,160000);
INSERT INTO total VALUES(15,'pma/view/ask','torn','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(16,'pma/close','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(16,'pma/create/grow','power-loss','legal',2,5,1,6.0,1780000);
INSERT INTO total VALUES(16,'pma/create/lock','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(16,'pma/create/meta','power-loss','legal',2,6,0,12.0,80000);
INSERT INTO total VALUES(16,'pma/create/open','power-loss','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(16,'pma/create/rename','power-loss','legal',3,10,2,10.0,3520000);
INSERT INTO total VALUES(16,'pma/create/sync','power-loss','legal',3,8,0,18.0,120000);
INSERT INTO total VALUES(16,'pma/dir/memory','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(16,'pma/open/reserve','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(16,'pma/recover/space','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(16,'pma/sync/parent','power-loss','legal',4,10,0,10.0,160000);
INSERT INTO total VALUES(16,'pma/view/ask','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(17,'close','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(17,'madvise','power-loss','legal',5,10,0,26.0,200000);
INSERT INTO total VALUES(17,'munmap','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(17,'pma/close','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(17,'pma/cow/copy','power-loss','legal',4,8,0,12.0,160000);
INSERT INTO total VALUES(17,'pma/create/grow','power-loss','legal',2,5,1,6.0,1780000);
INSERT INTO total VALUES(17,'pma/create/lock','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(17,'pma/create/meta','power-loss','legal',2,6,0,12.0,80000);
INSERT INTO total VALUES(17,'pma/create/open','power-loss','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(17,'pma/create/rename','power-loss','legal',3,10,2,10.0,3520000);
INSERT INTO total VALUES(17,'pma/create/sync','power-loss','legal',3,8,0,18.0,120000);
INSERT INTO total VALUES(17,'pma/dir/memory','power-loss','legal',10,18,0,18.0,400000);
INSERT INTO total VALUES(17,'pma/dir/write','power-loss','legal',3,9,0,84.0,120000);
INSERT INTO total VALUES(17,'pma/grow','power-loss','legal',4,8,2,23.0,3560000);
INSERT INTO total VALUES(17,'pma/map','power-loss','legal',4,8,0,12.0,160000);
INSERT INTO total VALUES(17,'pma/meta/write','power-loss','legal',2,3,1,3.0,1780000);
INSERT INTO total VALUES(17,'pma/open/reserve','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(17,'pma/protect','power-loss','legal',2,4,0,16.0,80000);
INSERT INTO total VALUES(17,'pma/recover/space','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(17,'pma/sync/blocks','power-loss','legal',3,7,0,97.0,120000);
INSERT INTO total VALUES(17,'pma/sync/meta','power-loss','legal',3,5,0,5.0,120000);
INSERT INTO total VALUES(17,'pma/sync/parent','power-loss','legal',4,10,0,10.0,160000);
INSERT INTO total VALUES(17,'pma/view/ask','power-loss','legal',5,5,0,5.0,200000);
INSERT INTO total VALUES(17,'pma/view/hide','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(18,'close','power-loss','legal',9,9,0,9.0,360000);
INSERT INTO total VALUES(18,'pma/close','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(18,'pma/dir/memory','power-loss','legal',20,20,0,20.0,800000);
INSERT INTO total VALUES(18,'pma/dir/read','power-loss','legal',12,12,0,12.0,480000);
INSERT INTO total VALUES(18,'pma/dir/write','power-loss','legal',8,16,0,360.0,320000);
INSERT INTO total VALUES(18,'pma/grow','power-loss','legal',4,6,2,36.0,3560000);
INSERT INTO total VALUES(18,'pma/lazy/arm','power-loss','legal',17,17,0,17.0,680000);
INSERT INTO total VALUES(18,'pma/lazy/open','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(18,'pma/lazy/scan','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(18,'pma/map','power-loss','legal',16,16,0,16.0,640000);
INSERT INTO total VALUES(18,'pma/meta/write','power-loss','legal',4,6,2,6.0,3560000);
INSERT INTO total VALUES(18,'pma/open/file','power-loss','legal',4,4,1,4.0,1860000);
INSERT INTO total VALUES(18,'pma/open/lock','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(18,'pma/open/reserve','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(18,'pma/private/write','power-loss','legal',7,7,0,22.0,280000);
INSERT INTO total VALUES(18,'pma/recover/meta','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(18,'pma/recover/read','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(18,'pma/recover/space','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(18,'pma/recover/sync','power-loss','legal',6,6,0,6.0,240000);
INSERT INTO total VALUES(18,'pma/recover/sync-parent','power-loss','legal',6,6,0,6.0,240000);
INSERT INTO total VALUES(18,'pma/sync/blocks','power-loss','legal',6,10,0,386.0,240000);
INSERT INTO total VALUES(18,'pma/sync/meta','power-loss','legal',6,10,0,10.0,240000);
INSERT INTO total VALUES(18,'pma/view/ask','power-loss','legal',12,12,0,12.0,480000);
INSERT INTO total VALUES(18,'pma/view/hide','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(19,'close','power-loss','legal',8,8,0,8.0,320000);
INSERT INTO total VALUES(19,'madvise','power-loss','legal',23,26,0,137.0,920000);
INSERT INTO total VALUES(19,'munmap','power-loss','legal',2,2,0,18.0,80000);
INSERT INTO total VALUES(19,'pma/close','power-loss','legal',2,2,0,18.0,80000);
INSERT INTO total VALUES(19,'pma/cow/copy','power-loss','legal',14,16,0,54.0,560000);
INSERT INTO total VALUES(19,'pma/dir/memory','power-loss','legal',20,20,0,20.0,800000);
INSERT INTO total VALUES(19,'pma/dir/read','power-loss','legal',12,12,0,12.0,480000);
INSERT INTO total VALUES(19,'pma/dir/write','power-loss','legal',8,16,0,912.0,320000);
INSERT INTO total VALUES(19,'pma/grow','power-loss','legal',6,10,2,60.0,3640000);
INSERT INTO total VALUES(19,'pma/map','power-loss','legal',24,26,0,72.0,960000);
INSERT INTO total VALUES(19,'pma/meta/write','power-loss','legal',4,6,2,6.0,3560000);
INSERT INTO total VALUES(19,'pma/open/file','power-loss','legal',4,4,1,4.0,1860000);
INSERT INTO total VALUES(19,'pma/open/lock','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(19,'pma/open/reserve','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(19,'pma/protect','power-loss','legal',8,12,0,144.0,320000);
INSERT INTO total VALUES(19,'pma/recover/meta','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(19,'pma/recover/read','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(19,'pma/recover/space','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(19,'pma/recover/sync','power-loss','legal',6,6,0,6.0,240000);
INSERT INTO total VALUES(19,'pma/recover/sync-parent','power-loss','legal',6,6,0,6.0,240000);
INSERT INTO total VALUES(19,'pma/sync/blocks','power-loss','legal',6,10,0,962.0,240000);
INSERT INTO total VALUES(19,'pma/sync/meta','power-loss','legal',6,10,0,10.0,240000);
INSERT INTO total VALUES(19,'pma/view/ask','power-loss','legal',12,12,0,12.0,480000);
INSERT INTO total VALUES(19,'pma/view/hide','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(20,'close','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(20,'pma/close','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(20,'pma/create/grow','power-loss','legal',2,5,1,6.0,1780000);
INSERT INTO total VALUES(20,'pma/create/lock','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(20,'pma/create/meta','power-loss','legal',2,6,0,12.0,80000);
INSERT INTO total VALUES(20,'pma/create/open','power-loss','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(20,'pma/create/rename','power-loss','legal',3,10,2,10.0,3520000);
INSERT INTO total VALUES(20,'pma/create/sync','power-loss','legal',3,8,0,18.0,120000);
INSERT INTO total VALUES(20,'pma/dir/memory','power-loss','legal',10,18,0,18.0,400000);
INSERT INTO total VALUES(20,'pma/dir/write','power-loss','legal',3,9,0,84.0,120000);
INSERT INTO total VALUES(20,'pma/grow','power-loss','legal',4,8,2,23.0,3560000);
INSERT INTO total VALUES(20,'pma/lazy/arm','power-loss','legal',3,6,0,6.0,120000);
INSERT INTO total VALUES(20,'pma/lazy/open','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(20,'pma/lazy/scan','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(20,'pma/map','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(20,'pma/meta/write','power-loss','legal',2,3,1,3.0,1780000);
INSERT INTO total VALUES(20,'pma/open/reserve','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(20,'pma/private/write','power-loss','legal',3,6,0,14.0,120000);
INSERT INTO total VALUES(20,'pma/recover/space','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(20,'pma/sync/blocks','power-loss','legal',3,7,0,97.0,120000);
INSERT INTO total VALUES(20,'pma/sync/meta','power-loss','legal',3,5,0,5.0,120000);
INSERT INTO total VALUES(20,'pma/sync/parent','power-loss','legal',4,10,0,10.0,160000);
INSERT INTO total VALUES(20,'pma/view/ask','power-loss','legal',5,5,0,5.0,200000);
INSERT INTO total VALUES(20,'pma/view/hide','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(22,'close','power-loss','legal',4,4,0,4.0,160000);
INSERT INTO total VALUES(22,'madvise','power-loss','legal',5,10,0,26.0,200000);
INSERT INTO total VALUES(22,'munmap','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(22,'pma/close','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(22,'pma/cow/copy','power-loss','legal',4,8,0,12.0,160000);
INSERT INTO total VALUES(22,'pma/create/grow','power-loss','legal',2,5,1,6.0,1780000);
INSERT INTO total VALUES(22,'pma/create/lock','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(22,'pma/create/meta','power-loss','legal',2,6,0,12.0,80000);
INSERT INTO total VALUES(22,'pma/create/open','power-loss','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(22,'pma/create/rename','power-loss','legal',3,10,2,10.0,3520000);
INSERT INTO total VALUES(22,'pma/create/sync','power-loss','legal',3,8,0,18.0,120000);
INSERT INTO total VALUES(22,'pma/dir/memory','power-loss','legal',10,18,0,18.0,400000);
INSERT INTO total VALUES(22,'pma/dir/write','power-loss','legal',3,9,0,84.0,120000);
INSERT INTO total VALUES(22,'pma/grow','power-loss','legal',4,8,2,23.0,3560000);
INSERT INTO total VALUES(22,'pma/map','power-loss','legal',4,8,0,12.0,160000);
INSERT INTO total VALUES(22,'pma/meta/write','power-loss','legal',2,3,1,3.0,1780000);
INSERT INTO total VALUES(22,'pma/open/reserve','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(22,'pma/protect','power-loss','legal',2,4,0,16.0,80000);
INSERT INTO total VALUES(22,'pma/recover/space','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(22,'pma/sync/blocks','power-loss','legal',3,7,0,97.0,120000);
INSERT INTO total VALUES(22,'pma/sync/meta','power-loss','legal',3,5,0,5.0,120000);
INSERT INTO total VALUES(22,'pma/sync/parent','power-loss','legal',4,10,0,10.0,160000);
INSERT INTO total VALUES(22,'pma/view/ask','power-loss','legal',5,5,0,5.0,200000);
INSERT INTO total VALUES(22,'pma/view/hide','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(23,'pma/close','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(23,'pma/create/grow','power-loss','legal',2,5,1,6.0,1780000);
INSERT INTO total VALUES(23,'pma/create/lock','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(23,'pma/create/meta','power-loss','legal',2,6,0,12.0,80000);
INSERT INTO total VALUES(23,'pma/create/open','power-loss','legal',2,3,2,3.0,3480000);
INSERT INTO total VALUES(23,'pma/create/rename','power-loss','legal',3,10,2,10.0,3520000);
INSERT INTO total VALUES(23,'pma/create/sync','power-loss','legal',3,8,0,18.0,120000);
INSERT INTO total VALUES(23,'pma/dir/memory','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(23,'pma/open/reserve','power-loss','legal',2,4,0,4.0,80000);
INSERT INTO total VALUES(23,'pma/recover/space','power-loss','legal',2,2,0,2.0,80000);
INSERT INTO total VALUES(23,'pma/sync/parent','power-loss','legal',4,10,0,10.0,160000);
INSERT INTO total VALUES(23,'pma/view/ask','power-loss','legal',2,2,0,2.0,80000);
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
INSERT INTO violation VALUES(1,7,'power-loss','mix','not-alive','keeping a noun: heap: no chunk is free in page 3: arena file is damaged','','pma/meta/write','after',66,1,2,replace('    an attempt begins: the empty arena\n    ==> success reported: the empty arena\n    ==> success reported: the empty arena\n  step 1: malloc a\n    block 2 changed by a store to memory: data of the heap, or that no\n      snapshot has\n    the file is 32 blocks long now\n    blocks 2-3 changed by `fallocate`: data of the heap, or that no snapshot\n      has\n    block 4 changed by a store to memory: data of the heap, or that no\n      snapshot has\n  step 2: snapshot\n    an attempt begins: snapshot 2 (event 1)\n    blocks 5-6 changed by `pwrite`: directory leaf ... checksum node of\n      level 0\n    pma/sync/blocks is left out by plan, and success claimed\n    block 1 changed by `pwrite`: meta page of snapshot 2\n  >>> power fails after pma/meta/write, hit 1 (write the meta record of a\n      snapshot)\n','\n',char(10)),replace('Success had been reported for the empty arena, before the first step.\nAn attempt to make snapshot 2 (event 1) durable had begun in step 2, so that\nstate would have been right as well.\nThe arena came back in a state that never was.\n\nHad all that was written reached the disk, recovery would have been right.\nIt goes wrong when one thing alone is lost or damaged:\n  Lost: block 3 (data of the heap, or that no snapshot has), changed by\n    `fallocate` in step 1 (malloc a), at pma/grow; no sync of it had ended.\n    The disk had zeros.\nRecovery looked at 6 more blocks, lengths or names that no sync had made\ndurable; there it found what it would have found then.\n','\n',char(10)),replace('adf72990d203b1ce4ff965bab73f4728 the empty arena\n0d7cc1196e448f7a5388d333969e572a snapshot 2 (event 1)\n','\n',char(10)),replace('adf72990d203b1ce4ff965bab73f4728 the empty arena\n0d7cc1196e448f7a5388d333969e572a snapshot 2 (event 1)\n','\n',char(10)),'25ac9f4d5f19e8428f893c8b02080955',replace('pmacrash scenario 1\nname heap-first-object\nfile suites/heap.yaml:4\nwork yes\ncopying eager\ncut no\noptions\n','\n',char(10)),24681,X'28b52ffd60695fe50a00240e894653494d0d0a1a0100000001000200060089504d410d0a1a0a010000000403020100100000040000005691bef87171c3e08549cb679a74876f01807e0000800018004ce7648c3d224cd7000000504d41206865617002081008049a732279c715817389f677e6a6ff19a8d05632dcf6741525911c0e68bc5cce0f055044495200000400000202010304010100065053554d0000fc0100869dc9789fd169be3fb6d098c0bee47fe036c16c04141dea02012005f2ae2a4c1f24f81c02010660afd52da78874c002010405807e88bb12f788cf1dae01090000006172656e612e706d6140a8517515456350a9331c808324e5340712e0301c6ad5088e314a60c48cf867e266a29bf078f5b7208f11b49d3cc2a166ad57a0ecc927b9f5c51b0c1caa197f0b96b6abec35e14d655e053780ec867967006e18b27b6004d9bd80d4e1568c257f6837d0b553ca8031fe2eaeee26427d2d1952112c9a0e2a','',1,'all that was written had reached the disk',2,7,replace('scenarios:\n  - name: heap-first-object\n    description: "What is needed of heap-first-object to show a violation: 2 of 7 steps."\n    arena: {reserved_pages: 128, initial_blocks: 24, grow_blocks: 8, fanout: 4}\n    steps:\n      - malloc: {name: a, bytes: 24, seed: 1}\n      - snapshot: {}\n','\n',char(10)),1,'','pma/sync/blocks:skip');
INSERT INTO violation VALUES(2,7,'power-loss','invariant','not-alive','keeping a noun: heap: no chunk is free in page 3: arena file is damaged','heap-chunks-counted: A partitioned page says how many of its chunks are in use (page=3, used=1, chunks=2); 1 row','pma/meta/write','after',66,1,2,replace('    an attempt begins: the empty arena\n    ==> success reported: the empty arena\n    sync of the file begins\n    what the file held when that sync began is durable\n    sync of the directory begins\n    the directory, with its names, is durable\n    ==> success reported: the empty arena\n  step 1: malloc a\n    block 2 changed by a store to memory: data of the heap, or that no\n      snapshot has\n    the file is 32 blocks long now\n    blocks 2-3 changed by `fallocate`: data of the heap, or that no snapshot\n      has\n    block 4 changed by a store to memory: data of the heap, or that no\n      snapshot has\n  step 2: snapshot\n    an attempt begins: snapshot 2 (event 1)\n    blocks 5-6 changed by `pwrite`: directory leaf ... checksum node of\n      level 0\n    pma/sync/blocks is left out by plan, and success claimed\n    block 1 changed by `pwrite`: meta page of snapshot 2\n  >>> power fails after pma/meta/write, hit 1 (write the meta record of a\n      snapshot)\n','\n',char(10)),replace('Success had been reported for the empty arena, before the first step.\nAn attempt to make snapshot 2 (event 1) durable had begun in step 2, so that\nstate would have been right as well.\nThe arena came back in a state that never was.\n\nWhat no sync had made durable, as far as recovery looked at it:\n  Lost: block 3 (data of the heap, or that no snapshot has), changed by\n    `fallocate` in step 1 (malloc a), at pma/grow; no sync of it had ended.\n    The disk had zeros.\n  Kept: the length of the file, 32 blocks\n  Kept: block 1 (meta page of snapshot 2)\n  Kept: block 5 (directory leaf)\n  Kept: block 6 (checksum node of level 0)\n  Kept: block 2 (data of the heap, or that no snapshot has)\n  Kept: block 4 (data of the heap, or that no snapshot has)\n','\n',char(10)),replace('adf72990d203b1ce4ff965bab73f4728 the empty arena\n0d7cc1196e448f7a5388d333969e572a snapshot 2 (event 1)\n','\n',char(10)),replace('adf72990d203b1ce4ff965bab73f4728 the empty arena\n0d7cc1196e448f7a5388d333969e572a snapshot 2 (event 1)\n','\n',char(10)),'25ac9f4d5f19e8428f893c8b02080955',replace('pmacrash scenario 1\nname heap-first-object\nfile suites/heap.yaml:4\nwork yes\ncopying eager\ncut no\noptions\n','\n',char(10)),0,X'','',NULL,'',NULL,NULL,'',1,'','pma/sync/blocks:skip');
INSERT INTO violation VALUES(3,8,'power-loss','mix','recovered','','','pma/meta/write','after',55,1,4,replace('    there is no arena yet\n  step 1: create\n    an attempt begins: the new arena\n    the name arena.pma.pma-new is given\n    the file is 16 blocks long now\n    block 0 changed by `pwrite`: meta page of snapshot 1\n    sync of the file begins\n    what the file held when that sync began is durable\n    the name arena.pma is given\n    the name arena.pma.pma-new is gone\n    sync of the directory begins\n    the directory, with its names, is durable\n    ==> success reported: the new arena\n  step 2: alloc a, 1 page\n    the file is 24 blocks long now\n  step 3: write a page 0\n    block 2 changed by a store to memory: data of page 0\n  step 4: snapshot\n    an attempt begins: snapshot 2 (event 1)\n    the file is 32 blocks long now\n    blocks 3-4 changed by `pwrite`: directory leaf ... checksum node of\n      level 0\n    pma/sync/blocks is left out by plan, and success claimed\n    block 1 changed by `pwrite`: meta page of snapshot 2\n  >>> power fails after pma/meta/write, hit 1 (write the meta record of a\n      snapshot)\n','\n',char(10)),replace('Success had been reported for the new arena, in step 1.\nAn attempt to make snapshot 2 (event 1) durable had begun in step 4, so that\nstate would have been right as well.\nThe arena came back in a state that never was.\n\nBeside snapshot 2 (event 1):\n  Page 0 should hold what step 3 wrote; it holds zeros, as if nothing had\n    ever been stored there.\n\nHad all that was written reached the disk, recovery would have been right.\nIt goes wrong when one thing alone is lost or damaged:\n  Lost: block 2 (data of page 0), changed by a store to memory in step 3\n    (write a page 0); no sync of it had ended. The disk had zeros.\nRecovery looked at 4 more blocks, lengths or names that no sync had made\ndurable; there it found what it would have found then.\n','\n',char(10)),replace('adf72990d203b1ce4ff965bab73f4728 the new arena\n5ea40c8d8e01f35fc1b55c451aeaf0ba snapshot 2 (event 1)\n','\n',char(10)),replace('000000006162736e000000006162736e no arena\nadf72990d203b1ce4ff965bab73f4728 the new arena\n5ea40c8d8e01f35fc1b55c451aeaf0ba snapshot 2 (event 1)\n','\n',char(10)),'960e2b45674390be500ee2d0ec8d01af',replace('pmacrash scenario 1\nname first-snapshot\nfile suites/creation.yaml:34\nwork yes\ncopying eager\ncut no\noptions\n','\n',char(10)),0,X'','',1,'all that was written had reached the disk',4,4,replace('scenarios:\n  - name: first-snapshot\n    description: "What is needed of first-snapshot to show a violation: 4 of 4 steps."\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 16, grow_blocks: 8, fanout: 0}\n    steps:\n      - create: {}\n      - alloc: {name: a, pages: 1}\n      - write: {name: a, pages: 1, seed: 3}\n      - snapshot: {}\n','\n',char(10)),1,'','pma/sync/blocks:skip');
INSERT INTO violation VALUES(4,8,'power-loss','mix','recovered','','','pma/meta/write','after',61,1,4,replace('    there is no arena yet\n  step 1: create\n    an attempt begins: the new arena\n    the name arena.pma.pma-new is given\n    the file is 16 blocks long now\n    block 0 changed by `pwrite`: meta page of snapshot 1\n    sync of the file begins\n    what the file held when that sync began is durable\n    the name arena.pma is given\n    the name arena.pma.pma-new is gone\n    sync of the directory begins\n    the directory, with its names, is durable\n    ==> success reported: the new arena\n  step 2: alloc a, 3 pages\n    the file is 24 blocks long now\n  step 3: write a pages 0-1\n    block 2 changed by a store to memory: data of page 0\n    block 3 changed by a store to memory: data of page 1\n  step 4: snapshot\n    an attempt begins: snapshot 2 (event 1)\n    the file is 32 blocks long now\n    blocks 5-6 changed by `pwrite`: directory leaf ... checksum node of\n      level 0\n    pma/sync/blocks is left out by plan, and success claimed\n    block 1 changed by `pwrite`: meta page of snapshot 2\n  >>> power fails after pma/meta/write, hit 1 (write the meta record of a\n      snapshot)\n','\n',char(10)),replace('Success had been reported for the new arena, in step 1.\nAn attempt to make snapshot 2 (event 1) durable had begun in step 4, so that\nstate would have been right as well.\nThe arena came back in a state that never was.\n\nBeside snapshot 2 (event 1):\n  Page 0 should hold what step 3 wrote; it holds zeros, as if nothing had\n    ever been stored there.\n\nWhat no sync had made durable, as far as recovery looked at it:\n  Lost: block 2 (data of page 0), changed by a store to memory in step 3\n    (write a pages 0-1); no sync of it had ended. The disk had zeros.\n  Kept: the length of the file, 32 blocks\n  Kept: block 1 (meta page of snapshot 2)\n  Kept: block 5 (directory leaf)\n  Kept: block 6 (checksum node of level 0)\n  Kept: block 3 (data of page 1)\n','\n',char(10)),replace('adf72990d203b1ce4ff965bab73f4728 the new arena\nfb61a869e5deb99f322995261a6f3511 snapshot 2 (event 1)\n','\n',char(10)),replace('000000006162736e000000006162736e no arena\nadf72990d203b1ce4ff965bab73f4728 the new arena\nfb61a869e5deb99f322995261a6f3511 snapshot 2 (event 1)\n','\n',char(10)),'6182b2868e2d5c319069886b1d0ed133',replace('pmacrash scenario 1\nname first-snapshot\nfile suites/creation.yaml:34\nwork yes\ncopying eager\ncut no\noptions\n','\n',char(10)),0,X'','',NULL,'',NULL,NULL,'',1,'','pma/sync/blocks:skip');
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
INSERT INTO scenario VALUES(1,1,'heap-first-object','lazy','power-loss','The heap comes into being with its first object; a crash leaves both or neither.','suites/heap.yaml',replace('  - name: heap-first-object\n    description: The heap comes into being with its first object; a crash leaves both or neither.\n    arena: {reserved_pages: 128, initial_blocks: 24, fanout: 4}\n    steps:\n      - malloc: {name: a, bytes: 24}\n      - snapshot: {}\n      - malloc: {name: b, bytes: 24}\n      - write: {name: a}\n      - snapshot: {}\n      - kill: {}\n      - malloc: {name: c, bytes: 24}','\n',char(10)),'clean','',1,171,956.0,956.0,191,5,0,0,0,0,0,0,151,66151,70818,8,43,1,0,0,0);
INSERT INTO scenario VALUES(2,1,'heap-first-object','eager','power-loss','The heap comes into being with its first object; a crash leaves both or neither.','suites/heap.yaml',replace('  - name: heap-first-object\n    description: The heap comes into being with its first object; a crash leaves both or neither.\n    arena: {reserved_pages: 128, initial_blocks: 24, fanout: 4}\n    steps:\n      - malloc: {name: a, bytes: 24}\n      - snapshot: {}\n      - malloc: {name: b, bytes: 24}\n      - write: {name: a}\n      - snapshot: {}\n      - kill: {}\n      - malloc: {name: c, bytes: 24}','\n',char(10)),'clean','',1,195,2485.0,2485.0,228,5,0,0,0,0,0,0,187,83745,88412,11,43,1,0,0,0);
INSERT INTO scenario VALUES(3,1,'first-snapshot','lazy','power-loss','Pages get their first content and the first snapshot takes them.','suites/creation.yaml',replace('  - name: first-snapshot\n    description: Pages get their first content and the first snapshot takes them.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 16}\n    steps:\n      - create: {}\n      - alloc: {name: a, pages: 3}\n      - write: {name: a, pages: 2}\n      - snapshot: {}','\n',char(10)),'clean','',1,72,344.0,344.0,139,8,0,0,0,0,0,0,76,29538,33130,14,55,1,0,0,0);
INSERT INTO scenario VALUES(4,1,'first-snapshot','eager','power-loss','Pages get their first content and the first snapshot takes them.','suites/creation.yaml',replace('  - name: first-snapshot\n    description: Pages get their first content and the first snapshot takes them.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 16}\n    steps:\n      - create: {}\n      - alloc: {name: a, pages: 3}\n      - write: {name: a, pages: 2}\n      - snapshot: {}','\n',char(10)),'clean','',1,77,380.0,380.0,147,8,0,0,0,0,0,0,83,29765,33343,5,55,1,0,0,0);
INSERT INTO scenario VALUES(5,1,'create','lazy','power-loss','Make an arena; a crash leaves either none or a whole, empty one.','suites/creation.yaml',replace('  - name: create\n    description: Make an arena; a crash leaves either none or a whole, empty one.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 8}\n    steps:\n      - create: {}','\n',char(10)),'clean','',1,30,81.0,81.0,64,5,0,0,0,0,0,0,35,6468,7654,8,43,1,0,0,0);
INSERT INTO scenario VALUES(6,1,'create','eager','power-loss','Make an arena; a crash leaves either none or a whole, empty one.','suites/creation.yaml',replace('  - name: create\n    description: Make an arena; a crash leaves either none or a whole, empty one.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 8}\n    steps:\n      - create: {}','\n',char(10)),'clean','',1,28,77.0,77.0,60,5,0,0,0,0,0,0,34,6418,7604,11,43,1,0,0,0);
INSERT INTO scenario VALUES(7,2,'heap-first-object','eager','power-loss','The heap comes into being with its first object; a crash leaves both or neither.','suites/heap.yaml',replace('  - name: heap-first-object\n    description: The heap comes into being with its first object; a crash leaves both or neither.\n    arena: {reserved_pages: 128, initial_blocks: 24, fanout: 4}\n    steps:\n      - malloc: {name: a, bytes: 24}\n      - snapshot: {}\n      - malloc: {name: b, bytes: 24}\n      - write: {name: a}\n      - snapshot: {}\n      - kill: {}\n      - malloc: {name: c, bytes: 24}','\n',char(10)),'violations','',0,67,1118.0,1025.0,93,5,2,0,0,0,0,0,181,83553,87608,14,46,1,0,0,0);
INSERT INTO scenario VALUES(8,2,'first-snapshot','eager','power-loss','Pages get their first content and the first snapshot takes them.','suites/creation.yaml',replace('  - name: first-snapshot\n    description: Pages get their first content and the first snapshot takes them.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 16}\n    steps:\n      - create: {}\n      - alloc: {name: a, pages: 3}\n      - write: {name: a, pages: 2}\n      - snapshot: {}','\n',char(10)),'violations','',0,62,598.0,553.0,140,10,2,0,0,0,0,0,80,29669,34911,5,66,1,0,0,0);
INSERT INTO scenario VALUES(9,3,'first-snapshot','eager','media','Pages get their first content and the first snapshot takes them.','suites/creation.yaml',replace('  - name: first-snapshot\n    description: Pages get their first content and the first snapshot takes them.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 16}\n    steps:\n      - create: {}\n      - alloc: {name: a, pages: 3}\n      - write: {name: a, pages: 2}\n      - snapshot: {}','\n',char(10)),'clean','',1,77,6102.0,6102.0,1305,68,0,0,0,0,0,0,83,29765,43941,8,301,1,0,0,0);
INSERT INTO scenario VALUES(10,3,'first-snapshot','eager','lying-disk','Pages get their first content and the first snapshot takes them.','suites/creation.yaml',replace('  - name: first-snapshot\n    description: Pages get their first content and the first snapshot takes them.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 16}\n    steps:\n      - create: {}\n      - alloc: {name: a, pages: 3}\n      - write: {name: a, pages: 2}\n      - snapshot: {}','\n',char(10)),'clean','',1,77,20785.0,20785.0,1117,39,0,0,0,0,0,0,83,29765,37522,11,185,1,0,0,0);
INSERT INTO scenario VALUES(11,3,'first-snapshot','eager','power-loss','Pages get their first content and the first snapshot takes them.','suites/creation.yaml',replace('  - name: first-snapshot\n    description: Pages get their first content and the first snapshot takes them.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 16}\n    steps:\n      - create: {}\n      - alloc: {name: a, pages: 3}\n      - write: {name: a, pages: 2}\n      - snapshot: {}','\n',char(10)),'clean','',1,77,380.0,380.0,147,8,0,0,0,0,0,0,83,29765,33343,14,61,1,0,0,0);
INSERT INTO scenario VALUES(12,3,'create','eager','media','Make an arena; a crash leaves either none or a whole, empty one.','suites/creation.yaml',replace('  - name: create\n    description: Make an arena; a crash leaves either none or a whole, empty one.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 8}\n    steps:\n      - create: {}','\n',char(10)),'clean','',1,28,213.0,213.0,108,9,0,0,0,0,0,0,34,6418,8236,5,65,1,0,0,0);
INSERT INTO scenario VALUES(13,3,'first-snapshot','eager','torn','Pages get their first content and the first snapshot takes them.','suites/creation.yaml',replace('  - name: first-snapshot\n    description: Pages get their first content and the first snapshot takes them.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 16}\n    steps:\n      - create: {}\n      - alloc: {name: a, pages: 3}\n      - write: {name: a, pages: 2}\n      - snapshot: {}','\n',char(10)),'incomplete','',0,77,606734.0,606734.0,189,22,0,0,0,0,0,0,83,29765,34127,8,117,1,0,0,0);
INSERT INTO scenario VALUES(14,3,'create','eager','lying-disk','Make an arena; a crash leaves either none or a whole, empty one.','suites/creation.yaml',replace('  - name: create\n    description: Make an arena; a crash leaves either none or a whole, empty one.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 8}\n    steps:\n      - create: {}','\n',char(10)),'clean','',1,28,257.0,257.0,122,7,0,0,0,0,0,0,34,6418,8172,11,57,1,0,0,0);
INSERT INTO scenario VALUES(15,3,'create','eager','torn','Make an arena; a crash leaves either none or a whole, empty one.','suites/creation.yaml',replace('  - name: create\n    description: Make an arena; a crash leaves either none or a whole, empty one.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 8}\n    steps:\n      - create: {}','\n',char(10)),'incomplete','',0,28,245.0,245.0,60,5,0,0,0,0,0,0,34,6418,7604,14,49,1,0,0,0);
INSERT INTO scenario VALUES(16,3,'create','eager','power-loss','Make an arena; a crash leaves either none or a whole, empty one.','suites/creation.yaml',replace('  - name: create\n    description: Make an arena; a crash leaves either none or a whole, empty one.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 8}\n    steps:\n      - create: {}','\n',char(10)),'clean','',1,28,77.0,77.0,60,5,0,0,0,0,0,0,34,6418,7604,5,49,1,0,0,0);
INSERT INTO scenario VALUES(17,4,'first-snapshot','eager','power-loss','Pages get their first content and the first snapshot takes them.','suites/creation.yaml',replace('  - name: first-snapshot\n    description: Pages get their first content and the first snapshot takes them.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 16}\n    steps:\n      - create: {}\n      - alloc: {name: a, pages: 3}\n      - write: {name: a, pages: 2}\n      - snapshot: {}','\n',char(10)),'clean','',1,77,380.0,380.0,147,8,0,0,0,0,0,0,83,29765,112127,8,64,1,0,0,0);
INSERT INTO scenario VALUES(18,5,'heap-first-object','lazy','power-loss','The heap comes into being with its first object; a crash leaves both or neither.','suites/heap.yaml',replace('  - name: heap-first-object\n    description: The heap comes into being with its first object; a crash leaves both or neither.\n    arena: {reserved_pages: 128, initial_blocks: 24, fanout: 4}\n    steps:\n      - malloc: {name: a, bytes: 24}\n      - snapshot: {}\n      - malloc: {name: b, bytes: 24}\n      - write: {name: a}\n      - snapshot: {}\n      - kill: {}\n      - malloc: {name: c, bytes: 24}','\n',char(10)),'clean','',1,171,956.0,956.0,191,5,0,0,0,0,0,0,151,66151,70818,11,55,1,0,0,0);
INSERT INTO scenario VALUES(19,5,'heap-first-object','eager','power-loss','The heap comes into being with its first object; a crash leaves both or neither.','suites/heap.yaml',replace('  - name: heap-first-object\n    description: The heap comes into being with its first object; a crash leaves both or neither.\n    arena: {reserved_pages: 128, initial_blocks: 24, fanout: 4}\n    steps:\n      - malloc: {name: a, bytes: 24}\n      - snapshot: {}\n      - malloc: {name: b, bytes: 24}\n      - write: {name: a}\n      - snapshot: {}\n      - kill: {}\n      - malloc: {name: c, bytes: 24}','\n',char(10)),'clean','',1,195,2485.0,2485.0,228,5,0,0,0,0,0,0,187,83745,88412,14,55,1,0,0,0);
INSERT INTO scenario VALUES(20,5,'first-snapshot','lazy','power-loss','Pages get their first content and the first snapshot takes them.','suites/creation.yaml',replace('  - name: first-snapshot\n    description: Pages get their first content and the first snapshot takes them.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 16}\n    steps:\n      - create: {}\n      - alloc: {name: a, pages: 3}\n      - write: {name: a, pages: 2}\n      - snapshot: {}','\n',char(10)),'clean','',1,72,344.0,344.0,139,8,0,0,0,0,0,0,76,29538,33130,5,67,1,0,0,0);
INSERT INTO scenario VALUES(21,5,'create','lazy','power-loss','Make an arena; a crash leaves either none or a whole, empty one.','suites/creation.yaml',replace('  - name: create\n    description: Make an arena; a crash leaves either none or a whole, empty one.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 8}\n    steps:\n      - create: {}','\n',char(10)),'failed','the workload did not end within 120000 ms, in step 2',0,0,0.0,0.0,0,0,0,0,0,0,0,0,35,6468,7654,8,55,1,0,0,0);
INSERT INTO scenario VALUES(22,5,'first-snapshot','eager','power-loss','Pages get their first content and the first snapshot takes them.','suites/creation.yaml',replace('  - name: first-snapshot\n    description: Pages get their first content and the first snapshot takes them.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 16}\n    steps:\n      - create: {}\n      - alloc: {name: a, pages: 3}\n      - write: {name: a, pages: 2}\n      - snapshot: {}','\n',char(10)),'clean','',1,77,380.0,380.0,147,8,0,0,0,0,0,0,83,29765,33343,11,67,1,0,0,0);
INSERT INTO scenario VALUES(23,5,'create','eager','power-loss','Make an arena; a crash leaves either none or a whole, empty one.','suites/creation.yaml',replace('  - name: create\n    description: Make an arena; a crash leaves either none or a whole, empty one.\n    create: recorded\n    arena: {reserved_pages: 64, initial_blocks: 8}\n    steps:\n      - create: {}','\n',char(10)),'clean','',1,28,77.0,77.0,60,5,0,0,0,0,0,0,34,6418,7604,14,55,1,0,0,0);
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
INSERT INTO nested VALUES(17,2,8,14,841,4455.0,4455.0,1672,36,0);
CREATE TABLE generated (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    copying TEXT NOT NULL,
    model TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (run, name, copying, model, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE map (
    scenario INTEGER PRIMARY KEY REFERENCES scenario (id) ON DELETE CASCADE,
    text_bytes INTEGER NOT NULL,
    text BLOB NOT NULL -- zstd
) STRICT;
INSERT INTO map VALUES(1,2116,X'28b52ffd604407550f00765643216067ab0303a3a8e06626fc9aef08594284e616452d0ec2f60989fd091a011c40713c003a0036000c1ec8d8b446c7c56c6223e1b9054d7c0a885fa348203f9dacf3a0ff3f028e401cd9359423d06474622af8250a6ad023909cb0e927e1e44686fe0321777301f9216721fa1164a3235a06b590b4fa852465aed697e54aa9f4649010dd8468a307580c14440714041dc66b8604fe03ed644712b07e0349da985ed7f073dd7cec179e65777673e7b6a4dae421699307559fede4b350f2629f2b4ff8555b7235259786de63f6d67990851cf78a0e47c2a147a0c66f4e96ad194daada542faa0ad098563d34432b6a6846f9e3027eade11d862460ec18937a2996df0f624fc6b1594bab657552015da8414162cc44922485ca70a0a2292ae21c124054154441180152444888000a89f0a41208250b0a6a1c05482355fa93d698745b208846c7860c35c2b083c79f1a0d14fa1722d5c694ce1776e60259de27a5e427ef125e0ef3f2747778f4d99137dfa29930397b40114f25883201675dbabe1a89d4a60fbf4c9213ef2510e928b5bbe45ee3ba697982ac0aabf448d8381325fa4444d600e5f8ed0bff6326a641bce937572490775605c3143715b9c8cb81a102fe775d88738ae44e70b6a5186a1acfed398103bfe50f56833e74b47496f24551ad46a42cf429d4');
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
INSERT INTO selftest VALUES(1,'99999999999999999999999999999999','2024-06-07T02:01:00.000Z','passed',4100,'0.1.0','d91b3e8','builder','6.1.0-13-amd64','pmacrash selftest',1,6,6);
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
INSERT INTO barrier VALUES(1,'pma/create/sync','eager',1,1,'legal snapshot','lost','create','',1,5,300);
INSERT INTO barrier VALUES(1,'pma/sync/blocks','eager',1,1,'legal snapshot','mix','first-snapshot','',2,17,420);
INSERT INTO barrier VALUES(1,'pma/sync/blocks','lazy',1,1,'alive','mix','heap-first-object','',3,21,510);
INSERT INTO barrier VALUES(1,'pma/sync/meta','eager',1,1,'legal snapshot','lost','first-snapshot','',2,15,390);
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

-- SPDX-License-Identifier: MIT
-- The first schema. Every row hangs on a run, and a run has a name of its own all over the world (uuid), so
-- that databases of several machines can be merged and an interrupted run can be found again.
--
-- Counts that can be larger than 2^63 (crash states) are REAL; a seed has 64 bits without a sign, so it is TEXT.

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
) STRICT;

CREATE TABLE scenario (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
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
    explore_ms INTEGER NOT NULL,
    UNIQUE (run, name)
) STRICT;

-- The fault points that the library under test declares.
CREATE TABLE fault_point (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    description TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a scenario hit. A point need not be declared: crash points also lie at calls of libc.
CREATE TABLE coverage (
    scenario INTEGER NOT NULL REFERENCES scenario (id) ON DELETE CASCADE,
    point TEXT NOT NULL,
    hits INTEGER NOT NULL,
    crashed_at INTEGER NOT NULL,
    PRIMARY KEY (scenario, point)
) STRICT, WITHOUT ROWID;
CREATE INDEX coverage_by_point ON coverage (point);

-- Ten million recoveries are a few hundred of these rows.
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
) STRICT;
CREATE INDEX violation_by_scenario ON violation (scenario);

-- The text that the views were made from, so that they are made anew when it changes.
CREATE TABLE views (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    text TEXT NOT NULL
) STRICT;

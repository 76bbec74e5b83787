-- SPDX-License-Identifier: MIT
-- A scenario is played once for each way of copying, so its name alone is not unique in a run any more, and a
-- constraint of a table can only be changed by making the table anew. The views stand on it; they are made again
-- when their file is read next.

DROP VIEW IF EXISTS v_interface;
DROP VIEW IF EXISTS v_violation;
DROP VIEW IF EXISTS v_total;
DROP VIEW IF EXISTS v_coverage;
DROP VIEW IF EXISTS v_scenario;
DROP VIEW IF EXISTS v_run;
DELETE FROM views;

CREATE TABLE scenario_new (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    copying TEXT NOT NULL CHECK (copying IN ('eager', 'lazy')),
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
    UNIQUE (run, name, copying)
) STRICT;

INSERT INTO scenario_new
SELECT id, run, name, 'eager', description, file, text, outcome, error, complete, crash_points, states, covered,
       paths, recoveries, violations, images_twice, compared_points, compared_states, brute_recoveries,
       disagreements, trace_events, trace_bytes, memory_bytes, record_ms, explore_ms
FROM scenario;
DROP TABLE scenario;
ALTER TABLE scenario_new RENAME TO scenario;

-- SPDX-License-Identifier: MIT
-- A run may follow several models, and then a scenario is played once for each: another part of its name.

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
    explore_ms INTEGER NOT NULL,
    UNIQUE (run, name, copying, model)
) STRICT;

INSERT INTO scenario_new
SELECT scenario.id, run, name, copying, run.model, description, file, text, scenario.outcome, error, complete,
       crash_points, states, covered, paths, recoveries, violations, images_twice, compared_points, compared_states,
       brute_recoveries, disagreements, trace_events, trace_bytes, memory_bytes, record_ms, explore_ms
FROM scenario
JOIN run ON run.id = scenario.run;
DROP TABLE scenario;
ALTER TABLE scenario_new RENAME TO scenario;

-- SPDX-License-Identifier: MIT
-- The stable interface, documented in docs/results.md. Tables may change, these may not: columns are added at
-- the end, and whoever must change or remove one raises the number in v_interface. The file is run anew,
-- as one transaction, whenever its text differs from the one that the database was given last.

DROP VIEW IF EXISTS v_interface;
CREATE VIEW v_interface AS
SELECT 1 AS version;

-- Sums are subqueries, not a GROUP BY, so that who asks for the last fifty runs, or for less of each, pays for no more.
DROP VIEW IF EXISTS v_run;
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
       (SELECT count(*) FROM scenario WHERE scenario.run = run.id) AS scenarios,
       (SELECT coalesce(sum(crash_points), 0) FROM scenario WHERE scenario.run = run.id) AS crash_points,
       (SELECT total(states) FROM scenario WHERE scenario.run = run.id) AS states,
       (SELECT total(covered) FROM scenario WHERE scenario.run = run.id) AS covered,
       (SELECT coalesce(sum(recoveries), 0) FROM scenario WHERE scenario.run = run.id) AS recoveries,
       (SELECT coalesce(sum(violations), 0) FROM scenario WHERE scenario.run = run.id) AS violations,
       run.outcome IS NOT NULL AND NOT run.more
           AND (SELECT coalesce(min(complete), 0) FROM scenario WHERE scenario.run = run.id) AS complete,
       run.depth,
       (SELECT coalesce(sum(plays), 0) FROM scenario WHERE scenario.run = run.id) AS plays,
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
FROM run;

DROP VIEW IF EXISTS v_scenario;
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

-- A condition on the run must get down to the tables, or telling one run reads all of them: SQLite takes it into the
-- halves of a union and into a GROUP BY, but not through both at once, nor across a LEFT JOIN.
DROP VIEW IF EXISTS v_coverage;
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

DROP VIEW IF EXISTS v_total;
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

DROP VIEW IF EXISTS v_violation;
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

DROP VIEW IF EXISTS v_nested;
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

DROP VIEW IF EXISTS v_selftest;
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

DROP VIEW IF EXISTS v_barrier;
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

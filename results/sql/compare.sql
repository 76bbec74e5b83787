-- SPDX-License-Identifier: MIT
-- What two runs are compared by. The tables are filled from the views of each run's database, in the order of their
-- columns, side 0 the one before and side 1 the one after; `difference` says what came out.

CREATE TABLE asked (side INTEGER, name TEXT, value TEXT);
CREATE TABLE kind (
    side INTEGER, scenario TEXT, copying TEXT, model TEXT,
    what TEXT, -- verdict, and the invariant or the crash point
    violations INTEGER, example INTEGER
);
CREATE TABLE play (
    side INTEGER, scenario TEXT, copying TEXT, model TEXT,
    outcome TEXT, error TEXT, complete INTEGER, plays INTEGER, crash_points INTEGER, milliseconds INTEGER
);
CREATE TABLE point (side INTEGER, point TEXT, hits INTEGER, crashed_at INTEGER);

CREATE VIEW both_kinds AS
SELECT scenario, copying, model, what,
       b.violations AS before, a.violations AS after, b.example AS before_example, a.example AS after_example
FROM (SELECT * FROM kind WHERE side = 0) AS b
FULL JOIN (SELECT * FROM kind WHERE side = 1) AS a USING (scenario, copying, model, what);

CREATE VIEW both_plays AS
SELECT scenario, copying, model,
       b.outcome AS before_outcome, a.outcome AS after_outcome, a.error,
       b.complete AS before_complete, a.complete AS after_complete,
       b.plays AS before_plays, a.plays AS after_plays,
       b.crash_points AS before_points, a.crash_points AS after_points,
       b.milliseconds AS before_ms, a.milliseconds AS after_ms
FROM (SELECT * FROM play WHERE side = 0) AS b
FULL JOIN (SELECT * FROM play WHERE side = 1) AS a USING (scenario, copying, model);

CREATE VIEW both_points AS
SELECT point,
       coalesce(b.hits, 0) AS before_hits, coalesce(a.hits, 0) AS after_hits,
       coalesce(b.crashed_at, 0) AS before_crashed, coalesce(a.crashed_at, 0) AS after_crashed
FROM (SELECT * FROM point WHERE side = 0) AS b
FULL JOIN (SELECT * FROM point WHERE side = 1) AS a USING (point);

-- Time is told only where it is more than chance: by half and by a fifth of a second at least.
CREATE VIEW difference AS
WITH found (rank, change, worse, scenario, copying, model, what, before, after) AS (
    SELECT 1, 'asked otherwise', 0, '', '', '', b.name, b.value, a.value
    FROM asked AS b
    JOIN asked AS a ON a.side = 1 AND a.name = b.name AND a.value <> b.value
    WHERE b.side = 0
    UNION ALL
    SELECT 2, 'new violation', 1, scenario, copying, model, what, 0, after || ', as v' || after_example
    FROM both_kinds WHERE before IS NULL
    UNION ALL
    SELECT 3, 'scenario gone', 1, scenario, copying, model, '', before_outcome, NULL
    FROM both_plays WHERE after_outcome IS NULL
    UNION ALL
    SELECT 4, 'failed', 1, scenario, copying, model, error, before_outcome, after_outcome
    FROM both_plays WHERE after_outcome = 'failed' AND before_outcome IS NOT 'failed'
    UNION ALL
    SELECT 5, 'not complete', 1, scenario, copying, model, '', 'complete', after_outcome
    FROM both_plays WHERE before_complete AND NOT after_complete AND after_outcome <> 'failed'
    UNION ALL
    SELECT 6, 'coverage lost', 1, '', '', '', point,
           iif(after_hits = 0, before_hits || ' hits', before_crashed || ' crash points'), 0
    FROM both_points
    WHERE (before_hits > 0 AND after_hits = 0) OR (before_crashed > 0 AND after_crashed = 0)
    UNION ALL
    SELECT 7, 'fewer crash points', 1, scenario, copying, model, '', before_points, after_points
    FROM both_plays WHERE after_points < before_points AND after_outcome <> 'failed'
    UNION ALL
    SELECT 8, 'fewer plays', 1, scenario, copying, model, '', before_plays, after_plays
    FROM both_plays WHERE after_plays < before_plays
    UNION ALL
    SELECT 9, 'slower', 0, scenario, copying, model, '', before_ms || ' ms', after_ms || ' ms'
    FROM both_plays WHERE after_ms > 1.5 * before_ms AND after_ms >= before_ms + 200
    UNION ALL
    SELECT 10, 'violation gone', 0, scenario, copying, model, what, before || ', as v' || before_example, 0
    FROM both_kinds WHERE after IS NULL
    UNION ALL
    SELECT 11, 'new scenario', 0, scenario, copying, model, '', NULL, after_outcome
    FROM both_plays WHERE before_outcome IS NULL
    UNION ALL
    SELECT 12, 'fails no more', 0, scenario, copying, model, '', before_outcome, after_outcome
    FROM both_plays WHERE before_outcome = 'failed' AND after_outcome <> 'failed'
    UNION ALL
    SELECT 13, 'complete now', 0, scenario, copying, model, '', before_outcome, 'complete'
    FROM both_plays WHERE NOT before_complete AND after_complete AND before_outcome <> 'failed'
    UNION ALL
    SELECT 14, 'coverage gained', 0, '', '', '', point, 0,
           iif(before_hits = 0, after_hits || ' hits', after_crashed || ' crash points')
    FROM both_points
    WHERE (before_hits = 0 AND after_hits > 0) OR (before_crashed = 0 AND after_crashed > 0)
    UNION ALL
    SELECT 15, 'more crash points', 0, scenario, copying, model, '', before_points, after_points
    FROM both_plays WHERE after_points > before_points AND before_outcome <> 'failed'
    UNION ALL
    SELECT 16, 'more plays', 0, scenario, copying, model, '', before_plays, after_plays
    FROM both_plays WHERE after_plays > before_plays
    UNION ALL
    SELECT 17, 'faster', 0, scenario, copying, model, '', before_ms || ' ms', after_ms || ' ms'
    FROM both_plays WHERE before_ms > 1.5 * after_ms AND before_ms >= after_ms + 200
)
SELECT * FROM found ORDER BY rank, scenario, copying, model, what;

-- For people: so many of each change, and how many more there are. A play is named as a run does, "create (lazy, torn)".
CREATE VIEW shown AS
WITH numbered AS (
    SELECT *,
           scenario || coalesce(' (' || nullif(trim(iif(copying = 'lazy', 'lazy', '') || ', '
               || iif(model = 'power-loss', '', model), ', '), '') || ')', '') AS play,
           row_number() OVER one AS number, count(*) OVER (PARTITION BY rank) AS all_of_it
    FROM difference
    WINDOW one AS (PARTITION BY rank ORDER BY scenario, copying, model, what)
)
SELECT worse, change, play, what, coalesce(before, '') AS before, coalesce(after, '') AS after
FROM (
    SELECT rank, number, worse, change, play, what, before, after FROM numbered WHERE number <= 12
    UNION ALL
    SELECT rank, number, worse, change, '... and ' || (all_of_it - 12) || ' more', '', '', ''
    FROM numbered WHERE number = 13
)
ORDER BY rank, number;

-- "2 x new violation, 1 x coverage lost": what is worse, or empty.
CREATE VIEW judgement AS
SELECT coalesce(group_concat(count || ' x ' || change, ', '), '') AS worse
FROM (SELECT change, count(*) AS count FROM difference WHERE worse GROUP BY rank ORDER BY rank);

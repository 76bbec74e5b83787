-- SPDX-License-Identifier: MIT
-- What a run was asked, in columns: until here most of it stood in its command line alone. Runs from before are read
-- off that, where options stand as `--name value` or `--name=value`; their budget and error list are not known.

ALTER TABLE run ADD COLUMN subcommand TEXT NOT NULL DEFAULT 'run';
ALTER TABLE run ADD COLUMN selection TEXT NOT NULL DEFAULT ''; -- of scenarios, as asked for; empty: all
ALTER TABLE run ADD COLUMN mode TEXT NOT NULL DEFAULT 'simulate';
ALTER TABLE run ADD COLUMN kills INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN grain TEXT NOT NULL DEFAULT 'call';
ALTER TABLE run ADD COLUMN copying TEXT NOT NULL DEFAULT 'both';
ALTER TABLE run ADD COLUMN sweep TEXT NOT NULL DEFAULT 'none';
ALTER TABLE run ADD COLUMN errors TEXT NOT NULL DEFAULT '';    -- that the sweep failed with; empty: the usual ones
ALTER TABLE run ADD COLUMN points TEXT NOT NULL DEFAULT '';    -- glob of crash points; empty: all
ALTER TABLE run ADD COLUMN budget_ms INTEGER;                  -- NULL: none
ALTER TABLE run ADD COLUMN kept_for TEXT NOT NULL DEFAULT '';  -- what would miss it, so that it is not pruned

-- Each option as one word between blanks.
CREATE TEMP TABLE said AS
SELECT id, replace(command, '=', ' ') || ' ' AS words FROM run;

UPDATE run SET
    subcommand = iif(command LIKE 'pmacrash generate%', 'generate', 'run'),
    mode = iif(search = 'kill', 'kill', 'simulate'),
    grain = iif(instr(words, ' --grain store '), 'store', 'call'),
    copying = CASE WHEN instr(words, ' --copying eager ') THEN 'eager'
                   WHEN instr(words, ' --copying lazy ') THEN 'lazy'
                   ELSE 'both' END,
    sweep = CASE WHEN instr(words, ' --sweep syncs ') THEN 'syncs'
                 WHEN instr(words, ' --sweep calls ') THEN 'calls'
                 WHEN instr(words, ' --sweep points ') THEN 'points'
                 WHEN instr(words, ' --sweep all ') THEN 'all'
                 ELSE 'none' END
FROM said WHERE said.id = run.id;
DROP TABLE said;

-- Sums over the scenarios of a run, without reading their texts.
CREATE INDEX scenario_sums ON scenario
    (run, crash_points, states, covered, recoveries, violations, complete, plays);

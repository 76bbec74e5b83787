-- SPDX-License-Identifier: MIT
-- What a run tested, and what held. One row a scenario, then all of them together; crash_states
-- are those that were covered, and complete says whether that is every one that the model admits.
WITH line AS (
    SELECT 0 AS last, scenario, copying, model, crash_points, covered, recoveries, violations, complete,
           (record_ms + explore_ms) / 1000.0 AS seconds, outcome
    FROM v_scenario WHERE run = :run
    UNION ALL
    SELECT 1, 'all ' || scenarios, '', '', crash_points, covered, recoveries, violations, complete,
           milliseconds / 1000.0, outcome
    FROM v_run WHERE run = :run
)
SELECT scenario,
       copying,
       model,
       crash_points,
       covered AS crash_states,
       recoveries,
       violations,
       CASE complete WHEN 1 THEN 'yes' ELSE 'no' END AS complete,
       round(seconds, 2) AS seconds,
       outcome
FROM line
ORDER BY last, scenario, copying, model;

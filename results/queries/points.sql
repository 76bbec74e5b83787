-- SPDX-License-Identifier: MIT
-- Recoveries by fault point. For each point and call at which a run crashed: how many crash points, crash states and
-- recoveries, how they were judged, and how long that took.
SELECT location AS point,
       sum(points) AS crash_points,
       sum(states) AS crash_states,
       sum(recoveries) AS recoveries,
       sum(iif(verdict = 'legal', paths, 0)) AS legal,
       sum(iif(verdict = 'noticed', paths, 0)) AS noticed,
       sum(iif(verdict = 'rollback', paths, 0)) AS rollback,
       sum(iif(verdict NOT IN ('legal', 'noticed', 'rollback'), paths, 0)) AS violating,
       round(sum(milliseconds), 1) AS milliseconds
FROM v_total
WHERE run = :run
GROUP BY location
ORDER BY violating DESC, recoveries DESC, point;

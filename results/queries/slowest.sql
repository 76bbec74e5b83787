-- SPDX-License-Identifier: MIT
-- Where a run spent its time. The crash points, by name and scenario, that took the longest.
SELECT scenario,
       copying,
       model,
       location,
       sum(points) AS crash_points,
       sum(recoveries) AS recoveries,
       round(sum(milliseconds), 1) AS milliseconds,
       round(1000.0 * sum(recoveries) / nullif(sum(milliseconds), 0)) AS recoveries_per_second
FROM v_total
WHERE run = :run
GROUP BY scenario, copying, model, location
ORDER BY sum(milliseconds) DESC
LIMIT 20;

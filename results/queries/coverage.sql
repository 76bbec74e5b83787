-- SPDX-License-Identifier: MIT
-- Which fault points a run hit and crashed at. Those that it never hit come first.
SELECT point,
       kind,
       hits,
       crashed_at,
       scenarios_hit AS scenarios,
       CASE WHEN NOT known THEN 'not declared'
            WHEN hits = 0 THEN 'never hit'
            WHEN crashed_at = 0 THEN 'never crashed at'
            ELSE '' END AS remark,
       description
FROM v_coverage
WHERE run = :run
ORDER BY hits > 0, point;

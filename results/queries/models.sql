-- SPDX-License-Identifier: MIT
-- What a run came to under each persistency model. Judgements are by verdict: legal; noticed and rollback, where the
-- storage itself may be wrong; violating.
WITH judged AS (
    SELECT model,
           sum(iif(verdict = 'legal', paths, 0)) AS legal,
           sum(iif(verdict = 'noticed', paths, 0)) AS noticed,
           sum(iif(verdict = 'rollback', paths, 0)) AS rollback,
           sum(iif(verdict NOT IN ('legal', 'noticed', 'rollback'), paths, 0)) AS violating
    FROM v_total WHERE run = :run GROUP BY model
)
SELECT s.model,
       sum(s.plays) AS plays,
       sum(s.crash_points) AS crash_points,
       sum(s.covered) AS crash_states,
       sum(s.recoveries) AS recoveries,
       coalesce(judged.legal, 0) AS legal,
       coalesce(judged.noticed, 0) AS noticed,
       coalesce(judged.rollback, 0) AS rollback,
       coalesce(judged.violating, 0) AS violating,
       sum(s.violations) AS violations,
       iif(min(s.complete), 'yes', 'no') AS complete
FROM v_scenario AS s
LEFT JOIN judged ON judged.model = s.model
WHERE s.run = :run
GROUP BY s.model
ORDER BY s.model;

-- SPDX-License-Identifier: MIT
-- Each kind of violation in all runs, and when it was seen first and last. A kind is a scenario, a verdict, and the
-- invariant or the crash point.
SELECT scenario,
       verdict,
       iif(invariant <> '', invariant, location) AS invariant_or_point,
       count(*) AS violations,
       count(DISTINCT run) AS runs,
       'r' || min(run) AS first_run,
       'r' || max(run) AS last_run,
       'v' || max(violation) AS latest
FROM v_violation
GROUP BY scenario, verdict, invariant_or_point
ORDER BY max(run) DESC, violations DESC, scenario;

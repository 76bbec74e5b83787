-- SPDX-License-Identifier: MIT
-- The violations that the latest run found. `pmacrash show N` explains one of them, `pmacrash replay N`
-- recovers it again.
SELECT violation,
       scenario,
       verdict,
       side || ' ' || location || ' #' || hit AS crash_point,
       step,
       CASE WHEN finding <> '' THEN finding ELSE message END AS what
FROM v_violation
WHERE run = (SELECT max(run) FROM v_run)
ORDER BY violation;

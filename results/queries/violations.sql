-- SPDX-License-Identifier: MIT
-- The violations that a run found. `pmacrash show v1` explains the one of that number, `pmacrash replay v1`
-- recovers it again.
SELECT 'v' || violation AS violation,
       scenario,
       copying,
       model,
       verdict,
       side || ' ' || location || ' #' || hit || CASE WHEN depth > 1 THEN ', crash ' || depth ELSE '' END AS crash_point,
       step,
       CASE WHEN finding <> '' THEN finding
            WHEN message <> '' THEN message
            ELSE substr(explanation, 1, instr(explanation || char(10), char(10)) - 1) END
       || iif(fault <> '', ' (under ' || fault || ')', '') AS what
FROM v_violation
WHERE run = :run
ORDER BY v_violation.violation;

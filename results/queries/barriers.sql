-- SPDX-License-Identifier: MIT
-- Which oracle notices when a persistence barrier is skipped, in the latest self-test. Barriers that nothing notices come first.
SELECT barrier,
       copying,
       CASE WHEN caught THEN oracle
            WHEN error <> '' THEN error
            WHEN hit THEN 'nothing noticed'
            ELSE 'never hit' END AS noticed_by,
       verdict,
       scenario,
       plays,
       recoveries,
       round(milliseconds / 1000.0, 1) AS seconds
FROM v_barrier
WHERE selftest = (SELECT max(selftest) FROM v_selftest)
ORDER BY caught, barrier, copying;

-- SPDX-License-Identifier: MIT
-- Each persistence barrier that the latest self-test skipped, and which oracle noticed. Those that none noticed come first.
SELECT barrier,
       copying,
       CASE WHEN caught THEN oracle
            WHEN error <> '' THEN error
            WHEN hit THEN 'NOT CAUGHT'
            ELSE 'never hit' END AS oracle,
       verdict,
       scenario,
       plays,
       recoveries,
       round(milliseconds / 1000.0, 1) AS seconds
FROM v_barrier
WHERE selftest = (SELECT max(selftest) FROM v_selftest)
ORDER BY caught, barrier, copying;

-- SPDX-License-Identifier: MIT
-- Which invariants were violated, and where, in all runs. An example to look at with `pmacrash show` comes with each.
SELECT invariant,
       scenario,
       count(*) AS violations,
       count(DISTINCT run) AS runs,
       'r' || min(run) AS first_run,
       'r' || max(run) AS last_run,
       'v' || max(violation) AS latest
FROM v_violation
WHERE invariant <> ''
GROUP BY invariant, scenario
ORDER BY invariant, scenario;

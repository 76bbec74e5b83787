-- SPDX-License-Identifier: MIT
-- What of a run did not come to its end. Scenarios that failed, with the reason, and those that were not covered in full.
SELECT scenario,
       copying,
       model,
       outcome,
       CASE WHEN error <> '' THEN error
            WHEN stopped THEN 'stopped by a budget or a signal'
            WHEN covered < states THEN 'not all crash states were covered'
            ELSE 'not complete' END AS reason,
       covered AS crash_states_covered,
       states AS crash_states
FROM v_scenario
WHERE run = :run AND (error <> '' OR stopped OR NOT complete)
ORDER BY error = '', scenario, copying, model;

-- SPDX-License-Identifier: MIT
-- Crashes inside recovery, by depth. For a run with --depth: how many recoveries were crashed again, and what that came to.
SELECT depth,
       scenario,
       copying,
       model,
       power_failures,
       kills,
       crash_points,
       covered AS crash_states,
       recoveries,
       violations
FROM v_nested
WHERE run = :run
ORDER BY depth, scenario, copying, model;

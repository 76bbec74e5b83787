-- SPDX-License-Identifier: MIT
-- The frames of a stack are all there, each within what its caller left free, and each holds its caller's pointers.
-- Against a pop that brings back another frame than the caller, or one that was overwritten meanwhile.
WITH place AS (
    SELECT stack_frame.*,
           CASE WHEN sp < ap THEN 1 ELSE -1 END AS sign,
           CASE WHEN sp < ap THEN low ELSE high END AS near,
           CASE WHEN saved_sp <> -1 THEN saved_sp WHEN sp < ap THEN high ELSE low END AS far
    FROM stack_frame JOIN stack USING (stack)
)
SELECT 'frames of stack ' || stack AS what, frames AS stated, found
FROM (SELECT stack, frames, (SELECT count(*) FROM stack_frame WHERE stack_frame.stack = stack.stack) AS found FROM stack)
WHERE frames <> found
UNION ALL
SELECT 'caller of frame ' || callee.depth, callee.saved_fp, caller.fp
FROM stack_frame AS callee
JOIN stack_frame AS caller ON caller.stack = callee.stack AND caller.depth = callee.depth - 1
WHERE callee.saved_fp <> caller.fp OR callee.saved_sp <> caller.sp OR callee.saved_ap <> caller.ap
UNION ALL
SELECT 'caller of the first frame', saved_fp, saved_sp
FROM stack_frame
WHERE depth = 0 AND (saved_fp <> -1 OR saved_sp <> -1)
UNION ALL
SELECT 'pointers of frame ' || depth, fp, sp
FROM place
WHERE sign * (fp - sign * 8 * (locals + 3) - near) < 0
   OR sign * ((CASE WHEN preserved THEN saved_ap ELSE fp END) - (fp - sign * 8 * (locals + 3))) < 0
   OR sign * (sp - CASE WHEN preserved THEN saved_ap ELSE fp END) < 0
   OR sign * (ap - sp) <= 0
   OR sign * (far - ap) < 0;

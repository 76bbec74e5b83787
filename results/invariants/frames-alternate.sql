-- SPDX-License-Identifier: MIT
-- Each frame of a stack lies on the side opposite to the one before it, and is west exactly if its SP is below its AP.
-- Against a frame that grows over its caller: on one side, a callee's locals lie where its caller's objects are.
SELECT stack, depth, west, sp, ap
FROM stack_frame
WHERE west <> (sp < ap)
UNION ALL
SELECT callee.stack, callee.depth, callee.west, callee.sp, callee.ap
FROM stack_frame AS callee
JOIN stack_frame AS caller ON caller.stack = callee.stack AND caller.depth = callee.depth - 1
WHERE caller.west = callee.west;

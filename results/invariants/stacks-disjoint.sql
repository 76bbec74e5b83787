-- SPDX-License-Identifier: MIT
-- No two stacks share addresses, nor do the two sides of one; and nothing else is allocated in a stack's range.
-- Against a heap page or a frame that another stack overwrites when it grows.
SELECT 'the sides of stack ' || stack AS what, low + west_bytes AS first, high - east_bytes AS second
FROM stack
WHERE low + west_bytes > high - east_bytes
UNION ALL
SELECT 'stacks ' || one.stack || ' and ' || other.stack, one.low, other.low
FROM stack AS one JOIN stack AS other ON other.stack > one.stack
WHERE one.low < other.high AND other.low < one.high
UNION ALL
SELECT 'a persistent page in stack ' || stack.stack, run.page * 4096, stack.low
FROM stack JOIN run ON run.page * 4096 < stack.high AND (run.page + run.length) * 4096 > stack.low
WHERE NOT run.ephemeral;

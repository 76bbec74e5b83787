-- SPDX-License-Identifier: MIT
-- Every block of the file is used, in limbo or free, and none is two of these.
-- Against leaks, which no crash test notices otherwise: a block that nobody owns is lost until the arena is rebuilt.
-- Used and limbo come from the walk of the file, free from the live allocator, so that the sum can fail.
WITH part AS (
    SELECT block, length FROM owner
    UNION ALL
    SELECT block, length FROM free
    UNION ALL
    SELECT file_blocks, 0 FROM arena
),
ordered AS (
    SELECT block,
           coalesce(max(block + length) OVER (
               ORDER BY block ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ), 0) AS reached
    FROM part
    -- Looking where is worth while only if the sum is wrong.
    WHERE NOT (SELECT live FROM arena)
      AND (SELECT total(length) FROM owner) + (SELECT total(length) FROM free) <> (SELECT file_blocks FROM arena)
)
SELECT 'nobody has these blocks' AS what, reached AS block, min(block, file_blocks) - reached AS blocks
FROM ordered, arena
WHERE min(block, file_blocks) > reached
UNION ALL
SELECT 'both used and in limbo', max(used.block, limbo.block), 1
FROM owner AS limbo JOIN owner AS used
  ON used.block < limbo.block + limbo.length AND used.block + used.length > limbo.block
WHERE limbo.snapshot = 1 AND used.snapshot = 0
UNION ALL
SELECT 'free twice', other.block, other.length
FROM free JOIN free AS other
  ON other.block >= free.block AND other.block < free.block + free.length AND other.rowid <> free.rowid
UNION ALL
SELECT 'free beyond the end of the file', free.block, free.length
FROM free, arena
WHERE free.block < 0 OR free.block + free.length > arena.file_blocks
UNION ALL
SELECT 'the arena counts as free', 0, free_blocks
FROM arena
WHERE NOT live AND free_blocks <> (SELECT total(length) FROM free);

-- SPDX-License-Identifier: MIT
-- Every block of the file is used, in limbo or free, and none is two of these.
-- Against leaks, which no crash test notices otherwise: a block that nobody owns is lost until the arena is rebuilt.
-- Used and limbo come from the walk of the file, free from the live allocator, so that the sum can fail.
WITH part AS (
    SELECT block, length, CASE snapshot WHEN 0 THEN 'used' ELSE 'limbo' END AS state FROM owner
    UNION ALL
    SELECT block, length, 'free' FROM free
    UNION ALL
    SELECT file_blocks, 0, 'end' FROM arena
),
ordered AS (
    SELECT block, length, state,
           coalesce(max(block + length) OVER before, 0) AS reached,
           max(block + length) FILTER (WHERE state = 'used') OVER before AS used_below,
           max(block + length) FILTER (WHERE state = 'limbo') OVER before AS limbo_below,
           max(block + length) FILTER (WHERE state = 'free') OVER before AS free_below
    FROM part
    WINDOW before AS (ORDER BY block, state ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT 'nobody has these blocks' AS what, reached AS block, min(block, file_blocks) - reached AS blocks
FROM ordered, arena
WHERE min(block, file_blocks) > reached
UNION ALL
SELECT 'both used and in limbo', block, length
FROM ordered
WHERE (state = 'used' AND block < limbo_below) OR (state = 'limbo' AND block < used_below)
UNION ALL
SELECT 'free twice', block, length
FROM ordered
WHERE state = 'free' AND block < free_below
UNION ALL
SELECT 'free beyond the end of the file', free.block, free.length
FROM free, arena
WHERE free.block < 0 OR free.block + free.length > arena.file_blocks
UNION ALL
SELECT 'the arena counts as free', 0, free_blocks
FROM arena
WHERE free_blocks <> (SELECT total(length) FROM free);

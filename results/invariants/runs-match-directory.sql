-- SPDX-License-Identifier: MIT
-- After recovery the live arena has allocated exactly the pages of the snapshot's extents, on the same blocks.
-- Against a recovery that reads the directory differently from the offline checker, who shares no code with it.
-- Unless both are the same row by row, they are joined to the longest runs first: where one is cut does not count.
WITH live_run AS (
    SELECT page, length, block FROM run WHERE NOT ephemeral AND NOT (SELECT live FROM arena)
),
differing AS MATERIALIZED (
    SELECT EXISTS (SELECT page, length, block FROM extent EXCEPT SELECT page, length, block FROM live_run)
        OR EXISTS (SELECT page, length, block FROM live_run EXCEPT SELECT page, length, block FROM extent)
),
part AS (
    SELECT 'file' AS side, page, length, block FROM extent WHERE (SELECT * FROM differing)
    UNION ALL
    SELECT 'live arena', page, length, block FROM live_run WHERE (SELECT * FROM differing)
),
marked AS (
    SELECT side, page, length, block,
           coalesce(page = lag(page + length) OVER before
                    AND CASE WHEN block = 0 THEN lag(block) OVER before = 0
                             ELSE lag(block) OVER before <> 0 AND block = lag(block + length) OVER before END,
                    0) AS continues
    FROM part
    WINDOW before AS (PARTITION BY side ORDER BY page)
),
numbered AS (
    SELECT side, page, length, block,
           sum(NOT continues) OVER (PARTITION BY side ORDER BY page ROWS UNBOUNDED PRECEDING) AS number
    FROM marked
),
joined AS (
    SELECT side, min(page) AS page, cast(total(length) AS INTEGER) AS length, min(block) AS block
    FROM numbered
    GROUP BY side, number
)
SELECT 'only in the ' || min(side) AS what, page, length, block
FROM joined
GROUP BY page, length, block
HAVING count(DISTINCT side) <> 2;

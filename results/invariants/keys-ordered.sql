-- SPDX-License-Identifier: MIT
-- Extents and nodes ascend by page, and all pages below a node lie within the range of its parent.
-- Against a directory in which a search takes a wrong turn: a page that is there would not be found.
WITH directory AS MATERIALIZED (
    SELECT block, parent, first, last FROM node WHERE tree = 0
),
extents AS (
    SELECT page, node, lag(page) OVER (PARTITION BY node ORDER BY position) AS previous FROM extent
),
siblings AS (
    SELECT block, parent, first, last,
           max(last) OVER (
               PARTITION BY parent ORDER BY first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ) AS previous
    FROM directory
)
SELECT 'extent not above the one before it' AS what, node, page, previous AS bound
FROM extents
WHERE page <= previous
UNION ALL
SELECT 'node not above its sibling', block, first, previous
FROM siblings
WHERE first <= previous OR last < first
UNION ALL
SELECT 'node below the range of its parent', child.block, child.first, parent.first
FROM directory AS child JOIN directory AS parent ON parent.block = child.parent
WHERE child.first < parent.first
UNION ALL
SELECT 'node above the range of its parent', child.block, child.last, parent.last
FROM directory AS child JOIN directory AS parent ON parent.block = child.parent
WHERE child.last > parent.last
UNION ALL
SELECT 'extent below the range of its leaf', extent.node, extent.page, leaf.first
FROM extent JOIN directory AS leaf ON leaf.block = extent.node
WHERE extent.page < leaf.first
UNION ALL
SELECT 'extent above the range of its leaf', extent.node, extent.page + extent.length - 1, leaf.last
FROM extent JOIN directory AS leaf ON leaf.block = extent.node
WHERE extent.page + extent.length - 1 > leaf.last;

-- SPDX-License-Identifier: MIT
-- All leaves of a tree have the depth that the meta page states, and each node stands one level below its parent.
-- Against a tree put together from nodes of different snapshots.
WITH newest AS (
    SELECT * FROM meta WHERE valid ORDER BY snapshot DESC LIMIT 1
),
stated (tree, root, levels) AS (
    SELECT 0, directory_block, directory_depth FROM newest
    UNION ALL
    SELECT 1, sums_block, sums_depth FROM newest
)
SELECT node.tree, node.block, node.level, node.depth, stated.levels
FROM node JOIN stated ON stated.tree = node.tree
WHERE node.level + node.depth + 1 <> stated.levels
   OR (node.parent = 0) <> (node.depth = 0)
UNION ALL
SELECT child.tree, child.block, child.level, child.depth, parent.level + 1
FROM node AS child JOIN node AS parent ON parent.block = child.parent AND parent.tree = child.tree
WHERE child.depth <> parent.depth + 1
UNION ALL
SELECT tree, root, NULL, NULL, levels
FROM stated
WHERE (root = 0) <> (levels = 0);

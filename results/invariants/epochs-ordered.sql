-- SPDX-License-Identifier: MIT
-- No node is newer than the node that refers to it, no root newer than its snapshot, and none is from snapshot 0.
-- Against a node that was changed in place: copy-on-write gives every changed node a changed parent.
WITH newest AS (
    SELECT snapshot FROM meta WHERE valid ORDER BY snapshot DESC LIMIT 1
)
SELECT child.tree, child.block, child.epoch, parent.block AS parent, parent.epoch AS limit_epoch
FROM node AS child JOIN node AS parent ON parent.block = child.parent AND parent.tree = child.tree
WHERE child.epoch > parent.epoch
UNION ALL
SELECT tree, block, epoch, parent, newest.snapshot
FROM node, newest
WHERE epoch < 1 OR (parent = 0 AND epoch > newest.snapshot);

-- SPDX-License-Identifier: MIT
-- Every node matches the checksum and epoch of the reference to it, and every data block the checksum tree.
-- Against blocks that were reused too early, never written, or torn: their content is not what the snapshot meant.
SELECT CASE tree WHEN 0 THEN 'directory node' ELSE 'checksum node' END AS what,
       block,
       1 AS bad_blocks
FROM node
WHERE NOT sum_ok
UNION ALL
SELECT 'data of page ' || page, block, bad_blocks
FROM extent
WHERE bad_blocks <> 0;

-- SPDX-License-Identifier: MIT
-- No block that the live allocator calls free is named by a snapshot of a valid meta page.
-- Against the next write landing in a block that the newest snapshot, or the one to fall back to, still needs.
SELECT max(owner.block, free.block) AS block,
       CASE owner.kind WHEN 0 THEN 'meta' WHEN 1 THEN 'data' WHEN 2 THEN 'directory' ELSE 'sums' END AS kind,
       CASE owner.snapshot WHEN 0 THEN 'newest' ELSE 'older' END AS snapshot
FROM free JOIN owner ON owner.block >= free.block AND owner.block < free.block + free.length
UNION ALL
SELECT free.block,
       CASE owner.kind WHEN 0 THEN 'meta' WHEN 1 THEN 'data' WHEN 2 THEN 'directory' ELSE 'sums' END,
       CASE owner.snapshot WHEN 0 THEN 'newest' ELSE 'older' END
FROM owner JOIN free ON free.block > owner.block AND free.block < owner.block + owner.length;

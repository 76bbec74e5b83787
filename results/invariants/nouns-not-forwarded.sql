-- SPDX-License-Identifier: MIT
-- No noun that can be reached has been replaced by a forwarding pointer, and none is referred to by one.
-- Against a copier that leaves its traces behind: who follows them reads a frame that is gone.
SELECT 'object' AS what, place, 0 AS holder
FROM noun
WHERE forwarded
UNION ALL
SELECT 'reference', place, holder
FROM reference
WHERE tag = 7;

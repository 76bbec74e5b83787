-- SPDX-License-Identifier: MIT
-- Every page lies inside the arena's address range.
-- Against an extent that could only be mapped over somebody else's memory.
WITH newest AS (
    SELECT reserved_pages FROM meta WHERE valid ORDER BY snapshot DESC LIMIT 1
)
SELECT page, length, reserved_pages
FROM extent, newest
WHERE page < 0 OR page + length > reserved_pages;

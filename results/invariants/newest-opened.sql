-- SPDX-License-Identifier: MIT
-- The live arena is at the snapshot and event of the newest valid meta page.
-- Against a recovery that takes the older of two valid meta pages: acknowledged work would be gone.
WITH newest AS (
    SELECT snapshot, event FROM meta WHERE valid ORDER BY snapshot DESC LIMIT 1
)
SELECT arena.snapshot, newest.snapshot AS newest_snapshot, arena.event, newest.event AS newest_event
FROM arena LEFT JOIN newest
WHERE NOT arena.live AND (arena.snapshot IS NOT newest.snapshot OR arena.event IS NOT newest.event);

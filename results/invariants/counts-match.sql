-- SPDX-License-Identifier: MIT
-- The meta page and the live arena count as many extents and pages as the directory holds.
-- Against a directory of one snapshot under the meta page of another.
WITH newest AS (
    SELECT extents, pages FROM meta WHERE valid ORDER BY snapshot DESC LIMIT 1
),
held AS (
    SELECT count(*) AS extents, cast(total(length) AS INTEGER) AS pages FROM extent
)
SELECT 'extents of the meta page' AS what, newest.extents AS stated, held.extents AS found
FROM newest, held
WHERE stated <> found
UNION ALL
SELECT 'pages of the meta page', newest.pages, held.pages
FROM newest, held
WHERE newest.pages <> held.pages
UNION ALL
SELECT 'pages of the live arena', arena.pages, held.pages
FROM arena, held
WHERE NOT arena.live AND arena.pages <> held.pages;

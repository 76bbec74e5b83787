-- SPDX-License-Identifier: MIT
-- After recovery no page is ephemeral.
-- Against stack pages that leak into a snapshot: they belong to none, so none may bring them back.
SELECT page, length, block
FROM run, arena
WHERE ephemeral AND NOT live;

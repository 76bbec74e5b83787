-- SPDX-License-Identifier: MIT
-- A page that goes on with a large object follows its first page, or another one of it.
-- Against the rest of an object whose beginning was freed or moved away alone.
SELECT page
FROM heap_page AS part
WHERE kind = 2
  AND NOT EXISTS (SELECT 1 FROM heap_page AS before WHERE before.page = part.page - 1 AND before.kind IN (1, 2));

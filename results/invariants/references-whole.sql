-- SPDX-License-Identifier: MIT
-- Every reference leads to a noun of the kind that its tag says; one of the heap is exactly one object of the heap.
-- Against references to what was freed, or never was.
SELECT 'no noun there' AS what, reference.holder, reference.place, reference.tag
FROM reference LEFT JOIN noun USING (place)
WHERE reference.tag <> 7 AND (noun.place IS NULL OR noun.cell <> (reference.tag = 6))
UNION ALL
SELECT 'no object of the heap', NULL, noun.place, NULL
FROM noun
WHERE NOT EXISTS (SELECT 1 FROM stack WHERE noun.place >= stack.low AND noun.place < stack.high)
  AND NOT EXISTS (SELECT 1 FROM heap_chunk WHERE heap_chunk.place = noun.place AND heap_chunk.bytes >= noun.bytes)
  AND NOT EXISTS (SELECT 1 FROM heap_page WHERE heap_page.page * 4096 = noun.place AND heap_page.kind = 1);

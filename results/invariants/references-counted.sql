-- SPDX-License-Identifier: MIT
-- A noun of the heap counts the references to it from nouns of the heap and from root words; one on a stack counts none.
-- Against memory that is freed while somebody refers to it, or never.
WITH counted AS (
    SELECT reference.place, count(*) AS found
    FROM reference
    WHERE NOT EXISTS (SELECT 1 FROM stack WHERE reference.holder >= stack.low AND reference.holder < stack.high)
    GROUP BY reference.place
)
SELECT noun.place,
       noun.refs,
       CASE WHEN stack.stack IS NULL THEN coalesce(counted.found, 0) ELSE 0 END AS found
FROM noun
LEFT JOIN counted USING (place)
LEFT JOIN stack ON noun.place >= stack.low AND noun.place < stack.high
WHERE noun.refs <> CASE WHEN stack.stack IS NULL THEN coalesce(counted.found, 0) ELSE 0 END;

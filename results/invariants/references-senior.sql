-- SPDX-License-Identifier: MIT
-- A noun refers to nouns of its own frame, of older ones and of the heap; the heap and root words to the heap alone.
-- Against a reference into a frame that is popped first: what it leads to then is anything.
WITH area AS (
    SELECT stack_frame.stack, depth,
           CASE WHEN sp < ap THEN ap WHEN saved_sp <> -1 THEN saved_sp ELSE low END AS first,
           CASE WHEN sp > ap THEN ap WHEN saved_sp <> -1 THEN saved_sp ELSE high END AS behind
    FROM stack_frame JOIN stack USING (stack)
),
owner_of AS (
    SELECT noun.place,
           coalesce((SELECT depth FROM area WHERE noun.place >= area.first AND noun.place < area.behind), -1) AS depth
    FROM noun
)
SELECT reference.holder, coalesce(junior.depth, -1) AS holder_depth, reference.place, owner_of.depth
FROM reference
JOIN owner_of ON owner_of.place = reference.place
LEFT JOIN owner_of AS junior ON junior.place = reference.holder
WHERE owner_of.depth > coalesce(junior.depth, -1);

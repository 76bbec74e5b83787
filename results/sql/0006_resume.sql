-- SPDX-License-Identifier: MIT
-- A run can be gone on with by whoever asks for the same: what it was asked, what of it is done. Plays of generated
-- scenarios in which nothing was found are told together, as one row, and which they were stands in `generated`.

ALTER TABLE run ADD COLUMN arguments TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN more INTEGER NOT NULL DEFAULT 0; -- generated scenarios are left to play
ALTER TABLE scenario ADD COLUMN plays INTEGER NOT NULL DEFAULT 1;
ALTER TABLE scenario ADD COLUMN stopped INTEGER NOT NULL DEFAULT 0;

CREATE INDEX run_by_arguments ON run (arguments);

-- Numbers [first, last] of the generated scenarios of that name.
CREATE TABLE generated (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    copying TEXT NOT NULL,
    model TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (run, name, copying, model, first)
) STRICT, WITHOUT ROWID;

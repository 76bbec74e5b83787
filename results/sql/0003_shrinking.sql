-- SPDX-License-Identifier: MIT
-- A violation is made small: the pages that must differ from a legal state, the steps that it takes.

ALTER TABLE violation ADD COLUMN broken_rows TEXT NOT NULL DEFAULT '';
ALTER TABLE violation ADD COLUMN shrunk_pages INTEGER; -- NULL: not counted, `measured` says why
ALTER TABLE violation ADD COLUMN measured TEXT NOT NULL DEFAULT '';
ALTER TABLE violation ADD COLUMN shrunk_steps INTEGER; -- NULL: not tried
ALTER TABLE violation ADD COLUMN steps INTEGER;
ALTER TABLE violation ADD COLUMN reduced TEXT NOT NULL DEFAULT '';

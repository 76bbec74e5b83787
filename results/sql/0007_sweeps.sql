-- SPDX-License-Identifier: MIT
-- A sweep records a scenario again with one fault after the other, so each violation has a fault plan of its own.

ALTER TABLE violation ADD COLUMN fault TEXT NOT NULL DEFAULT '';
ALTER TABLE scenario ADD COLUMN recordings INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scenario ADD COLUMN searched INTEGER NOT NULL DEFAULT 0;

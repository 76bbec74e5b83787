-- SPDX-License-Identifier: MIT
-- Crashes inside recovery: what the search came to at each depth from 2 on, and which crashes came before a violation.

ALTER TABLE run ADD COLUMN depth INTEGER NOT NULL DEFAULT 1; -- most crashes in a row

CREATE TABLE nested (
    scenario INTEGER NOT NULL REFERENCES scenario (id) ON DELETE CASCADE,
    depth INTEGER NOT NULL,
    power_failures INTEGER NOT NULL,
    kills INTEGER NOT NULL,
    crash_points INTEGER NOT NULL,
    states REAL NOT NULL,
    covered REAL NOT NULL,
    paths INTEGER NOT NULL,
    recoveries INTEGER NOT NULL,
    violations INTEGER NOT NULL,
    PRIMARY KEY (scenario, depth)
) STRICT, WITHOUT ROWID;

ALTER TABLE violation ADD COLUMN depth INTEGER NOT NULL DEFAULT 1;
ALTER TABLE violation ADD COLUMN earlier TEXT NOT NULL DEFAULT ''; -- a sentence for each crash before

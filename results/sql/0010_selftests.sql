-- SPDX-License-Identifier: MIT
-- Self-tests are kept like runs, so that a barrier which an oracle noticed once can be missed later.

CREATE TABLE selftest (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(16)))),
    started TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('passed', 'failed', 'interrupted')),
    milliseconds INTEGER NOT NULL,
    version TEXT NOT NULL,
    revision TEXT NOT NULL,
    host TEXT NOT NULL,
    kernel TEXT NOT NULL,
    command TEXT NOT NULL,
    whole INTEGER NOT NULL,      -- all scenarios of the suites were asked for
    plays INTEGER NOT NULL,      -- without a fault
    plays_clean INTEGER NOT NULL -- of these, in which nothing was found
) STRICT;

CREATE TABLE barrier (
    selftest INTEGER NOT NULL REFERENCES selftest (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    copying TEXT NOT NULL,
    caught INTEGER NOT NULL,
    hit INTEGER NOT NULL,
    oracle TEXT NOT NULL,
    verdict TEXT NOT NULL,
    scenario TEXT NOT NULL, -- in which it was caught
    error TEXT NOT NULL,
    plays INTEGER NOT NULL,
    recoveries INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL,
    PRIMARY KEY (selftest, name, copying)
) STRICT, WITHOUT ROWID;

/* SPDX-License-Identifier: MIT */
/* What a self-test writes: which skipped barrier was noticed, and by which oracle. */
#include "database.h"

int results_selftest_add(results_t *results, const struct results_selftest *selftest, int64_t *id)
{
    struct statement s;

    statement_open(&s, results,
                   "INSERT INTO selftest (started, outcome, milliseconds, version, revision, host, "
                   "kernel, command, whole, plays, plays_clean) "
                   "VALUES (strftime('%Y-%m-%dT%H:%M:%fZ', 'now', -(?1 / 1000.0) || ' seconds'), "
                   "?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    statement_count(&s, selftest->milliseconds);
    statement_text(&s, selftest->outcome);
    statement_text(&s, selftest->version);
    statement_text(&s, selftest->commit);
    statement_text(&s, selftest->host);
    statement_text(&s, selftest->kernel);
    statement_text(&s, selftest->command);
    statement_number(&s, selftest->whole);
    statement_count(&s, selftest->plays);
    statement_count(&s, selftest->plays_clean);
    int error = statement_run(&s, "adding a self-test");
    if (error == 0)
        *id = sqlite3_last_insert_rowid(results->handle);
    return error;
}

int results_barrier_add(results_t *results, int64_t selftest, const struct results_barrier *barrier)
{
    struct statement s;

    statement_open(&s, results,
                   "INSERT INTO barrier (selftest, name, copying, caught, hit, oracle, verdict, "
                   "scenario, error, plays, recoveries, milliseconds) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    statement_number(&s, selftest);
    statement_text(&s, barrier->name);
    statement_text(&s, barrier->copying);
    statement_number(&s, barrier->caught);
    statement_number(&s, barrier->hit);
    statement_text(&s, barrier->oracle);
    statement_text(&s, barrier->verdict);
    statement_text(&s, barrier->scenario);
    statement_text(&s, barrier->error);
    statement_count(&s, barrier->plays);
    statement_count(&s, barrier->recoveries);
    statement_count(&s, barrier->milliseconds);
    return statement_run(&s, "adding a barrier of a self-test");
}

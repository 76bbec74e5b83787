/* SPDX-License-Identifier: MIT */
/*
 * SQLite for pmacrash, with a rollback journal or a write-ahead log:
 *
 *     pmacrash store sqlite.so [PRAGMA=VALUE...]
 *     pmacrash store sqlite.so journal_mode=wal synchronous=normal
 *
 * A state is a generation, as in lmdb.c: all bytes of all values are one letter.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <faultsim/capture.h>
#include <faultsim/store.h>

enum { KEYS = 5, VALUE_BYTES = 900, MIXED = 'Z' };

static int setting_count;
static const char *const *settings;

static struct fsim_digest state_of(int generation)
{
    return (struct fsim_digest){(uint64_t)generation, 1};
}

static int open_database(const char *directory, sqlite3 **database)
{
    char *path = sqlite3_mprintf("%s/db", directory);
    int error = sqlite3_open(path, database);
    sqlite3_free(path);
    for (int i = 0; i < setting_count && error == SQLITE_OK; i++) {
        char *pragma = sqlite3_mprintf("pragma %s", settings[i]);
        error = sqlite3_exec(*database, pragma, NULL, NULL, NULL);
        sqlite3_free(pragma);
    }
    return error;
}

static int commit(sqlite3 *database, int generation)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "with recursive keys(k) as (select 1 union all select k + 1 from keys where k < %d) "
             "insert or replace into data select k, replace(hex(zeroblob(%d)), '00', '%c') "
             "from keys",
             KEYS, VALUE_BYTES, generation);
    return sqlite3_exec(database, sql, NULL, NULL, NULL);
}

/* Marks do nothing in the setup, when nothing is recorded. */
static int commit_all(const char *directory, int first, int last)
{
    sqlite3 *database;
    int error = open_database(directory, &database);
    if (error == SQLITE_OK)
        error = sqlite3_exec(database,
                             "create table if not exists data(key integer primary key, value text)",
                             NULL, NULL, NULL);
    for (int generation = first; generation <= last && error == SQLITE_OK; generation++) {
        char label[] = "commit ?";
        label[7] = (char)generation;
        fsim_capture_mark(FSIM_MARK_BEGIN, label, state_of(generation), NULL, 0);
        error = commit(database, generation);
        if (error == SQLITE_OK)
            fsim_capture_mark(FSIM_MARK_ACK, label, state_of(generation), NULL, 0);
    }
    if (error != SQLITE_OK)
        fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(database));
    sqlite3_close(database);
    return -error;
}

static int make_first(void *context, const char *directory)
{
    return commit_all(directory, 'a', 'a');
}

static int commit_more(void *context, const char *directory)
{
    fsim_capture_mark(FSIM_MARK_ACK, "commit a", state_of('a'), NULL, 0);
    return commit_all(directory, 'b', 'c');
}

static int generation_of(sqlite3_stmt *rows)
{
    int generation = 0, count = 0;

    for (; sqlite3_step(rows) == SQLITE_ROW; count++) {
        const char *bytes = (const char *)sqlite3_column_text(rows, 0);
        if (sqlite3_column_bytes(rows, 0) != VALUE_BYTES ||
            memcmp(bytes, bytes + 1, VALUE_BYTES - 1) != 0 || (count > 0 && bytes[0] != generation))
            return MIXED;
        generation = bytes[0];
    }
    return count == KEYS ? generation : MIXED;
}

static void recover(void *context, const char *directory, struct fsim_outcome *outcome)
{
    sqlite3 *database;
    sqlite3_stmt *rows = NULL;
    int error = open_database(directory, &database);
    if (error == SQLITE_OK)
        error = sqlite3_prepare_v2(database, "select value from data", -1, &rows, NULL);
    if (error == SQLITE_OK)
        outcome->state = state_of(generation_of(rows));
    if (rows != NULL)
        error = sqlite3_finalize(rows);
    outcome->status = error == SQLITE_OK ? FSIM_RECOVERED : FSIM_REFUSED;
    outcome->code = error;
    if (error != SQLITE_OK)
        snprintf(outcome->message, sizeof outcome->message, "%s", sqlite3_errmsg(database));
    sqlite3_close(database);
}

const struct fsim_subject *fsim_store(int count, const char *const *arguments, char *message,
                                      size_t message_bytes)
{
    static const struct fsim_subject subject = {
        .name = "sqlite", .setup = make_first, .record = commit_more, .recover = recover};
    for (int i = 0; i < count; i++) {
        if (strchr(arguments[i], '=') == NULL) {
            snprintf(message, message_bytes,
                     "no setting '%s'; pragmas are, like synchronous=normal", arguments[i]);
            return NULL;
        }
    }
    setting_count = count;
    settings = arguments;
    return &subject;
}

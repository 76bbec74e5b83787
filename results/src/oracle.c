/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "dump.h"
#include "select.h"
#include "table.h"

struct invariant {
    const char *name, *sentence; /* the entry's */
    sqlite3_stmt *statement;
};

struct results_oracle {
    sqlite3 *handle;
    sqlite3_stmt *begin, *commit;
    sqlite3_stmt *empty[RESULTS_TABLES], *insert[RESULTS_TABLES];
    struct results_entry *entries;
    size_t entry_count;
    struct invariant *invariants;   /* as many as entries */
    const struct invariant *broken; /* by the dump that is loaded, or NULL */
};

static int run(sqlite3_stmt *statement)
{
    sqlite3_step(statement);
    return sqlite3_reset(statement) == SQLITE_OK ? 0 : RESULTS_ESQL;
}

static int prepare(results_oracle_t *oracle, const char *sql, sqlite3_stmt **statement)
{
    return sqlite3_prepare_v3(oracle->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, statement,
                              NULL) == SQLITE_OK
               ? 0
               : RESULTS_ESQL;
}

static int make_tables(results_oracle_t *oracle, char *message, size_t message_bytes)
{
    char *text = NULL;
    int error = data_read("sql", "dump.sql", &text, message, message_bytes);

    /* Nothing is ever rolled back, so no journal is kept. */
    sqlite3_exec(
        oracle->handle,
        "PRAGMA journal_mode = OFF; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = OFF", NULL,
        NULL, NULL);
    if (error == 0 && sqlite3_exec(oracle->handle, text, NULL, NULL, NULL) != SQLITE_OK) {
        data_message(message, message_bytes, "%s/sql/dump.sql: %s", results_data_directory(),
                     sqlite3_errmsg(oracle->handle));
        error = RESULTS_ESQL;
    }
    free(text);
    return error;
}

/* Fails if dump.sql has other tables or columns than the rows of a dump. */
static int prepare_loading(results_oracle_t *oracle, char *message, size_t message_bytes)
{
    char sql[160];
    int error = prepare(oracle, "BEGIN", &oracle->begin);

    if (error == 0)
        error = prepare(oracle, "COMMIT", &oracle->commit);
    for (size_t table = 0; error == 0 && table < RESULTS_TABLES; table++) {
        snprintf(sql, sizeof sql, "DELETE FROM %s", dump_tables[table].name);
        error = prepare(oracle, sql, &oracle->empty[table]);
        if (error != 0)
            break;
        int used = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (", dump_tables[table].name);
        for (size_t i = 0; i < dump_tables[table].columns; i++)
            used += snprintf(sql + used, sizeof sql - (size_t)used, i > 0 ? ", ?" : "?");
        snprintf(sql + used, sizeof sql - (size_t)used, ")");
        error = prepare(oracle, sql, &oracle->insert[table]);
    }
    if (error != 0)
        data_message(message, message_bytes, "%s/sql/dump.sql: not the tables of a dump: %s",
                     results_data_directory(), sqlite3_errmsg(oracle->handle));
    return error;
}

static int prepare_invariant(results_oracle_t *oracle, const struct results_entry *entry,
                             struct invariant *invariant, char *message, size_t message_bytes)
{
    char file[256], reason[512], *text = NULL;

    snprintf(file, sizeof file, "%s.sql", entry->name);
    int error = data_read("invariants", file, &text, message, message_bytes);
    if (error == 0) {
        error = select_prepare(oracle->handle, text, &invariant->statement, reason, sizeof reason);
        if (error != 0)
            data_message(message, message_bytes, "%s/invariants/%s: %s", results_data_directory(),
                         file, reason);
    }
    invariant->name = entry->name;
    invariant->sentence = entry->description;
    free(text);
    return error;
}

static int prepare_invariants(results_oracle_t *oracle, char *message, size_t message_bytes)
{
    int error =
        data_list("invariants", &oracle->entries, &oracle->entry_count, message, message_bytes);

    if (error != 0)
        return error;
    if (oracle->entry_count == 0) {
        data_message(message, message_bytes, "%s/invariants: holds no invariant",
                     results_data_directory());
        return -ENOENT;
    }
    oracle->invariants = calloc(oracle->entry_count, sizeof *oracle->invariants);
    if (oracle->invariants == NULL)
        return -ENOMEM;
    for (size_t i = 0; error == 0 && i < oracle->entry_count; i++)
        error = prepare_invariant(oracle, &oracle->entries[i], &oracle->invariants[i], message,
                                  message_bytes);
    return error;
}

/*
 * Looks once at the empty tables. The guard that invariants are prepared under makes SQLite prepare
 * all statements again at their next step: better here than in every process that inherits them.
 */
static int warm_up(results_oracle_t *oracle)
{
    int error = run(oracle->begin);

    for (size_t table = 0; error == 0 && table < RESULTS_TABLES; table++)
        error = run(oracle->empty[table]);
    for (size_t i = 0; error == 0 && i < oracle->entry_count; i++)
        error = run(oracle->invariants[i].statement);
    return error == 0 ? run(oracle->commit) : error;
}

int results_oracle_new(results_oracle_t **oracle, char *message, size_t message_bytes)
{
    results_oracle_t *made = calloc(1, sizeof *made);
    int error = -ENOMEM;

    data_message(message, message_bytes, "out of memory");
    if (made != NULL && sqlite3_open(":memory:", &made->handle) == SQLITE_OK)
        error = make_tables(made, message, message_bytes);
    if (error == 0)
        error = prepare_loading(made, message, message_bytes);
    if (error == 0)
        error = prepare_invariants(made, message, message_bytes);
    if (error == 0 && warm_up(made) != 0) {
        error = RESULTS_ESQL;
        data_message(message, message_bytes, "%s/invariants: %s", results_data_directory(),
                     sqlite3_errmsg(made->handle));
    }
    if (error != 0) {
        results_oracle_free(made);
        return error;
    }
    data_message(message, message_bytes, "%s", "");
    *oracle = made;
    return 0;
}

void results_oracle_free(results_oracle_t *oracle)
{
    if (oracle == NULL)
        return;
    for (size_t i = 0; oracle->invariants != NULL && i < oracle->entry_count; i++)
        sqlite3_finalize(oracle->invariants[i].statement);
    for (size_t table = 0; table < RESULTS_TABLES; table++) {
        sqlite3_finalize(oracle->empty[table]);
        sqlite3_finalize(oracle->insert[table]);
    }
    sqlite3_finalize(oracle->begin);
    sqlite3_finalize(oracle->commit);
    sqlite3_close(oracle->handle);
    results_list_free(oracle->entries, oracle->entry_count);
    free(oracle->invariants);
    free(oracle);
}

static int insert(results_oracle_t *oracle, const struct dump_row *row)
{
    sqlite3_stmt *statement = oracle->insert[row->table];

    for (size_t i = 0; i < dump_tables[row->table].columns; i++)
        sqlite3_bind_int64(statement, (int)i + 1, row->values[i]);
    return run(statement);
}

/* Replaces what the tables hold by the rows of the dump. */
static int load(results_oracle_t *oracle, const unsigned char *bytes, size_t left)
{
    struct dump_row row;
    size_t arenas = 0;
    int error = run(oracle->begin);

    for (size_t table = 0; error == 0 && table < RESULTS_TABLES; table++)
        error = run(oracle->empty[table]);
    while (error == 0 && left > 0) {
        error = dump_next(&bytes, &left, &row);
        if (error == 0)
            error = insert(oracle, &row);
        if (error == 0 && row.table == RESULTS_ARENA)
            arenas++;
    }
    /* Half a dump in the tables does no harm: the next one empties them. */
    int committed = run(oracle->commit);
    if (error == 0 && arenas != 1)
        error = -EBADMSG;
    return error != 0 ? error : committed;
}

/* "name: sentence (column=value, ...); 3 rows break it" */
static void describe(const struct invariant *invariant, char *finding, size_t finding_bytes)
{
    char row[512] = "";
    size_t used = 0;
    uint64_t rows = 1;
    int columns = sqlite3_column_count(invariant->statement);

    for (int i = 0; i < columns && used < sizeof row; i++) {
        const char *value = (const char *)sqlite3_column_text(invariant->statement, i);
        int length =
            snprintf(row + used, sizeof row - used, "%s%s=%s", i > 0 ? ", " : "",
                     sqlite3_column_name(invariant->statement, i), value != NULL ? value : "");
        used += length > 0 ? (size_t)length : 0;
    }
    while (sqlite3_step(invariant->statement) == SQLITE_ROW)
        rows++;
    size_t words = strlen(invariant->sentence);
    words -= words > 0 && invariant->sentence[words - 1] == '.';
    data_message(finding, finding_bytes, "%s: %.*s (%s); %llu %s", invariant->name, (int)words,
                 invariant->sentence, row, (unsigned long long)rows,
                 rows == 1 ? "row breaks it" : "rows break it");
}

/* 0: holds. 1: does not, and `finding` says so. RESULTS_ESQL: the query itself failed. */
static int check(results_oracle_t *oracle, const struct invariant *invariant, char *finding,
                 size_t finding_bytes)
{
    int code = sqlite3_step(invariant->statement), verdict = 0;

    if (code == SQLITE_ROW) {
        describe(invariant, finding, finding_bytes);
        verdict = 1;
    } else if (code != SQLITE_DONE) {
        data_message(finding, finding_bytes, "%s: the query failed: %s", invariant->name,
                     sqlite3_errmsg(oracle->handle));
        verdict = RESULTS_ESQL;
    }
    sqlite3_reset(invariant->statement);
    return verdict;
}

static const char *reason(const results_oracle_t *oracle, int error)
{
    switch (error) {
    case -EOVERFLOW:
        return "the dump did not fit into its buffer, or a row had the wrong number of values";
    case -EBADMSG:
        return "the dump is malformed, or has not exactly one row for the arena";
    default:
        return sqlite3_errmsg(oracle->handle);
    }
}

int results_oracle_check(results_oracle_t *oracle, const void *dump, size_t bytes, char *finding,
                         size_t finding_bytes)
{
    int verdict = load(oracle, dump, bytes);

    oracle->broken = NULL;
    if (verdict != 0) {
        data_message(finding, finding_bytes, "%s", reason(oracle, verdict));
        return verdict;
    }
    for (size_t i = 0; verdict == 0 && i < oracle->entry_count; i++) {
        verdict = check(oracle, &oracle->invariants[i], finding, finding_bytes);
        if (verdict == 1)
            oracle->broken = &oracle->invariants[i];
    }
    return verdict;
}

int results_oracle_rows(results_oracle_t *oracle, size_t most, FILE *out)
{
    if (oracle->broken == NULL)
        return 0;
    int error = table_print(oracle->broken->statement, most, 0, out);
    sqlite3_reset(oracle->broken->statement);
    return error;
}

/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "migrate.h"

enum { APPLICATION_ID = 0x504d4352 /* "PMCR" */ };

/* What says whose a database is. */
struct identity {
    int64_t application, version, tables;
};

static int read_number(results_t *results, const char *sql, int64_t *number)
{
    struct statement statement;

    statement_open(&statement, results, sql);
    int row = statement_row(&statement, "reading its header");
    if (row == 1)
        *number = sqlite3_column_int64(statement.handle, 0);
    statement_close(&statement);
    return row < 0 ? row : 0;
}

static int read_identity(results_t *results, struct identity *identity)
{
    int error = read_number(results, "PRAGMA application_id", &identity->application);

    if (error == 0)
        error = read_number(results, "PRAGMA user_version", &identity->version);
    if (error == 0)
        error = read_number(results, "SELECT count(*) FROM sqlite_schema", &identity->tables);
    if (error == RESULTS_ENOTDB)
        return database_fail(results, error,
                             "%s: not a database of pmacrash, or damaged (%s); name another with "
                             "--db or PMACRASH_DB",
                             results->path, sqlite3_errmsg(results->handle));
    return error;
}

static bool is_empty(const struct identity *identity)
{
    return identity->application == 0 && identity->version == 0 && identity->tables == 0;
}

static int not_ours(results_t *results)
{
    return database_fail(results, RESULTS_ENOTDB,
                         "%s: a database, but not one of pmacrash; name another with --db or "
                         "PMACRASH_DB",
                         results->path);
}

static int is_newer(results_t *results, int64_t version, size_t known)
{
    return database_fail(results, RESULTS_ENEWER,
                         "%s: made by a newer pmacrash (schema %lld, this one knows %zu); use that "
                         "version, or name another database with --db",
                         results->path, (long long)version, known);
}

/* The files of sql/. Sorted, so that the numbered ones, the migrations, come first. */
struct migrations {
    struct results_entry *files;
    size_t file_count;
    size_t known; /* how many are migrations: the schema version that this program knows */
};

static bool is_migration(const char *name, size_t *number)
{
    char *end;

    *number = strtoul(name, &end, 10);
    return end != name && *end == '_';
}

/* Number N makes version N out of version N - 1, so the numbers can have no gap. */
static int list_migrations(results_t *results, struct migrations *migrations)
{
    size_t number;
    int error = data_list("sql", &migrations->files, &migrations->file_count, results->error,
                          sizeof results->error);

    for (size_t i = 0; error == 0 && i < migrations->file_count; i++) {
        if (!is_migration(migrations->files[i].name, &number))
            break;
        if (number != ++migrations->known)
            error = database_fail(results, -EINVAL, "%s/sql/%s.sql: migration %zu is missing",
                                  results_data_directory(), migrations->files[i].name,
                                  migrations->known);
    }
    if (error == 0 && migrations->known == 0)
        error =
            database_fail(results, -ENOENT, "%s/sql: holds no migration", results_data_directory());
    return error;
}

static int check_identity(results_t *results, const struct identity *identity, size_t known)
{
    results->schema = identity->version;
    results->known_schema = (int64_t)known;
    if (is_empty(identity))
        return 0;
    if (identity->application != APPLICATION_ID)
        return not_ours(results);
    if (identity->version > (int64_t)known)
        return is_newer(results, identity->version, known);
    return 0;
}

static int execute(results_t *results, const char *sql, const char *what)
{
    if (sqlite3_exec(results->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
        return 0;
    return database_fail_sql(results, what);
}

/*
 * Runs one migration if it is still due once the write lock is held: another process may have been
 * faster.
 */
static int run_migration(results_t *results, size_t number, const char *name)
{
    char file[256], seal[96], *text = NULL;
    int64_t version = 0;
    int error;

    snprintf(file, sizeof file, "%s.sql", name);
    snprintf(seal, sizeof seal, "PRAGMA application_id = %d; PRAGMA user_version = %zu",
             APPLICATION_ID, number);
    error = data_read("sql", file, &text, results->error, sizeof results->error);
    if (error == 0)
        error = results_begin(results);
    if (error == 0)
        error = read_number(results, "PRAGMA user_version", &version);
    if (error == 0 && version < (int64_t)number) {
        error = execute(results, text, file);
        if (error == 0)
            error = execute(results, seal, file);
    }
    if (error == 0)
        error = results_commit(results);
    if (error != 0)
        results_rollback(results);
    free(text);
    return error;
}

/* Whether the views in the database were made from this text. */
static int views_are(results_t *results, const char *text, bool *same)
{
    struct statement statement;

    statement_open(&statement, results, "SELECT 1 FROM views WHERE text = ?1");
    statement_text(&statement, text);
    int row = statement_row(&statement, "looking at the views");
    statement_close(&statement);
    *same = row == 1;
    return row < 0 ? row : 0;
}

static int replace_views(results_t *results, const char *text)
{
    struct statement statement;
    int error = results_begin(results);

    if (error == 0)
        error = execute(results, text, "views.sql");
    if (error == 0) {
        statement_open(&statement, results,
                       "INSERT INTO views (id, text) VALUES (1, ?1) "
                       "ON CONFLICT (id) DO UPDATE SET text = excluded.text");
        statement_text(&statement, text);
        error = statement_run(&statement, "keeping the text of the views");
    }
    if (error == 0)
        error = results_commit(results);
    if (error != 0)
        results_rollback(results);
    return error;
}

static int refresh_views(results_t *results)
{
    char *text = NULL;
    bool same = false;
    int error = data_read("sql", "views.sql", &text, results->error, sizeof results->error);

    if (error == 0)
        error = views_are(results, text, &same);
    if (error == 0 && !same)
        error = replace_views(results, text);
    free(text);
    return error;
}

int migrate_check(results_t *results, bool *current)
{
    struct identity identity = {0};
    struct migrations migrations = {0};
    char *text = NULL;
    int error = read_identity(results, &identity);

    if (error == 0)
        error = list_migrations(results, &migrations);
    if (error == 0)
        error = check_identity(results, &identity, migrations.known);
    if (error == 0 && is_empty(&identity))
        error = database_fail(results, RESULTS_ENOTDB,
                              "%s: an empty database; `pmacrash run` fills it", results->path);
    *current = identity.version == (int64_t)migrations.known;
    if (error == 0 && *current)
        error = data_read("sql", "views.sql", &text, results->error, sizeof results->error);
    if (error == 0 && *current)
        error = views_are(results, text, current);
    free(text);
    results_list_free(migrations.files, migrations.file_count);
    return error;
}

int migrate(results_t *results)
{
    struct identity identity = {0};
    struct migrations migrations = {0};
    int error = read_identity(results, &identity);

    if (error == 0)
        error = list_migrations(results, &migrations);
    if (error == 0)
        error = check_identity(results, &identity, migrations.known);
    /* In WAL a commit need not wait for the disk: a power cut can lose the last ones, not damage.
     * A migration may make a table anew; what refers to it must not be deleted meanwhile. */
    if (error == 0)
        error = execute(results,
                        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
                        "PRAGMA foreign_keys = OFF",
                        "setting it up");
    for (size_t i = (size_t)identity.version; error == 0 && i < migrations.known; i++)
        error = run_migration(results, i + 1, migrations.files[i].name);
    if (error == 0)
        error = execute(results, "PRAGMA foreign_keys = ON", "setting it up");
    if (error == 0)
        error = refresh_views(results);
    results_list_free(migrations.files, migrations.file_count);
    return error;
}

/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data.h"
#include "database.h"
#include "migrate.h"

enum { BUSY_MILLISECONDS = 10000 };

int database_fail(results_t *results, int code, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(results->error, sizeof results->error, format, arguments);
    va_end(arguments);
    return code;
}

static int code_of_sqlite(sqlite3 *handle)
{
    if (sqlite3_extended_errcode(handle) == SQLITE_CONSTRAINT_FOREIGNKEY)
        return RESULTS_ENOROW;
    switch (sqlite3_errcode(handle)) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return RESULTS_ENOTDB;
    case SQLITE_NOMEM:
        return -ENOMEM;
    case SQLITE_FULL:
        return -ENOSPC;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return -EBUSY;
    case SQLITE_READONLY:
        return -EROFS;
    case SQLITE_IOERR:
        return -EIO;
    default:
        return RESULTS_ESQL;
    }
}

int database_fail_sql(results_t *results, const char *what)
{
    int code = code_of_sqlite(results->handle);

    switch (code) {
    case RESULTS_ENOROW:
        return database_fail(results, code, "%s: %s: there is no such run or scenario",
                             results->path, what);
    case -EBUSY:
        return database_fail(results, code, "%s: %s: another process is writing to it; try again",
                             results->path, what);
    default:
        return database_fail(results, code, "%s: %s: %s", results->path, what,
                             sqlite3_errmsg(results->handle));
    }
}

const char *results_error(const results_t *results)
{
    return results != NULL ? results->error : "";
}

/* SQLite gives names like ":memory:" and "file:..." a meaning of their own; a path has none. */
static char *plain_path(const char *path)
{
    return sqlite3_mprintf("%s%s", path[0] == '/' ? "" : "./", path);
}

/* The path as a URI, for the one option that only a URI can ask for. */
static char *immutable_uri(const char *path)
{
    sqlite3_str *uri = sqlite3_str_new(NULL);

    sqlite3_str_appendall(uri, path[0] == '/' ? "file://" : "file:");
    for (const char *c = path; *c != '\0'; c++) {
        if (strchr("%?#", *c) != NULL)
            sqlite3_str_appendf(uri, "%%%02X", (unsigned char)*c);
        else
            sqlite3_str_appendchar(uri, 1, *c);
    }
    sqlite3_str_appendall(uri, "?immutable=1");
    return sqlite3_str_finish(uri);
}

static int open_handle(results_t *results, char *name, int flags)
{
    int error = -ENOMEM;

    if (name != NULL && sqlite3_open_v2(name, &results->handle, flags, NULL) == SQLITE_OK) {
        sqlite3_extended_result_codes(results->handle, 1);
        sqlite3_busy_timeout(results->handle, BUSY_MILLISECONDS);
        sqlite3_db_config(results->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        error = 0;
    } else if (name != NULL && results->handle != NULL) {
        int system = sqlite3_system_errno(results->handle);
        error = system != 0 ? -system : RESULTS_ESQL;
    }
    sqlite3_free(name);
    if (error != 0 && error != RESULTS_ESQL)
        return database_fail(results, error, "%s: %s", results->path, strerror(-error));
    return error == 0 ? 0 : database_fail_sql(results, "opening it");
}

static bool pending_changes(const char *path)
{
    struct stat status;
    char *log = sqlite3_mprintf("%s-wal", path);
    bool pending = log != NULL && stat(log, &status) == 0 && status.st_size > 0;

    sqlite3_free(log);
    return pending;
}

/*
 * A reader of a WAL database makes two small files beside it. Where it may not, the database can
 * still be read as a file that nobody changes, unless changes wait in a log that was left there.
 */
static int open_for_reading(results_t *results)
{
    int error = open_handle(results, plain_path(results->path), SQLITE_OPEN_READONLY);

    if (error != 0)
        return error;
    int code = sqlite3_exec(results->handle, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL);
    if ((code & 0xff) != SQLITE_READONLY && (code & 0xff) != SQLITE_CANTOPEN)
        return 0;
    if (pending_changes(results->path))
        return database_fail(results, -EROFS,
                             "%s: its directory is read-only and %s-wal holds changes that are "
                             "not in it yet; copy both to a directory that is writable",
                             results->path, results->path);
    sqlite3_close(results->handle);
    results->handle = NULL;
    return open_handle(results, immutable_uri(results->path),
                       SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

static void forget_statements(results_t *results)
{
    for (size_t i = 0; i < DATABASE_STATEMENTS; i++)
        sqlite3_finalize(results->cache[i].statement);
    memset(results->cache, 0, sizeof results->cache);
}

static int copy_all(results_t *results, sqlite3 *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", results->handle, "main");

    if (backup != NULL)
        sqlite3_backup_step(backup, -1);
    if (backup != NULL && sqlite3_backup_finish(backup) == SQLITE_OK)
        return 0;
    return database_fail(results, RESULTS_ESQL, "%s: copying it, to bring it up to date: %s",
                         results->path, sqlite3_errmsg(to));
}

/*
 * Who only reads changes nothing, so a database of an older version is brought up to date in a
 * copy: a temporary one of SQLite's own, in memory until that is too little, gone when it is
 * closed.
 */
static int read_copy_brought_up_to_date(results_t *results)
{
    sqlite3 *original = results->handle, *copy = NULL;
    int error = sqlite3_open("", &copy) == SQLITE_OK ? copy_all(results, copy) : -ENOMEM;

    forget_statements(results);
    if (error == 0) {
        results->handle = copy;
        copy = original;
        error = migrate(results);
        sqlite3_exec(results->handle, "PRAGMA query_only = ON", NULL, NULL, NULL);
    }
    sqlite3_close(copy);
    return error;
}

/* Whether a new file can be made there. SQLite would try to read it next, and say that it is not
 * there. */
static int check_parent(results_t *results)
{
    const char *slash = strrchr(results->path, '/');
    char *parent = slash == NULL ? strdup(".") : strndup(results->path, slash - results->path + 1);
    int error = parent == NULL ? -ENOMEM : 0;

    if (error == 0 && access(parent, W_OK | X_OK) != 0)
        error = database_fail(results, -errno,
                              "%s: cannot be made in %s: %s; name another with --db or PMACRASH_DB",
                              results->path, parent, strerror(errno));
    free(parent);
    return error;
}

/* What can be said before SQLite is asked. */
static int check_path(results_t *results, enum results_mode mode)
{
    struct stat status;

    if (results->path[0] == '\0')
        return database_fail(results, -EINVAL, "the name of the database is empty");
    if (stat(results->path, &status) != 0) {
        if (errno == ENOENT && mode == RESULTS_WRITE)
            return check_parent(results);
        if (errno == ENOENT)
            return database_fail(results, -ENOENT,
                                 "%s: no such database; `pmacrash run` makes one, --db or "
                                 "PMACRASH_DB names another",
                                 results->path);
        return database_fail(results, -errno, "%s: %s", results->path, strerror(errno));
    }
    if (S_ISDIR(status.st_mode))
        return database_fail(results, -EISDIR, "%s: is a directory; name a file in it",
                             results->path);
    if (!S_ISREG(status.st_mode))
        return database_fail(results, RESULTS_ENOTDB, "%s: is not a regular file", results->path);
    return 0;
}

static int open_database(results_t *results, enum results_mode mode)
{
    int error = check_path(results, mode);
    bool current = false;

    if (error != 0)
        return error;
    if (mode == RESULTS_READ) {
        error = open_for_reading(results);
        if (error == 0)
            error = migrate_check(results, &current);
        return error == 0 && !current ? read_copy_brought_up_to_date(results) : error;
    }
    error =
        open_handle(results, plain_path(results->path), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (error == 0 && sqlite3_db_readonly(results->handle, "main") == 1)
        error = database_fail(results, -EACCES, "%s: cannot be written; name another with --db",
                              results->path);
    return error == 0 ? migrate(results) : error;
}

/*
 * SQLite declares a table-valued function when it is first used, and asks the authorizer of queries
 * about that as if it were a write.
 */
static int declare_json(results_t *results)
{
    const char *const use = "SELECT 1 FROM json_each('[]'), json_tree('[]')";

    if (sqlite3_exec(results->handle, use, NULL, NULL, NULL) == SQLITE_OK)
        return 0;
    return database_fail_sql(results, "opening it");
}

int results_open(const char *path, enum results_mode mode, results_t **results, char *message,
                 size_t message_bytes)
{
    results_t *opened = calloc(1, sizeof *opened);
    int error = -ENOMEM;

    *results = NULL;
    if (opened != NULL && (opened->path = strdup(path)) != NULL)
        error = open_database(opened, mode);
    if (error == 0)
        error = declare_json(opened);
    if (error == 0) {
        *results = opened;
        return 0;
    }
    data_message(message, message_bytes, "%s",
                 error == -ENOMEM || opened == NULL ? "out of memory" : opened->error);
    results_close(opened);
    return error;
}

void results_close(results_t *results)
{
    if (results == NULL)
        return;
    forget_statements(results);
    sqlite3_close(results->handle);
    free(results->path);
    free(results);
}

int results_begin(results_t *results)
{
    struct statement statement;

    statement_open(&statement, results, "BEGIN IMMEDIATE");
    return statement_run(&statement, "beginning a transaction");
}

int results_commit(results_t *results)
{
    struct statement statement;

    statement_open(&statement, results, "COMMIT");
    return statement_run(&statement, "committing");
}

void results_rollback(results_t *results)
{
    if (!sqlite3_get_autocommit(results->handle))
        sqlite3_exec(results->handle, "ROLLBACK", NULL, NULL, NULL);
}

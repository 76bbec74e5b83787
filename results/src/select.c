/* SPDX-License-Identifier: MIT */
#include <stdbool.h>

#include "data.h"
#include "select.h"

/* A list of what may be done, so that what SQLite learns later is refused. */
static int allow_reading(void *denied, int action, const char *first, const char *second,
                         const char *schema, const char *trigger)
{
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    default:
        *(bool *)denied = true;
        return SQLITE_DENY;
    }
}

/* Whether nothing but white space, comments and semicolons is left. */
static bool is_blank(sqlite3 *handle, const char *sql)
{
    while (*sql != '\0') {
        const char *rest = NULL;
        sqlite3_stmt *statement = NULL;
        int code = sqlite3_prepare_v2(handle, sql, -1, &statement, &rest);
        sqlite3_finalize(statement);
        if (code != SQLITE_OK || statement != NULL || rest == sql)
            return false;
        sql = rest;
    }
    return true;
}

/* SQLite's reason, with the place in the text if it has one. */
static void say_wrong(sqlite3 *handle, const char *sql, char *message, size_t message_bytes)
{
    int offset = sqlite3_error_offset(handle);

    if (offset < 0) {
        data_message(message, message_bytes, "%s", sqlite3_errmsg(handle));
    } else {
        int line = 1, column = 1;
        for (const char *c = sql; c < sql + offset; c++) {
            column = *c == '\n' ? 1 : column + 1;
            line += *c == '\n';
        }
        data_message(message, message_bytes, "%s, at line %d, column %d", sqlite3_errmsg(handle),
                     line, column);
    }
}

static int prepare_guarded(sqlite3 *handle, const char *sql, sqlite3_stmt **statement,
                           char *message, size_t message_bytes)
{
    const char *rest = NULL;
    sqlite3_stmt *made = NULL;

    if (sqlite3_prepare_v2(handle, sql, -1, &made, &rest) != SQLITE_OK) {
        say_wrong(handle, sql, message, message_bytes);
        return RESULTS_ESQL;
    }
    if (made == NULL) {
        data_message(message, message_bytes, "there is no statement in it");
        return RESULTS_ESQL;
    }
    /* VACUUM asks nobody before it runs, hence the second question. */
    if (!sqlite3_stmt_readonly(made) || sqlite3_column_count(made) == 0) {
        data_message(message, message_bytes, "only a SELECT can be run here");
        goto refused;
    }
    if (!is_blank(handle, rest)) {
        data_message(message, message_bytes,
                     "one statement at a time, please: there is more after the first semicolon");
        goto refused;
    }
    *statement = made;
    return 0;

refused:
    sqlite3_finalize(made);
    return RESULTS_ESQL;
}

int select_prepare(sqlite3 *handle, const char *sql, sqlite3_stmt **statement, char *message,
                   size_t message_bytes)
{
    bool denied = false;

    sqlite3_set_authorizer(handle, allow_reading, &denied);
    int error = prepare_guarded(handle, sql, statement, message, message_bytes);
    sqlite3_set_authorizer(handle, NULL, NULL);
    if (error != 0 && denied)
        data_message(message, message_bytes,
                     "only a SELECT can be run here: nothing that writes, changes a setting or "
                     "opens another file");
    return error;
}

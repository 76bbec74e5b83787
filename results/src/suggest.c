/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "suggest.h"

static const struct unknown {
    const char *complaint; /* of SQLite, before the name */
    const char *candidates;
    bool listed; /* if none is near, all of them help */
} unknowns[] = {
    {"no such table: ", "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name", true},
    /* Of the views that the statement names. */
    {"no such column: ",
     "SELECT DISTINCT c.name FROM sqlite_schema AS s, pragma_table_info(s.name) AS c "
     "WHERE s.type = 'view' AND instr(lower(?1), s.name)",
     false},
    {"no such function: ", "SELECT DISTINCT name FROM pragma_function_list", false},
};

struct names {
    char **names;
    size_t count;
};

static void names_free(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->names[i]);
    free(names->names);
}

static void names_read(results_t *results, const char *select, const char *sql, struct names *names)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(results->handle, select, -1, &statement, NULL) != SQLITE_OK)
        return;
    if (sqlite3_bind_parameter_count(statement) > 0)
        sqlite3_bind_text(statement, 1, sql, -1, SQLITE_STATIC);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        char **grown = realloc(names->names, (names->count + 1) * sizeof *grown);
        if (grown == NULL)
            break;
        names->names = grown;
        grown[names->count] = strdup((const char *)sqlite3_column_text(statement, 0));
        if (grown[names->count] == NULL)
            break;
        names->count++;
    }
    sqlite3_finalize(statement);
}

static void append(char *message, size_t message_bytes, const char *format, const char *text)
{
    size_t used = strlen(message);

    snprintf(message + used, message_bytes - used, format, text);
}

void suggest_nearest(results_t *results, const char *sql, char *message, size_t message_bytes)
{
    for (size_t i = 0; i < sizeof unknowns / sizeof *unknowns; i++) {
        const struct unknown *unknown = &unknowns[i];
        size_t length = strlen(unknown->complaint);
        struct names names = {0};

        if (strncmp(message, unknown->complaint, length) != 0)
            continue;
        char *name = strndup(message + length, strcspn(message + length, ","));
        if (name == NULL)
            return;
        names_read(results, unknown->candidates, sql, &names);
        /* "t.column" is of a table that is there. */
        const char *dot = strrchr(name, '.');
        const char *nearest = results_nearest(dot != NULL ? dot + 1 : name,
                                              (const char *const *)names.names, names.count);
        if (nearest != NULL)
            append(message, message_bytes, "; did you mean \"%s\"?", nearest);
        for (size_t j = 0; nearest == NULL && unknown->listed && j < names.count; j++)
            append(message, message_bytes, j == 0 ? "; there are %s" : ", %s", names.names[j]);
        names_free(&names);
        free(name);
        return;
    }
}

bool suggest_is_view(results_t *results, const char *name)
{
    struct statement statement;

    statement_open(&statement, results,
                   "SELECT 1 FROM sqlite_schema WHERE type = 'view' AND name = ?");
    statement_text(&statement, name);
    int row = statement_row(&statement, "looking for a view");
    statement_close(&statement);
    return row == 1;
}

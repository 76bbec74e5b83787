/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"

int results_map_add(results_t *results, int64_t scenario, const char *text)
{
    struct statement s;
    void *packed;
    size_t packed_bytes, bytes = strlen(text);
    int error = pack(results, text, bytes, "a map", &packed, &packed_bytes);

    if (error != 0)
        return error;
    statement_open(&s, results, "INSERT INTO map (scenario, text_bytes, text) VALUES (?, ?, ?)");
    statement_number(&s, scenario);
    statement_count(&s, bytes);
    statement_bytes(&s, packed, packed_bytes);
    error = statement_run(&s, "adding a map");
    free(packed);
    return error;
}

static int read_text(results_t *results, sqlite3_stmt *row, char **text)
{
    int64_t bytes = sqlite3_column_int64(row, 0);
    const void *packed = sqlite3_column_blob(row, 1);
    size_t packed_bytes = (size_t)sqlite3_column_bytes(row, 1);
    bool sound = packed_from(packed, packed_bytes, bytes);
    char *made = sound ? malloc((size_t)bytes + 1) : NULL;

    if (sound && made == NULL)
        return database_fail(results, -ENOMEM, "%s: out of memory", results->path);
    if (!sound || !unpack(packed, packed_bytes, made, (size_t)bytes)) {
        free(made);
        return database_fail(results, -EBADMSG, "%s: a map in it is damaged", results->path);
    }
    made[bytes] = '\0';
    *text = made;
    return 0;
}

int results_map_get(results_t *results, int64_t scenario, char **text)
{
    struct statement s;

    statement_open(&s, results, "SELECT text_bytes, text FROM map WHERE scenario = ?");
    statement_number(&s, scenario);
    int error = statement_row(&s, "reading a map");
    if (error == 0)
        error = database_fail(results, RESULTS_ENOROW, "%s: scenario %" PRId64 " has no map",
                              results->path, scenario);
    else if (error == 1)
        error = read_text(results, s.handle, text);
    statement_close(&s);
    return error;
}

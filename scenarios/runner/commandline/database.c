/* SPDX-License-Identifier: MIT */
#include "database.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output/text.h"

static results_t *open_as(const char *path, enum results_mode mode)
{
    results_t *results = NULL;
    char message[512];
    if (results_open(path, mode, &results, message, sizeof message))
        complain("%s", message);
    return results;
}

results_t *database_open(const struct settings *settings)
{
    return open_as(settings->db, RESULTS_READ);
}

results_t *database_open_to_write(const struct settings *settings)
{
    return open_as(settings->db, RESULTS_WRITE);
}

size_t table_width(const struct settings *settings)
{
    return settings->width > 0 || isatty(STDOUT_FILENO) ? text_width(stdout) : 0;
}

/* A number from 1 on, and nothing else. */
static bool read_id(const char *digits, int64_t *id)
{
    char *end;
    errno = 0;
    long long number = strtoll(digits, &end, 10);
    if (*digits < '1' || *digits > '9' || *end || errno)
        return false;
    *id = number;
    return true;
}

bool database_run(const char *text, int64_t *id)
{
    if (strcmp(text, "latest") == 0) {
        *id = 0;
        return true;
    }
    if (read_id(text + (*text == 'r'), id))
        return true;
    complain("'%s' is no run (r3, 3 or latest); see 'pmacrash query history'", text);
    return false;
}

bool database_id(const char *text, enum database_kind *kind, int64_t *id)
{
    if (!read_id(text + (*text == 'v' || *text == 'r'), id)) {
        complain("'%s' is neither a violation (v12 or 12) nor a run (r3); see 'pmacrash query "
                 "violations'",
                 text);
        return false;
    }
    *kind = *text == 'r' ? DATABASE_RUN : DATABASE_VIOLATION;
    return true;
}

struct results_violation_row *database_violation(const struct settings *settings,
                                                 results_t *results, int64_t id)
{
    struct results_violation_row *row = NULL;
    int error = results_violation_get(results, id, &row);
    if (!error)
        return row;
    if (error == RESULTS_ENOROW)
        complain("%s holds no violation v%lld; see 'pmacrash query violations'", settings->db,
                 (long long)id);
    else
        complain("%s: %s", settings->db, results_error(results));
    return NULL;
}

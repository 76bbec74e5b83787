/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include <results/results.h>

#include "command.h"
#include "database.h"
#include "text.h"

static enum status run(const struct settings *settings)
{
    enum results_format format = settings->json  ? RESULTS_JSON
                                 : settings->csv ? RESULTS_CSV
                                                 : RESULTS_TABLE;
    results_t *results = database_open(settings);
    enum status status = STATUS_CLEAN;
    if (!results)
        return STATUS_FAILED;
    int error = results_query(results, settings->arguments[0], format, stdout);
    if (error) {
        complain("%s", results_error(results));
        status = error == RESULTS_ENOQUERY || error == RESULTS_ESQL ? STATUS_USAGE : STATUS_FAILED;
    }
    results_close(results);
    return status;
}

const struct command query_command = {
    .bit = COMMAND_QUERY,
    .name = "query",
    .synopsis = "NAME|SQL",
    .summary = "ask the results database: a named query or one SELECT",
    .about = "'pmacrash list queries' shows the named ones; docs/results.md documents the views "
             "that SQL should use. The database is opened for reading only.",
    .examples = "  pmacrash query summary\n"
                "  pmacrash query violations --csv\n"
                "  pmacrash query \"SELECT scenario, recoveries FROM v_scenario\" --json\n",
    .least = 1,
    .most = 1,
    .run = run,
};

/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include <results/results.h>

#include "commandline/command.h"
#include "commandline/database.h"
#include "list.h"
#include "output/text.h"

/* What there is to ask. */
static enum status offer(const struct settings *settings)
{
    enum status status = list_queries(settings);
    if (status == STATUS_CLEAN && !settings->json && !settings->csv)
        printf("\nAsk with 'pmacrash query NAME', or any SELECT over the views of docs/results.md; "
               "--run RUN is\nabout another run than the latest.\n");
    return status;
}

static enum status run(const struct settings *settings)
{
    enum results_format format = settings->json  ? RESULTS_JSON
                                 : settings->csv ? RESULTS_CSV
                                                 : RESULTS_TABLE;
    struct results_terms terms = {.width = table_width(settings)};
    enum status status = STATUS_CLEAN;
    if (settings->argument_count == 0)
        return offer(settings);
    if (settings->of_run && !database_run(settings->of_run, &terms.run))
        return STATUS_USAGE;
    results_t *results = database_open(settings);
    if (!results)
        return STATUS_FAILED;
    int error = results_query_on(results, settings->arguments[0], &terms, format, stdout);
    if (error) {
        complain("%s", results_error(results));
        status = error == RESULTS_ENOQUERY || error == RESULTS_ESQL || error == RESULTS_ENOROW
                     ? STATUS_USAGE
                     : STATUS_FAILED;
    }
    results_close(results);
    return status;
}

const struct command query_command = {
    .bit = COMMAND_QUERY,
    .name = "query",
    .synopsis = "[NAME|SQL]",
    .summary = "ask the results database: a named query or one SELECT",
    .about = "Without an argument, the named queries with a line each. docs/results.md documents "
             "the views that SQL should use, and answers ten questions with them. The database is "
             "opened for reading only.",
    .examples = "  pmacrash query\n"
                "  pmacrash query summary\n"
                "  pmacrash query violations --run r3 --csv\n"
                "  pmacrash query \"SELECT scenario, recoveries FROM v_scenario\" --json\n",
    .most = 1,
    .words = WORDS_QUERIES,
    .run = run,
};

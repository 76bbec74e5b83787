/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commandline/command.h"
#include "commandline/database.h"
#include "output/file.h"
#include "output/text.h"

/* A file of JSON documents, one a line, as one array. NULL if it cannot be read. */
static char *read_lines(const char *path)
{
    char *array = NULL, *line = NULL;
    size_t bytes, capacity = 0, lines = 0;
    FILE *in = fopen(path, "r");
    if (!in) {
        complain("--mutants %s: %s; name a file of what 'scripts/mutants --json' printed", path,
                 strerror(errno));
        return NULL;
    }
    FILE *out = need(open_memstream(&array, &bytes));
    fputc('[', out);
    while (getline(&line, &capacity, in) > 0)
        if (line[strspn(line, " \t\r\n")])
            fprintf(out, "%s%s", lines++ > 0 ? "," : "", line);
    int error = ferror(in) ? errno : 0;
    fputc(']', out);
    fclose(out);
    fclose(in);
    free(line);
    if (!error)
        return need(array);
    complain("--mutants %s: %s", path, strerror(error));
    free(array);
    return NULL;
}

static void count_known(void *context, const char *const *values, size_t count)
{
    *(size_t *)context += count > 0 && values[0];
}

/* Whether these are mutants, so that the page is not half written when that comes out. */
static bool are_mutants(results_t *results, const char *path, const char *array)
{
    size_t named = 0;
    const char *const parameters[] = {array};
    int error = results_rows(results, "SELECT value ->> 'outcome' FROM json_each(?1)", parameters,
                             1, count_known, &named);
    if (!error && named > 0)
        return true;
    complain("--mutants %s: not what 'scripts/mutants --json' prints, an object a line with "
             "\"mutant\" and \"outcome\"",
             path);
    return false;
}

static bool run_exists(results_t *results, const char *run)
{
    size_t found = 0;
    return results_rows(results, "SELECT run FROM v_run WHERE run = ?1", &run, 1, count_known,
                        &found) == 0 &&
           found > 0;
}

static enum status make_page(const struct settings *settings, results_t *results, const char *run,
                             const char *mutants)
{
    char *page = NULL;
    size_t bytes;
    struct report report = {.results = results, .db = settings->db, .run = run, .mutants = mutants};
    enum status status = STATUS_FAILED;
    if (mutants && !are_mutants(results, settings->mutants, mutants))
        return STATUS_USAGE;
    report.out = need(open_memstream(&page, &bytes));
    int error = report_page(&report);
    fclose(report.out);
    if (error)
        complain("%s", results_error(results));
    else if (file_write("html", settings->html, need(page), bytes))
        status = STATUS_CLEAN;
    free(page);
    return status;
}

static enum status report_run(const struct settings *settings, results_t *results, int64_t id,
                              const char *mutants)
{
    char *number;
    enum status status = STATUS_USAGE;
    if (id == 0 && results_last_run(results, &id)) {
        complain("%s holds no run yet; 'pmacrash run' makes one", settings->db);
        return STATUS_USAGE;
    }
    number = need_format("%" PRId64, id);
    if (run_exists(results, number))
        status = make_page(settings, results, number, mutants);
    else
        complain("%s holds no run r%s; see 'pmacrash query \"SELECT run, started, command FROM "
                 "v_run\"'",
                 settings->db, number);
    free(number);
    return status;
}

bool report_write(const struct settings *settings, results_t *results, int64_t run)
{
    return report_run(settings, results, run, NULL) == STATUS_CLEAN;
}

static enum status run(const struct settings *settings)
{
    int64_t id = 0;
    char *mutants = NULL;
    if (!settings->html) {
        complain(
            "report wants to know where to write: pmacrash report --html FILE, or - for stdout");
        return STATUS_USAGE;
    }
    if (settings->of_run && !database_run(settings->of_run, &id))
        return STATUS_USAGE;
    if (settings->mutants && !(mutants = read_lines(settings->mutants)))
        return STATUS_USAGE;
    results_t *results = database_open(settings);
    enum status status = STATUS_FAILED;
    if (results)
        status = report_run(settings, results, id, mutants);
    results_close(results);
    free(mutants);
    return status;
}

const struct command report_command = {
    .bit = COMMAND_REPORT,
    .name = "report",
    .synopsis = "--html FILE",
    .summary = "a run as one page to look at: verdict, maps, charts, violations",
    .about = "The page stands alone: nothing is loaded from anywhere; - as FILE is stdout. It says "
             "first whether anything "
             "was lost; then each violation as 'pmacrash show' tells it; a map of each scenario, "
             "crash points across and blocks down; where recoveries and time went; and with "
             "--mutants the kill matrix.",
    .examples = "  pmacrash report --html report.html\n"
                "  pmacrash report --html report.html --run r3\n"
                "  scripts/mutants --json >kills.json\n"
                "  pmacrash report --html report.html --mutants kills.json\n",
    .run = run,
};

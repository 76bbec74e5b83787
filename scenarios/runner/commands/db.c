/* SPDX-License-Identifier: MIT */
/* pmacrash db: how large the results database is, letting go of runs, giving one away. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <results/manage.h>

#include "commandline/command.h"
#include "commandline/database.h"
#include "findings/keep.h"
#include "output/grid.h"
#include "output/json.h"
#include "output/text.h"

static enum status failed(results_t *results)
{
    complain("%s", results_error(results));
    return STATUS_FAILED;
}

/* "1.2 MB" */
static char *bytes_text(uint64_t bytes)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
    double size = (double)bytes;
    size_t unit = 0;
    for (; size >= 1000 && unit + 1 < sizeof units / sizeof *units; unit++)
        size /= 1000;
    return need_format(unit > 0 ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

/* ---- info ---- */

/* What is told, in one of the three formats. */
struct facts {
    const struct settings *settings;
    struct grid *grid;
    struct json json;
};

static void tell(struct facts *facts, const char *what, const char *value)
{
    if (facts->settings->csv)
        printf("\"%s\",\"%s\"\r\n", what, value);
    else
        grid_row(facts->grid, STYLE_PLAIN, (const char *[]){what, value});
}

static void tell_count(struct facts *facts, const char *key, const char *what, uint64_t count)
{
    struct number number;
    if (facts->settings->json)
        json_count(&facts->json, key, count);
    else if (facts->settings->csv)
        printf("\"%s\",%" PRIu64 "\r\n", key, count);
    else
        tell(facts, what, text_count(&number, count));
}

static void tell_bytes(struct facts *facts, const char *key, const char *what, uint64_t bytes)
{
    if (facts->settings->json || facts->settings->csv) {
        tell_count(facts, key, what, bytes);
        return;
    }
    char *text = bytes_text(bytes);
    tell(facts, what, text);
    free(text);
}

static void tell_table(void *context, const char *table, uint64_t rows)
{
    struct facts *facts = context;
    char *what = facts->settings->json  ? need_copy(table)
                 : facts->settings->csv ? need_format("rows in %s", table)
                                        : need_format("  %s", table);
    tell_count(facts, what, what, rows);
    free(what);
}

static void tell_runs(void *context, const char *const *values, size_t count)
{
    static const char *const keys[] = {"runs", "runs_with_violations", "runs_kept"};
    static const char *const words[] = {"runs", "  with violations", "  kept for something"};
    struct facts *facts = context;
    (void)count;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        tell_count(facts, keys[i], words[i], strtoull(values[i], NULL, 10));
    if (!values[3])
        return;
    if (facts->settings->json) {
        json_text(&facts->json, "first_started", values[3]);
        json_text(&facts->json, "last_started", values[4]);
    } else {
        tell(facts, facts->settings->csv ? "first_started" : "  first started", values[3]);
        tell(facts, facts->settings->csv ? "last_started" : "  last started", values[4]);
    }
}

static enum status tell_all(struct facts *facts, results_t *results)
{
    struct results_info info;
    if (results_info(results, &info))
        return failed(results);
    tell_count(facts, "schema", "schema version", (uint64_t)info.schema);
    tell_count(facts, "known_schema", "  this pmacrash has", (uint64_t)info.known);
    tell_bytes(facts, "bytes", "size", info.bytes);
    tell_bytes(facts, "free_bytes", "  free in it", info.free_bytes);
    tell_bytes(facts, "log_bytes", "  beside it, in the log", info.log_bytes);
    if (results_rows(results,
                     "SELECT count(*), coalesce(sum(violations > 0), 0), "
                     "coalesce(sum(kept_for <> ''), 0), min(started), max(started) FROM v_run",
                     NULL, 0, tell_runs, facts))
        return failed(results);
    if (facts->settings->json)
        json_begin(&facts->json, "rows", '{');
    else if (!facts->settings->csv)
        tell(facts, "rows", "");
    if (results_tables_each(results, tell_table, facts))
        return failed(results);
    if (facts->settings->json)
        json_end(&facts->json, '}');
    return STATUS_CLEAN;
}

static enum status info(const struct settings *settings)
{
    const char *const headers[] = {"database", settings->db};
    struct facts facts = {.settings = settings, .json.out = stdout};
    results_t *results = database_open(settings);
    if (!results)
        return STATUS_FAILED;
    if (settings->json) {
        json_begin(&facts.json, NULL, '{');
        json_text(&facts.json, "database", settings->db);
    } else if (settings->csv) {
        printf("\"what\",\"value\"\r\n");
    } else {
        facts.grid = grid_new(headers, "ll");
    }
    enum status status = tell_all(&facts, results);
    if (settings->json)
        json_end(&facts.json, '}');
    if (facts.grid) {
        grid_print(facts.grid, stdout);
        grid_free(facts.grid);
    }
    results_close(results);
    return status;
}

/* ---- prune ---- */

struct pruning {
    const struct settings *settings;
    struct json json;
    uint64_t removed, spared, violations, selftests;
};

static void tell_pruned(void *context, const struct results_pruned *pruned)
{
    struct pruning *pruning = context;
    const char *verb = pruning->settings->dry_run ? "would remove" : "remove";
    if (pruned->spared)
        pruning->spared++;
    else
        pruning->removed++, pruning->violations += pruned->violations;
    if (pruning->settings->json) {
        json_begin(&pruning->json, NULL, '{');
        json_count(&pruning->json, "run", (uint64_t)pruned->run);
        json_text(&pruning->json, "started", pruned->started);
        json_text(&pruning->json, "outcome", pruned->outcome);
        json_text(&pruning->json, "command", pruned->command);
        json_count(&pruning->json, "violations", pruned->violations);
        json_text(&pruning->json, "spared", pruned->spared);
        json_end(&pruning->json, '}');
        return;
    }
    printf("%s r%" PRId64 ", %.10s, %s", pruned->spared ? "keep" : verb, pruned->run,
           pruned->started, pruned->outcome);
    if (pruned->violations > 0)
        printf(", %" PRIu64 " violations", pruned->violations);
    if (pruned->spared)
        printf(": %s", pruned->spared);
    printf(": %s\n", pruned->command);
}

static void tell_sum(const struct pruning *pruning, uint64_t before, uint64_t after)
{
    struct number runs, violations;
    char *from = bytes_text(before), *to = bytes_text(after);
    if (pruning->removed == 0)
        printf("No run %s.\n", pruning->settings->dry_run ? "would be removed" : "was removed");
    else if (pruning->settings->dry_run)
        printf("%s runs would be removed, and with them %s violations.\n",
               text_count(&runs, pruning->removed), text_count(&violations, pruning->violations));
    else
        printf(
            "%s runs are gone, and with them %s violations, which cannot be replayed any more; %s "
            "went from %s to %s.\n",
            text_count(&runs, pruning->removed), text_count(&violations, pruning->violations),
            pruning->settings->db, from, to);
    if (pruning->selftests > 0)
        printf("So %s %s self-tests.\n", pruning->settings->dry_run ? "would be" : "are",
               text_count(&runs, pruning->selftests));
    free(from);
    free(to);
}

static enum status prune(const struct settings *settings)
{
    struct pruning pruning = {.settings = settings, .json.out = stdout};
    struct results_info before = {0}, after = {0};
    if (settings->keep_runs == 0 && settings->older_days == 0) {
        complain("db prune wants to know what: --keep N (the latest), --older DAYS, or both");
        return STATUS_USAGE;
    }
    results_t *results =
        settings->dry_run ? database_open(settings) : database_open_to_write(settings);
    if (!results)
        return STATUS_FAILED;
    if (settings->json)
        json_begin(&pruning.json, NULL, '[');
    int error = results_info(results, &before);
    if (!error)
        error = results_prune(results,
                              &(struct results_prune){.keep = settings->keep_runs,
                                                      .older_days = settings->older_days,
                                                      .dry = settings->dry_run},
                              tell_pruned, &pruning, &pruning.selftests);
    bool roomy = pruning.removed + pruning.selftests > 0 || before.free_bytes > before.bytes / 10;
    if (!error && !settings->dry_run && roomy && (error = results_compact(results)) != 0)
        complain("what was named is gone, but its room cannot be given back now; the next prune "
                 "tries again");
    if (!error)
        error = results_info(results, &after);
    if (settings->json)
        json_end(&pruning.json, ']');
    else if (!error)
        tell_sum(&pruning, before.bytes, after.bytes);
    enum status status = error ? failed(results) : STATUS_CLEAN;
    results_close(results);
    return status;
}

/* ---- export ---- */

static bool ends_in(const char *path, const char *ending)
{
    size_t length = strlen(path), end = strlen(ending);
    return length > end && strcmp(path + length - end, ending) == 0;
}

static int export_json(results_t *results, int64_t run, const char *path)
{
    FILE *out = fopen(path, "wxe");
    if (!out) {
        complain("%s: %s; name a new file", path, strerror(errno));
        return -errno;
    }
    int error = results_export_json(results, run, out);
    if (fclose(out) != 0 && !error) {
        complain("%s: %s", path, strerror(errno));
        return -EIO;
    }
    if (error)
        failed(results);
    return error;
}

/* By the ending of the path: JSON, a database, else a directory of CSV files. */
static enum status export_to(results_t *results, int64_t run, const char *path)
{
    int error;
    if (!path)
        error = results_export_json(results, run, stdout);
    else if (ends_in(path, ".json"))
        return export_json(results, run, path) ? STATUS_FAILED : STATUS_CLEAN;
    else if (ends_in(path, ".db"))
        error = results_export_database(results, run, path);
    else if (!keep_in_directory("db export", NULL, 0, path))
        return STATUS_FAILED;
    else
        error = results_export_csv(results, run, path);
    return error ? failed(results) : STATUS_CLEAN;
}

static enum status export_run(const struct settings *settings)
{
    const char *path = settings->argument_count > 2 ? settings->arguments[2] : NULL;
    int64_t run = 0;
    if (settings->argument_count < 2) {
        complain("db export wants to know which run: pmacrash db export RUN [PATH]");
        return STATUS_USAGE;
    }
    if (!database_run(settings->arguments[1], &run))
        return STATUS_USAGE;
    results_t *results = database_open(settings);
    if (!results)
        return STATUS_FAILED;
    enum status status = STATUS_USAGE;
    if ((run == 0 && results_last_run(results, &run)) || results_run_exists(results, run))
        complain("%s", results_error(results));
    else
        status = export_to(results, run, path);
    if (status == STATUS_CLEAN && path)
        printf("r%" PRId64 " of %s is in %s\n", run, settings->db, path);
    results_close(results);
    return status;
}

static enum status run(const struct settings *settings)
{
    static const struct {
        const char *name;
        enum status (*run)(const struct settings *settings);
        size_t most; /* arguments after its name */
    } actions[] = {{"info", info, 0}, {"prune", prune, 0}, {"export", export_run, 2}};
    enum { ACTIONS = sizeof actions / sizeof *actions };
    const char *names[ACTIONS];
    const char *name = settings->argument_count > 0 ? settings->arguments[0] : "info";
    for (size_t i = 0; i < ACTIONS; i++) {
        names[i] = actions[i].name;
        if (strcmp(name, names[i]) != 0)
            continue;
        if (settings->argument_count <= actions[i].most + 1)
            return actions[i].run(settings);
        complain("db %s does not know what to do with '%s'; see 'pmacrash db --help'", name,
                 settings->arguments[actions[i].most + 1]);
        return STATUS_USAGE;
    }
    complain_unknown("action of db", name, names, ACTIONS, "pmacrash db --help");
    return STATUS_USAGE;
}

const struct command db_command = {
    .bit = COMMAND_DB,
    .name = "db",
    .synopsis = "[info|prune|export RUN [PATH]]",
    .summary = "how large the results database is, remove runs, give one away",
    .about =
        "info (the default) says which schema version the database has, its size, runs and rows.\n"
        "\n"
        "prune removes runs that are not among the --keep latest and older than --older days, says "
        "which, and gives the room back. The latest run always stays, and so do runs that a "
        "baseline was written from and those that may still go on. --dry-run only says.\n"
        "\n"
        "export writes a run as JSON, or to PATH: a file that ends in .json, a small database of "
        "its own in one that ends in .db, else CSV files in a directory, new or empty.",
    .examples = "  pmacrash db\n"
                "  pmacrash db prune --keep 50 --older 30 --dry-run\n"
                "  pmacrash db export r12 r12.db\n"
                "  pmacrash db export latest | jq .v_violation\n",
    .most = 3,
    .words = WORDS_RUNS,
    .actions = "info prune export",
    .run = run,
};

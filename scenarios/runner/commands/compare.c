/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <results/compare.h>

#include "commandline/command.h"
#include "commandline/database.h"
#include "output/grid.h"
#include "output/json.h"
#include "output/text.h"

/* One of the two runs, and what is told of it. */
struct side {
    char *path;
    results_t *results;
    int64_t run; /* 0 until it is known: the latest */
    char *started, *revision, *outcome, *command;
};

static void side_release(struct side *side)
{
    results_close(side->results);
    free(side->path);
    free(side->started);
    free(side->revision);
    free(side->outcome);
    free(side->command);
}

/* "3", "r3", "latest", "FILE:3", or the name of a database alone: its latest run. */
static bool side_parse(const struct settings *settings, const char *text, struct side *side)
{
    const char *colon = strrchr(text, ':');
    if (!colon && strchr("r0123456789", *text) == NULL && strcmp(text, "latest") != 0 &&
        access(text, F_OK) == 0) {
        side->path = need_copy(text);
        return true;
    }
    side->path = colon ? need_format("%.*s", (int)(colon - text), text) : need_copy(settings->db);
    return database_run(colon ? colon + 1 : text, &side->run);
}

static void keep_run(void *context, const char *const *values, size_t count)
{
    struct side *side = context;
    (void)count;
    side->run = strtoll(values[0], NULL, 10);
    side->started = need_copy(values[1]);
    side->revision = need_copy(values[2]);
    side->outcome = need_copy(values[3]);
    side->command = need_copy(values[4]);
}

/* Opens its database and finds the run. Complains if it cannot. */
static enum status side_open(struct side *side)
{
    char message[512], run[24];
    if (results_open(side->path, RESULTS_READ, &side->results, message, sizeof message)) {
        complain("%s", message);
        return STATUS_FAILED;
    }
    if ((side->run == 0 && results_last_run(side->results, &side->run)) ||
        results_run_exists(side->results, side->run)) {
        complain("%s", results_error(side->results));
        return STATUS_USAGE;
    }
    snprintf(run, sizeof run, "%" PRId64, side->run);
    if (results_rows(side->results,
                     "SELECT run, substr(replace(started, 'T', ' '), 1, 16), revision, outcome, "
                     "command FROM v_run WHERE run = CAST(?1 AS INTEGER)",
                     (const char *[]){run}, 1, keep_run, side)) {
        complain("%s", results_error(side->results));
        return STATUS_FAILED;
    }
    return STATUS_CLEAN;
}

static void keep_number(void *context, const char *const *values, size_t count)
{
    (void)count;
    if (values[0])
        *(int64_t *)context = strtoll(values[0], NULL, 10);
}

/* The run before `after` that was asked the same; if there is none, the one before it. */
static bool find_predecessor(const struct side *after, struct side *before)
{
    char run[24];
    snprintf(run, sizeof run, "%" PRId64, after->run);
    before->path = need_copy(after->path);
    if (results_rows(
            after->results,
            "WITH asked AS (SELECT run, arguments FROM v_run WHERE run <= CAST(?1 AS INTEGER)) "
            "SELECT coalesce((SELECT max(b.run) FROM asked AS a JOIN asked AS b ON "
            "b.arguments = a.arguments AND b.run < a.run WHERE a.run = CAST(?1 AS INTEGER)), "
            "(SELECT max(run) FROM asked WHERE run < CAST(?1 AS INTEGER)))",
            (const char *[]){run}, 1, keep_number, &before->run)) {
        complain("%s", results_error(after->results));
        return false;
    }
    if (before->run == 0)
        complain("%s holds no run before r%" PRId64 " to compare it with", after->path, after->run);
    return before->run != 0;
}

static void tell_side(const char *title, const struct side *side)
{
    printf("%-6s  r%" PRId64 " of %s, %s, commit %s, %s:\n        %s\n", title, side->run,
           side->path, side->started, side->revision, side->outcome, side->command);
}

static void print_sentence(const struct side sides[2], const char *worse)
{
    char *sentence = *worse ? need_format("r%" PRId64 " is worse than r%" PRId64 ": %s.",
                                          sides[1].run, sides[0].run, worse)
                            : need_format("r%" PRId64 " is not worse than r%" PRId64 ".",
                                          sides[1].run, sides[0].run);
    printf("\n");
    text_styled_paragraph(stdout, *worse ? STYLE_BAD : STYLE_GOOD, sentence);
    free(sentence);
}

static void tell_side_json(struct json *json, const char *key, const struct side *side)
{
    json_begin(json, key, '{');
    json_text(json, "database", side->path);
    json_count(json, "run", (uint64_t)side->run);
    json_text(json, "started", side->started);
    json_text(json, "commit", side->revision);
    json_text(json, "outcome", side->outcome);
    json_text(json, "command", side->command);
    json_end(json, '}');
}

static int print_json(const struct side sides[2], results_comparison_t *comparison)
{
    struct json json = {.out = stdout};
    json_begin(&json, NULL, '{');
    tell_side_json(&json, "before", &sides[0]);
    tell_side_json(&json, "after", &sides[1]);
    json_bool(&json, "worse", *results_comparison_worse(comparison) != '\0');
    printf(",\n  \"differences\": ");
    int error = results_comparison_print(comparison, RESULTS_JSON, stdout);
    json_end(&json, '}');
    return error;
}

struct table {
    struct grid *grid;
    size_t rows;
};

static void add_difference(void *context, const char *const *values, size_t count)
{
    struct table *table = context;
    (void)count;
    grid_row(table->grid, *values[0] == '1' ? STYLE_BAD : STYLE_PLAIN, values + 1);
    table->rows++;
}

static int print_table(results_comparison_t *comparison)
{
    static const char *const headers[] = {"change", "play", "what", "before", "after"};
    struct table table = {.grid = grid_new(headers, "lllll")};
    int error = results_comparison_each(comparison, add_difference, &table);
    if (!error && table.rows > 0)
        grid_print(table.grid, stdout);
    else if (!error)
        printf("No difference.\n");
    grid_free(table.grid);
    return error;
}

static int print(const struct settings *settings, const struct side sides[2],
                 results_comparison_t *comparison)
{
    if (settings->csv)
        return results_comparison_print(comparison, RESULTS_CSV, stdout);
    if (settings->json)
        return print_json(sides, comparison);
    tell_side("Before", &sides[0]);
    tell_side("After", &sides[1]);
    printf("\n");
    int error = print_table(comparison);
    print_sentence(sides, results_comparison_worse(comparison));
    return error;
}

static enum status compare(const struct settings *settings, const struct side sides[2])
{
    results_comparison_t *comparison;
    char message[512];
    if (results_compare(&(struct results_side){sides[0].results, sides[0].run},
                        &(struct results_side){sides[1].results, sides[1].run}, &comparison,
                        message, sizeof message)) {
        complain("%s", message);
        return STATUS_FAILED;
    }
    enum status status = *results_comparison_worse(comparison) ? STATUS_FOUND : STATUS_CLEAN;
    if (print(settings, sides, comparison)) {
        complain("the differences cannot be written");
        status = STATUS_FAILED;
    }
    results_comparison_free(comparison);
    return status;
}

static enum status run(const struct settings *settings)
{
    struct side sides[2] = {{0}, {0}};
    size_t count = settings->argument_count;
    enum status status = STATUS_USAGE;
    /* One argument is the run before; the one after is the latest then. */
    if (count > 0 && !side_parse(settings, settings->arguments[0], &sides[0]))
        goto done;
    if (!side_parse(settings, count > 1 ? settings->arguments[1] : "latest", &sides[1]))
        goto done;
    status = side_open(&sides[1]);
    if (status == STATUS_CLEAN && count == 0 && !find_predecessor(&sides[1], &sides[0]))
        status = STATUS_USAGE;
    if (status == STATUS_CLEAN)
        status = side_open(&sides[0]);
    if (status == STATUS_CLEAN)
        status = compare(settings, sides);
done:
    side_release(&sides[0]);
    side_release(&sides[1]);
    return status;
}

const struct command compare_command = {
    .bit = COMMAND_COMPARE,
    .name = "compare",
    .synopsis = "[BEFORE [AFTER]]",
    .summary = "what a run found, lost or took longer for than another",
    .about =
        "BEFORE and AFTER are runs: r3, 3, latest, or FILE:3 for one of another database (FILE "
        "alone: its latest). Without AFTER it is the latest run; without both, that and the last "
        "run before it that was asked the same.\n"
        "\n"
        "A row is a difference: new and gone violations, scenarios, coverage and crash points, "
        "and what is slower or faster by half and by 0.2 s. What the two runs were asked comes "
        "first.\n"
        "\n"
        "Exit code: 0 if AFTER is not worse, 1 if it is (new violations, scenarios gone, failing "
        "or no longer complete, coverage lost), 2 wrong usage, 3 could not run.",
    .examples = "  pmacrash compare\n"
                "  pmacrash compare r3 r5\n"
                "  pmacrash compare release.db:1 latest --json\n",
    .most = 2,
    .words = WORDS_RUNS,
    .run = run,
};

/* SPDX-License-Identifier: MIT */
/*
 * How long the named queries take on a database of ten million recoveries: by default 500 runs of
 * 200 plays with 100 recoveries each, and now and then a violation. Recoveries have no rows of
 * their own; what a run leaves behind is totals for each play, crash point and verdict. A query is
 * asked about the latest run, on a connection of its own, as `pmacrash query` does.
 */
#include <inttypes.h>
#include <results/results.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"

enum {
    RECOVERIES = 10000000,
    SCENARIOS = 100,
    PLAYS = 2 * SCENARIOS, /* both ways of copying */
    POINTS = 60,           /* that the library declares */
    POINTS_A_PLAY = 25,
    RUNS_A_FAILURE = 10, /* every so many runs find something */
    VIOLATIONS_A_FAILURE = 20,
    IMAGE_BYTES = 16384,
};

static unsigned runs = 500;

static void point_name(char name[32], unsigned point)
{
    snprintf(name, 32, "pma/area%u/point%u", point % 7, point);
}

static int add_violations(results_t *results, int64_t scenario)
{
    static unsigned char image[IMAGE_BYTES];
    char where[32];
    int error = 0;

    for (unsigned i = 0; i < IMAGE_BYTES; i++)
        image[i] = (unsigned char)(i * i >> 7);
    for (unsigned i = 0; i < VIOLATIONS_A_FAILURE && error == 0; i++) {
        int64_t id;
        point_name(where, i % POINTS_A_PLAY);
        const struct results_violation violation = {
            .model = "power-loss",
            .verdict = i % 2 ? "invariant" : "mix",
            .status = "recovered",
            .finding = i % 2 ? "keys-ordered: Extents ascend (page=7); 1 row" : "",
            .where = where,
            .side = "after",
            .point = i,
            .hit = 1,
            .step = 3,
            .depth = 1,
            .timeline = "a line for each event\n",
            .explanation = "what was kept, and what was lost\n",
            .image = image,
            .image_bytes = sizeof image,
        };
        error = results_violation_add(results, scenario, &violation, &id);
    }
    return error;
}

static int add_play(results_t *results, int64_t run, unsigned play, bool fails)
{
    const unsigned recoveries = RECOVERIES / runs / PLAYS;
    char name[32], where[32];
    const struct results_scenario scenario = {
        .name = name,
        .description = "what it is for, in a sentence",
        .file = "suites/bench.yaml",
        .text = "scenarios:\n  - name: one of a hundred\n    steps:\n      - alloc: {pages: 4}\n"
                "      - write: {pages: 4}\n      - snapshot: {}\n",
        .copying = play % 2 ? "lazy" : "eager",
        .model = "power-loss",
        .outcome = fails ? "violations" : "clean",
        .crash_points = 4 * POINTS_A_PLAY,
        .paths = 3 * recoveries,
        .recoveries = recoveries,
        .violations = fails ? VIOLATIONS_A_FAILURE : 0,
        .states = 1e12,
        .covered = 1e12,
        .record_ms = 20,
        .explore_ms = 100 + play,
        .complete = !fails,
    };
    int64_t id;

    snprintf(name, sizeof name, "scenario-%u", play / 2);
    int error = results_scenario_add(results, run, &scenario, &id);
    for (unsigned i = 0; i < POINTS_A_PLAY && error == 0; i++) {
        const struct results_total total = {
            .where = where,
            .model = "power-loss",
            .verdict = "legal",
            .points = 4,
            .paths = 3 * recoveries / POINTS_A_PLAY,
            .recoveries = recoveries / POINTS_A_PLAY,
            .states = 1e10,
            .nanoseconds = 1000000,
        };
        point_name(where, (play + 2 * i) % POINTS);
        error = results_coverage_add(results, id, where, 3, 4);
        if (error == 0)
            error = results_total_add(results, id, &total);
    }
    return error == 0 && fails ? add_violations(results, id) : error;
}

static int add_run(results_t *results, unsigned number)
{
    const struct results_run run = {
        .version = "1.0.0",
        .commit = "0123abc",
        .host = "bench",
        .kernel = "6.1.0",
        .command = "pmacrash run",
        .arguments = "run",
        .model = "power-loss",
        .search = "lazy",
        .jobs = 2,
        .depth = 1,
    };
    bool fails = number % RUNS_A_FAILURE == 0;
    int64_t id;
    int error = results_begin(results);

    if (error == 0)
        error = results_run_add(results, &run, &id);
    for (unsigned play = 0; play < PLAYS && error == 0; play++)
        error = add_play(results, id, play, fails && play == 7);
    if (error == 0)
        error = results_run_finish(results, id, fails ? "violations" : "clean", 60000);
    return error == 0 ? results_commit(results) : error;
}

static bool fill(const char *path)
{
    results_t *results;
    char message[512] = "", name[32];

    if (results_open(path, RESULTS_WRITE, &results, message, sizeof message) != 0) {
        fprintf(stderr, "queries: %s\n", message);
        return false;
    }
    int error = 0;
    for (unsigned i = 0; i < POINTS && error == 0; i++) {
        point_name(name, i);
        error = results_fault_point_add(results, name, "plain", "what a hit stands for");
    }
    /* The last one fails, so that there is something to tell of the latest run. */
    for (unsigned i = runs; i-- > 0 && error == 0;)
        error = add_run(results, i);
    if (error != 0)
        fprintf(stderr, "queries: %s\n", results_error(results));
    results_close(results);
    return error == 0;
}

static bool ask(const char *path, const char *query, double *seconds)
{
    FILE *nowhere = fopen("/dev/null", "w");
    char message[512] = "";
    results_t *results = NULL;
    double begin = bench_seconds();
    int error = nowhere ? results_open(path, RESULTS_READ, &results, message, sizeof message) : -1;

    if (error == 0)
        error = results_query(results, query, RESULTS_TABLE, nowhere);
    *seconds = bench_seconds() - begin;
    if (error != 0)
        fprintf(stderr, "queries: %s: %s\n", query, results ? results_error(results) : message);
    results_close(results);
    if (nowhere)
        fclose(nowhere);
    return error == 0;
}

static bool measure(const char *path, const char *query, const struct bench *bench, bool first)
{
    double *samples = malloc(bench->rounds * sizeof *samples);
    bool fine = samples != NULL;

    for (unsigned i = 0; i < bench->rounds && fine; i++)
        fine = ask(path, query, &samples[i]);
    if (fine) {
        double median = bench_median(samples, bench->rounds) * 1e3;
        double slowest = samples[bench->rounds - 1] * 1e3;
        if (bench->json)
            printf("%s\n  {\"query\": \"%s\", \"median_ms\": %.2f, \"slowest_ms\": %.2f}",
                   first ? "" : ",", query, median, slowest);
        else
            printf("%-12s %10.1f %10.1f\n", query, median, slowest);
    }
    free(samples);
    return fine;
}

static bool measure_all(const char *path, const struct bench *bench)
{
    struct results_entry *entries;
    size_t count;
    bool fine = results_list_queries(&entries, &count) == 0;

    if (!fine)
        return false;
    for (size_t i = 0; i < count && fine; i++)
        fine = measure(path, entries[i].name, bench, i == 0);
    results_list_free(entries, count);
    return fine;
}

static bool run_on_database(const char *path, const struct bench *bench)
{
    struct stat status;
    double begin = bench_seconds();

    if (!fill(path) || stat(path, &status) != 0)
        return false;
    double seconds = bench_seconds() - begin;
    if (bench->json)
        printf("{\"runs\": %u, \"recoveries\": %d, \"megabytes\": %.0f, \"fill_s\": %.1f, "
               "\"queries\": [",
               runs, RECOVERIES, (double)status.st_size / 1e6, seconds);
    else
        printf("%d recoveries in %u runs: %.0f MB, written in %.1f s\n\n%-12s %10s %10s\n",
               RECOVERIES, runs, (double)status.st_size / 1e6, seconds, "query", "median ms",
               "slowest ms");
    bool fine = measure_all(path, bench);
    if (bench->json)
        printf("\n]}\n");
    return fine;
}

int main(int argc, char **argv)
{
    struct bench bench = {.name = "queries", .rounds = 7};
    const struct bench_option options[] = {{"runs", 1, 5000, &runs}};
    char path[300];
    int result = bench_begin(&bench, argc, argv, options, 1);

    if (result)
        return result;
    snprintf(path, sizeof path, "%s/results.db", bench.directory);
    bool fine = run_on_database(path, &bench);
    unlink(path);
    return bench_end(&bench, fine);
}

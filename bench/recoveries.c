/* SPDX-License-Identifier: MIT */
/*
 * How many recoveries a second one core makes, on an arena of 64 pages in 8 extents.
 *
 * The workload takes snapshots whose first barrier is skipped (sabotage), so that around each meta
 * write the eight data blocks, the tree nodes and the meta page are all undetermined and the
 * explorer has hundreds of different images to recover. What is timed is the explorer's search:
 * preparing the image, deciding blocks on first touch, the recovery itself, the bookkeeping.
 *
 *     recoveries [--json] [--rounds N]
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <faultsim/explore.h>
#include <pma/check.h>
#include <pma/fault_points.h>
#include <pma/pma.h>

#include <xxhash.h>

#include "bench.h"

enum { EXTENTS = 8, EXTENT_PAGES = 8, GAP_PAGES = 8, SNAPSHOTS = 2, RECOVERIES = 5000 };

/* What a recovery does; each depth includes those before. */
enum depth { OPEN_AND_CHECK, AND_DIGEST, AND_ALIVE };

static const struct row {
    const char *name;
    enum depth depth;
    bool isolate;
} rows[] = {
    {"open, check", OPEN_AND_CHECK, false},
    {"open, check, digest", AND_DIGEST, false},
    {"open, check, digest, alive", AND_ALIVE, false},
    {"open, check, digest, in a process of its own", AND_DIGEST, true},
};

static void arena_path(const char *directory, char path[512])
{
    snprintf(path, 512, "%s/arena.pma", directory);
}

static char *extent_address(pma_t *arena, unsigned extent)
{
    return (char *)pma_base(arena) + (size_t)extent * (EXTENT_PAGES + GAP_PAGES) * PMA_PAGE_SIZE;
}

static int fill_extent(pma_t *arena, unsigned extent, unsigned value)
{
    char *pages = extent_address(arena, extent);
    int error = pma_dirty(arena, pages, EXTENT_PAGES * PMA_PAGE_SIZE);
    if (!error)
        memset(pages, (int)value, EXTENT_PAGES * PMA_PAGE_SIZE);
    return error;
}

static int setup(void *context, const char *directory)
{
    char path[512];
    pma_t *arena;
    struct pma_options options = PMA_OPTIONS_INIT;
    options.reserved_bytes = 1 << 24;

    (void)context;
    arena_path(directory, path);
    int error = pma_create(path, &options, &arena, NULL);
    if (error)
        return error;
    for (unsigned extent = 0; extent < EXTENTS && !error; extent++) {
        error = pma_pages_alloc_at(arena, extent_address(arena, extent), EXTENT_PAGES, 0);
        if (!error)
            error = fill_extent(arena, extent, 1 + extent);
    }
    if (!error)
        error = pma_snapshot(arena, 1);
    int close_error = pma_close(arena);
    return error ? error : close_error;
}

static int record(void *context, const char *directory)
{
    char path[512];
    pma_t *arena;

    (void)context;
    arena_path(directory, path);
    pma_fault_gate(1);
    int error = pma_open(path, NULL, &arena, NULL);
    if (error)
        return error;
    for (unsigned round = 0; round < SNAPSHOTS && !error; round++) {
        error = fill_extent(arena, round % EXTENTS, 16 + round);
        if (!error)
            error = pma_snapshot(arena, 2 + round);
    }
    int close_error = pma_close(arena);
    return error ? error : close_error;
}

static void count_finding(void *context, const char *rule, const char *text)
{
    struct fsim_outcome *outcome = context;

    outcome->status = FSIM_REFUSED;
    if (!outcome->message[0])
        snprintf(outcome->message, sizeof(outcome->message), "%.40s: %.120s", rule, text);
}

static int digest(pma_t *arena, uint64_t *result)
{
    struct pma_run run;
    int error = 0;

    *result = 0;
    for (const void *from = NULL; !error && !pma_next_run(arena, from, &run);
         from = (const char *)run.address + run.pages * PMA_PAGE_SIZE) {
        error = pma_touch(arena, run.address, run.pages * PMA_PAGE_SIZE);
        if (!error)
            *result = XXH3_64bits_withSeed(run.address, run.pages * PMA_PAGE_SIZE, *result);
    }
    return error;
}

static int more_work(pma_t *arena)
{
    void *page;
    int error = pma_pages_alloc(arena, 1, 0, &page);
    if (!error) {
        memset(page, 1, PMA_PAGE_SIZE);
        error = pma_snapshot(arena, 1000);
    }
    return error;
}

static void recover(void *context, const char *directory, struct fsim_outcome *outcome)
{
    const enum depth depth = *(const enum depth *)context;
    char path[512];
    pma_t *arena;
    struct pma_error error;
    struct pma_check_report report;
    struct pma_check_visitor visitor = {.context = outcome, .finding = count_finding};

    arena_path(directory, path);
    outcome->code = pma_open(path, NULL, &arena, &error);
    if (outcome->code) {
        outcome->status = FSIM_REFUSED;
        snprintf(outcome->message, sizeof(outcome->message), "%.190s", error.text);
        return;
    }
    struct pma_check_options check = PMA_CHECK_OPTIONS_INIT;
    check.both = false;
    outcome->code = pma_check(path, &check, &visitor, &report, NULL);
    if (depth >= AND_DIGEST && !outcome->code)
        outcome->code = digest(arena, &outcome->state.low);
    if (depth >= AND_ALIVE && !outcome->code)
        outcome->code = more_work(arena);
    pma_close(arena);
}

int main(int argc, char **argv)
{
    struct bench bench = {.name = "recoveries", .without_files = true, .rounds = 5};
    int result = bench_begin(&bench, argc, argv, NULL, 0);
    if (result)
        return result;

    struct fsim_plan plan;
    char message[128];
    if (fsim_plan_parse("pma/sync/blocks:skip", NULL, &plan, message, sizeof(message))) {
        fprintf(stderr, "recoveries: %s\n", message);
        return 3;
    }
    double *rate = calloc(bench.rounds, sizeof(*rate));
    if (!rate)
        return 3;
    if (bench.json)
        printf("[");
    else
        printf("%-44s %12s %14s\n", "a recovery does", "recoveries", "a second, core");
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        enum depth depth = rows[i].depth;
        struct fsim_summary summary;
        for (unsigned round = 0; round < bench.rounds; round++) {
            struct fsim_subject subject = {.name = "64 pages",
                                           .context = &depth,
                                           .setup = setup,
                                           .record = record,
                                           .recover = recover};
            struct fsim_options options = {.model = FSIM_POWER_LOSS,
                                           .plan = &plan,
                                           .skip_code = PMA_FAULT_SKIP,
                                           .max_recoveries = RECOVERIES,
                                           .isolate = rows[i].isolate};
            if (fsim_crash_test(&subject, &options, &summary)) {
                fprintf(stderr, "recoveries: %s\n", summary.error);
                free(rate);
                return 3;
            }
            rate[round] = (double)summary.recoveries * 1e9 / (double)summary.explore_nanoseconds;
        }
        double median = bench_median(rate, bench.rounds);
        if (bench.json)
            printf("%s\n  {\"recovery\": \"%s\", \"recoveries\": %llu, \"per_second_core\": %.0f}",
                   i ? "," : "", rows[i].name, (unsigned long long)summary.recoveries, median);
        else
            printf("%-44s %12llu %14.0f\n", rows[i].name, (unsigned long long)summary.recoveries,
                   median);
    }
    if (bench.json)
        printf("\n]\n");
    free(rate);
    return 0;
}

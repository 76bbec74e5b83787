/* SPDX-License-Identifier: MIT */
/* Looking after a results database: how large it is, letting go of runs, giving one away. */
#ifndef RESULTS_MANAGE_H
#define RESULTS_MANAGE_H

#include <results/results.h>

struct results_info {
    int64_t schema, known; /* version of the file when it was opened, and of this program */
    uint64_t bytes;        /* of the file */
    uint64_t log_bytes;    /* of what waits beside it, in the -wal file */
    uint64_t free_bytes;   /* of the file, that VACUUM would give back */
};
int results_info(results_t *results, struct results_info *info);

/* Each table and how many rows it has. */
typedef void results_table_visit(void *context, const char *table, uint64_t rows);
int results_tables_each(results_t *results, results_table_visit *visit, void *context);

/*
 * Removes runs that are neither among the `keep` latest nor younger than `older_days` (0: of any
 * age). Never the latest run; nor one that is kept for something (results_run_keep), nor one that
 * may still go on: without an end, and begun less than a day ago.
 */
struct results_prune {
    uint64_t keep; /* at least 1 */
    uint64_t older_days;
    bool dry; /* only say what would be removed */
};
struct results_pruned {
    int64_t run;
    const char *started, *outcome, *command;
    uint64_t violations;
    const char *spared; /* NULL if it is removed, else why it is not */
};
/* Called for each run that the numbers alone would remove. Self-tests of that age go as well, but
 * the latest: *selftests says how many. */
typedef void results_prune_visit(void *context, const struct results_pruned *pruned);
int results_prune(results_t *results, const struct results_prune *prune, results_prune_visit *visit,
                  void *context, uint64_t *selftests);

/* VACUUM: gives back the room of what was removed. Needs as much room again while it works. */
int results_compact(results_t *results);

/* A run as one JSON document: what each view has of it. */
int results_export_json(results_t *results, int64_t run, FILE *out);

/* A CSV file for each view, VIEW.csv, in a directory that is there. */
int results_export_csv(results_t *results, int64_t run, const char *directory);

/* A database of its own, at a path where nothing is yet; runs and violations keep their numbers. */
int results_export_database(results_t *results, int64_t run, const char *path);

#endif

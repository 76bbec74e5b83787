/* SPDX-License-Identifier: MIT */
/*
 * The results database: what was run, what was covered, what was found. One SQLite file; the views
 * (docs/results.md) are the stable interface, the tables may change.
 *
 * Every fallible call returns 0 or a negative code: a negated errno, or one of the codes below.
 * results_error() has the sentence. Strings passed in are copied; strings handed out live until the
 * next call on the same handle unless said otherwise.
 */
#ifndef RESULTS_RESULTS_H
#define RESULTS_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
    RESULTS_ENOTDB = -20001,   /* not an SQLite database, or not one of ours */
    RESULTS_ENEWER = -20002,   /* made by a newer version */
    RESULTS_ESQL = -20003,     /* SQLite said no */
    RESULTS_ENOQUERY = -20004, /* no query of that name, and not SQL */
    RESULTS_ENOROW = -20005,   /* no such run or violation */
};

typedef struct results results_t;

enum results_mode { RESULTS_READ, RESULTS_WRITE /* creates and migrates */ };

/* Failure leaves *results NULL and, if message is not NULL, says why and what to do in one line. */
int results_open(const char *path, enum results_mode mode, results_t **results, char *message,
                 size_t message_bytes);
void results_close(results_t *results);
const char *results_error(const results_t *results);

/* Where the invariants, queries and views are: $PMACRASH_DATA, else ../share/pmacrash from where
 * the program lies. */
const char *results_data_directory(void);

/* ---- what a run writes; every call is a transaction of its own or part of results_begin..commit
 * ---- */

int results_begin(results_t *results);
int results_commit(results_t *results);
void results_rollback(results_t *results);

struct results_run {
    const char *version, *commit, *host, *kernel, *command; /* the command line */
    const char *arguments; /* all that decides what is tested, always in the same words */
    const char *model, *search, *plan; /* plan: "" = no fault */
    uint64_t seed;
    uint32_t jobs, depth; /* depth: most crashes in a row */
    /* What was asked for, in the words of the options; NULL counts as what is in brackets. */
    const char *subcommand; /* "run" or "generate" ("run") */
    const char *selection;  /* scenarios, with blanks between ("": all) */
    const char *mode;       /* "simulate" or "kill" ("simulate") */
    const char *grain;      /* "call" or "store" ("call") */
    const char *copying;    /* "eager", "lazy" or "both" ("both") */
    const char *sweep;      /* ("none") */
    const char *errors;     /* that the sweep fails with ("": the usual ones) */
    const char *points;     /* glob of crash points ("": all) */
    uint64_t kills;         /* at random instants; 0 = not asked for */
    uint64_t budget_ms;     /* 0 = none */
};
int results_run_add(results_t *results, const struct results_run *run, int64_t *id);

/*
 * Goes on with the latest run of the same arguments by the same version and commit: its id, and the
 * milliseconds that it took so far. RESULTS_ENOROW if there is none.
 */
int results_run_resume(results_t *results, const struct results_run *run, int64_t *id,
                       uint64_t *milliseconds);

/* Whether there are generated scenarios that it was asked for and has not played: it is not
 * complete then. */
int results_run_more(results_t *results, int64_t run, bool more);

/* outcome: "clean", "violations", "incomplete", "interrupted", "failed" */
int results_run_finish(results_t *results, int64_t run, const char *outcome, uint64_t milliseconds);

/* Says what would miss the run if it were pruned, a baseline file for example; "": nothing. Another
 * run that was kept for the same is let go. */
int results_run_keep(results_t *results, int64_t run, const char *kept_for);

struct results_scenario {
    const char *name, *description, *file, *text; /* text: the YAML as it was run */
    const char *copying;                          /* "eager" or "lazy" */
    const char *model;                            /* persistency model */
    const char *outcome;                          /* as above */
    const char *error;                            /* "" if none */
    uint64_t recordings, searched; /* with a fault of a sweep; of these, different ones */
    uint64_t crash_points, paths, recoveries, violations, images_twice;
    double states, covered;
    uint64_t compared_points, compared_states, brute_recoveries, disagreements;
    uint64_t trace_events, trace_bytes, memory_bytes, record_ms, explore_ms;
    bool complete;
    bool stopped;   /* cut short, by a budget or a signal */
    uint64_t plays; /* that the row stands for; 0 counts as 1 */
};
int results_scenario_add(results_t *results, int64_t run, const struct results_scenario *scenario,
                         int64_t *id);

/* Adds its counts to the row of that name, copying and model, if there is one, which is complete if
 * all are. */
int results_scenario_merge(results_t *results, int64_t run, const struct results_scenario *scenario,
                           int64_t *id);

/* Takes away a row and all that hangs on it. */
int results_scenario_remove(results_t *results, int64_t run, const char *name, const char *copying,
                            const char *model);

/* The rows of a run; what they point to lives during the visit, descriptions and files are NULL. */
typedef void results_scenario_visit(void *context, const struct results_scenario *scenario);
int results_scenarios_each(results_t *results, int64_t run, results_scenario_visit *visit,
                           void *context);

/* Numbers [first, last] of the generated scenarios of that name have been played, and nothing was
 * found in them. */
struct results_generated {
    const char *name, *copying, *model;
    uint64_t first, last;
};
int results_generated_add(results_t *results, int64_t run, const struct results_generated *range);
typedef void results_generated_visit(void *context, const struct results_generated *range);
int results_generated_each(results_t *results, int64_t run, results_generated_visit *visit,
                           void *context);

/* A fault point of the library under test, whether hit or not; then how often this scenario hit it
 * and crashed at it. */
int results_fault_point_add(results_t *results, const char *name, const char *kind,
                            const char *description);
int results_coverage_add(results_t *results, int64_t scenario, const char *point, uint64_t hits,
                         uint64_t crashed_at);

/* Totals of one scenario, crash-point name and verdict. */
struct results_total {
    const char *where, *model, *verdict;
    uint64_t points, paths, recoveries;
    double states;
    uint64_t nanoseconds;
};
int results_total_add(results_t *results, int64_t scenario, const struct results_total *total);

/* What the search of a scenario came to at one depth from 2 on: inside the recoveries from the
 * crashes before. */
struct results_nested {
    uint32_t depth;
    uint64_t power_failures, kills; /* crash states and instants that it goes on from */
    uint64_t crash_points, paths, recoveries, violations;
    double states, covered;
};
int results_nested_add(results_t *results, int64_t scenario, const struct results_nested *nested);

/* What the report draws of a play: text of the caller's, stored compressed. One a scenario. */
int results_map_add(results_t *results, int64_t scenario, const char *text);
/* For free(). RESULTS_ENOROW if that scenario has none. */
int results_map_get(results_t *results, int64_t scenario, char **text);

struct results_violation {
    const char *model, *verdict, *status, *message,
        *finding;             /* finding: "invariant: what", or "" */
    const char *where, *side; /* crash point */
    uint64_t point, hit, step;
    uint64_t depth;       /* crashes in a row, this one included; at least 1 */
    const char *earlier;  /* text: a sentence, and a line, for each that came before */
    const char *timeline; /* text, a line an event, oldest first */
    const char
        *explanation;  /* text: what was kept, what was lost, what came back, what was legal */
    const char *legal; /* hex digests, one a line: "STATE-DIGEST label" */
    const char *known; /* the same for every state attempted so far (standby may be any) */
    const char *state; /* hex digest recovered */
    const void *image; /* as fsim_image_pack; stored zstd-compressed */
    size_t image_bytes;
    const char *settings; /* what replay needs beside the image, as text of the caller's */
    const char *fault;    /* the fault plan of the recording, "" = none */
    const char *rows;     /* text: the rows that break the invariant, "" if none */
    /* How small it was made: pages that differ from a legal state, and steps of the scenario. */
    bool pages_counted, steps_shrunk;
    uint64_t shrunk_pages, shrunk_steps, steps;
    const char *measured; /* against which legal state, or why there is none */
    const char *reduced;  /* a suite (YAML) of the fewest steps that show it, "" = all of them */
};
int results_violation_add(results_t *results, int64_t scenario,
                          const struct results_violation *violation, int64_t *id);

/* ---- what a self-test writes ---- */

struct results_selftest {
    const char *version, *commit, *host, *kernel, *command;
    const char *outcome;         /* "passed", "failed", "interrupted" */
    bool whole;                  /* all scenarios of the suites were asked for */
    uint64_t plays, plays_clean; /* without a fault; of these, in which nothing was found */
    uint64_t milliseconds;       /* it ends now */
};
int results_selftest_add(results_t *results, const struct results_selftest *selftest, int64_t *id);

/* A barrier that was skipped, in one way of copying; what of it is not known is "". */
struct results_barrier {
    const char *name, *copying, *oracle, *verdict, *scenario, *error;
    bool caught, hit;
    uint64_t plays, recoveries, milliseconds;
};
int results_barrier_add(results_t *results, int64_t selftest,
                        const struct results_barrier *barrier);

/* ---- what show and replay read ---- */

struct results_violation_row {
    int64_t id, run, scenario_id;
    const char *scenario, *copying;
    const char *text, *plan;    /* the scenario as it was run, and the run's fault plan */
    struct results_violation v; /* image decompressed */
};
/* The row lives until results_violation_release. */
int results_violation_get(results_t *results, int64_t id, struct results_violation_row **row);
void results_violation_release(struct results_violation_row *row);
int results_last_run(results_t *results, int64_t *run);

/* ---- queries ---- */

enum results_format { RESULTS_TABLE, RESULTS_CSV, RESULTS_JSON };

/*
 * Runs a named query (results/queries/NAME.sql) or a single SELECT, on a read-only connection's
 * terms: anything that would write is refused. Where it says :run, the latest run is meant. A name
 * that is not known, of a query, a view or a column, is answered with the nearest one.
 */
int results_query(results_t *results, const char *name_or_sql, enum results_format format,
                  FILE *out);

/* The same about another run, or for a terminal of so many columns; 0: the latest, any width. */
struct results_terms {
    int64_t run;
    size_t width;
};
int results_query_on(results_t *results, const char *name_or_sql, const struct results_terms *terms,
                     enum results_format format, FILE *out);

/* Whether it holds a run of that number; RESULTS_ENOROW, and a sentence, if not. */
int results_run_exists(results_t *results, int64_t run);

/*
 * Hands the rows of one SELECT to `visit`, each value as text, NULL as NULL; they live during the
 * visit. `parameters` are what ?1, ?2, ... stand for. Nothing can be written.
 */
typedef void results_row_visit(void *context, const char *const *values, size_t count);
int results_rows(results_t *results, const char *sql, const char *const *parameters, size_t count,
                 results_row_visit *visit, void *context);

/* Named queries and invariants, with the first sentence of the comment that opens the file. free()
 * with results_list_free. */
struct results_entry {
    char *name, *description;
};
int results_list_queries(struct results_entry **entries, size_t *count);
int results_list_invariants(struct results_entry **entries, size_t *count);
void results_list_free(struct results_entry *entries, size_t count);

/* The nearest of `names` to `name` by edit distance, or NULL if none is near. */
const char *results_nearest(const char *name, const char *const *names, size_t count);

/* ---- the SQL oracle: an in-memory database of one dumped arena, and the invariants over it ----
 */

/*
 * A dump is a byte string of rows. Writing one needs no memory but the caller's buffer and no
 * SQLite, so that a recovery can do it. The tables and columns are those of results/sql/dump.sql,
 * in that order.
 */
enum results_table {
    RESULTS_ARENA,  /* one row: file_blocks, snapshot, event, pages, extents, free_blocks, live */
    RESULTS_META,   /* slot, valid, snapshot, event, file_blocks, directory_block, directory_depth,
                       sums_block, sums_depth, fanout, extents, pages, reserved_pages */
    RESULTS_NODE,   /* tree (0 directory, 1 sums), block, parent, level, depth, count, first, last,
                       epoch, sum_ok */
    RESULTS_EXTENT, /* page, block, length, node, position, bad_blocks */
    RESULTS_OWNER, /* block, length, kind (0 meta, 1 data, 2 directory, 3 sums), snapshot (0 newest,
                      1 only an older one) */
    RESULTS_FREE,  /* block, length: what the live allocator calls free */
    RESULTS_RUN,   /* page, length, block, ephemeral: what the live arena has allocated */
    RESULTS_HEAP_PAGE,  /* page, kind, chunk_bytes, chunks, used */
    RESULTS_HEAP_CHUNK, /* place, bytes */
    RESULTS_HEAP_RUN,   /* page, length, kind, chunk_bytes, used */
    RESULTS_NOUN,       /* place, bytes, cell, refs, forwarded */
    RESULTS_REFERENCE,  /* holder, place, tag */
    RESULTS_STACK,      /* stack, low, high, frames, pages, west_bytes, east_bytes, exact */
    RESULTS_FRAME,      /* stack, depth, west, fp, sp, ap, saved_fp, saved_sp, saved_ap, locals,
                           preserved */
    RESULTS_STACK_PAGE, /* stack, page, length */
    RESULTS_TABLES
};
struct results_dump {
    unsigned char *bytes;
    size_t capacity, used;
    bool overflow; /* a row did not fit: the dump is worthless */
};
/* Appends one row; `count` values must be the table's number of columns. Async-signal-safe. */
void results_dump_row(struct results_dump *dump, enum results_table table, const int64_t *values,
                      size_t count);

typedef struct results_oracle results_oracle_t;
int results_oracle_new(results_oracle_t **oracle, char *message,
                       size_t message_bytes); /* reads all invariants */
void results_oracle_free(results_oracle_t *oracle);

/* Loads a dump and runs every invariant. 0: all hold. 1: `finding` says "name: sentence
 * (column=value, ...)" for the first broken one and how many rows break it. Negative: the dump
 * cannot be judged (it overflowed, is malformed, or holds no arena), and `finding` says why. */
int results_oracle_check(results_oracle_t *oracle, const void *dump, size_t bytes, char *finding,
                         size_t finding_bytes);

/* The rows that break what the last check found broken, as a table of at most so many lines; prints
 * nothing if it found nothing. */
int results_oracle_rows(results_oracle_t *oracle, size_t most, FILE *out);

#endif

/* SPDX-License-Identifier: MIT */
#include "ledger.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "findings/verdict.h"
#include "output/text.h"

const char *const ledger_extents[] = {"complete", "partial", "failed", "not-played"};

/* ---- adding and finding ---- */

/* An array that has grown by one entry, a copy of that. */
static void *grown(void *entries, size_t *count, size_t size, const void *entry)
{
    entries = need(realloc(entries, (*count + 1) * size));
    memcpy((char *)entries + *count * size, entry, size);
    ++*count;
    return entries;
}

/* What is done to each text of a row. */
typedef void text_use(const char **text);

static void copy_text(const char **text)
{
    if (*text)
        *text = need_copy(*text);
}

static void free_text(const char **text)
{
    free((char *)*text);
}

static void texts_of_play(struct ledger_play *play, text_use *use)
{
    use(&play->scenario);
    use(&play->copying);
    use(&play->model);
    use(&play->file);
    use(&play->error);
}

static void texts_of_violation(struct ledger_violation *violation, text_use *use)
{
    use(&violation->scenario);
    use(&violation->copying);
    use(&violation->model);
    use(&violation->verdict);
    use(&violation->invariant);
    use(&violation->fault);
    use(&violation->headline);
}

static void texts_of_barrier(struct ledger_barrier *barrier, text_use *use)
{
    use(&barrier->name);
    use(&barrier->copying);
    use(&barrier->oracle);
    use(&barrier->scenario);
}

void ledger_add_play(struct ledger *ledger, const struct ledger_play *play)
{
    struct ledger_play own = *play;
    texts_of_play(&own, copy_text);
    ledger->plays = grown(ledger->plays, &ledger->play_count, sizeof own, &own);
}

void ledger_add_point(struct ledger *ledger, const struct ledger_point *point)
{
    struct ledger_point own = *point;
    copy_text(&own.name);
    ledger->points = grown(ledger->points, &ledger->point_count, sizeof own, &own);
}

void ledger_add_violation(struct ledger *ledger, const struct ledger_violation *violation)
{
    struct ledger_violation own = *violation;
    texts_of_violation(&own, copy_text);
    ledger->violations = grown(ledger->violations, &ledger->violation_count, sizeof own, &own);
}

void ledger_add_barrier(struct ledger *ledger, const struct ledger_barrier *barrier)
{
    struct ledger_barrier own = *barrier;
    texts_of_barrier(&own, copy_text);
    ledger->barriers = grown(ledger->barriers, &ledger->barrier_count, sizeof own, &own);
}

/* Compares as many strings as there are pairs, up to NULL. */
static int compare_words(const char *const *words)
{
    int order = 0;
    for (; words[0] && order == 0; words += 2)
        order = strcmp(words[0], words[1]);
    return order;
}

static int compare_plays(const void *left, const void *right)
{
    const struct ledger_play *a = left, *b = right;
    return compare_words((const char *[]){a->scenario, b->scenario, a->copying, b->copying,
                                          a->model, b->model, NULL});
}

static int compare_points(const void *left, const void *right)
{
    const struct ledger_point *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static int compare_violations(const void *left, const void *right)
{
    const struct ledger_violation *a = left, *b = right;
    return compare_words((const char *[]){a->scenario, b->scenario, a->copying, b->copying,
                                          a->model, b->model, a->verdict, b->verdict, a->invariant,
                                          b->invariant, a->fault, b->fault, NULL});
}

static int compare_barriers(const void *left, const void *right)
{
    const struct ledger_barrier *a = left, *b = right;
    return compare_words((const char *[]){a->name, b->name, a->copying, b->copying, NULL});
}

struct ledger_play *ledger_play(const struct ledger *ledger, const char *scenario,
                                const char *copying, const char *model)
{
    const struct ledger_play key = {.scenario = scenario, .copying = copying, .model = model};
    for (size_t i = 0; i < ledger->play_count; i++)
        if (compare_plays(&ledger->plays[i], &key) == 0)
            return &ledger->plays[i];
    return NULL;
}

struct ledger_point *ledger_point(const struct ledger *ledger, const char *name)
{
    for (size_t i = 0; i < ledger->point_count; i++)
        if (strcmp(ledger->points[i].name, name) == 0)
            return &ledger->points[i];
    return NULL;
}

struct ledger_violation *ledger_violation(const struct ledger *ledger,
                                          const struct ledger_violation *like)
{
    for (size_t i = 0; i < ledger->violation_count; i++)
        if (compare_violations(&ledger->violations[i], like) == 0)
            return &ledger->violations[i];
    return NULL;
}

struct ledger_barrier *ledger_barrier(const struct ledger *ledger, const char *name,
                                      const char *copying)
{
    const struct ledger_barrier key = {.name = name, .copying = copying};
    for (size_t i = 0; i < ledger->barrier_count; i++)
        if (compare_barriers(&ledger->barriers[i], &key) == 0)
            return &ledger->barriers[i];
    return NULL;
}

static void sort(void *entries, size_t count, size_t size,
                 int (*compare)(const void *left, const void *right))
{
    if (count > 0)
        qsort(entries, count, size, compare);
}

void ledger_sort(struct ledger *ledger)
{
    sort(ledger->plays, ledger->play_count, sizeof *ledger->plays, compare_plays);
    sort(ledger->points, ledger->point_count, sizeof *ledger->points, compare_points);
    sort(ledger->violations, ledger->violation_count, sizeof *ledger->violations,
         compare_violations);
    sort(ledger->barriers, ledger->barrier_count, sizeof *ledger->barriers, compare_barriers);
}

struct ledger_sum ledger_sum(const struct ledger *ledger)
{
    struct ledger_sum sum = {0};
    for (size_t i = 0; i < ledger->play_count; i++) {
        const struct ledger_play *play = &ledger->plays[i];
        sum.plays += play->extent != LEDGER_NOT_PLAYED;
        sum.partial += play->extent == LEDGER_PARTIAL;
        sum.failed += play->extent == LEDGER_FAILED;
        for (size_t depth = 0; depth < FSIM_DEEPEST; depth++)
            sum.crash_points += play->crash_points[depth];
    }
    for (size_t i = 0; i < ledger->violation_count; i++)
        sum.violations += ledger->violations[i].count;
    for (size_t i = 0; i < ledger->barrier_count; i++)
        sum.caught += ledger->barriers[i].caught;
    return sum;
}

/* ---- from a database ---- */

static uint64_t number(const char *cell)
{
    return cell ? strtoull(cell, NULL, 10) : 0;
}

static void take_run(void *context, const char *const *cells, size_t count)
{
    struct ledger *ledger = context;
    ledger->started = need_copy(cells[0]);
    ledger->host = need_copy(cells[1]);
    ledger->milliseconds = number(cells[2]);
}

static enum ledger_extent extent_of(const char *outcome, const char *complete)
{
    if (strcmp(outcome, "failed") == 0)
        return LEDGER_FAILED;
    return number(complete) ? LEDGER_COMPLETE : LEDGER_PARTIAL;
}

static void take_play(void *context, const char *const *cells, size_t count)
{
    ledger_add_play(context, &(struct ledger_play){
                                 .scenario = cells[0],
                                 .copying = cells[1],
                                 .model = cells[2],
                                 .file = cells[3],
                                 .extent = extent_of(cells[4], cells[6]),
                                 .error = cells[5],
                                 .crash_points = {number(cells[7])},
                                 .recordings = number(cells[8]),
                                 .milliseconds = number(cells[9]),
                             });
}

static void take_nested(void *context, const char *const *cells, size_t count)
{
    struct ledger_play *play = ledger_play(context, cells[0], cells[1], cells[2]);
    uint64_t depth = number(cells[3]);
    if (play && depth >= 2 && depth <= FSIM_DEEPEST)
        play->crash_points[depth - 1] = number(cells[4]);
}

static void take_point(void *context, const char *const *cells, size_t count)
{
    ledger_add_point(context,
                     &(struct ledger_point){.name = cells[0], .crashed = number(cells[1]) > 0});
}

static void take_violation(void *context, const char *const *cells, size_t count)
{
    struct results_violation first = {
        .verdict = cells[3],
        .fault = cells[5],
        .finding = cells[8],
        .message = cells[9],
        .legal = cells[10],
        .known = cells[11],
        .state = cells[12],
        .image_bytes = number(cells[13]),
    };
    char *headline = verdict_headline(&first);
    ledger_add_violation(context, &(struct ledger_violation){
                                      .scenario = cells[0],
                                      .copying = cells[1],
                                      .model = cells[2],
                                      .verdict = cells[3],
                                      .invariant = cells[4],
                                      .fault = cells[5],
                                      .id = (int64_t)number(cells[6]),
                                      .count = number(cells[7]),
                                      .headline = headline,
                                  });
    free(headline);
}

static void take_barrier(void *context, const char *const *cells, size_t count)
{
    ledger_add_barrier(context, &(struct ledger_barrier){
                                    .name = cells[0],
                                    .copying = cells[1],
                                    .caught = number(cells[2]) > 0,
                                    .oracle = cells[3],
                                    .scenario = cells[4],
                                    .milliseconds = number(cells[5]),
                                });
}

struct part {
    const char *select; /* of the run, or the self-test, of that number */
    results_row_visit *take;
};

static const struct part parts_of_run[] = {
    {"SELECT started, host, milliseconds FROM v_run WHERE run = %" PRId64, take_run},
    {"SELECT scenario, copying, model, file, outcome, error, complete, crash_points, recordings, "
     "record_ms + explore_ms FROM v_scenario WHERE run = %" PRId64,
     take_play},
    {"SELECT scenario, copying, model, depth, crash_points FROM v_nested WHERE run = %" PRId64,
     take_nested},
    {"SELECT point, crashed_at FROM v_coverage WHERE known AND hits > 0 AND run = %" PRId64,
     take_point},
    {"SELECT scenario, copying, model, verdict, invariant, fault, min(violation), count(*), "
     "finding, message, legal, known, state, image_bytes FROM v_violation WHERE run = %" PRId64
     " GROUP BY scenario, copying, model, verdict, invariant, fault",
     take_violation},
};
static const struct part parts_of_selftest[] = {
    {"SELECT barrier, copying, caught, oracle, scenario, milliseconds FROM v_barrier "
     "WHERE selftest = %" PRId64,
     take_barrier},
};

static bool read_parts(results_t *results, const struct part *parts, size_t count, int64_t id,
                       struct ledger *ledger)
{
    int error = 0;
    for (size_t i = 0; i < count && !error; i++) {
        char *select = need_format(parts[i].select, id);
        error = results_rows(results, select, NULL, 0, parts[i].take, ledger);
        free(select);
    }
    if (error)
        complain("%s", results_error(results));
    return error == 0;
}

bool ledger_read(results_t *results, const char *path, int64_t run, int64_t selftest,
                 struct ledger *ledger)
{
    *ledger = (struct ledger){.path = need_copy(path), .run = run, .selftest = selftest};
    if (!read_parts(results, parts_of_run, sizeof parts_of_run / sizeof *parts_of_run, run,
                    ledger) ||
        !read_parts(results, parts_of_selftest,
                    sizeof parts_of_selftest / sizeof *parts_of_selftest, selftest, ledger))
        return false;
    if (!ledger->started) {
        complain("%s holds no run r%" PRId64 "; see 'pmacrash query \"SELECT run, started, command "
                 "FROM v_run\"'",
                 path, run);
        return false;
    }
    ledger_sort(ledger);
    return true;
}

static void take_number(void *context, const char *const *cells, size_t count)
{
    *(int64_t *)context = (int64_t)number(cells[0]);
}

bool ledger_latest_selftest(results_t *results, int64_t *selftest)
{
    *selftest = 0;
    int error = results_rows(
        results, "SELECT max(selftest) FROM v_selftest WHERE whole AND outcome <> 'interrupted'",
        NULL, 0, take_number, selftest);
    if (error)
        complain("%s", results_error(results));
    return error == 0;
}

/* ---- */

void ledger_release(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->play_count; i++)
        texts_of_play(&ledger->plays[i], free_text);
    for (size_t i = 0; i < ledger->point_count; i++)
        free_text(&ledger->points[i].name);
    for (size_t i = 0; i < ledger->violation_count; i++)
        texts_of_violation(&ledger->violations[i], free_text);
    for (size_t i = 0; i < ledger->barrier_count; i++)
        texts_of_barrier(&ledger->barriers[i], free_text);
    free(ledger->plays);
    free(ledger->points);
    free(ledger->violations);
    free(ledger->barriers);
    free(ledger->started);
    free(ledger->host);
    free(ledger->path);
    *ledger = (struct ledger){0};
}

char *ledger_play_name(const char *scenario, const char *copying, const char *model)
{
    bool eager = strcmp(copying, "eager") == 0, usual = strcmp(model, "power-loss") == 0;
    return need_format("%s%s%s%s%s%s", scenario, eager && usual ? "" : " (", eager ? "" : copying,
                       eager || usual ? "" : ", ", usual ? "" : model, eager && usual ? "" : ")");
}

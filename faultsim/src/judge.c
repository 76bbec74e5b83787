/* SPDX-License-Identifier: MIT */
/*
 * What is right and what is not, at the points that the worker has finished.
 *
 * An outcome is judged anew at each crash point that admits its path: the same image can be legal
 * before an acknowledgement and a violation after it.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fates.h"
#include "frontier.h"
#include "search.h"

enum { FINDING_BYTES = 256 };

/* What `inspect` said of one piece of evidence. */
struct inspection {
    bool done, broken;
    char finding[FINDING_BYTES];
};

struct judge {
    struct search *search;
    struct fsim_summary *summary;
    struct walk walk;

    struct inspection **inspections; /* by evidence */
    size_t inspection_count;
    uint8_t *reported; /* by leaf, or by crash state if there is no tree */
    size_t reported_count;

    /* The path of a violation, for the report. */
    struct fsim_item *items;
    uint64_t *values;
    uint32_t *path, *candidates;
    struct fates *fates; /* NULL: nobody asks for them */

    struct fsim_point_report last; /* of the point of this generation */
    uint64_t last_generation;
};

int judge_new(struct search *search, struct judge **result)
{
    struct judge *judge = calloc(1, sizeof *judge);
    if (judge == NULL)
        return -ENOMEM;
    judge->search = search;
    *result = judge;
    return 0;
}

static void free_path(struct judge *judge)
{
    free(judge->items);
    free(judge->values);
    free(judge->path);
    free(judge->candidates);
    fates_free(judge->fates);
    judge->fates = NULL;
    walk_deinit(&judge->walk);
}

int judge_begin(struct judge *judge, struct fsim_summary *summary)
{
    const struct search *search = judge->search;
    size_t items = cursor_items(search->cursor) + 1;
    free_path(judge);
    judge->summary = summary;
    judge->last_generation = 0;
    /* Leaves are counted anew at each level; crash states one by one are not. */
    if (judge->reported != NULL && search->options->search != FSIM_BRUTE)
        memset(judge->reported, 0, judge->reported_count);
    judge->items = malloc(items * sizeof *judge->items);
    judge->values = malloc(items * sizeof *judge->values);
    judge->path = malloc(items * sizeof *judge->path);
    judge->candidates = malloc(items * sizeof *judge->candidates);
    if (judge->items == NULL || judge->values == NULL || judge->path == NULL ||
        judge->candidates == NULL)
        return -ENOMEM;
    if (search->options->fates && search->levels->count == 1 &&
        fates_new(search->cursor, &judge->fates) < 0)
        return -ENOMEM;
    return walk_init(&judge->walk, search->tree, search->cursor);
}

void judge_free(struct judge *judge)
{
    if (judge == NULL)
        return;
    for (size_t i = 0; i < judge->inspection_count; i++)
        free(judge->inspections[i]);
    free(judge->inspections);
    free(judge->reported);
    free_path(judge);
    free(judge);
}

/* Inspections. */

static struct inspection *inspection_of(struct judge *judge, uint32_t evidence)
{
    if (evidence >= judge->inspection_count) {
        size_t count = (size_t)evidence * 2 + 16;
        struct inspection **grown = realloc(judge->inspections, count * sizeof(*grown));
        if (grown == NULL)
            return NULL;
        memset(grown + judge->inspection_count, 0,
               (count - judge->inspection_count) * sizeof(*grown));
        judge->inspections = grown;
        judge->inspection_count = count;
    }
    if (judge->inspections[evidence] == NULL)
        judge->inspections[evidence] = calloc(1, sizeof(struct inspection));
    return judge->inspections[evidence];
}

/* 1 if the evidence breaks an invariant, 0 if not, or a negative code. */
static int inspect(struct judge *judge, uint32_t outcome, const char **finding)
{
    const struct search *search = judge->search;
    const struct fsim_subject *subject = search->subject;
    *finding = "";
    if (subject->inspect == NULL)
        return 0;
    uint32_t evidence = outcomes_evidence(search->outcomes, outcome);
    struct inspection *inspection = inspection_of(judge, evidence);
    if (inspection == NULL)
        return -ENOMEM;
    if (!inspection->done) {
        size_t bytes;
        const void *facts = outcomes_evidence_bytes(search->outcomes, evidence, &bytes);
        int result = subject->inspect(subject->context, facts, bytes, inspection->finding,
                                      sizeof inspection->finding);
        if (result < 0) {
            snprintf(judge->summary->error, sizeof judge->summary->error,
                     "inspecting a recovered store failed: %.200s", inspection->finding);
            return result;
        }
        inspection->broken = result > 0;
        inspection->done = true;
    }
    *finding = inspection->finding;
    return inspection->broken;
}

/* Verdicts. */

int64_t judge_outcome(struct judge *judge, uint32_t number, const char **finding)
{
    const struct search *search = judge->search;
    enum fsim_verdict verdict =
        judge_plainly(search->trace, search->cursor, outcomes_get(search->outcomes, number));
    *finding = "";
    if (!judge_inspects(verdict))
        return verdict;
    int broken = inspect(judge, number, finding);
    if (broken < 0)
        return broken;
    return broken ? FSIM_V_INVARIANT : verdict;
}

struct search *judge_search(const struct judge *judge)
{
    return judge->search;
}

/* Violations. */

/* Whether this is the first time for a number. */
static int first_time(struct judge *judge, uint64_t number)
{
    if (number >= judge->reported_count) {
        size_t count = (size_t)number * 2 + 64;
        uint8_t *reported = realloc(judge->reported, count);
        if (reported == NULL)
            return -ENOMEM;
        memset(reported + judge->reported_count, 0, count - judge->reported_count);
        judge->reported = reported;
        judge->reported_count = count;
    }
    bool first = judge->reported[number] == 0;
    judge->reported[number] = 1;
    return first;
}

/* The crashes that led to the recording of this point. */
static size_t find_earlier(const struct search *search, const struct fsim_crash_point *point,
                           struct fsim_crash earlier[FSIM_DEEPEST])
{
    uint32_t depth = search->levels->count - 1;
    size_t at = point->index;
    for (uint32_t i = depth; i > 0; i--) {
        const struct level *level = &search->levels->list[i];
        const struct branch *branch = &level->branches[level->branch_of[at]];
        at = branch->parent;
        earlier[i - 1] = (struct fsim_crash){.point = &search->levels->list[i - 1].points[at],
                                             .killed = branch->killed};
    }
    return depth;
}

/* Reports a path of `count` items, which are in judge->path and judge->values. */
static void report_violation(struct judge *judge, const struct fsim_crash_point *point,
                             enum fsim_verdict verdict, uint32_t outcome, const char *finding,
                             size_t count)
{
    const struct search *search = judge->search;
    judge->summary->violations++;
    if (search->options->on_violation == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        const uint64_t *values;
        judge->items[i] = cursor_item(search->cursor, judge->path[i]);
        judge->candidates[i] = (uint32_t)cursor_values(search->cursor, judge->path[i], &values);
    }
    size_t bytes;
    struct fsim_crash earlier[FSIM_DEEPEST];
    struct fsim_violation violation = {
        .point = point,
        .earlier = earlier,
        .earlier_count = find_earlier(search, point, earlier),
        .verdict = verdict,
        .outcome = outcomes_get(search->outcomes, outcome),
        .evidence = outcomes_evidence_bytes(search->outcomes,
                                            outcomes_evidence(search->outcomes, outcome), &bytes),
        .finding = finding,
        .trace = search->trace,
        .items = judge->items,
        .values = judge->values,
        .candidates = judge->candidates,
        .item_count = count,
        .cursor = search->cursor,
        .explorer = judge,
    };
    violation.legal_count = fsim_cursor_legal(search->cursor, &violation.legal);
    search->options->on_violation(search->options->sink, &violation);
}

static int judge_leaf(struct judge *judge, struct fsim_point_report *report)
{
    const struct search *search = judge->search;
    const struct tree_leaf *leaf = tree_leaf(search->tree, judge->walk.leaf);
    const char *finding;
    int64_t verdict = judge_outcome(judge, leaf->outcome, &finding);
    if (verdict < 0)
        return (int)verdict;
    if (leaf->unstable)
        verdict = FSIM_V_UNSTABLE;
    report->by_verdict[verdict]++;
    report->paths++;
    if (search->frontier != NULL &&
        frontier_note_leaf(search->frontier, search, &judge->walk, report->point->index,
                           verdict == FSIM_LEGAL) < 0)
        return -ENOMEM;
    bool wrong = fsim_verdict_is_violation((enum fsim_verdict)verdict);
    if (!wrong && judge->fates == NULL)
        return 0;
    size_t count = walk_path(&judge->walk, judge->path, judge->values);
    if (judge->fates != NULL)
        fates_note(judge->fates, search->cursor, judge->path, judge->values, count, wrong);
    int first = wrong ? first_time(judge, judge->walk.leaf) : 0;
    if (first > 0)
        report_violation(judge, report->point, (enum fsim_verdict)verdict, leaf->outcome, finding,
                         count);
    return first < 0 ? first : 0;
}

/* All paths of the tree that the point admits. */
static int judge_paths(struct judge *judge, const struct point_result *result,
                       struct fsim_point_report *report)
{
    enum walk_event event;
    long double share = 0;
    int error = 0;
    report->complete = true;
    walk_start(&judge->walk, result->limit);
    while (error == 0 && (event = walk_next(&judge->walk)) != WALK_END) {
        if (event == WALK_MISSING) {
            report->complete = false;
            walk_skip(&judge->walk);
            continue;
        }
        share += walk_share(&judge->walk);
        error = judge_leaf(judge, report);
    }
    if (report->complete)
        share = 1;
    if (report->states != UINT64_MAX)
        report->covered = (double)roundl(share * (long double)report->states);
    else
        report->covered = exp2(report->log2_states) * (double)share;
    report->complete = report->complete && !fsim_cursor_sampled(judge->search->cursor);
    return error;
}

/* All crash states that the worker recovered one by one. */
static int judge_states(struct judge *judge, struct fsim_point_report *report)
{
    const struct search *search = judge->search;
    struct enumeration states;
    int error = enumeration_init(&states, search->cursor);
    if (error < 0)
        return error;
    report->complete = true;
    do {
        int64_t state = brute_find(search->brute, states.image);
        const char *finding;
        if (state < 0) {
            report->complete = false;
            continue;
        }
        uint32_t outcome = brute_outcome(search->brute, (uint32_t)state);
        int64_t verdict = judge_outcome(judge, outcome, &finding);
        if (verdict < 0) {
            error = (int)verdict;
            break;
        }
        report->by_verdict[verdict]++;
        report->paths++;
        bool wrong = fsim_verdict_is_violation((enum fsim_verdict)verdict);
        if (wrong && judge->fates != NULL)
            fates_note(judge->fates, search->cursor, states.items, states.values, states.count,
                       wrong);
        int first = wrong ? first_time(judge, (uint64_t)state) : 0;
        if (first > 0) {
            memcpy(judge->path, states.items, states.count * sizeof *states.items);
            memcpy(judge->values, states.values, states.count * sizeof *states.values);
            report_violation(judge, report->point, (enum fsim_verdict)verdict, outcome, finding,
                             states.count);
        }
        error = first < 0 ? first : 0;
    } while (error == 0 && enumeration_next(&states));
    report->covered = (double)report->paths;
    enumeration_deinit(&states);
    return error;
}

/* Both searches must come to the same verdict on every crash state. */
static int compare(struct judge *judge, const struct fsim_point_report *report)
{
    const struct search *search = judge->search;
    struct fsim_summary *summary = judge->summary;
    struct enumeration states;
    int error = enumeration_init(&states, search->cursor);
    if (error < 0)
        return error;
    summary->compared_points++;
    do {
        int64_t state = brute_find(search->brute, states.image);
        int64_t leaf = tree_find(search->tree, enumeration_value, &states, NULL, NULL, NULL);
        if (state < 0 || leaf < 0)
            continue; /* the search ended early */
        uint32_t single = brute_outcome(search->brute, (uint32_t)state);
        uint32_t lazy = tree_leaf(search->tree, (uint32_t)leaf)->outcome;
        const char *finding;
        int64_t brute_verdict = judge_outcome(judge, single, &finding);
        int64_t lazy_verdict = judge_outcome(judge, lazy, &finding);
        if (brute_verdict < 0 || lazy_verdict < 0) {
            error = (int)(brute_verdict < 0 ? brute_verdict : lazy_verdict);
            break;
        }
        summary->compared_states++;
        if (brute_verdict != lazy_verdict && summary->disagreements++ == 0)
            snprintf(summary->error, sizeof summary->error,
                     "crash point %u (%s): one by one a state is judged %s, by the tree %s",
                     report->point->index, report->where,
                     fsim_verdict_name((enum fsim_verdict)brute_verdict),
                     fsim_verdict_name((enum fsim_verdict)lazy_verdict));
    } while (enumeration_next(&states));
    enumeration_deinit(&states);
    return error;
}

/* Points. */

static int make_report(struct judge *judge, size_t index, struct fsim_point_report *report)
{
    const struct search *search = judge->search;
    report->states = fsim_cursor_states(search->cursor, &report->log2_states);
    bool enumerated = search_enumerates(search);
    int error = 0;
    if (judge->fates != NULL) {
        fates_begin(judge->fates, search->cursor);
        report->fates = fates_list(judge->fates, &report->fate_count);
    }
    if (search->options->search != FSIM_BRUTE)
        error = judge_paths(judge, &search->results[index], report);
    else if (enumerated)
        error = judge_states(judge, report);
    if (error == 0 && search->options->search == FSIM_COMPARE && enumerated)
        error = compare(judge, report);
    if (error == 0 && search->frontier != NULL)
        error = frontier_note_kill(search->frontier, search, report->point->index);
    return error;
}

int judge_point(struct judge *judge, size_t index)
{
    struct search *search = judge->search;
    struct fsim_summary *summary = judge->summary;
    const struct fsim_crash_point *point = &search->points[index];
    int error = search_seek(search, index);
    if (error < 0 || !search_selects(search, point))
        return error;

    struct fsim_point_report report = {0};
    uint64_t generation = cursor_generation(search->cursor);
    bool same = judge->last_generation == generation;
    if (same)
        report = judge->last;
    report.point = point;
    report.depth = search->levels->count;
    report.where = fsim_trace_string(search->trace, point->where);
    if (!same)
        error = make_report(judge, index, &report);
    if (error < 0)
        return error;
    report.recoveries = search->results[index].recoveries;
    report.nanoseconds = search->results[index].nanoseconds;
    judge->last = report;
    judge->last_generation = generation;

    summary->crash_points++;
    summary->paths += report.paths;
    summary->states +=
        report.states == UINT64_MAX ? exp2(report.log2_states) : (double)report.states;
    summary->covered += report.covered;
    summary->complete = summary->complete && report.complete;
    if (search->options->on_point != NULL)
        search->options->on_point(search->options->sink, &report);
    return 0;
}

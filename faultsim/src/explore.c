/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "elapsed.h"
#include "frontier.h"
#include "recording.h"
#include "scratch.h"
#include "search.h"
#include "shared.h"

struct fsim_options options_with_defaults(const struct fsim_options *options)
{
    struct fsim_options filled = *options;
    if (filled.depth == 0)
        filled.depth = 1;
    if (filled.brute_limit == 0)
        filled.brute_limit = 65536;
    if (filled.bound == 0)
        filled.bound = 64;
    if (filled.seed == 0)
        filled.seed = 1;
    if (filled.time_limit_ms == 0)
        filled.time_limit_ms = 10000;
    if (filled.record_limit_ms == 0)
        filled.record_limit_ms = 120000;
    return filled;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* How many leaves hold an image that another leaf holds as well. */
static int count_twice(const struct tree *tree, uint64_t *twice)
{
    uint32_t count = tree_limit(tree).leaves;
    uint64_t *images = malloc((count + 1) * sizeof *images);
    if (images == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < count; i++)
        images[i] = tree_leaf(tree, i)->image;
    qsort(images, count, sizeof *images, by_value);
    for (uint32_t i = 1; i < count; i++)
        *twice += images[i] == images[i - 1];
    free(images);
    return 0;
}

/* A level. */

/* What nobody needs any more who goes on from here. */
static void end_search(struct search *search)
{
    if (search->progress != NULL) {
        image_path_deinit(&search->progress->path, search->cursor);
        recovery_slot_deinit(&search->progress->slot);
    }
    shared_release(search->progress, sizeof *search->progress);
    shared_release(search->results, search->point_count * sizeof *search->results);
    tree_free(search->tree);
    search->progress = NULL;
    search->results = NULL;
    search->tree = NULL;
}

/*
 * The deepest level that there is becomes the one that is searched. Its tree is its own: paths tell
 * of things that some recording changes, and there are more of these at each level.
 */
static int begin_level(struct search *search)
{
    const struct level *level = &search->levels->list[search->levels->count - 1];
    search->points = level->points;
    search->point_count = level->point_count;
    search->cursor = level->cursor;
    search->results = shared_reserve(search->point_count * sizeof *search->results);
    search->progress = shared_reserve(sizeof *search->progress);
    if (search->results == NULL || search->progress == NULL)
        return -ENOMEM;
    int error = image_path_init(&search->progress->path, search->cursor);
    if (error == 0)
        error = recovery_slot_init(&search->progress->slot);
    if (error == 0)
        error = tree_new(&search->tree);
    if (error == 0 && search->levels->count < search->options->depth)
        error = frontier_new(&search->frontier);
    return error;
}

/* What one level came to, as a part of the whole. */
static void add_level(struct fsim_summary *whole, const struct fsim_summary *level, uint32_t depth)
{
    whole->violations += level->violations;
    whole->complete = whole->complete && level->complete;
    whole->interrupted = whole->interrupted || level->interrupted;
    whole->compared_points += level->compared_points;
    whole->compared_states += level->compared_states;
    whole->brute_recoveries += level->brute_recoveries;
    whole->disagreements += level->disagreements;
    if (whole->error[0] == '\0')
        memcpy(whole->error, level->error, sizeof whole->error);
    if (depth == 1) {
        whole->crash_points = level->crash_points;
        whole->paths = level->paths;
        whole->recoveries = level->recoveries;
        whole->states = level->states;
        whole->covered = level->covered;
        return;
    }
    struct fsim_nested *nested = &whole->nested[depth - 2];
    nested->crash_points = level->crash_points;
    nested->paths = level->paths;
    nested->recoveries = level->recoveries;
    nested->violations = level->violations;
    nested->states = level->states;
    nested->covered = level->covered;
}

static void note_memory(const struct search *search, struct fsim_summary *summary)
{
    uint64_t bytes = fsim_trace_bytes(search->trace) + outcomes_memory(search->outcomes) +
                     brute_memory(search->brute);
    if (search->tree != NULL)
        bytes += tree_memory(search->tree);
    if (bytes > summary->memory_bytes)
        summary->memory_bytes = bytes;
}

static int search_level(struct search *search, struct judge *judge, struct fsim_summary *summary)
{
    struct fsim_summary level = {.complete = true};
    int error = begin_level(search);
    if (error == 0)
        error = supervise(search, judge, &level);
    add_level(summary, &level, search->levels->count);
    search->recoveries_before += level.recoveries + level.brute_recoveries;
    search->violations_before += level.violations;
    search->covered_before += level.covered;
    if (error == 0)
        error = count_twice(search->tree, &summary->images_twice);
    note_memory(search, summary);
    end_search(search);
    if (error == 0 && !summary->interrupted && search->frontier != NULL)
        error = frontier_advance(search->frontier, search, summary);
    frontier_free(search->frontier);
    search->frontier = NULL;
    return error;
}

static int search_levels(struct search *search, struct fsim_summary *summary)
{
    struct judge *judge = NULL;
    int error = judge_new(search, &judge);
    for (uint32_t depth = 1; depth <= search->options->depth; depth++) {
        if (error == 0 && !summary->interrupted)
            error = search_level(search, judge, summary);
    }
    judge_free(judge);
    return error;
}

static int explore(const struct fsim_subject *subject, const struct fsim_options *options,
                   fsim_trace_t *trace, struct levels *levels, struct fsim_summary *summary)
{
    struct scratch scratch;
    struct search search = {
        .subject = subject,
        .options = options,
        .trace = trace,
        .levels = levels,
        .directory = scratch.path,
    };
    int error = outcomes_new(&search.outcomes);
    if (error == 0)
        error = brute_new(&search.brute);
    if (error == 0)
        error = scratch_open(&scratch, scratch_in_memory());
    if (error == 0) {
        error = search_levels(&search, summary);
        scratch_close(&scratch);
    }
    outcomes_free(search.outcomes);
    brute_free(search.brute);
    return error;
}

/* The rule of the plan that had this event, 0 if none. */
static uint32_t rule_of(const struct fsim_event *event)
{
    return event->kind == FSIM_EV_CALL || event->kind == FSIM_EV_POINT ? event->rule : 0;
}

static void count_fired(const fsim_trace_t *trace, uint64_t *fired)
{
    for (size_t i = 0; i < fsim_trace_events(trace); i++) {
        uint32_t rule = rule_of(fsim_trace_event(trace, i));
        if (rule > 0)
            fired[rule - 1]++;
    }
}

/* Keeps the crash points at which the rule has fired, numbered from 0 again: that is where they are
 * found. Their number. */
static size_t keep_after_rule(const fsim_trace_t *trace, uint32_t rule,
                              struct fsim_crash_point *points, size_t count)
{
    size_t first = 0, dropped = 0;
    while (first < fsim_trace_events(trace) && rule_of(fsim_trace_event(trace, first)) != rule)
        first++;
    while (dropped < count && points[dropped].events <= first)
        dropped++;
    count -= dropped;
    memmove(points, points + dropped, count * sizeof *points);
    for (size_t i = 0; i < count; i++)
        points[i].index = (uint32_t)i;
    return count;
}

static int find_points_and_explore(const struct fsim_subject *subject,
                                   const struct fsim_options *options, fsim_trace_t *trace,
                                   struct fsim_summary *summary)
{
    struct levels levels = {.trace = trace, .options = options, .count = 1};
    struct level *first = &levels.list[0];
    uint64_t start = elapsed_nanoseconds();

    summary->trace_events = fsim_trace_events(trace);
    summary->trace_bytes = fsim_trace_bytes(trace);
    int error = fsim_crash_points(trace, &first->points, &first->point_count);
    if (error == 0 && options->after_rule > 0)
        first->point_count =
            keep_after_rule(trace, options->after_rule, first->points, first->point_count);
    if (error == 0)
        error = levels_renew(&levels);
    bool wanted = error == 0 && first->point_count > 0;
    if (wanted && options->on_trace != NULL)
        wanted = options->on_trace(options->sink, trace, first->points, first->point_count);
    if (wanted)
        error = explore(subject, options, trace, &levels, summary);
    levels_deinit(&levels);
    summary->explore_nanoseconds = elapsed_nanoseconds() - start;
    return error;
}

/* Whether the depth can be searched; complains if not. */
static int check_depth(const struct fsim_subject *subject, const struct fsim_options *options,
                       struct fsim_summary *summary)
{
    const char *why = options->depth > FSIM_DEEPEST ? "a depth is at most 3"
                      : options->depth > 1 && subject->resume == NULL
                          ? "nobody can go on from its crash states: it has no `resume`"
                      : options->depth > 1 && options->search == FSIM_BRUTE
                          ? "brute force alone does not go on from crash states"
                          : NULL;
    if (why == NULL)
        return 0;
    snprintf(summary->error, sizeof summary->error, "exploring %s to depth %u: %s", subject->name,
             options->depth, why);
    return -EINVAL;
}

/* What the summary says of how it ended. Returns what the caller must. */
static int conclude(const struct fsim_subject *subject, int error, struct fsim_summary *summary)
{
    if (error < 0 && summary->interrupted)
        error = 0;
    if (error < 0 && summary->error[0] == '\0')
        snprintf(summary->error, sizeof summary->error, "exploring %s: %s", subject->name,
                 strerror(-error));
    summary->complete = summary->complete && error == 0 && !summary->interrupted;
    return error;
}

int fsim_crash_test(const struct fsim_subject *subject, const struct fsim_options *given,
                    struct fsim_summary *summary)
{
    struct fsim_options options = options_with_defaults(given);
    fsim_trace_t *trace = NULL;
    uint64_t start = elapsed_nanoseconds();

    *summary = (struct fsim_summary){.complete = true};
    int error = check_depth(subject, &options, summary);
    if (error == 0)
        error = fsim_trace_new(&trace);
    if (error == 0)
        error = recording_make(subject, &options, trace, summary);
    if (trace != NULL)
        count_fired(trace, summary->fired);
    summary->record_nanoseconds = elapsed_nanoseconds() - start;
    if (error == 0)
        error = find_points_and_explore(subject, &options, trace, summary);
    fsim_trace_free(trace);
    return conclude(subject, error, summary);
}

int fsim_crash_trace(const struct fsim_subject *subject, fsim_trace_t *trace,
                     const struct fsim_options *given, struct fsim_summary *summary)
{
    struct fsim_options options = options_with_defaults(given);

    *summary = (struct fsim_summary){.complete = true};
    int error = check_depth(subject, &options, summary);
    if (error == 0)
        error = find_points_and_explore(subject, &options, trace, summary);
    return conclude(subject, error, summary);
}

/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "elapsed.h"
#include "recording.h"
#include "scratch.h"
#include "search.h"
#include "shared.h"

struct fsim_options options_with_defaults(const struct fsim_options *options)
{
    struct fsim_options filled = *options;
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

static void search_deinit(struct search *search)
{
    if (search->progress != NULL) {
        image_path_deinit(&search->progress->path, search->cursor);
        recovery_slot_deinit(&search->progress->slot);
    }
    shared_release(search->progress, sizeof *search->progress);
    shared_release(search->results, search->point_count * sizeof *search->results);
    tree_free(search->tree);
    outcomes_free(search->outcomes);
    brute_free(search->brute);
    fsim_cursor_free(search->cursor);
}

static int search_init(struct search *search)
{
    int error = fsim_cursor_new(search->trace, search->options->model, &search->cursor);
    if (error < 0)
        return error;
    if (search->options->tear_limit > 0)
        fsim_cursor_limit_tears(search->cursor, search->options->tear_limit);
    search->results = shared_reserve(search->point_count * sizeof *search->results);
    search->progress = shared_reserve(sizeof *search->progress);
    if (search->results == NULL || search->progress == NULL)
        error = -ENOMEM;
    if (error == 0)
        error = image_path_init(&search->progress->path, search->cursor);
    if (error == 0)
        error = recovery_slot_init(&search->progress->slot);
    if (error == 0)
        error = tree_new(&search->tree);
    if (error == 0)
        error = outcomes_new(&search->outcomes);
    if (error == 0)
        error = brute_new(&search->brute);
    if (error < 0)
        search_deinit(search);
    return error;
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

static int explore(const struct fsim_subject *subject, const struct fsim_options *options,
                   fsim_trace_t *trace, struct fsim_crash_point *points, size_t point_count,
                   struct fsim_summary *summary)
{
    struct scratch scratch;
    struct search search = {
        .subject = subject,
        .options = options,
        .trace = trace,
        .points = points,
        .point_count = point_count,
        .directory = scratch.path,
    };
    int error = search_init(&search);
    if (error < 0)
        return error;
    error = scratch_open(&scratch, scratch_in_memory());
    if (error == 0) {
        error = supervise(&search, summary);
        scratch_close(&scratch);
    }
    if (error == 0)
        error = count_twice(search.tree, &summary->images_twice);
    summary->memory_bytes = fsim_trace_bytes(trace) + tree_memory(search.tree) +
                            outcomes_memory(search.outcomes) + brute_memory(search.brute);
    search_deinit(&search);
    return error;
}

static int find_points_and_explore(const struct fsim_subject *subject,
                                   const struct fsim_options *options, fsim_trace_t *trace,
                                   struct fsim_summary *summary)
{
    struct fsim_crash_point *points = NULL;
    size_t point_count = 0;
    uint64_t start = elapsed_nanoseconds();

    summary->trace_events = fsim_trace_events(trace);
    summary->trace_bytes = fsim_trace_bytes(trace);
    int error = fsim_crash_points(trace, &points, &point_count);
    if (error == 0 && options->on_trace != NULL)
        options->on_trace(options->sink, trace, points, point_count);
    if (error == 0)
        error = explore(subject, options, trace, points, point_count, summary);
    free(points);
    summary->explore_nanoseconds = elapsed_nanoseconds() - start;
    return error;
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
    int error = fsim_trace_new(&trace);
    if (error == 0)
        error = recording_make(subject, &options, trace, summary);
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
    return conclude(subject, find_points_and_explore(subject, &options, trace, summary), summary);
}

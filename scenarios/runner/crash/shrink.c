/* SPDX-License-Identifier: MIT */
#include "shrink.h"

#include <errno.h>
#include <faultsim/kill.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "output/text.h"
#include "plausible.h"
#include "suite_text.h"

enum { LONG_MS = 10000 }; /* what is known to end does so by then */

struct shrink {
    const struct play *play;
    const struct crash_options *options;
    const struct shrink_target *target;
    struct timespec deadline;
    volatile int stop;
    struct step *steps; /* as they are now: numbers may be smaller than the scenario's */
    size_t *left;       /* indexes of those that are needed */
    size_t left_count;
    struct step *candidate; /* memory for those that are tried */
    char description[256];
    char *text; /* the result as a suite */
};

static bool is_over(const struct shrink *shrink)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return *shrink->options->stop != 0 || now.tv_sec > shrink->deadline.tv_sec ||
           (now.tv_sec == shrink->deadline.tv_sec && now.tv_nsec >= shrink->deadline.tv_nsec);
}

static void on_progress(void *context, const struct fsim_progress *progress)
{
    struct shrink *shrink = context;
    (void)progress;
    if (is_over(shrink))
        shrink->stop = 1;
}

/* The scenario with these steps only, in shrink->candidate. */
static struct scenario scenario_of(const struct shrink *shrink, const size_t *members, size_t count)
{
    struct scenario scenario = *shrink->play->scenario;
    for (size_t i = 0; i < count; i++)
        shrink->candidate[i] = shrink->steps[members[i]];
    scenario.steps = shrink->candidate;
    scenario.step_count = count;
    return scenario;
}

static void limit_recordings(struct crash_options *options, uint64_t milliseconds)
{
    if (options->record_limit_ms == 0 || options->record_limit_ms > milliseconds)
        options->record_limit_ms = milliseconds;
}

/* The options that found the violation, made for looking for it alone, where it was found. */
static struct crash_options looking_for_it(struct shrink *shrink)
{
    enum { ENOUGH = 20 }; /* violations of other kinds before it is given up */
    struct crash_options options = *shrink->options;
    options.only = &shrink->target->kind;
    options.points = shrink->target->where;
    options.max_violations = ENOUGH;
    options.shrink_steps = false;
    options.context = shrink;
    options.stop = &shrink->stop;
    options.on_progress = on_progress;
    options.on_violation = NULL;
    /* What is wrong in a recording takes no search; a kill is looked for at each hit of its point.
     */
    options.only_record = strcmp(shrink->target->where, RECORDED_WHERE) == 0;
    options.kills = FSIM_KILL_AT_HITS;
    limit_recordings(&options, shrink->options->shrink_ms);
    return options;
}

static bool shows(struct shrink *shrink, const struct scenario *scenario)
{
    struct play play = *shrink->play;
    struct crash_options options = looking_for_it(shrink);
    struct crash_report report;
    char message[256];
    if (plausible_scenario(scenario, message, sizeof message) != 0)
        return false;
    play.scenario = scenario;
    crash_scenario(&play, &options, &report);
    bool found = report.found;
    crash_report_release(&report);
    return found;
}

static int holds(void *context, const size_t *members, size_t count)
{
    struct shrink *shrink = context;
    if (is_over(shrink))
        return -ETIME;
    struct scenario scenario = scenario_of(shrink, members, count);
    return count > 0 && shows(shrink, &scenario);
}

/* A smaller number in a step that is needed. Returns 1 if that still shows it. */
static int try_number(struct shrink *shrink, uint64_t *number, uint64_t smaller)
{
    uint64_t before = *number;
    if (smaller >= before)
        return 0;
    *number = smaller;
    int held = holds(shrink, shrink->left, shrink->left_count);
    if (held <= 0)
        *number = before;
    return held;
}

/* One if that will do, else half of it again and again. */
static int lessen(struct shrink *shrink, uint64_t *number)
{
    int held = *number > 1 ? try_number(shrink, number, 1) : 0;
    while (held == 0 && *number > 2) {
        held = try_number(shrink, number, *number / 2);
        if (held == 0)
            break;
        held = held < 0 ? held : 0;
    }
    return held < 0 ? held : 0;
}

/* How often, how many pages. */
static int lessen_numbers(struct shrink *shrink)
{
    int error = 0;
    for (size_t i = shrink->left_count; i-- > 0 && error == 0;) {
        struct step *step = &shrink->steps[shrink->left[i]];
        error = lessen(shrink, &step->count);
        if (error == 0)
            error = lessen(shrink, &step->pages);
    }
    return error;
}

static void pass_on(void *context, uint64_t number, const struct results_violation *violation)
{
    struct shrink *shrink = context;
    struct results_violation smaller = *violation;
    (void)number;
    smaller.steps_shrunk = true;
    smaller.shrunk_steps = shrink->left_count;
    smaller.steps = shrink->play->scenario->step_count;
    smaller.reduced = shrink->text;
    shrink->options->on_violation(shrink->options->context, shrink->target->number, &smaller);
}

/* What is left, played once more for its story. */
static void report(struct shrink *shrink)
{
    struct scenario scenario = scenario_of(shrink, shrink->left, shrink->left_count);
    struct play play = *shrink->play;
    struct crash_options options = looking_for_it(shrink);
    struct crash_report ignored;
    size_t bytes;
    snprintf(shrink->description, sizeof shrink->description,
             "What is needed of %s to show a violation: %zu of %zu steps.", scenario.name,
             scenario.step_count, shrink->play->scenario->step_count);
    scenario.description = shrink->description;
    FILE *out = need(open_memstream(&shrink->text, &bytes));
    suite_print(&scenario, out);
    fclose(out);
    scenario.text = need(shrink->text);
    play.scenario = &scenario;
    options.record_limit_ms = shrink->options->record_limit_ms;
    limit_recordings(&options, LONG_MS);
    options.stop = shrink->options->stop;
    options.on_progress = NULL;
    options.on_violation = pass_on;
    crash_scenario(&play, &options, &ignored);
    crash_report_release(&ignored);
    free(shrink->text);
}

static struct timespec after(uint64_t milliseconds)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_sec += (time_t)(milliseconds / 1000);
    time.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (time.tv_nsec >= 1000000000) {
        time.tv_sec++;
        time.tv_nsec -= 1000000000;
    }
    return time;
}

void shrink_steps(const struct play *play, const struct crash_options *options,
                  const struct shrink_target *target)
{
    size_t count = play->scenario->step_count;
    struct shrink shrink = {
        .play = play,
        .options = options,
        .target = target,
        .deadline = after(options->shrink_ms),
        .steps = need(calloc(count, sizeof *shrink.steps)),
        .left = need(calloc(count, sizeof *shrink.left)),
        .left_count = target->last_step < count ? target->last_step : count,
        .candidate = need(calloc(count, sizeof *shrink.candidate)),
    };
    memcpy(shrink.steps, play->scenario->steps, count * sizeof *shrink.steps);
    for (size_t i = 0; i < count; i++)
        shrink.left[i] = i;
    /* Power failed before the first step: any step will do, and a scenario has one. */
    if (shrink.left_count == 0)
        shrink.left_count = 1;
    int held = holds(&shrink, shrink.left, shrink.left_count);
    if (held > 0) {
        int error = fsim_minimize(shrink.left, &shrink.left_count, holds, &shrink);
        if (error == 0)
            lessen_numbers(&shrink);
        report(&shrink);
    }
    free(shrink.steps);
    free(shrink.left);
    free(shrink.candidate);
}

/* SPDX-License-Identifier: MIT */
#include <faultsim/kill.h>

#include <errno.h>
#include <faultsim/capture.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "elapsed.h"
#include "recording.h"
#include "recovery.h"
#include "search.h"
#include "shared.h"

enum { FINDING_BYTES = 256 };

struct kills {
    const struct fsim_subject *subject;
    struct fsim_options options;
    struct fsim_kills wanted;
    struct fsim_summary *summary;
    struct scratch scratch;
    struct death_rehearsal *rehearsal;
    fsim_trace_t *unharmed; /* what was said in it */
    uint32_t *hits;         /* after which a kill may come: 0 is the start of the workload */
    size_t hit_count;
    struct recovery_slot *slot; /* shared with recoveries */
};

static int kills_init(struct kills *kills)
{
    kills->rehearsal = shared_reserve(sizeof *kills->rehearsal);
    kills->slot = shared_reserve(sizeof *kills->slot);
    if (kills->rehearsal == NULL || kills->slot == NULL)
        return -ENOMEM;
    int error = fsim_trace_new(&kills->unharmed);
    return error < 0 ? error : recovery_slot_init(kills->slot);
}

static void kills_deinit(struct kills *kills)
{
    if (kills->slot != NULL)
        recovery_slot_deinit(kills->slot);
    shared_release(kills->slot, sizeof *kills->slot);
    shared_release(kills->rehearsal, sizeof *kills->rehearsal);
    fsim_trace_free(kills->unharmed);
    free(kills->hits);
}

/* Runs the workload in a directory of its own, up to its death. */
static int play(struct kills *kills, const struct death *death, fsim_trace_t *trace,
                char directory[PATH_MAX])
{
    int length = snprintf(directory, PATH_MAX, "%s/files", kills->scratch.path);
    if (length < 0 || length >= PATH_MAX)
        return -ENAMETOOLONG;
    if (mkdir(directory, 0700) < 0)
        return -errno;
    return recording_play(kills->subject, &kills->options, trace, directory, death, kills->summary);
}

/* ---- the rehearsal ---- */

static bool is_wanted(const struct kills *kills, const char *point)
{
    const char *wanted = kills->options.points;
    return wanted == NULL || fnmatch(wanted, point, 0) == 0;
}

static int find_hits(struct kills *kills)
{
    const fsim_trace_t *trace = kills->unharmed;
    uint32_t hit = 0;
    kills->hits = malloc((kills->rehearsal->hits + 1) * sizeof *kills->hits);
    if (kills->hits == NULL)
        return -ENOMEM;
    if (kills->wanted.count != FSIM_KILL_AT_HITS && kills->options.points == NULL)
        kills->hits[kills->hit_count++] = 0;
    for (size_t i = 0; i < fsim_trace_events(trace) && hit < kills->rehearsal->hits; i++) {
        const struct fsim_event *event = fsim_trace_event(trace, i);
        if (event->kind != FSIM_EV_POINT)
            continue;
        hit++;
        if (is_wanted(kills, fsim_trace_string(trace, event->name)))
            kills->hits[kills->hit_count++] = hit;
    }
    return 0;
}

static int rehearse(struct kills *kills)
{
    const struct death none = {.rehearsal = kills->rehearsal, .captured = kills->wanted.captured};
    char directory[PATH_MAX];
    int error = play(kills, &none, kills->unharmed, directory);
    scratch_remove(directory);
    if (error < 0)
        return error;
    kills->summary->trace_events = fsim_trace_events(kills->unharmed);
    kills->summary->trace_bytes = fsim_trace_bytes(kills->unharmed);
    if (kills->options.on_trace != NULL)
        kills->options.on_trace(kills->options.sink, kills->unharmed, NULL, 0);
    return find_hits(kills);
}

/* ---- one kill ---- */

static struct death drawn_death(const struct kills *kills, uint64_t index)
{
    const uint64_t *times = kills->rehearsal->times;
    uint64_t draw = tree_mix(0, kills->options.seed + tree_mix(1, index));
    uint32_t hit = kills->hits[draw % kills->hit_count];
    uint64_t most = times[hit + 1] - times[hit];

    return (struct death){.captured = kills->wanted.captured,
                          .hit = hit,
                          .nanoseconds = tree_mix(2, draw) % (most + 1)};
}

static const struct fsim_mark *first_acknowledged(const fsim_trace_t *trace)
{
    for (size_t i = 0; i < fsim_trace_marks(trace); i++)
        if (fsim_trace_mark(trace, i)->kind == FSIM_MARK_ACK)
            return fsim_trace_mark(trace, i);
    return NULL;
}

/* Who died before saying what it starts from started from what the unharmed one did. */
static void say_the_start(const struct kills *kills, fsim_trace_t *trace)
{
    const fsim_trace_t *unharmed = kills->unharmed;
    const struct fsim_mark *start = first_acknowledged(unharmed);
    if (start != NULL && first_acknowledged(trace) == NULL)
        fsim_trace_add_mark(trace, FSIM_MARK_ACK, fsim_trace_string(unharmed, start->label),
                            start->state, fsim_trace_payload(unharmed, start),
                            start->payload_bytes);
}

/* The last that was heard of the workload. */
static struct fsim_crash_point place_of_death(fsim_trace_t *trace, const struct death *death,
                                              uint64_t index)
{
    struct fsim_crash_point point = {
        .index = (uint32_t)index,
        .side = death->nanoseconds == 0 ? FSIM_BEFORE : FSIM_AFTER,
    };
    for (size_t i = 0; i < fsim_trace_events(trace); i++) {
        const struct fsim_event *event = fsim_trace_event(trace, i);
        if (event->kind == FSIM_EV_STEP)
            point.step = (uint32_t)event->number;
        if (event->kind == FSIM_EV_POINT) {
            point.where = event->name;
            point.hit = (uint32_t)event->number;
        }
    }
    if (point.where == 0)
        point.where = fsim_trace_add_string(trace, "start");
    point.events = (uint32_t)fsim_trace_events(trace);
    return point;
}

/* The verdict, or a negative code. */
static int judge(struct kills *kills, const fsim_trace_t *trace, const fsim_cursor_t *cursor,
                 char finding[FINDING_BYTES])
{
    const struct fsim_subject *subject = kills->subject;
    const struct recovery_slot *slot = kills->slot;
    enum fsim_verdict verdict = judge_plainly(trace, cursor, &slot->outcome);

    finding[0] = '\0';
    if (!judge_inspects(verdict) || subject->inspect == NULL)
        return verdict;
    int broken = subject->inspect(subject->context, slot->evidence, slot->outcome.evidence_bytes,
                                  finding, FINDING_BYTES);
    if (broken < 0)
        snprintf(kills->summary->error, sizeof kills->summary->error,
                 "inspecting a recovered store failed: %.200s", finding);
    return broken < 0 ? broken : broken > 0 ? FSIM_V_INVARIANT : (int)verdict;
}

static void report(struct kills *kills, const fsim_trace_t *trace, const fsim_cursor_t *cursor,
                   const struct fsim_crash_point *point, enum fsim_verdict verdict,
                   const char *finding, uint64_t nanoseconds)
{
    const struct fsim_options *options = &kills->options;
    struct fsim_summary *summary = kills->summary;
    struct fsim_point_report at = {
        .point = point,
        .where = fsim_trace_string(trace, point->where),
        .states = 1,
        .covered = 1,
        .paths = 1,
        .recoveries = 1,
        .complete = true,
        .nanoseconds = nanoseconds,
    };
    at.by_verdict[verdict] = 1;
    summary->crash_points++;
    summary->paths++;
    summary->recoveries++;
    summary->states++;
    summary->covered++;
    if (options->on_point != NULL)
        options->on_point(options->sink, &at);
    if (!fsim_verdict_is_violation(verdict))
        return;
    summary->violations++;
    struct fsim_violation violation = {
        .point = point,
        .verdict = verdict,
        .outcome = &kills->slot->outcome,
        .evidence = kills->slot->evidence,
        .finding = finding,
        .trace = trace,
        .cursor = cursor,
    };
    violation.legal_count = fsim_cursor_legal(cursor, &violation.legal);
    if (options->on_violation != NULL)
        options->on_violation(options->sink, &violation);
}

/* The recorder may have died between a name's end and its account of it. */
static int forget_names(fsim_trace_t *trace)
{
    fsim_cursor_t *cursor;
    const uint32_t *names;
    int error = fsim_cursor_new(trace, FSIM_PROCESS_KILL, &cursor);
    if (error == 0)
        error = fsim_cursor_advance(cursor, fsim_trace_events(trace));
    size_t count = error == 0 ? fsim_cursor_names(cursor, &names) : 0;
    for (size_t i = 0; i < count; i++)
        fsim_trace_add_event(trace, &(struct fsim_event){.kind = FSIM_EV_NAME, .name = names[i]});
    fsim_cursor_free(cursor);
    return error;
}

/* Appends what the dead process left to its own account, so that there is a cursor over both. */
static int take_what_is_left(fsim_trace_t *trace, const char *directory, fsim_cursor_t **cursor)
{
    int error = forget_names(trace);
    if (error == 0)
        error = fsim_capture_begin(trace, directory);
    if (error < 0)
        return error;
    fsim_capture_end();
    error = fsim_trace_full(trace) ? -ENOSPC : fsim_cursor_new(trace, FSIM_PROCESS_KILL, cursor);
    return error < 0 ? error : fsim_cursor_advance(*cursor, fsim_trace_events(trace));
}

static int kill_once(struct kills *kills, const struct death *death, uint64_t index)
{
    char directory[PATH_MAX], finding[FINDING_BYTES];
    uint64_t start = elapsed_nanoseconds();
    fsim_cursor_t *cursor = NULL;
    fsim_trace_t *trace;
    int error = fsim_trace_new(&trace);
    if (error < 0)
        return error;
    error = play(kills, death, trace, directory);
    say_the_start(kills, trace);
    struct fsim_crash_point point = place_of_death(trace, death, index);
    if (error >= 0)
        error = take_what_is_left(trace, directory, &cursor);
    if (error >= 0)
        error =
            recovery_in_child(kills->subject, directory, kills->options.time_limit_ms, kills->slot);
    if (error >= 0)
        error = judge(kills, trace, cursor, finding);
    if (error >= 0)
        report(kills, trace, cursor, &point, (enum fsim_verdict)error, finding,
               elapsed_nanoseconds() - start);
    scratch_remove(directory);
    fsim_cursor_free(cursor);
    fsim_trace_free(trace);
    return error < 0 ? error : 0;
}

/* ---- all of them ---- */

static bool has_to_stop(const struct kills *kills)
{
    const struct fsim_options *options = &kills->options;
    return (options->stop != NULL && *options->stop) ||
           (options->max_violations != 0 && kills->summary->violations >= options->max_violations);
}

static int kill_often(struct kills *kills)
{
    const struct fsim_options *options = &kills->options;
    struct fsim_summary *summary = kills->summary;
    bool drawn = kills->wanted.count != FSIM_KILL_AT_HITS;
    uint64_t count = drawn && kills->hit_count > 0 ? kills->wanted.count : kills->hit_count;
    int error = 0;
    for (uint64_t i = 0; error == 0 && i < count && !summary->interrupted; i++) {
        struct death death =
            drawn ? drawn_death(kills, i)
                  : (struct death){.captured = kills->wanted.captured, .hit = kills->hits[i]};
        error = kill_once(kills, &death, i);
        summary->interrupted = summary->interrupted || has_to_stop(kills);
        if (options->on_progress != NULL)
            options->on_progress(options->sink, &(struct fsim_progress){
                                                    .point = i + 1,
                                                    .points = count,
                                                    .recoveries = summary->recoveries,
                                                    .violations = summary->violations,
                                                    .states = summary->covered,
                                                });
    }
    return error;
}

int fsim_kill_test(const struct fsim_subject *subject, const struct fsim_options *options,
                   const struct fsim_kills *wanted, struct fsim_summary *summary)
{
    struct kills kills = {.subject = subject,
                          .options = options_with_defaults(options),
                          .wanted = *wanted,
                          .summary = summary};
    uint64_t start = elapsed_nanoseconds(), rehearsed = start;

    *summary = (struct fsim_summary){.complete = true};
    int error = recording_place(&kills.options, &kills.scratch, summary);
    if (error < 0)
        return error;
    error = kills_init(&kills);
    if (error == 0)
        error = rehearse(&kills);
    rehearsed = elapsed_nanoseconds();
    if (error == 0)
        error = kill_often(&kills);
    scratch_close(&kills.scratch);
    kills_deinit(&kills);
    if (error < 0 && summary->interrupted)
        error = 0;
    if (error < 0 && summary->error[0] == '\0')
        snprintf(summary->error, sizeof summary->error, "killing %s: %s", subject->name,
                 strerror(-error));
    summary->complete = error == 0 && !summary->interrupted;
    summary->record_nanoseconds = rehearsed - start;
    summary->explore_nanoseconds = elapsed_nanoseconds() - rehearsed;
    return error;
}

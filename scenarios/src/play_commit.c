/* SPDX-License-Identifier: MIT */
/* Steps that make, open, save and leave the arena. */
#include "play.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <faultsim/capture.h>
#include <faultsim/plan.h>
#include <pma/fault_points.h>

#include "state.h"

int play_attempt(struct workload *workload, const char *label)
{
    int error = moments_attempt(&workload->moments, &workload->now, label);

    return error == 0 ? 0 : play_fail(workload, error, "out of memory");
}

/* What the arena says of the snapshot that it has come to. */
static int used_number(struct workload *workload)
{
    struct pma_stat stat;
    int error = pma_stat(workload->arena, &stat);

    if (error == 0) {
        workload->number = stat.snapshot;
        workload->acknowledged = stat;
    }
    if (error == 0 && stat.event != workload->now.event)
        return play_broken(workload, WORKLOAD_OPEN, -EINVAL,
                           "the arena is at event %" PRIu64 ", and says %" PRIu64,
                           workload->now.event, stat.event);
    if (error == 0 || play_was_injected(workload))
        return 0;
    return play_broken(workload, WORKLOAD_CALLS, error, "pma_stat: %s", pma_strerror(error));
}

/* What was acknowledged before becomes the previous snapshot, unless it is the same one. */
static int keep_previous(struct workload *workload, size_t index)
{
    const struct moments *moments = &workload->moments;

    if (!moments->acknowledged || index == 0)
        return 0;
    workload->has_previous = true;
    return expected_copy(&workload->previous, &moments->list[0].state);
}

int play_acknowledge(struct workload *workload, size_t index)
{
    int error = keep_previous(workload, index);

    if (error == 0)
        error = moments_acknowledge(&workload->moments, index);
    return error == 0 ? 0 : play_fail(workload, error, "out of memory");
}

/* Whether a fault may have made an attempt of the scenario's fail, or come to its end, or cost it
 * blocks. */
static bool may_differ(const struct workload *workload)
{
    return workload->options->judges_failures && fsim_plan_fired() != workload->injected;
}

/* What open returned must be a state that may be there; the workload goes on from it. */
static int adopt_state(struct workload *workload)
{
    struct moments *moments = &workload->moments;
    struct state_entries entries = {0};
    struct fsim_digest digest;
    size_t index;
    bool attempted, expected, excused;
    int error;

    play_look(workload);
    error = state_of_arena(workload->arena, &digest, &entries);
    excused = error != 0 && play_was_injected(workload);
    play_look_away(workload);
    state_entries_deinit(&entries);
    if (excused)
        return 0;
    if (error != 0)
        return play_broken(workload, WORKLOAD_OPEN, error, "cannot read what open returned: %s",
                           pma_strerror(error));
    index = moments_find(moments, digest);
    if (index == moments->count)
        return play_broken(workload, WORKLOAD_OPEN, -EINVAL,
                           "open returned neither the acknowledged state nor an attempt since");
    attempted = index > 0 || !moments->acknowledged;
    expected = workload->step == NULL || workload->ended || workload->step->attempted == attempted;
    if (!expected && !may_differ(workload))
        return play_broken(
            workload, WORKLOAD_OPEN, -EINVAL, "open returned %s, which is not the %s state",
            moments->list[index].label, workload->step->attempted ? "attempted" : "acknowledged");
    /* The steps that follow are for the other state. */
    workload->ended = workload->ended || !expected;
    error = expected_copy(&workload->now, &moments->list[index].state);
    if (error != 0)
        return play_fail(workload, error, "out of memory");
    workload->known = true;
    balance_reset(&workload->balance);
    error = play_acknowledge(workload, index);
    return error != 0 ? error : used_number(workload);
}

/* An open, and the first call that needs what open leaves for later: which blocks are free. */
static int open_under_faults(struct workload *workload, const struct pma_options *options)
{
    struct pma_error error = {0};
    struct pma_stat stat;
    const char *call = "pma_open", *text = error.text;
    int result = play_arm(workload);

    if (result != 0)
        return result;
    result = pma_open(workload->path, options, &workload->arena, &error);
    if (result == 0) {
        call = "pma_stat after pma_open";
        text = pma_last_error(workload->arena);
        result = pma_stat(workload->arena, &stat);
    }
    play_disarm(workload);
    result = play_settle_text(workload, call, result, text);
    if (result != PLAY_FAILED || workload->arena == NULL)
        return result;
    (void)pma_close(workload->arena);
    workload->arena = NULL;
    return result;
}

int play_open(struct workload *workload)
{
    const struct pma_options options = play_options(workload->scenario, workload->options->copying);
    struct pma_error error = {0};
    int result = 0;

    /* The step's faults are for one open; after a failure that it expects, the next must do. */
    if (workload->step != NULL && workload->step->fault != NULL) {
        result = open_under_faults(workload, &options);
        if (result != PLAY_FAILED)
            return result == PLAY_DONE      ? adopt_state(workload)
                   : result == PLAY_STOPPED ? 0
                                            : result;
    }
    result = pma_open(workload->path, &options, &workload->arena, &error);
    if (result == 0)
        return adopt_state(workload);
    if (!play_was_injected(workload))
        return play_call_failed(workload, "pma_open", result, error.text);
    result = play_settle_text(workload, "pma_open", result, error.text);
    return result < 0 ? result : 0;
}

/* The process is gone and its descriptors with it: closing only gives memory back. */
static void kill_process(struct workload *workload)
{
    fsim_capture_kill();
    pma_fault_gate(0);
    play_forget_views(workload);
    play_forget_stacks(workload, true);
    (void)pma_close(workload->arena);
    pma_fault_gate(1);
    workload->arena = NULL;
}

int play_create(struct workload *workload)
{
    const struct pma_options options = play_options(workload->scenario, workload->options->copying);
    struct pma_error error = {0};
    int result;

    moments_forget(&workload->moments);
    workload->now.event = 0;
    result = play_attempt(workload, "the new arena");
    if (result == 0)
        result = play_arm(workload);
    if (result != 0)
        return result;
    result = pma_create(workload->path, &options, &workload->arena, &error);
    play_disarm(workload);
    result = play_settle_text(workload, "pma_create", result, error.text);
    if (result != PLAY_DONE)
        return result < 0 ? result : 0;
    if (workload->step->killed) {
        kill_process(workload);
        return 0;
    }
    result = play_acknowledge(workload, 0);
    workload->known = true;
    balance_reset(&workload->balance);
    return result != 0 ? result : used_number(workload);
}

/* What views held is free again with the first snapshot after the last of them was closed. */
static int check_held(struct workload *workload)
{
    struct pma_stat stat;
    bool viewed = false;
    int result = pma_stat(workload->arena, &stat);

    for (size_t i = 0; i < PLAY_VIEWS; i++)
        viewed = viewed || workload->views[i].view != NULL;
    if ((result == 0 && (viewed || stat.view_blocks == 0)) || play_was_injected(workload))
        return 0;
    return play_broken(workload, WORKLOAD_BLOCKS, -EINVAL,
                       "after snapshot %" PRIu64 ", %" PRIu64
                       " blocks are held for views, and none is open",
                       workload->number, stat.view_blocks);
}

/* After an acknowledged snapshot the running writer and its file must agree on every block. */
static int check_balance(struct workload *workload)
{
    char why[160];
    bool excused;
    int result;

    play_look(workload);
    result = balance_check(&workload->balance, workload->arena, workload->path, why, sizeof why);
    excused = result != 0 && play_was_injected(workload);
    play_look_away(workload);
    if (result == 0)
        return check_held(workload);
    if (excused)
        return 0;
    if (result < 0)
        return play_broken(workload, WORKLOAD_BLOCKS, result,
                           "cannot account for the blocks of the file: %s", pma_strerror(result));
    return play_broken(workload, WORKLOAD_BLOCKS, -EINVAL, "after snapshot %" PRIu64 ", %s",
                       workload->number, why);
}

/*
 * What a snapshot does by itself has bounds: how much it moves, attempts that failed included, and
 * how short it makes the file. A call that failed may have made it shorter before.
 */
static int check_restraint(struct workload *workload, const struct pma_stat *before)
{
    enum { KEPT_BLOCKS = 2048 }; /* unless the scenario says otherwise */
    const struct scenario *scenario = workload->scenario;
    const struct pma_stat *now = &workload->acknowledged;
    const uint64_t keep = scenario->keep_blocks != 0 ? scenario->keep_blocks : KEPT_BLOCKS;
    const uint64_t most = (now->snapshot - before->snapshot) * scenario->defragment_blocks;
    const uint64_t moved = now->defragmented_blocks - before->defragmented_blocks;

    if (moved > most)
        return play_broken(workload, WORKLOAD_BLOCKS, -EINVAL,
                           "%" PRIu64 " blocks moved to rejoin extents, %" PRIu64 " may at most",
                           moved, most);
    if (now->file_blocks < before->file_blocks && now->file_blocks < keep && !may_differ(workload))
        return play_broken(workload, WORKLOAD_LENGTH, -EINVAL,
                           "the file got shorter by itself, to %" PRIu64
                           " blocks; it was to keep %" PRIu64,
                           now->file_blocks, keep);
    return 0;
}

/* What has become of the file's length is for the step to say. */
static int check_length(struct workload *workload, const struct step *step)
{
    struct pma_stat stat;
    int result = step->most != 0 ? pma_stat(workload->arena, &stat) : 0;

    if (result != 0 && play_was_injected(workload))
        return 0;
    if (result != 0)
        return play_broken(workload, WORKLOAD_CALLS, result, "pma_stat: %s", pma_strerror(result));
    if (step->most == 0 || stat.file_blocks <= step->most || may_differ(workload))
        return 0;
    return play_broken(workload, WORKLOAD_LENGTH, -EINVAL,
                       "the file has %" PRIu64 " blocks, it was to have %" PRIu64 " at most",
                       stat.file_blocks, step->most);
}

int play_snapshot(struct workload *workload, uint64_t event)
{
    const uint64_t number = ++workload->number;
    const struct pma_stat before = workload->acknowledged;
    char label[64];
    int result;

    workload->now.event = event;
    snprintf(label, sizeof label, "snapshot %" PRIu64 " (event %" PRIu64 ")", number, event);
    result = play_attempt(workload, label);
    if (result == 0)
        result = play_arm(workload);
    if (result != 0)
        return result;
    result = pma_snapshot(workload->arena, event);
    play_disarm(workload);
    result = play_settle(workload, "pma_snapshot", result);
    if (result != PLAY_DONE) {
        workload->balance.attempt_failed = true;
        workload->has_previous = false;
        return result < 0 ? result : 0;
    }
    if (workload->step->killed) {
        kill_process(workload);
        return 0;
    }
    result = play_acknowledge(workload, workload->moments.count - 1);
    if (result == 0)
        result = used_number(workload);
    if (result != 0 || workload->ended)
        return result;
    /* Whether a failed attempt used up its number depends on how far it got. */
    if (workload->number != number && !may_differ(workload))
        return play_broken(workload, WORKLOAD_BLOCKS, -EINVAL,
                           "the snapshot got number %" PRIu64
                           ", the next one never used is %" PRIu64,
                           workload->number, number);
    result = check_restraint(workload, &before);
    return result != 0 ? result : check_balance(workload);
}

int play_snapshots(struct workload *workload, const struct step *step)
{
    uint64_t event = step->has_event ? step->event : workload->now.event + 1;
    int error = 0;

    for (uint64_t i = 0; error == 0 && !workload->ended && i < step->count; i++)
        error = play_snapshot(workload, event + i);
    return error != 0 || workload->arena == NULL || workload->ended ? error
                                                                    : check_length(workload, step);
}

int play_reopen(struct workload *workload, bool kill)
{
    int result = play_verify_memory(workload);

    if (result != 0)
        return result;
    if (workload->arena != NULL && kill)
        kill_process(workload);
    else
        play_forget_stacks(workload, workload->arena == NULL);
    if (workload->arena != NULL)
        result = pma_close(workload->arena);
    workload->arena = NULL;
    if (result != 0 && !play_was_injected(workload))
        return play_call_failed(workload, "pma_close", result, "");
    return play_open(workload);
}

/* It is told that the arena is busy, before it has changed anything. */
int play_second_writer(struct workload *workload)
{
    const struct pma_options options = play_options(workload->scenario, workload->options->copying);
    struct pma_error error = {0};
    pma_t *second = NULL;
    int result = pma_open(workload->path, &options, &second, &error);

    if (result == 0)
        (void)pma_close(second);
    result = play_settle_text(workload, "pma_open by another writer", result, error.text);
    return result < 0 ? result : 0;
}

/* Takes snapshots of the same event, as many as it needs; what they hold is what is there now. */
int play_shrink(struct workload *workload, const struct step *step)
{
    /* With less than that free, saving the work may make the file longer before it gets shorter. */
    enum { ROOM_TO_SHRINK = 64 };
    uint64_t blocks = 0;
    struct pma_stat before, after;
    int result = pma_stat(workload->arena, &before);

    if (result != 0)
        return play_was_injected(workload) ? 0
                                           : play_broken(workload, WORKLOAD_CALLS, result,
                                                         "pma_stat: %s", pma_strerror(result));
    workload->now.event = before.event;
    result = play_attempt(workload, "what shrinking saves");
    if (result == 0)
        result = PLAY_CALL(workload, pma_shrink, workload->arena, step->blocks, &blocks);
    workload->has_previous = false;
    if (result != PLAY_DONE) {
        workload->balance.attempt_failed = true;
        return result < 0 ? result : 0;
    }
    if (step->killed) {
        kill_process(workload);
        return 0;
    }
    result = play_acknowledge(workload, workload->moments.count - 1);
    workload->has_previous = false;
    if (result == 0)
        result = used_number(workload);
    if (result != 0 || workload->ended)
        return result;
    result = pma_stat(workload->arena, &after);
    if (result != 0)
        return play_broken(workload, WORKLOAD_CALLS, result, "pma_stat: %s", pma_strerror(result));
    if (blocks != after.file_blocks || (blocks < step->blocks && blocks < before.file_blocks) ||
        (blocks > before.file_blocks && before.free_blocks >= ROOM_TO_SHRINK))
        return play_broken(workload, WORKLOAD_LENGTH, -EINVAL,
                           "the file had %" PRIu64 " blocks, was to have %" PRIu64 " at least, has "
                           "%" PRIu64 ", and pma_shrink says %" PRIu64,
                           before.file_blocks, step->blocks, after.file_blocks, blocks);
    result = check_length(workload, step);
    return result != 0 ? result : check_balance(workload);
}

/* SPDX-License-Identifier: MIT */
#include "reduce_trial.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "elapsed.h"
#include "pack.h"
#include "scratch.h"
#include "shared.h"

int trial_init(struct trial *trial, struct judge *judge, uint32_t time_limit_ms)
{
    *trial = (struct trial){
        .judge = judge, .search = judge_search(judge), .deadline = elapsed_ms() + time_limit_ms};
    size_t items = cursor_items(trial->search->cursor) + 1;
    trial->slot = shared_reserve(sizeof *trial->slot);
    trial->values = malloc(items * sizeof *trial->values);
    trial->path = malloc(items * sizeof *trial->path);
    trial->path_values = malloc(items * sizeof *trial->path_values);
    if (trial->slot == NULL || trial->values == NULL || trial->path == NULL ||
        trial->path_values == NULL)
        return -ENOMEM;
    return recovery_slot_init(trial->slot);
}

void trial_deinit(struct trial *trial)
{
    if (trial->slot != NULL)
        recovery_slot_deinit(trial->slot);
    shared_release(trial->slot, sizeof *trial->slot);
    free(trial->values);
    free(trial->path);
    free(trial->path_values);
}

static uint64_t value_of(void *context, uint32_t item)
{
    const struct trial *trial = context;
    return trial->values[item];
}

int trial_look_up(struct trial *trial)
{
    const struct search *search = trial->search;
    int64_t leaf = tree_find(search->tree, value_of, trial, trial->path, trial->path_values,
                             &trial->path_count);
    if (leaf < 0)
        return (int)leaf;
    const struct tree_leaf *found = tree_leaf(search->tree, (uint32_t)leaf);
    const char *finding;
    int64_t verdict = judge_outcome(trial->judge, found->outcome, &finding);
    if (verdict < 0)
        return (int)verdict;
    size_t bytes;
    trial->verdict = found->unstable ? FSIM_V_UNSTABLE : (enum fsim_verdict)verdict;
    trial->outcome = outcomes_get(search->outcomes, found->outcome);
    trial->evidence = outcomes_evidence_bytes(
        search->outcomes, outcomes_evidence(search->outcomes, found->outcome), &bytes);
    snprintf(trial->finding, sizeof trial->finding, "%s", finding);
    trial->in_tree = true;
    return 0;
}

static uint64_t packed_value(const void *context, uint32_t item)
{
    const struct trial *trial = context;
    return trial->values[item];
}

static int write_files(const struct trial *trial, const char *directory)
{
    const struct search *search = trial->search;
    void *image;
    size_t bytes;
    int error = pack_image(search->trace, search->cursor, packed_value, trial, &image, &bytes);
    if (error < 0)
        return error;
    error = fsim_image_write(image, bytes, directory);
    free(image);
    return error;
}

static int judge_slot(struct trial *trial)
{
    const struct search *search = trial->search;
    const struct fsim_subject *subject = search->subject;
    const struct fsim_outcome *outcome = &trial->slot->outcome;
    trial->outcome = outcome;
    trial->evidence = trial->slot->evidence;
    trial->finding[0] = '\0';
    trial->in_tree = false;
    trial->verdict = judge_plainly(search->trace, search->cursor, outcome);
    if (!judge_inspects(trial->verdict) || subject->inspect == NULL)
        return 0;
    int broken = subject->inspect(subject->context, trial->evidence, outcome->evidence_bytes,
                                  trial->finding, sizeof trial->finding);
    if (broken > 0)
        trial->verdict = FSIM_V_INVARIANT;
    else
        trial->finding[0] = '\0';
    return broken < 0 ? broken : 0;
}

int trial_run(struct trial *trial)
{
    const struct search *search = trial->search;
    char directory[PATH_MAX];
    uint64_t now = elapsed_ms();
    trial->states++;
    int error = trial_look_up(trial);
    if (error != -ENOENT)
        return error;
    if (now >= trial->deadline)
        return -ETIME;
    uint32_t limit = search->options->time_limit_ms;
    bool cut_short = trial->deadline - now < limit;
    if (cut_short)
        limit = (uint32_t)(trial->deadline - now);
    int length = snprintf(directory, sizeof directory, "%s/trial", search->directory);
    if (length < 0 || (size_t)length >= sizeof directory)
        return -ENAMETOOLONG;
    if (mkdir(directory, 0700) < 0)
        return -errno;
    error = write_files(trial, directory);
    if (error == 0)
        error = recovery_in_child(search->subject, directory, limit, trial->slot);
    scratch_remove(directory);
    trial->recoveries++;
    if (error < 0)
        return error;
    if (cut_short && trial->slot->outcome.status == FSIM_HUNG)
        return -ETIME;
    return judge_slot(trial);
}

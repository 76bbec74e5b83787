/* SPDX-License-Identifier: MIT */
#include "left_recovery.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery.h"
#include "scratch.h"
#include "shared.h"

enum { TIME_LIMIT_MS = 60000, TICK_MS = 100 };

struct batch {
    const struct fsim_subject *subject;
    const fsim_trace_t *contents;
    const struct left_files *const *left;
    size_t count;
    struct left_recovery *done;
    struct scratch scratch;
    /* Shared with the recovering process. */
    struct progress {
        _Atomic size_t next;
        int error; /* of the process itself */
        struct recovery_slot slot;
    } * progress;
};

/* ---- in the recovering process ---- */

static int recover_next(struct batch *batch, size_t index, const char *directory)
{
    const struct fsim_subject *subject = batch->subject;
    struct recovery_slot *slot = &batch->progress->slot;
    struct left_recovery *done = &batch->done[index];
    int error = mkdir(directory, 0700) < 0
                    ? -errno
                    : left_files_write(batch->left[index], batch->contents, directory);
    if (error != 0)
        return error;
    recovery_run(subject, directory, slot);
    scratch_remove(directory);
    if (subject->inspect != NULL)
        error = subject->inspect(subject->context, slot->evidence, slot->outcome.evidence_bytes,
                                 done->finding, sizeof done->finding);
    done->outcome = slot->outcome;
    return error < 0 ? error : 0;
}

static _Noreturn void recover_rest(struct batch *batch)
{
    struct progress *progress = batch->progress;
    char directory[PATH_MAX + 32];
    recovery_prepare_process();
    while (progress->error == 0 && progress->next < batch->count) {
        snprintf(directory, sizeof directory, "%s/%zu", batch->scratch.path, progress->next);
        progress->error = recover_next(batch, progress->next, directory);
        if (progress->error == 0)
            atomic_fetch_add(&progress->next, 1);
    }
    _exit(0);
}

/* ---- in the waiting one ---- */

/* Waits for a process; whether it had to be ended because a recovery does not. */
static int wait_for(struct batch *batch, pid_t child, int *status, bool *hung)
{
    size_t next = batch->progress->next;
    int ended = 0;
    for (unsigned waited = 0; ended == 0; waited += TICK_MS) {
        ended = recovery_wait(child, TICK_MS, status);
        if (batch->progress->next != next)
            waited = 0;
        next = batch->progress->next;
        *hung = ended == 0 && waited >= TIME_LIMIT_MS;
        if (*hung) {
            kill(child, SIGKILL);
            ended = recovery_wait(child, -1, status);
        }
    }
    return ended < 0 ? ended : 0;
}

static int recover_some(struct batch *batch)
{
    struct progress *progress = batch->progress;
    bool hung = false;
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        recover_rest(batch);
    int error = child < 0 ? -errno : wait_for(batch, child, &status, &hung);
    if (error == 0)
        error = progress->error;
    if (error == 0 && progress->next < batch->count) {
        recovery_died(&progress->slot, status, hung, TIME_LIMIT_MS);
        batch->done[progress->next].outcome = progress->slot.outcome;
        atomic_fetch_add(&progress->next, 1);
    }
    return error;
}

int left_recovery_run(const struct fsim_subject *subject, const fsim_trace_t *contents,
                      const struct left_files *const *left, size_t count,
                      struct left_recovery **done)
{
    struct batch batch = {.subject = subject,
                          .contents = contents,
                          .left = left,
                          .count = count,
                          .done = shared_reserve(count * sizeof **done + 1),
                          .progress = shared_reserve(sizeof *batch.progress)};
    int error = batch.done == NULL || batch.progress == NULL
                    ? -ENOMEM
                    : recovery_slot_init(&batch.progress->slot);
    if (error == 0)
        error = scratch_open(&batch.scratch, scratch_in_memory());
    if (error == 0) {
        while (error == 0 && batch.progress->next < count)
            error = recover_some(&batch);
        scratch_close(&batch.scratch);
    }
    if (batch.progress != NULL)
        recovery_slot_deinit(&batch.progress->slot);
    shared_release(batch.progress, sizeof *batch.progress);
    *done = batch.done;
    return error;
}

void left_recovery_release(struct left_recovery *done, size_t count)
{
    shared_release(done, count * sizeof *done + 1);
}

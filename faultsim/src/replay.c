/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "recovery.h"
#include "scratch.h"
#include "shared.h"

/* Recovers an image, in a child that has so long, or in this process. */
static int replay(const struct fsim_subject *subject, const void *image, size_t bytes,
                  bool in_child, uint32_t time_limit_ms, struct fsim_outcome *outcome,
                  void **evidence)
{
    struct scratch scratch;
    int error = scratch_open(&scratch, scratch_in_memory());
    if (error < 0)
        return error;
    struct recovery_slot *slot = shared_reserve(sizeof *slot);
    void *copy = NULL;
    error = slot == NULL ? -ENOMEM : recovery_slot_init(slot);
    if (error == 0)
        error = fsim_image_write(image, bytes, scratch.path);
    if (error == 0 && in_child)
        error = recovery_in_child(subject, scratch.path, time_limit_ms, slot);
    else if (error == 0)
        recovery_run(subject, scratch.path, slot);
    if (error == 0) {
        copy = malloc(slot->outcome.evidence_bytes + 1);
        error = copy == NULL ? -ENOMEM : 0;
    }
    if (error == 0) {
        memcpy(copy, slot->evidence, slot->outcome.evidence_bytes);
        *outcome = slot->outcome;
        *evidence = copy;
    }
    if (slot != NULL)
        recovery_slot_deinit(slot);
    shared_release(slot, sizeof *slot);
    scratch_close(&scratch);
    return error;
}

int fsim_replay(const struct fsim_subject *subject, const void *image, size_t bytes,
                uint32_t time_limit_ms, struct fsim_outcome *outcome, void **evidence)
{
    return replay(subject, image, bytes, true, time_limit_ms ? time_limit_ms : 10000, outcome,
                  evidence);
}

int fsim_replay_here(const struct fsim_subject *subject, const void *image, size_t bytes,
                     struct fsim_outcome *outcome, void **evidence)
{
    return replay(subject, image, bytes, false, 0, outcome, evidence);
}

/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery.h"
#include "scratch.h"
#include "shared.h"

static int recover_in_child(const struct fsim_subject *subject, const char *directory,
                            uint32_t time_limit_ms, struct recovery_slot *slot)
{
    int status;
    pid_t child = fork();
    if (child < 0)
        return -errno;
    if (child == 0) {
        recovery_prepare_process();
        recovery_run(subject, directory, slot);
        slot->outcome.reserved = 1;
        _exit(0);
    }
    int ended = recovery_wait(child, (int)time_limit_ms, &status);
    bool hung = ended == 0;
    if (hung) {
        kill(child, SIGKILL);
        ended = recovery_wait(child, -1, &status);
    }
    if (ended < 0)
        return ended;
    if (slot->outcome.reserved == 0)
        recovery_died(slot, status, hung, time_limit_ms);
    return 0;
}

int fsim_replay(const struct fsim_subject *subject, const void *image, size_t bytes,
                uint32_t time_limit_ms, struct fsim_outcome *outcome, void **evidence)
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
    if (error == 0)
        error =
            recover_in_child(subject, scratch.path, time_limit_ms ? time_limit_ms : 10000, slot);
    if (error == 0) {
        copy = malloc(slot->outcome.evidence_bytes + 1);
        error = copy == NULL ? -ENOMEM : 0;
    }
    if (error == 0) {
        memcpy(copy, slot->evidence, slot->outcome.evidence_bytes);
        slot->outcome.reserved = 0;
        *outcome = slot->outcome;
        *evidence = copy;
    }
    if (slot != NULL)
        recovery_slot_deinit(slot);
    shared_release(slot, sizeof *slot);
    scratch_close(&scratch);
    return error;
}

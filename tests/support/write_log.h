/* SPDX-License-Identifier: MIT */
/*
 * A log of what a disk was asked to do (the format of dm-log-writes and QEMU's blklogwrites), as a
 * trace of one file that is the disk: block writes and flushes. What the models say of a file then
 * holds of the disk: after a power cut each block has the content of the last flush or any that it
 * got since.
 */
#ifndef WRITE_LOG_H
#define WRITE_LOG_H

#include <faultsim/trace.h>

enum { WRITE_LOG_DISK = 1 }; /* the file id */

/* Written to the beacon, it ends what is read of the log. */
#define WRITE_LOG_END UINT64_MAX

struct write_log {
    /* FSIM_EV_WRITE and the events of a sync; FSIM_EV_STEP is a write to the beacon, its number
     * what was written there. */
    fsim_trace_t *trace;
    size_t writes, flushes; /* requests after the first beacon */
};

/* `beacon` is the number of the block that the disk has behind its file system. With `forget`
 * flushes count for nothing, as on a disk that ignores them. 0, or a negated errno and a reason. */
int write_log_read(const char *path, uint64_t beacon, bool forget, struct write_log *log,
                   char *reason, size_t reason_bytes);
void write_log_free(struct write_log *log);

#endif

/* SPDX-License-Identifier: MIT */
/* What the recorder's calls share. */
#ifndef RECORD_H
#define RECORD_H

#include "recorder.h"

#include <stdatomic.h>
#include <time.h>

extern atomic_bool recording_now;

/* record.c */
extern const struct backend recording_backend;
bool record_tracks(int fd);

/* record_stranger.c: for children of the recorded process */
extern const struct backend stranger_backend;

/* recorder_call.c. Returns the signal mask, for record_unlock. */
uint64_t record_lock(void);
void record_lock_forget(void); /* in a child: whoever had it is not there */
void record_unlock(uint64_t mask);
/* Whether this thread has the lock: what it stores is the recorder's own. */
bool record_holds_lock(void);
/* The versions that stores made. */
void record_sample(void);

/* Who answers a call: the kernel, or a fault plan in its place. */
struct answer {
    bool planned;
    bool in_part; /* the kernel, but a part of what is read or written only */
    int result;   /* if planned: 0 or a negated errno */
};

/* A sync that is left out is none that has begun. */
static inline bool answer_is_skip(struct answer answer)
{
    return answer.planned && answer.result == 0;
}

/* A call that changes nothing that is recorded is in the trace only if a fault plan has it. */
struct answer record_begin(enum fsim_call call, const struct tracked_file *file, bool changes);
struct answer record_begin_call(enum fsim_call call, const struct tracked_file *file);

/* recorder_syncs.c. Syncs that have begun: the SYNC_BEGIN events from one index up to another; when
 * the call was made that they are parts of. */
struct syncs {
    uint64_t first, end;
    struct timespec made;
};
struct syncs syncs_none(void);
void syncs_begin(struct syncs *syncs, uint32_t file, uint64_t first, uint64_t blocks);
/* Of all files, and of the names. */
void syncs_begin_all(struct syncs *syncs);
/* Data that lies beyond the durable length can be read back only with a longer one. */
void syncs_begin_range(struct syncs *syncs, struct tracked_file *file, uint64_t first,
                       uint64_t end);
void syncs_end(struct syncs syncs, long result);
/* Before the recording began a sync of the files may have failed, in a process that died since. */
void syncs_failed_before(void);

/* recorder_marks.c: makes an empty file. What is written to it from here on is marks. */
int record_marks_from(const char *path);

/* record_memory.c: see struct backend. */
void *record_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset);
int record_munmap(void *address, size_t length);
void *record_mremap(void *old, size_t old_length, size_t new_length, int flags, void *new_address);
int record_mprotect(void *address, size_t length, int protection);
int record_madvise(void *address, size_t length, int advice);
int record_msync(void *address, size_t length, int flags);

static inline uint64_t block_of(off_t offset)
{
    return (uint64_t)offset / FSIM_BLOCK_SIZE;
}

static inline uint64_t block_after(off_t offset)
{
    return ((uint64_t)offset + FSIM_BLOCK_SIZE - 1) / FSIM_BLOCK_SIZE;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A recording and the log of the disk that it was made on, side by side: each disk that a power cut
 * could have left is mounted, and the files on it must be a crash state that the model power-loss
 * has at that instant of the recording, and recover to a state that is legal there.
 */
#ifndef LOGGED_CRASHES_H
#define LOGGED_CRASHES_H

#include <faultsim/explore.h>

struct logged_crashes_options {
    const char *format;                  /* of the file system */
    uint64_t blocks, limit, drawn, seed; /* see disk_states.h */
    bool ignore_flushes;                 /* as a disk would that lies: must be noticed */
    /* Of the first disk that is wrong, its image, the log and the recording go to files whose names
     * begin like this. NULL: nowhere. */
    const char *keep;
};

struct logged_crashes {
    size_t writes, flushes;
    uint64_t disks;     /* different disks, each mounted and read */
    uint64_t files;     /* different contents of the recorded directory among them */
    uint64_t sightings; /* how often one of these was seen between other beacons: all are judged */
    uint64_t not_mounted;              /* disks that the file system refused */
    uint64_t not_admitted, violations; /* sightings */
    bool sampled;
    char first[1024]; /* the first thing that was wrong */
};

/* 0, or a negated errno with result->first saying what failed. */
int logged_crashes_judge(const struct fsim_subject *subject, const fsim_trace_t *recorded,
                         const char *log_path, const struct logged_crashes_options *options,
                         struct logged_crashes *result);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * How a trace lies in memory: one shared mapping, reserved large and filled from the front of each
 * table, so that appending takes no allocation. Processes forked later see it at the same address.
 */
#ifndef TRACE_TABLES_H
#define TRACE_TABLES_H

#include <faultsim/trace.h>

enum {
    TRACE_EVENTS = 1 << 24,
    TRACE_CONTENTS = 1 << 21,
    TRACE_FILES = 1 << 16,
    TRACE_STRINGS = 1 << 20,
    TRACE_MARKS = 1 << 20,
    TRACE_STRING_BYTES = 1 << 27,
    TRACE_PAYLOAD_BYTES = 1 << 30,
    /* Open addressing; at most half full, so that a search ends soon. */
    TRACE_CONTENT_SLOTS = 2 * TRACE_CONTENTS,
    TRACE_STRING_SLOTS = 2 * TRACE_STRINGS,
    /* The longest file that can be recorded: 256 GiB. */
    TRACE_FILE_BLOCKS = 1 << 26,
};

struct fsim_trace {
    size_t reserved_bytes;
    bool full;
    char refusal[448]; /* why it is no good, in a sentence; not saved */
    uint32_t files;
    uint32_t strings;
    uint64_t events;
    uint64_t contents;
    uint64_t marks;
    uint64_t string_bytes;
    uint64_t payload_bytes;

    struct fsim_event *event;
    unsigned char (*content)[FSIM_BLOCK_SIZE]; /* content id - 1 */
    struct fsim_digest *digest;                /* content id - 1 */
    struct fsim_mark *mark;
    char *text;       /* strings one after the other, each with its zero */
    uint32_t *string; /* string id - 1: where in text */
    unsigned char *payload;
    uint32_t *content_slot; /* content ids by digest, 0 = free */
    uint32_t *string_slot;  /* string ids by hash, 0 = free */
    /* The NAME events of a file, newest first: the newest one's index + 1, and for each the one
     * before it, by event. */
    uint32_t *newest_name;
    uint32_t *older_name;
};

/* What can no longer be recorded was lost; from here on the trace says so. */
void trace_overflow(fsim_trace_t *trace);

/* Something was done that no trace can hold. The first reason counts. */
void trace_refuse(fsim_trace_t *trace, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The last name that `file` had when `event` was recorded, else its first; "" if it never had one.
 */
const char *trace_file_name(const fsim_trace_t *trace, uint32_t file, size_t event);

/* Enters into the tables beside them what lies in text, content and event already. */
bool trace_index_string(fsim_trace_t *trace, uint32_t offset);
bool trace_index_content(fsim_trace_t *trace);
void trace_index_event(fsim_trace_t *trace);

#endif

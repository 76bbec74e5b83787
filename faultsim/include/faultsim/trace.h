/* SPDX-License-Identifier: MIT */
/*
 * A trace: what a workload did to the files of one directory, as the capture layer saw it.
 *
 * It is a list of events with tables beside it (block contents, strings, marks), all named by small
 * numbers, so that it can be shared between processes by inheritance and saved to a file as it is.
 * Only recording appends to it.
 */
#ifndef FAULTSIM_TRACE_H
#define FAULTSIM_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FSIM_BLOCK_SIZE 4096

/* Identity of a content or a state: 128 bits of XXH3 (or whatever the caller takes for its states).
 */
struct fsim_digest {
    uint64_t low, high;
};

static inline bool fsim_digest_equal(struct fsim_digest a, struct fsim_digest b)
{
    return a.low == b.low && a.high == b.high;
}

/* The digest of "there is nothing here": no file of that name. */
#define FSIM_ABSENT ((struct fsim_digest){UINT64_C(0x6162736e), UINT64_C(0x6162736e)})

enum { FSIM_NO_FILE = 0, FSIM_ZEROS = 0 }; /* file ids and content ids start at 1 */

/* No block: stands for the length in the sync of a range that reached beyond the durable one. */
#define FSIM_SYNC_LENGTH UINT64_MAX

enum fsim_event_kind {
    /* Changes of what a process would read: each is an instant with versions of its own. */
    FSIM_EV_WRITE,  /* file, number = block, value = content id */
    FSIM_EV_LENGTH, /* file, value = bytes */
    FSIM_EV_NAME,   /* name = string id, file = the file it refers to now, FSIM_NO_FILE = none */
    /* What a sync promised. number of END is the index of its BEGIN event. */
    FSIM_EV_SYNC_BEGIN, /* file (FSIM_NO_FILE = the directory), number = first block, value = blocks
                           (0 = the whole file and its length). number FSIM_SYNC_LENGTH, value 1: of
                           the file its length alone */
    FSIM_EV_SYNC_END,   /* value = 0 or a positive errno */
    /* Where we are. */
    FSIM_EV_CALL,  /* name = string id of the libc call, about to be made; file; value = what the
                      plan  does in its place (enum fsim_action), number = with which errno */
    FSIM_EV_POINT, /* name = string id of the fault point, number = its nth hit, value = what the
                      plan did (enum fsim_action) */
    FSIM_EV_STEP,  /* name = string id of the workload's description of the step, number = step */
    FSIM_EV_MARK,  /* number = index of the mark */
    FSIM_EV_KILL,  /* the process was killed and a new one goes on: private memory is gone */
};

struct fsim_event {
    uint32_t kind; /* enum fsim_event_kind */
    uint32_t file;
    uint32_t name;
    union {
        uint32_t rule; /* CALL, POINT: which one of the plan that was armed, from 1, had it; 0:
                          none, or one that the workload pushed */
        uint32_t microseconds; /* SYNC_END: that the call took */
    };
    uint64_t number;
    uint64_t value;
};

/* What the workload said of the states it makes durable. */
enum fsim_mark_kind {
    FSIM_MARK_BEGIN, /* an attempt to make this state durable begins: legal from here on */
    FSIM_MARK_ACK,   /* acknowledged: from here on only this and later attempts are legal */
};

struct fsim_mark {
    uint32_t kind;  /* enum fsim_mark_kind */
    uint32_t label; /* string id: "snapshot 3 (event 7)" */
    struct fsim_digest state;
    uint64_t payload; /* offset of the workload's own description, for reports */
    uint64_t payload_bytes;
    uint64_t event; /* index of its FSIM_EV_MARK */
};

typedef struct fsim_trace fsim_trace_t;

/* An empty trace in shared memory. -ENOMEM. Processes forked afterwards append to the same trace,
 * one at a time. */
int fsim_trace_new(fsim_trace_t **trace);
void fsim_trace_free(fsim_trace_t *trace);

size_t fsim_trace_events(const fsim_trace_t *trace);
const struct fsim_event *fsim_trace_event(const fsim_trace_t *trace, size_t index);
size_t fsim_trace_files(const fsim_trace_t *trace);    /* highest file id */
size_t fsim_trace_contents(const fsim_trace_t *trace); /* highest content id */
const void *fsim_trace_content(const fsim_trace_t *trace,
                               uint64_t content); /* FSIM_BLOCK_SIZE bytes */
struct fsim_digest fsim_trace_content_digest(const fsim_trace_t *trace, uint64_t content);
const char *fsim_trace_string(const fsim_trace_t *trace, uint32_t string);
size_t fsim_trace_marks(const fsim_trace_t *trace);
const struct fsim_mark *fsim_trace_mark(const fsim_trace_t *trace, size_t index);
const void *fsim_trace_payload(const fsim_trace_t *trace, const struct fsim_mark *mark);
size_t fsim_trace_bytes(const fsim_trace_t *trace); /* memory in use */

/* Appending; used by recording and by tests that build traces by hand. Async-signal-safe; ids, or 0
 * when the trace is full. */
uint32_t fsim_trace_add_string(fsim_trace_t *trace, const char *text);
uint64_t fsim_trace_add_content(fsim_trace_t *trace,
                                const void *block); /* same bytes, same id; zeros are FSIM_ZEROS */
uint32_t fsim_trace_add_file(fsim_trace_t *trace);
uint64_t fsim_trace_add_event(fsim_trace_t *trace, const struct fsim_event *event); /* its index */
uint64_t fsim_trace_add_mark(fsim_trace_t *trace, enum fsim_mark_kind kind, const char *label,
                             struct fsim_digest state, const void *payload, size_t payload_bytes);
bool fsim_trace_full(
    const fsim_trace_t *trace); /* something did not fit: the recording is worthless */

/*
 * What decides which crash states a trace admits and which of them are legal: traces of the same
 * digest have the same verdicts. Which errno a call failed with is not part of it.
 */
struct fsim_digest fsim_trace_digest(const fsim_trace_t *trace);

/* One event as a line of text ("write arena.pma block 5"), for timelines. Returns what snprintf
 * would. */
int fsim_trace_describe(const fsim_trace_t *trace, size_t index, char *text, size_t bytes);

/* To and from a file. 0, a negated errno, or -EILSEQ for a file that is no trace or is damaged. */
int fsim_trace_save(const fsim_trace_t *trace, const char *path);
int fsim_trace_load(const char *path, fsim_trace_t **trace);

#ifdef __cplusplus
}
#endif

#endif

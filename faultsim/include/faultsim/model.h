/* SPDX-License-Identifier: MIT */
/*
 * Persistency models: which crash states a crash point admits. See docs/crash-model.md.
 *
 * Pure arithmetic on a trace; knows no file and no process.
 */
#ifndef FAULTSIM_MODEL_H
#define FAULTSIM_MODEL_H

#include <faultsim/trace.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(identifier, name, one line of help) */
#define FSIM_MODELS(X)                                                                             \
    X(FSIM_PROCESS_KILL, "process-kill", "the process dies, the page cache survives")              \
    X(FSIM_POWER_LOSS, "power-loss",                                                               \
      "each block, length and name is its durable version or any since")                           \
    X(FSIM_TORN, "torn",                                                                           \
      "power-loss, and a block may mix two of its versions: by sectors, a small record by words")  \
    X(FSIM_IO_ERROR, "io-error",                                                                   \
      "power-loss, and what a failed sync covered is written by no later one unless it changes")   \
    X(FSIM_LYING_DISK, "lying-disk",                                                               \
      "power-loss, and no sync made anything durable, whatever it returned")                       \
    X(FSIM_MEDIA, "media",                                                                         \
      "power-loss, and a block at rest is damaged: a flipped bit, zeros, a stray write, a lost "   \
      "one")

enum fsim_model {
#define FSIM_MODEL_ID(id, name, help) id,
    FSIM_MODELS(FSIM_MODEL_ID)
#undef FSIM_MODEL_ID
};

const char *fsim_model_name(enum fsim_model model);
/* The storage itself may be wrong, so that nobody can demand more of a recovery than to notice it
 * or to be right: it may refuse, and it may come back with a whole older state. */
bool fsim_model_distrusts_storage(enum fsim_model model);
int fsim_model_parse(const char *name,
                     enum fsim_model *model); /* -EINVAL if there is none of that name */

/* Something of which a crash state has one version. */
enum fsim_item_kind { FSIM_ITEM_NAME, FSIM_ITEM_LENGTH, FSIM_ITEM_BLOCK };

struct fsim_item {
    uint32_t kind;
    uint32_t file;   /* block, length: file id; name: string id */
    uint64_t number; /* block: its number */
};

/*
 * The crash states of one crash point: for each item, the values it may have. Walks a trace
 * forwards. A value is a content id, a torn mix of two or one with a flipped bit (block), a length
 * in bytes, or a file id (name). Some values stand for damage; no crash state has more than one of
 * these.
 */
typedef struct fsim_cursor fsim_cursor_t;

int fsim_cursor_new(const fsim_trace_t *trace, enum fsim_model model,
                    fsim_cursor_t **cursor); /* before the first event */
void fsim_cursor_free(fsim_cursor_t *cursor);

enum fsim_model fsim_cursor_model(const fsim_cursor_t *cursor);

/* Under FSIM_TORN: the most values of one block, its versions included. The default, 256, which
 * holds all mixes of two versions by sectors. Call it before the first advance. */
void fsim_cursor_limit_tears(fsim_cursor_t *cursor, uint32_t limit);

/* Whether that limit left out values of any block at this instant. */
bool fsim_cursor_sampled(const fsim_cursor_t *cursor);

/* The bytes of a block's value: of the trace, or put together in `scratch`. */
const void *fsim_value_content(const fsim_trace_t *trace, uint64_t value,
                               unsigned char scratch[FSIM_BLOCK_SIZE]);

/* Whether the value of a block mixes two versions, and which. */
bool fsim_value_torn(uint64_t value, uint64_t *newer, uint64_t *older);

/* Whether the value of a block is a content with one bit flipped, and which. */
bool fsim_value_flipped(uint64_t value, uint64_t *content, uint64_t *bit);

/* Applies events until `event` of them are applied (forwards only). */
int fsim_cursor_advance(fsim_cursor_t *cursor, size_t event);

/* The values of an item, latest version first, damage last, without repetition. At least 1. The
 * array is the cursor's, until it advances. */
size_t fsim_cursor_values(const fsim_cursor_t *cursor, struct fsim_item item,
                          const uint64_t **values);

/* How many of these are no damage. */
size_t fsim_cursor_sound(const fsim_cursor_t *cursor, struct fsim_item item);

/* All items with more than one value. The array is the cursor's, until it advances. */
size_t fsim_cursor_undetermined(const fsim_cursor_t *cursor, const struct fsim_item **items);

size_t fsim_cursor_blocks(const fsim_cursor_t *cursor,
                          uint32_t file); /* blocks that the longest legal length has */
size_t
fsim_cursor_names(const fsim_cursor_t *cursor,
                  const uint32_t **names); /* all names with a file in some state: string ids */

/* How many crash states the point admits: exact while below 2^63 (else UINT64_MAX), and as a base-2
 * logarithm. */
uint64_t fsim_cursor_states(const fsim_cursor_t *cursor, double *log2_states);

/* The legal states at this point: indexes of marks, the last acknowledged first, then the attempts
 * begun since. */
size_t fsim_cursor_legal(const fsim_cursor_t *cursor, const size_t **marks);

/*
 * A crash inside the recovery from a crash, and so on: how many there may be in a row. Recoveries
 * are recorded in parts of the trace that come later; a cursor that has been through crashes has
 * applied one part for each, the first of which is the workload's.
 */
enum { FSIM_DEEPEST = 3 };
struct fsim_span {
    size_t first, end; /* events */
};
size_t fsim_cursor_history(const fsim_cursor_t *cursor, const struct fsim_span **spans);
bool fsim_cursor_applied(const fsim_cursor_t *cursor, size_t event);

/*
 * The crash points of a trace: instants before an event, in order, each with the number of events
 * applied. Instants between which neither content, nor durability, nor legality changes are all
 * listed (they are points of their own in the reports). The first is the instant before the first
 * call or fault point: what is recorded before it is what there was to begin with.
 */
struct fsim_crash_point {
    uint32_t index;  /* from 0 */
    uint32_t events; /* events applied */
    uint32_t where;  /* string id: the fault point, else the libc call */
    uint32_t hit;    /* its nth hit */
    uint32_t step;
    enum { FSIM_BEFORE, FSIM_AFTER, FSIM_INSIDE } side;
};
int fsim_crash_points(fsim_trace_t *trace, struct fsim_crash_point **points,
                      size_t *count); /* free() the array */

#ifdef __cplusplus
}
#endif

#endif

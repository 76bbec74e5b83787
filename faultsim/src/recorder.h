/* SPDX-License-Identifier: MIT */
/*
 * What the recorder knows of the process that it records: files, names, descriptors, mappings.
 *
 * Everything lies in fixed tables. All functions are called with the recorder's lock held, that
 * is with signals blocked, and touch no memory of the program's but the paths that it passes.
 */
#ifndef RECORDER_H
#define RECORDER_H

#include "trace_tables.h"

#include <faultsim/calls.h>
#include <faultsim/plan.h>

#include <sys/types.h>
#include <sys/uio.h>

enum {
    RECORDER_FILES = 1024,
    RECORDER_NAMES = 4096,
    RECORDER_DESCRIPTORS = 4096,
    RECORDER_MAPPINGS = 1 << 16,
    RECORDER_NAME_BYTES = 256,
};

struct tracked_file {
    uint32_t id;
    dev_t device;
    ino_t inode;
    /* Our own descriptor: reads whatever the program's may do, and keeps the inode from reuse. */
    int held;
    uint64_t length;
    uint64_t durable_length;   /* at the last sync that covered it */
    uint64_t used_blocks;      /* all versions from here on are zeros */
    bool sync_failed;          /* some time, and may have left blocks clean that are not durable */
    bool dirtied;              /* what is taken now counts as written even if it is as known */
    uint32_t *versions;        /* content ids by block, in a reservation for TRACE_FILE_BLOCKS */
    const unsigned char *view; /* the file itself, or NULL */
    uint64_t view_blocks;
};

struct tracked_name {
    uint32_t string;
    struct tracked_file *file; /* NULL = refers to none now */
};

enum descriptor_kind { UNTRACKED, TRACKED_FILE, TRACKED_DIRECTORY, RECORDERS_OWN, MARKS };

struct tracked_descriptor {
    uint8_t kind;
    uint16_t file; /* index */
};

/* A piece of a mapping of a tracked file. */
struct tracked_mapping {
    uintptr_t start, end;
    uint64_t block; /* at start */
    struct tracked_file *file;
    bool copies; /* MAP_PRIVATE: stores never reach the file. Known for the sake of faults alone. */
    bool writable;
    bool was_writable; /* since the last sample */
};

struct recording {
    fsim_trace_t *trace;
    int directory;
    dev_t device;
    ino_t inode;
    dev_t marks_device; /* see record_marks_from */
    ino_t marks_inode;
    size_t file_count, name_count, mapping_count;
    struct tracked_file files[RECORDER_FILES];
    struct tracked_name names[RECORDER_NAMES];
    struct tracked_descriptor descriptors[RECORDER_DESCRIPTORS];
    struct tracked_mapping mappings[RECORDER_MAPPINGS]; /* by address, disjoint */
};

extern struct recording recording;

/* What a plan wants of a call or of a fault point. */
struct planned {
    const struct fsim_rule *rule; /* NULL: nothing */
    uint32_t number;              /* of that rule, see struct fsim_event */
};

uint64_t record_event(enum fsim_event_kind kind, uint32_t file, uint32_t name, uint64_t number,
                      uint64_t value);

/* recorder_files.c: contents, lengths and names, as the file system has them now, against the last
 * known. Differences become events. */

/* Enters everything that is in the directory now, in the order of the names. */
int files_adopt_directory(const char *path);
void files_release(void);

void file_take_blocks(struct tracked_file *file, uint64_t first, uint64_t end);
/* The same after a call that wrote them: bytes that were there before can be dirty anew. */
void file_take_written(struct tracked_file *file, uint64_t first, uint64_t end);
/* After a store to the bytes [from, to) of a block: what the block was after each of its pieces,
 * then what it is. */
void file_take_store(struct tracked_file *file, uint64_t block, size_t from, size_t to,
                     size_t piece);
void file_take_length(struct tracked_file *file);
void file_forget_cut_blocks(struct tracked_file *file); /* after a sync of the length */
uint64_t file_blocks(const struct tracked_file *file);

/* A name directly below the directory that a path stands for. */
struct place {
    bool inside;
    char name[RECORDER_NAME_BYTES];
};
struct place place_of(int directory, const char *path);
struct tracked_file *file_at(const struct place *place); /* that the name referred to last */
void name_take(const char *name);

/* What a new descriptor is. `place`: where it was opened, or NULL. */
struct tracked_file *descriptor_enter(int fd, const struct place *place);
/* The same for O_TMPFILE: a file without a name, which may be given one. */
void descriptor_enter_unnamed(int fd, int directory, const char *path);
/* NULL if the descriptor is no tracked file's, or no longer. */
struct tracked_file *descriptor_file(int fd);
bool descriptor_is_directory(int fd);
bool descriptor_takes_marks(int fd);
void descriptor_forget(int fd);
/* Descriptors that were there before their file was known. */
void descriptors_find(void);

/* recorder_marks.c: what was written to the file of marks. */
void marks_take(const struct iovec *parts, int count);

/* recorder_mappings.c: which pages show which blocks. */

bool mappings_overlap(uintptr_t start, uintptr_t end);
bool mappings_show_files(uintptr_t start, uintptr_t end); /* other than by copies */
size_t mappings_from(uintptr_t address);                  /* index of the first that ends beyond */
void mappings_add(const struct tracked_mapping *mapping);
void mappings_remove(uintptr_t start, uintptr_t end);
void mappings_protect(uintptr_t start, uintptr_t end, bool writable);
void mappings_move(uintptr_t old, size_t old_bytes, uintptr_t new, size_t new_bytes, bool keep_old);

/* recorder_stores.c: the grain FSIM_GRAIN_STORE. */

void stores_reset(void); /* nothing is watched */
/* Addresses at which stores are of interest from now on, whatever is mapped there. */
void stores_watch(uintptr_t start, uintptr_t end);
bool stores_watched(uintptr_t start, size_t bytes); /* needs no lock */
/* A store is about to be made. */
void stores_next(uintptr_t start, size_t bytes);
/* The one before is done: its versions. */
void stores_settle(void);

/* recorder_call.c: for fault plans. */

void record_point(const char *name, uint64_t hit, struct planned planned);

/* The kernel is asked to write all dirty pages of the recorded files. */
void record_write_back(void);

/* What each call asks before it is made; signal handlers ask too. NULL: no plan is armed. */
typedef struct planned record_ask(enum fsim_call call);
void record_set_faults(record_ask *ask);

/* plan.c: how often the call was made since a plan was armed. */
uint64_t plan_calls(enum fsim_call call);

#endif

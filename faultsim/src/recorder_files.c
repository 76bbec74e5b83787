/* SPDX-License-Identifier: MIT */
/*
 * The files of the recorded directory. A file is an inode, whatever its names; what a call did to
 * it is found out by reading it again, never by looking at the caller's memory, which may be
 * guarded.
 */
#include "interpose.h"
#include "recorder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <faultsim/capture.h>

struct recording recording;

enum { FEWEST_VIEW_BLOCKS = 256 };

uint64_t record_event(enum fsim_event_kind kind, uint32_t file, uint32_t name, uint64_t number,
                      uint64_t value)
{
    return fsim_trace_add_event(
        recording.trace,
        &(struct fsim_event){
            .kind = kind, .file = file, .name = name, .number = number, .value = value});
}

static int open_held(int directory, const char *path, int flags)
{
    int fd = real_open(directory, path, flags | O_CLOEXEC, 0);
    int high;

    if (fd < 0)
        return fd;
    high = kernel_calls.dup(fd, FSIM_OWN_DESCRIPTORS, O_CLOEXEC | DUP_AT_LEAST);
    if (high >= 0) {
        real_close(fd);
        fd = high;
    }
    if (fd < RECORDER_DESCRIPTORS)
        recording.descriptors[fd] = (struct tracked_descriptor){.kind = RECORDERS_OWN};
    return fd;
}

static void close_held(int fd)
{
    if (fd >= 0 && fd < RECORDER_DESCRIPTORS)
        recording.descriptors[fd] = (struct tracked_descriptor){.kind = UNTRACKED};
    real_close(fd);
}

/* Contents and lengths. */

uint64_t file_blocks(const struct tracked_file *file)
{
    return (file->length + FSIM_BLOCK_SIZE - 1) / FSIM_BLOCK_SIZE;
}

static void take_block(struct tracked_file *file, uint64_t block, const void *bytes)
{
    const void *known = fsim_trace_content(recording.trace, file->versions[block]);
    bool same = memcmp(known, bytes, FSIM_BLOCK_SIZE) == 0;

    if (same && !file->dirtied)
        return;
    if (!same)
        file->versions[block] = (uint32_t)fsim_trace_add_content(recording.trace, bytes);
    if (block >= file->used_blocks)
        file->used_blocks = block + 1;
    record_event(FSIM_EV_WRITE, file->id, 0, block, file->versions[block]);
}

static void drop_view(struct tracked_file *file)
{
    if (file->view)
        real_munmap((void *)(uintptr_t)file->view, file->view_blocks * FSIM_BLOCK_SIZE);
    file->view = NULL;
}

/* A mapping of our own, readable whatever the program's are. Comparing through it takes a tenth of
 * the time of reading. */
static const unsigned char *view_of(struct tracked_file *file)
{
    uint64_t blocks = FEWEST_VIEW_BLOCKS;
    void *view;

    if (file->view && file->view_blocks >= file_blocks(file))
        return file->view;
    drop_view(file);
    while (blocks < file_blocks(file))
        blocks *= 2;
    view = real_mmap(NULL, blocks * FSIM_BLOCK_SIZE, PROT_READ, MAP_SHARED, file->held, 0);
    if ((unsigned long)view > -4096UL) {
        trace_overflow(recording.trace);
        return NULL;
    }
    file->view = view;
    file->view_blocks = blocks;
    return file->view;
}

/* Only blocks inside the file exist in memory; `length` must not be out of date. */
void file_take_blocks(struct tracked_file *file, uint64_t first, uint64_t end)
{
    static unsigned char last[FSIM_BLOCK_SIZE];
    uint64_t whole = file->length / FSIM_BLOCK_SIZE;
    const unsigned char *view;

    if (first >= end || first >= file_blocks(file) || !(view = view_of(file)))
        return;
    for (; first < end && first < whole; first++)
        take_block(file, first, view + first * FSIM_BLOCK_SIZE);
    if (first < end && first < file_blocks(file)) {
        /* Stores beyond the end are in the page, but not in the file. */
        size_t inside = file->length % FSIM_BLOCK_SIZE;
        memcpy(last, view + first * FSIM_BLOCK_SIZE, inside);
        memset(last + inside, 0, sizeof(last) - inside);
        take_block(file, first, last);
    }
}

void file_take_written(struct tracked_file *file, uint64_t first, uint64_t end)
{
    file->dirtied = file->sync_failed;
    file_take_blocks(file, first, end);
    file->dirtied = false;
}

void file_take_store(struct tracked_file *file, uint64_t block, size_t from, size_t to,
                     size_t piece)
{
    static unsigned char between[FSIM_BLOCK_SIZE];
    const unsigned char *now;

    if (block < file->length / FSIM_BLOCK_SIZE && (now = view_of(file))) {
        now += block * FSIM_BLOCK_SIZE;
        memcpy(between, fsim_trace_content(recording.trace, file->versions[block]),
               sizeof(between));
        for (size_t at = from / piece * piece; at + piece < to; at += piece) {
            if (memcmp(between + at, now + at, piece) == 0)
                continue;
            memcpy(between + at, now + at, piece);
            take_block(file, block, between);
        }
    }
    file_take_blocks(file, block, block + 1);
}

/*
 * What lies beyond the end is gone: if the file grows again, it reads as zeros. Not before: as long
 * as a crash may bring the old length back, it brings back what was cut off.
 */
static void zero_cut_blocks(struct tracked_file *file, uint64_t first, uint64_t end)
{
    static const unsigned char zeros[FSIM_BLOCK_SIZE];

    file->dirtied = file->sync_failed;
    for (; first < end && first < file->used_blocks; first++)
        take_block(file, first, zeros);
    file->dirtied = false;
}

/* The cut itself is durable: no crash brings back what was cut off. */
void file_forget_cut_blocks(struct tracked_file *file)
{
    uint64_t first = file_blocks(file), end = file->used_blocks, begin;

    if (first >= end)
        return;
    zero_cut_blocks(file, first, end);
    file->used_blocks = first;
    begin = record_event(FSIM_EV_SYNC_BEGIN, file->id, 0, first, end - first);
    record_event(FSIM_EV_SYNC_END, file->id, 0, begin, 0);
}

void file_take_length(struct tracked_file *file)
{
    struct stat status;
    uint64_t before = file->length, first_new;

    if (kernel_calls.stat(file->held, "", &status, AT_EMPTY_PATH) != 0 ||
        (uint64_t)status.st_size > (uint64_t)TRACE_FILE_BLOCKS * FSIM_BLOCK_SIZE) {
        trace_overflow(recording.trace);
        return;
    }
    if ((uint64_t)status.st_size == before)
        return;
    first_new = file_blocks(file);
    file->length = (uint64_t)status.st_size;
    if (file->length > before)
        zero_cut_blocks(file, first_new, file_blocks(file));
    else if (file->length % FSIM_BLOCK_SIZE)
        file_take_written(file, file_blocks(file) - 1, file_blocks(file));
    record_event(FSIM_EV_LENGTH, file->id, 0, 0, file->length);
}

/* A file that may be large and sparse: only its data is read. */
static void take_all(struct tracked_file *file)
{
    off_t data = 0, hole;

    file_take_length(file);
    while ((data = kernel_calls.seek(file->held, data, SEEK_DATA)) >= 0) {
        hole = kernel_calls.seek(file->held, data, SEEK_HOLE);
        if (hole <= data)
            break;
        file_take_blocks(file, (uint64_t)data / FSIM_BLOCK_SIZE,
                         ((uint64_t)hole + FSIM_BLOCK_SIZE - 1) / FSIM_BLOCK_SIZE);
        data = hole;
    }
}

/* Files and names. */

static struct tracked_file *find_file(const struct stat *status)
{
    for (size_t i = 0; i < recording.file_count; i++) {
        struct tracked_file *file = &recording.files[i];
        if (file->inode == status->st_ino && file->device == status->st_dev)
            return file;
    }
    return NULL;
}

static uint32_t *reserve_versions(void)
{
    void *versions = real_mmap(NULL, TRACE_FILE_BLOCKS * sizeof(uint32_t), PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return (unsigned long)versions > -4096UL ? NULL : versions;
}

static void drop_file(struct tracked_file *file)
{
    drop_view(file);
    if (file->held >= 0)
        close_held(file->held);
    if (file->versions)
        real_munmap(file->versions, TRACE_FILE_BLOCKS * sizeof(uint32_t));
}

static struct tracked_file *adopt_file(int held, const struct stat *status)
{
    struct tracked_file *file = &recording.files[recording.file_count];

    if (recording.file_count == RECORDER_FILES) {
        close_held(held);
        trace_overflow(recording.trace);
        return NULL;
    }
    *file = (struct tracked_file){
        .id = fsim_trace_add_file(recording.trace),
        .device = status->st_dev,
        .inode = status->st_ino,
        .held = held,
        .versions = reserve_versions(),
    };
    if (file->id == FSIM_NO_FILE || file->held < 0 || !file->versions) {
        drop_file(file);
        trace_overflow(recording.trace);
        return NULL;
    }
    recording.file_count++;
    take_all(file);
    return file;
}

static struct tracked_name *find_name(const char *name)
{
    for (size_t i = 0; i < recording.name_count; i++)
        if (strcmp(fsim_trace_string(recording.trace, recording.names[i].string), name) == 0)
            return &recording.names[i];
    return NULL;
}

static struct tracked_name *add_name(const char *name)
{
    struct tracked_name *added = &recording.names[recording.name_count];

    if (recording.name_count == RECORDER_NAMES) {
        trace_overflow(recording.trace);
        return NULL;
    }
    *added = (struct tracked_name){.string = fsim_trace_add_string(recording.trace, name)};
    recording.name_count++;
    return added;
}

void name_take(const char *name)
{
    struct stat status;
    struct tracked_name *entry = find_name(name);
    struct tracked_file *file = NULL;

    if (kernel_calls.stat(recording.directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISREG(status.st_mode)) {
        file = find_file(&status);
        if (!file)
            file = adopt_file(open_held(recording.directory, name, O_RDONLY | O_NOFOLLOW), &status);
    }
    if (!entry && file)
        entry = add_name(name);
    if (!entry || entry->file == file)
        return;
    entry->file = file;
    record_event(FSIM_EV_NAME, file ? file->id : FSIM_NO_FILE, entry->string, 0, 0);
}

struct tracked_file *file_at(const struct place *place)
{
    struct tracked_name *entry = place->inside ? find_name(place->name) : NULL;
    return entry ? entry->file : NULL;
}

/* "" is the directory that a descriptor is of. */
static bool is_recorded_directory(int directory, const char *path)
{
    struct stat status;

    return kernel_calls.stat(directory, path, &status, AT_EMPTY_PATH) == 0 &&
           status.st_dev == recording.device && status.st_ino == recording.inode;
}

struct place place_of(int directory, const char *path)
{
    static char parent[PATH_MAX];
    struct place place = {0};
    const char *slash = path ? strrchr(path, '/') : NULL;
    const char *name = slash ? slash + 1 : path;
    size_t parent_bytes = slash ? (size_t)(slash - path) + 1 : 0;

    if (!path || name[0] == '\0' || strlen(name) >= sizeof(place.name) || strcmp(name, ".") == 0 ||
        strcmp(name, "..") == 0 || parent_bytes >= sizeof(parent))
        return place;
    memcpy(parent, path, parent_bytes);
    parent[parent_bytes] = '\0';
    place.inside = is_recorded_directory(directory, parent);
    memcpy(place.name, name, strlen(name) + 1);
    return place;
}

/* The first name after `last` in the order of strcmp, into `next`; needs no memory for the list. */
static int next_name(int directory, const char *last, char next[RECORDER_NAME_BYTES])
{
    static char entries[1 << 14] __attribute__((aligned(8)));
    long bytes;

    next[0] = '\0';
    kernel_calls.seek(directory, 0, SEEK_SET);
    while ((bytes = real_syscall(SYS_getdents64, directory, (long)entries, sizeof(entries), 0, 0,
                                 0)) > 0)
        for (long at = 0; at < bytes;) {
            const struct dirent64 *entry = (const struct dirent64 *)(entries + at);
            if (strcmp(entry->d_name, last) > 0 &&
                (next[0] == '\0' || strcmp(entry->d_name, next) < 0))
                memcpy(next, entry->d_name, strlen(entry->d_name) + 1);
            at += entry->d_reclen;
        }
    return (int)bytes;
}

int files_adopt_directory(const char *path)
{
    char names[2][RECORDER_NAME_BYTES] = {"", ""};
    struct stat status;
    int error;

    recording.directory = open_held(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (recording.directory < 0)
        return recording.directory;
    error = kernel_calls.stat(recording.directory, "", &status, AT_EMPTY_PATH);
    recording.device = status.st_dev;
    recording.inode = status.st_ino;
    for (int turn = 0; error == 0; turn = !turn) {
        error = next_name(recording.directory, names[turn], names[!turn]);
        if (names[!turn][0] == '\0')
            break;
        name_take(names[!turn]);
    }
    descriptors_find();
    return error;
}

void files_release(void)
{
    for (size_t i = 0; i < recording.file_count; i++)
        drop_file(&recording.files[i]);
    close_held(recording.directory);
    recording.file_count = recording.name_count = recording.mapping_count = 0;
    memset(recording.descriptors, 0, sizeof(recording.descriptors));
}

/* Descriptors. */

static void set_descriptor(int fd, enum descriptor_kind kind, const struct tracked_file *file)
{
    if (fd >= RECORDER_DESCRIPTORS) {
        if (kind != UNTRACKED)
            trace_overflow(recording.trace);
        return;
    }
    recording.descriptors[fd] = (struct tracked_descriptor){
        .kind = kind,
        .file = file ? (uint16_t)(file - recording.files) : 0,
    };
}

void descriptor_forget(int fd)
{
    set_descriptor(fd, UNTRACKED, NULL);
}

struct tracked_file *descriptor_enter(int fd, const struct place *place)
{
    struct stat status;
    struct tracked_file *file = NULL;
    enum descriptor_kind kind = UNTRACKED;

    if (kernel_calls.stat(fd, "", &status, AT_EMPTY_PATH) == 0) {
        if (status.st_dev == recording.device && status.st_ino == recording.inode)
            kind = TRACKED_DIRECTORY;
        else if (status.st_dev == recording.marks_device && status.st_ino == recording.marks_inode)
            kind = MARKS;
        else if (S_ISREG(status.st_mode))
            file = find_file(&status);
        if (S_ISREG(status.st_mode) && place && place->inside) {
            name_take(place->name);
            file = find_file(&status);
        }
    }
    set_descriptor(fd, file ? TRACKED_FILE : kind, file);
    return file;
}

void descriptor_enter_unnamed(int fd, int directory, const char *path)
{
    char again[40];
    struct stat status;

    if (!is_recorded_directory(directory, path) ||
        kernel_calls.stat(fd, "", &status, AT_EMPTY_PATH) != 0)
        return;
    snprintf(again, sizeof(again), "/proc/self/fd/%d", fd);
    if (adopt_file(open_held(AT_FDCWD, again, O_RDONLY), &status))
        descriptor_enter(fd, NULL);
}

/*
 * A descriptor may have been closed by libc itself (fclose, closedir) and its number have gone to
 * something else, so that it is looked at again each time.
 */
static bool still_is(int fd, dev_t device, ino_t inode)
{
    struct stat status;

    if (kernel_calls.stat(fd, "", &status, AT_EMPTY_PATH) == 0 && status.st_dev == device &&
        status.st_ino == inode)
        return true;
    descriptor_forget(fd);
    return false;
}

struct tracked_file *descriptor_file(int fd)
{
    struct tracked_file *file;

    if (fd < 0 || fd >= RECORDER_DESCRIPTORS || recording.descriptors[fd].kind != TRACKED_FILE)
        return NULL;
    file = &recording.files[recording.descriptors[fd].file];
    return still_is(fd, file->device, file->inode) ? file : NULL;
}

bool descriptor_is_directory(int fd)
{
    return fd >= 0 && fd < RECORDER_DESCRIPTORS &&
           recording.descriptors[fd].kind == TRACKED_DIRECTORY &&
           still_is(fd, recording.device, recording.inode);
}

/* One call for many numbers: to ask for the status of each would cost more than many a workload. */
bool descriptor_takes_marks(int fd)
{
    return fd >= 0 && fd < RECORDER_DESCRIPTORS && recording.descriptors[fd].kind == MARKS &&
           still_is(fd, recording.marks_device, recording.marks_inode);
}

void descriptors_find(void)
{
    enum { TOGETHER = 256 };
    struct pollfd asked[TOGETHER] = {0};

    for (int first = 0; first < RECORDER_DESCRIPTORS; first += TOGETHER) {
        for (int i = 0; i < TOGETHER; i++)
            asked[i].fd = first + i;
        if (poll(asked, TOGETHER, 0) <= 0) /* none that could be told to be closed is */
            memset(asked, 0, sizeof(asked));
        for (int i = 0; i < TOGETHER; i++)
            if (!(asked[i].revents & POLLNVAL) &&
                recording.descriptors[first + i].kind == UNTRACKED)
                descriptor_enter(first + i, NULL);
    }
}

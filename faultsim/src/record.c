/* SPDX-License-Identifier: MIT */
/*
 * The recording backend: each captured call first takes the versions that stores have made since
 * the last one, then says that it is about to be made, is made, and what it changed is read back.
 *
 * Calls that matter are made one at a time, under a spin lock with all signals blocked that can be:
 * a signal handler that makes such a call finds the lock free or held by another thread, never by
 * the code that it interrupted. Calls on anything else take neither.
 *
 * A process that stops recording, or is taken as killed, loses its POSIX record locks on the
 * recorded files, as it does when any descriptor of them is closed.
 */
#include "record.h"
#include "interpose.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <sys/syscall.h>

bool record_tracks(int fd)
{
    return fd >= 0 && fd < RECORDER_DESCRIPTORS &&
           __atomic_load_n(&recording.descriptors[fd].kind, __ATOMIC_RELAXED) != UNTRACKED;
}

static bool is_recorders_own(int fd)
{
    return fd >= 0 && fd < RECORDER_DESCRIPTORS && recording.descriptors[fd].kind == RECORDERS_OWN;
}

static int record_open(int directory, const char *path, int flags, mode_t mode)
{
    uint64_t mask = record_lock();
    struct place place = place_of(directory, path);
    struct answer answer = {0};
    struct tracked_file *file;
    int fd;

    if (place.inside)
        answer = record_begin(FSIM_CALL_OPEN, file_at(&place),
                              flags & (O_CREAT | O_TRUNC) && !(flags & O_PATH));
    if (answer.planned) {
        fd = answer.result;
    } else if (!place.inside) {
        /* It may be a FIFO, and block; nothing depends on the order of this call. */
        record_unlock(mask);
        fd = real_open(directory, path, flags, mode);
        mask = record_lock();
    } else {
        fd = real_open(directory, path, flags, mode);
    }
    if (fd >= 0 && (flags & O_TMPFILE) == O_TMPFILE) {
        descriptor_enter_unnamed(fd, directory, path);
    } else if (fd >= 0 && !(flags & O_PATH)) {
        file = descriptor_enter(fd, &place);
        if (file && flags & O_TRUNC)
            file_take_length(file);
    }
    record_unlock(mask);
    return fd;
}

static int record_close(int fd)
{
    uint64_t mask = record_lock();
    struct tracked_file *file = descriptor_file(fd);
    struct answer answer = {0};
    int result = -EBADF;

    if (file)
        answer = record_begin_call(FSIM_CALL_CLOSE, file);
    /* The kernel has given the descriptor up when it reports an error. */
    if (!is_recorders_own(fd) && !answer_is_skip(answer)) {
        result = real_close(fd);
        descriptor_forget(fd);
    }
    record_unlock(mask);
    return answer.planned ? answer.result : result;
}

static int record_dup(int fd, int wanted, int flags)
{
    uint64_t mask = record_lock();
    int result = -EBADF;

    if (!is_recorders_own(fd) &&
        (wanted < 0 || flags & DUP_AT_LEAST || !is_recorders_own(wanted))) {
        result = kernel_calls.dup(fd, wanted, flags);
        if (result >= 0)
            descriptor_enter(result, NULL);
    }
    record_unlock(mask);
    return result;
}

static size_t total_bytes(const struct iovec *parts, int count)
{
    size_t total = 0;

    for (int i = 0; i < count; i++)
        total += parts[i].iov_len;
    return total;
}

/* Where a write ended that may have gone to the end of the file or to the descriptor's offset. */
static off_t end_of_write(int fd, const struct tracked_file *file, off_t offset, bool appends,
                          ssize_t written)
{
    if (appends)
        return (off_t)file->length;
    if (offset == -1)
        return kernel_calls.seek(fd, 0, SEEK_CUR);
    return offset + written;
}

typedef ssize_t transfer(int fd, const struct iovec *parts, int count, off_t offset, int flags);

/* The first half of the bytes, in two calls where it ends within a part. */
static ssize_t transfer_half(transfer *call, int fd, const struct iovec *parts, int count,
                             off_t offset, int flags)
{
    size_t bytes = total_bytes(parts, count) / 2;
    struct iovec last;
    ssize_t result = 0, more;
    int whole = 0;

    bytes = bytes > 0 ? bytes : 1;
    while (whole < count && parts[whole].iov_len <= bytes)
        bytes -= parts[whole++].iov_len;
    if (whole > 0)
        result = call(fd, parts, whole, offset, flags);
    if (result < 0 || bytes == 0 || whole == count)
        return result;
    last = (struct iovec){parts[whole].iov_base, bytes};
    more = call(fd, &last, 1, offset == -1 ? -1 : offset + result, flags);
    return more < 0 ? (result > 0 ? result : more) : result + more;
}

static ssize_t make_transfer(struct answer answer, transfer *call, int fd,
                             const struct iovec *parts, int count, off_t offset, int flags)
{
    if (answer.planned)
        return answer.result < 0 ? answer.result : (ssize_t)total_bytes(parts, count);
    if (answer.in_part)
        return transfer_half(call, fd, parts, count, offset, flags);
    return call(fd, parts, count, offset, flags);
}

static ssize_t record_read(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
    uint64_t mask = record_lock();
    struct tracked_file *file = descriptor_file(fd);
    struct answer answer = {0};

    if (file)
        answer = record_begin(offset == -1 ? FSIM_CALL_READ : FSIM_CALL_PREAD, file, false);
    /* What is read may be a pipe, and the page that it goes to may be the program's to map. */
    record_unlock(mask);
    return make_transfer(answer, kernel_calls.read, fd, parts, count, offset, flags);
}

static ssize_t record_write(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
    uint64_t mask = record_lock();
    struct tracked_file *file = descriptor_file(fd);
    struct answer answer;
    long status_flags;
    ssize_t result;

    if (!file) {
        if (descriptor_takes_marks(fd))
            marks_take(parts, count);
        record_unlock(mask);
        return kernel_calls.write(fd, parts, count, offset, flags);
    }
    answer = record_begin_call(offset == -1 ? FSIM_CALL_WRITE : FSIM_CALL_PWRITE, file);
    status_flags = real_syscall(SYS_fcntl, fd, F_GETFL, 0, 0, 0, 0);
    result = make_transfer(answer, kernel_calls.write, fd, parts, count, offset, flags);
    file_take_length(file);
    if (result > 0 && !answer.planned) {
        off_t end =
            end_of_write(fd, file, offset, status_flags & O_APPEND || flags & RWF_APPEND, result);
        uint64_t first = block_of(end - result), behind = block_after(end);

        file_take_written(file, first, behind);
        if (status_flags & O_DSYNC || flags & (RWF_DSYNC | RWF_SYNC)) {
            struct syncs syncs = syncs_none();
            syncs_begin_range(&syncs, file, first, behind);
            syncs_end(syncs, 0);
        }
    } else if (result < 0 && offset != -1 && result != -EFAULT) {
        /* A write that failed may have got somewhere. */
        file_take_written(file, block_of(offset),
                          block_after(offset + (off_t)total_bytes(parts, count)));
    }
    record_unlock(mask);
    return result;
}

static int record_sync(int fd, bool data_only)
{
    uint64_t mask = record_lock();
    struct tracked_file *file = descriptor_file(fd);
    struct answer answer;
    struct syncs syncs;
    int result;

    if (!file && !descriptor_is_directory(fd)) {
        record_unlock(mask);
        return kernel_calls.sync(fd, data_only);
    }
    answer = record_begin_call(data_only ? FSIM_CALL_FDATASYNC : FSIM_CALL_FSYNC, file);
    syncs = syncs_none();
    if (!answer_is_skip(answer))
        syncs_begin(&syncs, file ? file->id : FSIM_NO_FILE, 0, 0);
    clock_gettime(CLOCK_MONOTONIC, &syncs.made);
    result = answer.planned ? answer.result : kernel_calls.sync(fd, data_only);
    syncs_end(syncs, result);
    record_unlock(mask);
    return result;
}

/* All that is recorded, if it lies on the file system that is meant. */
static int record_sync_all(int fd)
{
    uint64_t mask = record_lock();
    struct stat status = {.st_dev = recording.device};
    struct answer answer;
    struct syncs syncs;
    int result = fd < 0 ? 0 : kernel_calls.stat(fd, "", &status, AT_EMPTY_PATH);

    if (result < 0 || status.st_dev != recording.device) {
        record_unlock(mask);
        return result < 0 ? result : kernel_calls.sync_all(fd);
    }
    answer = record_begin_call(FSIM_CALL_FSYNC, NULL);
    syncs = syncs_none();
    if (!answer_is_skip(answer))
        syncs_begin_all(&syncs);
    clock_gettime(CLOCK_MONOTONIC, &syncs.made);
    result = answer.planned ? answer.result : kernel_calls.sync_all(fd);
    syncs_end(syncs, result);
    record_unlock(mask);
    return result;
}

static int record_sync_file_range(int fd, off_t offset, off_t bytes, unsigned flags)
{
    uint64_t mask = record_lock();
    struct tracked_file *file = descriptor_file(fd);
    struct answer answer = {0};
    int result;

    if (file)
        answer = record_begin_call(FSIM_CALL_SYNC_FILE_RANGE, file);
    result =
        answer.planned ? answer.result : kernel_calls.sync_file_range(fd, offset, bytes, flags);
    record_unlock(mask);
    return result;
}

static int record_truncate(int fd, off_t length)
{
    uint64_t mask = record_lock();
    struct tracked_file *file = descriptor_file(fd);
    struct answer answer = {0};
    int result;

    if (file)
        answer = record_begin_call(FSIM_CALL_FTRUNCATE, file);
    result = answer.planned ? answer.result : real_ftruncate(fd, length);
    if (file)
        file_take_length(file);
    record_unlock(mask);
    return result;
}

static int record_allocate(int fd, int mode, off_t offset, off_t bytes)
{
    uint64_t mask = record_lock();
    struct tracked_file *file = descriptor_file(fd);
    struct answer answer = {0};
    int result;

    if (file)
        answer = record_begin_call(FSIM_CALL_FALLOCATE, file);
    result = answer.planned ? answer.result : kernel_calls.allocate(fd, mode, offset, bytes);
    if (file) {
        file_take_length(file);
        if (mode & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE))
            file_take_written(file, block_of(offset), block_after(offset + bytes));
        if (mode & (FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_INSERT_RANGE))
            file_take_written(file, block_of(offset), file_blocks(file));
    }
    record_unlock(mask);
    return result;
}

/* What a call on names did: both are looked up again, the one that came into being first. */
static void take_names(const struct place *new, const struct place *old)
{
    size_t known = recording.file_count;

    if (new->inside)
        name_take(new->name);
    if (old && old->inside)
        name_take(old->name);
    if (recording.file_count > known)
        descriptors_find();
}

static int record_rename(int old_directory, const char *old_path, int new_directory,
                         const char *new_path, unsigned flags)
{
    uint64_t mask = record_lock();
    struct place old = place_of(old_directory, old_path);
    struct place new = place_of(new_directory, new_path);
    struct answer answer = {0};
    int result;

    if (old.inside || new.inside)
        answer = record_begin_call(FSIM_CALL_RENAME, file_at(old.inside ? &old : &new));
    result = answer.planned
                 ? answer.result
                 : kernel_calls.rename(old_directory, old_path, new_directory, new_path, flags);
    if (result == 0)
        take_names(&new, &old);
    record_unlock(mask);
    return result;
}

static int record_link(int old_directory, const char *old_path, int new_directory,
                       const char *new_path, int flags)
{
    uint64_t mask = record_lock();
    struct place old = place_of(old_directory, old_path);
    struct place new = place_of(new_directory, new_path);
    struct answer answer = {0};
    int result;

    if (new.inside)
        answer = record_begin_call(FSIM_CALL_LINK, file_at(&old));
    result = answer.planned
                 ? answer.result
                 : kernel_calls.link(old_directory, old_path, new_directory, new_path, flags);
    if (result == 0)
        take_names(&new, NULL);
    record_unlock(mask);
    return result;
}

static int record_unlink(int directory, const char *path, int flags)
{
    uint64_t mask = record_lock();
    struct place place = place_of(directory, path);
    struct answer answer = {0};
    int result;

    if (place.inside && !(flags & AT_REMOVEDIR))
        answer = record_begin_call(FSIM_CALL_UNLINK, file_at(&place));
    result = answer.planned ? answer.result : kernel_calls.unlink(directory, path, flags);
    if (result == 0)
        take_names(&place, NULL);
    record_unlock(mask);
    return result;
}

const struct backend recording_backend = {
    .reentrant = true,
    .tracks = record_tracks,
    .open = record_open,
    .close = record_close,
    .dup = record_dup,
    .read = record_read,
    .write = record_write,
    .mmap = record_mmap,
    .munmap = record_munmap,
    .mremap = record_mremap,
    .mprotect = record_mprotect,
    .madvise = record_madvise,
    .msync = record_msync,
    .sync = record_sync,
    .sync_all = record_sync_all,
    .sync_file_range = record_sync_file_range,
    .truncate = record_truncate,
    .allocate = record_allocate,
    .rename = record_rename,
    .link = record_link,
    .unlink = record_unlink,
};

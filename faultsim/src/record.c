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
#include "interpose.h"
#include "recorder.h"

#include <faultsim/capture.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

static atomic_bool recording_now;
static atomic_flag held = ATOMIC_FLAG_INIT;
/* This thread has the lock: what it stores is the recorder's own. */
static _Thread_local bool holding __attribute__((tls_model("initial-exec")));

/* The kernel's signal sets are one word. Faults stay open: blocked ones would kill. */
static const uint64_t asynchronous =
    ~(UINT64_C(1) << (SIGSEGV - 1) | UINT64_C(1) << (SIGBUS - 1) | UINT64_C(1) << (SIGILL - 1) |
      UINT64_C(1) << (SIGFPE - 1) | UINT64_C(1) << (SIGTRAP - 1));

static uint64_t lock(void)
{
    uint64_t mask = 0;

    real_syscall(SYS_rt_sigprocmask, SIG_BLOCK, (long)&asynchronous, (long)&mask, sizeof(mask), 0,
                 0);
    while (atomic_flag_test_and_set_explicit(&held, memory_order_acquire))
        real_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
    holding = true;
    return mask;
}

static struct {
    int fd;
    off_t offset;
    uint64_t told;
} beacon = {.fd = -1};

static void tell_position(void)
{
    unsigned char block[FSIM_BLOCK_SIZE] = {0};
    uint64_t events;

    if (beacon.fd < 0)
        return;
    events = fsim_trace_events(recording.trace);
    if (events == beacon.told)
        return;
    beacon.told = events;
    memcpy(block, &events, sizeof(events));
    real_pwrite(beacon.fd, block, sizeof(block), beacon.offset);
}

static void unlock(uint64_t mask)
{
    tell_position();
    holding = false;
    atomic_flag_clear_explicit(&held, memory_order_release);
    real_syscall(SYS_rt_sigprocmask, SIG_SETMASK, (long)&mask, 0, sizeof(mask), 0, 0);
}

/* The versions that stores made. Lengths first: what is no longer in a file must not be touched. */
static void sample(void)
{
    const struct tracked_file *measured = NULL;

    stores_settle();
    for (size_t i = 0; i < recording.mapping_count; i++) {
        struct tracked_mapping *mapping = &recording.mappings[i];
        if (mapping->copies || (!mapping->writable && !mapping->was_writable))
            continue;
        mapping->was_writable = false;
        if (mapping->file != measured)
            file_take_length(mapping->file);
        measured = mapping->file;
        file_take_blocks(mapping->file, mapping->block,
                         mapping->block + (mapping->end - mapping->start) / FSIM_BLOCK_SIZE);
    }
}

static _Atomic(record_ask *) ask_for_fault;

void record_set_faults(record_ask *ask)
{
    atomic_store(&ask_for_fault, ask);
}

static void start_write_back(void)
{
    for (size_t i = 0; i < recording.file_count; i++)
        kernel_calls.sync_file_range(recording.files[i].held, 0, 0, SYNC_FILE_RANGE_WRITE);
}

/* Who answers a call: the kernel, or a fault plan in its place. */
struct answer {
    bool planned;
    bool in_part; /* the kernel, but a part of what is read or written only */
    int result;   /* if planned: 0 or a negated errno */
};

/* What a fault plan has a call fail with; 0 if it is not to fail. */
static int planned_error(enum fsim_call call, const struct fsim_rule *rule)
{
    if (!rule || rule->action != FSIM_ACTION_ERROR)
        return 0;
    return rule->error ? rule->error : fsim_calls[call].error;
}

static struct answer answer_by(enum fsim_call call, const struct fsim_rule *rule)
{
    switch (rule->action) {
    case FSIM_ACTION_ERROR:
        return (struct answer){.planned = true, .result = -planned_error(call, rule)};
    case FSIM_ACTION_SKIP:
        return (struct answer){.planned = !fsim_calls[call].needed};
    case FSIM_ACTION_SHORT:
        return (struct answer){.in_part = fsim_calls[call].transfers};
    case FSIM_ACTION_EVICT:
        start_write_back();
        break;
    case FSIM_ACTION_CRASH:
        real_syscall(SYS_exit_group, FSIM_CRASH_EXIT, 0, 0, 0, 0, 0);
        break;
    case FSIM_ACTION_NONE:
        break;
    }
    return (struct answer){0};
}

static void record_planned(const struct fsim_event *event, struct planned planned)
{
    struct fsim_event complete = *event;

    complete.value = planned.rule ? planned.rule->action : FSIM_ACTION_NONE;
    complete.of_run = planned.of_run;
    fsim_trace_add_event(recording.trace, &complete);
}

/* A call that changes nothing that is recorded is in the trace only if a fault plan has it. */
static struct answer begin(enum fsim_call call, const struct tracked_file *file, bool changes)
{
    static const size_t family = sizeof("call/") - 1;
    record_ask *ask = atomic_load(&ask_for_fault);
    const struct planned planned = ask ? ask(call) : (struct planned){0};

    if (changes || planned.rule) {
        sample();
        record_planned(&(struct fsim_event){.kind = FSIM_EV_CALL,
                                            .file = file ? file->id : FSIM_NO_FILE,
                                            .name = fsim_trace_add_string(
                                                recording.trace, fsim_calls[call].point + family),
                                            .number = (uint64_t)planned_error(call, planned.rule)},
                       planned);
        tell_position();
    }
    return planned.rule ? answer_by(call, planned.rule) : (struct answer){0};
}

/* A sync that is left out is none that has begun. */
static bool is_skipped(struct answer answer)
{
    return answer.planned && answer.result == 0;
}

static struct answer begin_call(enum fsim_call call, const struct tracked_file *file)
{
    return begin(call, file, true);
}

/* Syncs that have begun: the SYNC_BEGIN events from one index up to another; when the call was made
 * that they are parts of. */
struct syncs {
    uint64_t first, end;
    struct timespec made;
};

static struct syncs no_syncs(void)
{
    uint64_t now = fsim_trace_events(recording.trace);
    return (struct syncs){.first = now, .end = now};
}

static uint32_t microseconds_since(const struct timespec *then)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t passed =
        (now.tv_sec - then->tv_sec) * INT64_C(1000000) + (now.tv_nsec - then->tv_nsec) / 1000;
    return passed < 0 ? 0 : passed > UINT32_MAX ? UINT32_MAX : (uint32_t)passed;
}

static void begin_sync(struct syncs *syncs, uint32_t file, uint64_t first, uint64_t blocks)
{
    record_event(FSIM_EV_SYNC_BEGIN, file, 0, first, blocks);
    syncs->end = fsim_trace_events(recording.trace);
}

/* Data that lies beyond the durable length can be read back only with a longer one. */
static void begin_range_sync(struct syncs *syncs, struct tracked_file *file, uint64_t first,
                             uint64_t end)
{
    if (end > file_blocks(file))
        end = file_blocks(file);
    if (first >= end)
        return;
    begin_sync(syncs, file->id, first, end - first);
    if (end * FSIM_BLOCK_SIZE > file->durable_length && file->length != file->durable_length)
        begin_sync(syncs, file->id, FSIM_SYNC_LENGTH, 1);
}

static void note_durable_length(const struct fsim_event *sync)
{
    if (sync->value != 0 && sync->number != FSIM_SYNC_LENGTH)
        return;
    for (size_t i = 0; i < recording.file_count; i++) {
        if (recording.files[i].id != sync->file)
            continue;
        recording.files[i].durable_length = recording.files[i].length;
        file_forget_cut_blocks(&recording.files[i]);
    }
}

static void note_failed_sync(const struct fsim_event *sync)
{
    for (size_t i = 0; i < recording.file_count; i++)
        if (recording.files[i].id == sync->file)
            recording.files[i].sync_failed = true;
}

static void end_syncs(struct syncs syncs, long result)
{
    uint32_t microseconds = syncs.made.tv_sec == 0 ? 0 : microseconds_since(&syncs.made);
    for (uint64_t i = syncs.first; i < syncs.end; i++) {
        const struct fsim_event *begun = fsim_trace_event(recording.trace, i);
        fsim_trace_add_event(recording.trace,
                             &(struct fsim_event){.kind = FSIM_EV_SYNC_END,
                                                  .file = begun->file,
                                                  .microseconds = microseconds,
                                                  .number = i,
                                                  .value = result < 0 ? (uint64_t)-result : 0});
        if (result >= 0)
            note_durable_length(begun);
        else
            note_failed_sync(begun);
    }
}

static bool tracks(int fd)
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
    uint64_t mask = lock();
    struct place place = place_of(directory, path);
    struct answer answer = {0};
    struct tracked_file *file;
    int fd;

    if (place.inside)
        answer = begin(FSIM_CALL_OPEN, file_at(&place),
                       flags & (O_CREAT | O_TRUNC) && !(flags & O_PATH));
    if (answer.planned) {
        fd = answer.result;
    } else if (!place.inside) {
        /* It may be a FIFO, and block; nothing depends on the order of this call. */
        unlock(mask);
        fd = real_open(directory, path, flags, mode);
        mask = lock();
    } else {
        fd = real_open(directory, path, flags, mode);
    }
    if (fd >= 0 && !(flags & O_PATH)) {
        file = descriptor_enter(fd, &place);
        if (file && flags & O_TRUNC)
            file_take_length(file);
    }
    unlock(mask);
    return fd;
}

static int record_close(int fd)
{
    uint64_t mask = lock();
    struct tracked_file *file = descriptor_file(fd);
    struct answer answer = {0};
    int result = -EBADF;

    if (file)
        answer = begin_call(FSIM_CALL_CLOSE, file);
    /* The kernel has given the descriptor up when it reports an error. */
    if (!is_recorders_own(fd) && !is_skipped(answer)) {
        result = real_close(fd);
        descriptor_forget(fd);
    }
    unlock(mask);
    return answer.planned ? answer.result : result;
}

static int record_dup(int fd, int wanted, int flags)
{
    uint64_t mask = lock();
    int result = -EBADF;

    if (!is_recorders_own(fd) &&
        (wanted < 0 || flags & DUP_AT_LEAST || !is_recorders_own(wanted))) {
        result = kernel_calls.dup(fd, wanted, flags);
        if (result >= 0)
            descriptor_enter(result, NULL);
    }
    unlock(mask);
    return result;
}

static uint64_t block_of(off_t offset)
{
    return (uint64_t)offset / FSIM_BLOCK_SIZE;
}

static uint64_t block_after(off_t offset)
{
    return ((uint64_t)offset + FSIM_BLOCK_SIZE - 1) / FSIM_BLOCK_SIZE;
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
    uint64_t mask = lock();
    struct tracked_file *file = descriptor_file(fd);
    struct answer answer = {0};

    if (file)
        answer = begin(offset == -1 ? FSIM_CALL_READ : FSIM_CALL_PREAD, file, false);
    /* What is read may be a pipe, and the page that it goes to may be the program's to map. */
    unlock(mask);
    return make_transfer(answer, kernel_calls.read, fd, parts, count, offset, flags);
}

static ssize_t record_write(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
    uint64_t mask = lock();
    struct tracked_file *file = descriptor_file(fd);
    struct answer answer;
    long status_flags;
    ssize_t result;

    if (!file) {
        unlock(mask);
        return kernel_calls.write(fd, parts, count, offset, flags);
    }
    answer = begin_call(offset == -1 ? FSIM_CALL_WRITE : FSIM_CALL_PWRITE, file);
    status_flags = real_syscall(SYS_fcntl, fd, F_GETFL, 0, 0, 0, 0);
    result = make_transfer(answer, kernel_calls.write, fd, parts, count, offset, flags);
    file_take_length(file);
    if (result > 0 && !answer.planned) {
        off_t end =
            end_of_write(fd, file, offset, status_flags & O_APPEND || flags & RWF_APPEND, result);
        uint64_t first = block_of(end - result), behind = block_after(end);

        file_take_written(file, first, behind);
        if (status_flags & O_DSYNC || flags & (RWF_DSYNC | RWF_SYNC)) {
            struct syncs syncs = no_syncs();
            begin_range_sync(&syncs, file, first, behind);
            end_syncs(syncs, 0);
        }
    } else if (result < 0 && offset != -1 && result != -EFAULT) {
        /* A write that failed may have got somewhere. */
        file_take_written(file, block_of(offset),
                          block_after(offset + (off_t)total_bytes(parts, count)));
    }
    unlock(mask);
    return result;
}

static uintptr_t end_of(uintptr_t start, size_t length)
{
    return start + (length + FSIM_BLOCK_SIZE - 1) / FSIM_BLOCK_SIZE * FSIM_BLOCK_SIZE;
}

static bool failed(const void *address)
{
    return (unsigned long)address > -4096UL;
}

/* Where nothing is mapped yet a fault handler may map a file, for a store that has called back by
 * then. */
static void watch_reservation(uintptr_t start, size_t length)
{
    uint64_t mask = lock();

    stores_watch(start, end_of(start, length));
    unlock(mask);
}

static void *record_mmap(void *address, size_t length, int protection, int flags, int fd,
                         off_t offset)
{
    uint64_t mask;
    struct answer answer = {0};
    struct tracked_file *file;
    uintptr_t start;
    bool changes;

    if (!(flags & MAP_FIXED) && (flags & MAP_ANONYMOUS || !tracks(fd))) {
        address = real_mmap(address, length, protection, flags, fd, offset);
        if (protection == PROT_NONE && !failed(address))
            watch_reservation((uintptr_t)address, length);
        return address;
    }

    mask = lock();
    file = flags & MAP_ANONYMOUS ? NULL : descriptor_file(fd);
    start = (uintptr_t)address;
    changes = file || (flags & MAP_FIXED && mappings_show_files(start, end_of(start, length)));
    if (changes || (flags & MAP_FIXED && mappings_overlap(start, end_of(start, length))))
        answer = begin(FSIM_CALL_MMAP, file, changes);
    address = answer.planned ? (void *)(intptr_t)answer.result
                             : real_mmap(address, length, protection, flags, fd, offset);
    if (!failed(address)) {
        start = (uintptr_t)address;
        mappings_remove(start, end_of(start, length));
        if (file)
            mappings_add(&(struct tracked_mapping){
                .start = start,
                .end = end_of(start, length),
                .block = block_of(offset),
                .file = file,
                .copies = (flags & MAP_TYPE) == MAP_PRIVATE,
                .writable = protection & PROT_WRITE,
            });
    }
    unlock(mask);
    return address;
}

/* The file of a range, for the event: that of its first mapping. */
static struct tracked_file *file_of_range(uintptr_t start)
{
    return recording.mappings[mappings_from(start)].file;
}

/* Locks if the range maps any block of a tracked file, and says that the call is about to be made.
 */
static bool begin_call_on_range(enum fsim_call call, const void *address, size_t length,
                                uint64_t *mask, struct answer *answer)
{
    uintptr_t start = (uintptr_t)address, end = end_of(start, length);

    *mask = lock();
    if (mappings_overlap(start, end)) {
        *answer = begin(call, file_of_range(start), mappings_show_files(start, end));
        return true;
    }
    unlock(*mask);
    return false;
}

static int record_munmap(void *address, size_t length)
{
    struct answer answer;
    uint64_t mask;
    int result;

    if (!begin_call_on_range(FSIM_CALL_MUNMAP, address, length, &mask, &answer))
        return real_munmap(address, length);
    result = answer.planned ? answer.result : real_munmap(address, length);
    if (result == 0 && !answer.planned)
        mappings_remove((uintptr_t)address, end_of((uintptr_t)address, length));
    unlock(mask);
    return result;
}

static void *record_mremap(void *old, size_t old_length, size_t new_length, int flags,
                           void *new_address)
{
    uint64_t mask = lock();
    uintptr_t start = (uintptr_t)old, target = (uintptr_t)new_address;
    bool tracked = mappings_overlap(start, end_of(start, old_length ? old_length : 1));
    bool covers = flags & MREMAP_FIXED && mappings_overlap(target, end_of(target, new_length));
    struct answer answer = {0};
    void *result;

    if (tracked || covers)
        answer = begin(FSIM_CALL_MREMAP, file_of_range(tracked ? start : target),
                       mappings_show_files(start, end_of(start, old_length ? old_length : 1)) ||
                           (covers && mappings_show_files(target, end_of(target, new_length))));
    result = answer.planned ? (void *)(intptr_t)answer.result
                            : kernel_calls.mremap(old, old_length, new_length, flags, new_address);
    if (!failed(result)) {
        target = (uintptr_t)result;
        if (tracked)
            mappings_move(start, end_of(0, old_length), target, end_of(0, new_length),
                          flags & MREMAP_DONTUNMAP);
        else
            mappings_remove(target, end_of(target, new_length));
    }
    unlock(mask);
    return result;
}

static int record_mprotect(void *address, size_t length, int protection)
{
    struct answer answer;
    uint64_t mask;
    int result;

    if (!begin_call_on_range(FSIM_CALL_MPROTECT, address, length, &mask, &answer))
        return real_mprotect(address, length, protection);
    result = answer.planned ? answer.result : real_mprotect(address, length, protection);
    if (result == 0 && !answer.planned)
        mappings_protect((uintptr_t)address, end_of((uintptr_t)address, length),
                         protection & PROT_WRITE);
    unlock(mask);
    return result;
}

/* The blocks that a mapping shows between two addresses. */
static void blocks_of(const struct tracked_mapping *mapping, uintptr_t start, uintptr_t end,
                      uint64_t *first, uint64_t *behind)
{
    uintptr_t from = mapping->start > start ? mapping->start : start;
    uintptr_t to = mapping->end < end ? mapping->end : end;

    *first = mapping->block + (from - mapping->start) / FSIM_BLOCK_SIZE;
    *behind = mapping->block + (to - mapping->start) / FSIM_BLOCK_SIZE;
}

static int record_madvise(void *address, size_t length, int advice)
{
    uintptr_t start = (uintptr_t)address, end = end_of(start, length);
    uint64_t mask, first, behind;
    struct answer answer;
    int result;

    if (!begin_call_on_range(FSIM_CALL_MADVISE, address, length, &mask, &answer))
        return kernel_calls.madvise(address, length, advice);
    result = answer.planned ? answer.result : kernel_calls.madvise(address, length, advice);
    if (result == 0 && advice == MADV_REMOVE) /* punches a hole into the file */
        for (size_t i = mappings_from(start);
             i < recording.mapping_count && recording.mappings[i].start < end; i++) {
            blocks_of(&recording.mappings[i], start, end, &first, &behind);
            file_take_written(recording.mappings[i].file, first, behind);
        }
    unlock(mask);
    return result;
}

static int record_msync(void *address, size_t length, int flags)
{
    uintptr_t start = (uintptr_t)address, end = end_of(start, length);
    uint64_t mask, first, behind;
    struct answer answer;
    struct syncs syncs;
    int result;

    if (!begin_call_on_range(FSIM_CALL_MSYNC, address, length, &mask, &answer))
        return kernel_calls.msync(address, length, flags);
    syncs = no_syncs();
    for (size_t i = mappings_from(start);
         flags & MS_SYNC && !is_skipped(answer) && i < recording.mapping_count &&
         recording.mappings[i].start < end;
         i++) {
        if (recording.mappings[i].copies)
            continue;
        blocks_of(&recording.mappings[i], start, end, &first, &behind);
        begin_range_sync(&syncs, recording.mappings[i].file, first, behind);
    }
    clock_gettime(CLOCK_MONOTONIC, &syncs.made);
    result = answer.planned ? answer.result : kernel_calls.msync(address, length, flags);
    end_syncs(syncs, result);
    unlock(mask);
    return result;
}

static int record_sync(int fd, bool data_only)
{
    uint64_t mask = lock();
    struct tracked_file *file = descriptor_file(fd);
    struct answer answer;
    struct syncs syncs;
    int result;

    if (!file && !descriptor_is_directory(fd)) {
        unlock(mask);
        return kernel_calls.sync(fd, data_only);
    }
    answer = begin_call(data_only ? FSIM_CALL_FDATASYNC : FSIM_CALL_FSYNC, file);
    syncs = no_syncs();
    if (!is_skipped(answer))
        begin_sync(&syncs, file ? file->id : FSIM_NO_FILE, 0, 0);
    clock_gettime(CLOCK_MONOTONIC, &syncs.made);
    result = answer.planned ? answer.result : kernel_calls.sync(fd, data_only);
    end_syncs(syncs, result);
    unlock(mask);
    return result;
}

static int record_sync_file_range(int fd, off_t offset, off_t bytes, unsigned flags)
{
    uint64_t mask = lock();
    struct tracked_file *file = descriptor_file(fd);
    struct answer answer = {0};
    int result;

    if (file)
        answer = begin_call(FSIM_CALL_SYNC_FILE_RANGE, file);
    result =
        answer.planned ? answer.result : kernel_calls.sync_file_range(fd, offset, bytes, flags);
    unlock(mask);
    return result;
}

static int record_truncate(int fd, off_t length)
{
    uint64_t mask = lock();
    struct tracked_file *file = descriptor_file(fd);
    struct answer answer = {0};
    int result;

    if (file)
        answer = begin_call(FSIM_CALL_FTRUNCATE, file);
    result = answer.planned ? answer.result : real_ftruncate(fd, length);
    if (file)
        file_take_length(file);
    unlock(mask);
    return result;
}

static int record_allocate(int fd, int mode, off_t offset, off_t bytes)
{
    uint64_t mask = lock();
    struct tracked_file *file = descriptor_file(fd);
    struct answer answer = {0};
    int result;

    if (file)
        answer = begin_call(FSIM_CALL_FALLOCATE, file);
    result = answer.planned ? answer.result : kernel_calls.allocate(fd, mode, offset, bytes);
    if (file) {
        file_take_length(file);
        if (mode & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE))
            file_take_written(file, block_of(offset), block_after(offset + bytes));
        if (mode & (FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_INSERT_RANGE))
            file_take_written(file, block_of(offset), file_blocks(file));
    }
    unlock(mask);
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
    uint64_t mask = lock();
    struct place old = place_of(old_directory, old_path);
    struct place new = place_of(new_directory, new_path);
    struct answer answer = {0};
    int result;

    if (old.inside || new.inside)
        answer = begin_call(FSIM_CALL_RENAME, file_at(old.inside ? &old : &new));
    result = answer.planned
                 ? answer.result
                 : kernel_calls.rename(old_directory, old_path, new_directory, new_path, flags);
    if (result == 0)
        take_names(&new, &old);
    unlock(mask);
    return result;
}

static int record_link(int old_directory, const char *old_path, int new_directory,
                       const char *new_path, int flags)
{
    uint64_t mask = lock();
    struct place old = place_of(old_directory, old_path);
    struct place new = place_of(new_directory, new_path);
    struct answer answer = {0};
    int result;

    if (new.inside)
        answer = begin_call(FSIM_CALL_LINK, file_at(&old));
    result = answer.planned
                 ? answer.result
                 : kernel_calls.link(old_directory, old_path, new_directory, new_path, flags);
    if (result == 0)
        take_names(&new, NULL);
    unlock(mask);
    return result;
}

static int record_unlink(int directory, const char *path, int flags)
{
    uint64_t mask = lock();
    struct place place = place_of(directory, path);
    struct answer answer = {0};
    int result;

    if (place.inside && !(flags & AT_REMOVEDIR))
        answer = begin_call(FSIM_CALL_UNLINK, file_at(&place));
    result = answer.planned ? answer.result : kernel_calls.unlink(directory, path, flags);
    if (result == 0)
        take_names(&place, NULL);
    unlock(mask);
    return result;
}

static const struct backend recorder = {
    .reentrant = true,
    .tracks = tracks,
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
    .sync_file_range = record_sync_file_range,
    .truncate = record_truncate,
    .allocate = record_allocate,
    .rename = record_rename,
    .link = record_link,
    .unlink = record_unlink,
};

/* What is there when recording begins is taken to be on the disk. */
static void make_all_durable(void)
{
    struct syncs syncs = no_syncs();

    for (size_t i = 0; i < recording.file_count; i++)
        begin_sync(&syncs, recording.files[i].id, 0, 0);
    begin_sync(&syncs, FSIM_NO_FILE, 0, 0);
    end_syncs(syncs, 0);
}

int fsim_capture_begin(fsim_trace_t *trace, const char *directory)
{
    uint64_t mask;
    int error;

    if (atomic_exchange(&recording_now, true))
        return -EBUSY;
    mask = lock();
    recording.trace = trace;
    error = files_adopt_directory(directory);
    if (error == 0)
        make_all_durable();
    else
        files_release();
    unlock(mask);
    if (error == 0)
        interpose_install(&recorder);
    else
        atomic_store(&recording_now, false);
    return error;
}

int fsim_capture_notes(fsim_trace_t *trace)
{
    if (atomic_exchange(&recording_now, true))
        return -EBUSY;
    recording.trace = trace;
    return 0;
}

void fsim_capture_end(void)
{
    uint64_t mask;

    if (!atomic_load(&recording_now))
        return;
    interpose_install(NULL);
    mask = lock();
    sample();
    stores_reset();
    files_release();
    unlock(mask);
    atomic_store(&recording_now, false);
}

void fsim_capture_beacon(int fd, off_t offset)
{
    uint64_t mask = lock();

    beacon.fd = fd;
    beacon.offset = offset;
    beacon.told = UINT64_MAX;
    unlock(mask);
}

void fsim_capture_sample(void)
{
    if (!atomic_load(&recording_now))
        return;
    uint64_t mask = lock();
    sample();
    unlock(mask);
}

void fsim_capture_store(const void *address, size_t bytes)
{
    if (!stores_watched((uintptr_t)address, bytes) || holding)
        return;
    uint64_t mask = lock();
    stores_next((uintptr_t)address, bytes);
    unlock(mask);
}

void fsim_capture_step(uint64_t number, const char *description)
{
    if (!atomic_load(&recording_now))
        return;
    uint64_t mask = lock();
    sample();
    record_event(FSIM_EV_STEP, FSIM_NO_FILE, fsim_trace_add_string(recording.trace, description),
                 number, 0);
    unlock(mask);
}

void fsim_capture_mark(enum fsim_mark_kind kind, const char *label, struct fsim_digest state,
                       const void *payload, size_t payload_bytes)
{
    if (!atomic_load(&recording_now))
        return;
    uint64_t mask = lock();
    sample();
    fsim_trace_add_mark(recording.trace, kind, label, state, payload, payload_bytes);
    unlock(mask);
}

void record_point(const char *name, uint64_t hit, struct planned planned)
{
    if (!atomic_load(&recording_now))
        return;
    uint64_t mask = lock();
    sample();
    record_planned(&(struct fsim_event){.kind = FSIM_EV_POINT,
                                        .file = FSIM_NO_FILE,
                                        .name = fsim_trace_add_string(recording.trace, name),
                                        .number = hit},
                   planned);
    unlock(mask);
}

void record_write_back(void)
{
    if (!atomic_load(&recording_now))
        return;
    uint64_t mask = lock();
    start_write_back();
    unlock(mask);
}

/* Addresses stay reserved and descriptor numbers taken, so that a library that tidies up after its
 * own death hits nothing of anybody else's. */
static void drop_mappings(void)
{
    for (size_t i = 0; i < recording.mapping_count; i++) {
        const struct tracked_mapping *mapping = &recording.mappings[i];
        real_mmap((void *)mapping->start, mapping->end - mapping->start, PROT_NONE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    }
    recording.mapping_count = 0;
}

static void drop_descriptors(void)
{
    int nowhere = real_open(AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC, 0);

    for (int fd = 0; fd < RECORDER_DESCRIPTORS; fd++) {
        if (!descriptor_file(fd) && !descriptor_is_directory(fd))
            continue;
        if (nowhere >= 0)
            kernel_calls.dup(nowhere, fd, O_CLOEXEC);
        else
            real_close(fd);
        descriptor_forget(fd);
    }
    real_close(nowhere);
}

void fsim_capture_kill(void)
{
    if (!atomic_load(&recording_now))
        return;
    uint64_t mask = lock();
    sample();
    record_event(FSIM_EV_KILL, FSIM_NO_FILE, 0, 0, 0);
    drop_mappings();
    drop_descriptors();
    unlock(mask);
}

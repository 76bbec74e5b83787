/* SPDX-License-Identifier: MIT */
/* The recording backend's calls on mappings. */
#include "interpose.h"
#include "record.h"

#include <errno.h>
#include <sys/mman.h>

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
    uint64_t mask = record_lock();

    stores_watch(start, end_of(start, length));
    record_unlock(mask);
}

void *record_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
    uint64_t mask;
    struct answer answer = {0};
    struct tracked_file *file;
    uintptr_t start;
    bool changes;

    if (!(flags & MAP_FIXED) && (flags & MAP_ANONYMOUS || !record_tracks(fd))) {
        address = real_mmap(address, length, protection, flags, fd, offset);
        if (protection == PROT_NONE && !failed(address))
            watch_reservation((uintptr_t)address, length);
        return address;
    }

    mask = record_lock();
    file = flags & MAP_ANONYMOUS ? NULL : descriptor_file(fd);
    if (file && (flags & MAP_TYPE) == MAP_SHARED_VALIDATE && flags & MAP_SYNC) {
        /* Its stores would be durable by an instruction that nobody sees: this is no such disk. */
        record_unlock(mask);
        return (void *)(intptr_t)-EOPNOTSUPP;
    }
    start = (uintptr_t)address;
    changes = file || (flags & MAP_FIXED && mappings_show_files(start, end_of(start, length)));
    if (changes || (flags & MAP_FIXED && mappings_overlap(start, end_of(start, length))))
        answer = record_begin(FSIM_CALL_MMAP, file, changes);
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
    record_unlock(mask);
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

    *mask = record_lock();
    if (mappings_overlap(start, end)) {
        *answer = record_begin(call, file_of_range(start), mappings_show_files(start, end));
        return true;
    }
    record_unlock(*mask);
    return false;
}

int record_munmap(void *address, size_t length)
{
    struct answer answer;
    uint64_t mask;
    int result;

    if (!begin_call_on_range(FSIM_CALL_MUNMAP, address, length, &mask, &answer))
        return real_munmap(address, length);
    result = answer.planned ? answer.result : real_munmap(address, length);
    if (result == 0 && !answer.planned)
        mappings_remove((uintptr_t)address, end_of((uintptr_t)address, length));
    record_unlock(mask);
    return result;
}

void *record_mremap(void *old, size_t old_length, size_t new_length, int flags, void *new_address)
{
    uint64_t mask = record_lock();
    uintptr_t start = (uintptr_t)old, target = (uintptr_t)new_address;
    bool tracked = mappings_overlap(start, end_of(start, old_length ? old_length : 1));
    bool covers = flags & MREMAP_FIXED && mappings_overlap(target, end_of(target, new_length));
    struct answer answer = {0};
    void *result;

    if (tracked || covers)
        answer =
            record_begin(FSIM_CALL_MREMAP, file_of_range(tracked ? start : target),
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
    record_unlock(mask);
    return result;
}

int record_mprotect(void *address, size_t length, int protection)
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
    record_unlock(mask);
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

int record_madvise(void *address, size_t length, int advice)
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
    record_unlock(mask);
    return result;
}

int record_msync(void *address, size_t length, int flags)
{
    uintptr_t start = (uintptr_t)address, end = end_of(start, length);
    uint64_t mask, first, behind;
    struct answer answer;
    struct syncs syncs;
    int result;

    if (!begin_call_on_range(FSIM_CALL_MSYNC, address, length, &mask, &answer))
        return kernel_calls.msync(address, length, flags);
    syncs = syncs_none();
    for (size_t i = mappings_from(start);
         flags & MS_SYNC && !answer_is_skip(answer) && i < recording.mapping_count &&
         recording.mappings[i].start < end;
         i++) {
        if (recording.mappings[i].copies)
            continue;
        blocks_of(&recording.mappings[i], start, end, &first, &behind);
        syncs_begin_range(&syncs, recording.mappings[i].file, first, behind);
    }
    clock_gettime(CLOCK_MONOTONIC, &syncs.made);
    result = answer.planned ? answer.result : kernel_calls.msync(address, length, flags);
    syncs_end(syncs, result);
    record_unlock(mask);
    return result;
}

/* SPDX-License-Identifier: MIT */
#include "tiny_stores.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BLOCK = FSIM_BLOCK_SIZE, RECORD = 100, GREED = 8 << 20 };

struct fsim_digest tiny_state(uint64_t number)
{
    return number == 0 ? FSIM_ABSENT : (struct fsim_digest){number, ~number};
}

static const struct fsim_digest garbage = {UINT64_C(0xbad), UINT64_C(0xbad)};

static unsigned updates_of(const struct tiny *tiny)
{
    return tiny->updates == 0 ? 3 : tiny->updates;
}

static void mark(enum fsim_mark_kind kind, uint64_t number)
{
    char label[32];
    snprintf(label, sizeof label, "update %u", (unsigned)number);
    fsim_capture_mark(kind, label, tiny_state(number), NULL, 0);
}

static int open_in(const char *directory, const char *name, int flags)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return open(path, flags | O_CLOEXEC, 0600);
}

static int sync_directory(const char *directory)
{
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = fsync(fd);
    close(fd);
    return result;
}

/* An empty store: the file, its length, its name, all durable. Returns the descriptor. */
static int create_store(const char *directory, off_t bytes)
{
    mark(FSIM_MARK_ACK, 0);
    int fd = open_in(directory, "store", O_RDWR | O_CREAT);
    if (fd < 0 || ftruncate(fd, bytes) < 0 || fsync(fd) < 0 || sync_directory(directory) < 0)
        return -errno;
    return fd;
}

/* One update: announced, made by `write_data` and `commit`, acknowledged. */
typedef int step_function(int fd, void *memory, uint64_t number);

static int update(const struct tiny *tiny, int fd, void *memory, uint64_t number,
                  step_function *write_data, step_function *commit)
{
    int (*sync)(int) = fdatasync;
    if (!tiny->begin_too_late)
        mark(FSIM_MARK_BEGIN, number);
    if (write_data(fd, memory, number) < 0)
        return -EIO;
    if (!tiny->skip_data_sync && sync(fd) < 0)
        return -errno;
    if (commit != NULL &&
        (commit(fd, memory, number) < 0 || (!tiny->skip_commit_sync && sync(fd) < 0)))
        return -errno;
    mark(FSIM_MARK_ACK, number);
    return 0;
}

/* How recoveries misbehave. */

static void misbehave(const struct tiny *tiny, uint64_t number, const char *directory,
                      struct fsim_outcome *outcome)
{
    static int calls;
    size_t capacity;
    switch (tiny->recovery) {
    case CRASHES_ON_TWO:
        if (number == 2)
            raise(SIGABRT);
        break;
    case EXITS_ON_TWO:
        if (number == 2)
            exit(7);
        break;
    case HANGS_ON_TWO:
        while (number == 2)
            pause();
        break;
    case LEAKS: {
        int fd = open_in(directory, "store", O_RDWR);
        (void)!(fd < 0 ||
                mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED);
        open_in(directory, "left-over", O_RDWR | O_CREAT | O_EXCL);
        break;
    }
    case GREEDY: {
        static char *volatile kept; /* so that no compiler drops what it pointed to */
        kept = malloc(GREED);
        if (kept != NULL)
            memset(kept, 1, GREED);
        break;
    }
    case REFUSES_ON_TWO:
        if (number == 2)
            outcome->status = FSIM_REFUSED;
        break;
    case NOT_ALIVE_ON_TWO:
        if (number == 2)
            outcome->status = FSIM_NOT_ALIVE;
        break;
    case EVIDENCE:
        memcpy(fsim_evidence_buffer(&capacity), &number, sizeof number);
        outcome->evidence_bytes = sizeof number;
        break;
    case STANDBY_GARBAGE:
        outcome->standby = garbage;
        break;
    case FORGETFUL:
        outcome->code = calls++;
        break;
    default:
        break;
    }
}

/* A store that goes on to be used: what it does must not leak into the next run. */
static void work_on(const char *directory)
{
    char block[BLOCK + 10], old[512], new[512];
    memset(block, 0x5a, sizeof block);
    int fd = open_in(directory, "store", O_RDWR);
    if (fd < 0)
        return;
    (void)!pwrite(fd, block, sizeof block, 5);
    (void)!ftruncate(fd, 3 * BLOCK + 17);
    (void)!pwrite(fd, block, sizeof block, 70 * BLOCK);
    (void)!ftruncate(fd, BLOCK / 2);
    (void)!fallocate(fd, 0, 0, 4 * (off_t)BLOCK);
    close(fd);
    snprintf(old, sizeof old, "%s/store", directory);
    snprintf(new, sizeof new, "%s/moved", directory);
    (void)!rename(old, new);
    close(open_in(directory, "store", O_RDWR | O_CREAT | O_EXCL));
}

static void found(const struct tiny *tiny, uint64_t number, bool whole, const char *directory,
                  struct fsim_outcome *outcome)
{
    outcome->state = whole ? tiny_state(number) : garbage;
    misbehave(tiny, number, directory, outcome);
    if (tiny->recovery == WRITES)
        work_on(directory);
}

/* Two slots. */

struct slot {
    uint64_t number, check;
};

static bool slot_is_valid(const struct slot *slot)
{
    return slot->number != 0 && slot->check == ~slot->number;
}

static int write_slot(int fd, void *memory, uint64_t number)
{
    struct slot slot = {number, ~number};
    return pwrite(fd, &slot, sizeof slot, (off_t)(number % 2) * BLOCK) == sizeof slot ? 0 : -1;
}

static int write_payload(int fd, void *memory, uint64_t number)
{
    uint64_t payload[BLOCK / 8];
    for (size_t i = 0; i < BLOCK / 8; i++)
        payload[i] = number;
    return pwrite(fd, payload, BLOCK, (off_t)(2 + number % 2) * BLOCK) == BLOCK ? 0 : -1;
}

static int record_slots(void *context, const char *directory)
{
    const struct tiny *tiny = context;
    int fd = create_store(directory, 4 * BLOCK), error = fd < 0 ? fd : 0;
    for (uint64_t number = 1; error == 0 && number <= updates_of(tiny); number++)
        error = update(tiny, fd, NULL, number, write_payload, write_slot);
    return error;
}

static uint64_t newest_slot(int fd)
{
    struct slot slots[2];
    uint64_t newest = 0;
    for (int i = 0; i < 2; i++) {
        if (pread(fd, &slots[i], sizeof slots[i], (off_t)i * BLOCK) == sizeof slots[i] &&
            slot_is_valid(&slots[i]) && slots[i].number > newest)
            newest = slots[i].number;
    }
    return newest;
}

static void recover_slots(void *context, const char *directory, struct fsim_outcome *outcome)
{
    const struct tiny *tiny = context;
    uint64_t payload[BLOCK / 8] = {0}, newest = 0;
    bool whole = true;
    int fd = open_in(directory, "store", O_RDWR);
    if (fd >= 0) {
        newest = newest_slot(fd);
        if (newest != 0) {
            ssize_t got = pread(fd, payload, BLOCK, (off_t)(2 + newest % 2) * BLOCK);
            whole = got == BLOCK && payload[0] == newest && payload[BLOCK / 8 - 1] == newest;
        }
        close(fd);
    }
    found(tiny, newest, whole, directory, outcome);
}

static int resume_slots(void *context, const char *directory)
{
    const struct tiny *tiny = context;
    int fd = open_in(directory, "store", O_RDWR | O_CREAT);
    if (fd < 0 || (!tiny->skip_open_sync && (fsync(fd) < 0 || sync_directory(directory) < 0)))
        return -errno;
    uint64_t newest = newest_slot(fd);
    mark(FSIM_MARK_ACK, newest);
    if (ftruncate(fd, 4 * BLOCK) < 0 || fsync(fd) < 0 || sync_directory(directory) < 0)
        return -errno;
    return update(tiny, fd, NULL, newest + 1, write_payload, write_slot);
}

struct fsim_subject tiny_slots(struct tiny *tiny)
{
    return (struct fsim_subject){.name = "slots",
                                 .context = tiny,
                                 .record = record_slots,
                                 .recover = recover_slots,
                                 .resume = resume_slots};
}

/* In place. */

static int write_both(int fd, void *memory, uint64_t number)
{
    for (int i = 0; i < 2; i++) {
        if (pwrite(fd, &number, sizeof number, (off_t)i * BLOCK) != sizeof number)
            return -1;
    }
    return 0;
}

static int record_in_place(void *context, const char *directory)
{
    const struct tiny *tiny = context;
    int fd = create_store(directory, 2 * BLOCK), error = fd < 0 ? fd : 0;
    for (uint64_t number = 1; error == 0 && number <= updates_of(tiny); number++)
        error = update(tiny, fd, NULL, number, write_both, NULL);
    return error;
}

static void recover_in_place(void *context, const char *directory, struct fsim_outcome *outcome)
{
    uint64_t numbers[2] = {0};
    int fd = open_in(directory, "store", O_RDWR);
    for (int i = 0; i < 2 && fd >= 0; i++)
        (void)!pread(fd, &numbers[i], sizeof numbers[i], (off_t)i * BLOCK);
    if (fd >= 0)
        close(fd);
    found(context, numbers[0], numbers[0] == numbers[1], directory, outcome);
}

struct fsim_subject tiny_in_place(struct tiny *tiny)
{
    return (struct fsim_subject){.name = "in-place",
                                 .context = tiny,
                                 .record = record_in_place,
                                 .recover = recover_in_place};
}

/* A mapped counter. */

static int store_counter(int fd, void *memory, uint64_t number)
{
    *(volatile uint64_t *)memory = number;
    return 0;
}

static int sync_counter(int fd, void *memory, uint64_t number)
{
    return msync(memory, BLOCK, MS_SYNC);
}

static int record_mapped(void *context, const char *directory)
{
    struct tiny tiny = *(const struct tiny *)context;
    int fd = create_store(directory, BLOCK), error = fd < 0 ? fd : 0;
    void *memory = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    step_function *commit = tiny.skip_commit_sync ? NULL : sync_counter;
    tiny.skip_data_sync = tiny.skip_commit_sync = true;
    for (uint64_t number = 1; error == 0 && number <= updates_of(&tiny); number++)
        error = update(&tiny, fd, memory, number, store_counter, commit);
    return error;
}

static void recover_mapped(void *context, const char *directory, struct fsim_outcome *outcome)
{
    uint64_t number = 0;
    int fd = open_in(directory, "store", O_RDWR);
    if (fd >= 0 && lseek(fd, 0, SEEK_END) >= BLOCK) {
        uint64_t *memory = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        number = *memory;
        *memory = number + 1; /* which no later run may see */
        munmap(memory, BLOCK);
    }
    if (fd >= 0)
        close(fd);
    found(context, number, true, directory, outcome);
}

struct fsim_subject tiny_mapped(struct tiny *tiny)
{
    return (struct fsim_subject){
        .name = "mapped", .context = tiny, .record = record_mapped, .recover = recover_mapped};
}

/* Renamed files. */

static int record_renamed(void *context, const char *directory)
{
    const struct tiny *tiny = context;
    char new[512], store[512];
    snprintf(new, sizeof new, "%s/new", directory);
    snprintf(store, sizeof store, "%s/store", directory);
    mark(FSIM_MARK_ACK, 0);
    for (uint64_t number = 1; number <= updates_of(tiny); number++) {
        if (!tiny->begin_too_late)
            mark(FSIM_MARK_BEGIN, number);
        int fd = open_in(directory, "new", O_RDWR | O_CREAT | O_EXCL);
        if (fd < 0 || write(fd, &number, sizeof number) != sizeof number ||
            (!tiny->skip_data_sync && fsync(fd) < 0) || close(fd) < 0 || rename(new, store) < 0 ||
            (!tiny->skip_commit_sync && sync_directory(directory) < 0))
            return -errno;
        mark(FSIM_MARK_ACK, number);
    }
    return 0;
}

static void recover_renamed(void *context, const char *directory, struct fsim_outcome *outcome)
{
    uint64_t number = 0;
    bool whole = true;
    int fd = open_in(directory, "store", O_RDWR);
    if (fd >= 0) {
        whole = read(fd, &number, sizeof number) == sizeof number && number != 0;
        close(fd);
    }
    found(context, number, whole, directory, outcome);
}

struct fsim_subject tiny_renamed(struct tiny *tiny)
{
    return (struct fsim_subject){
        .name = "renamed", .context = tiny, .record = record_renamed, .recover = recover_renamed};
}

/* A log. */

static int append_record(int fd, void *memory, uint64_t number)
{
    char record[RECORD] = {0};
    struct slot slot = {number, ~number};
    memcpy(record + RECORD - sizeof slot, &slot, sizeof slot);
    return write(fd, record, RECORD) == RECORD ? 0 : -1;
}

static int record_log(void *context, const char *directory)
{
    const struct tiny *tiny = context;
    int fd = create_store(directory, 0), error = fd < 0 ? fd : 0;
    for (uint64_t number = 1; error == 0 && number <= updates_of(tiny); number++)
        error = update(tiny, fd, NULL, number, append_record, NULL);
    return error;
}

static void recover_log(void *context, const char *directory, struct fsim_outcome *outcome)
{
    char record[RECORD];
    uint64_t number = 0;
    int fd = open_in(directory, "store", O_RDWR);
    while (fd >= 0 && read(fd, record, RECORD) == RECORD) {
        struct slot slot;
        memcpy(&slot, record + RECORD - sizeof slot, sizeof slot);
        if (!slot_is_valid(&slot) || slot.number != number + 1)
            break;
        number = slot.number;
    }
    if (fd >= 0)
        close(fd);
    found(context, number, true, directory, outcome);
}

struct fsim_subject tiny_log(struct tiny *tiny)
{
    return (struct fsim_subject){
        .name = "log", .context = tiny, .record = record_log, .recover = recover_log};
}

/* Forty pages. */

static off_t wide_area(uint64_t number)
{
    return 2 + (off_t)(number % 2) * TINY_WIDE_PAGES;
}

static int write_wide(int fd, void *memory, uint64_t number)
{
    uint64_t page[BLOCK / 8] = {number};
    for (uint64_t i = 0; i < TINY_WIDE_PAGES; i++) {
        page[1] = i;
        if (pwrite(fd, page, BLOCK, (wide_area(number) + (off_t)i) * BLOCK) != BLOCK)
            return -1;
    }
    return 0;
}

static int record_wide(void *context, const char *directory)
{
    const struct tiny *tiny = context;
    int fd = create_store(directory, (2 + 2 * TINY_WIDE_PAGES) * BLOCK), error = fd < 0 ? fd : 0;
    for (uint64_t number = 1; error == 0 && number <= updates_of(tiny); number++)
        error = update(tiny, fd, NULL, number, write_wide, write_slot);
    return error;
}

static void recover_wide(void *context, const char *directory, struct fsim_outcome *outcome)
{
    const size_t bytes = (size_t)(2 + 2 * TINY_WIDE_PAGES) * BLOCK;
    uint64_t newest = 0;
    bool whole = true;
    int fd = open_in(directory, "store", O_RDWR);
    if (fd >= 0 && lseek(fd, 0, SEEK_END) == (off_t)bytes) {
        const char *memory = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);
        newest = newest_slot(fd);
        for (off_t i = 0; newest != 0 && i < TINY_WIDE_PAGES; i++) {
            const uint64_t *page = (const void *)(memory + (wide_area(newest) + i) * BLOCK);
            whole = whole && page[0] == newest && page[1] == (uint64_t)i;
        }
        munmap((void *)(uintptr_t)memory, bytes);
    }
    if (fd >= 0)
        close(fd);
    found(context, newest, whole, directory, outcome);
}

struct fsim_subject tiny_wide(struct tiny *tiny)
{
    return (struct fsim_subject){
        .name = "wide", .context = tiny, .record = record_wide, .recover = recover_wide};
}

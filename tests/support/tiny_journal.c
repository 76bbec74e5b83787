/* SPDX-License-Identifier: MIT */
#include "tiny_journal.h"

#include <errno.h>
#include <faultsim/capture.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { BLOCK = FSIM_BLOCK_SIZE, JOURNAL = 2 };

/* What the journal block holds: the update to be made, and how often that was tried. */
struct entry {
    uint64_t number, check, attempts;
};

struct fsim_digest tiny_journal_state(uint64_t number)
{
    return (struct fsim_digest){number + 1, ~number};
}

static void mark(enum fsim_mark_kind kind, uint64_t number)
{
    char label[32];
    snprintf(label, sizeof label, "update %u", (unsigned)number);
    fsim_capture_mark(kind, label, tiny_journal_state(number), NULL, 0);
}

static int put(int fd, off_t block, const void *bytes, size_t count)
{
    return pwrite(fd, bytes, count, block * BLOCK) == (ssize_t)count ? 0 : -EIO;
}

static int put_entry(int fd, struct entry entry)
{
    int error = put(fd, JOURNAL, &entry, sizeof entry);
    return error == 0 && fdatasync(fd) < 0 ? -errno : error;
}

/* What the journal says is done to the blocks, and it is cleared. */
static int redo(int fd, uint64_t number, bool careless)
{
    const struct entry none = {0};
    int error = put(fd, 0, &number, sizeof number);
    if (error == 0)
        error = put(fd, 1, &number, sizeof number);
    if (error == 0 && !careless && fdatasync(fd) < 0)
        error = -errno;
    return error == 0 ? put_entry(fd, none) : error;
}

static int update(int fd, uint64_t number)
{
    mark(FSIM_MARK_BEGIN, number);
    int error = put_entry(fd, (struct entry){number, ~number, 0});
    if (error < 0)
        return error;
    mark(FSIM_MARK_ACK, number);
    return redo(fd, number, false);
}

static int open_in(const char *directory, int flags)
{
    char path[512];
    snprintf(path, sizeof path, "%s/journalled", directory);
    return open(path, flags | O_CLOEXEC, 0600);
}

static int setup(void *context, const char *directory)
{
    int fd = open_in(directory, O_RDWR | O_CREAT);
    if (fd < 0 || ftruncate(fd, 3 * BLOCK) < 0 || fsync(fd) < 0)
        return -errno;
    close(fd);
    return 0;
}

static int record(void *context, const char *directory)
{
    const struct tiny_journal *tiny = context;
    unsigned updates = tiny->updates == 0 ? 2 : tiny->updates;
    mark(FSIM_MARK_ACK, 0);
    int fd = open_in(directory, O_RDWR), error = fd < 0 ? -errno : 0;
    for (uint64_t number = 1; error == 0 && number <= updates; number++)
        error = update(fd, number);
    return error;
}

/* Opens it for work: a descriptor. */
static int open_store(const struct tiny_journal *tiny, const char *directory, uint64_t numbers[2])
{
    struct entry entry;
    int fd = open_in(directory, O_RDWR), error = fd < 0 ? -errno : 0;
    if (error == 0 && pread(fd, &entry, sizeof entry, JOURNAL * BLOCK) != sizeof entry)
        error = -EIO;
    if (error == 0 && entry.number != 0 && entry.check == ~entry.number) {
        entry.attempts++;
        error = put_entry(fd, entry);
        if (error == 0)
            error = redo(fd, entry.number, entry.attempts == tiny->careless_attempt);
    } else if (error == 0 && fdatasync(fd) < 0) {
        error = -errno;
    }
    for (int i = 0; error == 0 && i < 2; i++) {
        if (pread(fd, &numbers[i], sizeof numbers[i], (off_t)i * BLOCK) != sizeof numbers[i])
            error = -EIO;
    }
    if (error == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return error;
}

static void recover(void *context, const char *directory, struct fsim_outcome *outcome)
{
    uint64_t numbers[2];
    int fd = open_store(context, directory, numbers);
    if (fd < 0) {
        outcome->status = FSIM_REFUSED;
        outcome->code = fd;
        return;
    }
    outcome->state = numbers[0] == numbers[1] ? tiny_journal_state(numbers[0])
                                              : (struct fsim_digest){UINT64_MAX, UINT64_MAX};
    close(fd);
}

static int resume(void *context, const char *directory)
{
    uint64_t numbers[2];
    int fd = open_store(context, directory, numbers);
    if (fd < 0)
        return fd;
    mark(FSIM_MARK_ACK, numbers[0]);
    return update(fd, numbers[0] + 1);
}

struct fsim_subject tiny_journal(struct tiny_journal *tiny)
{
    return (struct fsim_subject){.name = "journal",
                                 .context = tiny,
                                 .setup = setup,
                                 .record = record,
                                 .recover = recover,
                                 .resume = resume};
}

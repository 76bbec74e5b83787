/* SPDX-License-Identifier: MIT */
#include "write_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* As in the kernel's drivers/md/dm-log-writes.c: a superblock, then entries, each in a sector of
 * its own before its data. All little-endian. */
enum { LOG_FLUSH = 1, LOG_FUA = 2, LOG_DISCARD = 4, LOG_MARK = 8, SECTOR = 512 };

static const uint64_t log_magic = UINT64_C(0x6a736677736872);

struct log_super {
    uint64_t magic, version, entries;
    uint32_t sector_bytes;
};

struct log_entry {
    uint64_t sector, sectors, flags, data_bytes;
};

static void add_event(struct write_log *log, enum fsim_event_kind kind, uint32_t file,
                      uint64_t number, uint64_t value)
{
    uint32_t name = kind == FSIM_EV_NAME ? fsim_trace_add_string(log->trace, "disk") : 0;
    fsim_trace_add_event(
        log->trace,
        &(struct fsim_event){
            .kind = kind, .file = file, .name = name, .number = number, .value = value});
}

/* blocks 0: of the whole file. */
static void add_sync(struct write_log *log, uint32_t file, uint64_t first, uint64_t blocks)
{
    uint64_t begun = fsim_trace_events(log->trace);
    add_event(log, FSIM_EV_SYNC_BEGIN, file, first, blocks);
    add_event(log, FSIM_EV_SYNC_END, file, begun, 0);
}

/* The disk as a file that is there, and as long as it is: only its blocks change. */
static void add_disk(struct write_log *log, uint64_t blocks)
{
    fsim_trace_add_file(log->trace);
    add_event(log, FSIM_EV_NAME, WRITE_LOG_DISK, 0, 0);
    add_event(log, FSIM_EV_LENGTH, WRITE_LOG_DISK, 0, blocks * FSIM_BLOCK_SIZE);
    add_sync(log, FSIM_NO_FILE, 0, 0);
    add_sync(log, WRITE_LOG_DISK, 0, 0);
}

struct reader {
    struct write_log *log;
    const unsigned char *bytes;
    size_t left;
    uint64_t beacon;
    bool forget, begun, ended;
};

static const void *take(struct reader *reader, uint64_t count)
{
    const void *taken = reader->bytes;
    if (count > reader->left)
        return NULL;
    reader->bytes += count;
    reader->left -= count;
    return taken;
}

static void add_write(struct reader *reader, const struct log_entry *entry,
                      const unsigned char *data)
{
    uint64_t first = entry->sector * SECTOR / FSIM_BLOCK_SIZE;
    uint64_t blocks = entry->sectors * SECTOR / FSIM_BLOCK_SIZE;
    if (first == reader->beacon) {
        uint64_t number;
        memcpy(&number, data, sizeof number);
        reader->ended = number == WRITE_LOG_END;
        if (reader->ended)
            return;
        add_event(reader->log, FSIM_EV_STEP, FSIM_NO_FILE, number, 0);
        reader->begun = true;
        return;
    }
    for (uint64_t i = 0; i < blocks; i++)
        add_event(reader->log, FSIM_EV_WRITE, WRITE_LOG_DISK, first + i,
                  fsim_trace_add_content(reader->log->trace, data + i * FSIM_BLOCK_SIZE));
    reader->log->writes += reader->begun;
    if ((entry->flags & LOG_FUA) && !reader->forget)
        add_sync(reader->log, WRITE_LOG_DISK, first, blocks);
}

static int add_entry(struct reader *reader)
{
    const void *header = take(reader, SECTOR);
    struct log_entry entry;
    if (header == NULL)
        return -EILSEQ;
    memcpy(&entry, header, sizeof entry);
    if ((entry.flags & (LOG_DISCARD | LOG_MARK)) || entry.sectors > reader->left / SECTOR)
        return -EILSEQ;
    const unsigned char *data = take(reader, entry.sectors * SECTOR);
    if (entry.flags & LOG_FLUSH) {
        reader->log->flushes += reader->begun;
        if (!reader->forget || !reader->begun)
            add_sync(reader->log, WRITE_LOG_DISK, 0, 0);
    }
    if (entry.sectors == 0)
        return 0;
    if (entry.sector * SECTOR % FSIM_BLOCK_SIZE != 0 ||
        entry.sectors * SECTOR % FSIM_BLOCK_SIZE != 0)
        return -EILSEQ;
    add_write(reader, &entry, data);
    return fsim_trace_full(reader->log->trace) ? -ENOSPC : 0;
}

static int read_entries(struct reader *reader)
{
    const void *head = take(reader, SECTOR);
    struct log_super super;
    if (head == NULL)
        return -EILSEQ;
    memcpy(&super, head, sizeof super);
    if (super.magic != log_magic || super.version != 1 || super.sector_bytes != SECTOR)
        return -EILSEQ;
    int error = 0;
    for (uint64_t i = 0; error == 0 && !reader->ended && i < super.entries; i++)
        error = add_entry(reader);
    return error;
}

int write_log_read(const char *path, uint64_t beacon, bool forget, struct write_log *log,
                   char *reason, size_t reason_bytes)
{
    struct stat status;
    *log = (struct write_log){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int error = fd < 0 || fstat(fd, &status) < 0 ? -errno : fsim_trace_new(&log->trace);
    void *bytes =
        error != 0 ? MAP_FAILED : mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (error == 0 && bytes == MAP_FAILED)
        error = -errno;
    if (fd >= 0)
        close(fd);
    if (error == 0) {
        struct reader reader = {log, bytes, (size_t)status.st_size, beacon, forget, false, false};
        add_disk(log, beacon);
        error = read_entries(&reader);
        if (error == 0 && !reader.ended)
            error = -ENODATA;
        munmap(bytes, (size_t)status.st_size);
    }
    if (error == 0)
        return 0;
    snprintf(reason, reason_bytes, "the log of the disk: %s",
             error == -EILSEQ    ? "a request that no part of this knows"
             : error == -ENODATA ? "it does not hold the whole recording"
                                 : strerror(-error));
    write_log_free(log);
    return error;
}

void write_log_free(struct write_log *log)
{
    fsim_trace_free(log->trace);
    log->trace = NULL;
}

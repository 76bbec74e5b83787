/* SPDX-License-Identifier: MIT */
#include "unseen.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <faultsim/model.h>

#include "trace_tables.h"

/* The last version of an item: a killed process leaves nothing else. */
static uint64_t last_value(const fsim_cursor_t *cursor, struct fsim_item item)
{
    const uint64_t *values;
    fsim_cursor_values(cursor, item, &values);
    return values[0];
}

/* The file that a name refers to in the trace, or FSIM_NO_FILE. */
static uint32_t file_named(const fsim_trace_t *trace, const fsim_cursor_t *cursor, const char *name)
{
    const uint32_t *names;
    size_t count = fsim_cursor_names(cursor, &names);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fsim_trace_string(trace, names[i]), name) == 0)
            return (uint32_t)last_value(cursor, (struct fsim_item){FSIM_ITEM_NAME, names[i], 0});
    }
    return FSIM_NO_FILE;
}

/* Holes are passed over: arenas are large and mostly holes. */
static bool blocks_agree(const fsim_trace_t *trace, const fsim_cursor_t *cursor, uint32_t file,
                         int fd)
{
    unsigned char block[FSIM_BLOCK_SIZE];
    off_t data = 0;
    while ((data = lseek(fd, data, SEEK_DATA)) >= 0) {
        off_t hole = lseek(fd, data, SEEK_HOLE);
        for (data -= data % FSIM_BLOCK_SIZE; data < hole; data += FSIM_BLOCK_SIZE) {
            struct fsim_item item = {FSIM_ITEM_BLOCK, file, (uint64_t)data / FSIM_BLOCK_SIZE};
            ssize_t inside = pread(fd, block, sizeof block, data);
            const void *known = fsim_trace_content(trace, last_value(cursor, item));
            if (inside > 0 && memcmp(block, known, (size_t)inside) != 0)
                return false;
        }
    }
    return true;
}

/* What no trace can hold, in words; NULL for files and for what is no part of a store's state. */
static const char *beyond_traces(int directory, const struct dirent *entry)
{
    struct stat status;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
        fstatat(directory, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return NULL;
    return S_ISDIR(status.st_mode)   ? "a directory"
           : S_ISLNK(status.st_mode) ? "a symbolic link"
                                     : NULL;
}

static bool file_agrees(const fsim_trace_t *trace, const fsim_cursor_t *cursor, int directory,
                        const char *name)
{
    struct stat status;
    uint32_t file = file_named(trace, cursor, name);
    int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return true; /* cannot be read, so that there is nothing to compare */
    bool agrees = fstat(fd, &status) != 0 || !S_ISREG(status.st_mode);
    if (!agrees && file != FSIM_NO_FILE) {
        struct fsim_item length = {FSIM_ITEM_LENGTH, file, 0};
        agrees = last_value(cursor, length) == (uint64_t)status.st_size &&
                 blocks_agree(trace, cursor, file, fd);
    }
    close(fd);
    return agrees;
}

/* A name of the trace's that is no longer there, or NULL. */
static const char *missing_name(const fsim_trace_t *trace, const fsim_cursor_t *cursor,
                                int directory)
{
    const uint32_t *names;
    struct stat status;
    size_t count = fsim_cursor_names(cursor, &names);
    for (size_t i = 0; i < count; i++) {
        const char *name = fsim_trace_string(trace, names[i]);
        if (file_named(trace, cursor, name) != FSIM_NO_FILE &&
            fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT)
            return name;
    }
    return NULL;
}

int unseen_find(const fsim_trace_t *trace, const char *directory, char *text, size_t bytes)
{
    if (trace->refusal[0] != '\0') {
        snprintf(text, bytes, "%s", trace->refusal);
        return -ENOTSUP;
    }
    fsim_cursor_t *cursor = NULL;
    DIR *listing = opendir(directory);
    int error = listing == NULL ? -errno : fsim_cursor_new(trace, FSIM_PROCESS_KILL, &cursor);
    if (error == 0)
        error = fsim_cursor_advance(cursor, fsim_trace_events(trace));
    const char *changed = error == 0 ? missing_name(trace, cursor, dirfd(listing)) : NULL;
    for (struct dirent *entry; error == 0 && changed == NULL && (entry = readdir(listing));) {
        const char *beyond = beyond_traces(dirfd(listing), entry);
        if (beyond != NULL) {
            snprintf(text, bytes,
                     "%s is %s, and only files right in the store's directory are recorded: crash "
                     "states without it would prove nothing; have the store make do without it",
                     entry->d_name, beyond);
            error = -ENOTSUP;
        } else if (!file_agrees(trace, cursor, dirfd(listing), entry->d_name)) {
            changed = entry->d_name;
        }
    }
    if (changed != NULL) {
        snprintf(text, bytes,
                 "%s was changed by what is not recorded, such as another program: "
                 "crash states of it would prove nothing; use libc's ordinary calls or a "
                 "mapping (docs/crash-model.md has the list)",
                 changed);
        error = -ENOTSUP;
    }
    fsim_cursor_free(cursor);
    if (listing != NULL)
        closedir(listing);
    return error;
}

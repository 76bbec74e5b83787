/* SPDX-License-Identifier: MIT */
#include "left_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static uint64_t block_count(uint64_t length)
{
    return (length + FSIM_BLOCK_SIZE - 1) / FSIM_BLOCK_SIZE;
}

/* ---- reading ---- */

static int read_blocks(int fd, fsim_trace_t *contents, struct left_file *file)
{
    unsigned char block[FSIM_BLOCK_SIZE];
    uint64_t count = block_count(file->length);
    file->blocks = malloc((count + 1) * sizeof *file->blocks);
    if (file->blocks == NULL)
        return -ENOMEM;
    for (uint64_t i = 0; i < count; i++) {
        memset(block, 0, sizeof block);
        if (pread(fd, block, sizeof block, (off_t)(i * FSIM_BLOCK_SIZE)) < 0)
            return -errno;
        file->blocks[i] = fsim_trace_add_content(contents, block);
    }
    return fsim_trace_full(contents) ? -ENOSPC : 0;
}

static int read_file(int directory, const char *name, fsim_trace_t *contents,
                     struct left_files *left)
{
    struct left_file *file = &left->files[left->count];
    struct stat status;
    int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int error = fd < 0 || fstat(fd, &status) < 0 ? -errno : 0;
    if (error == 0 && S_ISREG(status.st_mode)) {
        error = left->count == LEFT_FILES || strlen(name) >= sizeof file->name ? -E2BIG : 0;
        if (error == 0) {
            left->count++;
            *file = (struct left_file){.length = (uint64_t)status.st_size};
            strcpy(file->name, name);
            error = read_blocks(fd, contents, file);
        }
    }
    if (fd >= 0)
        close(fd);
    return error;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 29);
}

static uint64_t hash_of(const struct left_files *left)
{
    uint64_t hash = left->count;
    for (size_t i = 0; i < left->count; i++) {
        const struct left_file *file = &left->files[i];
        for (const char *at = file->name; *at != '\0'; at++)
            hash = mix(hash, (unsigned char)*at);
        hash = mix(hash, file->length);
        for (uint64_t block = 0; block < block_count(file->length); block++)
            hash = mix(hash, file->blocks[block]);
    }
    return hash;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct left_file *)a)->name, ((const struct left_file *)b)->name);
}

int left_files_read(const char *directory, fsim_trace_t *contents, struct left_files *left)
{
    *left = (struct left_files){0};
    DIR *listing = opendir(directory);
    int error = listing == NULL ? -errno : 0;
    for (struct dirent *entry; error == 0 && (entry = readdir(listing)) != NULL;)
        error = read_file(dirfd(listing), entry->d_name, contents, left);
    if (listing != NULL)
        closedir(listing);
    qsort(left->files, left->count, sizeof *left->files, by_name);
    left->hash = hash_of(left);
    if (error != 0)
        left_files_release(left);
    return error;
}

void left_files_release(struct left_files *left)
{
    for (size_t i = 0; i < left->count; i++)
        free(left->files[i].blocks);
    *left = (struct left_files){0};
}

static bool same_file(const struct left_file *a, const struct left_file *b)
{
    return strcmp(a->name, b->name) == 0 && a->length == b->length &&
           memcmp(a->blocks, b->blocks, block_count(a->length) * sizeof *a->blocks) == 0;
}

bool left_files_equal(const struct left_files *a, const struct left_files *b)
{
    if (a->hash != b->hash || a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!same_file(&a->files[i], &b->files[i]))
            return false;
    return true;
}

/* ---- writing ---- */

static int write_blocks(const struct left_file *file, const fsim_trace_t *contents, int fd)
{
    int error = ftruncate(fd, (off_t)file->length) < 0 ? -errno : 0;
    for (uint64_t i = 0; error == 0 && i < block_count(file->length); i++) {
        uint64_t offset = i * FSIM_BLOCK_SIZE, rest = file->length - offset;
        size_t bytes = rest < FSIM_BLOCK_SIZE ? (size_t)rest : FSIM_BLOCK_SIZE;
        if (file->blocks[i] != FSIM_ZEROS &&
            pwrite(fd, fsim_trace_content(contents, file->blocks[i]), bytes, (off_t)offset) < 0)
            error = -errno;
    }
    return error;
}

int left_files_write(const struct left_files *left, const fsim_trace_t *contents,
                     const char *directory)
{
    int in = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = in < 0 ? -errno : 0;
    for (size_t i = 0; error == 0 && i < left->count; i++) {
        int fd = openat(in, left->files[i].name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        error = fd < 0 ? -errno : write_blocks(&left->files[i], contents, fd);
        if (fd >= 0)
            close(fd);
    }
    if (in >= 0)
        close(in);
    return error;
}

/* ---- the model ---- */

struct admission {
    const fsim_trace_t *contents, *recorded;
    const fsim_cursor_t *cursor;
    char *why;
    size_t why_bytes;
};

static bool has_value(const struct admission *admission, struct fsim_item item, uint64_t value)
{
    const uint64_t *values;
    size_t count = fsim_cursor_values(admission->cursor, item, &values);
    for (size_t i = 0; i < count; i++)
        if (values[i] == value)
            return true;
    return false;
}

static bool has_content(const struct admission *admission, uint32_t file, uint64_t block,
                        uint64_t content)
{
    const uint64_t *values;
    size_t count = fsim_cursor_values(admission->cursor,
                                      (struct fsim_item){FSIM_ITEM_BLOCK, file, block}, &values);
    struct fsim_digest found = fsim_trace_content_digest(admission->contents, content);
    for (size_t i = 0; i < count; i++)
        if (fsim_digest_equal(fsim_trace_content_digest(admission->recorded, values[i]), found))
            return true;
    return false;
}

static bool is_file(const struct admission *admission, const struct left_file *left, uint32_t file)
{
    if (!has_value(admission, (struct fsim_item){FSIM_ITEM_LENGTH, file, 0}, left->length)) {
        snprintf(admission->why, admission->why_bytes, "%s is %" PRIu64 " bytes long", left->name,
                 left->length);
        return false;
    }
    for (uint64_t i = 0; i < block_count(left->length); i++) {
        if (has_content(admission, file, i, left->blocks[i]))
            continue;
        snprintf(admission->why, admission->why_bytes, "block %" PRIu64 " of %s", i, left->name);
        return false;
    }
    return true;
}

/* One of the files that the name may refer to. */
static bool name_admitted(const struct admission *admission, uint32_t name,
                          const struct left_file *left)
{
    const uint64_t *values;
    size_t count =
        fsim_cursor_values(admission->cursor, (struct fsim_item){FSIM_ITEM_NAME, name, 0}, &values);
    snprintf(admission->why, admission->why_bytes, "the name %s is %s",
             fsim_trace_string(admission->recorded, name), left != NULL ? "there" : "not there");
    for (size_t i = 0; i < count; i++) {
        if (left == NULL
                ? values[i] == FSIM_NO_FILE
                : values[i] != FSIM_NO_FILE && is_file(admission, left, (uint32_t)values[i]))
            return true;
    }
    return false;
}

static const struct left_file *find(const struct left_files *left, const char *name)
{
    for (size_t i = 0; i < left->count; i++)
        if (strcmp(left->files[i].name, name) == 0)
            return &left->files[i];
    return NULL;
}

bool left_files_admitted(const struct left_files *left, const fsim_trace_t *contents,
                         const fsim_cursor_t *cursor, const fsim_trace_t *recorded, char *why,
                         size_t why_bytes)
{
    const struct admission admission = {contents, recorded, cursor, why, why_bytes};
    const uint32_t *names;
    size_t count = fsim_cursor_names(cursor, &names), known = 0;
    for (size_t i = 0; i < count; i++) {
        const struct left_file *file = find(left, fsim_trace_string(recorded, names[i]));
        if (!name_admitted(&admission, names[i], file))
            return false;
        known += file != NULL;
    }
    if (known == left->count)
        return true;
    snprintf(why, why_bytes, "a name that no crash there can leave");
    return false;
}

/* SPDX-License-Identifier: MIT */
#include "ingest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pma/pma.h>

/* Links are left out: what they refer to may be outside the directory, or in it twice. */
static int is_regular(int directory, const char *name)
{
    struct stat status;

    return fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode);
}

static int read_file(int directory, const char *name, struct ingest_file *file)
{
    int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), error = 0;
    struct stat status;
    uint64_t done = 0;

    if (fd < 0)
        return -errno;
    if (fstat(fd, &status) != 0) {
        error = -errno;
        goto out;
    }
    file->length = (uint64_t)status.st_size;
    file->pages = (file->length + PMA_PAGE_SIZE - 1) / PMA_PAGE_SIZE;
    file->name = strdup(name);
    file->bytes = calloc(file->pages + 1, PMA_PAGE_SIZE);
    if (file->name == NULL || file->bytes == NULL) {
        error = -ENOMEM;
        goto out;
    }
    while (error == 0 && done < file->length) {
        ssize_t got = pread(fd, file->bytes + done, file->length - done, (off_t)done);

        if (got < 0)
            error = -errno;
        else if (got == 0)
            error = -EIO;
        else
            done += (uint64_t)got;
    }
out:
    close(fd);
    return error;
}

int ingest_read(const char *directory, uint64_t most, struct ingest_files *files, char *message,
                size_t message_bytes)
{
    struct dirent **entries = NULL;
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), count = 0, error = 0;

    memset(files, 0, sizeof *files);
    if (fd >= 0)
        count = scandir(directory, &entries, NULL, alphasort);
    if (fd < 0 || count < 0) {
        error = -errno;
        snprintf(message, message_bytes, "read the input directory %s: %s", directory,
                 strerror(-error));
        goto out;
    }
    files->files = calloc((size_t)count + 1, sizeof *files->files);
    if (files->files == NULL) {
        error = -ENOMEM;
        snprintf(message, message_bytes, "out of memory");
        goto out;
    }
    for (int i = 0; error == 0 && i < count && (most == 0 || files->count < most); i++) {
        if (!is_regular(fd, entries[i]->d_name))
            continue;
        error = read_file(fd, entries[i]->d_name, &files->files[files->count]);
        if (error != 0)
            snprintf(message, message_bytes, "read %s/%s: %s", directory, entries[i]->d_name,
                     strerror(-error));
        files->count++;
    }
    if (error == 0 && files->count == 0) {
        error = -ENOENT;
        snprintf(message, message_bytes, "no files in the input directory %s; name another one",
                 directory);
    }
out:
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    if (fd >= 0)
        close(fd);
    if (error != 0)
        ingest_files_deinit(files);
    return error;
}

void ingest_files_deinit(struct ingest_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->files[i].name);
        free(files->files[i].bytes);
    }
    free(files->files);
    memset(files, 0, sizeof *files);
}

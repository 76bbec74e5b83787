/* SPDX-License-Identifier: MIT */
#include "new_file.h"

#include <errno.h>
#include <string.h>

#include "arena.h"
#include "os.h"

enum {
    ATTEMPTS = 100 /* to get hold of the temporary name while others clean up after each other */
};

static int find_place(const char *path, struct new_file *file)
{
    static const char suffix[] = ".pma-new";
    char parent[PATH_MAX];
    int result = arena_split_path(path, parent, sizeof(parent), &file->name);
    size_t length;

    if (result)
        return result;
    length = strlen(file->name);
    if (length == 0)
        return -EISDIR;
    if (length + sizeof(suffix) > sizeof(file->temporary))
        return -ENAMETOOLONG;
    memcpy(file->temporary, file->name, length);
    memcpy(file->temporary + length, suffix, sizeof(suffix));
    file->directory = os_open_directory(parent);
    return file->directory < 0 ? file->directory : 0;
}

/* Removes a file that a creation left behind, unless one is still at work on it. */
static int remove_stale(const struct new_file *file)
{
    bool same;
    int result, fd = os_open_at(file->directory, file->temporary);

    if (fd < 0)
        return fd == -ENOENT ? 0 : fd;
    result = os_lock(fd, true, FAULT_NONE);
    if (result == -EWOULDBLOCK)
        result = PMA_EBUSY;
    if (!result)
        result = os_same_file(fd, file->directory, file->temporary, &same);
    if (!result && same)
        result = os_unlink(file->directory, file->temporary);
    os_close(fd, FAULT_NONE);
    return result;
}

/*
 * Makes and locks the temporary file. Between the two, somebody else can take it for a left-over
 * and remove it: then the name is not ours any more, and it is tried again.
 */
static int make_file(struct new_file *file)
{
    bool ours = false;
    int result = 0;

    for (int attempt = 0; attempt < ATTEMPTS && !result; attempt++) {
        file->fd = os_create(file->directory, file->temporary, FAULT_CREATE_OPEN);
        if (file->fd == -EEXIST) {
            result = remove_stale(file);
            continue;
        }
        if (file->fd < 0)
            return file->fd;
        result = os_lock(file->fd, true, FAULT_CREATE_LOCK);
        if (!result)
            result = os_same_file(file->fd, file->directory, file->temporary, &ours);
        if (!result && ours)
            return 0;
        if (result == -EWOULDBLOCK)
            result = 0;
        else if (result)
            os_unlink(file->directory, file->temporary);
        os_close(file->fd, FAULT_NONE);
    }
    return result ? result : PMA_EBUSY;
}

int new_file_open(struct new_file *file, const char *path, struct pma_error *error)
{
    int result = find_place(path, file);

    if (result)
        return error_set(error, result, "directory");
    if (os_exists(file->directory, file->name) == 0) {
        result = error_set(error, PMA_EEXISTS, "new file");
    } else {
        result = make_file(file);
        if (result)
            error_set(error, result, "temporary file %s", file->temporary);
    }
    if (result)
        os_close(file->directory, FAULT_NONE);
    return result;
}

int new_file_publish(const struct new_file *file, struct pma_error *error)
{
    int result = os_rename_new(file->directory, file->temporary, file->name, FAULT_CREATE_RENAME);

    if (result)
        return error_set(error, result == -EEXIST ? PMA_EEXISTS : result, "rename");
    result = os_sync(file->directory, FAULT_CREATE_PARENT);
    if (result) {
        os_unlink(file->directory, file->name);
        return error_set(error, result, "sync of the directory");
    }
    return 0;
}

void new_file_close(const struct new_file *file, bool failed)
{
    if (failed)
        os_unlink(file->directory, file->temporary);
    os_close(file->directory, FAULT_NONE);
}

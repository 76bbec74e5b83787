/* SPDX-License-Identifier: MIT */
#include "keep.h"

#include <dirent.h>
#include <errno.h>
#include <faultsim/explore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/text.h"

/* How many files a directory holds, and the name of one of them (free() it). -1 if it cannot be
 * read. */
static int count_files(const char *directory, char **name)
{
    int count = 0;
    DIR *stream = opendir(directory);
    if (!stream)
        return -1;
    *name = NULL;
    for (struct dirent *entry; (entry = readdir(stream));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        count++;
        free(*name);
        *name = need_copy(entry->d_name);
    }
    closedir(stream);
    return count;
}

static bool is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool cannot(const char *path, int error)
{
    complain("--keep %s: %s; name a file that is not there yet, or an empty directory", path,
             strerror(error));
    return false;
}

bool keep_in_directory(const char *option, const void *image, size_t bytes, const char *path)
{
    char *name;
    int error = mkdir(path, 0777) < 0 && errno != EEXIST ? -errno : 0;
    if (error == 0) {
        int count = count_files(path, &name);
        error = count < 0 ? -errno : count > 0 ? -ENOTEMPTY : 0;
        if (count > 0)
            free(name);
    }
    if (error == 0 && bytes > 0)
        error = fsim_image_write(image, bytes, path);
    if (error)
        complain("%s %s: %s; name a directory that is empty or new", option, path,
                 strerror(-error));
    return error == 0;
}

/* Written beside its place first: how many files the state has shows then. */
static bool keep_as_file(const void *image, size_t bytes, const char *path)
{
    bool kept = false;
    char *name = NULL, *file = NULL;
    char *directory = need_format("%s.XXXXXX", path);
    if (access(path, F_OK) == 0) {
        cannot(path, EEXIST);
        goto done;
    }
    if (!mkdtemp(directory)) {
        cannot(path, errno);
        goto done;
    }
    int error = fsim_image_write(image, bytes, directory);
    if (error) {
        cannot(path, -error);
        goto done;
    }
    if (count_files(directory, &name) != 1) {
        chmod(directory, 0755);
        kept = rename(directory, path) == 0 || cannot(path, errno);
        goto done;
    }
    file = need_format("%s/%s", directory, name);
    kept = rename(file, path) == 0 || cannot(path, errno);
    rmdir(directory);
done:
    free(file);
    free(name);
    free(directory);
    return kept;
}

bool keep_image(const void *image, size_t bytes, const char *path)
{
    size_t length = strlen(path);
    if (is_directory(path) || (length > 0 && path[length - 1] == '/'))
        return keep_in_directory("--keep", image, bytes, path);
    return keep_as_file(image, bytes, path);
}

/* SPDX-License-Identifier: MIT */
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

/* 0, or why no file can be made where `path` names one. */
static int try_directory_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *directory = slash ? need_format("%.*s", (int)(slash - path + 1), path) : need_copy(".");
    int error = access(directory, W_OK | X_OK) == 0 ? 0 : errno;
    free(directory);
    return error;
}

bool file_can_be_written(const char *option, const char *path)
{
    struct stat status;
    int error;
    if (stat(path, &status) != 0)
        error = errno == ENOENT ? try_directory_of(path) : errno;
    else if (S_ISDIR(status.st_mode))
        error = EISDIR;
    else
        error = access(path, W_OK) == 0 ? 0 : errno;
    if (error)
        complain("--%s %s: %s; name a file that can be made or written anew", option, path,
                 strerror(error));
    return error == 0;
}

static bool is_regular(FILE *file)
{
    struct stat status;
    return fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode);
}

bool file_write(const char *option, const char *path, const char *content, size_t bytes)
{
    bool to_stdout = strcmp(path, "-") == 0;
    FILE *out = to_stdout ? stdout : fopen(path, "w");
    int error = out ? 0 : errno;
    bool removable = out && !to_stdout && is_regular(out);
    if (out && (fwrite(content, 1, bytes, out) != bytes || fflush(out) != 0))
        error = errno;
    if (out && !to_stdout && fclose(out) != 0 && !error)
        error = errno;
    if (!error)
        return true;
    complain("--%s %s: %s", option, path, strerror(error));
    if (removable)
        remove(path);
    return false;
}

/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { YOUNG_SECONDS = 60 };

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    remove(path);
    return 0;
}

void scratch_remove(const char *path)
{
    enum { DESCRIPTORS = 16 };
    nftw(path, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}

static int open_directory(const char *path)
{
    return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* A young one may belong to a process that has not locked it yet. */
static void remove_if_abandoned(const char *path)
{
    struct stat status;
    int fd = open_directory(path);
    if (fd < 0)
        return;
    if (fstat(fd, &status) == 0 && status.st_uid == geteuid() &&
        status.st_mtime < time(NULL) - YOUNG_SECONDS && flock(fd, LOCK_EX | LOCK_NB) == 0)
        scratch_remove(path);
    close(fd);
}

static void sweep(const char *parent)
{
    char pattern[PATH_MAX];
    glob_t found;
    int length = snprintf(pattern, sizeof pattern, "%s/faultsim-??????", parent);
    if (length < 0 || (size_t)length >= sizeof pattern ||
        glob(pattern, GLOB_NOSORT, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++)
        remove_if_abandoned(found.gl_pathv[i]);
    globfree(&found);
}

int scratch_open(struct scratch *scratch, const char *parent)
{
    char made[PATH_MAX];
    sweep(parent);
    int length = snprintf(made, sizeof made, "%s/faultsim-XXXXXX", parent);
    if (length < 0 || (size_t)length >= sizeof made)
        return -ENAMETOOLONG;
    if (mkdtemp(made) == NULL)
        return -errno;
    scratch->lock = open_directory(made);
    if (scratch->lock < 0 || flock(scratch->lock, LOCK_EX) < 0 ||
        realpath(made, scratch->path) == NULL) {
        int error = -errno;
        if (scratch->lock >= 0)
            close(scratch->lock);
        rmdir(made);
        return error;
    }
    return 0;
}

void scratch_close(struct scratch *scratch)
{
    scratch_remove(scratch->path);
    close(scratch->lock);
}

const char *scratch_for_files(void)
{
    const char *directory = getenv("TMPDIR");
    return directory != NULL && directory[0] != '\0' ? directory : "/tmp";
}

const char *scratch_in_memory(void)
{
    return access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : scratch_for_files();
}

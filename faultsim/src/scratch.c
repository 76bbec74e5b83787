/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int scratch_make(const char *parent, char *path, size_t bytes)
{
    char made[PATH_MAX], resolved[PATH_MAX];
    int length = snprintf(made, sizeof made, "%s/faultsim-XXXXXX", parent);
    if (length < 0 || (size_t)length >= sizeof made)
        return -ENAMETOOLONG;
    if (mkdtemp(made) == NULL)
        return -errno;
    if (realpath(made, resolved) == NULL || strlen(resolved) >= bytes) {
        rmdir(made);
        return -ENAMETOOLONG;
    }
    strcpy(path, resolved);
    return 0;
}

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

const char *scratch_for_files(void)
{
    const char *directory = getenv("TMPDIR");
    return directory != NULL && directory[0] != '\0' ? directory : "/tmp";
}

const char *scratch_in_memory(void)
{
    return access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : scratch_for_files();
}

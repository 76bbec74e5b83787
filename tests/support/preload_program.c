/* SPDX-License-Identifier: MIT */
/*
 * A program that knows nothing of the recorder: writes two blocks of DIRECTORY/data, one by a call
 * and one by a store, and ends in the way of its second argument.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BLOCK = 4096 };

int main(int argc, char **argv)
{
    char path[256];
    const char *mode = argc > 2 ? argv[2] : "";
    char *page;
    int fd;

    if (argc < 2 || snprintf(path, sizeof(path), "%s/data", argv[1]) >= (int)sizeof(path))
        return 1;
    fd = open(path, O_RDWR | O_CREAT, 0600);
    if (fd < 0 || ftruncate(fd, 2 * BLOCK) != 0 || pwrite(fd, "called", 6, 0) != 6)
        return 1;
    page = mmap(NULL, 2 * BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (page == MAP_FAILED)
        return 1;
    memcpy(page + BLOCK, "stored", 6);
    if (strncmp(mode, "fork", 4) == 0) {
        pid_t child = fork();
        if (child == 0) {
            if (strcmp(mode, "fork and write") == 0)
                _exit(pwrite(fd, "by the child", 12, 2 * BLOCK) != 12);
            /* The child's own business. */
            close(fd);
            _exit(0);
        }
        waitpid(child, NULL, 0);
    }
    if (fdatasync(fd) != 0)
        return 1;
    if (strcmp(mode, "_exit") == 0)
        _exit(3);
    return 0;
}

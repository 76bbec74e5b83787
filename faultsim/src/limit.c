/* SPDX-License-Identifier: MIT */
#include "limit.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "elapsed.h"
#include "interpose.h"

/* What the kernel says of the process's first thread; "" if nothing. */
static void ask_kernel(pid_t process, const char *what, char text[512])
{
    char path[64];
    memset(text, 0, 512);
    snprintf(path, sizeof path, "/proc/%d/%s", (int)process, what);
    int fd = real_open(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (real_pread(fd, text, 511, 0) < 0)
        *text = '\0';
    real_close(fd);
}

static uint64_t time_run(pid_t process)
{
    char text[512];
    uint64_t nanoseconds = 0;
    ask_kernel(process, "schedstat", text);
    sscanf(text, "%" SCNu64, &nanoseconds);
    return nanoseconds;
}

static bool could_run(pid_t process)
{
    char text[512];
    ask_kernel(process, "stat", text);
    const char *name_end = strrchr(text, ')');
    return name_end != NULL && strncmp(name_end, ") R", 3) == 0;
}

void limit_begin(struct limit *limit, pid_t process)
{
    *limit = (struct limit){process, elapsed_nanoseconds(), time_run(process), 0};
}

uint64_t limit_taken(struct limit *limit)
{
    uint64_t now = elapsed_nanoseconds(), ran = time_run(limit->process);
    uint64_t passed = now - limit->at, part = ran - limit->ran;
    bool waited = ran > 0 && part < passed && could_run(limit->process);
    limit->taken += waited ? part : passed;
    limit->at = now;
    limit->ran = ran;
    return limit->taken / 1000000;
}

/* SPDX-License-Identifier: MIT */
#include "recorded.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int recorded_setup_idle(void **state)
{
    struct recorded *recorded = calloc(1, sizeof(*recorded));
    const char *base = getenv("TMPDIR");

    if (!recorded)
        return -1;
    snprintf(recorded->directory, sizeof(recorded->directory), "%s/recorded-XXXXXX",
             base ? base : "/tmp");
    if (!mkdtemp(recorded->directory) || fsim_trace_new(&recorded->trace) != 0)
        return -1;
    *state = recorded;
    return 0;
}

void recorded_begin(struct recorded *recorded)
{
    assert_int_equal(fsim_capture_begin(recorded->trace, recorded->directory), 0);
}

int recorded_setup(void **state)
{
    if (recorded_setup_idle(state) != 0)
        return -1;
    recorded_begin(*state);
    skip_events(*state);
    return 0;
}

int recorded_teardown(void **state)
{
    struct recorded *recorded = *state;
    DIR *directory;
    struct dirent *entry;

    fsim_capture_end();
    directory = opendir(recorded->directory);
    while (directory && (entry = readdir(directory)))
        unlink(path_in(recorded, entry->d_name));
    if (directory)
        closedir(directory);
    rmdir(recorded->directory);
    fsim_trace_free(recorded->trace);
    free(recorded);
    return 0;
}

const char *path_in(const struct recorded *recorded, const char *name)
{
    static char paths[4][320];
    static unsigned next;
    char *path = paths[next++ % 4];

    snprintf(path, sizeof(paths[0]), "%s/%s", recorded->directory, name);
    return path;
}

int open_in(const struct recorded *recorded, const char *name, int flags)
{
    int fd = open(path_in(recorded, name), flags, 0600);

    assert_true(fd >= 0);
    return fd;
}

char *map_in(const struct recorded *recorded, const char *name, size_t blocks, int *fd)
{
    void *address;

    *fd = open_in(recorded, name, O_RDWR | O_CREAT);
    assert_int_equal(ftruncate(*fd, (off_t)(blocks * FSIM_BLOCK_SIZE)), 0);
    address = mmap(NULL, blocks * FSIM_BLOCK_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
    assert_ptr_not_equal(address, MAP_FAILED);
    return address;
}

void skip_events(struct recorded *recorded)
{
    recorded->seen = fsim_trace_events(recorded->trace);
}

void expect_events(struct recorded *recorded, ...)
{
    size_t events = fsim_trace_events(recorded->trace);
    const char *expected;
    va_list lines;
    char line[256];

    assert_false(fsim_trace_full(recorded->trace));
    va_start(lines, recorded);
    while ((expected = va_arg(lines, const char *))) {
        if (recorded->seen == events)
            fail_msg("the trace ends before '%s'", expected);
        fsim_trace_describe(recorded->trace, recorded->seen++, line, sizeof(line));
        assert_string_equal(line, expected);
    }
    va_end(lines);
    if (recorded->seen < events) {
        fsim_trace_describe(recorded->trace, recorded->seen, line, sizeof(line));
        fail_msg("the trace goes on with '%s'", line);
    }
}

const char *last_content(const struct recorded *recorded, uint32_t file, uint64_t block)
{
    for (size_t i = fsim_trace_events(recorded->trace); i-- > 0;) {
        const struct fsim_event *event = fsim_trace_event(recorded->trace, i);
        if (event->kind == FSIM_EV_WRITE && event->file == file && event->number == block)
            return fsim_trace_content(recorded->trace, event->value);
    }
    return fsim_trace_content(recorded->trace, FSIM_ZEROS);
}

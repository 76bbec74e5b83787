/* SPDX-License-Identifier: MIT */
#include "check_run.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void check_memory_open(struct check_file_in_memory *file)
{
    file->fd = memfd_create("arena", MFD_CLOEXEC);
    assert(file->fd >= 0);
    snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d", file->fd);
}

void check_memory_write(struct check_file_in_memory *file, const void *bytes, size_t count)
{
    ssize_t written = pwrite(file->fd, bytes, count, 0);
    assert(written == (ssize_t)count);
    (void)written;
}

void check_memory_close(struct check_file_in_memory *file)
{
    close(file->fd);
}

static void keep_finding(void *context, const char *rule, const char *text)
{
    struct check_run *run = context;
    if (run->count < CHECK_RUN_FINDINGS) {
        run->findings[run->count].rule = rule;
        snprintf(run->findings[run->count].text, sizeof(run->findings[0].text), "%s", text);
    }
    run->count++;
}

void check_run_path(struct check_run *run, const char *path,
                    const struct pma_check_options *options)
{
    struct pma_check_visitor visitor = {.context = run, .finding = keep_finding};
    memset(run, 0, sizeof(*run));
    run->code = pma_check(path, options, &visitor, &run->report, &run->error);
}

void check_run_bytes(struct check_run *run, const void *bytes, size_t count)
{
    struct check_file_in_memory file;
    check_memory_open(&file);
    check_memory_write(&file, bytes, count);
    check_run_path(run, file.path, NULL);
    check_memory_close(&file);
}

void check_run_image(struct check_run *run, const struct arena_image *image)
{
    check_run_bytes(run, image->bytes, image->blocks * PMA_PAGE_SIZE);
}

const char *check_run_find(const struct check_run *run, const char *rule, const char *text)
{
    for (unsigned i = 0; i < run->count && i < CHECK_RUN_FINDINGS; i++)
        if (strcmp(run->findings[i].rule, rule) == 0 && strstr(run->findings[i].text, text))
            return run->findings[i].text;
    return NULL;
}

void check_run_print(const struct check_run *run)
{
    fprintf(stderr, "code %d: %s\n", run->code, run->error.text);
    for (unsigned i = 0; i < run->count && i < CHECK_RUN_FINDINGS; i++)
        fprintf(stderr, "%s: %s\n", run->findings[i].rule, run->findings[i].text);
}

/* SPDX-License-Identifier: MIT */
#include "doubt.h"

#include <errno.h>
#include <stdio.h>

#include <pma/check.h>

static void keep_finding(void *context, const char *rule, const char *text)
{
    char *finding = context;

    if (finding[0] == '\0')
        snprintf(finding, DOUBT_BYTES, "%s: %s", rule, text);
}

int doubt_check(const char *path, char finding[DOUBT_BYTES])
{
    const struct pma_check_visitor visitor = {.context = finding, .finding = keep_finding};
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    struct pma_check_report report = {0};
    struct pma_error error = {0};

    finding[0] = '\0';
    options.first = true;
    if (pma_check(path, &options, &visitor, &report, &error) != 0)
        snprintf(finding, DOUBT_BYTES, "%s", error.text);
    else if (report.findings == 0)
        return 0;
    return 1;
}

void doubt_open(const char *path, const struct pma_options *options)
{
    pma_t *arena;

    if (pma_open(path, options, &arena, NULL) == 0)
        (void)pma_close(arena);
}

/* A load cannot return an error, so that everything is touched before anything is looked at. */
static int touch_all(pma_t *arena)
{
    const unsigned char *from = NULL;
    struct pma_run run;
    int result;

    while ((result = pma_next_run(arena, from, &run)) == 0) {
        result = pma_touch(arena, run.address, run.pages * PMA_PAGE_SIZE);
        if (result != 0)
            return result;
        from = (const unsigned char *)run.address + run.pages * PMA_PAGE_SIZE;
    }
    return result == -ENOENT ? 0 : result;
}

static int read_all(pma_t *arena, struct fsim_digest *digest, struct state_entries *scratch)
{
    const int result = touch_all(arena);

    return result == 0 ? state_of_arena(arena, digest, scratch) : result;
}

/* Somebody who was told of damage and goes on with what there is: each page is copied that can be,
 * saved in both meta pages, and moved to the front of the file. That changes nothing of what is
 * there. */
static void work_on(pma_t *arena)
{
    unsigned char *from = NULL;
    struct pma_stat stat;
    struct pma_run run;

    while (pma_next_run(arena, from, &run) == 0) {
        from = run.address;
        for (const unsigned char *end = from + run.pages * PMA_PAGE_SIZE; from < end;
             from += PMA_PAGE_SIZE)
            (void)pma_dirty(arena, from, PMA_PAGE_SIZE);
    }
    if (pma_stat(arena, &stat) == 0 && pma_snapshot(arena, stat.event) == 0)
        (void)pma_snapshot(arena, stat.event);
    (void)pma_shrink(arena, 0, NULL);
}

/* Damage that could be seen before must not have come to look right. */
static int read_again(const char *path, const struct pma_options *options,
                      struct fsim_digest *digest, struct state_entries *scratch)
{
    char finding[DOUBT_BYTES];
    pma_t *arena;
    int result = doubt_check(path, finding) == 0 ? 0 : PMA_ECORRUPT;

    if (result == 0)
        result = pma_open(path, options, &arena, NULL);
    if (result != 0)
        return result;
    result = read_all(arena, digest, scratch);
    (void)pma_close(arena);
    return result;
}

int doubt_read(const char *path, const struct pma_options *options, struct fsim_digest *digest,
               struct state_entries *scratch)
{
    struct pma_options verifying = *options;
    pma_t *arena;
    int result;

    verifying.verify = true;
    result = pma_open(path, &verifying, &arena, NULL);
    if (result != 0)
        return result;
    result = read_all(arena, digest, scratch);
    if (result != 0)
        work_on(arena);
    (void)pma_close(arena);
    return result == 0 ? 0 : read_again(path, &verifying, digest, scratch);
}

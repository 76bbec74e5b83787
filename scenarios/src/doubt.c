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
    result = touch_all(arena);
    if (result == 0)
        result = state_of_arena(arena, digest, scratch);
    (void)pma_close(arena);
    return result;
}

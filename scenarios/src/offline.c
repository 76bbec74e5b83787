/* SPDX-License-Identifier: MIT */
#include "offline.h"

#include <stdio.h>

static void keep_meta(void *context, const struct pma_check_meta *meta)
{
    struct offline *offline = context;

    offline->metas[meta->slot] = *meta;
}

static void keep_page(void *context, uint64_t page, uint64_t length, const void *data)
{
    struct offline *offline = context;
    struct fsim_digest digest = data == NULL ? state_zeros_digest() : state_page_digest(data);

    for (uint64_t i = 0; i < length; i++)
        (void)state_entries_add(&offline->pages,
                                (struct state_entry){STATE_PAGE, page + i, PMA_PAGE_SIZE, digest});
}

static void keep_finding(void *context, const char *rule, const char *text)
{
    struct offline *offline = context;

    if (offline->finding[0] == '\0')
        snprintf(offline->finding, sizeof offline->finding, "%s: %s", rule, text);
}

int offline_read(const char *path, enum pma_check_which which, struct offline *offline)
{
    const struct pma_check_visitor visitor = {
        .context = offline, .meta = keep_meta, .page = keep_page, .finding = keep_finding};
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    int result;

    offline->pages.count = 0;
    offline->finding[0] = '\0';
    options.which = which;
    options.both = false;
    result = pma_check(path, &options, &visitor, &offline->report, NULL);
    for (int slot = 0; result == 0 && slot < 2; slot++)
        if (offline->metas[slot].valid && offline->metas[slot].snapshot == offline->report.snapshot)
            offline->digest = state_digest(&offline->pages, offline->metas[slot].roots,
                                           offline->metas[slot].event);
    return result;
}

void offline_deinit(struct offline *offline)
{
    state_entries_deinit(&offline->pages);
    *offline = (struct offline){0};
}

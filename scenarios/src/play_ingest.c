/* SPDX-License-Identifier: MIT */
/* Files of a directory as pages, each a snapshot. */
#include "play.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <faultsim/capture.h>

/* Stores a file's bytes to an allocation of its own; the header points to the file before. */
static int store_file(struct workload *workload, const struct ingest_file *file, uint64_t header)
{
    struct ingest_header text = {.bytes = file->length,
                                 .previous = workload->now.roots[INGEST_ROOT_LAST]};
    unsigned char content[PMA_PAGE_SIZE] = {0}, *address = play_page(workload, header);
    int result;

    snprintf(text.name, sizeof text.name, "%s", file->name);
    memcpy(content, &text, sizeof text);
    result = play_settle(workload, "pma_dirty",
                         pma_dirty(workload->arena, address, (1 + file->pages) * PMA_PAGE_SIZE));
    if (result != PLAY_DONE)
        return result;
    memcpy(address, &text, sizeof text);
    play_store(address + PMA_PAGE_SIZE, file->bytes, file->length);
    for (uint64_t i = 0; i <= file->pages; i++) {
        const void *bytes = i == 0 ? content : file->bytes + (i - 1) * PMA_PAGE_SIZE;
        struct expected_page *page = &workload->now.pages[header + i];

        page->step = (uint32_t)workload->step_number;
        if (contents_add(&workload->contents, bytes, PMA_PAGE_SIZE, &page->content) != 0)
            return play_fail(workload, -ENOMEM, "out of memory");
    }
    return 0;
}

static int ingest_file(struct workload *workload, const struct ingest_file *file)
{
    const struct step alloc = {.kind = STEP_ALLOC,
                               .line = workload->step->line,
                               .name = file->name,
                               .pages = 1 + file->pages};
    uint64_t header = expected_gap(&workload->now, alloc.pages), pages = alloc.pages;
    char why[160];
    int error = play_alloc(workload, &alloc);

    if (error == 0 && !workload->ended &&
        expected_find(&workload->now, file->name, 0, &pages, &header, why, sizeof why) != 0)
        error = play_fail(workload, -EINVAL, "%s", why);
    if (error == 0 && !workload->ended)
        error = store_file(workload, file, header);
    if (error == 0 && !workload->ended)
        error = play_root(workload, INGEST_ROOT_LAST, header + 1);
    if (error == 0 && !workload->ended)
        error = play_root(workload, INGEST_ROOT_COUNT, workload->now.roots[INGEST_ROOT_COUNT] + 1);
    if (error == 0 && !workload->ended)
        error = play_snapshot(workload, workload->now.event + 1);
    return error < 0 ? error : 0;
}

/* Each file is a step of its own in the trace. */
int play_ingest(struct workload *workload, const struct step *step)
{
    char why[512];
    int error =
        ingest_read(workload->options->input, step->count, &workload->files, why, sizeof why);

    if (error != 0)
        return play_fail(workload, error, "%s", why);
    for (size_t i = 0; error == 0 && !workload->ended && i < workload->files.count; i++) {
        const struct ingest_file *file = &workload->files.files[i];

        snprintf(workload->text, sizeof workload->text, "ingest file '%.100s', %" PRIu64 " bytes",
                 file->name, file->length);
        fsim_capture_step(i == 0 ? workload->step_number : ++workload->step_number, workload->text);
        error = ingest_file(workload, file);
    }
    return error;
}

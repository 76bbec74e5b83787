/* SPDX-License-Identifier: MIT */
/* Steps that read a whole snapshot beside the writer: views, and a copy. */
#include "play.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <faultsim/capture.h>

#include "offline.h"
#include "state.h"

#define COPY_FILE "copy.pma"

static struct play_view *view_named(struct workload *workload, const char *name)
{
    for (size_t i = 0; i < PLAY_VIEWS; i++) {
        struct play_view *at = &workload->views[i];

        if (at->name == name || (name != NULL && at->name != NULL && strcmp(at->name, name) == 0))
            return at;
    }
    return NULL;
}

static void forget(struct play_view *view)
{
    expected_deinit(&view->state);
    *view = (struct play_view){0};
}

void play_forget_views(struct workload *workload)
{
    for (size_t i = 0; i < PLAY_VIEWS; i++) {
        (void)pma_close(workload->views[i].view);
        forget(&workload->views[i]);
    }
}

/* ---- what they show ---- */

static int digest_of(pma_t *view, struct fsim_digest *digest)
{
    struct state_entries pages = {0};
    int result = state_of_pages(view, digest, &pages);

    state_entries_deinit(&pages);
    return result;
}

static int verify_page(struct workload *workload, const struct play_view *view, uint64_t page)
{
    const struct expected_page *expected = &view->state.pages[page];
    const void *shown = pma_view_ptr(view->view, play_page(workload, page));
    int result = shown == NULL ? -EFAULT : pma_touch(view->view, shown, PMA_PAGE_SIZE);

    if (result != 0 && play_was_injected(workload))
        return 0;
    if (result != 0)
        return play_broken(workload, WORKLOAD_VIEWS, result, "view '%s': page %" PRIu64 ": %s",
                           view->name, page, pma_last_error(view->view));
    return memcmp(shown, contents_bytes(&workload->contents, expected->content), PMA_PAGE_SIZE) == 0
               ? 0
               : play_broken(workload, WORKLOAD_VIEWS, -EINVAL,
                             "view '%s' does not show page %" PRIu64 " as its snapshot has it",
                             view->name, page);
}

/* What a view reads is not free, whether the writer has come to write there yet or not. */
static int verify_blocks(struct workload *workload, const struct play_view *view)
{
    const void *from = NULL;
    struct pma_run run;
    uint64_t first, count;
    int result;

    while ((result = pma_next_run(view->view, from, &run)) == 0) {
        from = (const unsigned char *)run.address + run.pages * PMA_PAGE_SIZE;
        if (run.block == 0)
            continue;
        result = pma_next_free(workload->arena, run.block, &first, &count);
        if (result == 0 && first < run.block + run.pages)
            return play_broken(workload, WORKLOAD_VIEWS, -EINVAL,
                               "block %" PRIu64 " is free for the writer, and view '%s' reads it",
                               first, view->name);
        if (result != 0 && result != -ENOENT)
            break;
    }
    if (result == -ENOENT || play_was_injected(workload))
        return 0;
    return play_broken(workload, WORKLOAD_VIEWS, result,
                       "cannot compare view '%s' with the free blocks: %s", view->name,
                       pma_strerror(result));
}

/* A view changes nothing, whoever asks it to. */
static int verify_refusal(struct workload *workload, const struct play_view *view)
{
    const int result = pma_set_root(view->view, 0, 1);

    return result == PMA_EREADONLY
               ? 0
               : play_broken(workload, WORKLOAD_VIEWS, result == 0 ? -EINVAL : result,
                             "view '%s' should have refused a change with PMA_EREADONLY: %s",
                             view->name, pma_strerror(result));
}

/* The pages are the snapshot's; those of the heap, and all else, are as they were at first. */
static int verify(struct workload *workload, const struct play_view *view)
{
    struct fsim_digest digest;
    int result = 0;

    for (uint64_t page = 0; result == 0 && page < view->state.page_count; page++)
        if (view->state.pages[page].owner != 0)
            result = verify_page(workload, view, page);
    if (result == 0)
        result = verify_refusal(workload, view);
    if (result != 0)
        return result;
    result = digest_of(view->view, &digest);
    if (result != 0 && play_was_injected(workload))
        return 0;
    if (result != 0)
        return play_broken(workload, WORKLOAD_VIEWS, result, "cannot read view '%s': %s",
                           view->name, pma_last_error(view->view));
    return fsim_digest_equal(digest, view->digest)
               ? verify_blocks(workload, view)
               : play_broken(workload, WORKLOAD_VIEWS, -EINVAL, "what view '%s' shows has changed",
                             view->name);
}

/* ---- the steps ---- */

static int open_view(struct workload *workload, const struct step *step)
{
    const struct expected *state =
        step->previous ? &workload->previous : &workload->moments.list[0].state;
    struct play_view *view = view_named(workload, NULL);
    struct pma_options options = PMA_OPTIONS_INIT;
    struct pma_error error = {0};
    int result;

    options.previous = step->previous;
    options.verify = workload->scenario->verify;
    options.copying = workload->options->copying;
    result = play_arm(workload);
    if (result != 0)
        return result;
    result = pma_view_open(workload->path, &options, &view->view, &error);
    play_disarm(workload);
    result = play_settle_text(workload, "pma_view_open", result, error.text);
    if (result != PLAY_DONE)
        return result;
    view->name = step->name;
    if (step->previous && !workload->has_previous)
        return play_broken(workload, WORKLOAD_VIEWS, -EINVAL,
                           "there should be no previous snapshot to view");
    result = expected_init(&view->state, state->page_count);
    if (result == 0)
        result = expected_copy(&view->state, state);
    if (result == 0)
        result = digest_of(view->view, &view->digest);
    if (result != 0 && play_was_injected(workload))
        return PLAY_STOPPED;
    if (result != 0)
        return play_broken(workload, WORKLOAD_VIEWS, result, "view '%s': %s", step->name,
                           pma_last_error(view->view));
    return verify(workload, view);
}

static int close_view(struct workload *workload, struct play_view *view)
{
    int result = verify(workload, view);

    if (result == 0)
        result = play_arm(workload);
    if (result != 0)
        return result;
    result = pma_close(view->view);
    play_disarm(workload);
    forget(view);
    /* There is no handle any more to ask what went wrong. */
    return play_settle_text(workload, "pma_close", result, pma_strerror(result));
}

int play_view(struct workload *workload, const struct step *step)
{
    struct play_view *view = view_named(workload, step->name);
    int result;

    if (step->kind == STEP_VIEW)
        result = open_view(workload, step);
    else if (step->kind == STEP_VIEW_CLOSE)
        result = close_view(workload, view);
    else
        result = verify(workload, view);
    return result < 0 ? result : 0;
}

/* The copy holds what the file holds, on as many blocks as that needs. */
static int verify_copy(struct workload *workload, const char *path, bool previous)
{
    struct offline copy = {0}, original = {0};
    int result =
        offline_read(workload->path, previous ? PMA_CHECK_PREVIOUS : PMA_CHECK_NEWEST, &original);

    if (result == 0)
        result = offline_read(path, PMA_CHECK_NEWEST, &copy);
    if (result != 0)
        result = play_broken(workload, WORKLOAD_VIEWS, result, "cannot read the copy: %s",
                             pma_strerror(result));
    else if (copy.report.findings > 0)
        result = play_broken(workload, WORKLOAD_VIEWS, -EINVAL, "the copy is not sound: %s",
                             copy.finding);
    else if (!fsim_digest_equal(copy.digest, original.digest) ||
             copy.report.snapshot != original.report.snapshot)
        result = play_broken(workload, WORKLOAD_VIEWS, -EINVAL, "the copy holds another state");
    else if (copy.report.file_blocks != copy.report.used_blocks)
        result = play_broken(workload, WORKLOAD_VIEWS, -EINVAL,
                             "the copy has %" PRIu64 " blocks and uses %" PRIu64,
                             copy.report.file_blocks, copy.report.used_blocks);
    offline_deinit(&copy);
    offline_deinit(&original);
    return result;
}

int play_copy(struct workload *workload, const struct step *step)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    struct pma_error error = {0};
    char path[PATH_MAX];
    int result;

    snprintf(path, sizeof path, "%.*s" COPY_FILE,
             (int)(strlen(workload->path) - strlen(WORKLOAD_FILE)), workload->path);
    options.previous = step->previous;
    options.copying = workload->options->copying;
    result = play_arm(workload);
    if (result != 0)
        return result;
    result = pma_copy(workload->path, path, &options, &error);
    play_disarm(workload);
    result = play_settle_text(workload, "pma_copy", result, error.text);
    if (result != PLAY_DONE)
        return result < 0 ? result : 0;
    fsim_capture_step(workload->step_number, "look at the copy");
    play_look(workload);
    result = verify_copy(workload, path, step->previous);
    if (result == 0 && unlink(path) != 0)
        result = play_fail(workload, -errno, "cannot remove the copy");
    play_look_away(workload);
    return result;
}

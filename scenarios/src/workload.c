/* SPDX-License-Identifier: MIT */
#include "workload.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <faultsim/capture.h>
#include <faultsim/plan.h>
#include <pma/fault_points.h>

#include "balance.h"
#include "contents.h"
#include "expected.h"
#include "ingest.h"
#include "moments.h"
#include "state.h"
#include "words.h"

struct workload {
    const struct scenario *scenario;
    const char *input;
    enum pma_copying copying;
    char path[PATH_MAX];
    pma_t *arena;
    struct expected now;
    struct contents contents;
    struct moments moments;
    struct balance balance;
    uint64_t number;           /* the last snapshot number known to be used */
    uint64_t step_number;      /* as in the trace */
    uint64_t injected;         /* faults of the run's plan that fired before this step */
    bool ended;                /* such a fault surfaced: the rest of the steps makes no sense */
    bool known;                /* `now` is what the arena holds */
    struct ingest_files files; /* of the ingest step, whose names `now` borrows */
    const struct step *step;
    char text[160]; /* the step in words */
    char *message;
    size_t message_bytes;
};

static int __attribute__((format(printf, 3, 4)))
fail(struct workload *workload, int code, const char *format, ...)
{
    int used = 0;
    va_list arguments;

    if (workload->step != NULL)
        used = snprintf(workload->message, workload->message_bytes,
                        "%s:%u: step %" PRIu64 " (%s): ", workload->scenario->file,
                        workload->step->line, workload->step_number, workload->text);
    if (used >= 0 && (size_t)used < workload->message_bytes) {
        va_start(arguments, format);
        vsnprintf(workload->message + used, workload->message_bytes - (size_t)used, format,
                  arguments);
        va_end(arguments);
    }
    return code;
}

static unsigned char *page_address(const struct workload *workload, uint64_t page)
{
    return (unsigned char *)pma_base(workload->arena) + page * PMA_PAGE_SIZE;
}

static uint64_t page_number(const struct workload *workload, const void *address)
{
    return (uint64_t)((const unsigned char *)address -
                      (const unsigned char *)pma_base(workload->arena)) /
           PMA_PAGE_SIZE;
}

static struct pma_options arena_options(const struct scenario *scenario, enum pma_copying copying)
{
    struct pma_options options = PMA_OPTIONS_INIT;

    options.reserved_bytes = scenario->reserved_pages * PMA_PAGE_SIZE;
    options.fanout = (uint32_t)scenario->fanout;
    options.initial_blocks = (uint32_t)scenario->initial_blocks;
    options.grow_blocks = (uint32_t)scenario->grow_blocks;
    options.resident_bytes = scenario->resident_pages * PMA_PAGE_SIZE;
    options.mapping_limit = (uint32_t)scenario->mapping_limit;
    options.defragment_blocks = (uint32_t)scenario->defragment_blocks;
    options.copying = copying;
    return options;
}

/* ---- what a call came to ---- */

enum settled {
    DONE,    /* it succeeded, as it should */
    FAILED,  /* it failed, as the step expects: nothing changed */
    STOPPED, /* it failed because of a fault of the run's plan: the workload ends here */
};

/* Whether a fault of the run's plan has surfaced in this step, which then ends the workload. */
static bool was_injected(struct workload *workload)
{
    if (fsim_plan_fired() == workload->injected)
        return false;
    workload->ended = true;
    workload->known = false;
    return true;
}

/* Compares a call's result with what the step expects; negative: the workload itself failed. */
static int settle(struct workload *workload, const char *call, int result)
{
    int expect = workload->step != NULL ? workload->step->expect : 0;
    const char *context = workload->arena != NULL ? pma_last_error(workload->arena) : "";

    if (result == expect)
        return result == 0 ? DONE : FAILED;
    if (was_injected(workload))
        return STOPPED;
    if (result == 0)
        return fail(workload, -EINVAL, "%s should have failed with %s, but succeeded", call,
                    words_error_name(expect));
    return fail(workload, result, "%s: %s%s%s%s", call, pma_strerror(result),
                context[0] != '\0' ? " (" : "", context, context[0] != '\0' ? ")" : "");
}

/* The step's own faults are there only while its call runs. */
static int push_faults(struct workload *workload)
{
    struct fsim_plan plan;
    char why[160];
    int error;

    if (workload->step->fault == NULL)
        return 0;
    error = fsim_plan_parse(workload->step->fault, words_fault_point, &plan, why, sizeof why);
    if (error == 0)
        error = fsim_plan_push(&plan);
    else
        return fail(workload, error, "%s", why);
    return error == 0 ? 0 : fail(workload, error, "cannot inject '%s'", workload->step->fault);
}

static void pop_faults(const struct workload *workload)
{
    if (workload->step->fault != NULL)
        fsim_plan_pop();
}

/* ---- what memory holds ---- */

/* Pages that are allocated must hold what was stored, ephemeral ones included. */
static int verify_pages(struct workload *workload, uint64_t first, uint64_t pages)
{
    for (uint64_t page = first; page < first + pages; page++) {
        const struct expected_page *expected = &workload->now.pages[page];
        int result;

        if (expected->owner == 0)
            continue;
        result = pma_touch(workload->arena, page_address(workload, page), PMA_PAGE_SIZE);
        if (result != 0 && was_injected(workload))
            return 0;
        if (result != 0)
            return fail(workload, result, "pma_touch: %s", pma_last_error(workload->arena));
        if (memcmp(page_address(workload, page),
                   contents_page(&workload->contents, expected->content), PMA_PAGE_SIZE) != 0)
            return fail(workload, -EINVAL,
                        "page %" PRIu64 " of the arena, in '%s', does not hold what step %u stored",
                        page, workload->now.names[expected->owner - 1].text, expected->step);
    }
    return 0;
}

/* Asked before memory goes, and not earlier: to look at a page is to map it. */
static int verify_memory(struct workload *workload)
{
    return workload->arena == NULL || !workload->known
               ? 0
               : verify_pages(workload, 0, workload->now.page_count);
}

/* ---- opening ---- */

static int mark_attempt(struct workload *workload, const char *label)
{
    int error = moments_attempt(&workload->moments, &workload->now, label);

    return error == 0 ? 0 : fail(workload, error, "out of memory");
}

static int used_number(struct workload *workload)
{
    struct pma_stat stat;
    int error = pma_stat(workload->arena, &stat);

    if (error == 0)
        workload->number = stat.snapshot;
    if (error == 0 || was_injected(workload))
        return 0;
    return fail(workload, error, "pma_stat: %s", pma_strerror(error));
}

static int mark_acknowledged(struct workload *workload, size_t index)
{
    int error = moments_acknowledge(&workload->moments, index);

    return error == 0 ? 0 : fail(workload, error, "out of memory");
}

/* What open returned must be a state that may be there; the workload goes on from it. */
static int adopt_state(struct workload *workload)
{
    struct moments *moments = &workload->moments;
    struct state_entries entries = {0};
    struct fsim_digest digest;
    size_t index;
    bool attempted;
    int error = state_of_arena(workload->arena, &digest, &entries);

    state_entries_deinit(&entries);
    if (error != 0 && was_injected(workload))
        return 0;
    if (error != 0)
        return fail(workload, error, "cannot read what open returned: %s", pma_strerror(error));
    index = moments_find(moments, digest);
    if (index == moments->count)
        return fail(workload, -EINVAL,
                    "open returned neither the acknowledged state nor an attempt since");
    attempted = index > 0 || !moments->acknowledged;
    if (workload->step != NULL && !workload->ended && workload->step->attempted != attempted)
        return fail(workload, -EINVAL, "open returned %s, which is not the %s state",
                    moments->list[index].label,
                    workload->step->attempted ? "attempted" : "acknowledged");
    error = expected_copy(&workload->now, &moments->list[index].state);
    if (error != 0)
        return fail(workload, error, "out of memory");
    workload->known = true;
    balance_reset(&workload->balance);
    error = mark_acknowledged(workload, index);
    return error != 0 ? error : used_number(workload);
}

static int open_arena(struct workload *workload)
{
    const struct pma_options options = arena_options(workload->scenario, workload->copying);
    struct pma_error error = {0};
    int result = 0;

    /* The step's faults are for one open; after a failure that it expects, the next must do. */
    if (workload->step != NULL && workload->step->fault != NULL) {
        result = push_faults(workload);
        if (result != 0)
            return result;
        result = pma_open(workload->path, &options, &workload->arena, &error);
        pop_faults(workload);
        result = settle(workload, "pma_open", result);
        if (result != FAILED)
            return result == DONE ? adopt_state(workload) : result == STOPPED ? 0 : result;
    }
    result = pma_open(workload->path, &options, &workload->arena, &error);
    if (result == 0)
        return adopt_state(workload);
    if (was_injected(workload))
        return 0;
    return fail(workload, result, "pma_open: %s", error.text);
}

/* ---- the steps ---- */

/* The process is gone and its descriptors with it: closing only gives memory back. */
static void kill_process(struct workload *workload)
{
    fsim_capture_kill();
    pma_fault_gate(0);
    (void)pma_close(workload->arena);
    pma_fault_gate(1);
    workload->arena = NULL;
}

static int play_create(struct workload *workload)
{
    const struct pma_options options = arena_options(workload->scenario, workload->copying);
    struct pma_error error = {0};
    int result;

    moments_forget(&workload->moments);
    workload->now.event = 0;
    result = mark_attempt(workload, "the new arena");
    if (result == 0)
        result = push_faults(workload);
    if (result != 0)
        return result;
    result = pma_create(workload->path, &options, &workload->arena, &error);
    pop_faults(workload);
    result = settle(workload, "pma_create", result);
    if (result != DONE)
        return result < 0 ? result : 0;
    if (workload->step->killed) {
        kill_process(workload);
        return 0;
    }
    result = mark_acknowledged(workload, 0);
    workload->known = true;
    balance_reset(&workload->balance);
    return result != 0 ? result : used_number(workload);
}

static int play_alloc(struct workload *workload, const struct step *step)
{
    unsigned flags = step->ephemeral ? PMA_EPHEMERAL : 0;
    void *address = page_address(workload, step->at);
    char why[128];
    int result = push_faults(workload);

    if (result != 0)
        return result;
    if (step->has_at)
        result = pma_pages_alloc_at(workload->arena, address, step->pages, flags);
    else
        result = pma_pages_alloc(workload->arena, step->pages, flags, &address);
    pop_faults(workload);
    result = settle(workload, "pma_pages_alloc", result);
    if (result != DONE)
        return result < 0 ? result : 0;
    result = expected_alloc(&workload->now, step->name, page_number(workload, address), step->pages,
                            step->ephemeral, why, sizeof why);
    return result == 0 ? 0 : fail(workload, result, "the arena gave what it may not: %s", why);
}

/* The pages that the step names: the suite was checked, so this fails only if the arena places
 * pages where it should not. */
static int find_pages(struct workload *workload, const struct step *step, uint64_t *first,
                      uint64_t *pages)
{
    char why[128];

    *pages = step->pages;
    return expected_find(&workload->now, step->name, step->page, pages, first, why, sizeof why) == 0
               ? 0
               : fail(workload, -EINVAL, "%s", why);
}

static int play_free(struct workload *workload, const struct step *step, uint64_t first,
                     uint64_t pages)
{
    char why[128];
    int result = verify_pages(workload, first, pages);

    if (result != 0 || workload->ended)
        return result;
    result = settle(workload, "pma_pages_free",
                    pma_pages_free(workload->arena, page_address(workload, first), pages));
    if (result != DONE)
        return result;
    return expected_free(&workload->now, step->name, step->page, step->pages, why, sizeof why) == 0
               ? 0
               : fail(workload, -EINVAL, "%s", why);
}

static int play_move(struct workload *workload, const struct step *step, uint64_t first,
                     uint64_t pages)
{
    unsigned flags = step->ephemeral    ? PMA_MOVE_EPHEMERAL
                     : step->persistent ? PMA_MOVE_PERSISTENT
                                        : 0;
    char why[128];
    int result = settle(workload, "pma_pages_move",
                        pma_pages_move(workload->arena, page_address(workload, step->to),
                                       page_address(workload, first), pages, flags));

    if (result != DONE)
        return result;
    if (expected_move(&workload->now, step->name, step->page, step->pages, step->to, step->as, why,
                      sizeof why) != 0)
        return fail(workload, -EINVAL, "%s", why);
    for (uint64_t i = 0; i < pages && flags != 0; i++)
        workload->now.pages[step->to + i].ephemeral = step->ephemeral;
    return 0;
}

/* The place of the nth page of a write in the order that the step asks for. */
static uint64_t in_order(enum step_order order, uint64_t nth, uint64_t pages)
{
    uint64_t stride = pages * 5 / 8 + 1, a = pages, b;

    if (order != ORDER_SCATTERED)
        return order == ORDER_UP ? nth : pages - 1 - nth;
    /* A stride that shares no factor with the number of pages visits each of them once. */
    for (;; stride++) {
        for (a = pages, b = stride; b != 0;) {
            uint64_t rest = a % b;

            a = b;
            b = rest;
        }
        if (a == 1)
            return nth * stride % pages;
    }
}

static int play_write(struct workload *workload, const struct step *step, uint64_t first,
                      uint64_t pages)
{
    unsigned char content[PMA_PAGE_SIZE];

    for (uint64_t nth = 0; nth < pages; nth++) {
        uint64_t at = in_order(step->order, nth, pages);
        struct expected_page *page = &workload->now.pages[first + at];

        memcpy(content, contents_page(&workload->contents, page->content), sizeof content);
        contents_generate(step->seed, step->page + at, content, step->bytes);
        memcpy(page_address(workload, first + at), content, step->bytes);
        page->step = (uint32_t)workload->step_number;
        if (contents_add(&workload->contents, content, &page->content) != 0)
            return fail(workload, -ENOMEM, "out of memory");
    }
    return 0;
}

static int play_root(struct workload *workload, unsigned index, uint64_t value)
{
    int result = settle(workload, "pma_set_root", pma_set_root(workload->arena, index, value));

    if (result == DONE)
        workload->now.roots[index] = value;
    return result;
}

/* After an acknowledged snapshot the running writer and its file must agree on every block. */
static int check_balance(struct workload *workload)
{
    char why[160];
    int result =
        balance_check(&workload->balance, workload->arena, workload->path, why, sizeof why);

    if (result == 0 || was_injected(workload))
        return 0;
    if (result < 0)
        return fail(workload, result, "cannot account for the blocks of the file: %s",
                    pma_strerror(result));
    return fail(workload, -EINVAL, "after snapshot %" PRIu64 ", %s", workload->number, why);
}

static int play_snapshot(struct workload *workload, uint64_t event)
{
    const uint64_t number = ++workload->number;
    char label[64];
    int result;

    workload->now.event = event;
    snprintf(label, sizeof label, "snapshot %" PRIu64 " (event %" PRIu64 ")", number, event);
    result = mark_attempt(workload, label);
    if (result == 0)
        result = push_faults(workload);
    if (result != 0)
        return result;
    result = pma_snapshot(workload->arena, event);
    pop_faults(workload);
    result = settle(workload, "pma_snapshot", result);
    if (result != DONE) {
        workload->balance.attempt_failed = true;
        return result < 0 ? result : 0;
    }
    if (workload->step->killed) {
        kill_process(workload);
        return 0;
    }
    result = mark_acknowledged(workload, workload->moments.count - 1);
    if (result == 0)
        result = used_number(workload);
    if (result != 0 || workload->ended)
        return result;
    if (workload->number != number)
        return fail(workload, -EINVAL,
                    "the snapshot got number %" PRIu64 ", the next one never used is %" PRIu64,
                    workload->number, number);
    return check_balance(workload);
}

static int play_snapshots(struct workload *workload, const struct step *step)
{
    uint64_t event = step->has_event ? step->event : workload->now.event + 1;
    int error = 0;

    for (uint64_t i = 0; error == 0 && !workload->ended && i < step->count; i++)
        error = play_snapshot(workload, event + i);
    return error;
}

static int play_reopen(struct workload *workload, bool kill)
{
    int result = verify_memory(workload);

    if (result != 0)
        return result;
    if (workload->arena != NULL && kill)
        kill_process(workload);
    else if (workload->arena != NULL)
        result = pma_close(workload->arena);
    workload->arena = NULL;
    if (result != 0 && !was_injected(workload))
        return fail(workload, result, "pma_close: %s", pma_strerror(result));
    return open_arena(workload);
}

/* Stores a file's bytes to an allocation of its own; the header points to the file before. */
static int store_file(struct workload *workload, const struct ingest_file *file, uint64_t header)
{
    struct ingest_header text = {.bytes = file->length,
                                 .previous = workload->now.roots[INGEST_ROOT_LAST]};
    unsigned char content[PMA_PAGE_SIZE] = {0}, *address = page_address(workload, header);
    int result;

    snprintf(text.name, sizeof text.name, "%s", file->name);
    memcpy(content, &text, sizeof text);
    result = settle(workload, "pma_dirty",
                    pma_dirty(workload->arena, address, (1 + file->pages) * PMA_PAGE_SIZE));
    if (result != DONE)
        return result;
    memcpy(address, &text, sizeof text);
    memcpy(address + PMA_PAGE_SIZE, file->bytes, file->length);
    for (uint64_t i = 0; i <= file->pages; i++) {
        const void *bytes = i == 0 ? content : file->bytes + (i - 1) * PMA_PAGE_SIZE;
        struct expected_page *page = &workload->now.pages[header + i];

        page->step = (uint32_t)workload->step_number;
        if (contents_add(&workload->contents, bytes, &page->content) != 0)
            return fail(workload, -ENOMEM, "out of memory");
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
        error = fail(workload, -EINVAL, "%s", why);
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
static int play_ingest(struct workload *workload, const struct step *step)
{
    char why[512];
    int error = ingest_read(workload->input, step->count, &workload->files, why, sizeof why);

    if (error != 0)
        return fail(workload, error, "%s", why);
    for (size_t i = 0; error == 0 && !workload->ended && i < workload->files.count; i++) {
        const struct ingest_file *file = &workload->files.files[i];

        snprintf(workload->text, sizeof workload->text, "ingest file '%.100s', %" PRIu64 " bytes",
                 file->name, file->length);
        fsim_capture_step(i == 0 ? workload->step_number : ++workload->step_number, workload->text);
        error = ingest_file(workload, file);
    }
    return error;
}

/* The steps that act on a range of pages. */
static int play_range(struct workload *workload, const struct step *step)
{
    uint64_t first, pages;
    int result = find_pages(workload, step, &first, &pages);
    void *address;

    if (result == 0)
        result = push_faults(workload);
    if (result != 0)
        return result;
    address = page_address(workload, first);
    switch (step->kind) {
    case STEP_FREE:
        result = play_free(workload, step, first, pages);
        break;
    case STEP_MOVE:
        result = play_move(workload, step, first, pages);
        break;
    case STEP_WRITE:
        result = play_write(workload, step, first, pages);
        break;
    case STEP_DIRTY:
        result = settle(workload, "pma_dirty",
                        pma_dirty(workload->arena, address, pages * PMA_PAGE_SIZE));
        break;
    default:
        result = settle(workload, "pma_evict",
                        pma_evict(workload->arena, address, pages * PMA_PAGE_SIZE));
        break;
    }
    pop_faults(workload);
    return result < 0 ? result : 0;
}

static int play_step(struct workload *workload, const struct step *step)
{
    int result;

    switch (step->kind) {
    case STEP_CREATE:
        return play_create(workload);
    case STEP_REOPEN:
    case STEP_KILL:
        return play_reopen(workload, step->kind == STEP_KILL);
    case STEP_SNAPSHOT:
        return play_snapshots(workload, step);
    case STEP_INGEST:
        return play_ingest(workload, step);
    case STEP_ALLOC:
        return play_alloc(workload, step);
    case STEP_ROOT:
        result = play_root(workload, (unsigned)step->index, step->value);
        return result < 0 ? result : 0;
    default:
        return play_range(workload, step);
    }
}

/* ---- the whole ---- */

static int play_steps(struct workload *workload)
{
    int error = 0;

    for (size_t i = 0; error == 0 && !workload->ended && i < workload->scenario->step_count; i++) {
        workload->step = &workload->scenario->steps[i];
        workload->injected = fsim_plan_fired();
        workload_describe(workload->step, workload->text, sizeof workload->text);
        fsim_capture_step(++workload->step_number, workload->text);
        error = play_step(workload, workload->step);
    }
    /* After an injected error the arena must still open, at a state that may be there. */
    if (error == 0 && workload->ended && workload->moments.acknowledged) {
        fsim_capture_step(++workload->step_number, "reopen after the injected error");
        error = play_reopen(workload, false);
    }
    return error == 0 ? verify_memory(workload) : error;
}

/* The state before the first step: no arena at all, or an empty one that is opened. */
static int begin(struct workload *workload)
{
    int error;

    if (workload->scenario->record_creation) {
        fsim_capture_mark(FSIM_MARK_ACK, "no arena", FSIM_ABSENT, NULL, 0);
        return 0;
    }
    error = mark_attempt(workload, "the empty arena");
    if (error == 0)
        error = mark_acknowledged(workload, 0);
    return error != 0 ? error : open_arena(workload);
}

static void prepare(struct workload *workload, const struct scenario *scenario,
                    const char *directory, char *message, size_t message_bytes)
{
    *workload =
        (struct workload){.scenario = scenario, .message = message, .message_bytes = message_bytes};
    snprintf(workload->path, sizeof workload->path, "%s/" WORKLOAD_FILE, directory);
}

int workload_setup(const struct scenario *scenario, const struct workload_options *options,
                   const char *directory, char *message, size_t message_bytes)
{
    const struct pma_options arena_is = arena_options(scenario, options->copying);
    struct workload workload;
    struct pma_error error;
    pma_t *arena;
    int result;

    if (scenario->record_creation)
        return 0;
    prepare(&workload, scenario, directory, message, message_bytes);
    result = pma_create(workload.path, &arena_is, &arena, &error);
    if (result != 0)
        return fail(&workload, result, "pma_create: %s", error.text);
    return pma_close(arena);
}

int workload_play(const struct scenario *scenario, const struct workload_options *options,
                  const char *directory, char *message, size_t message_bytes)
{
    struct workload workload;
    int error;

    prepare(&workload, scenario, directory, message, message_bytes);
    workload.input = options->input;
    workload.copying = options->copying;
    workload.moments.contents = &workload.contents;
    workload.injected = fsim_plan_fired();
    error = expected_init(&workload.now, scenario->reserved_pages);
    if (error != 0)
        return fail(&workload, error, "out of memory");
    pma_fault_gate(1);
    error = begin(&workload);
    if (error == 0)
        error = play_steps(&workload);
    if (workload.arena != NULL)
        (void)pma_close(workload.arena);
    pma_fault_gate(0);
    moments_deinit(&workload.moments);
    balance_deinit(&workload.balance);
    ingest_files_deinit(&workload.files);
    contents_deinit(&workload.contents);
    expected_deinit(&workload.now);
    return error;
}

void workload_describe(const struct step *step, char *text, size_t bytes)
{
    const char *word = step_word(step->kind);
    char range[64] = "", more[160] = "";

    if (step->kind == STEP_ALLOC)
        snprintf(range, sizeof range, ", %" PRIu64 " page%s", step->pages,
                 step->pages == 1 ? "" : "s");
    else if (step->pages == 1)
        snprintf(range, sizeof range, " page %" PRIu64, step->page);
    else if (step->pages == 0 && step->page > 0)
        snprintf(range, sizeof range, " from page %" PRIu64, step->page);
    else if (step->pages > 0)
        snprintf(range, sizeof range, " pages %" PRIu64 "-%" PRIu64, step->page,
                 step->page + step->pages - 1);
    if (step->kind == STEP_MOVE)
        snprintf(more, sizeof more, " to page %" PRIu64 "%s%s", step->to,
                 step->as != NULL ? " as " : "", step->as != NULL ? step->as : "");
    else if (step->kind == STEP_ALLOC && step->has_at)
        snprintf(more, sizeof more, " at page %" PRIu64, step->at);
    else if (step->kind == STEP_ROOT)
        snprintf(more, sizeof more, " %" PRIu64 " = %#" PRIx64, step->index, step->value);
    else if (step->kind == STEP_SNAPSHOT && step->count > 1)
        snprintf(more, sizeof more, " %" PRIu64 " times", step->count);
    snprintf(text, bytes, "%s%s%s%s%s%s%s%s%s", word, step->name != NULL ? " " : "",
             step->name != NULL ? step->name : "", range, more,
             step->ephemeral    ? ", ephemeral"
             : step->persistent ? ", persistent"
                                : "",
             step->fault != NULL ? " with " : "", step->fault != NULL ? step->fault : "",
             step->killed ? ", killed before it returns" : "");
}

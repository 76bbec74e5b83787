/* SPDX-License-Identifier: MIT */
/*
 * What an arena must be after a call that failed because a fault plan of the run had it fail.
 *
 * The call said why, and changed nothing: all memory is as it was, stacks and heap are sound. The
 * arena does more work, or it is poisoned, and then every change is refused as such. It closes, and
 * opens at a state that may be there. Calls that go on failing may keep it from that, but not from
 * saying so, and not once they work again.
 */
#include "play.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <faultsim/capture.h>
#include <faultsim/plan.h>
#include <pma/fault_points.h>

/* ---- accesses that cannot be served ---- */

static const struct workload *watched;

/* The last in line for a fault. To end here is what a program does that has no better idea. */
static void on_fault(int number, siginfo_t *information, void *context)
{
    uint64_t offset = (uintptr_t)information->si_addr - (uintptr_t)PMA_DEFAULT_BASE;

    (void)context;
    if (offset < watched->scenario->reserved_pages * PMA_PAGE_SIZE && watched->looking == 0 &&
        fsim_plan_fired() > 0)
        _exit(FSIM_CRASH_EXIT);
    signal(number, SIG_DFL);
}

int play_watch_unserved(const struct workload *workload)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};

    watched = workload;
    return sigaction(SIGSEGV, &action, NULL) == 0 ? 0 : -errno;
}

/* ---- more work ---- */

#define LATE_PAGES  "(pages after the failure)"
#define LATE_OBJECT "(object after the failure)"

static const struct step work[] = {
    {.kind = STEP_ALLOC, .name = LATE_PAGES, .pages = 1},
    {.kind = STEP_WRITE, .name = LATE_PAGES, .seed = 77, .bytes = PMA_PAGE_SIZE},
    {.kind = STEP_MALLOC, .name = LATE_OBJECT, .seed = 78, .bytes = 100},
    {.kind = STEP_SNAPSHOT, .count = 1},
};

/* Plays a step that the scenario does not have, as if it stood where the failed one does. */
static int play_late(struct workload *workload, const struct step *late)
{
    const struct step *failed = workload->step;
    struct step step = *late;
    int error;

    step.line = failed != NULL ? failed->line : workload->scenario->line;
    workload->step = &step;
    workload->ended = false;
    snprintf(workload->text, sizeof workload->text, "after a failure: %s", step_word(step.kind));
    fsim_capture_step(++workload->step_number, workload->text);
    error = play_step(workload, &step);
    workload->step = failed;
    return error;
}

bool play_is_poisoned(const struct workload *workload)
{
    struct pma_stat stat;

    return workload->arena != NULL && pma_stat(workload->arena, &stat) == PMA_EPOISONED;
}

static int refuse_change(struct workload *workload, const char *call, int result)
{
    return result == PMA_EPOISONED
               ? 0
               : play_broken(workload, WORKLOAD_FAILURES, result < 0 ? result : -EINVAL,
                             "the arena is poisoned, but %s says '%s'", call, pma_strerror(result));
}

static int demand_refusals(struct workload *workload)
{
    uint64_t value = 0;
    void *address;
    int error = refuse_change(workload, "pma_pages_alloc",
                              pma_pages_alloc(workload->arena, 1, 0, &address));

    if (error == 0)
        error = refuse_change(workload, "pma_set_root", pma_set_root(workload->arena, 0, value));
    if (error == 0)
        error = refuse_change(workload, "pma_snapshot", pma_snapshot(workload->arena, 1));
    return error;
}

/* Where the scenario has filled the address range, more work fails for want of room. */
static bool has_room(const struct workload *workload)
{
    enum { NEEDED = 8 }; /* pages side by side: one, the heap's record and a page of chunks */
    uint64_t run = 0;

    for (uint64_t page = 0; page < workload->now.page_count && run < NEEDED; page++)
        run = workload->now.pages[page].owner == 0 ? run + 1 : 0;
    return run == NEEDED;
}

static int demand_work(struct workload *workload)
{
    int error = 0;

    if (!has_room(workload))
        return 0;
    for (size_t i = 0; error == 0 && i < sizeof work / sizeof *work; i++) {
        error = play_late(workload, &work[i]);
        if (error != 0 || !workload->ended)
            continue;
        if (play_is_poisoned(workload))
            return demand_refusals(workload);
        if (workload->options->fails_once)
            return play_broken(workload, WORKLOAD_FAILURES, -EIO,
                               "nothing is to fail any more, but it does, and the arena is not "
                               "poisoned: %s",
                               pma_last_error(workload->arena));
        return 0;
    }
    return error;
}

/* ---- from the failure to the end ---- */

static int look_around(struct workload *workload)
{
    int error;

    play_look(workload);
    error = play_verify_memory(workload);
    play_look_away(workload);
    return error == 0 ? play_judge(workload) : error;
}

static bool is_there(const struct workload *workload)
{
    return access(workload->path, F_OK) == 0;
}

static bool is_place_taken(void)
{
    return msync((void *)PMA_DEFAULT_BASE, PMA_PAGE_SIZE, MS_ASYNC) == 0;
}

static int reopen(struct workload *workload)
{
    static const struct step step = {.kind = STEP_REOPEN};
    int error = 0;

    if (!workload->moments.acknowledged && !is_there(workload))
        return 0;
    error = play_late(workload, &step);
    if (error != 0 || workload->arena != NULL)
        return error;
    if (workload->options->fails_once)
        return play_broken(workload, WORKLOAD_FAILURES, -EIO,
                           "nothing is to fail any more, but the arena does not open");
    /* Its place was not given back; only another process can open it, as after a crash. */
    if (is_place_taken())
        return 0;
    play_look(workload);
    error = play_late(workload, &step);
    play_look_away(workload);
    return error;
}

int play_after_failure(struct workload *workload)
{
    int error = 0;

    if (play_is_poisoned(workload))
        error = demand_refusals(workload);
    else if (workload->arena != NULL && workload->known)
        error = look_around(workload);
    if (error == 0 && workload->arena != NULL && workload->known && !play_is_poisoned(workload))
        error = demand_work(workload);
    workload->known = workload->known && !play_is_poisoned(workload);
    return error == 0 ? reopen(workload) : error;
}

/* SPDX-License-Identifier: MIT */
#include "workload.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <faultsim/capture.h>
#include <faultsim/plan.h>
#include <pma/fault_points.h>

#include "mapped.h"
#include "play.h"
#include "witness.h"

const char *workload_rule_name(enum workload_rule rule)
{
    static const char *const names[] = {
#define RULE_NAME(id, name, help) [WORKLOAD_##id] = name,
        WORKLOAD_RULES(RULE_NAME)
#undef RULE_NAME
    };

    return names[rule];
}

const char *workload_rule_help(enum workload_rule rule)
{
    static const char *const helps[] = {
#define RULE_HELP(id, name, help) [WORKLOAD_##id] = help,
        WORKLOAD_RULES(RULE_HELP)
#undef RULE_HELP
    };

    return helps[rule];
}

int play_step(struct workload *workload, const struct step *step)
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
    case STEP_SHRINK:
        return play_shrink(workload, step);
    case STEP_INGEST:
        return play_ingest(workload, step);
    case STEP_MALLOC:
    case STEP_REALLOC:
    case STEP_FREE_OBJECT:
    case STEP_TAKE:
        return play_heap(workload, step);
    case STEP_STACK:
    case STEP_PUSH:
    case STEP_POP:
    case STEP_FLIP:
    case STEP_STACK_ALLOC:
    case STEP_LOCAL:
    case STEP_LIGHT_PUSH:
    case STEP_LIGHT_POP:
    case STEP_STACK_RELEASE:
    case STEP_STACK_FREE:
        return play_stack(workload, step);
    case STEP_NOUN:
    case STEP_CELL:
    case STEP_PRESERVE:
    case STEP_KEEP:
    case STEP_HOLD:
    case STEP_DROP:
    case STEP_JAM:
        return play_noun(workload, step);
    case STEP_VIEW:
    case STEP_VIEW_CHECK:
    case STEP_VIEW_CLOSE:
        return play_view(workload, step);
    case STEP_COPY:
        return play_copy(workload, step);
    case STEP_SECOND_WRITER:
        return play_second_writer(workload);
    case STEP_ALLOC:
        return play_alloc(workload, step);
    case STEP_ROOT:
        result = play_root(workload, (unsigned)step->index, step->value);
        return result < 0 ? result : 0;
    default:
        return play_range(workload, step);
    }
}

/* The finding names the invariant: "heap-chunks: what (...)". */
static int play_unsound(struct workload *workload, int result, const char *finding)
{
    if (result == -ENOMEM)
        return play_fail(workload, result, "out of memory");
    if (finding[0] == '\0')
        return play_broken(workload, WORKLOAD_SOUND, result, "the running arena cannot be read: %s",
                           pma_strerror(result));
    play_broken(workload, WORKLOAD_SOUND, -EINVAL, "the running arena is not sound: %s", finding);
    snprintf(workload->failure->name, sizeof workload->failure->name, "%.*s",
             (int)strcspn(finding, ":"), finding);
    return -EINVAL;
}

int play_judge(struct workload *workload)
{
    char finding[512] = "";
    bool excused;
    int result;

    if (workload->arena == NULL || !workload->known)
        return 0;
    for (size_t i = 0; i < workload->stacks.count; i++)
        workload->stacks.list[i].released = workload->step->kind == STEP_STACK_RELEASE &&
                                            workload->step->expect == 0 && !workload->ended;
    play_look(workload);
    result = witness_judge(workload->options->invariants, workload->arena, &workload->stacks,
                           finding, sizeof finding);
    if (result == 0)
        result = mapped_check_ephemeral(workload->arena, finding, sizeof finding);
    excused = result != 0 && play_was_injected(workload);
    play_look_away(workload);
    /* A failure that the step expects may have made it so; the next step says. */
    if (result == PMA_EPOISONED && workload->step->expect != 0)
        return 0;
    if (result == 0 || excused)
        return 0;
    return play_unsound(workload, result, finding);
}

/*
 * What recovery never sees, the stacks above all, must be sound after every step. Where failures
 * are judged, a recording without the fault has been judged before, up to there.
 */
static int judge_step(struct workload *workload)
{
    bool judged = workload->options->judges_failures && fsim_plan_fired() == workload->injected;

    return workload->ended || judged ? 0 : play_judge(workload);
}

/*
 * Whether the limits hold after this step. Each fault gives back what is too many. Calls that
 * announce accesses, as those do that look at a heap or at what an open returned, leave that to the
 * next, and what a failure kept in memory stays for a while.
 */
static bool is_within_limits(const struct workload *workload)
{
    const uint64_t kinds = UINT64_C(1) << STEP_ALLOC | UINT64_C(1) << STEP_FREE |
                           UINT64_C(1) << STEP_WRITE | UINT64_C(1) << STEP_MOVE |
                           UINT64_C(1) << STEP_EVICT | UINT64_C(1) << STEP_SNAPSHOT;

    for (const struct step *step = workload->scenario->steps; step <= workload->step; step++)
        if (step->fault != NULL || (kinds >> step->kind & 1) == 0)
            return false;
    return fsim_plan_fired() == 0;
}

static int check_limits(struct workload *workload)
{
    const struct scenario *scenario = workload->scenario;
    struct pma_stat stat;
    struct mapped_use use;
    int result;

    if ((scenario->resident_pages == 0 && scenario->mapping_limit == 0) || workload->ended ||
        !is_within_limits(workload))
        return 0;
    result = pma_stat(workload->arena, &stat);
    if (result != 0)
        return play_broken(workload, WORKLOAD_CALLS, result, "pma_stat: %s", pma_strerror(result));
    if (scenario->resident_pages != 0 &&
        stat.resident_bytes > scenario->resident_pages * PMA_PAGE_SIZE)
        return play_broken(workload, WORKLOAD_LIMITS, -EINVAL,
                           "%" PRIu64 " pages are in memory, the limit is %" PRIu64,
                           stat.resident_bytes / PMA_PAGE_SIZE, scenario->resident_pages);
    if (scenario->mapping_limit != 0 && stat.mappings > scenario->mapping_limit)
        return play_broken(workload, WORKLOAD_LIMITS, -EINVAL,
                           "there are %" PRIu64 " mappings, the limit is %" PRIu64, stat.mappings,
                           scenario->mapping_limit);
    result = mapped_use(workload->arena, scenario->reserved_pages, &use);
    if (result != 0)
        return play_fail(workload, result, "cannot ask the kernel for the mappings");
    if (use.mappings > stat.mappings || use.resident * PMA_PAGE_SIZE > stat.resident_bytes)
        return play_broken(workload, WORKLOAD_LIMITS, -EINVAL,
                           "the kernel has %" PRIu64 " mappings and %" PRIu64
                           " pages in memory, the arena counts %" PRIu64 " and %" PRIu64,
                           use.mappings, use.resident, stat.mappings,
                           stat.resident_bytes / PMA_PAGE_SIZE);
    return 0;
}

static int play_steps(struct workload *workload)
{
    int error = 0;

    for (size_t i = 0; error == 0 && !workload->ended && i < workload->scenario->step_count; i++) {
        workload->step = &workload->scenario->steps[i];
        if (!workload->options->judges_failures)
            workload->injected = fsim_plan_fired();
        workload_describe(workload->step, workload->text, sizeof workload->text);
        fsim_capture_step(++workload->step_number, workload->text);
        error = play_step(workload, workload->step);
        if (error == 0)
            error = judge_step(workload);
        if (error == 0)
            error = check_limits(workload);
    }
    if (error == 0 && workload->ended && workload->options->judges_failures)
        error = play_after_failure(workload);
    /* After an injected error the arena must still open, at a state that may be there. */
    else if (error == 0 && workload->ended && workload->moments.acknowledged) {
        fsim_capture_step(++workload->step_number, "reopen after the injected error");
        error = play_reopen(workload, false);
    }
    return error == 0 ? play_verify_memory(workload) : error;
}

/* The state before the first step: no arena at all, or an empty one that is opened. */
static int begin(struct workload *workload)
{
    int error;

    if (workload->scenario->record_creation) {
        fsim_capture_mark(FSIM_MARK_ACK, "no arena", FSIM_ABSENT, NULL, 0);
        return 0;
    }
    error = play_attempt(workload, "the empty arena");
    if (error == 0)
        error = play_acknowledge(workload, 0);
    return error != 0 ? error : play_open(workload);
}

static void prepare(struct workload *workload, const struct scenario *scenario,
                    const char *directory, struct workload_failure *failure)
{
    *workload = (struct workload){.scenario = scenario, .directory = directory, .failure = failure};
    *failure = (struct workload_failure){.rule = WORKLOAD_RULE_COUNT};
    snprintf(workload->path, sizeof workload->path, "%s/" WORKLOAD_FILE, directory);
}

int workload_setup(const struct scenario *scenario, const struct workload_options *options,
                   const char *directory, struct workload_failure *failure)
{
    const struct pma_options arena_is = play_options(scenario, options->copying);
    struct workload workload;
    struct pma_error error;
    pma_t *arena;
    int result;

    if (scenario->record_creation)
        return 0;
    prepare(&workload, scenario, directory, failure);
    result = pma_create(workload.path, &arena_is, &arena, &error);
    if (result != 0)
        return play_call_failed(&workload, "pma_create", result, error.text);
    return pma_close(arena);
}

/* Those of the recorder do not count. */
static size_t open_descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    const struct dirent *entry;
    size_t count = 0;

    while (directory != NULL && (entry = readdir(directory)) != NULL)
        count += strtoul(entry->d_name, NULL, 10) < FSIM_OWN_DESCRIPTORS;
    if (directory != NULL)
        (void)closedir(directory);
    return count;
}

/* With arena and views closed, nothing is open that was not before; nor does a file lie around. */
static int check_leftovers(struct workload *workload, size_t descriptors)
{
    const size_t now = open_descriptors();
    struct dirent *entry;
    DIR *directory;
    int result = 0;

    if (now > descriptors)
        return play_broken(workload, WORKLOAD_CALLS, -EINVAL,
                           "%zu files that the library opened are open for ever",
                           now - descriptors);
    directory = opendir(workload->directory);
    while (result == 0 && directory != NULL && (entry = readdir(directory)) != NULL)
        if (entry->d_name[0] != '.' && strcmp(entry->d_name, WORKLOAD_FILE) != 0)
            result =
                play_broken(workload, WORKLOAD_CALLS, -EINVAL, "'%s' is left over", entry->d_name);
    if (directory != NULL)
        (void)closedir(directory);
    return result;
}

int workload_play(const struct scenario *scenario, const struct workload_options *options,
                  const char *directory, struct workload_failure *failure)
{
    const size_t descriptors = open_descriptors();
    struct workload workload;
    int error;

    prepare(&workload, scenario, directory, failure);
    workload.options = options;
    workload.moments.contents = &workload.contents;
    workload.injected = fsim_plan_fired();
    error = expected_init(&workload.now, scenario->reserved_pages);
    if (error == 0)
        error = expected_init(&workload.previous, scenario->reserved_pages);
    if (error != 0)
        return play_fail(&workload, error, "out of memory");
    if (options->judges_failures)
        error = play_watch_unserved(&workload);
    pma_fault_gate(1);
    if (error == 0)
        error = begin(&workload);
    if (error == 0)
        error = play_steps(&workload);
    play_forget_views(&workload);
    play_forget_stacks(&workload, workload.arena == NULL);
    if (workload.arena != NULL)
        (void)pma_close(workload.arena);
    pma_fault_gate(0);
    /* Nobody can clean up with calls that a plan of the run left out. */
    if (error == 0 && !workload.ended && fsim_plan_fired() == 0)
        error = check_leftovers(&workload, descriptors);
    moments_deinit(&workload.moments);
    balance_deinit(&workload.balance);
    ingest_files_deinit(&workload.files);
    contents_deinit(&workload.contents);
    expected_deinit(&workload.now);
    expected_deinit(&workload.previous);
    stacks_deinit(&workload.stacks);
    nouns_deinit(&workload.nouns);
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

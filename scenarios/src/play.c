/* SPDX-License-Identifier: MIT */
#include "play.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include <faultsim/plan.h>

#include "words.h"

/* The directory is another one each time, which should not make two findings look different. */
static void leave_out(char *text, const char *directory)
{
    const size_t length = strlen(directory) + 1;
    char *found = text;

    while ((found = strstr(found, directory)) != NULL && strlen(found) >= length)
        memmove(found, found + length, strlen(found + length) + 1);
}

static void say(struct workload *workload, const char *format, va_list arguments)
{
    struct workload_failure *failure = workload->failure;

    vsnprintf(failure->found, sizeof failure->found, format, arguments);
    leave_out(failure->found, workload->directory);
    if (workload->step == NULL) {
        snprintf(failure->text, sizeof failure->text, "%s", failure->found);
        return;
    }
    snprintf(failure->step, sizeof failure->step, "step %" PRIu64 " (%s)", workload->step_number,
             workload->text);
    snprintf(failure->text, sizeof failure->text, "%.150s:%u: %s: %s", workload->scenario->file,
             workload->step->line, failure->step, failure->found);
}

int play_fail(struct workload *workload, int code, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(workload, format, arguments);
    va_end(arguments);
    return code;
}

int play_broken(struct workload *workload, enum workload_rule rule, int code, const char *format,
                ...)
{
    struct workload_failure *failure = workload->failure;
    va_list arguments;

    va_start(arguments, format);
    say(workload, format, arguments);
    va_end(arguments);
    failure->rule = rule;
    failure->code = code;
    snprintf(failure->name, sizeof failure->name, "%s", workload_rule_name(rule));
    return code;
}

/* Whether it is the machine that has no room, not the library that says so. */
static bool is_without_means(const struct workload *workload, int result)
{
    enum { ENOUGH = 16 << 20 };
    struct statvfs disk;
    void *memory;

    if (result == -ENOSPC)
        return statvfs(workload->directory, &disk) == 0 &&
               ((disk.f_files > 0 && disk.f_favail == 0) || disk.f_bavail < ENOUGH / disk.f_frsize);
    if (result != -ENOMEM)
        return result == -EDQUOT || result == -EROFS;
    memory = malloc(ENOUGH);
    free(memory);
    return memory == NULL;
}

/* Which call did not end as it should, and how it should have. */
static void note_call(struct workload *workload, const char *call)
{
    const int expect = workload->step != NULL ? workload->step->expect : 0;
    struct workload_failure *failure = workload->failure;

    snprintf(failure->call, sizeof failure->call, "%s", call);
    snprintf(failure->expected, sizeof failure->expected, "%s %s%s", call,
             expect != 0 ? "fails with " : "succeeds", expect != 0 ? words_error_name(expect) : "");
}

int play_call_failed(struct workload *workload, const char *call, int result, const char *context)
{
    const char *text = pma_strerror(result);
    const bool more = context[0] != '\0';

    if (is_without_means(workload, result))
        return play_fail(workload, result, "%s: %s; there is none left on this machine", call,
                         more ? context : text);
    play_broken(workload, WORKLOAD_CALLS, result, "%s: %s%s%s%s", call, text, more ? " (" : "",
                context, more ? ")" : "");
    note_call(workload, call);
    return result;
}

unsigned char *play_page(const struct workload *workload, uint64_t page)
{
    return (unsigned char *)pma_base(workload->arena) + page * PMA_PAGE_SIZE;
}

void play_store(void *to, const void *from, size_t bytes)
{
    for (size_t at = 0, piece; at < bytes; at += piece) {
        piece = PMA_PAGE_SIZE - ((uintptr_t)to + at) % PMA_PAGE_SIZE;
        if (piece > bytes - at)
            piece = bytes - at;
        memcpy((unsigned char *)to + at, (const unsigned char *)from + at, piece);
    }
}

uint64_t play_page_number(const struct workload *workload, const void *address)
{
    return (uint64_t)((const unsigned char *)address -
                      (const unsigned char *)pma_base(workload->arena)) /
           PMA_PAGE_SIZE;
}

struct pma_options play_options(const struct scenario *scenario, enum pma_copying copying)
{
    struct pma_options options = PMA_OPTIONS_INIT;

    options.reserved_bytes = scenario->reserved_pages * PMA_PAGE_SIZE;
    options.fanout = (uint32_t)scenario->fanout;
    options.initial_blocks = (uint32_t)scenario->initial_blocks;
    options.grow_blocks = (uint32_t)scenario->grow_blocks;
    options.resident_bytes = scenario->resident_pages * PMA_PAGE_SIZE;
    options.mapping_limit = (uint32_t)scenario->mapping_limit;
    options.defragment_blocks = (uint32_t)scenario->defragment_blocks;
    options.keep_blocks = (uint32_t)scenario->keep_blocks;
    options.verify = scenario->verify;
    options.copying = copying;
    return options;
}

bool play_was_injected(struct workload *workload)
{
    if ((workload->looking > 0 && workload->options->judges_failures) ||
        fsim_plan_fired() == workload->injected)
        return false;
    workload->ended = true;
    workload->known = workload->known && workload->options->judges_failures;
    return true;
}

void play_look(struct workload *workload)
{
    if (workload->looking++ == 0)
        fsim_plan_pause();
}

void play_look_away(struct workload *workload)
{
    if (--workload->looking == 0)
        fsim_plan_resume();
}

/* A call that a fault made fail: its code and its text must be of use to the caller. */
static int check_failure(struct workload *workload, const char *call, int result, const char *text)
{
    if (!workload->options->judges_failures)
        return PLAY_STOPPED;
    if (result == PMA_EBUG || result == PMA_ECORRUPT)
        return play_broken(workload, WORKLOAD_FAILURES, result,
                           "%s: a failed call became '%s' (%s)", call, pma_strerror(result), text);
    if (result != 0 && text[0] == '\0')
        return play_broken(workload, WORKLOAD_FAILURES, result,
                           "%s failed with '%s', and no text says why", call, pma_strerror(result));
    /* It succeeded where the step wants a failure, which the fault kept from happening. */
    workload->known = workload->known && result != 0;
    return PLAY_STOPPED;
}

int play_settle(struct workload *workload, const char *call, int result)
{
    return play_settle_text(workload, call, result,
                            workload->arena != NULL ? pma_last_error(workload->arena) : "");
}

int play_settle_text(struct workload *workload, const char *call, int result, const char *context)
{
    int expect = workload->step != NULL ? workload->step->expect : 0;

    /* Nothing can be asked of an arena that was given up, until it is opened again. */
    if (result == expect)
        workload->known = workload->known && result != PMA_EPOISONED;
    /* A failure that the step wants, and beside it a fault that cost the arena. */
    if (result == expect && result != 0 && play_is_poisoned(workload) &&
        play_was_injected(workload))
        return check_failure(workload, call, result, context);
    if (result == expect)
        return result == 0 ? PLAY_DONE : PLAY_FAILED;
    if (play_was_injected(workload))
        return check_failure(workload, call, result, context);
    if (result != 0)
        return play_call_failed(workload, call, result, context);
    play_broken(workload, WORKLOAD_CALLS, -EINVAL, "%s should have failed with %s, but succeeded",
                call, words_error_name(expect));
    note_call(workload, call);
    return -EINVAL;
}

int play_arm(struct workload *workload)
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
        return play_fail(workload, error, "%s", why);
    return error == 0 ? 0 : play_fail(workload, error, "cannot inject '%s'", workload->step->fault);
}

void play_disarm(const struct workload *workload)
{
    if (workload->step->fault != NULL)
        fsim_plan_pop();
}

int play_called(struct workload *workload, const char *call, int result)
{
    play_disarm(workload);
    return play_settle(workload, call, result);
}

struct effects play_effects(struct workload *workload)
{
    return (struct effects){.now = &workload->now,
                            .stacks = &workload->stacks,
                            .nouns = &workload->nouns,
                            .text = workload->why,
                            .text_bytes = sizeof workload->why};
}

int play_applied(struct workload *workload, int error)
{
    if (error == -ENOMEM)
        return play_fail(workload, error, "out of memory");
    return error == 0 ? 0 : play_broken(workload, WORKLOAD_MEMORY, error, "%s", workload->why);
}

/* The first word that differs tells most: of which page and step it is, or that it is zero. */
static int wrong_page(struct workload *workload, uint64_t page)
{
    const struct expected_page *expected = &workload->now.pages[page];
    const unsigned char *is = play_page(workload, page);
    const unsigned char *should = contents_bytes(&workload->contents, expected->content);
    uint64_t found, wanted;
    unsigned at = 0;

    while (memcmp(is + at, should + at, sizeof found) == 0)
        at += sizeof found;
    memcpy(&found, is + at, sizeof found);
    memcpy(&wanted, should + at, sizeof wanted);
    play_broken(workload, WORKLOAD_MEMORY, -EINVAL,
                "page %" PRIu64 " of the arena, in '%s', does not hold what step %u stored: "
                "%#" PRIx64 " at byte %u",
                page, workload->now.names[expected->owner - 1].text, expected->step, found, at);
    snprintf(workload->failure->expected, sizeof workload->failure->expected,
             "%#" PRIx64 " at byte %u of page %" PRIu64, wanted, at, page);
    return -EINVAL;
}

int play_verify_pages(struct workload *workload, uint64_t first, uint64_t pages)
{
    for (uint64_t page = first; page < first + pages; page++) {
        const struct expected_page *expected = &workload->now.pages[page];
        int result;

        if (expected->owner == 0)
            continue;
        result = pma_touch(workload->arena, play_page(workload, page), PMA_PAGE_SIZE);
        if (result != 0 && play_was_injected(workload))
            return 0;
        if (result != 0)
            return play_call_failed(workload, "pma_touch", result, pma_last_error(workload->arena));
        if (memcmp(play_page(workload, page),
                   contents_bytes(&workload->contents, expected->content), PMA_PAGE_SIZE) != 0)
            return wrong_page(workload, page);
    }
    return 0;
}

int play_verify_memory(struct workload *workload)
{
    int error;

    if (workload->arena == NULL || !workload->known)
        return 0;
    error = play_verify_pages(workload, 0, workload->now.page_count);
    for (size_t i = 0; error == 0 && i < workload->now.object_count; i++)
        if (!workload->now.objects[i].freed)
            error = play_verify_object(workload, &workload->now.objects[i]);
    for (unsigned i = 0; error == 0 && i < PMA_ROOTS; i++)
        if (workload->now.kept[i] != NULL)
            error =
                play_verify_noun(workload, "root", workload->now.roots[i], workload->now.kept[i]);
    return error == 0 ? play_verify_stacks(workload) : error;
}

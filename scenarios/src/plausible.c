/* SPDX-License-Identifier: MIT */
#include "plausible.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "expected.h"

struct walker {
    const struct scenario *scenario;
    struct expected now, acknowledged, attempted;
    bool open;     /* the arena can be worked with */
    bool exists;   /* a creation was acknowledged */
    bool attempt;  /* a creation or snapshot failed since the last acknowledgement */
    bool ingested; /* from here on only the input knows which pages are where */
    char *text;    /* of a complaint, without file and line */
    size_t text_bytes;
};

static int refuse(struct walker *walker, const char *why)
{
    snprintf(walker->text, walker->text_bytes, "%s", why);
    return -EINVAL;
}

static int walk_alloc(struct walker *walker, const struct step *step)
{
    uint64_t first = step->has_at ? step->at : expected_gap(&walker->now, step->pages);

    return expected_alloc(&walker->now, step->name, first, step->pages, step->ephemeral,
                          walker->text, walker->text_bytes);
}

static int walk_range(struct walker *walker, const struct step *step)
{
    uint64_t pages = step->pages, first;

    return expected_find(&walker->now, step->name, step->page, &pages, &first, walker->text,
                         walker->text_bytes);
}

static int walk_move(struct walker *walker, const struct step *step)
{
    uint64_t pages = step->pages, first;
    int error = expected_find(&walker->now, step->name, step->page, &pages, &first, walker->text,
                              walker->text_bytes);

    if (error != 0)
        return error;
    error = expected_move(&walker->now, step->name, step->page, step->pages, step->to, step->as,
                          walker->text, walker->text_bytes);
    if (error != 0)
        return error;
    for (uint64_t i = 0; i < pages && (step->ephemeral || step->persistent); i++)
        walker->now.pages[step->to + i].ephemeral = step->ephemeral;
    return 0;
}

static int walk_commit(struct walker *walker, const struct step *step)
{
    walker->now.event = step->has_event ? step->event : walker->now.event + step->count;
    if (step->expect != 0 || step->killed) {
        walker->attempt = true;
        walker->open = walker->open && !step->killed;
        return expected_copy(&walker->attempted, &walker->now);
    }
    walker->attempt = false;
    walker->exists = true;
    return expected_copy(&walker->acknowledged, &walker->now);
}

static int walk_create(struct walker *walker, const struct step *step)
{
    if (walker->open)
        return refuse(walker, "the arena is there already; use 'create' first, in a scenario with "
                              "'create: recorded'");
    walker->open = step->expect == 0 && !step->killed;
    return walk_commit(walker, step);
}

static int walk_open(struct walker *walker, const struct step *step)
{
    const struct expected *returned = step->attempted ? &walker->attempted : &walker->acknowledged;
    int error;

    if (step->attempted && !walker->attempt)
        return refuse(
            walker,
            "'state: attempted', but no snapshot or creation failed or was cut short before it");
    if (!step->attempted && !walker->exists)
        return refuse(walker, "there is no arena to open; after a failed 'create' say 'state: "
                              "attempted', or create again");
    error = expected_copy(&walker->now, returned);
    if (error == 0) {
        expected_forget_ephemeral(&walker->now);
        error = expected_copy(&walker->acknowledged, &walker->now);
    }
    walker->open = walker->exists = true;
    walker->attempt = false;
    return error;
}

static int walk_step(struct walker *walker, const struct step *step)
{
    bool opens = step->kind == STEP_CREATE || step->kind == STEP_REOPEN || step->kind == STEP_KILL;
    bool names = step->name != NULL;

    if (!opens && !walker->open)
        return refuse(walker, "the arena is not open; add a 'create' or 'reopen' before");
    if (names && walker->ingested)
        return refuse(walker, "cannot follow 'ingest', whose pages depend on its input");
    switch (step->kind) {
    case STEP_CREATE:
        return walk_create(walker, step);
    case STEP_REOPEN:
    case STEP_KILL:
        return walk_open(walker, step);
    case STEP_SNAPSHOT:
        return walk_commit(walker, step);
    case STEP_ROOT:
        return step->index < PMA_ROOTS ? 0 : refuse(walker, "'index' is 0 to 31");
    case STEP_INGEST:
        walker->ingested = true;
        return 0;
    default:
        break;
    }
    /* What must fail changes nothing. */
    if (step->expect != 0)
        return 0;
    switch (step->kind) {
    case STEP_ALLOC:
        return walk_alloc(walker, step);
    case STEP_FREE:
        return expected_free(&walker->now, step->name, step->page, step->pages, walker->text,
                             walker->text_bytes);
    case STEP_MOVE:
        return walk_move(walker, step);
    default:
        return walk_range(walker, step);
    }
}

int plausible_scenario(const struct scenario *scenario, char *message, size_t message_bytes)
{
    char text[256];
    struct walker walker = {.scenario = scenario,
                            .open = !scenario->record_creation,
                            .exists = !scenario->record_creation,
                            .text = text,
                            .text_bytes = sizeof text};
    int error = expected_init(&walker.now, scenario->reserved_pages);

    if (error == 0)
        error = expected_init(&walker.acknowledged, scenario->reserved_pages);
    if (error == 0)
        error = expected_init(&walker.attempted, scenario->reserved_pages);
    for (size_t i = 0; error == 0 && i < scenario->step_count; i++) {
        const struct step *step = &scenario->steps[i];

        error = walk_step(&walker, step);
        if (error == -EINVAL)
            snprintf(message, message_bytes, "%s:%u: step '%s': %s", scenario->file, step->line,
                     step_word(step->kind), text);
    }
    if (error == -ENOMEM)
        snprintf(message, message_bytes, "%s: out of memory", scenario->file);
    expected_deinit(&walker.now);
    expected_deinit(&walker.acknowledged);
    expected_deinit(&walker.attempted);
    return error;
}

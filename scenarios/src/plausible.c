/* SPDX-License-Identifier: MIT */
#include "plausible.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "effects.h"

enum { MOST_VIEWS = 8 };

struct walker {
    const struct scenario *scenario;
    struct expected now, acknowledged, attempted;
    struct stacks stacks;
    struct nouns nouns;
    struct effects effects; /* on all of these */
    const char *views[MOST_VIEWS];
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
        stacks_forget(&walker->stacks);
        error = expected_copy(&walker->acknowledged, &walker->now);
    }
    /* A process that is killed has no views any more. */
    if (step->kind == STEP_KILL)
        memset(walker->views, 0, sizeof walker->views);
    walker->open = walker->exists = true;
    walker->attempt = false;
    return error;
}

/* Shrinking takes snapshots, as many as it needs, of the last one's event. */
static int walk_shrink(struct walker *walker, const struct step *step)
{
    const struct step snapshot = {.kind = STEP_SNAPSHOT,
                                  .has_event = true,
                                  .event = walker->acknowledged.event,
                                  .count = 1,
                                  .expect = step->expect,
                                  .killed = step->killed};

    return walk_commit(walker, &snapshot);
}

static const char **view_named(struct walker *walker, const char *name)
{
    for (size_t i = 0; i < MOST_VIEWS; i++)
        if (walker->views[i] == name ||
            (name != NULL && walker->views[i] != NULL && strcmp(walker->views[i], name) == 0))
            return &walker->views[i];
    return NULL;
}

static int walk_view(struct walker *walker, const struct step *step)
{
    const char **view = view_named(walker, step->name);

    if (step->kind == STEP_VIEW && view != NULL)
        return refuse(walker, "there is a view of that name already");
    if (step->kind == STEP_VIEW)
        view = view_named(walker, NULL);
    if (view == NULL)
        return refuse(walker, step->kind == STEP_VIEW ? "at most 8 views at once"
                                                      : "there is no view of that name");
    if (step->kind != STEP_VIEW_CHECK)
        *view = step->kind == STEP_VIEW ? step->name : NULL;
    return 0;
}

/* A word of that look would be taken for a noun's. */
static int walk_root(struct walker *walker, const struct step *step)
{
    if (step->index >= PMA_ROOTS)
        return refuse(walker, "'index' is 0 to 31");
    if (walker->now.kept[step->index] != NULL)
        return refuse(walker, "a noun is kept there; use 'drop' first");
    if (step->value >> 62 == 2 || step->value >> 61 == 6)
        return refuse(walker, "a 'value' from 0x8000000000000000 to 0xdfffffffffffffff looks "
                              "like a noun; use 'keep'");
    walker->now.roots[step->index] = step->value;
    return 0;
}

/* Steps on pages that take objects of the heap, too. */
static int walk_range_or_object(struct walker *walker, const struct step *step)
{
    if (expected_object(&walker->now, step->name, false) == NULL)
        return walk_range(walker, step);
    return step->page == 0 && step->pages == 0
               ? 0
               : refuse(walker, "an object of the heap is written, made dirty and evicted as a "
                                "whole; leave out 'page' and 'pages'");
}

static int walk_noun(struct walker *walker, const struct step *step)
{
    const struct noun *made = effects_made(&walker->effects, step);

    return made == NULL ? -EINVAL : effects_noun(&walker->effects, step, made, 0);
}

static int walk_call(struct walker *walker, const struct step *step)
{
    const struct effects *effects = &walker->effects;

    switch (step->kind) {
    case STEP_ALLOC:
        return walk_alloc(walker, step);
    case STEP_FREE:
        return expected_free(&walker->now, step->name, step->page, step->pages, walker->text,
                             walker->text_bytes);
    case STEP_MOVE:
        return walk_move(walker, step);
    case STEP_MALLOC:
        return effects_malloc(effects, step, 0);
    case STEP_REALLOC:
        return effects_realloc(effects, step, 0);
    case STEP_FREE_OBJECT:
        return effects_free_object(effects, step);
    case STEP_TAKE:
        return effects_take(effects, step, 0);
    case STEP_STACK:
        return effects_stack_new(effects, step);
    case STEP_PUSH:
        return effects_push(effects, step);
    case STEP_POP:
        return effects_pop(effects, step);
    case STEP_FLIP:
        return effects_flip(effects, step);
    case STEP_STACK_ALLOC:
        return effects_stack_alloc(effects, step, NULL);
    case STEP_LOCAL:
        return effects_local(effects, step);
    case STEP_LIGHT_PUSH:
        return effects_light_push(effects, step);
    case STEP_LIGHT_POP:
        return effects_light_pop(effects, step);
    case STEP_STACK_RELEASE:
        return effects_stack(effects, step) == NULL ? -EINVAL : 0;
    case STEP_STACK_FREE:
        return effects_stack_free(effects, step);
    case STEP_NOUN:
    case STEP_CELL:
    case STEP_JAM:
        return walk_noun(walker, step);
    case STEP_PRESERVE:
        return effects_preserve(effects, step, NULL);
    case STEP_KEEP:
        return effects_keep(effects, step, 0);
    case STEP_HOLD:
        return effects_hold(effects, step);
    case STEP_DROP:
        return effects_drop(effects, step);
    case STEP_VIEW:
    case STEP_VIEW_CHECK:
    case STEP_VIEW_CLOSE:
        return walk_view(walker, step);
    case STEP_COPY:
        return 0;
    default:
        return walk_range_or_object(walker, step);
    }
}

static int walk_step(struct walker *walker, const struct step *step)
{
    bool opens = step->kind == STEP_CREATE || step->kind == STEP_REOPEN || step->kind == STEP_KILL;

    if (!opens && !walker->open)
        return refuse(walker, "the arena is not open; add a 'create' or 'reopen' before");
    if (step->name != NULL && walker->ingested)
        return refuse(walker, "cannot follow 'ingest', whose pages depend on its input");
    switch (step->kind) {
    case STEP_CREATE:
        return walk_create(walker, step);
    case STEP_REOPEN:
    case STEP_KILL:
        return walk_open(walker, step);
    case STEP_SNAPSHOT:
        return walk_commit(walker, step);
    case STEP_SHRINK:
        return walk_shrink(walker, step);
    case STEP_ROOT:
        return walk_root(walker, step);
    case STEP_INGEST:
        walker->ingested = true;
        return 0;
    default:
        break;
    }
    /* What must fail changes nothing. */
    return step->expect != 0 ? 0 : walk_call(walker, step);
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

    walker.effects = (struct effects){.now = &walker.now,
                                      .stacks = &walker.stacks,
                                      .nouns = &walker.nouns,
                                      .text = text,
                                      .text_bytes = sizeof text};

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
    stacks_deinit(&walker.stacks);
    nouns_deinit(&walker.nouns);
    return error;
}

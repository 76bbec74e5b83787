/* SPDX-License-Identifier: MIT */
#include "plausible.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "effects.h"

enum { MOST_VIEWS = 8 };

struct plausible {
    struct expected now, acknowledged, attempted;
    struct stacks stacks;
    struct nouns nouns;
    struct effects effects; /* on all of these */
    const char *views[MOST_VIEWS];
    bool open;      /* the arena can be worked with */
    bool exists;    /* a creation was acknowledged */
    bool attempt;   /* a creation or snapshot failed since the last acknowledgement */
    bool previous;  /* it is known what the snapshot before the last one holds */
    bool ingested;  /* from here on only the input knows which pages are where */
    char text[256]; /* of a complaint, without file and line */
};

static int refuse(struct plausible *walk, const char *why)
{
    snprintf(walk->text, sizeof walk->text, "%s", why);
    return -EINVAL;
}

static int walk_alloc(struct plausible *walk, const struct step *step)
{
    uint64_t first = step->has_at ? step->at : expected_gap(&walk->now, step->pages);

    return expected_alloc(&walk->now, step->name, first, step->pages, step->ephemeral, walk->text,
                          sizeof walk->text);
}

static int walk_range(struct plausible *walk, const struct step *step)
{
    uint64_t pages = step->pages, first;

    return expected_find(&walk->now, step->name, step->page, &pages, &first, walk->text,
                         sizeof walk->text);
}

static int walk_move(struct plausible *walk, const struct step *step)
{
    uint64_t pages = step->pages, first;
    int error = expected_find(&walk->now, step->name, step->page, &pages, &first, walk->text,
                              sizeof walk->text);

    if (error != 0)
        return error;
    error = expected_move(&walk->now, step->name, step->page, step->pages, step->to, step->as,
                          walk->text, sizeof walk->text);
    if (error != 0)
        return error;
    for (uint64_t i = 0; i < pages && (step->ephemeral || step->persistent); i++)
        walk->now.pages[step->to + i].ephemeral = step->ephemeral;
    return 0;
}

/* A process that is killed has none any more. */
static void forget_views(struct plausible *walk)
{
    memset(walk->views, 0, sizeof walk->views);
}

static int walk_commit(struct plausible *walk, const struct step *step)
{
    walk->now.event = step->has_event ? step->event : walk->now.event + step->count;
    if (step->killed)
        forget_views(walk);
    if (step->expect != 0 || step->killed) {
        walk->attempt = true;
        walk->open = walk->open && !step->killed;
        walk->previous = walk->previous && step->killed;
        return expected_copy(&walk->attempted, &walk->now);
    }
    walk->attempt = false;
    walk->exists = true;
    walk->previous = step->kind == STEP_SNAPSHOT;
    return expected_copy(&walk->acknowledged, &walk->now);
}

static int walk_create(struct plausible *walk, const struct step *step)
{
    if (walk->open)
        return refuse(walk, "the arena is there already; use 'create' first, in a scenario with "
                            "'create: recorded'");
    walk->open = step->expect == 0 && !step->killed;
    return walk_commit(walk, step);
}

static int walk_open(struct plausible *walk, const struct step *step)
{
    const struct expected *returned = step->attempted ? &walk->attempted : &walk->acknowledged;
    int error;

    if (step->attempted && !walk->attempt)
        return refuse(
            walk,
            "'state: attempted', but no snapshot or creation failed or was cut short before it");
    if (!step->attempted && !walk->exists)
        return refuse(walk, "there is no arena to open; after a failed 'create' say 'state: "
                            "attempted', or create again");
    error = expected_copy(&walk->now, returned);
    if (error == 0) {
        expected_forget_ephemeral(&walk->now);
        stacks_forget(&walk->stacks);
        error = expected_copy(&walk->acknowledged, &walk->now);
    }
    if (step->kind == STEP_KILL)
        forget_views(walk);
    walk->previous = walk->previous || (step->attempted && walk->exists);
    walk->open = walk->exists = true;
    walk->attempt = false;
    return error;
}

/* Shrinking takes snapshots, as many as it needs, of the last one's event. */
static int walk_shrink(struct plausible *walk, const struct step *step)
{
    const struct step snapshot = {.kind = STEP_SNAPSHOT,
                                  .has_event = true,
                                  .event = walk->acknowledged.event,
                                  .count = 1,
                                  .expect = step->expect,
                                  .killed = step->killed};
    int error = walk_commit(walk, &snapshot);

    walk->previous = false;
    return error;
}

static const char **view_named(struct plausible *walk, const char *name)
{
    for (size_t i = 0; i < MOST_VIEWS; i++)
        if (walk->views[i] == name ||
            (name != NULL && walk->views[i] != NULL && strcmp(walk->views[i], name) == 0))
            return &walk->views[i];
    return NULL;
}

static int walk_view(struct plausible *walk, const struct step *step)
{
    const char **view = view_named(walk, step->name);

    if (step->previous && !walk->previous)
        return refuse(walk, "nobody knows what the snapshot before the last one holds: take two "
                            "that succeed before it");
    if (step->kind == STEP_VIEW && view != NULL)
        return refuse(walk, "there is a view of that name already");
    if (step->kind == STEP_VIEW)
        view = view_named(walk, NULL);
    if (view == NULL)
        return refuse(walk, step->kind == STEP_VIEW ? "at most 8 views at once"
                                                    : "there is no view of that name");
    if (step->kind != STEP_VIEW_CHECK)
        *view = step->kind == STEP_VIEW ? step->name : NULL;
    return 0;
}

/* A word of that look would be taken for a noun's. */
static int walk_root(struct plausible *walk, const struct step *step)
{
    if (step->index >= PMA_ROOTS)
        return refuse(walk, "'index' is 0 to 31");
    if (walk->now.kept[step->index] != NULL)
        return refuse(walk, "a noun is kept there; use 'drop' first");
    if (step->value >> 62 == 2 || step->value >> 61 == 6)
        return refuse(walk, "a 'value' from 0x8000000000000000 to 0xdfffffffffffffff looks "
                            "like a noun; use 'keep'");
    walk->now.roots[step->index] = step->value;
    return 0;
}

/* Steps on pages that take objects of the heap, too. */
static int walk_range_or_object(struct plausible *walk, const struct step *step)
{
    if (expected_object(&walk->now, step->name, false) == NULL)
        return walk_range(walk, step);
    return step->page == 0 && step->pages == 0
               ? 0
               : refuse(walk, "an object of the heap is written, made dirty and evicted as a "
                              "whole; leave out 'page' and 'pages'");
}

static int walk_noun(struct plausible *walk, const struct step *step)
{
    const struct noun *made = effects_made(&walk->effects, step);

    return made == NULL ? -EINVAL : effects_noun(&walk->effects, step, made, 0);
}

static int walk_call(struct plausible *walk, const struct step *step)
{
    const struct effects *effects = &walk->effects;

    switch (step->kind) {
    case STEP_ALLOC:
        return walk_alloc(walk, step);
    case STEP_FREE:
        return expected_free(&walk->now, step->name, step->page, step->pages, walk->text,
                             sizeof walk->text);
    case STEP_MOVE:
        return walk_move(walk, step);
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
        return walk_noun(walk, step);
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
        return walk_view(walk, step);
    case STEP_COPY:
        return 0;
    default:
        return walk_range_or_object(walk, step);
    }
}

static int walk_step(struct plausible *walk, const struct step *step)
{
    bool opens = step->kind == STEP_CREATE || step->kind == STEP_REOPEN || step->kind == STEP_KILL;

    if (!opens && !walk->open)
        return refuse(walk, "the arena is not open; add a 'create' or 'reopen' before");
    if (step->name != NULL && walk->ingested)
        return refuse(walk, "cannot follow 'ingest', whose pages depend on its input");
    switch (step->kind) {
    case STEP_CREATE:
        return walk_create(walk, step);
    case STEP_REOPEN:
    case STEP_KILL:
        return walk_open(walk, step);
    case STEP_SNAPSHOT:
        return walk_commit(walk, step);
    case STEP_SHRINK:
        return walk_shrink(walk, step);
    case STEP_ROOT:
        return walk_root(walk, step);
    case STEP_INGEST:
        walk->ingested = true;
        return 0;
    default:
        break;
    }
    /* What must fail changes nothing. */
    return step->expect != 0 ? 0 : walk_call(walk, step);
}

int plausible_new(const struct scenario *scenario, struct plausible **plausible)
{
    struct plausible *walk = calloc(1, sizeof *walk);

    if (walk == NULL)
        return -ENOMEM;
    walk->open = walk->exists = !scenario->record_creation;
    walk->effects = (struct effects){.now = &walk->now,
                                     .stacks = &walk->stacks,
                                     .nouns = &walk->nouns,
                                     .text = walk->text,
                                     .text_bytes = sizeof walk->text};
    if (expected_init(&walk->now, scenario->reserved_pages) != 0 ||
        expected_init(&walk->acknowledged, scenario->reserved_pages) != 0 ||
        expected_init(&walk->attempted, scenario->reserved_pages) != 0) {
        plausible_free(walk);
        return -ENOMEM;
    }
    *plausible = walk;
    return 0;
}

void plausible_free(struct plausible *plausible)
{
    if (plausible == NULL)
        return;
    expected_deinit(&plausible->now);
    expected_deinit(&plausible->acknowledged);
    expected_deinit(&plausible->attempted);
    stacks_deinit(&plausible->stacks);
    nouns_deinit(&plausible->nouns);
    free(plausible);
}

int plausible_step(struct plausible *plausible, const struct step *step, const char **why)
{
    int error = walk_step(plausible, step);

    *why = plausible->text;
    return error;
}

int plausible_scenario(const struct scenario *scenario, char *message, size_t message_bytes)
{
    struct plausible *walk = NULL;
    int error = plausible_new(scenario, &walk);
    const char *why;

    for (size_t i = 0; error == 0 && i < scenario->step_count; i++) {
        const struct step *step = &scenario->steps[i];

        error = plausible_step(walk, step, &why);
        if (error == -EINVAL)
            snprintf(message, message_bytes, "%s:%u: step '%s': %s", scenario->file, step->line,
                     step_word(step->kind), why);
    }
    if (error == -ENOMEM)
        snprintf(message, message_bytes, "%s: out of memory", scenario->file);
    plausible_free(walk);
    return error;
}

/* SPDX-License-Identifier: MIT */
#include "effects.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contents.h"

#define DEFAULT_STACK "stack"
#define ROOT_PREFIX   "root "

static int __attribute__((format(printf, 2, 3)))
impossible(const struct effects *effects, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(effects->text, effects->text_bytes, format, arguments);
    va_end(arguments);
    return -EINVAL;
}

/* ---- the heap ---- */

struct expected_object *effects_object(const struct effects *effects, const struct step *step)
{
    struct expected_object *object = expected_object(effects->now, step->name, false);

    if (object == NULL)
        impossible(effects, "there is no heap object named '%s'", step->name);
    return object;
}

static uint64_t usable(const struct step *step)
{
    return expected_usable(step->bytes, step->align);
}

int effects_malloc(const struct effects *effects, const struct step *step, uint64_t place)
{
    return expected_object_add(effects->now, step->name, place, usable(step), effects->text,
                               effects->text_bytes);
}

int effects_realloc(const struct effects *effects, const struct step *step, uint64_t place)
{
    struct expected_object *object = effects_object(effects, step);

    if (object == NULL)
        return -EINVAL;
    object->place = place;
    object->bytes = usable(step);
    return 0;
}

int effects_free_object(const struct effects *effects, const struct step *step)
{
    struct expected_object *object = effects_object(effects, step);

    if (object == NULL)
        return -EINVAL;
    if (step->offset != 0)
        return impossible(effects, "an address inside '%s' cannot be freed (expect: PMA_EINTERIOR)",
                          step->name);
    object->freed = true;
    return 0;
}

int effects_take(const struct effects *effects, const struct step *step, uint64_t place)
{
    uint64_t pages = 0, first;
    int error = expected_find(effects->now, step->name, 0, &pages, &first, effects->text,
                              effects->text_bytes);

    if (error == 0)
        error = expected_object_add(effects->now, step->as, place, pages * PMA_PAGE_SIZE,
                                    effects->text, effects->text_bytes);
    if (error == 0)
        error = expected_free(effects->now, step->name, 0, 0, effects->text, effects->text_bytes);
    return error;
}

/* ---- the stacks ---- */

struct stack_model *effects_stack(const struct effects *effects, const struct step *step)
{
    return stacks_find(effects->stacks, step->on, effects->text, effects->text_bytes);
}

int effects_stack_new(const struct effects *effects, const struct step *step)
{
    return stacks_add(effects->stacks, step->name != NULL ? step->name : DEFAULT_STACK,
                      (unsigned)step->locals, effects->text, effects->text_bytes);
}

int effects_push(const struct effects *effects, const struct step *step)
{
    struct stack_model *model = effects_stack(effects, step);

    return model == NULL ? -EINVAL
                         : stack_model_push(model, (unsigned)step->locals, effects->text,
                                            effects->text_bytes);
}

int effects_pop(const struct effects *effects, const struct step *step)
{
    struct stack_model *model = effects_stack(effects, step);

    return model == NULL ? -EINVAL : stack_model_pop(model, effects->text, effects->text_bytes);
}

int effects_flip(const struct effects *effects, const struct step *step)
{
    struct stack_model *model = effects_stack(effects, step);

    return model == NULL ? -EINVAL
                         : stack_model_flip(model, (unsigned)step->locals, effects->text,
                                            effects->text_bytes);
}

int effects_local(const struct effects *effects, const struct step *step)
{
    struct stack_model *model = effects_stack(effects, step);
    uint64_t *local = model == NULL ? NULL : stack_model_local(model, step->index);

    if (model == NULL)
        return -EINVAL;
    if (local == NULL)
        return impossible(effects, "the top frame has no local word %" PRIu64, step->index);
    *local = step->value;
    return 0;
}

uint64_t effects_light_word(const struct step *step, uint64_t index)
{
    uint64_t word;

    contents_generate(step->seed, index, &word, sizeof word);
    return word;
}

int effects_light_push(const struct effects *effects, const struct step *step)
{
    struct stack_model *model = effects_stack(effects, step);
    int error =
        model == NULL ? -EINVAL : stack_model_working(model, effects->text, effects->text_bytes);

    for (uint64_t i = 0; error == 0 && i < step->count; i++)
        error = stack_model_light_push(model, effects_light_word(step, i));
    return error;
}

int effects_light_pop(const struct effects *effects, const struct step *step)
{
    struct stack_model *model = effects_stack(effects, step);
    int error =
        model == NULL ? -EINVAL : stack_model_working(model, effects->text, effects->text_bytes);

    if (error != 0)
        return error;
    if (step->count > stack_model_light_count(model))
        return impossible(effects, "the light stack has %" PRIu64 " words (expect: PMA_ESTACK)",
                          stack_model_light_count(model));
    model->word_count -= step->count;
    return 0;
}

int effects_stack_alloc(const struct effects *effects, const struct step *step, void *address)
{
    struct stack_model *model = effects_stack(effects, step);
    const struct stack_thing thing = {
        .name = step->name, .address = address, .bytes = step->bytes, .seed = step->seed};
    int error =
        model == NULL ? -EINVAL : stack_model_working(model, effects->text, effects->text_bytes);

    return error != 0 ? error : stack_model_add(model, &thing, effects->text, effects->text_bytes);
}

int effects_stack_free(const struct effects *effects, const struct step *step)
{
    struct stack_model *model = effects_stack(effects, step);

    if (model == NULL)
        return -EINVAL;
    stacks_remove(effects->stacks, model);
    return 0;
}

/* ---- nouns ---- */

static const struct noun *kept(const struct effects *effects, const char *text, uint64_t *reference)
{
    char *end;
    unsigned long index = strtoul(text, &end, 10);

    if (end == text || *end != '\0' || index >= PMA_ROOTS || effects->now->kept[index] == NULL) {
        impossible(effects, "no noun is kept under root %s", text);
        return NULL;
    }
    *reference = effects->now->roots[index];
    return effects->now->kept[index];
}

const struct noun *effects_named(const struct effects *effects, const struct step *step,
                                 const char *name, uint64_t *reference)
{
    const struct stack_model *model;
    const struct stack_thing *thing;

    if (strncmp(name, ROOT_PREFIX, strlen(ROOT_PREFIX)) == 0)
        return kept(effects, name + strlen(ROOT_PREFIX), reference);
    model = effects_stack(effects, step);
    thing =
        model == NULL ? NULL : stack_model_find(model, name, effects->text, effects->text_bytes);
    if (thing == NULL)
        return NULL;
    if (thing->noun == NULL) {
        impossible(effects, "'%s' is no noun", name);
        return NULL;
    }
    *reference = thing->reference;
    return thing->noun;
}

const struct noun *effects_made(const struct effects *effects, const struct step *step)
{
    const struct noun *made = NULL, *head, *tail;
    uint64_t reference;

    effects->text[0] = '\0';
    if (step->kind == STEP_NOUN) {
        made = nouns_make(effects->nouns, step->shape, step->size, step->seed);
    } else if (step->kind == STEP_CELL) {
        head = effects_named(effects, step, step->head, &reference);
        tail = head == NULL ? NULL : effects_named(effects, step, step->tail, &reference);
        made = tail == NULL ? NULL : nouns_cell(effects->nouns, head, tail);
    } else {
        head = effects_named(effects, step, step->name, &reference);
        made = head == NULL ? NULL : nouns_copy(effects->nouns, head);
    }
    if (made == NULL && effects->text[0] == '\0')
        impossible(effects, "out of memory");
    return made;
}

int effects_noun(const struct effects *effects, const struct step *step, const struct noun *noun,
                 uint64_t reference)
{
    struct stack_model *model = effects_stack(effects, step);
    const struct stack_thing thing = {.name = step->kind == STEP_JAM ? step->as : step->name,
                                      .noun = noun,
                                      .reference = reference};
    int error =
        model == NULL ? -EINVAL : stack_model_working(model, effects->text, effects->text_bytes);

    return error != 0 ? error : stack_model_add(model, &thing, effects->text, effects->text_bytes);
}

int effects_preserved(const struct effects *effects, const struct step *step,
                      struct stack_thing *things[EFFECTS_PRESERVED], size_t *count)
{
    const struct stack_model *model = effects_stack(effects, step);
    char names[512], *rest = names, *name;

    if (model == NULL)
        return -EINVAL;
    snprintf(names, sizeof names, "%s", step->name);
    for (*count = 0; (name = strsep(&rest, " ")) != NULL;) {
        struct stack_thing *thing =
            stack_model_find(model, name, effects->text, effects->text_bytes);

        if (thing == NULL)
            return -EINVAL;
        if (thing->noun == NULL)
            return impossible(effects, "'%s' is no noun: only nouns can be preserved", name);
        if (*count == EFFECTS_PRESERVED)
            return impossible(effects, "at most %d nouns in one preserve", EFFECTS_PRESERVED);
        things[(*count)++] = thing;
    }
    return 0;
}

int effects_preserve(const struct effects *effects, const struct step *step,
                     const uint64_t *references)
{
    struct stack_thing *things[EFFECTS_PRESERVED];
    struct stack_model *model = effects_stack(effects, step);
    size_t count;
    int error = effects_preserved(effects, step, things, &count);

    if (error != 0)
        return error;
    for (size_t i = 0; i < count; i++) {
        /* What an older frame has is older's already. */
        things[i]->preserved = things[i]->depth + 1 == model->frame_count;
        if (references != NULL)
            things[i]->reference = references[i];
    }
    stack_model_top(model)->preserved = true;
    return 0;
}

/* A root word that holds no noun yet. */
static int vacant_root(const struct effects *effects, uint64_t index)
{
    if (index >= PMA_ROOTS)
        return impossible(effects, "root words are 0 to %d", PMA_ROOTS - 1);
    if (effects->now->kept[index] != NULL)
        return impossible(effects, "root %" PRIu64 " has a noun already; drop that first", index);
    return 0;
}

/* A noun that moves into the heap takes its parts along: what shares them is not to be used. */
static void forget_sharers(const struct effects *effects, struct stack_model *model,
                           const struct noun *noun)
{
    for (size_t i = model->thing_count; i-- > 0;)
        if (model->things[i].noun != NULL &&
            nouns_share(effects->nouns, model->things[i].noun, noun))
            stack_model_remove(model, &model->things[i]);
}

/* What was preserved from has forwarding pointers until it is popped. */
static bool in_preserved_frame(const struct effects *effects, const struct stack_model *model,
                               const char *name)
{
    const struct stack_thing *thing =
        stack_model_find(model, name, effects->text, effects->text_bytes);

    if (thing == NULL || !model->frames[thing->depth].preserved)
        return false;
    impossible(effects, "'%s' is in a frame that has been preserved from (expect: PMA_ESTACK)",
               name);
    return true;
}

int effects_keep(const struct effects *effects, const struct step *step, uint64_t reference)
{
    struct stack_model *model = effects_stack(effects, step);
    uint64_t before;
    const struct noun *noun;
    int error = model == NULL ? -EINVAL : vacant_root(effects, step->index);

    if (error != 0)
        return error;
    noun = effects_named(effects, step, step->name, &before);
    if (noun == NULL || in_preserved_frame(effects, model, step->name))
        return -EINVAL;
    effects->now->kept[step->index] = noun;
    effects->now->roots[step->index] = reference;
    forget_sharers(effects, model, noun);
    return 0;
}

static int occupied_root(const struct effects *effects, uint64_t index)
{
    return index < PMA_ROOTS && effects->now->kept[index] != NULL
               ? 0
               : impossible(effects, "no noun is kept under root %" PRIu64, index);
}

int effects_hold(const struct effects *effects, const struct step *step)
{
    int error = occupied_root(effects, step->index);

    if (error == 0)
        error = vacant_root(effects, step->to);
    if (error != 0)
        return error;
    effects->now->kept[step->to] = effects->now->kept[step->index];
    effects->now->roots[step->to] = effects->now->roots[step->index];
    return 0;
}

int effects_drop(const struct effects *effects, const struct step *step)
{
    const struct noun *noun;
    int error = occupied_root(effects, step->index);

    if (error != 0)
        return error;
    noun = effects->now->kept[step->index];
    effects->now->kept[step->index] = NULL;
    effects->now->roots[step->index] = 0;
    for (size_t i = 0; i < effects->stacks->count; i++)
        forget_sharers(effects, &effects->stacks->list[i], noun);
    return 0;
}

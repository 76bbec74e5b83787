/* SPDX-License-Identifier: MIT */
#include "stacks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "room.h"

static void release(struct stack_model *model)
{
    free(model->frames);
    free(model->words);
    free(model->things);
}

void stacks_forget(struct stacks *stacks)
{
    while (stacks->count > 0)
        release(&stacks->list[--stacks->count]);
}

void stacks_deinit(struct stacks *stacks)
{
    stacks_forget(stacks);
    free(stacks->list);
    *stacks = (struct stacks){0};
}

static int add_word(struct stack_model *model, uint64_t word)
{
    if (room_for(&model->words, model->word_count + 1, &model->word_capacity, sizeof word) != 0)
        return -ENOMEM;
    model->words[model->word_count++] = word;
    return 0;
}

static int add_frame(struct stack_model *model, unsigned locals)
{
    struct stack_frame frame = {.first_word = model->word_count, .locals = locals};
    int error =
        room_for(&model->frames, model->frame_count + 1, &model->frame_capacity, sizeof frame);

    for (unsigned i = 0; error == 0 && i < locals; i++)
        error = add_word(model, 0);
    if (error == 0)
        model->frames[model->frame_count++] = frame;
    return error;
}

int stacks_add(struct stacks *stacks, const char *name, unsigned locals, char *message,
               size_t message_bytes)
{
    struct stack_model model = {.name = name};
    int error;

    for (size_t i = 0; i < stacks->count; i++)
        if (strcmp(stacks->list[i].name, name) == 0) {
            snprintf(message, message_bytes, "there is a stack '%s' already", name);
            return -EINVAL;
        }
    error = room_for(&stacks->list, stacks->count + 1, &stacks->capacity, sizeof model);
    if (error == 0)
        error = add_frame(&model, locals);
    if (error == 0)
        stacks->list[stacks->count++] = model;
    else
        release(&model);
    return error;
}

void stacks_remove(struct stacks *stacks, struct stack_model *model)
{
    size_t index = (size_t)(model - stacks->list);

    release(model);
    stacks->count--;
    memmove(model, model + 1, (stacks->count - index) * sizeof *model);
}

struct stack_model *stacks_find(struct stacks *stacks, const char *name, char *message,
                                size_t message_bytes)
{
    if (name == NULL && stacks->count > 0)
        return &stacks->list[stacks->count - 1];
    for (size_t i = 0; name != NULL && i < stacks->count; i++)
        if (strcmp(stacks->list[i].name, name) == 0)
            return &stacks->list[i];
    if (name == NULL)
        snprintf(message, message_bytes, "there is no stack; every open forgets them");
    else
        snprintf(message, message_bytes, "there is no stack '%s'", name);
    return NULL;
}

struct stack_frame *stack_model_top(const struct stack_model *model)
{
    return &model->frames[model->frame_count - 1];
}

uint64_t *stack_model_local(const struct stack_model *model, uint64_t index)
{
    const struct stack_frame *top = stack_model_top(model);

    return index < top->locals && !top->preserved ? &model->words[top->first_word + index] : NULL;
}

int stack_model_working(const struct stack_model *model, char *message, size_t message_bytes)
{
    if (!stack_model_top(model)->preserved)
        return 0;
    snprintf(message, message_bytes,
             "not after a preserve: pop the frame first (expect: PMA_ESTACK)");
    return -EINVAL;
}

int stack_model_push(struct stack_model *model, unsigned locals, char *message,
                     size_t message_bytes)
{
    int error = stack_model_working(model, message, message_bytes);

    return error != 0 ? error : add_frame(model, locals);
}

/* What was not preserved of the top frame is gone. */
static void drop_things(struct stack_model *model, unsigned depth, unsigned new_depth)
{
    size_t kept = 0;

    for (size_t i = 0; i < model->thing_count; i++) {
        struct stack_thing thing = model->things[i];

        if (thing.depth == depth && !thing.preserved)
            continue;
        if (thing.depth == depth)
            thing.depth = new_depth;
        thing.preserved = false;
        model->things[kept++] = thing;
    }
    model->thing_count = kept;
}

int stack_model_pop(struct stack_model *model, char *message, size_t message_bytes)
{
    unsigned depth = (unsigned)model->frame_count - 1;

    if (depth == 0) {
        snprintf(message, message_bytes, "only one frame is left (expect: PMA_ESTACK)");
        return -EINVAL;
    }
    model->word_count = model->frames[depth].first_word;
    model->frame_count--;
    drop_things(model, depth, depth - 1);
    return 0;
}

int stack_model_flip(struct stack_model *model, unsigned locals, char *message,
                     size_t message_bytes)
{
    if (model->frame_count > 1) {
        snprintf(message, message_bytes, "there are %zu frames (expect: PMA_ESTACK)",
                 model->frame_count);
        return -EINVAL;
    }
    model->word_count = model->frame_count = 0;
    drop_things(model, 0, 0);
    return add_frame(model, locals);
}

int stack_model_light_push(struct stack_model *model, uint64_t word)
{
    return add_word(model, word);
}

uint64_t stack_model_light_count(const struct stack_model *model)
{
    const struct stack_frame *top = stack_model_top(model);

    return model->word_count - top->first_word - top->locals;
}

int stack_model_add(struct stack_model *model, const struct stack_thing *thing, char *message,
                    size_t message_bytes)
{
    struct stack_thing added = *thing;

    for (size_t i = 0; i < model->thing_count; i++)
        if (strcmp(model->things[i].name, thing->name) == 0) {
            snprintf(message, message_bytes, "the name '%s' is in use on that stack", thing->name);
            return -EINVAL;
        }
    if (room_for(&model->things, model->thing_count + 1, &model->thing_capacity, sizeof added) != 0)
        return -ENOMEM;
    added.depth = (unsigned)model->frame_count - 1;
    model->things[model->thing_count++] = added;
    return 0;
}

struct stack_thing *stack_model_find(const struct stack_model *model, const char *name,
                                     char *message, size_t message_bytes)
{
    for (size_t i = 0; i < model->thing_count; i++)
        if (strcmp(model->things[i].name, name) == 0)
            return &model->things[i];
    snprintf(message, message_bytes, "nothing named '%s' is on the stack '%s'", name, model->name);
    return NULL;
}

void stack_model_remove(struct stack_model *model, struct stack_thing *thing)
{
    size_t index = (size_t)(thing - model->things);

    model->thing_count--;
    memmove(thing, thing + 1, (model->thing_count - index) * sizeof *thing);
}

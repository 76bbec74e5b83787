/* SPDX-License-Identifier: MIT */
/* Steps on stacks, and what their frames must hold. */
#include "play.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <faultsim/capture.h>
#include <pma/stack.h>

void play_forget_stacks(struct workload *workload, bool killed)
{
    /* The pages of a process that was killed are gone with it. */
    for (size_t i = 0; i < workload->stacks.count && !killed; i++)
        (void)pma_stack_free(workload->stacks.list[i].stack);
    stacks_forget(&workload->stacks);
}

/* ---- what they hold ---- */

static int wrong(struct workload *workload, const struct stack_model *model, const char *what,
                 uint64_t number)
{
    return play_broken(workload, WORKLOAD_MEMORY, -EINVAL,
                       "stack '%s': %s %" PRIu64 " is not as it was stored", model->name, what,
                       number);
}

static int verify_bytes(struct workload *workload, const struct stack_thing *thing)
{
    uint64_t rounded = (thing->bytes + 7) / 8 * 8;
    unsigned char *bytes = malloc(rounded + 1);
    int result = bytes == NULL ? -ENOMEM : pma_touch(workload->arena, thing->address, thing->bytes);

    if (result == 0) {
        contents_generate(thing->seed, 0, bytes, rounded);
        result = memcmp(thing->address, bytes, thing->bytes) == 0 ? 0 : -EINVAL;
    }
    free(bytes);
    if (result == 0 || play_was_injected(workload))
        return 0;
    return play_broken(workload, WORKLOAD_MEMORY, result,
                       "'%s' on the stack does not hold what was stored", thing->name);
}

/* The locals of the top frame: those of older ones are behind the library's own words. */
static int verify_locals(struct workload *workload, const struct stack_model *model)
{
    const struct stack_frame *top = stack_model_top(model);

    for (unsigned i = 0; i < top->locals && !top->preserved; i++) {
        const uint64_t *local = pma_stack_local(model->stack, i);

        if (local == NULL || *local != model->words[top->first_word + i])
            return wrong(workload, model, "local word", i);
    }
    return 0;
}

static int verify_frames(struct workload *workload, const struct stack_model *model)
{
    struct pma_stack_stat stat;
    struct pma_stack_frame frame;
    int result = pma_stack_stat(model->stack, &stat);

    if (result == 0 && stat.frames != model->frame_count)
        return play_broken(workload, WORKLOAD_MEMORY, -EINVAL, "stack '%s' has %u frames, not %zu",
                           model->name, stat.frames, model->frame_count);
    for (unsigned i = 0; result == 0 && i < model->frame_count; i++) {
        result = pma_stack_frame(model->stack, i, &frame);
        if (result == 0 && frame.locals != model->frames[i].locals)
            return play_broken(workload, WORKLOAD_MEMORY, -EINVAL,
                               "frame %u of stack '%s' has %u locals, not %u", i, model->name,
                               frame.locals, model->frames[i].locals);
    }
    if (result == 0)
        result = pma_stack_check(model->stack);
    if (result == 0 || play_was_injected(workload))
        return 0;
    return play_broken(workload, WORKLOAD_MEMORY, result, "stack '%s': %s", model->name,
                       pma_last_error(workload->arena));
}

int play_verify_stacks(struct workload *workload)
{
    int result = 0;

    for (size_t i = 0; result == 0 && i < workload->stacks.count; i++) {
        const struct stack_model *model = &workload->stacks.list[i];

        result = verify_frames(workload, model);
        if (result == 0)
            result = verify_locals(workload, model);
        for (size_t k = 0; result == 0 && k < model->thing_count; k++) {
            const struct stack_thing *thing = &model->things[k];

            result = thing->noun != NULL
                         ? play_verify_noun(workload, thing->name, thing->reference, thing->noun)
                         : verify_bytes(workload, thing);
        }
    }
    return result;
}

struct pma_stack_frame play_top_frame(const struct stack_model *model)
{
    struct pma_stack_frame frame = {0};

    (void)pma_stack_frame(model->stack, (unsigned)model->frame_count - 1, &frame);
    return frame;
}

int play_verify_frame(struct workload *workload, const struct stack_model *model,
                      const struct pma_stack_frame *before)
{
    const struct pma_stack_frame now = play_top_frame(model);

    return now.fp == before->fp && now.sp == before->sp && now.ap == before->ap &&
                   now.saved_fp == before->saved_fp && now.saved_sp == before->saved_sp &&
                   now.saved_ap == before->saved_ap && now.preserved == before->preserved
               ? PLAY_FAILED
               : play_broken(workload, WORKLOAD_FAILURES, -EINVAL,
                             "stack '%s': a call failed, and the top frame changed", model->name);
}

/* ---- the steps ---- */

static int play_stack_new(struct workload *workload, const struct step *step)
{
    const struct effects effects = play_effects(workload);
    struct pma_stack_options options = PMA_STACK_OPTIONS_INIT;
    pma_stack_t *stack = NULL;
    int result;

    options.reserved_bytes = step->pages * PMA_PAGE_SIZE;
    options.batch_release = step->batch;
    result = PLAY_CALL(workload, pma_stack_new, workload->arena, &options, (unsigned)step->locals,
                       &stack);
    if (result != PLAY_DONE)
        return result;
    result = play_applied(workload, effects_stack_new(&effects, step));
    if (result == 0)
        workload->stacks.list[workload->stacks.count - 1].stack = stack;
    return result;
}

static int play_stack_alloc(struct workload *workload, const struct step *step, pma_stack_t *stack)
{
    const struct effects effects = play_effects(workload);
    uint64_t rounded = (step->bytes + 7) / 8 * 8;
    unsigned char *bytes;
    void *address;
    int result = PLAY_CALL(workload, pma_stack_alloc, stack, step->bytes, &address);

    if (result != PLAY_DONE)
        return result;
    bytes = malloc(rounded + 1);
    if (bytes == NULL)
        return play_fail(workload, -ENOMEM, "out of memory");
    contents_generate(step->seed, 0, bytes, rounded);
    play_store(address, bytes, step->bytes);
    free(bytes);
    return play_applied(workload, effects_stack_alloc(&effects, step, address));
}

static int play_light_push(struct workload *workload, const struct step *step, pma_stack_t *stack)
{
    const struct effects effects = play_effects(workload);
    int result = PLAY_DONE;

    for (uint64_t i = 0; result == PLAY_DONE && i < step->count; i++)
        result = PLAY_CALL(workload, pma_stack_light_push, stack, effects_light_word(step, i));
    return result != PLAY_DONE ? result
                               : play_applied(workload, effects_light_push(&effects, step));
}

static int play_light_pop(struct workload *workload, const struct step *step,
                          const struct stack_model *model)
{
    const struct effects effects = play_effects(workload);
    uint64_t word;
    int result = PLAY_DONE;

    for (uint64_t i = 0; result == PLAY_DONE && i < step->count; i++) {
        result = PLAY_CALL(workload, pma_stack_light_pop, model->stack, &word);
        if (result == PLAY_DONE && word != model->words[model->word_count - 1 - i])
            return wrong(workload, model, "light word", i);
    }
    return result != PLAY_DONE ? result : play_applied(workload, effects_light_pop(&effects, step));
}

static int play_local(struct workload *workload, const struct step *step, pma_stack_t *stack)
{
    const struct effects effects = play_effects(workload);
    uint64_t *local = pma_stack_local(stack, (unsigned)step->index);

    if (local == NULL)
        return play_broken(workload, WORKLOAD_MEMORY, -EINVAL,
                           "the stack has no local word %" PRIu64, step->index);
    *local = step->value;
    return play_applied(workload, effects_local(&effects, step));
}

/* It is gone even if its pages could not be given back; if they could, nothing is left there. */
static int free_stack(struct workload *workload, const struct step *step, pma_stack_t *stack)
{
    const struct effects effects = play_effects(workload);
    struct pma_stack_stat stat;
    struct pma_run run;
    int result = pma_stack_stat(stack, &stat), freed;

    if (result != 0)
        return play_call_failed(workload, "pma_stack_stat", result, "");
    freed = PLAY_CALL(workload, pma_stack_free, stack);
    result = freed < 0 ? freed : play_applied(workload, effects_stack_free(&effects, step));
    if (result == 0 && freed == PLAY_DONE && pma_next_run(workload->arena, stat.low, &run) == 0 &&
        run.address < stat.high)
        return play_broken(workload, WORKLOAD_MEMORY, -EINVAL,
                           "pages of a stack that was freed are still there");
    return result;
}

static int play_on_stack(struct workload *workload, const struct step *step,
                         struct stack_model *model)
{
    const struct effects effects = play_effects(workload);
    pma_stack_t *stack = model->stack;
    int result;

    switch (step->kind) {
    case STEP_PUSH:
        result = PLAY_CALL(workload, pma_stack_push, stack, (unsigned)step->locals);
        return result != PLAY_DONE ? result : play_applied(workload, effects_push(&effects, step));
    case STEP_POP:
        result = PLAY_CALL(workload, pma_stack_pop, stack);
        return result != PLAY_DONE ? result : play_applied(workload, effects_pop(&effects, step));
    case STEP_FLIP:
        result = PLAY_CALL(workload, pma_stack_flip, stack, (unsigned)step->locals);
        return result != PLAY_DONE ? result : play_applied(workload, effects_flip(&effects, step));
    case STEP_STACK_ALLOC:
        return play_stack_alloc(workload, step, stack);
    case STEP_LOCAL:
        return play_local(workload, step, stack);
    case STEP_LIGHT_PUSH:
        return play_light_push(workload, step, stack);
    case STEP_LIGHT_POP:
        return play_light_pop(workload, step, model);
    case STEP_STACK_RELEASE:
        return PLAY_CALL(workload, pma_stack_release, stack);
    default:
        return free_stack(workload, step, stack);
    }
}

int play_stack(struct workload *workload, const struct step *step)
{
    const struct effects effects = play_effects(workload);
    struct pma_stack_frame before;
    struct stack_model *model;
    int result;

    if (step->kind == STEP_STACK) {
        result = play_stack_new(workload, step);
        return result < 0 ? result : 0;
    }
    model = effects_stack(&effects, step);
    if (model == NULL)
        return play_fail(workload, -EINVAL, "%s", workload->why);
    before = play_top_frame(model);
    result = play_on_stack(workload, step, model);
    /* Several words are pushed and popped until one fails. */
    if (result == PLAY_FAILED && step->kind != STEP_LIGHT_PUSH && step->kind != STEP_LIGHT_POP)
        result = play_verify_frame(workload, model, &before);
    return result < 0 ? result : 0;
}

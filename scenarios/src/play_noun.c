/* SPDX-License-Identifier: MIT */
/* Steps on nouns: they are built from the model's, and compared with them part by part. */
#include "play.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <pma/noun.h>

/* What each noun of the model is in the arena, by number; 0 is not known. */
struct meanings {
    uint64_t *references;
    bool *known;
    size_t count;
};

static int meanings_init(struct meanings *meanings, size_t count)
{
    *meanings = (struct meanings){.references = calloc(count, sizeof(uint64_t)),
                                  .known = calloc(count, sizeof(bool)),
                                  .count = count};
    return meanings->references == NULL || meanings->known == NULL ? -ENOMEM : 0;
}

static void meanings_deinit(struct meanings *meanings)
{
    free(meanings->references);
    free(meanings->known);
}

/* ---- comparing ---- */

static int verify_atom(struct workload *workload, const char *name, uint64_t reference,
                       const struct noun *noun)
{
    unsigned char *bytes = malloc(noun->count + 1);
    size_t count = 0;
    int result = bytes == NULL ? -ENOMEM : pma_noun_length(reference, &count);

    if (result == 0)
        result = pma_noun_export(reference, bytes, noun->count);
    if (result == 0 && (count != noun->count || memcmp(bytes, noun->bytes, count) != 0))
        result = -EINVAL;
    free(bytes);
    return result == 0 ? 0
                       : play_broken(workload, WORKLOAD_MEMORY, result,
                                     "noun '%s': an atom of %zu bytes is not as it "
                                     "was made",
                                     name, noun->count);
}

/* The same part must be the same object: what is shared stays shared. */
static int meet(struct workload *workload, const char *name, struct meanings *meanings,
                const struct noun *part, uint64_t reference)
{
    if (meanings->known[part->number] && meanings->references[part->number] != reference)
        return play_broken(workload, WORKLOAD_MEMORY, -EINVAL,
                           "noun '%s': a part that was shared is there twice", name);
    meanings->known[part->number] = true;
    meanings->references[part->number] = reference;
    return 0;
}

static int verify_cell(struct workload *workload, const char *name, struct meanings *meanings,
                       const struct noun *noun, uint64_t reference)
{
    pma_noun head, tail;
    int result = pma_noun_head(reference, &head);

    if (result == 0)
        result = pma_noun_tail(reference, &tail);
    if (result != 0)
        return play_broken(workload, WORKLOAD_MEMORY, result, "noun '%s': a cell is %s", name,
                           pma_strerror(result));
    result = meet(workload, name, meanings, noun->head, head);
    return result != 0 ? result : meet(workload, name, meanings, noun->tail, tail);
}

/* From the whole to its parts, which have lower numbers. */
int play_verify_noun(struct workload *workload, const char *name, uint64_t reference,
                     const struct noun *noun)
{
    struct meanings meanings;
    int result = meanings_init(&meanings, noun->number + 1);

    if (result != 0)
        result = play_fail(workload, result, "out of memory");
    else
        result = meet(workload, name, &meanings, noun, reference);
    for (size_t i = noun->number + 1; result == 0 && i-- > 0;) {
        const struct noun *part = workload->nouns.list[i];

        if (!meanings.known[i])
            continue;
        result = part->cell ? verify_cell(workload, name, &meanings, part, meanings.references[i])
                            : verify_atom(workload, name, meanings.references[i], part);
    }
    meanings_deinit(&meanings);
    return result;
}

/* ---- building ---- */

static int build_part(pma_stack_t *stack, const struct meanings *meanings, const struct noun *part,
                      uint64_t *reference)
{
    if (part->cell)
        return pma_noun_cell(stack, meanings->references[part->head->number],
                             meanings->references[part->tail->number], reference);
    if (!noun_is_indirect(part))
        return pma_noun_from_word(stack, noun_value(part), reference);
    return pma_noun_import(stack, part->bytes, part->count, reference);
}

/* Parts before what they are of; only those above `from`, which are the new ones. */
static int build(pma_stack_t *stack, const struct nouns *nouns, const struct noun *noun,
                 size_t from, struct meanings *meanings, uint64_t *reference)
{
    int result = 0;

    for (size_t i = from; result == 0 && i <= noun->number; i++)
        result = build_part(stack, meanings, nouns->list[i], &meanings->references[i]);
    *reference = meanings->references[noun->number];
    return result;
}

/* A `cell` refers to what is there already. */
static int mean_operands(struct workload *workload, const struct step *step,
                         const struct noun *noun, struct meanings *meanings)
{
    const struct effects effects = play_effects(workload);

    if (effects_named(&effects, step, step->head, &meanings->references[noun->head->number]) ==
            NULL ||
        effects_named(&effects, step, step->tail, &meanings->references[noun->tail->number]) ==
            NULL)
        return play_fail(workload, -EINVAL, "%s", workload->why);
    return 0;
}

static int play_make(struct workload *workload, const struct step *step, struct stack_model *model)
{
    const struct effects effects = play_effects(workload);
    size_t from = workload->nouns.count;
    const struct noun *noun = effects_made(&effects, step);
    struct meanings meanings;
    uint64_t reference = 0;
    int result;

    if (noun == NULL)
        return play_fail(workload, -EINVAL, "%s", workload->why);
    result = meanings_init(&meanings, noun->number + 1);
    if (result != 0)
        result = play_fail(workload, result, "out of memory");
    else if (step->kind == STEP_CELL)
        result = mean_operands(workload, step, noun, &meanings);
    if (result == 0)
        result = PLAY_CALL(workload, build, model->stack, &workload->nouns, noun, from, &meanings,
                           &reference);
    if (result == PLAY_DONE)
        result = play_applied(workload, effects_noun(&effects, step, noun, reference));
    meanings_deinit(&meanings);
    return result;
}

/* Out and back again. */
static int jam_and_cue(pma_stack_t *stack, uint64_t noun, uint64_t *back)
{
    pma_noun atom;
    int result = pma_noun_jam(stack, noun, &atom);

    return result != 0 ? result : pma_noun_cue(stack, atom, back);
}

/* By comparison, and by their mugs. */
static bool are_equal(pma_stack_t *stack, pma_noun one, pma_noun other)
{
    uint32_t mugs[2] = {0, 1};
    bool equal = false;

    return pma_noun_equal(stack, one, other, &equal) == 0 && equal &&
           pma_noun_mug(stack, one, &mugs[0]) == 0 && pma_noun_mug(stack, other, &mugs[1]) == 0 &&
           mugs[0] == mugs[1];
}

/* Whether one is told apart from cells that have one part in common with it. */
static bool is_told_apart(pma_stack_t *stack, pma_noun noun)
{
    struct pma_noun_object object;
    pma_noun other[2];
    bool equal[2] = {false, false};

    return pma_noun_object(noun, &object) != 0 || !object.cell ||
           (pma_noun_cell(stack, object.head, noun, &other[0]) == 0 &&
            pma_noun_cell(stack, noun, object.tail, &other[1]) == 0 &&
            pma_noun_equal(stack, noun, other[0], &equal[0]) == 0 && !equal[0] &&
            pma_noun_equal(stack, noun, other[1], &equal[1]) == 0 && !equal[1]);
}

static int play_jam(struct workload *workload, const struct step *step, struct stack_model *model)
{
    const struct effects effects = play_effects(workload);
    uint64_t reference, back = 0;
    const struct noun *noun = effects_named(&effects, step, step->name, &reference), *copy;
    int result;

    if (noun == NULL)
        return play_fail(workload, -EINVAL, "%s", workload->why);
    result = PLAY_CALL(workload, jam_and_cue, model->stack, reference, &back);
    if (result != PLAY_DONE)
        return result;
    if (!is_told_apart(model->stack, back))
        return play_broken(workload, WORKLOAD_MEMORY, -EINVAL,
                           "a noun is equal to one that it is a part of");
    if (!are_equal(model->stack, reference, back))
        return play_broken(workload, WORKLOAD_MEMORY, -EINVAL,
                           "what was jammed and cued is another noun");
    copy = effects_made(&effects, step);
    if (copy == NULL)
        return play_fail(workload, -ENOMEM, "%s", workload->why);
    return play_applied(workload, effects_noun(&effects, step, copy, back));
}

/* ---- where they go ---- */

static int play_preserve(struct workload *workload, const struct step *step,
                         struct stack_model *model)
{
    const struct effects effects = play_effects(workload);
    struct stack_thing *things[EFFECTS_PRESERVED];
    pma_noun references[EFFECTS_PRESERVED];
    const struct pma_stack_frame before = play_top_frame(model);
    size_t count;
    int result = play_applied(workload, effects_preserved(&effects, step, things, &count));

    if (result != 0)
        return result;
    for (size_t i = 0; i < count; i++)
        references[i] = things[i]->reference;
    result = PLAY_CALL(workload, pma_noun_preserve, model->stack, references, count, NULL);
    if (result == PLAY_FAILED)
        return play_verify_frame(workload, model, &before);
    return result != PLAY_DONE
               ? result
               : play_applied(workload, effects_preserve(&effects, step, references));
}

/* Brings a root word to what the model has there. */
static int set_root(struct workload *workload, uint64_t index)
{
    workload->now.kept_step[index] = (uint32_t)workload->step_number;
    return play_settle(workload, "pma_set_root",
                       pma_set_root(workload->arena, (unsigned)index, workload->now.roots[index]));
}

/* A noun of which no atom was moved away is still there, and the same. */
static int check_left(struct workload *workload, struct stack_model *model, pma_noun noun,
                      pma_noun kept, const struct pma_copy_report *report)
{
    bool equal = true;
    int result = report->moved_objects > 0 ? 0 : pma_noun_equal(model->stack, noun, kept, &equal);

    return equal && (result == 0 || result == -ENOMEM)
               ? 0
               : play_broken(workload, WORKLOAD_MEMORY, result ? result : PMA_ENOUN,
                             "what a kept noun leaves on the stack is another one");
}

static int play_keep(struct workload *workload, const struct step *step, struct stack_model *model)
{
    const struct effects effects = play_effects(workload);
    struct pma_copy_report report = {0};
    const struct pma_stack_frame before = play_top_frame(model);
    uint64_t reference;
    pma_noun kept = 0;
    int result = 0;

    if (effects_named(&effects, step, step->name, &reference) == NULL)
        return play_fail(workload, -EINVAL, "%s", workload->why);
    result = PLAY_CALL(workload, pma_noun_keep, model->stack, reference, &kept, &report);
    if (result == PLAY_FAILED)
        return play_verify_frame(workload, model, &before);
    if (result == PLAY_DONE)
        result = check_left(workload, model, reference, kept, &report);
    if (result == PLAY_DONE)
        result = play_applied(workload, effects_keep(&effects, step, kept));
    return result == 0 ? set_root(workload, step->index) : result;
}

static int play_hold(struct workload *workload, const struct step *step)
{
    const struct effects effects = play_effects(workload);
    int result =
        PLAY_CALL(workload, pma_noun_hold, workload->arena, workload->now.roots[step->index]);

    if (result == PLAY_DONE)
        result = play_applied(workload, effects_hold(&effects, step));
    return result == 0 ? set_root(workload, step->to) : result;
}

static int play_drop(struct workload *workload, const struct step *step)
{
    const struct effects effects = play_effects(workload);
    int result =
        PLAY_CALL(workload, pma_noun_release, workload->arena, workload->now.roots[step->index]);

    if (result == PLAY_DONE)
        result = play_applied(workload, effects_drop(&effects, step));
    return result == 0 ? set_root(workload, step->index) : result;
}

int play_noun(struct workload *workload, const struct step *step)
{
    const struct effects effects = play_effects(workload);
    struct stack_model *model = NULL;
    int result;

    if (step->kind != STEP_HOLD && step->kind != STEP_DROP) {
        model = effects_stack(&effects, step);
        if (model == NULL)
            return play_fail(workload, -EINVAL, "%s", workload->why);
    }
    switch (step->kind) {
    case STEP_JAM:
        result = play_jam(workload, step, model);
        break;
    case STEP_PRESERVE:
        result = play_preserve(workload, step, model);
        break;
    case STEP_KEEP:
        result = play_keep(workload, step, model);
        break;
    case STEP_HOLD:
        result = play_hold(workload, step);
        break;
    case STEP_DROP:
        result = play_drop(workload, step);
        break;
    default:
        result = play_make(workload, step, model);
        break;
    }
    return result < 0 ? result : 0;
}

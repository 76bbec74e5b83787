/* SPDX-License-Identifier: MIT */
/*
 * What steps on the heap, on stacks and on nouns do to the model, once they succeeded. The check of
 * a suite and the workload share it: the one with addresses of 0, the other with those that the
 * library returned. 0, -ENOMEM, or -EINVAL and a sentence; a failure changes nothing.
 */
#ifndef EFFECTS_H
#define EFFECTS_H

#include "expected.h"
#include "stacks.h"
#include "suite.h"

struct effects {
    struct expected *now;
    struct stacks *stacks;
    struct nouns *nouns;
    char *text; /* of a complaint */
    size_t text_bytes;
};

/* The object that the step is about. */
struct expected_object *effects_object(const struct effects *effects, const struct step *step);

int effects_malloc(const struct effects *effects, const struct step *step, uint64_t place);
int effects_realloc(const struct effects *effects, const struct step *step, uint64_t place);
int effects_free_object(const struct effects *effects, const struct step *step);
int effects_take(const struct effects *effects, const struct step *step, uint64_t place);

/* The stack that the step is about; NULL and a sentence if there is none. */
struct stack_model *effects_stack(const struct effects *effects, const struct step *step);

int effects_stack_new(const struct effects *effects, const struct step *step);
int effects_push(const struct effects *effects, const struct step *step);
int effects_pop(const struct effects *effects, const struct step *step);
int effects_flip(const struct effects *effects, const struct step *step);
int effects_local(const struct effects *effects, const struct step *step);
int effects_light_push(const struct effects *effects, const struct step *step);
int effects_light_pop(const struct effects *effects, const struct step *step);
int effects_stack_alloc(const struct effects *effects, const struct step *step, void *address);
int effects_stack_free(const struct effects *effects, const struct step *step);

/* The word that step number `index` of a light push pushes. */
uint64_t effects_light_word(const struct step *step, uint64_t index);

/* The noun that a step `noun`, `cell` or `jam` makes; NULL and a sentence if it cannot. */
const struct noun *effects_made(const struct effects *effects, const struct step *step);
/* What "root 3" or a name on the stack means. */
const struct noun *effects_named(const struct effects *effects, const struct step *step,
                                 const char *name, uint64_t *reference);
int effects_noun(const struct effects *effects, const struct step *step, const struct noun *noun,
                 uint64_t reference);

/* The things that a preserve names, as many as fit; -EINVAL and a sentence if it names others. */
enum { EFFECTS_PRESERVED = 16 };
int effects_preserved(const struct effects *effects, const struct step *step,
                      struct stack_thing *things[EFFECTS_PRESERVED], size_t *count);
int effects_preserve(const struct effects *effects, const struct step *step,
                     const uint64_t *references);

int effects_keep(const struct effects *effects, const struct step *step, uint64_t reference);
int effects_hold(const struct effects *effects, const struct step *step);
int effects_drop(const struct effects *effects, const struct step *step);

#endif

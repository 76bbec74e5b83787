/* SPDX-License-Identifier: MIT */
/*
 * What the stacks of an arena must hold after the steps so far: which frames, their locals and
 * light words, what was allocated in them and which nouns. Like struct expected it never asks the
 * library; addresses and references are what that returned, or 0 before anything runs.
 */
#ifndef STACKS_H
#define STACKS_H

#include <pma/stack.h>

#include "nouns.h"

/* Bytes or a noun, by name, in one of the frames. */
struct stack_thing {
    const char *name;        /* borrowed from its step */
    unsigned depth;          /* of its frame */
    bool preserved;          /* it will be its caller's when the frame is popped */
    const struct noun *noun; /* NULL: bytes */
    uint64_t reference;      /* of the noun */
    unsigned char *address;  /* of bytes */
    uint64_t bytes, seed;
};

struct stack_frame {
    size_t first_word; /* of its locals, then its light words, in `words` */
    unsigned locals;
    bool preserved; /* a preserve has begun: locals and light words are gone */
};

struct stack_model {
    const char *name;
    pma_stack_t *stack; /* NULL while only the suite is checked */
    bool released;      /* the last step gave back all pages that no frame needs */
    struct stack_frame *frames;
    size_t frame_count, frame_capacity;
    uint64_t *words; /* of all frames */
    size_t word_count, word_capacity;
    struct stack_thing *things;
    size_t thing_count, thing_capacity;
};

struct stacks {
    struct stack_model *list;
    size_t count, capacity;
};

/* All stacks are gone, as after every open. */
void stacks_forget(struct stacks *stacks);
void stacks_deinit(struct stacks *stacks);

/* 0, -ENOMEM, or -EINVAL and a sentence; a failure changes nothing. */
int stacks_add(struct stacks *stacks, const char *name, unsigned locals, char *message,
               size_t message_bytes);
void stacks_remove(struct stacks *stacks, struct stack_model *model);

/* The stack of that name, NULL meaning the latest one; NULL and a sentence if there is none. */
struct stack_model *stacks_find(struct stacks *stacks, const char *name, char *message,
                                size_t message_bytes);

int stack_model_push(struct stack_model *model, unsigned locals, char *message,
                     size_t message_bytes);
int stack_model_pop(struct stack_model *model, char *message, size_t message_bytes);
int stack_model_flip(struct stack_model *model, unsigned locals, char *message,
                     size_t message_bytes);

/* The top frame, and one of its locals. */
struct stack_frame *stack_model_top(const struct stack_model *model);
uint64_t *stack_model_local(const struct stack_model *model, uint64_t index);

int stack_model_light_push(struct stack_model *model, uint64_t word);
uint64_t stack_model_light_count(const struct stack_model *model);

/* Adds a thing to the top frame. */
int stack_model_add(struct stack_model *model, const struct stack_thing *thing, char *message,
                    size_t message_bytes);
struct stack_thing *stack_model_find(const struct stack_model *model, const char *name,
                                     char *message, size_t message_bytes);
void stack_model_remove(struct stack_model *model, struct stack_thing *thing);

/* Whether the frame takes no pushes and allocations any more, with the sentence that says so. */
int stack_model_working(const struct stack_model *model, char *message, size_t message_bytes);

#endif

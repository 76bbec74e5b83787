/* SPDX-License-Identifier: MIT */
/* An arena of a test's own with a stack in it. */
#ifndef STACK_HOME_H
#define STACK_HOME_H

#include <pma/stack.h>

#include "arena_place.h"

struct stack_home {
    struct arena_place *arena_place;
    pma_t *arena;
    pma_stack_t *stack;
};

/* A cmocka setup and teardown. The teardown demands that the stack is sound and leaves no page
 * behind. */
int stack_home_setup(void **state);
int stack_home_teardown(void **state);

/* What a test begins with: an arena and a stack of one frame without locals. Not in the setup,
 * after which cmocka puts its own fault handler in front of the arena's. */
enum { ARENA_PAGES = 1024, STACK_PAGES = 256 };
struct stack_home *stack_home(void **state);

/* Frees the stack and makes another one instead. */
void stack_home_new(struct stack_home *home, const struct pma_stack_options *options,
                    unsigned locals);

/* Opens the arena with other options, and makes a stack as before. */
void stack_home_open_again(struct stack_home *home, const struct pma_options *options);

struct pma_stack_frame stack_top(pma_stack_t *stack);
struct pma_stack_frame stack_frame(pma_stack_t *stack, unsigned depth);
bool stack_same_frame(const struct pma_stack_frame *a, const struct pma_stack_frame *b);
struct pma_stack_stat stack_stat(pma_stack_t *stack);

/* Demands that the stack is sound, and all of its pages but those that are kept for later in use.
 */
void stack_sound(const struct stack_home *home);

/* Demands that a call fails with `code` and a text that ends in `text`, and leaves frames, pages
 * and bytes in use as they are. */
#define stack_refuses(home, call, code, text)                                                      \
    do {                                                                                           \
        const struct stack_before before = stack_before(home);                                     \
        stack_expect_refusal((home), &before, (call), (code), (text), __FILE__, __LINE__);         \
    } while (0)
struct stack_before {
    struct pma_stack_frame top;
    struct pma_stack_stat stat;
};
struct stack_before stack_before(const struct stack_home *home);
void stack_expect_refusal(const struct stack_home *home, const struct stack_before *before,
                          int result, int code, const char *text, const char *file, int line);

#define stack_ok(home, call) arena_ok((home)->arena, (call))

#endif

/* SPDX-License-Identifier: MIT */
/*
 * An event loop whose state is a noun: it reads words, counts how often it has met each, and
 * forgets none that it has answered.
 *
 *     event_loop FILE < WORDS
 *
 * A word is an event. It is handled in a frame of a stack, from the old state to a new one that
 * shares what has not changed; the new state goes into the heap, and a snapshot makes it durable
 * before the answer is printed. Kill it, or cut the power: started again it goes on with the event
 * after the last one that it answered, or with the one after that.
 *
 * The state is [number-of-events words]; words is 0 or [[word count] [lower higher]], a tree in the
 * order of mugs.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <pma/noun.h>

enum { ROOT_STATE };

struct loop {
    pma_t *arena;
    pma_stack_t *stack;
    pma_noun state; /* in the heap */
    int result;     /* the first failure; nothing is done after it */
};

static pma_noun cell(struct loop *loop, pma_noun head, pma_noun tail)
{
    pma_noun made = 0;

    if (!loop->result)
        loop->result = pma_noun_cell(loop->stack, head, tail, &made);
    return made;
}

static pma_noun head(struct loop *loop, pma_noun noun)
{
    pma_noun part = 0;

    if (!loop->result)
        loop->result = pma_noun_head(noun, &part);
    return part;
}

static pma_noun tail(struct loop *loop, pma_noun noun)
{
    pma_noun part = 0;

    if (!loop->result)
        loop->result = pma_noun_tail(noun, &part);
    return part;
}

static bool same(struct loop *loop, pma_noun a, pma_noun b)
{
    bool equal = false;

    if (!loop->result)
        loop->result = pma_noun_equal(loop->stack, a, b, &equal);
    return equal;
}

static uint32_t mug(struct loop *loop, pma_noun noun)
{
    uint32_t mug = 0;

    if (!loop->result)
        loop->result = pma_noun_mug(loop->stack, noun, &mug);
    return mug;
}

/* The tree with the word counted once more: new cells on the way to it, the old ones elsewhere. */
static pma_noun count_word(struct loop *loop, pma_noun words, pma_noun word, uint64_t *count)
{
    pma_noun entry, branches, branch;
    bool lower;

    *count = 1;
    if (!words || loop->result)
        return cell(loop, cell(loop, word, *count), cell(loop, 0, 0));
    entry = head(loop, words);
    branches = tail(loop, words);
    if (same(loop, word, head(loop, entry))) {
        *count = tail(loop, entry) + 1;
        return cell(loop, cell(loop, word, *count), branches);
    }
    lower = mug(loop, word) < mug(loop, head(loop, entry));
    branch = lower ? head(loop, branches) : tail(loop, branches);
    branch = count_word(loop, branch, word, count);
    branches =
        lower ? cell(loop, branch, tail(loop, branches)) : cell(loop, head(loop, branches), branch);
    return cell(loop, entry, branches);
}

/* Makes a state of the stack the one that the next process will find. */
static void commit(struct loop *loop, pma_noun state, uint64_t number)
{
    const pma_noun old = loop->state;

    if (!loop->result)
        loop->result = pma_noun_keep(loop->stack, state, &loop->state, NULL);
    if (!loop->result)
        loop->result = pma_set_root(loop->arena, ROOT_STATE, loop->state);
    if (!loop->result)
        loop->result = pma_noun_release(loop->arena, old);
    if (!loop->result)
        loop->result = pma_snapshot(loop->arena, number);
}

static void handle_word(struct loop *loop, const char *text)
{
    uint64_t number = 1, count = 0;
    pma_noun word = 0, words = 0, state;

    if (!loop->result)
        loop->result = pma_stack_push(loop->stack, 0);
    if (!loop->result)
        loop->result = pma_noun_import(loop->stack, text, strlen(text), &word);
    if (loop->state) {
        number += head(loop, loop->state);
        words = tail(loop, loop->state);
    }
    words = count_word(loop, words, word, &count);
    state = cell(loop, number, words);
    commit(loop, state, number);
    if (!loop->result) /* all that the event needed on the stack is gone at once */
        loop->result = pma_stack_pop(loop->stack);
    if (!loop->result)
        printf("%" PRIu64 " %s %" PRIu64 "\n", number, text, count);
}

static void run(struct loop *loop)
{
    char text[256];

    loop->result = pma_root(loop->arena, ROOT_STATE, &loop->state);
    while (!loop->result && scanf("%255s", text) == 1) {
        handle_word(loop, text);
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    struct pma_error error = {0};
    struct loop loop = {0};

    if (argc != 2) {
        fprintf(stderr, "usage: event_loop FILE\n");
        return 2;
    }
    loop.result = pma_open(argv[1], NULL, &loop.arena, &error);
    if (loop.result == -ENOENT)
        loop.result = pma_create(argv[1], NULL, &loop.arena, &error);
    if (loop.result) {
        fprintf(stderr, "event_loop: %s\n", error.text);
        return 1;
    }
    loop.result = pma_stack_new(loop.arena, NULL, 0, &loop.stack);
    if (!loop.result)
        run(&loop);
    if (loop.result)
        fprintf(stderr, "event_loop: %s: %s\n", pma_strerror(loop.result),
                pma_last_error(loop.arena));
    pma_stack_free(loop.stack);
    pma_close(loop.arena);
    return loop.result ? 1 : 0;
}

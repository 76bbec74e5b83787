/* SPDX-License-Identifier: MIT */
/*
 * Atoms that may be jammed nouns: cue refuses one or makes a sound noun of it, leaves nothing
 * behind if it refuses, and what it makes survives another jam and cue. The seeds are the jams of
 * random nouns.
 */
#include <pma/noun.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

enum { MOST_BYTES = 4096, NOUNS = 60 };

const struct fuzz_target fuzz_target = {
    .name = "jam_cue", .most_bytes = MOST_BYTES, .rounds = 2000};

static pma_t *arena;
static pma_stack_t *stack;

static void check(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "%s; the message is: %s\n", what, arena ? pma_last_error(arena) : "");
    abort();
}

static void check_noun(pma_noun noun)
{
    pma_noun again, atom, second;
    bool equal = false;

    check(!pma_noun_check(stack, &noun, 1), "a noun that was accepted is sound");
    check(!pma_noun_jam(stack, noun, &atom), "it can be jammed");
    check(!pma_noun_cue(stack, atom, &again), "its jam can be read");
    check(!pma_noun_equal(stack, noun, again, &equal) && equal, "and gives it again");
    check(!pma_noun_jam(stack, again, &second), "which can be jammed");
    check(!pma_noun_equal(stack, atom, second, &equal) && equal, "to the same atom");
}

/* No file stays behind: nothing here needs a name for the arena once it is open. */
static void set_up(void)
{
    char directory[] = "/tmp/jam-cue-XXXXXX", path[64];

    check(mkdtemp(directory) != NULL, "a directory can be made");
    snprintf(path, sizeof(path), "%s/arena", directory);
    check(!pma_create(path, NULL, &arena, NULL), "an arena can be made");
    unlink(path);
    rmdir(directory);
    check(!pma_stack_new(arena, NULL, 0, &stack), "a stack can be made");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct pma_stack_stat before, after;
    pma_noun atom, noun = 0;
    int result;

    if (!arena)
        set_up();
    check(!pma_stack_push(stack, 0), "a frame can be pushed");
    check(!pma_noun_import(stack, bytes, count, &atom), "bytes are an atom");
    check(!pma_stack_stat(stack, &before), "the stack can be looked at");
    result = pma_noun_cue(stack, atom, &noun);
    check(!pma_stack_stat(stack, &after), "the stack can be looked at");
    check(result == 0 || result == PMA_ENOUN, "a cue is refused for one reason only");
    if (result)
        check(before.west_bytes == after.west_bytes && before.east_bytes == after.east_bytes,
              "a refused cue leaves nothing behind");
    else
        check_noun(noun);
    check(!pma_stack_pop(stack), "the frame can be popped");
    return 0;
}

static pma_noun random_noun(struct random *random, unsigned cells)
{
    enum { POOL = 16 };
    uint64_t bytes[4];
    pma_noun pool[POOL], noun = 0;

    for (unsigned i = 0; i < POOL; i++) {
        for (unsigned j = 0; j < 4; j++)
            bytes[j] = random_next(random);
        check(!pma_noun_import(stack, bytes, random_below(random, sizeof(bytes)), &pool[i]),
              "an atom can be made");
    }
    while (cells-- > 0) {
        check(!pma_noun_cell(stack, pool[random_below(random, POOL)],
                             pool[random_below(random, POOL)], &noun),
              "a cell can be made");
        pool[random_below(random, POOL)] = noun;
    }
    return noun;
}

static size_t random_jam(struct random *random, uint8_t *bytes)
{
    size_t count;
    pma_noun atom;

    check(!pma_stack_push(stack, 0), "a frame can be pushed");
    check(!pma_noun_jam(stack, random_noun(random, 1 + (unsigned)random_below(random, 40)), &atom),
          "a noun can be jammed");
    check(!pma_noun_length(atom, &count) && count <= MOST_BYTES, "the jam is short");
    check(!pma_noun_export(atom, bytes, count), "and can be exported");
    check(!pma_stack_pop(stack), "the frame can be popped");
    return count;
}

void fuzz_seeds(struct random *random, fuzz_use *use, void *context)
{
    uint8_t jam[MOST_BYTES];

    if (!arena)
        set_up();
    for (int i = 0; i < NOUNS; i++)
        use(context, jam, random_jam(random, jam));
}

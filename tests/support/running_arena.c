/* SPDX-License-Identifier: MIT */
#include "running_arena.h"

enum {
    PAGE = 4096,
    NONE = -1,
    LOW = 100 * PAGE,
    HIGH = 116 * PAGE,
    /* The first frame: 3 slots, 2 locals, a light word; its objects are a cell and three words. */
    FP_0 = LOW + 40,
    SP_0 = FP_0 + 8,
    AP_0 = HIGH - 48,
    CELL_0 = HIGH - 24,
    /* The second one: 3 slots, a local, a light word; its object is a cell. */
    FP_1 = AP_0 - 32,
    SP_1 = FP_1 - 8,
    AP_1 = SP_0 + 24,
    CELL_1 = SP_0,
    /* In the heap: a cell with an atom, and an atom with pages of its own. */
    CELL = PAGE,
    ATOM = PAGE + 32,
    LARGE = 2 * PAGE,
};

const struct rows
    running_arena =
        {
            .count = {1, 0, 0, 0, 0, 0, 3, 6, 2, 0, 5, 6, 1, 2, 2},
            .values =
                {
                    [RESULTS_ARENA] = {{60, 7, 70, 6, 1, 20, 1}},
                    [RESULTS_RUN] = {{0, 6, 10, 0}, {100, 2, 0, 1}, {114, 2, 0, 1}},
                    [RESULTS_HEAP_PAGE] =
                        {
                            {0, 4, 0, 0, 0},
                            {1, 3, 32, 128, 2},
                            {2, 1, 0, 0, 0},
                            {3, 2, 0, 0, 0},
                            {4, 2, 0, 0, 0},
                            {5, 0, 0, 0, 0},
                        },
                    [RESULTS_HEAP_CHUNK] = {{CELL, 32}, {ATOM, 32}},
                    [RESULTS_NOUN] =
                        {
                            {CELL, 24, 1, 2, 0},
                            {ATOM, 24, 0, 1, 0},
                            {LARGE, 9000, 0, 1, 0},
                            {CELL_0, 24, 1, 0, 0},
                            {CELL_1, 24, 1, 0, 0},
                        },
                    [RESULTS_REFERENCE] =
                        {
                            {NONE - 3, CELL, 6},
                            {NONE - 4, CELL, 6},
                            {NONE - 5, LARGE, 2},
                            {CELL, ATOM, 2},
                            {CELL_0, CELL, 6},
                            {CELL_1, CELL_0, 6},
                        },
                    [RESULTS_STACK] = {{0, LOW, HIGH, 2, 4, AP_1 - LOW, HIGH - SP_1, 0}},
                    [RESULTS_FRAME] =
                        {
                            {0, 0, 1, FP_0, SP_0, AP_0, NONE, NONE, LOW, 2, 0},
                            {0, 1, 0, FP_1, SP_1, AP_1, FP_0, SP_0, AP_0, 1, 0},
                        },
                    [RESULTS_STACK_PAGE] = {{0, 100, 2}, {0, 114, 2}},
                },
};

const struct damage running_damages[RUNNING_DAMAGES] = {
    {"frames-alternate", "a frame that is said to be on its caller's side",
     EDITS({RESULTS_FRAME, 1, 2, 1})},
    {"frames-nest", "a frame that is missing", EDITS({RESULTS_STACK, 0, 3, 3})},
    {"frames-nest", "a caller that has moved", EDITS({RESULTS_FRAME, 1, 6, FP_0 + 8})},
    {"frames-nest", "a first frame with a caller", EDITS({RESULTS_FRAME, 0, 6, FP_1})},
    {"frames-nest", "locals that begin before the range", EDITS({RESULTS_FRAME, 0, 9, 3})},
    {"stacks-disjoint", "two stacks in one place",
     EDITS({RESULTS_STACK, 1, 0, 1}, {RESULTS_STACK, 1, 1, 110 * PAGE},
           {RESULTS_STACK, 1, 2, 120 * PAGE})},
    {"stacks-disjoint", "a persistent page in the range of a stack",
     EDITS({RESULTS_RUN, 3, 0, 107}, {RESULTS_RUN, 3, 1, 1}, {RESULTS_RUN, 3, 2, 40})},
    {"stack-pages-cover", "a page that is not counted", EDITS({RESULTS_STACK, 0, 4, 3})},
    {"stack-pages-cover", "a frame on a page that is not there",
     EDITS({RESULTS_STACK_PAGE, 1, 1, 113})},
    {"stack-pages-cover", "a page in the middle",
     EDITS({RESULTS_STACK_PAGE, 2, 1, 107}, {RESULTS_STACK_PAGE, 2, 2, 1},
           {RESULTS_STACK, 0, 4, 5})},
    {"stack-pages-cover", "pages that a release left", EDITS({RESULTS_STACK, 0, 7, 1})},
    {"references-senior", "an older frame that refers to a newer one",
     EDITS({RESULTS_REFERENCE, 6, 0, CELL_0}, {RESULTS_REFERENCE, 6, 1, CELL_1},
           {RESULTS_REFERENCE, 6, 2, 6})},
    {"references-senior", "a noun of the heap that refers to a stack",
     EDITS({RESULTS_REFERENCE, 6, 0, CELL}, {RESULTS_REFERENCE, 6, 1, CELL_0},
           {RESULTS_REFERENCE, 6, 2, 6})},
    {"references-senior", "a root word that refers to a stack",
     EDITS({RESULTS_REFERENCE, 6, 0, NONE - 9}, {RESULTS_REFERENCE, 6, 1, CELL_1},
           {RESULTS_REFERENCE, 6, 2, 6})},
    {"nouns-not-forwarded", "an object that was copied away", EDITS({RESULTS_NOUN, 3, 4, 1})},
    {"nouns-not-forwarded", "a forwarding pointer in a cell", EDITS({RESULTS_REFERENCE, 5, 2, 7})},
    {"references-whole", "a reference to where no noun is",
     EDITS({RESULTS_REFERENCE, 6, 0, CELL_0}, {RESULTS_REFERENCE, 6, 1, 5 * PAGE},
           {RESULTS_REFERENCE, 6, 2, 6})},
    {"references-whole", "an atom that is referred to as a cell",
     EDITS({RESULTS_REFERENCE, 3, 2, 6})},
    {"references-whole", "a noun larger than its chunk", EDITS({RESULTS_NOUN, 1, 1, 64})},
    {"references-counted", "a count too low", EDITS({RESULTS_NOUN, 0, 3, 1})},
    {"references-counted", "a count on a stack", EDITS({RESULTS_NOUN, 4, 3, 1})},
    {"heap-pages-allocated", "a free page that the arena has not", EDITS({RESULTS_RUN, 0, 1, 5})},
    {"heap-pages-once", "a page that is free twice", EDITS({RESULTS_HEAP_PAGE, 6, 0, 5})},
    {"heap-chunks-counted", "a chunk that is not counted",
     EDITS({RESULTS_HEAP_CHUNK, 2, 0, PAGE + 64}, {RESULTS_HEAP_CHUNK, 2, 1, 32})},
    {"heap-runs-whole", "an object with a hole", EDITS({RESULTS_HEAP_PAGE, 3, 1, 0})},
};

/* SPDX-License-Identifier: MIT */
#include "alive.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <faultsim/capture.h>
#include <pma/fault_points.h>
#include <pma/noun.h>

#include "nouns.h"

enum { OBJECT_BYTES = 5000, SMALL_BYTES = 40, ATOM_BYTES = 3000, STACK_PAGES = 16 };

/* One arena at work, and what it must hold then. */
struct work {
    pma_t *arena;
    struct state_entries *entries;
    uint64_t roots[PMA_ROOTS];
    uint64_t event;
    unsigned root;   /* that holds the noun; PMA_ROOTS: none does */
    uint64_t object; /* offset of the one that stays in the heap; 0: there is none */
    struct alive_failure *failure;
};

static int fail(struct work *work, const char *what, int code)
{
    const char *context = work->arena != NULL ? pma_last_error(work->arena) : "";

    work->failure->code = code;
    snprintf(work->failure->text, sizeof work->failure->text, "%.110s: %.140s", what,
             context[0] != '\0' ? context : pma_strerror(code));
    return code;
}

static int another_state(struct work *work, const char *what)
{
    work->failure->code = -EINVAL;
    snprintf(work->failure->text, sizeof work->failure->text,
             "%.110s: the arena holds another state", what);
    return -EINVAL;
}

/* Adds a part where its kind and place belong. */
static int expect_part(struct work *work, struct state_entry part)
{
    struct state_entries *list = work->entries;

    if (state_entries_add(list, part) != 0)
        return fail(work, "putting the arena to work", -ENOMEM);
    for (size_t i = list->count - 1; i > 0 && state_entry_order(&list->entries[i - 1], &part) > 0;
         i--) {
        list->entries[i] = list->entries[i - 1];
        list->entries[i - 1] = part;
    }
    return 0;
}

static uint64_t offset(const struct work *work, const void *address)
{
    return (uint64_t)((const unsigned char *)address -
                      (const unsigned char *)pma_base(work->arena));
}

/* A full address range is a fact of the scenario, not a failure. */
static bool is_full(int result)
{
    return result == -ENOMEM;
}

/* ---- pages ---- */

/* Stores to an old page and to a fresh one. */
static int store_more(struct work *work)
{
    const struct state_entries *list = work->entries;
    void *address;
    int result = pma_pages_alloc(work->arena, 1, 0, &address);

    if (result != 0 && !is_full(result))
        return fail(work, "allocating a page", result);
    if (list->count > 0 && list->entries[0].kind == STATE_PAGE) {
        unsigned char *old =
            (unsigned char *)pma_base(work->arena) + list->entries[0].place * PMA_PAGE_SIZE;

        old[8] ^= 0xff;
        list->entries[0].digest = state_page_digest(old);
    }
    if (is_full(result))
        return 0;
    memcpy(address, "more work", 9);
    return expect_part(work, (struct state_entry){STATE_PAGE, offset(work, address) / PMA_PAGE_SIZE,
                                                  PMA_PAGE_SIZE, state_page_digest(address)});
}

/* ---- the heap ---- */

/* One object comes and goes, another grows to pages of its own and stays. */
static int use_heap(struct work *work)
{
    unsigned char *bytes;
    void *small, *object;
    size_t usable = 0;
    int result = pma_malloc(work->arena, SMALL_BYTES, &small);

    if (is_full(result))
        return 0;
    if (result == 0)
        result = pma_malloc(work->arena, SMALL_BYTES, &object);
    if (result != 0)
        return fail(work, "allocating in the heap", result);
    memset(object, 'a', SMALL_BYTES);
    result = pma_free(work->arena, small);
    if (result != 0)
        return fail(work, "freeing in the heap", result);
    result = pma_realloc(work->arena, &object, OBJECT_BYTES);
    if (result != 0 && !is_full(result))
        return fail(work, "growing an object of the heap", result);
    result = pma_usable_size(work->arena, object, &usable);
    if (result != 0)
        return fail(work, "asking for the size of an object", result);
    bytes = object;
    for (size_t i = 0; i < SMALL_BYTES; i++)
        if (bytes[i] != 'a')
            return another_state(work, "growing an object of the heap");
    memset(bytes, 'b', usable);
    work->object = offset(work, object);
    return expect_part(work, (struct state_entry){STATE_OBJECT, work->object, usable,
                                                  state_bytes_digest(bytes, usable)});
}

/* ---- a stack and a noun ---- */

static int make_noun(pma_stack_t *stack, pma_noun *noun, struct fsim_digest *digest)
{
    unsigned char bytes[ATOM_BYTES];
    pma_noun atom;
    int result;

    memset(bytes, 'n', sizeof bytes);
    result = pma_noun_import(stack, bytes, sizeof bytes, &atom);
    if (result == 0)
        result = pma_noun_cell(stack, atom, 7, noun);
    *digest = noun_cell_digest(noun_atom_digest(bytes, sizeof bytes), noun_atom_digest("\7", 1));
    return result;
}

/* Made in a frame of its own, preserved from there, kept under a root word that is 0. */
static int keep_noun(struct work *work, pma_stack_t *stack)
{
    struct state_entry part = {.kind = STATE_NOUN, .place = work->root};
    pma_noun noun, kept = 0;
    int result = pma_stack_push(stack, 2);

    if (result == 0)
        result = make_noun(stack, &noun, &part.digest);
    if (result == 0)
        result = pma_noun_preserve(stack, &noun, 1, NULL);
    if (result == 0)
        result = pma_stack_pop(stack);
    if (result == 0)
        result = pma_noun_keep(stack, noun, &kept, NULL);
    if (is_full(result)) {
        work->root = PMA_ROOTS;
        return 0;
    }
    if (result == 0)
        result = pma_set_root(work->arena, work->root, kept);
    if (result != 0)
        return fail(work, "keeping a noun", result);
    work->roots[work->root] = kept;
    return expect_part(work, part);
}

static int use_stack(struct work *work)
{
    struct pma_stack_options options = PMA_STACK_OPTIONS_INIT;
    pma_stack_t *stack;
    int result, freed;

    options.reserved_bytes = STACK_PAGES * PMA_PAGE_SIZE;
    for (work->root = PMA_ROOTS; work->root > 0 && work->roots[work->root - 1] != 0;)
        work->root--;
    if (work->root == 0) {
        work->root = PMA_ROOTS;
        return 0;
    }
    work->root--;
    result = pma_stack_new(work->arena, &options, 1, &stack);
    if (is_full(result)) {
        work->root = PMA_ROOTS;
        return 0;
    }
    if (result != 0)
        return fail(work, "making a stack", result);
    result = keep_noun(work, stack);
    freed = pma_stack_free(stack);
    return result == 0 && freed != 0 ? fail(work, "freeing a stack", freed) : result;
}

/* ---- opening and saving ---- */

static int read_words(struct work *work)
{
    struct pma_stat stat = {0};
    int result = pma_stat(work->arena, &stat);

    for (unsigned i = 0; result == 0 && i < PMA_ROOTS; i++)
        result = pma_root(work->arena, i, &work->roots[i]);
    work->event = stat.event;
    return result;
}

/*
 * Works, takes a snapshot, and says what the arena must hold now. Only roots and event are compared
 * with those of the first open here: pages that differ would also differ after the last one, and
 * reading all of them is what a recovery spends most of its time with.
 */
static int work_and_save(struct work *work, struct fsim_digest state, struct fsim_digest *expected)
{
    int result = read_words(work);

    if (result != 0)
        return fail(work, "opening again", result);
    if (!fsim_digest_equal(state_digest(work->entries, work->roots, work->event), state))
        return another_state(work, "opening again");
    result = store_more(work);
    if (result == 0)
        result = use_heap(work);
    if (result == 0)
        result = use_stack(work);
    if (result != 0)
        return result;
    result = pma_snapshot(work->arena, work->event + 1);
    if (result != 0)
        return fail(work, "taking a snapshot", result);
    *expected = state_digest(work->entries, work->roots, work->event + 1);
    return 0;
}

/* What was kept can be given up again. */
static int clear_away(struct work *work)
{
    int result = 0;

    if (work->object != 0)
        result = pma_free(work->arena, (unsigned char *)pma_base(work->arena) + work->object);
    if (result == 0 && work->root < PMA_ROOTS)
        result = pma_noun_release(work->arena, work->roots[work->root]);
    if (result == 0)
        result = pma_heap_check(work->arena);
    return result == 0 ? 0 : fail(work, "freeing what was kept", result);
}

static int look_again(struct work *work, struct fsim_digest expected, struct state_entries *scratch)
{
    struct fsim_digest digest;
    int result = state_of_arena(work->arena, &digest, scratch);

    if (result != 0)
        return fail(work, "reading after more work", result);
    if (!fsim_digest_equal(digest, expected))
        return another_state(work, "after more work");
    return clear_away(work);
}

int alive_check(const char *path, const struct pma_options *options, struct fsim_digest state,
                struct state_entries *entries, struct state_entries *scratch,
                struct alive_failure *failure)
{
    struct work work = {.entries = entries, .root = PMA_ROOTS, .failure = failure};
    struct fsim_digest expected;
    struct pma_error error = {0};
    int result = pma_open(path, options, &work.arena, &error);

    if (result != 0) {
        work.arena = NULL;
        return fail(&work, error.text, result);
    }
    result = work_and_save(&work, state, &expected);
    if (result != 0)
        goto out;
    result = pma_close(work.arena);
    work.arena = NULL;
    if (result == 0)
        result = pma_open(path, options, &work.arena, &error);
    if (result == 0)
        result = look_again(&work, expected, scratch);
    else
        fail(&work, "opening after more work", result);
out:
    if (work.arena != NULL)
        (void)pma_close(work.arena);
    return result;
}

/* ---- going on, recorded ---- */

/* What an open returned counts as acknowledged. What the trace knows of that state stays said. */
static int open_and_acknowledge(struct work *work, const char *path,
                                const struct pma_options *options)
{
    struct pma_error error = {0};
    struct fsim_digest digest;
    int result;

    fsim_capture_step(1, "open what the crash left");
    result = pma_open(path, options, &work->arena, &error);
    if (result != 0) {
        work->arena = NULL;
        return fail(work, error.text, result);
    }
    result = state_of_arena(work->arena, &digest, work->entries);
    if (result == 0)
        result = read_words(work);
    if (result != 0)
        return fail(work, "reading what opening returned", result);
    fsim_capture_mark(FSIM_MARK_ACK, "what opening returned", digest, NULL, 0);
    return 0;
}

static int create_again(struct work *work, const char *path, const struct pma_options *options)
{
    const uint64_t no_roots[PMA_ROOTS] = {0};
    const struct state_entries nothing = {0};
    const struct fsim_digest digest = state_digest(&nothing, no_roots, 0);
    struct pma_error error = {0};
    int result;

    fsim_capture_step(1, "create the arena anew");
    work->entries->count = 0;
    fsim_capture_mark(FSIM_MARK_BEGIN, "the new arena", digest, NULL, 0);
    result = pma_create(path, options, &work->arena, &error);
    if (result != 0) {
        work->arena = NULL;
        return fail(work, error.text, result);
    }
    fsim_capture_mark(FSIM_MARK_ACK, "the new arena", digest, NULL, 0);
    return read_words(work);
}

static int save_marked(struct work *work)
{
    uint64_t event = work->event + 1;
    struct fsim_digest digest = state_digest(work->entries, work->roots, event);
    struct state_description *description;
    size_t bytes;
    int result = state_describe(work->entries, work->roots, event, &description, &bytes);

    if (result != 0)
        return fail(work, "describing more work", result);
    fsim_capture_mark(FSIM_MARK_BEGIN, "the work after the crash", digest, description, bytes);
    result = pma_snapshot(work->arena, event);
    if (result == 0)
        fsim_capture_mark(FSIM_MARK_ACK, "the work after the crash", digest, description, bytes);
    else
        fail(work, "taking a snapshot", result);
    free(description);
    return result;
}

int alive_resume(const char *path, const struct pma_options *options, struct state_entries *entries,
                 struct alive_failure *failure)
{
    struct work work = {.entries = entries, .root = PMA_ROOTS, .failure = failure};
    int result, closed = 0;

    pma_fault_gate(1);
    if (access(path, F_OK) != 0 && errno == ENOENT)
        result = create_again(&work, path, options);
    else
        result = open_and_acknowledge(&work, path, options);
    if (result == 0) {
        fsim_capture_step(2, "work on");
        result = store_more(&work);
    }
    if (result == 0) {
        fsim_capture_step(3, "the first snapshot after the crash");
        result = save_marked(&work);
    }
    if (work.arena != NULL)
        closed = pma_close(work.arena);
    pma_fault_gate(0);
    work.arena = NULL;
    return result == 0 && closed != 0 ? fail(&work, "closing", closed) : result;
}

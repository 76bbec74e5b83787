/* SPDX-License-Identifier: MIT */
/* What breaks in the memory of a running arena is seen in its dump, by the invariant that says it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pma/noun.h>

#include "witness.h"

enum { PAGES = 256, STACK_PAGES = 32 };

/* An arena with a noun in the heap, under root 3, and on its stack two frames with a cell each. */
struct scene {
    char directory[64], path[96];
    results_oracle_t *invariants;
    pma_t *arena;
    pma_stack_t *stack;
    struct stacks stacks;
    struct nouns nouns;
    pma_noun kept, older, newer;
    char finding[512];
};

static void name(struct scene *scene, const char *name, pma_noun reference)
{
    const struct stack_thing thing = {
        .name = name, .noun = nouns_atom(&scene->nouns, "x", 1), .reference = reference};
    char message[128];

    assert_int_equal(stack_model_add(&scene->stacks.list[0], &thing, message, sizeof message), 0);
}

static void push(struct scene *scene)
{
    char message[128];

    assert_int_equal(pma_stack_push(scene->stack, 2), 0);
    assert_int_equal(stack_model_push(&scene->stacks.list[0], 2, message, sizeof message), 0);
}

static int make(void **state)
{
    struct pma_stack_options options = PMA_STACK_OPTIONS_INIT;
    struct pma_options arena = PMA_OPTIONS_INIT;
    struct scene *scene = calloc(1, sizeof *scene);
    const unsigned char large[40] = {[39] = 1};
    char message[512] = "";
    pma_noun atom;

    assert_non_null(scene);
    *state = scene;
    snprintf(scene->directory, sizeof scene->directory, "/tmp/witness-XXXXXX");
    assert_non_null(mkdtemp(scene->directory));
    snprintf(scene->path, sizeof scene->path, "%s/arena.pma", scene->directory);
    assert_int_equal(results_oracle_new(&scene->invariants, message, sizeof message), 0);
    arena.reserved_bytes = PAGES * PMA_PAGE_SIZE;
    assert_int_equal(pma_create(scene->path, &arena, &scene->arena, NULL), 0);
    options.reserved_bytes = STACK_PAGES * PMA_PAGE_SIZE;
    assert_int_equal(pma_stack_new(scene->arena, &options, 1, &scene->stack), 0);
    assert_int_equal(stacks_add(&scene->stacks, "stack", 1, message, sizeof message), 0);
    scene->stacks.list[0].stack = scene->stack;
    assert_int_equal(pma_noun_import(scene->stack, large, sizeof large, &atom), 0);
    assert_int_equal(pma_noun_cell(scene->stack, atom, 5, &scene->kept), 0);
    assert_int_equal(pma_noun_keep(scene->stack, scene->kept, &scene->kept, NULL), 0);
    assert_int_equal(pma_set_root(scene->arena, 3, scene->kept), 0);
    assert_int_equal(pma_noun_cell(scene->stack, 1, scene->kept, &scene->older), 0);
    name(scene, "older", scene->older);
    push(scene);
    assert_int_equal(pma_noun_cell(scene->stack, scene->older, 2, &scene->newer), 0);
    name(scene, "newer", scene->newer);
    return 0;
}

static int clear(void **state)
{
    struct scene *scene = *state;

    results_oracle_free(scene->invariants);
    stacks_deinit(&scene->stacks);
    nouns_deinit(&scene->nouns);
    (void)pma_stack_free(scene->stack);
    (void)pma_close(scene->arena);
    unlink(scene->path);
    rmdir(scene->directory);
    free(scene);
    return 0;
}

static int judge(struct scene *scene)
{
    int result = witness_judge(scene->invariants, scene->arena, &scene->stacks, scene->finding,
                               sizeof scene->finding);

    assert_true(result >= 0);
    return result;
}

/* Sets a word of memory, demands that this invariant breaks, and sets it back. */
static void expect_broken(struct scene *scene, uint64_t *word, uint64_t value,
                          const char *invariant)
{
    uint64_t before = *word;

    *word = value;
    assert_int_equal(judge(scene), 1);
    if (strncmp(scene->finding, invariant, strlen(invariant)) != 0)
        fail_msg("\"%s\" does not say %s", scene->finding, invariant);
    *word = before;
    assert_int_equal(judge(scene), 0);
}

static uint64_t *words_of(pma_noun noun)
{
    struct pma_noun_object object;

    assert_int_equal(pma_noun_object(noun, &object), 0);
    return object.address;
}

static void a_sound_arena_passes(void **state)
{
    struct scene *scene = *state;

    if (judge(scene) != 0)
        fail_msg("%s", scene->finding);
}

static void a_frame_that_lost_its_caller_is_seen(void **state)
{
    struct scene *scene = *state;
    struct pma_stack_frame frame;
    uint64_t *slots;

    assert_int_equal(pma_stack_frame(scene->stack, 1, &frame), 0);
    assert_false(frame.west);
    slots = (uint64_t *)(uintptr_t)frame.fp;
    expect_broken(scene, &slots[1], frame.saved_sp - 8, "frames-nest");
}

static void a_reference_to_a_newer_frame_is_seen(void **state)
{
    struct scene *scene = *state;

    expect_broken(scene, &words_of(scene->older)[1], scene->newer, "references-senior");
    expect_broken(scene, &words_of(scene->kept)[2], scene->older, "references-senior");
}

static void a_forwarding_pointer_that_was_left_is_seen(void **state)
{
    struct scene *scene = *state;

    expect_broken(scene, words_of(scene->older), UINT64_C(7) << 61 | 8, "nouns-not-forwarded");
    expect_broken(scene, &words_of(scene->newer)[1], UINT64_C(7) << 61 | 8, "nouns-not-forwarded");
}

static void a_wrong_count_of_references_is_seen(void **state)
{
    struct scene *scene = *state;
    uint64_t *words = words_of(scene->kept);

    expect_broken(scene, words, words[0] + 1, "references-counted");
    expect_broken(scene, words, words[0] - 1, "references-counted");
}

static void a_reference_to_what_was_freed_is_seen(void **state)
{
    struct scene *scene = *state;
    uint64_t *words = words_of(scene->kept);

    expect_broken(scene, &words[2], UINT64_C(6) << 61 | ((uintptr_t)words + 64),
                  "references-whole");
}

static void a_chunk_map_beside_its_count_is_seen(void **state)
{
    struct scene *scene = *state;
    struct pma_heap_page page;
    uint64_t *words, number;
    const void *from = NULL;

    /* The descriptor of the page: docs/format.md, "Heap". */
    while (pma_heap_next_page(scene->arena, from, &page) == 0 && page.kind != PMA_HEAP_PARTITIONED)
        from = (unsigned char *)page.address + PMA_PAGE_SIZE;
    number = (uint64_t)((unsigned char *)page.address - (unsigned char *)pma_base(scene->arena)) /
             PMA_PAGE_SIZE;
    assert_int_equal(pma_heap_next_page(scene->arena, NULL, &page), 0);
    assert_int_equal(page.kind, PMA_HEAP_RECORD);
    words = (uint64_t *)((unsigned char *)page.address + PMA_PAGE_SIZE + number * 64);
    expect_broken(scene, &words[4], words[4] | UINT64_C(1) << 40, "heap-chunks-counted");
}

int main(void)
{
#define SEEN(test) cmocka_unit_test_setup_teardown(test, make, clear)
    const struct CMUnitTest tests[] = {
        SEEN(a_sound_arena_passes),
        SEEN(a_frame_that_lost_its_caller_is_seen),
        SEEN(a_reference_to_a_newer_frame_is_seen),
        SEEN(a_forwarding_pointer_that_was_left_is_seen),
        SEEN(a_wrong_count_of_references_is_seen),
        SEEN(a_reference_to_what_was_freed_is_seen),
        SEEN(a_chunk_map_beside_its_count_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Versions between two stores. This file is compiled so that it calls back before each of its own.
 */
#include "recorded.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BLOCK = FSIM_BLOCK_SIZE, BLOCKS = 4, PLENTY = 1 << 30 };

/* A mapping of four zero blocks that is recorded at a grain. */
struct scene {
    struct recorded *recorded;
    char *page;
    int fd;
};

static struct scene scene_at(enum fsim_grain grain, void **state)
{
    struct scene scene = {.recorded = *state};

    assert_int_equal(fsim_capture_grain(grain), 0);
    recorded_begin(scene.recorded);
    scene.page = map_in(scene.recorded, "a", BLOCKS, &scene.fd);
    skip_events(scene.recorded);
    return scene;
}

static void scene_end(struct scene *scene)
{
    munmap(scene->page, BLOCKS * BLOCK);
    close(scene->fd);
}

/* The versions of block 0 since the last look are these texts, and there are no other events. */
static void expect_texts(struct scene *scene, ...) __attribute__((sentinel));
static void expect_texts(struct scene *scene, ...)
{
    struct recorded *recorded = scene->recorded;
    const char *text;
    va_list texts;

    fsim_capture_sample();
    va_start(texts, scene);
    while ((text = va_arg(texts, const char *))) {
        if (recorded->seen == fsim_trace_events(recorded->trace))
            fail_msg("there is no version '%s'", text);
        const struct fsim_event *event = fsim_trace_event(recorded->trace, recorded->seen++);
        assert_int_equal(event->kind, FSIM_EV_WRITE);
        assert_int_equal(event->number, 0);
        assert_string_equal(fsim_trace_content(recorded->trace, event->value), text);
    }
    va_end(texts);
    expect_events(recorded, NULL);
}

/* How many versions there are since the last look. */
static size_t versions(struct scene *scene)
{
    size_t before = scene->recorded->seen;

    fsim_capture_sample();
    skip_events(scene->recorded);
    return scene->recorded->seen - before;
}

static void each_store_makes_a_version(void **state)
{
    struct scene scene = scene_at(FSIM_GRAIN_STORE, state);

    scene.page[0] = 'a';
    scene.page[1] = 'b';
    scene.page[0] = 'c';
    scene.page[1] = 0;
    expect_texts(&scene, "a", "ab", "cb", "c", NULL);
    scene_end(&scene);
}

static void at_the_grain_of_calls_only_the_last_one_counts(void **state)
{
    struct scene scene = scene_at(FSIM_GRAIN_CALL, state);

    scene.page[0] = 'a';
    scene.page[1] = 'b';
    scene.page[0] = 'c';
    expect_texts(&scene, "cb", NULL);
    scene_end(&scene);
}

static void stores_keep_their_order_over_blocks(void **state)
{
    struct scene scene = scene_at(FSIM_GRAIN_STORE, state);

    scene.page[2 * BLOCK] = 'a';
    scene.page[0] = 'b';
    scene.page[2 * BLOCK] = 'c';
    fsim_capture_sample();
    expect_events(scene.recorded, "write a block 2", "write a block 0", "write a block 2", NULL);
    scene_end(&scene);
}

static void a_store_of_any_width_is_one_version(void **state)
{
    struct scene scene = scene_at(FSIM_GRAIN_STORE, state);

    *(uint16_t *)scene.page = UINT16_MAX;
    assert_int_equal(versions(&scene), 1);
    *(uint32_t *)scene.page = UINT32_MAX;
    assert_int_equal(versions(&scene), 1);
    *(uint64_t *)scene.page = UINT64_MAX;
    assert_int_equal(versions(&scene), 1);
    *(double *)scene.page = 1;
    assert_int_equal(versions(&scene), 1);
    scene_end(&scene);
}

/* No machine promises more than a word. */
static void a_store_of_several_words_makes_a_version_a_word(void **state)
{
    struct five_words {
        uint64_t word[5];
    };
    struct scene scene = scene_at(FSIM_GRAIN_STORE, state);

    *(__int128 *)scene.page = -1;
    assert_int_equal(versions(&scene), 2);
    *(struct five_words *)(scene.page + 64) = (struct five_words){{1, 2, 3, 4, 5}};
    assert_int_equal(versions(&scene), 5);
    scene_end(&scene);
}

static void a_copy_goes_up_word_by_word(void **state)
{
    struct scene scene = scene_at(FSIM_GRAIN_STORE, state);

    memcpy(scene.page, "11111111222222223333", 20);
    expect_texts(&scene, "11111111", "1111111122222222", "11111111222222223333", NULL);
    memmove(scene.page + 4, scene.page + 8, 12);
    expect_texts(&scene, "11112222222222223333", "11112222222233333333", NULL);
    scene_end(&scene);
}

static void words_that_stay_as_they_are_make_no_version(void **state)
{
    struct scene scene = scene_at(FSIM_GRAIN_STORE, state);

    memset(scene.page, 'x', 32);
    assert_int_equal(versions(&scene), 4);
    memcpy(scene.page, "xxxxxxxx........xxxxxxxx........", 32);
    assert_int_equal(versions(&scene), 2);
    memset(scene.page + 8, '.', 8);
    assert_int_equal(versions(&scene), 0);
    scene_end(&scene);
}

static void a_long_copy_goes_by_lines_of_the_cache(void **state)
{
    struct scene scene = scene_at(FSIM_GRAIN_STORE, state);

    memset(scene.page, 'x', 512);
    assert_int_equal(versions(&scene), 64);
    memset(scene.page, 'y', 520);
    assert_int_equal(versions(&scene), 9);
    memset(scene.page + BLOCK / 2, 'x', BLOCK);
    assert_int_equal(versions(&scene), BLOCK / 64);
    scene_end(&scene);
}

static void atomic_operations_are_done_and_seen(void **state)
{
    struct scene scene = scene_at(FSIM_GRAIN_STORE, state);
    atomic_uint *counter = (atomic_uint *)scene.page;
    _Atomic uint8_t *byte = (_Atomic uint8_t *)(scene.page + 64);
    unsigned expected = 0;

    atomic_store(counter, 5);
    assert_int_equal(atomic_fetch_add(counter, 2), 5);
    assert_int_equal(atomic_exchange(counter, 9), 7);
    assert_int_equal(atomic_load(counter), 9);
    assert_int_equal(versions(&scene), 3);
    assert_false(atomic_compare_exchange_strong(counter, &expected, 1));
    assert_int_equal(expected, 9);
    assert_int_equal(versions(&scene), 0);
    assert_true(atomic_compare_exchange_strong(counter, &expected, 1));
    assert_int_equal(atomic_fetch_or(byte, 6), 0);
    assert_int_equal(atomic_fetch_and(byte, 3), 6);
    assert_int_equal(atomic_fetch_xor(byte, 1), 2);
    assert_int_equal(atomic_fetch_sub(byte, 1), 3);
    assert_int_equal(*byte, 2);
    assert_int_equal(versions(&scene), 5);
    scene_end(&scene);
}

static char *protected_page;

static void make_writable(int signal)
{
    mprotect(protected_page, BLOCK, PROT_READ | PROT_WRITE);
}

/* Where the store went is known only when the handler is done. */
static void a_store_that_needs_the_fault_handler_is_in_its_place(void **state)
{
    struct scene scene = scene_at(FSIM_GRAIN_STORE, state);
    struct sigaction action = {.sa_handler = make_writable}, before;

    protected_page = scene.page;
    mprotect(scene.page, BLOCK, PROT_READ);
    sigaction(SIGSEGV, &action, &before);
    skip_events(scene.recorded);
    scene.page[0] = 'a';
    scene.page[BLOCK] = 'b';
    scene.page[0] = 'c';
    fsim_capture_sample();
    sigaction(SIGSEGV, &before, NULL);
    expect_events(scene.recorded, "mprotect a", "write a block 0", "write a block 1",
                  "write a block 0", NULL);
    scene_end(&scene);
}

static int mapped_file;

static void map_in_place(int signal)
{
    mmap(protected_page, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, mapped_file, 0);
}

/* As an arena does that reserves its addresses and maps what is used: far from all that is mapped.
 */
static void a_store_to_a_reserved_page_is_seen_word_by_word(void **state)
{
    struct scene scene = scene_at(FSIM_GRAIN_STORE, state);
    struct sigaction action = {.sa_handler = map_in_place}, before;

    munmap(scene.page, BLOCKS * BLOCK);
    mapped_file = scene.fd;
    scene.page = protected_page =
        mmap(NULL, PLENTY, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    sigaction(SIGSEGV, &action, &before);
    memcpy(scene.page, "1111111122222222", 16);
    sigaction(SIGSEGV, &before, NULL);
    fsim_capture_sample();
    scene.recorded->seen = fsim_trace_events(scene.recorded->trace) - 2;
    expect_texts(&scene, "11111111", "1111111122222222", NULL);
    munmap(scene.page, PLENTY);
    close(scene.fd);
}

static void stores_anywhere_else_are_passed_over(void **state)
{
    struct scene scene = scene_at(FSIM_GRAIN_STORE, state);
    char *heap = malloc(100);
    char *private = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE, scene.fd, 0);

    skip_events(scene.recorded);
    memset(heap, 1, 100);
    memset(private, 1, BLOCK);
    expect_texts(&scene, NULL);
    munmap(private, BLOCK);
    free(heap);
    scene_end(&scene);
}

static void what_libc_stores_by_itself_joins_the_store_before(void **state)
{
    struct scene scene = scene_at(FSIM_GRAIN_STORE, state);
    const char *volatile from = "bcdefghijklmnopqrstuvwxyz"; /* or compilers copy it themselves */

    scene.page[0] = 'a';
    stpcpy(scene.page + 1, from);
    scene.page[0] = 'A';
    expect_texts(&scene, "abcdefghijklmnopqrstuvwxyz", "Abcdefghijklmnopqrstuvwxyz", NULL);
    scene_end(&scene);
}

static void after_the_recording_stores_are_nobodys_business(void **state)
{
    struct scene scene = scene_at(FSIM_GRAIN_STORE, state);

    fsim_capture_end();
    scene.page[0] = 'a';
    scene.page[0] = 'b';
    expect_events(scene.recorded, NULL);
    scene_end(&scene);
}

#define stores_test(test)                                                                          \
    cmocka_unit_test_setup_teardown(test, recorded_setup_idle, recorded_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        stores_test(each_store_makes_a_version),
        stores_test(at_the_grain_of_calls_only_the_last_one_counts),
        stores_test(stores_keep_their_order_over_blocks),
        stores_test(a_store_of_any_width_is_one_version),
        stores_test(a_store_of_several_words_makes_a_version_a_word),
        stores_test(a_copy_goes_up_word_by_word),
        stores_test(words_that_stay_as_they_are_make_no_version),
        stores_test(a_long_copy_goes_by_lines_of_the_cache),
        stores_test(atomic_operations_are_done_and_seen),
        stores_test(a_store_that_needs_the_fault_handler_is_in_its_place),
        stores_test(a_store_to_a_reserved_page_is_seen_word_by_word),
        stores_test(stores_anywhere_else_are_passed_over),
        stores_test(what_libc_stores_by_itself_joins_the_store_before),
        stores_test(after_the_recording_stores_are_nobodys_business),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Pins: what readers hold, what the writer hides, and what each learns of it. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "format.h"
#include "pins.h"

enum { READERS = 40 };

struct scene {
    int writer;
    int readers[READERS];
};

static bool any_held(const struct scene *scene, uint64_t last)
{
    struct pins pins;

    pins_ask(scene->writer, last, &pins);
    return pins.count > 0;
}

static int setup(void **state)
{
    static struct scene scene;
    char path[] = "/tmp/pins-XXXXXX";

    scene.writer = mkstemp(path);
    if (scene.writer < 0)
        return -1;
    for (size_t i = 0; i < READERS; i++)
        scene.readers[i] = open(path, O_RDONLY | O_CLOEXEC);
    unlink(path);
    *state = &scene;
    return 0;
}

static int teardown(void **state)
{
    struct scene *scene = *state;

    for (size_t i = 0; i < READERS; i++)
        close(scene->readers[i]);
    close(scene->writer);
    return 0;
}

static void nobody_holds_anything_at_first(void **state)
{
    const struct scene *scene = *state;
    struct pins pins;

    pins_ask(scene->writer, FORMAT_SNAPSHOTS - 1, &pins);
    assert_int_equal(pins.count, 0);
    assert_false(any_held(scene, FORMAT_SNAPSHOTS - 1));
}

static void each_snapshot_that_is_held_is_found(void **state)
{
    static const uint64_t held[] = {1, 2, 7, 8, 9, 1000, FORMAT_SNAPSHOTS - 1};
    enum { HELD = sizeof(held) / sizeof(*held) };
    const struct scene *scene = *state;
    struct pins pins;

    for (size_t i = 0; i < HELD; i++)
        assert_int_equal(pins_hold(scene->readers[i], held[i]), 0);
    assert_int_equal(pins_hold(scene->readers[HELD], 7), 0);
    pins_ask(scene->writer, FORMAT_SNAPSHOTS - 1, &pins);
    assert_int_equal(pins.count, HELD);
    for (size_t i = 0; i < HELD; i++)
        assert_true(pins_meet(&pins, held[i], held[i]));
    assert_false(pins_meet(&pins, 0, 0));
    assert_false(pins_meet(&pins, 3, 6));
    assert_false(pins_meet(&pins, 10, 999));
    assert_true(pins_meet(&pins, 3, 7));
    assert_true(pins_meet(&pins, 9, 12));
}

static void the_question_ends_where_it_says(void **state)
{
    const struct scene *scene = *state;

    assert_int_equal(pins_hold(scene->readers[0], 5), 0);
    assert_false(any_held(scene, 4));
    assert_true(any_held(scene, 5));
    pins_release(scene->readers[0], 5);
    assert_false(any_held(scene, 5));
}

static void a_closed_descriptor_holds_nothing(void **state)
{
    struct scene *scene = *state;
    const int copy = dup(scene->readers[0]);

    assert_int_equal(pins_hold(scene->readers[0], 5), 0);
    close(scene->readers[0]);
    assert_true(any_held(scene, 5));
    close(copy);
    assert_false(any_held(scene, 5));
}

static void when_too_many_are_held_none_is_missed(void **state)
{
    const struct scene *scene = *state;
    struct pins pins;

    for (uint64_t i = 0; i < READERS; i++)
        assert_int_equal(pins_hold(scene->readers[i], 10 * (READERS - i)), 0);
    pins_ask(scene->writer, 1000, &pins);
    assert_in_range(pins.count, 1, PINS_MOST);
    for (uint64_t i = 1; i <= READERS; i++)
        assert_true(pins_meet(&pins, 10 * i, 10 * i));
}

static void a_hidden_attempt_cannot_be_held(void **state)
{
    const struct scene *scene = *state;

    assert_int_equal(pins_hide(scene->writer, 6), 0);
    assert_int_equal(pins_hide(scene->writer, 7), 0);
    assert_int_equal(pins_is_hidden(scene->readers[0], 6), 1);
    assert_int_equal(pins_is_hidden(scene->readers[0], 5), 0);
    assert_int_equal(pins_hold(scene->readers[0], 7), -EAGAIN);
    pins_show(scene->writer, 7);
    assert_int_equal(pins_is_hidden(scene->readers[0], 6), 0);
    assert_int_equal(pins_hold(scene->readers[0], 7), 0);
}

static void a_reader_is_no_obstacle_to_another(void **state)
{
    const struct scene *scene = *state;

    assert_int_equal(pins_hold(scene->readers[0], 6), 0);
    assert_int_equal(pins_is_hidden(scene->readers[1], 6), 0);
    assert_int_equal(pins_hold(scene->readers[1], 6), 0);
    pins_release(scene->readers[0], 6);
    assert_true(any_held(scene, 6));
}

static void what_a_reader_holds_the_writer_cannot_hide(void **state)
{
    const struct scene *scene = *state;

    assert_int_equal(pins_hold(scene->readers[0], 6), 0);
    assert_int_equal(pins_hide(scene->writer, 6), -EAGAIN);
}

#define pins_test(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        pins_test(nobody_holds_anything_at_first),
        pins_test(each_snapshot_that_is_held_is_found),
        pins_test(the_question_ends_where_it_says),
        pins_test(a_closed_descriptor_holds_nothing),
        pins_test(when_too_many_are_held_none_is_missed),
        pins_test(a_hidden_attempt_cannot_be_held),
        pins_test(a_reader_is_no_obstacle_to_another),
        pins_test(what_a_reader_holds_the_writer_cannot_hide),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

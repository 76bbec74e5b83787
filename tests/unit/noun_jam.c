/* SPDX-License-Identifier: MIT */
/* jam and cue. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "noun_make.h"

static pma_noun jam(const struct stack_home *home, pma_noun noun)
{
    pma_noun atom;

    stack_ok(home, pma_noun_jam(home->stack, noun, &atom));
    return atom;
}

static pma_noun cue(const struct stack_home *home, pma_noun atom)
{
    pma_noun noun;

    stack_ok(home, pma_noun_cue(home->stack, atom, &noun));
    return noun;
}

static pma_noun text(const struct stack_home *home, const char *characters)
{
    return noun_import(home, characters, strlen(characters));
}

struct vector {
    pma_noun noun;
    const char *jam;
    size_t bytes;
};

static void expect_vector(const struct stack_home *home, const struct vector *vector)
{
    const pma_noun atom = jam(home, vector->noun);
    uint8_t bytes[64];

    assert_true(noun_same(home, atom, noun_import(home, vector->jam, vector->bytes)));
    assert_int_equal(pma_noun_export(atom, bytes, sizeof(bytes)), 0);
    assert_memory_equal(bytes, vector->jam, vector->bytes);
    assert_true(noun_same(home, cue(home, atom), vector->noun));
}

/* The vectors of Urbit's own tests; and [2 2], in which the atom is as long as a reference's
 * number, by hand. */
static void jams_are_those_of_the_field(void **state)
{
    const struct stack_home *home = stack_home(state);
    const pma_noun fast = text(home, "fast"), full = text(home, "full");
    const pma_noun zeros = noun_cons(home, 0, 0), ones = noun_cons(home, 1, 1);
    const uint8_t wide[33] = {[32] = 1};
    const uint8_t date[16] = {0,    0,    0,    0,    0,    0,   0x0c, 0xa8,
                              0xab, 0x60, 0xef, 0x2d, 0x0d, 0x0, 0x0,  0x80};
#define VECTOR(noun, bytes)                                                                        \
    {                                                                                              \
        noun, bytes, sizeof(bytes) - 1                                                             \
    }
    const struct vector vectors[] = {
        VECTOR(0, "\x02"),
        VECTOR(1, "\x0c"),
        VECTOR(2, "\x48"),
        VECTOR(fast, "\xc0\x37\x0b\x9b\xa3\x03"),
        VECTOR(full, "\xc0\x37\xab\x63\x63\x03"),
        VECTOR(zeros, "\x29"),
        VECTOR(ones, "\x31\x03"),
        VECTOR(noun_cons(home, 1, 2), "\x31\x12"),
        VECTOR(noun_cons(home, 2, 3), "\x21\xd1"),
        VECTOR(noun_cons(home, 2, 2), "\x21\x91"),
        VECTOR(noun_cons(home, 1, noun_cons(home, 2, 3)), "\x71\x48\x34"),
        VECTOR(noun_cons(home, noun_cons(home, 1, 2), 3), "\xc5\x48\x34"),
        VECTOR(noun_cons(home, 1, ones), "\x71\xcc"),
        VECTOR(noun_cons(home, fast, full), "\x01\xdf\x2c\x6c\x8e\x0e\x7c\xb3\x3a\x36\x36"),
        VECTOR(noun_cons(home, fast, noun_cons(home, full, fast)),
               "\x01\xdf\x2c\x6c\x8e\x1e\xf0\xcd\xea\xd8\xd8\x93"),
        VECTOR(noun_cons(home, zeros,
                         noun_cons(home, noun_cons(home, zeros, noun_cons(home, 1, 1)), ones)),
               "\xa5\x35\x19\xf3\x18\x05"),
        VECTOR(noun_import(home, wide, sizeof(wide)),
               "\0\x0c\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08"),
        VECTOR(noun_import(home, date, sizeof(date)),
               "\0\x02\0\0\0\0\0\0\x18\x50\x57\xc1\xde\x5b\x1a\0\0\0\x01"),
    };

    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
        expect_vector(home, &vectors[i]);
}

static void any_noun_comes_back_from_its_jam(void **state)
{
    struct stack_home *home = stack_home(state);
    struct random random = random_start("noun_jam", 1);

    for (unsigned round = 0; round < 60; round++) {
        const pma_noun noun = noun_random(home, &random, round * 4, 1);
        const pma_noun atom = jam(home, noun), back = cue(home, atom);

        assert_true(noun_same(home, noun, back));
        noun_sound(home, back);
        assert_true(noun_same(home, jam(home, back), atom));
        stack_sound(home);
        stack_home_new(home, NULL, 0);
    }
}

/* Equal parts are written once, whether they are the same objects or not. */
static void equal_parts_are_written_once(void **state)
{
    const struct stack_home *home = stack_home(state);
    const pma_noun shared = noun_list(home, 40), copy = noun_list(home, 40);
    const pma_noun once = jam(home, noun_cons(home, shared, shared));
    const pma_noun twice = jam(home, noun_cons(home, shared, copy));

    assert_int_not_equal(shared, copy);
    assert_true(noun_same(home, once, twice));
    assert_int_equal(noun_count(home, cue(home, twice)).cells, 41);
}

static void shared_parts_cost_once(void **state)
{
    const struct stack_home *home = stack_home(state);
    const pma_noun a = noun_doubled(home, 60, 1), b = noun_doubled(home, 60, 1);
    const pma_noun back = cue(home, jam(home, noun_cons(home, a, b)));

    assert_int_equal(noun_count(home, back).cells, 61);
    assert_true(noun_same(home, noun_head_of(back), a));
}

static void expect_no_cue(const struct stack_home *home, pma_noun atom, const char *why)
{
    pma_noun noun = 5;

    stack_refuses(home, pma_noun_cue(home->stack, atom, &noun), PMA_ENOUN, why);
    assert_int_equal(noun, 5);
}

static void what_is_no_jam_is_refused(void **state)
{
    const struct stack_home *home = stack_home(state);

    expect_no_cue(home, 0, "the atom ends inside a noun");
    expect_no_cue(home, 1, "the atom ends inside a noun");
    expect_no_cue(home, 0x102, "the atom goes on behind the noun");
    expect_no_cue(home, noun_cons(home, 1, 2), "cue of a cell");
    /* A cell that contains itself; a reference to itself; one to where no noun starts. */
    expect_no_cue(home, 0x79, "a reference to where no whole noun is");
    expect_no_cue(home, 0x7, "a reference to what comes later");
    expect_no_cue(home, 0xd39, "a reference to where no whole noun is");
}

/* A cue that fails gives back what it built, and the next one works. */
static void every_truncation_and_garbling_is_refused_or_a_sound_noun(void **state)
{
    const struct stack_home *home = stack_home(state);
    struct random random = random_start("noun_jam", 2);
    const pma_noun atom = jam(home, noun_random(home, &random, 30, 0));
    uint8_t bytes[4096], garbled[4096];
    size_t length, bits, whole = 0;

    assert_int_equal(pma_noun_length(atom, &length), 0);
    assert_true(length < sizeof(bytes));
    assert_int_equal(pma_noun_export(atom, bytes, length), 0);
    bits = length * 8;
    while (!(bytes[(bits - 1) / 8] >> (bits - 1) % 8))
        bits--;
    for (size_t i = 0; i < bits; i++) {
        const size_t cut = i / 8 + 1;
        pma_noun noun = 3;

        stack_ok(home, pma_stack_push(home->stack, 0));
        memcpy(garbled, bytes, length);
        garbled[cut - 1] &= (uint8_t)((1 << i % 8) - 1);
        assert_int_equal(pma_noun_cue(home->stack, noun_import(home, garbled, cut), &noun),
                         PMA_ENOUN);
        memcpy(garbled, bytes, length);
        garbled[i / 8] ^= (uint8_t)(1 << i % 8);
        if (!pma_noun_cue(home->stack, noun_import(home, garbled, length), &noun)) {
            noun_sound(home, noun);
            whole++;
        }
        stack_ok(home, pma_stack_pop(home->stack));
    }
    assert_true(whole > 0);
    assert_true(noun_same(home, jam(home, cue(home, atom)), atom));
}

/* Foreign encoders need not write the shortest form: Hoon's own cue takes these, too. */
static void a_number_with_leading_zeros_is_the_number(void **state)
{
    const struct stack_home *home = stack_home(state);
    /* An atom of 66 bits of which only the lowest is set, then 0: the cell [1 0]. */
    struct bits {
        uint8_t bytes[16];
        unsigned at;
    } stream = {{0}, 0};
    const char *tokens = "10"
                         "0"
                         "0000000"
                         "1"
                         "010000";

    for (; *tokens; tokens++, stream.at++)
        stream.bytes[stream.at / 8] |= (uint8_t)((*tokens == '1') << stream.at % 8);
    stream.bytes[stream.at / 8] |= (uint8_t)(1 << stream.at % 8);
    stream.at += 66;
    stream.at++; /* the tag of an atom */
    stream.bytes[stream.at / 8] |= (uint8_t)(1 << stream.at % 8);
    assert_true(
        noun_same(home, cue(home, noun_import(home, stream.bytes, 16)), noun_cons(home, 1, 0)));
}

static void leave_free(const struct stack_home *home, uint64_t bytes)
{
    const struct pma_stack_stat stat = stack_stat(home->stack);
    const uint64_t there =
        (uint64_t)((char *)stat.high - (char *)stat.low) - stat.west_bytes - stat.east_bytes;
    void *filler;

    stack_ok(home, pma_stack_alloc(home->stack, there - bytes - 2 * PMA_PAGE_SIZE, &filler));
}

static void without_room_nothing_stays_behind(void **state)
{
    struct stack_home *home = stack_home(state);
    unsigned refused[2] = {0}, done[2] = {0};

    for (uint64_t bytes = 0; bytes < 200000; bytes += 1 + bytes / 5) {
        struct random random = {.state = 3};
        const pma_noun noun = noun_random(home, &random, 200, 1);
        const pma_noun atom = jam(home, noun);
        struct stack_before before;
        pma_noun made;

        leave_free(home, bytes);
        for (int i = 0; i < 2; i++) {
            int result;

            before = stack_before(home);
            result =
                i ? pma_noun_cue(home->stack, atom, &made) : pma_noun_jam(home->stack, noun, &made);
            if (result) {
                const struct stack_before after = stack_before(home);

                assert_int_equal(result, -ENOMEM);
                assert_true(stack_same_frame(&after.top, &before.top));
                refused[i]++;
            } else {
                done[i]++;
            }
        }
        stack_sound(home);
        stack_home_new(home, NULL, 0);
    }
    assert_true(refused[0] > 3 && done[0] > 3);
    assert_true(refused[1] > 3 && done[1] > 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, stack_home_setup, stack_home_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(jams_are_those_of_the_field),
        TEST(any_noun_comes_back_from_its_jam),
        TEST(equal_parts_are_written_once),
        TEST(shared_parts_cost_once),
        TEST(what_is_no_jam_is_refused),
        TEST(every_truncation_and_garbling_is_refused_or_a_sound_noun),
        TEST(a_number_with_leading_zeros_is_the_number),
        TEST(without_room_nothing_stays_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

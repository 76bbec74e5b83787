/* SPDX-License-Identifier: MIT */
/* Generated scenarios: each once, always the same, possible, and what a suite can hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "generate.h"

static char message[512];

static struct generate_request request(const char *words, uint64_t length, uint64_t seed)
{
    struct generate_request made = {.length = length, .random = seed != 0, .seed = seed};

    assert_int_equal(alphabet_parse(words, &made.letters, message, sizeof message), 0);
    return made;
}

/* The first `most` scenarios, or all. */
static struct suite *generate(const struct generate_request *wanted, uint64_t most)
{
    struct generator *generator;
    struct suite *suite;

    assert_int_equal(generator_new(wanted, &generator, message, sizeof message), 0);
    assert_int_equal(suite_new(&suite), 0);
    while (generator_next(generator) < most && generator_add(generator, suite) == 1)
        ;
    generator_free(generator);
    return suite;
}

/* The steps as they are printed, without name and description. */
static const char *steps_of(const struct scenario *scenario)
{
    return strstr(scenario->text, "arena:");
}

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static size_t count_equal_ones(const struct suite *suite)
{
    size_t count = suite_count(suite), equal = 0;
    const char **texts = calloc(count, sizeof *texts);

    assert_non_null(texts);
    for (size_t i = 0; i < count; i++)
        texts[i] = steps_of(suite_scenario(suite, i));
    qsort(texts, count, sizeof *texts, compare_texts);
    for (size_t i = 1; i < count; i++)
        equal += strcmp(texts[i - 1], texts[i]) == 0;
    free(texts);
    return equal;
}

static void test_all_sequences_are_there_each_once(void **state)
{
    const struct generate_request two = request("snapshot,reopen", 3, 0);
    struct suite *suite = generate(&two, UINT64_MAX);

    assert_int_equal(suite_count(suite), 8);
    assert_int_equal(count_equal_ones(suite), 0);
    suite_free(suite);
}

static void test_no_sequence_of_a_named_set_comes_twice(void **state)
{
    const char *name;
    alphabet_t letters;

    for (size_t i = 0; alphabet_set(i, &name, &letters); i++) {
        const struct generate_request all = {.letters = letters, .length = 2};
        struct suite *suite = generate(&all, UINT64_MAX);

        assert_in_range(suite_count(suite), 40, 4000);
        assert_int_equal(count_equal_ones(suite), 0);
        suite_free(suite);
    }
}

/* As the documentation has them: with another number, names stand for other scenarios. */
static void test_there_are_as_many_as_documented(void **state)
{
    static const struct {
        const char *set;
        size_t count;
    } sets[] = {{"pages", 117}, {"heap", 86},      {"stack", 79},
                {"nouns", 44},  {"failures", 143}, {"space", 117}};

    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        const struct generate_request all = request(sets[i].set, 2, 0);
        struct suite *suite = generate(&all, UINT64_MAX);

        assert_int_equal(suite_count(suite), sets[i].count);
        suite_free(suite);
    }
}

/* Names of the same kind are interchangeable, so a new thing has the first that is not in use. */
static void test_new_names_are_given_in_order(void **state)
{
    const struct generate_request pages = request("alloc,write", 3, 0);
    struct suite *suite = generate(&pages, UINT64_MAX);

    for (size_t i = 0; i < suite_count(suite); i++) {
        char last = '1';

        for (size_t j = 0; j < suite_scenario(suite, i)->step_count; j++) {
            const struct step *step = &suite_scenario(suite, i)->steps[j];

            if (step->kind != STEP_ALLOC || j == 0)
                continue;
            assert_int_equal(step->name[1], last + 1);
            last = step->name[1];
        }
    }
    suite_free(suite);
}

static void test_a_sequence_that_cannot_go_on_is_as_good_as_a_long_one(void **state)
{
    const struct generate_request frees = request("free", 5, 0);
    struct suite *suite = generate(&frees, UINT64_MAX);

    assert_in_range(suite_count(suite), 1, 5);
    assert_int_equal(count_equal_ones(suite), 0);
    suite_free(suite);
}

static void test_a_name_is_enough_to_make_a_scenario_again(void **state)
{
    const struct generate_request wanted[] = {
        request("pages", 3, 0), request("write,free,cut", 4, 0), request("all", 12, 7)};

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        struct suite *first = generate(&wanted[i], 25), *again;
        struct generate_request named;
        uint64_t number;

        assert_true(generate_parse_name(suite_scenario(first, 24)->name, &named, &number));
        assert_int_equal(number, 24);
        assert_int_equal(named.letters, wanted[i].letters);
        assert_int_equal(named.length, wanted[i].length);
        assert_int_equal(named.seed, wanted[i].seed);
        again = generate(&named, 25);
        assert_string_equal(suite_scenario(again, 24)->text, suite_scenario(first, 24)->text);
        suite_free(first);
        suite_free(again);
    }
}

static void test_names_of_others_are_refused(void **state)
{
    static const char *const names[] = {
        "create",        "gen-",           "gen-pages",      "gen-pages-3", "gen-pags-3-1",
        "gen-pages-0-1", "gen-pages-3-1x", "gen-pages-r3-1", "gen-x-3-1",   "gen-xa?-3-000001"};
    struct generate_request named;
    uint64_t number;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_false(generate_parse_name(names[i], &named, &number));
}

static void test_a_seed_gives_the_same_and_another_seed_others(void **state)
{
    const struct generate_request seven = request("all", 30, 7), eight = request("all", 30, 8);
    struct suite *first = generate(&seven, 5), *same = generate(&seven, 5),
                 *other = generate(&eight, 5);

    for (size_t i = 0; i < 5; i++) {
        const char *steps = steps_of(suite_scenario(first, i));

        assert_string_equal(steps_of(suite_scenario(same, i)), steps);
        assert_string_not_equal(steps_of(suite_scenario(other, i)), steps);
    }
    suite_free(first);
    suite_free(same);
    suite_free(other);
}

/* The check of suites finds every step possible, and the same steps come back. */
static void test_what_is_printed_is_a_suite(void **state)
{
    const struct generate_request random = request("all", 60, 3);
    struct suite *made = generate(&random, 40), *read;
    char path[] = "/tmp/generated-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");

    assert_non_null(file);
    fputs("scenarios:\n", file);
    for (size_t i = 0; i < suite_count(made); i++)
        fprintf(file, "%s\n", suite_scenario(made, i)->text);
    assert_int_equal(fclose(file), 0);
    if (suite_load(path, &read, message, sizeof message) != 0)
        fail_msg("%s", message);
    assert_int_equal(suite_count(read), suite_count(made));
    for (size_t i = 0; i < suite_count(made); i++) {
        assert_string_equal(suite_scenario(read, i)->text, suite_scenario(made, i)->text);
        assert_int_equal(suite_scenario(read, i)->step_count, suite_scenario(made, i)->step_count);
    }
    suite_free(made);
    suite_free(read);
    unlink(path);
}

static void test_a_wrong_word_is_answered_with_the_nearest(void **state)
{
    alphabet_t letters;

    assert_int_equal(alphabet_parse("alloc,snapshto", &letters, message, sizeof message), -EINVAL);
    assert_string_equal(message, "there is no operation 'snapshto'; did you mean 'snapshot'?");
    assert_int_equal(alphabet_parse("", &letters, message, sizeof message), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_sequences_are_there_each_once),
        cmocka_unit_test(test_no_sequence_of_a_named_set_comes_twice),
        cmocka_unit_test(test_there_are_as_many_as_documented),
        cmocka_unit_test(test_new_names_are_given_in_order),
        cmocka_unit_test(test_a_sequence_that_cannot_go_on_is_as_good_as_a_long_one),
        cmocka_unit_test(test_a_name_is_enough_to_make_a_scenario_again),
        cmocka_unit_test(test_names_of_others_are_refused),
        cmocka_unit_test(test_a_seed_gives_the_same_and_another_seed_others),
        cmocka_unit_test(test_what_is_printed_is_a_suite),
        cmocka_unit_test(test_a_wrong_word_is_answered_with_the_nearest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

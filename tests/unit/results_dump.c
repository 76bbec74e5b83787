/* SPDX-License-Identifier: MIT */
/* Dumps as bytes: what is written is read, what does not fit or is no dump is refused, never fatal.
 */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/results_scratch.h"

enum { DUMP_BYTES = 8192, FUZZ_ROUNDS = 3000 };

static const size_t columns[RESULTS_TABLES] = {7, 13, 10, 6, 4, 2, 4, 5, 2, 5, 5, 3, 8, 11, 3};

static void any_number_survives(void **state)
{
    static const int64_t numbers[] = {0,
                                      1,
                                      -1,
                                      63,
                                      64,
                                      -64,
                                      -65,
                                      127,
                                      128,
                                      16384,
                                      INT32_MAX,
                                      INT64_MAX,
                                      INT64_MIN,
                                      INT64_MAX - 1,
                                      INT64_MIN + 1,
                                      INT64_C(1) << 62};
    unsigned char bytes[DUMP_BYTES];
    char finding[512], expected[512];

    scratch_data_directory(state);
    scratch_write(state, "data/invariants/show.sql",
                  "-- Shows.\nSELECT file_blocks AS a, snapshot AS b, event AS c, pages AS d, "
                  "extents AS e, free_blocks AS f, live AS g FROM arena");
    results_oracle_t *oracle = scratch_oracle();
    for (size_t i = 0; i + 7 <= sizeof numbers / sizeof numbers[0]; i++) {
        const int64_t *n = numbers + i;
        struct results_dump dump = {.bytes = bytes, .capacity = sizeof bytes};
        results_dump_row(&dump, RESULTS_ARENA, n, 7);
        assert_int_equal(results_oracle_check(oracle, bytes, dump.used, finding, sizeof finding),
                         1);
        snprintf(expected, sizeof expected,
                 "show: Shows (a=%" PRId64 ", b=%" PRId64 ", c=%" PRId64 ", d=%" PRId64
                 ", e=%" PRId64 ", f=%" PRId64 ", g=%" PRId64 "); 1 row breaks it",
                 n[0], n[1], n[2], n[3], n[4], n[5], n[6]);
        assert_string_equal(finding, expected);
    }
    results_oracle_free(oracle);
}

/* Every table, with numbers from small to large. */
static size_t write_dump(unsigned char *bytes, size_t capacity, bool *overflow)
{
    struct results_dump dump = {.bytes = bytes, .capacity = capacity};
    int64_t values[16];

    for (int table = 0; table < RESULTS_TABLES; table++)
        for (int row = 0; row < (table == RESULTS_ARENA ? 1 : 8); row++) {
            for (int i = 0; i < 16; i++)
                values[i] = (int64_t)(row + 1) << (7 * i % 60);
            results_dump_row(&dump, table, values, columns[table]);
        }
    *overflow = dump.overflow;
    return dump.used;
}

static void a_dump_that_does_not_fit_is_worthless(void **state)
{
    unsigned char bytes[DUMP_BYTES];
    char finding[512];
    bool overflow;
    results_oracle_t *oracle = scratch_oracle();
    size_t whole = write_dump(bytes, sizeof bytes, &overflow);

    assert_false(overflow);
    assert_true(results_oracle_check(oracle, bytes, whole, finding, sizeof finding) >= 0);
    for (size_t capacity = 0; capacity < whole; capacity++) {
        unsigned char *exact = malloc(capacity + 1);
        assert_non_null(exact);
        exact[capacity] = 0xa5;
        size_t used = write_dump(exact, capacity, &overflow);
        assert_true(overflow);
        assert_true(used <= capacity);
        assert_int_equal(exact[capacity], 0xa5);
        assert_true(results_oracle_check(oracle, exact, used, finding, sizeof finding) < 0);
        free(exact);
    }
    results_oracle_free(oracle);
}

static void a_row_of_the_wrong_length_spoils_the_dump(void **state)
{
    unsigned char bytes[DUMP_BYTES];
    char finding[512];
    const int64_t values[32] = {0};
    results_oracle_t *oracle = scratch_oracle();

    for (int table = 0; table <= RESULTS_TABLES; table++)
        for (size_t count = 0; count < 32; count++) {
            struct results_dump dump = {.bytes = bytes, .capacity = sizeof bytes};
            if (table < RESULTS_TABLES && count == columns[table])
                continue;
            results_dump_row(&dump, RESULTS_ARENA, values, columns[RESULTS_ARENA]);
            results_dump_row(&dump, table, values, count);
            assert_true(dump.overflow);
            results_dump_row(&dump, RESULTS_FREE, values, columns[RESULTS_FREE]);
            assert_int_equal(
                results_oracle_check(oracle, bytes, dump.used, finding, sizeof finding),
                -EOVERFLOW);
        }
    assert_non_null(strstr(finding, "did not fit"));
    results_oracle_free(oracle);
}

static void a_dump_has_exactly_one_arena(void **state)
{
    unsigned char bytes[DUMP_BYTES];
    char finding[512];
    const int64_t values[7] = {2, 1, 0, 0, 0, 0, 0};
    struct results_dump dump = {.bytes = bytes, .capacity = sizeof bytes};
    results_oracle_t *oracle = scratch_oracle();

    assert_int_equal(results_oracle_check(oracle, bytes, 0, finding, sizeof finding), -EBADMSG);
    results_dump_row(&dump, RESULTS_ARENA, values, 7);
    assert_int_equal(results_oracle_check(oracle, bytes, dump.used, finding, sizeof finding), 1);
    results_dump_row(&dump, RESULTS_ARENA, values, 7);
    assert_int_equal(results_oracle_check(oracle, bytes, dump.used, finding, sizeof finding),
                     -EBADMSG);
    assert_non_null(strstr(finding, "one row for the arena"));
    results_oracle_free(oracle);
}

static uint64_t next_random(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t fuzz_seed(void)
{
    const char *given = getenv("PMACRASH_FUZZ_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : 1;

    print_message("PMACRASH_FUZZ_SEED=%" PRIu64 " repeats this\n", seed);
    return seed;
}

static void damaged_dumps_are_judged_or_refused(void **state)
{
    unsigned char sound[DUMP_BYTES];
    char finding[512];
    bool overflow;
    uint64_t seed = fuzz_seed();
    size_t whole = write_dump(sound, sizeof sound, &overflow), refused = 0;
    results_oracle_t *oracle = scratch_oracle();

    for (int round = 0; round < FUZZ_ROUNDS; round++) {
        size_t bytes = next_random(&seed) % 4 == 0 ? next_random(&seed) % (whole + 1) : whole;
        unsigned char *dump = malloc(bytes + (bytes == 0));
        assert_non_null(dump);
        memcpy(dump, sound, bytes);
        for (uint64_t flips = next_random(&seed) % 8; bytes > 0 && flips > 0; flips--)
            dump[next_random(&seed) % bytes] = (unsigned char)next_random(&seed);
        int verdict = results_oracle_check(oracle, dump, bytes, finding, sizeof finding);
        assert_true(verdict <= 1);
        refused += verdict < 0;
        free(dump);
    }
    assert_true(refused > FUZZ_ROUNDS / 10);
    assert_true(refused < FUZZ_ROUNDS);
    results_oracle_free(oracle);
}

static void wild_numbers_break_invariants_and_nothing_else(void **state)
{
    static const int64_t wild[] = {INT64_MIN, INT64_MAX, -1, 0, 1, INT64_C(1) << 62, 508, 2};
    unsigned char bytes[DUMP_BYTES];
    char finding[512];
    uint64_t seed = fuzz_seed();
    results_oracle_t *oracle = scratch_oracle();

    for (int round = 0; round < FUZZ_ROUNDS / 4; round++) {
        struct results_dump dump = {.bytes = bytes, .capacity = sizeof bytes};
        int64_t values[16];
        for (int table = 0; table < RESULTS_TABLES; table++)
            for (int row = 0; row < (table == RESULTS_ARENA ? 1 : 6); row++) {
                for (int i = 0; i < 16; i++)
                    values[i] = wild[next_random(&seed) % (sizeof wild / sizeof wild[0])];
                results_dump_row(&dump, table, values, columns[table]);
            }
        assert_false(dump.overflow);
        int verdict = results_oracle_check(oracle, bytes, dump.used, finding, sizeof finding);
        if (verdict != 1)
            fail_msg("round %d: %d: %s", round, verdict, finding);
    }
    results_oracle_free(oracle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(any_number_survives, scratch_setup, scratch_teardown),
        cmocka_unit_test(a_dump_that_does_not_fit_is_worthless),
        cmocka_unit_test(a_row_of_the_wrong_length_spoils_the_dump),
        cmocka_unit_test(a_dump_has_exactly_one_arena),
        cmocka_unit_test(damaged_dumps_are_judged_or_refused),
        cmocka_unit_test(wild_numbers_break_invariants_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Nearest names, and where the data directory is looked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../support/results_scratch.h"

#define PRINT_DATA_DIRECTORY "--print-data-directory"

static const char *nearest(const char *name)
{
    static const char *const names[] = {"coverage", "slowest", "summary", "violations"};

    return results_nearest(name, names, sizeof names / sizeof names[0]);
}

static void a_slip_of_the_fingers_finds_its_name(void **state)
{
    assert_string_equal(nearest("summary"), "summary");
    assert_string_equal(nearest("sumary"), "summary");
    assert_string_equal(nearest("sumamry"), "summary");
    assert_string_equal(nearest("SUMMARY"), "summary");
    assert_string_equal(nearest("xummary"), "summary");
    assert_string_equal(nearest("violation"), "violations");
    assert_string_equal(nearest("coverags"), "coverage");
    assert_string_equal(nearest("slow"), "slowest");
}

static void another_word_finds_none(void **state)
{
    assert_null(nearest("xyzzy"));
    assert_null(nearest(""));
    assert_null(nearest("s"));
    assert_null(results_nearest("x", NULL, 0));
}

static void a_swap_of_neighbours_is_nearer_than_two_replacements(void **state)
{
    static const char *const names[] = {"acbe", "abdd", "abcd"};

    assert_string_equal(results_nearest("abdc", names, 3), "abdd");
    assert_string_equal(results_nearest("bacd", names, 3), "abcd");
}

static void the_first_of_equally_near_names_is_taken(void **state)
{
    static const char *const names[] = {"bat", "cat"};

    assert_string_equal(results_nearest("rat", names, 2), "bat");
}

static void names_of_any_length_are_safe(void **state)
{
    char longest[97], longer[98];
    const char *names[] = {longest, longer};

    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_ptr_equal(results_nearest(longest, names, 2), longest);
    assert_null(results_nearest(longer, names, 2));
}

static void the_variable_says_where_the_data_is(void **state)
{
    assert_int_equal(setenv("PMACRASH_DATA", "/somewhere/else", 1), 0);
    assert_string_equal(results_data_directory(), "/somewhere/else");
    assert_int_equal(setenv("PMACRASH_DATA", "", 1), 0);
    assert_non_null(strstr(results_data_directory(), "/share/pmacrash"));
    assert_int_equal(unsetenv("PMACRASH_DATA"), 0);
    assert_non_null(strstr(results_data_directory(), "/share/pmacrash"));
}

static void copy_this_program(const char *path)
{
    FILE *from = fopen("/proc/self/exe", "r"), *to = fopen(path, "w");
    char bytes[65536];

    assert_non_null(from);
    assert_non_null(to);
    for (size_t used; (used = fread(bytes, 1, sizeof bytes, from)) > 0;)
        assert_int_equal(fwrite(bytes, 1, used, to), used);
    fclose(from);
    assert_int_equal(fclose(to), 0);
    assert_int_equal(chmod(path, 0755), 0);
}

/* As an installation lays it out: PREFIX/bin and PREFIX/share/pmacrash. */
static void an_installed_program_finds_the_data_beside_itself(void **state)
{
    char command[600], line[600] = "", expected[600];

    assert_int_equal(mkdir(scratch_path(state, "bin"), 0755), 0);
    assert_int_equal(mkdir(scratch_path(state, "share"), 0755), 0);
    assert_int_equal(mkdir(scratch_path(state, "share/pmacrash"), 0755), 0);
    copy_this_program(scratch_path(state, "bin/program"));
    snprintf(command, sizeof command, "%s " PRINT_DATA_DIRECTORY,
             scratch_path(state, "bin/program"));
    FILE *output = popen(command, "r");
    assert_non_null(output);
    assert_non_null(fgets(line, sizeof line, output));
    assert_int_equal(pclose(output), 0);
    snprintf(expected, sizeof expected, "%s\n", scratch_path(state, "share/pmacrash"));
    assert_string_equal(line, expected);
}

static void an_error_is_returned_where_there_is_no_data(void **state)
{
    struct results_entry *entries = NULL;
    size_t count = 7;

    assert_int_equal(setenv("PMACRASH_DATA", "/somewhere/else", 1), 0);
    assert_true(results_list_queries(&entries, &count) < 0);
    assert_true(results_list_invariants(&entries, &count) < 0);
    assert_null(entries);
    assert_int_equal(count, 7);
    assert_int_equal(unsetenv("PMACRASH_DATA"), 0);
}

int main(int count, char **arguments)
{
    if (count == 2 && strcmp(arguments[1], PRINT_DATA_DIRECTORY) == 0)
        return puts(results_data_directory()) < 0;

    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_of_the_fingers_finds_its_name),
        cmocka_unit_test(another_word_finds_none),
        cmocka_unit_test(a_swap_of_neighbours_is_nearer_than_two_replacements),
        cmocka_unit_test(the_first_of_equally_near_names_is_taken),
        cmocka_unit_test(names_of_any_length_are_safe),
        cmocka_unit_test(the_variable_says_where_the_data_is),
        cmocka_unit_test_setup_teardown(an_installed_program_finds_the_data_beside_itself,
                                        scratch_setup, scratch_teardown),
        cmocka_unit_test(an_error_is_returned_where_there_is_no_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* What people read: numbers, paragraphs, tables, JSON, durations; and what a violation is called.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "commandline/options.h"
#include "findings/verdict.h"
#include "output/grid.h"
#include "output/json.h"
#include "output/text.h"

/* What `out` was given, as text. */
struct paper {
    FILE *out;
    char *text;
    size_t bytes;
};

static void paper_open(struct paper *paper)
{
    paper->out = open_memstream(&paper->text, &paper->bytes);
    assert_non_null(paper->out);
}

static void paper_reads(struct paper *paper, const char *expected)
{
    fclose(paper->out);
    assert_string_equal(paper->text, expected);
    free(paper->text);
}

static void counts_are_grouped_by_thousands(void **state)
{
    struct number number;
    assert_string_equal(text_count(&number, 0), "0");
    assert_string_equal(text_count(&number, 999), "999");
    assert_string_equal(text_count(&number, 1000), "1,000");
    assert_string_equal(text_count(&number, UINT64_MAX), "18,446,744,073,709,551,615");
}

static void many_states_are_a_power_of_ten(void **state)
{
    struct number number;
    assert_string_equal(text_states(&number, 812345), "812,345");
    assert_string_equal(text_states(&number, 1.2e9), "1.2e9");
    assert_string_equal(text_states(&number, 3.4e120), "3.4e120");
    text_states(&number, INFINITY);
    assert_string_equal(number.text, "> 1e308");
    assert_string_equal(text_factor(&number, 3.14), "3.1");
}

static void times_are_seconds_until_they_are_minutes(void **state)
{
    struct number number;
    assert_string_equal(text_seconds(&number, 40), "0.0 s");
    assert_string_equal(text_seconds(&number, 12345), "12.3 s");
    assert_string_equal(text_seconds(&number, 125000), "2 min 5 s");
}

static void durations_have_units_and_are_seconds_without(void **state)
{
    uint64_t ms = 0;
    assert_true(options_duration("90", &ms));
    assert_int_equal(ms, 90000);
    assert_true(options_duration("1h30m", &ms));
    assert_int_equal(ms, 5400000);
    assert_true(options_duration("250ms", &ms));
    assert_int_equal(ms, 250);
    const char *const wrong[] = {"", "0", "-1s", "5x", "s", "1.5h", "99999999999999999999s"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(options_duration(wrong[i], &ms));
}

static void paragraphs_wrap_at_eighty_columns_and_keep_drawn_lines(void **state)
{
    struct paper paper;
    paper_open(&paper);
    text_paragraph(paper.out, 2,
                   "The quick brown fox jumps over the lazy dog, again and again and again, until "
                   "night.\n  drawn   so");
    paper_reads(&paper,
                "  The quick brown fox jumps over the lazy dog, again and again and again, until\n"
                "  night.\n"
                "    drawn   so\n");
}

static void tables_align_and_leave_no_blanks_at_line_ends(void **state)
{
    static const char *const headers[] = {"name", "crash\nstates", "complete"};
    struct paper paper;
    struct grid *grid = grid_new(headers, "lrl");
    grid_row(grid, STYLE_PLAIN, (const char *[]){"create", "12", "yes"});
    grid_rule(grid);
    grid_row(grid, STYLE_BAD, (const char *[]){"all", "1,234", ""});
    paper_open(&paper);
    grid_print(grid, paper.out);
    grid_free(grid);
    paper_reads(&paper, "         crash\n"
                        "name    states  complete\n"
                        "create      12  yes\n"
                        "------------------------\n"
                        "all      1,234\n");
}

static const char *const narrow_headers[] = {"scenario", "viola-\ntions", "what it says"};

static void narrow_table_reads(size_t width, const char *expected)
{
    struct paper paper;
    struct grid *grid = grid_new(narrow_headers, "lrl");
    grid_row(grid, STYLE_PLAIN,
             (const char *[]){"move-and-split", "1,234", "Pages move, and nothing is lost."});
    grid_rule(grid);
    grid_row(grid, STYLE_PLAIN, (const char *[]){"all", "0", ""});
    text_setup(TEXT_AUTO, width);
    paper_open(&paper);
    grid_print(grid, paper.out);
    text_setup(TEXT_AUTO, 0);
    grid_free(grid);
    paper_reads(&paper, expected);
}

static void headings_are_hyphenated_only_where_there_is_no_room(void **state)
{
    narrow_table_reads(60, "scenario        violations  what it says\n"
                           "move-and-split       1,234  Pages move, and nothing is lost.\n"
                           "------------------------------------------------------------\n"
                           "all                      0\n");
    narrow_table_reads(55, "                viola-\n"
                           "scenario         tions  what it says\n"
                           "move-and-split   1,234  Pages move, and nothing is\n"
                           "                        lost.\n"
                           "-------------------------------------------------------\n"
                           "all                  0\n");
}

static void the_widest_text_of_a_table_is_wrapped_and_nothing_is_lost(void **state)
{
    narrow_table_reads(38, "                viola-\n"
                           "scenario         tions  what it says\n"
                           "move-and-split   1,234  Pages move,\n"
                           "                        and nothing is\n"
                           "                        lost.\n"
                           "--------------------------------------\n"
                           "all                  0\n");
    narrow_table_reads(30, "            viola-  what it\n"
                           "scenario     tions  says\n"
                           "move-and-    1,234  Pages\n"
                           "split               move, and\n"
                           "                    nothing is\n"
                           "                    lost.\n"
                           "------------------------------\n"
                           "all              0\n");
}

static void a_table_that_cannot_fit_is_records(void **state)
{
    narrow_table_reads(24, "scenario      move-and-\n"
                           "              split\n"
                           "violations    1,234\n"
                           "what it says  Pages\n"
                           "              move, and\n"
                           "              nothing is\n"
                           "              lost.\n"
                           "\n"
                           "scenario      all\n"
                           "violations    0\n"
                           "what it says\n");
}

static void json_escapes_and_nests(void **state)
{
    struct paper paper;
    paper_open(&paper);
    struct json json = {.out = paper.out};
    json_begin(&json, NULL, '{');
    json_text(&json, "text", "a \"b\"\n\x01");
    json_text(&json, "none", NULL);
    json_begin(&json, "list", '[');
    json_count(&json, NULL, 1);
    json_bool(&json, NULL, true);
    json_end(&json, ']');
    json_begin(&json, "empty", '[');
    json_end(&json, ']');
    json_end(&json, '}');
    paper_reads(&paper, "{\n"
                        "  \"text\": \"a \\\"b\\\"\\n\\u0001\",\n"
                        "  \"none\": null,\n"
                        "  \"list\": [\n"
                        "    1,\n"
                        "    true\n"
                        "  ],\n"
                        "  \"empty\": []\n"
                        "}\n");
}

/* ---- violations ---- */

#define DIGEST_1 "00000000000000000000000000000001"
#define DIGEST_2 "00000000000000000000000000000002"
#define DIGEST_3 "00000000000000000000000000000003"

static const struct results_violation lost = {
    .model = "power-loss",
    .verdict = "lost",
    .state = DIGEST_1,
    .legal = DIGEST_2 " snapshot 2 (event 2)\n" DIGEST_3 " snapshot 3 (event 3)\n",
    .known = DIGEST_1 " snapshot 1 (event 1)\n" DIGEST_2 " snapshot 2 (event 2)\n" DIGEST_3
                      " snapshot 3 (event 3)\n",
    .message = "",
    .finding = "",
    .fault = "",
};

static void a_headline_says_what_came_back_and_what_was_promised(void **state)
{
    char *headline = verdict_headline(&lost);
    assert_string_equal(headline, "Acknowledged work is lost: recovery came back with snapshot 1 "
                                  "(event 1), but snapshot 2 (event 2) or snapshot 3 (event 3) was "
                                  "promised.");
    free(headline);
}

static enum fsim_verdict judged(uint64_t recovered, uint64_t standby, const char *finding)
{
    struct fsim_outcome outcome = {
        .status = FSIM_RECOVERED, .state = {.low = recovered}, .standby = {.low = standby}};
    return verdict_judge(&lost, &outcome, finding);
}

static void a_recovery_is_judged_against_the_stored_states(void **state)
{
    assert_int_equal(judged(1, 0, ""), FSIM_V_LOST);
    assert_int_equal(judged(2, 0, ""), FSIM_LEGAL);
    assert_int_equal(judged(3, 1, ""), FSIM_LEGAL);
    assert_int_equal(judged(4, 0, ""), FSIM_V_MIX);
    assert_int_equal(judged(3, 4, ""), FSIM_V_STANDBY);
    assert_int_equal(judged(3, 2, "space-accounts: ..."), FSIM_V_INVARIANT);
    struct fsim_outcome refused = {.status = FSIM_REFUSED, .state = {.low = 2}};
    assert_int_equal(verdict_judge(&lost, &refused, ""), FSIM_V_REFUSED);
}

static void where_storage_may_be_wrong_to_notice_is_enough_and_so_is_an_older_state(void **state)
{
    struct results_violation lied = lost;
    struct fsim_outcome refused = {.status = FSIM_REFUSED};
    struct fsim_outcome older = {.status = FSIM_RECOVERED, .state = {.low = 1}};
    struct fsim_outcome mixed = {.status = FSIM_RECOVERED, .state = {.low = 4}};
    lied.model = "lying-disk";
    assert_int_equal(verdict_judge(&lied, &refused, ""), FSIM_NOTICED);
    assert_int_equal(verdict_judge(&lied, &older, ""), FSIM_ROLLBACK);
    assert_int_equal(verdict_judge(&lied, &older, "space-accounts: ..."), FSIM_V_INVARIANT);
    assert_int_equal(verdict_judge(&lied, &mixed, ""), FSIM_V_MIX);
    older.status = FSIM_NOT_ALIVE;
    assert_int_equal(verdict_judge(&lied, &older, ""), FSIM_V_NOT_ALIVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_grouped_by_thousands),
        cmocka_unit_test(many_states_are_a_power_of_ten),
        cmocka_unit_test(times_are_seconds_until_they_are_minutes),
        cmocka_unit_test(durations_have_units_and_are_seconds_without),
        cmocka_unit_test(paragraphs_wrap_at_eighty_columns_and_keep_drawn_lines),
        cmocka_unit_test(tables_align_and_leave_no_blanks_at_line_ends),
        cmocka_unit_test(headings_are_hyphenated_only_where_there_is_no_room),
        cmocka_unit_test(the_widest_text_of_a_table_is_wrapped_and_nothing_is_lost),
        cmocka_unit_test(a_table_that_cannot_fit_is_records),
        cmocka_unit_test(json_escapes_and_nests),
        cmocka_unit_test(a_headline_says_what_came_back_and_what_was_promised),
        cmocka_unit_test(a_recovery_is_judged_against_the_stored_states),
        cmocka_unit_test(where_storage_may_be_wrong_to_notice_is_enough_and_so_is_an_older_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* docs/results.md: its questions are answered as it says, and its tables of columns are those of
 * the views. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/results_scratch.h"

enum { QUESTIONS = 10 };

static char *read_document(void)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *file = fopen(RESULTS_MD, "r");

    assert_non_null(file);
    assert_true(getdelim(&text, &bytes, '\0', file) > 0);
    assert_int_equal(fclose(file), 0);
    return text;
}

/* What stands between `fence` and the end of the block, and the place after that; NULL if there is
 * none. */
static char *take_block(char **place, const char *fence)
{
    char *start = strstr(*place, fence), *end;

    if (start == NULL)
        return NULL;
    start += strlen(fence);
    end = strstr(start, "\n```\n");
    assert_non_null(end);
    *end = '\0';
    *place = end + strlen("\n```\n");
    return start;
}

static void every_question_is_answered_as_the_document_says(void **state)
{
    char *document = read_document(), *place = strstr(document, "\n## Ten questions\n"), *sql;
    unsigned asked = 0;

    assert_non_null(place);
    scratch_load(state, GOLDEN "/campaign.sql");
    results_t *results = scratch_open(state, RESULTS_READ);
    while ((sql = take_block(&place, "\n```sql\n")) != NULL && asked < QUESTIONS) {
        char *expected = take_block(&place, "\n```\n");
        assert_non_null(expected);
        char *answer = scratch_query(results, sql, RESULTS_TABLE);
        answer[strlen(answer) - 1] = '\0';
        assert_string_equal(answer, expected);
        free(answer);
        asked++;
    }
    assert_int_equal(asked, QUESTIONS);
    results_close(results);
    free(document);
}

static void every_named_query_finds_something(void **state)
{
    struct results_entry *entries;
    size_t count;

    scratch_load(state, GOLDEN "/campaign.sql");
    results_t *results = scratch_open(state, RESULTS_READ);
    assert_int_equal(results_list_queries(&entries, &count), 0);
    for (size_t i = 0; i < count; i++) {
        bool found = false;
        for (int64_t run = 1; run <= 5 && !found; run++) {
            char *text = NULL;
            size_t bytes;
            FILE *out = open_memstream(&text, &bytes);
            assert_non_null(out);
            assert_int_equal(results_query_on(results, entries[i].name,
                                              &(struct results_terms){.run = run}, RESULTS_JSON,
                                              out),
                             0);
            assert_int_equal(fclose(out), 0);
            found = strcmp(text, "[]\n") != 0;
            free(text);
        }
        if (!found)
            fail_msg("%s finds nothing in any run", entries[i].name);
    }
    results_list_free(entries, count);
    results_close(results);
}

static void every_named_query_is_documented(void **state)
{
    char *document = read_document(), line[80];
    struct results_entry *entries;
    size_t count;

    assert_int_equal(results_list_queries(&entries, &count), 0);
    for (size_t i = 0; i < count; i++) {
        snprintf(line, sizeof line, "\n| `%s` |", entries[i].name);
        if (strstr(document, line) == NULL)
            fail_msg("docs/results.md does not name the query %s", entries[i].name);
    }
    results_list_free(entries, count);
    free(document);
}

/* "v_run.run\n..." of all sections "### `v_...`", from the rows of their tables. */
static char *documented_columns(char *document)
{
    char *text = NULL, *line, *rest = NULL, view[64] = "", name[64];
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);

    assert_non_null(out);
    for (line = strtok_r(document, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        if (strncmp(line, "##", 2) == 0)
            view[0] = '\0';
        sscanf(line, "### `%63[a-z_]`", view);
        if (view[0] != '\0' && sscanf(line, "| `%63[a-z_]` |", name) == 1)
            fprintf(out, "%s.%s\n", view, name);
    }
    assert_int_equal(fclose(out), 0);
    return text;
}

static void document_and_views_have_the_same_columns(void **state)
{
    char *document = read_document(), *written = documented_columns(document);

    results_close(scratch_open(state, RESULTS_WRITE));
    char *columns = scratch_rows(state, "SELECT v.name || '.' || c.name FROM sqlite_schema AS v, "
                                        "pragma_table_info(v.name) AS c WHERE v.type = 'view'");
    char *rest = NULL, line[160];
    char *copy = strdup(columns);
    assert_non_null(copy);
    for (char *column = strtok_r(copy, "\n", &rest); column; column = strtok_r(NULL, "\n", &rest)) {
        snprintf(line, sizeof line, "%s\n", column);
        if (strstr(written, line) == NULL)
            fail_msg("docs/results.md does not document %s", column);
    }
    free(copy);
    for (char *column = strtok_r(written, "\n", &rest); column;
         column = strtok_r(NULL, "\n", &rest)) {
        snprintf(line, sizeof line, "%s\n", column);
        if (strstr(columns, line) == NULL)
            fail_msg("docs/results.md documents %s, which no view has", column);
    }
    free(columns);
    free(written);
    free(document);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_question_is_answered_as_the_document_says),
        TEST(every_named_query_finds_something),
        TEST(every_named_query_is_documented),
        TEST(document_and_views_have_the_same_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

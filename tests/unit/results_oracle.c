/* SPDX-License-Identifier: MIT */
/* The SQL oracle: a sound arena passes, and every invariant has a change that breaks it alone. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/results_scratch.h"
#include "../support/running_arena.h"

static const size_t columns[RESULTS_TABLES] = {7, 13, 10, 6, 4, 2, 4, 5, 2, 5, 5, 3, 8, 11, 3};

/*
 * A small arena, snapshot 7 over snapshot 6: a root with two leaves of a directory with fan-out 4,
 * five extents, one of them a hole, a checksum tree of one leaf, four blocks in limbo; a heap with
 * two chunks and a large object.
 */
static const struct rows
    sound =
        {
            .count = {1, 2, 4, 5, 10, 2, 5, 6, 2, 4},
            .values =
                {
                    [RESULTS_ARENA] = {{40, 7, 70, 11, 5, 23, 0}},
                    [RESULTS_META] =
                        {
                            {0, 1, 6, 60, 40, 24, 1, 25, 1, 4, 3, 8, 1000},
                            {1, 1, 7, 70, 40, 20, 2, 23, 1, 4, 5, 11, 1000},
                        },
                    [RESULTS_NODE] =
                        {
                            {0, 20, 0, 1, 0, 2, 0, 30, 7, 1},
                            {0, 21, 20, 0, 1, 2, 0, 5, 6, 1},
                            {0, 22, 20, 0, 1, 3, 10, 30, 7, 1},
                            {1, 23, 0, 0, 0, 508, 0, 0, 7, 1},
                        },
                    [RESULTS_EXTENT] =
                        {
                            {0, 2, 3, 21, 0, 0},
                            {5, 5, 1, 21, 1, 0},
                            {10, 6, 2, 22, 0, 0},
                            {20, 0, 4, 22, 1, 0},
                            {30, 8, 1, 22, 2, 0},
                        },
                    [RESULTS_OWNER] =
                        {
                            {0, 2, 0, 0},
                            {2, 3, 1, 0},
                            {5, 1, 1, 0},
                            {6, 2, 1, 0},
                            {8, 1, 1, 0},
                            {20, 3, 2, 0},
                            {23, 1, 3, 0},
                            {9, 2, 1, 1},
                            {24, 1, 2, 1},
                            {25, 1, 3, 1},
                        },
                    [RESULTS_FREE] = {{11, 9}, {26, 14}},
                    [RESULTS_RUN] =
                        {
                            {0, 3, 2, 0},
                            {5, 1, 5, 0},
                            {10, 2, 6, 0},
                            {20, 4, 0, 0},
                            {30, 1, 8, 0},
                        },
                    [RESULTS_HEAP_PAGE] =
                        {
                            {10, 4, 0, 0, 0},
                            {11, 3, 1024, 4, 2},
                            {20, 1, 0, 0, 0},
                            {21, 2, 0, 0, 0},
                            {22, 2, 0, 0, 0},
                            {23, 0, 0, 0, 0},
                        },
                    [RESULTS_HEAP_CHUNK] = {{45056, 1024}, {47104, 1024}},
                    [RESULTS_HEAP_RUN] =
                        {
                            {10, 1, 3, 0, 0},
                            {11, 1, 1, 1024, 2},
                            {20, 3, 0, 0, 0},
                            {23, 1, 2, 0, 0},
                        },
                },
};

static const struct damage damages[] = {
    {"file-length", "a meta page names more blocks than the file has",
     EDITS({RESULTS_META, 0, 4, 41})},
    {"blocks-inside-file", "a node beyond file_blocks of its snapshot",
     EDITS({RESULTS_META, 1, 4, 23})},
    {"blocks-inside-file", "a node in a meta page's place",
     EDITS({RESULTS_OWNER, 10, 0, 1}, {RESULTS_OWNER, 10, 1, 1}, {RESULTS_OWNER, 10, 2, 2})},
    {"blocks-owned-once", "one block under two pages",
     EDITS({RESULTS_EXTENT, 4, 1, 5}, {RESULTS_RUN, 4, 2, 5})},
    {"blocks-owned-once", "a block that is data and node",
     EDITS({RESULTS_EXTENT, 4, 1, 21}, {RESULTS_RUN, 4, 2, 21})},
    {"blocks-owned-once", "a block that the older snapshot has twice",
     EDITS({RESULTS_OWNER, 9, 0, 24}, {RESULTS_FREE, 1, 0, 25}, {RESULTS_FREE, 1, 1, 15},
           {RESULTS_ARENA, 0, 5, 24})},
    {"checksums-match", "a node that is not what its parent states",
     EDITS({RESULTS_NODE, 1, 9, 0})},
    {"checksums-match", "a data block that rotted", EDITS({RESULTS_EXTENT, 2, 5, 1})},
    {"sums-cover", "a leaf that covers other blocks",
     EDITS({RESULTS_NODE, 3, 6, 1}, {RESULTS_NODE, 3, 7, 1})},
    {"sums-cover", "a tree deeper than the file demands",
     EDITS({RESULTS_META, 1, 8, 2}, {RESULTS_NODE, 3, 3, 1}, {RESULTS_NODE, 4, 0, 1},
           {RESULTS_NODE, 4, 1, 19}, {RESULTS_NODE, 4, 2, 23}, {RESULTS_NODE, 4, 4, 1},
           {RESULTS_NODE, 4, 8, 7}, {RESULTS_NODE, 4, 9, 1})},
    {"nodes-filled", "a leaf above the fan-out", EDITS({RESULTS_NODE, 2, 5, 5})},
    {"nodes-filled", "a root with one child", EDITS({RESULTS_NODE, 0, 5, 1})},
    {"nodes-filled", "a leaf below a quarter",
     EDITS({RESULTS_META, 0, 9, 12}, {RESULTS_META, 1, 9, 12})},
    {"nodes-filled", "a leaf below a quarter of what fits",
     EDITS({RESULTS_META, 0, 9, 0}, {RESULTS_META, 1, 9, 0})},
    {"depths-equal", "a leaf that stands too high", EDITS({RESULTS_NODE, 2, 3, 1})},
    {"depths-equal", "a depth that the meta page does not state", EDITS({RESULTS_META, 1, 6, 3})},
    {"epochs-ordered", "a leaf newer than its parent", EDITS({RESULTS_NODE, 1, 8, 8})},
    {"epochs-ordered", "a root newer than its snapshot", EDITS({RESULTS_NODE, 0, 8, 8})},
    {"epochs-ordered", "a node of snapshot 0", EDITS({RESULTS_NODE, 1, 8, 0})},
    {"keys-ordered", "two extents the wrong way round",
     EDITS({RESULTS_EXTENT, 0, 4, 1}, {RESULTS_EXTENT, 1, 4, 0})},
    {"keys-ordered", "leaves that overlap", EDITS({RESULTS_NODE, 1, 7, 10})},
    {"keys-ordered", "a leaf below its parent's first page", EDITS({RESULTS_NODE, 0, 6, 1})},
    {"keys-ordered", "a leaf above its parent's last page", EDITS({RESULTS_NODE, 0, 7, 29})},
    {"keys-ordered", "an extent below its leaf", EDITS({RESULTS_NODE, 2, 6, 11})},
    {"keys-ordered", "an extent above its leaf", EDITS({RESULTS_NODE, 1, 7, 4})},
    {"pages-mapped-once", "a page in two extents",
     EDITS({RESULTS_EXTENT, 1, 0, 2}, {RESULTS_RUN, 1, 0, 2})},
    {"pages-inside-arena", "a page above the address range", EDITS({RESULTS_META, 1, 12, 30})},
    {"extents-not-empty", "an extent without a page",
     EDITS({RESULTS_EXTENT, 4, 2, 0}, {RESULTS_RUN, 4, 1, 0}, {RESULTS_META, 1, 11, 10},
           {RESULTS_ARENA, 0, 3, 10})},
    {"extents-joined", "two extents that are one",
     EDITS({RESULTS_EXTENT, 1, 0, 3}, {RESULTS_RUN, 1, 0, 3})},
    {"extents-joined", "two holes that are one",
     EDITS({RESULTS_EXTENT, 4, 0, 24}, {RESULTS_EXTENT, 4, 1, 0}, {RESULTS_RUN, 4, 0, 24},
           {RESULTS_RUN, 4, 2, 0})},
    {"counts-match", "extents that the meta page does not count", EDITS({RESULTS_META, 1, 10, 4})},
    {"counts-match", "pages that the meta page does not count", EDITS({RESULTS_META, 1, 11, 10})},
    {"counts-match", "pages that the arena does not count", EDITS({RESULTS_ARENA, 0, 3, 10})},
    {"space-accounts", "a block that nobody has",
     EDITS({RESULTS_FREE, 1, 1, 13}, {RESULTS_ARENA, 0, 5, 22})},
    {"space-accounts", "a block that is free twice",
     EDITS({RESULTS_FREE, 2, 0, 30}, {RESULTS_FREE, 2, 1, 1}, {RESULTS_ARENA, 0, 5, 24})},
    {"space-accounts", "a free block beyond the file",
     EDITS({RESULTS_FREE, 1, 1, 15}, {RESULTS_ARENA, 0, 5, 24})},
    {"space-accounts", "a block that is used and in limbo",
     EDITS({RESULTS_OWNER, 7, 0, 8}, {RESULTS_OWNER, 7, 1, 3})},
    {"space-accounts", "a count of free blocks that is not theirs",
     EDITS({RESULTS_ARENA, 0, 5, 24})},
    {"free-blocks-unnamed", "a free block that the older snapshot needs",
     EDITS({RESULTS_FREE, 0, 0, 10}, {RESULTS_FREE, 0, 1, 10}, {RESULTS_ARENA, 0, 5, 24})},
    {"free-blocks-unnamed", "a free block that is a node",
     EDITS({RESULTS_FREE, 0, 1, 10}, {RESULTS_ARENA, 0, 5, 24})},
    {"no-ephemeral-pages", "a stack page",
     EDITS({RESULTS_RUN, 5, 0, 500}, {RESULTS_RUN, 5, 1, 1}, {RESULTS_RUN, 5, 3, 1})},
    {"sums-cover", "a leaf beyond the file",
     EDITS({RESULTS_NODE, 4, 0, 1}, {RESULTS_NODE, 4, 1, 19}, {RESULTS_NODE, 4, 6, 1},
           {RESULTS_NODE, 4, 7, 1}, {RESULTS_NODE, 4, 8, 7}, {RESULTS_NODE, 4, 9, 1})},
    {"depths-equal", "a leaf below a leaf",
     EDITS({RESULTS_NODE, 1, 2, 22}, {RESULTS_NODE, 2, 6, 0})},
    {"sums-cover", "a leaf beyond the file",
     EDITS({RESULTS_NODE, 4, 0, 1}, {RESULTS_NODE, 4, 1, 19}, {RESULTS_NODE, 4, 6, 1},
           {RESULTS_NODE, 4, 7, 1}, {RESULTS_NODE, 4, 8, 7}, {RESULTS_NODE, 4, 9, 1})},
    {"depths-equal", "a leaf below a leaf",
     EDITS({RESULTS_NODE, 1, 2, 22}, {RESULTS_NODE, 2, 6, 0})},
    {"depths-equal", "a depth without a root", EDITS({RESULTS_META, 1, 7, 0})},
    {"depths-equal", "a root without a depth", EDITS({RESULTS_META, 1, 6, 0})},
    {"blocks-owned-once", "a data block in a meta page's place",
     EDITS({RESULTS_EXTENT, 4, 1, 1}, {RESULTS_RUN, 4, 2, 1})},
    {"runs-match-directory", "a page on another block", EDITS({RESULTS_RUN, 4, 2, 9})},
    {"runs-match-directory", "a page that recovery lost", EDITS({RESULTS_RUN, 0, 1, 2})},
    {"runs-match-directory", "a hole that became a block", EDITS({RESULTS_RUN, 3, 2, 30})},
    {"newest-opened", "the older snapshot was opened", EDITS({RESULTS_ARENA, 0, 1, 6})},
    {"newest-opened", "no meta page is valid",
     EDITS({RESULTS_META, 0, 1, 0}, {RESULTS_META, 1, 1, 0})},
    {"heap-matches-file", "a chunk that the file does not have",
     EDITS({RESULTS_HEAP_RUN, 1, 4, 1})},
    {"heap-matches-file", "a large object that is longer in the file",
     EDITS({RESULTS_HEAP_RUN, 2, 1, 4})},
    {"heap-matches-file", "a free page that is an object's in the file",
     EDITS({RESULTS_HEAP_RUN, 3, 2, 0})},
    {"heap-matches-file", "a page that the file's heap has not",
     EDITS({RESULTS_HEAP_PAGE, 6, 0, 30})},
};
enum { DAMAGES = sizeof damages / sizeof damages[0] };

static size_t dump_rows(const struct rows *rows, unsigned char bytes[DUMP_BYTES])
{
    struct results_dump dump = {.bytes = bytes, .capacity = DUMP_BYTES};

    for (int table = 0; table < RESULTS_TABLES; table++)
        for (size_t i = 0; i < rows->count[table]; i++)
            results_dump_row(&dump, table, rows->values[table][i], columns[table]);
    assert_false(dump.overflow);
    return dump.used;
}

static size_t dump_damaged(const struct rows *base, const struct damage *damage,
                           unsigned char bytes[DUMP_BYTES])
{
    struct rows rows = *base;

    for (size_t i = 0; i < damage->edit_count; i++) {
        const struct edit *edit = &damage->edits[i];
        rows.values[edit->table][edit->row][edit->column] = edit->value;
        if (rows.count[edit->table] <= edit->row)
            rows.count[edit->table] = edit->row + 1;
    }
    return dump_rows(&rows, bytes);
}

/* An oracle that knows one invariant only. */
static results_oracle_t *new_oracle_of(void **state, const char *real, const char *invariant)
{
    char from[512], to[512];

    snprintf(from, sizeof from, "%s/invariants/%s.sql", real, invariant);
    snprintf(to, sizeof to, "%s/%s.sql", scratch_path(state, "data/invariants"), invariant);
    assert_int_equal(symlink(from, to), 0);
    results_oracle_t *oracle = scratch_oracle();
    assert_int_equal(unlink(to), 0);
    return oracle;
}

static void expect_sound(const struct rows *rows)
{
    unsigned char bytes[DUMP_BYTES];
    char finding[512] = "";
    results_oracle_t *oracle = scratch_oracle();

    if (results_oracle_check(oracle, bytes, dump_rows(rows, bytes), finding, sizeof finding) != 0)
        fail_msg("%s", finding);
    results_oracle_free(oracle);
}

static void sound_arena_breaks_no_invariant(void **state)
{
    expect_sound(&sound);
}

static void running_arena_breaks_no_invariant(void **state)
{
    expect_sound(&running_arena);
}

static void runs_may_be_cut_where_extents_are_not(void **state)
{
    unsigned char bytes[DUMP_BYTES];
    char finding[512] = "";
    results_oracle_t *oracle = scratch_oracle();
    const struct damage cut_runs = {EDITS({RESULTS_RUN, 0, 1, 1}, {RESULTS_RUN, 5, 0, 1},
                                          {RESULTS_RUN, 5, 1, 2}, {RESULTS_RUN, 5, 2, 3},
                                          {RESULTS_RUN, 3, 1, 1}, {RESULTS_RUN, 6, 0, 21},
                                          {RESULTS_RUN, 6, 1, 3})};

    size_t used = dump_damaged(&sound, &cut_runs, bytes);
    if (results_oracle_check(oracle, bytes, used, finding, sizeof finding) != 0)
        fail_msg("%s", finding);
    results_oracle_free(oracle);
}

/* The arenas, and what is done to each. */
static const struct damage_set {
    const struct rows *rows;
    const struct damage *damages;
    size_t count;
} sets[] = {{&sound, damages, DAMAGES}, {&running_arena, running_damages, RUNNING_DAMAGES}};
enum { SETS = sizeof sets / sizeof sets[0] };

/* Each damage of the set breaks this invariant, which is all that the oracle knows, or not. */
static void try_damages(results_oracle_t *oracle, const char *invariant,
                        const struct damage_set *set)
{
    unsigned char bytes[DUMP_BYTES];

    for (size_t i = 0; i < set->count; i++) {
        const struct damage *damage = &set->damages[i];
        char finding[512] = "";
        size_t used = dump_damaged(set->rows, damage, bytes);
        int expected = strcmp(damage->invariant, invariant) == 0;

        if (results_oracle_check(oracle, bytes, used, finding, sizeof finding) != expected)
            fail_msg("%s: %s should %s %s: %s", damage->invariant, damage->what,
                     expected ? "break" : "not break", invariant, finding);
    }
}

static void each_damage_breaks_its_invariant_and_no_other(void **state)
{
    char *real = strdup(results_data_directory());
    struct results_entry *entries;
    size_t count;

    assert_int_equal(results_list_invariants(&entries, &count), 0);
    scratch_data_directory(state);
    for (size_t i = 0; i < count; i++) {
        results_oracle_t *oracle = new_oracle_of(state, real, entries[i].name);

        for (size_t j = 0; j < SETS; j++)
            try_damages(oracle, entries[i].name, &sets[j]);
        results_oracle_free(oracle);
    }
    results_list_free(entries, count);
    free(real);
}

static bool has_damage(const char *invariant, const struct damage_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->damages[i].invariant, invariant) == 0)
            return true;
    return false;
}

static void every_invariant_has_a_damage_that_breaks_it(void **state)
{
    struct results_entry *entries;
    size_t count;

    assert_int_equal(results_list_invariants(&entries, &count), 0);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++)
        if (!has_damage(entries[i].name, &sets[0]) && !has_damage(entries[i].name, &sets[1]))
            fail_msg("%s has no damage: it might never fail", entries[i].name);
    results_list_free(entries, count);
}

static void every_invariant_has_a_line_in_the_document(void **state)
{
    struct results_entry *entries;
    size_t count;
    static char text[65536];
    FILE *document = fopen(INVARIANTS_MD, "r");

    assert_non_null(document);
    text[fread(text, 1, sizeof text - 1, document)] = '\0';
    fclose(document);
    assert_int_equal(results_list_invariants(&entries, &count), 0);
    for (size_t i = 0; i < count; i++) {
        char name[128];
        snprintf(name, sizeof name, "| `%s` |", entries[i].name);
        if (strstr(text, name) == NULL)
            fail_msg("docs/invariants.md does not name %s", entries[i].name);
    }
    results_list_free(entries, count);
}

static void every_invariant_says_what_it_says(void **state)
{
    struct results_entry *entries;
    size_t count;

    assert_int_equal(results_list_invariants(&entries, &count), 0);
    for (size_t i = 0; i < count; i++) {
        assert_true(strlen(entries[i].description) > 20);
        assert_int_equal(entries[i].description[strlen(entries[i].description) - 1], '.');
    }
    results_list_free(entries, count);
}

/* Valid until the next call. */
static const char *rows_of(results_oracle_t *oracle, size_t most)
{
    static char text[512];
    FILE *out = fmemopen(text, sizeof text, "w");

    assert_non_null(out);
    assert_int_equal(results_oracle_rows(oracle, most, out), 0);
    assert_true(ftell(out) >= 0);
    text[ftell(out)] = '\0';
    assert_int_equal(fclose(out), 0);
    return text;
}

static void finding_names_invariant_rows_and_values(void **state)
{
    unsigned char bytes[DUMP_BYTES];
    char finding[512] = "";
    results_oracle_t *oracle = scratch_oracle();
    const struct damage two_stack_pages = {EDITS({RESULTS_RUN, 5, 0, 500}, {RESULTS_RUN, 5, 1, 1},
                                                 {RESULTS_RUN, 5, 3, 1}, {RESULTS_RUN, 6, 0, 600},
                                                 {RESULTS_RUN, 6, 1, 2}, {RESULTS_RUN, 6, 3, 1})};

    size_t used = dump_damaged(&sound, &two_stack_pages, bytes);
    assert_int_equal(results_oracle_check(oracle, bytes, used, finding, sizeof finding), 1);
    assert_string_equal(finding, "no-ephemeral-pages: After recovery no page is ephemeral "
                                 "(page=500, length=1, block=0); 2 rows break it");
    assert_string_equal(rows_of(oracle, 8), "page  length  block\n"
                                            "----  ------  -----\n"
                                            " 500       1      0\n"
                                            " 600       2      0\n");
    assert_string_equal(rows_of(oracle, 1), "page  length  block\n"
                                            "----  ------  -----\n"
                                            " 500       1      0\n"
                                            "... and 1 more\n");
    used = dump_rows(&sound, bytes);
    assert_int_equal(results_oracle_check(oracle, bytes, used, finding, sizeof finding), 0);
    assert_string_equal(rows_of(oracle, 8), "");
    results_oracle_free(oracle);
}

static void oracle_forgets_the_dump_before(void **state)
{
    unsigned char bytes[DUMP_BYTES];
    char finding[512] = "";
    results_oracle_t *oracle = scratch_oracle();

    for (size_t i = 0; i < DAMAGES; i++) {
        size_t used = dump_damaged(&sound, &damages[i], bytes);
        assert_int_equal(results_oracle_check(oracle, bytes, used, finding, sizeof finding), 1);
        used = dump_rows(&sound, bytes);
        assert_int_equal(results_oracle_check(oracle, bytes, used, finding, sizeof finding), 0);
        assert_int_equal(results_oracle_check(oracle, bytes, used - 1, finding, sizeof finding),
                         -EBADMSG);
    }
    results_oracle_free(oracle);
}

static void dropping_a_file_in_adds_an_invariant(void **state)
{
    unsigned char bytes[DUMP_BYTES];
    char finding[512] = "";

    scratch_data_directory(state);
    scratch_write(
        state, "data/invariants/few-pages.sql",
        "-- Fewer than 11 pages. Against nothing.\nSELECT pages FROM arena WHERE pages >= 11");
    results_oracle_t *oracle = scratch_oracle();
    size_t used = dump_rows(&sound, bytes);
    assert_int_equal(results_oracle_check(oracle, bytes, used, finding, sizeof finding), 1);
    assert_string_equal(finding, "few-pages: Fewer than 11 pages (pages=11); 1 row breaks it");
    results_oracle_free(oracle);
}

static void broken_invariant_is_refused_with_file_and_reason(void **state)
{
    static const struct {
        const char *sql, *reason;
    } broken[] = {
        {"-- X.\nSELECT pges FROM arena", "wrong.sql: no such column: pges, at line 2, column 8"},
        {"-- X.\nSELEC 1", "wrong.sql: near \"SELEC\": syntax error, at line 2, column 1"},
        {"-- X.\nDELETE FROM arena", "wrong.sql: only a SELECT can be run here"},
        {"-- X.\nSELECT 1; SELECT 2", "wrong.sql: one statement at a time"},
        {"-- only words", "wrong.sql: there is no statement in it"},
    };

    scratch_data_directory(state);
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        results_oracle_t *oracle = NULL;
        char message[512] = "";
        scratch_write(state, "data/invariants/wrong.sql", broken[i].sql);
        assert_int_equal(results_oracle_new(&oracle, message, sizeof message), RESULTS_ESQL);
        assert_null(oracle);
        if (strstr(message, broken[i].reason) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", message, broken[i].reason);
    }
}

static void oracle_without_invariants_is_refused(void **state)
{
    results_oracle_t *oracle = NULL;
    char message[512] = "";

    scratch_data_directory(state);
    assert_int_equal(results_oracle_new(&oracle, message, sizeof message), -ENOENT);
    assert_non_null(strstr(message, "holds no invariant"));
}

int main(void)
{
#define SCRATCH_TEST(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_arena_breaks_no_invariant),
        cmocka_unit_test(running_arena_breaks_no_invariant),
        cmocka_unit_test(runs_may_be_cut_where_extents_are_not),
        SCRATCH_TEST(each_damage_breaks_its_invariant_and_no_other),
        cmocka_unit_test(every_invariant_has_a_damage_that_breaks_it),
        cmocka_unit_test(every_invariant_has_a_line_in_the_document),
        cmocka_unit_test(every_invariant_says_what_it_says),
        cmocka_unit_test(finding_names_invariant_rows_and_values),
        cmocka_unit_test(oracle_forgets_the_dump_before),
        SCRATCH_TEST(dropping_a_file_in_adds_an_invariant),
        SCRATCH_TEST(broken_invariant_is_refused_with_file_and_reason),
        SCRATCH_TEST(oracle_without_invariants_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Suites: what is read from a good one, and what a bad one is told. */
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

#include "schema.h"
#include "suite.h"
#include "suite_text.h"

static char path[64];
static char message[512];

static int make_file(void **state)
{
    int fd;

    snprintf(path, sizeof path, "/tmp/suite-XXXXXX.yaml");
    fd = mkstemps(path, 5);
    if (fd < 0)
        return -1;
    return close(fd);
}

static int remove_file(void **state)
{
    return unlink(path);
}

static int load(const char *text, struct suite **suite)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    *suite = NULL;
    message[0] = '\0';
    return suite_load(path, suite, message, sizeof message);
}

/* A suite of one scenario with these steps, each on a line of its own from line 5 on. */
static int load_steps(const char *steps, struct suite **suite)
{
    char text[4096];

    snprintf(text, sizeof text, "scenarios:\n  - name: s\n    description: d\n    steps:\n%s",
             steps);
    return load(text, suite);
}

static void expect_refused(int result, unsigned line, const char *what)
{
    char wanted[512];

    snprintf(wanted, sizeof wanted, "%s:%u: %s", path, line, what);
    assert_string_equal(message, wanted);
    assert_int_equal(result, -EINVAL);
}

static void refuse_steps(const char *steps, unsigned line, const char *what)
{
    struct suite *suite;

    expect_refused(load_steps(steps, &suite), line, what);
    assert_null(suite);
}

static void refuse(const char *text, unsigned line, const char *what)
{
    struct suite *suite;

    expect_refused(load(text, &suite), line, what);
}

/* ---- what is read ---- */

static void a_scenario_is_read_with_its_lines(void **state)
{
    struct suite *suite;
    const struct scenario *scenario;

    assert_int_equal(load("scenarios:\n"
                          "  - name: one\n"
                          "    description: The first.\n"
                          "    create: recorded\n"
                          "    arena: {fanout: 4, reserved_pages: 99}\n"
                          "    steps:\n"
                          "      - create: {}\n"
                          "      - alloc: {name: a, pages: 6, at: 3}\n"
                          "\n"
                          "  # A comment on the next one.\n"
                          "  - name: two\n"
                          "    description: The second.\n"
                          "    steps:\n"
                          "      - snapshot: {event: 7}\n",
                          &suite),
                     0);
    assert_int_equal(suite_count(suite), 2);
    scenario = suite_scenario(suite, 0);
    assert_string_equal(scenario->name, "one");
    assert_string_equal(scenario->description, "The first.");
    assert_int_equal(scenario->line, 2);
    assert_true(scenario->record_creation);
    assert_int_equal(scenario->fanout, 4);
    assert_int_equal(scenario->reserved_pages, 99);
    assert_int_equal(scenario->step_count, 2);
    assert_int_equal(scenario->steps[1].line, 8);
    assert_int_equal(scenario->steps[1].pages, 6);
    assert_int_equal(scenario->steps[1].at, 3);
    assert_string_equal(strrchr(scenario->text, '\n'),
                        "\n      - alloc: {name: a, pages: 6, at: 3}");
    scenario = suite_scenario(suite, 1);
    assert_int_equal(scenario->line, 11);
    assert_false(scenario->record_creation);
    assert_true(scenario->steps[0].has_event);
    assert_int_equal(scenario->steps[0].event, 7);
    suite_free(suite);
}

static void repeats_are_unrolled_with_their_counters(void **state)
{
    struct suite *suite;
    const struct scenario *scenario;

    assert_int_equal(load_steps("      - repeat:\n"
                                "          times: 2\n"
                                "          counter: r\n"
                                "          steps:\n"
                                "            - repeat:\n"
                                "                times: 3\n"
                                "                steps:\n"
                                "                  - alloc: {name: a(r)_(2-i), pages: 1 + i, "
                                "at: 100*r + 10*i}\n"
                                "            - snapshot: {}\n",
                                &suite),
                     0);
    scenario = suite_scenario(suite, 0);
    assert_int_equal(scenario->step_count, 8);
    assert_string_equal(scenario->steps[0].name, "a0_2");
    assert_string_equal(scenario->steps[6].name, "a1_0");
    assert_int_equal(scenario->steps[6].pages, 3);
    assert_int_equal(scenario->steps[6].at, 120);
    assert_int_equal(scenario->steps[6].line, 12);
    assert_int_equal(scenario->steps[7].kind, STEP_SNAPSHOT);
    assert_int_equal(scenario->steps[7].line, 13);
    suite_free(suite);
}

static void a_directory_is_read_file_by_file(void **state)
{
    struct suite *suite;
    char directory[] = "/tmp/suites-XXXXXX", file[64];
    const char *const names[] = {"b.yaml", "a.yaml", "notes.txt"};

    assert_non_null(mkdtemp(directory));
    for (size_t i = 0; i < 3; i++) {
        FILE *out;

        snprintf(file, sizeof file, "%s/%s", directory, names[i]);
        out = fopen(file, "w");
        assert_non_null(out);
        fprintf(out, "scenarios:\n  - name: of-%c\n    description: d\n    steps: [snapshot: {}]\n",
                names[i][0]);
        fclose(out);
    }
    assert_int_equal(suite_load(directory, &suite, message, sizeof message), 0);
    assert_int_equal(suite_count(suite), 2);
    assert_string_equal(suite_scenario(suite, 0)->name, "of-a");
    assert_string_equal(suite_scenario(suite, 1)->name, "of-b");
    suite_free(suite);
    for (size_t i = 0; i < 3; i++) {
        snprintf(file, sizeof file, "%s/%s", directory, names[i]);
        unlink(file);
    }
    rmdir(directory);
}

/* ---- what is refused, and how ---- */

static void a_wrong_key_is_told_with_the_one_that_was_meant(void **state)
{
    refuse_steps("      - alloc: {name: a, pagse: 6}\n", 5,
                 "unknown key 'pagse' in step 'alloc'; did you mean 'pages'?");
    refuse_steps("      - wriet: {name: a}\n", 5, "unknown step 'wriet'; did you mean 'write'?");
    refuse("scenarios:\n  - name: s\n    descripton: d\n", 3,
           "unknown key 'descripton' in a scenario; did you mean 'description'?");
    refuse("scenarios:\n  - name: s\n    description: d\n    arena: {fanot: 4}\n    steps: []\n", 4,
           "unknown key 'fanot' in 'arena'; did you mean 'fanout'?");
}

static void a_missing_key_is_named(void **state)
{
    refuse_steps("      - alloc: {name: a}\n", 5, "step 'alloc' needs the key 'pages'");
    refuse("scenarios:\n  - name: s\n    steps: []\n", 3, "'steps' is empty");
}

static void a_key_given_twice_is_refused(void **state)
{
    refuse_steps("      - snapshot: {event: 1, event: 2}\n", 5,
                 "key 'event' of step 'snapshot' is given twice");
}

static void a_value_of_the_wrong_kind_is_refused(void **state)
{
    refuse_steps("      - alloc: {name: a, pages: many}\n", 5,
                 "'pages: many' of step 'alloc': no repeat here counts 'many'");
    refuse_steps("      - alloc: {name: a, pages: 1, ephemeral: maybe}\n", 5,
                 "'ephemeral' is 'true' or 'false', not 'maybe'");
    refuse_steps("      - alloc: {name: a, pages: [1]}\n", 5,
                 "'pages' is a single value, not a list or a mapping");
    refuse_steps("      - write: {name: a, order: upp}\n", 5,
                 "'order' cannot be 'upp'; did you mean 'up'?");
    refuse_steps("      - snapshot:\n", 5,
                 "step 'snapshot' must be 'key: value' lines, or '{}' for none");
    refuse_steps("      - alloc: {name: a, pages: 2 - 3}\n", 5,
                 "'pages: 2 - 3' of step 'alloc': the number is below zero");
}

static void two_kinds_in_one_step_are_refused(void **state)
{
    refuse_steps("      - snapshot: {}\n        reopen: {}\n", 5,
                 "a step has one key, its kind, and this one has 2; start each step with "
                 "'- KIND: {...}'");
}

static void a_fault_that_is_none_is_refused(void **state)
{
    refuse_steps("      - snapshot: {expect: EVIL}\n", 5,
                 "'expect: EVIL' of step 'snapshot' is no error; known are errno names (EIO) and "
                 "those of pma/errors.h (PMA_EPOISONED)");
}

static void what_is_not_yaml_is_told_where(void **state)
{
    struct suite *suite;

    assert_int_equal(load("scenarios:\n  - {name: s\n", &suite), -EINVAL);
    assert_non_null(strstr(message, ":3: not YAML: "));
    refuse("", 1, "the file is empty; a suite starts with 'scenarios:'");
    assert_int_equal(load("a: &x 1\nb: *x\n", &suite), -EINVAL);
    assert_non_null(strstr(message, ":2: aliases are not supported"));
}

static void a_missing_file_is_told(void **state)
{
    struct suite *suite;

    assert_int_equal(suite_load("/nowhere/x.yaml", &suite, message, sizeof message), -ENOENT);
    assert_string_equal(message, "read /nowhere/x.yaml: No such file or directory");
}

static void names_of_scenarios_are_unique(void **state)
{
    struct suite *suite;

    assert_int_equal(load("scenarios:\n"
                          "  - {name: s, description: d, steps: [snapshot: {}]}\n"
                          "  - {name: s, description: d, steps: [snapshot: {}]}\n",
                          &suite),
                     -EINVAL);
    assert_non_null(strstr(message, ":3: scenario 's' is also in "));
}

/* ---- steps that cannot work ---- */

static void pages_that_are_not_there_are_found_before_anything_runs(void **state)
{
    refuse_steps("      - write: {name: b}\n", 5,
                 "step 'write': nothing named 'b' was allocated before");
    refuse_steps(
        "      - alloc: {name: a, pages: 2}\n      - write: {name: a, page: 1, pages: 2}\n", 6,
        "step 'write': page 2 is beyond 'a', which has pages 0-1");
    refuse_steps("      - alloc: {name: a, pages: 4}\n"
                 "      - free: {name: a, page: 1, pages: 1}\n"
                 "      - write: {name: a}\n",
                 7, "step 'write': page 1 of 'a' was freed or moved away");
    refuse_steps("      - alloc: {name: a, pages: 4}\n"
                 "      - free: {name: a}\n"
                 "      - evict: {name: a}\n",
                 7, "step 'evict': 'a' is not allocated any more");
}

static void occupied_places_are_found(void **state)
{
    refuse_steps("      - alloc: {name: a, pages: 4}\n      - alloc: {name: b, pages: 1, at: 3}\n",
                 6, "step 'alloc': page 3 is already allocated, to 'a'");
    refuse_steps("      - alloc: {name: a, pages: 4}\n      - move: {name: a, to: 2}\n", 6,
                 "step 'move': page 2 is already allocated, to 'a'");
    refuse_steps("      - alloc: {name: a, pages: 1}\n      - alloc: {name: a, pages: 1}\n", 6,
                 "step 'alloc': the name 'a' is in use");
    refuse_steps("      - alloc: {name: a, pages: 2000}\n", 5,
                 "step 'alloc': pages 1024-3023 are beyond the arena's 1024 reserved pages; raise "
                 "arena.reserved_pages");
}

static void a_part_that_moves_needs_a_name(void **state)
{
    refuse_steps("      - alloc: {name: a, pages: 4}\n"
                 "      - move: {name: a, page: 1, pages: 1, to: 9}\n",
                 6, "step 'move': a part of 'a' needs a name of its own where it goes: as");
}

static void work_that_no_snapshot_took_is_gone_after_an_open(void **state)
{
    refuse_steps("      - alloc: {name: a, pages: 1}\n"
                 "      - reopen: {}\n"
                 "      - write: {name: a}\n",
                 7, "step 'write': nothing named 'a' was allocated before");
    refuse_steps("      - alloc: {name: a, pages: 1, ephemeral: true}\n"
                 "      - snapshot: {}\n"
                 "      - kill: {}\n"
                 "      - write: {name: a}\n",
                 8, "step 'write': 'a' is not allocated any more");
}

static void an_attempted_state_needs_an_attempt(void **state)
{
    refuse_steps("      - reopen: {state: attempted}\n", 5,
                 "step 'reopen': 'state: attempted', but no snapshot or creation failed or was cut "
                 "short before it");
}

static void an_arena_is_created_once_and_first(void **state)
{
    refuse_steps("      - create: {}\n", 5,
                 "step 'create': the arena is there already; use 'create' first, in a scenario "
                 "with 'create: recorded'");
    refuse("scenarios:\n  - name: s\n    description: d\n    create: recorded\n    steps:\n"
           "      - snapshot: {}\n",
           6, "step 'snapshot': the arena is not open; add a 'create' or 'reopen' before");
}

/* ---- heap, stacks and nouns ---- */

static void objects_are_known_by_name(void **state)
{
    refuse_steps("      - free_object: {name: a}\n", 5,
                 "step 'free_object': there is no heap object named 'a'");
    refuse_steps("      - malloc: {name: a, bytes: 8}\n      - alloc: {name: a, pages: 1}\n", 6,
                 "step 'alloc': the name 'a' is in use");
    refuse_steps("      - malloc: {name: a, bytes: 8}\n      - free_object: {name: a}\n"
                 "      - realloc: {name: a, bytes: 9}\n",
                 7, "step 'realloc': there is no heap object named 'a'");
    refuse_steps("      - malloc: {name: a, bytes: 8}\n      - free_object: {name: a, offset: 4}\n",
                 6,
                 "step 'free_object': an address inside 'a' cannot be freed (expect: "
                 "PMA_EINTERIOR)");
    refuse_steps("      - malloc: {name: a, bytes: 8}\n      - write: {name: a, page: 1}\n", 6,
                 "step 'write': an object of the heap is written, made dirty and evicted as a "
                 "whole; leave out 'page' and 'pages'");
    refuse_steps("      - malloc: {name: a, bytes: 8}\n      - free: {name: a}\n", 6,
                 "step 'free': nothing named 'a' was allocated before");
    refuse_steps("      - malloc: {name: a, bytes: 8, align: 24}\n", 5,
                 "'align' of step 'malloc' is a power of two");
    refuse_steps("      - malloc: {name: a, bytes: 8, align: 16, zeroed: true}\n", 5,
                 "step 'malloc' has 'align' or 'zeroed', not both");
}

static void frames_come_and_go_in_order(void **state)
{
    refuse_steps("      - push: {}\n", 5,
                 "step 'push': there is no stack; every open forgets them");
    refuse_steps("      - stack: {}\n      - push: {on: other}\n", 6,
                 "step 'push': there is no stack 'other'");
    refuse_steps("      - stack: {}\n      - stack: {}\n", 6,
                 "step 'stack': there is a stack 'stack' already");
    refuse_steps("      - stack: {}\n      - pop: {}\n", 6,
                 "step 'pop': only one frame is left (expect: PMA_ESTACK)");
    refuse_steps("      - stack: {}\n      - push: {}\n      - flip: {}\n", 7,
                 "step 'flip': there are 2 frames (expect: PMA_ESTACK)");
    refuse_steps("      - stack: {}\n      - light_push: {count: 3}\n"
                 "      - light_pop: {count: 4}\n",
                 7, "step 'light_pop': the light stack has 3 words (expect: PMA_ESTACK)");
    refuse_steps("      - stack: {locals: 2}\n      - local: {index: 2, value: 1}\n", 6,
                 "step 'local': the top frame has no local word 2");
    refuse_steps("      - stack: {}\n      - reopen: {}\n      - pop: {}\n", 7,
                 "step 'pop': there is no stack; every open forgets them");
}

static void nothing_follows_a_preserve_but_another_and_a_pop(void **state)
{
    static const char *const steps[] = {"push: {}", "stack_alloc: {name: x, bytes: 8}",
                                        "light_push: {}", "noun: {name: m, size: 1}"};
    static const char *const words[] = {"push", "stack_alloc", "light_push", "noun"};

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        char text[512], wanted[128];

        snprintf(text, sizeof text,
                 "      - stack: {}\n      - push: {}\n      - noun: {name: n, size: 9}\n"
                 "      - preserve: {name: n}\n      - %s\n",
                 steps[i]);
        snprintf(wanted, sizeof wanted,
                 "step '%s': not after a preserve: pop the frame first (expect: PMA_ESTACK)",
                 words[i]);
        refuse_steps(text, 9, wanted);
    }
}

static void nouns_are_known_where_they_are(void **state)
{
    refuse_steps("      - stack: {}\n      - cell: {name: c, head: a, tail: a}\n", 6,
                 "step 'cell': nothing named 'a' is on the stack 'stack'");
    refuse_steps("      - stack: {}\n      - cell: {name: c, head: root 4, tail: a}\n", 6,
                 "step 'cell': no noun is kept under root 4");
    refuse_steps("      - stack: {}\n      - stack_alloc: {name: a, bytes: 8}\n"
                 "      - preserve: {name: a}\n",
                 7, "step 'preserve': 'a' is no noun: only nouns can be preserved");
    refuse_steps("      - stack: {}\n      - noun: {name: a, shape: cube, size: 1}\n", 6,
                 "'shape' cannot be 'cube'; known: atom, list, tree, shared");
    refuse_steps("      - stack: {}\n      - push: {}\n      - noun: {name: a, size: 9}\n"
                 "      - pop: {}\n      - keep: {name: a, index: 0}\n",
                 9, "step 'keep': nothing named 'a' is on the stack 'stack'");
}

/* What is kept takes its parts along. */
static void a_noun_is_kept_under_a_root_of_its_own(void **state)
{
#define KEPT                                                                                       \
    "      - stack: {}\n      - noun: {name: a, shape: list, size: 3}\n"                           \
    "      - cell: {name: b, head: a, tail: a}\n      - keep: {name: a, index: 2}\n"
    refuse_steps(KEPT "      - cell: {name: c, head: b, tail: b}\n", 9,
                 "step 'cell': nothing named 'b' is on the stack 'stack'");
    refuse_steps(KEPT "      - root: {index: 2, value: 0}\n", 9,
                 "step 'root': a noun is kept there; use 'drop' first");
    refuse_steps(KEPT "      - hold: {index: 2, to: 2}\n", 9,
                 "step 'hold': root 2 has a noun already; drop that first");
    refuse_steps(KEPT "      - drop: {index: 3}\n", 9, "step 'drop': no noun is kept under root 3");
    refuse_steps(KEPT "      - kill: {}\n      - drop: {index: 2}\n", 10,
                 "step 'drop': no noun is kept under root 2");
#undef KEPT
    refuse_steps("      - root: {index: 2, value: 0xc000000000000000}\n", 5,
                 "step 'root': a 'value' from 0x8000000000000000 to 0xdfffffffffffffff looks like "
                 "a noun; use 'keep'");
}

static void views_have_names(void **state)
{
    refuse_steps("      - view_check: {name: v}\n", 5,
                 "step 'view_check': there is no view of that name");
    refuse_steps("      - view: {name: v}\n      - view: {name: v}\n", 6,
                 "step 'view': there is a view of that name already");
    refuse_steps("      - view: {name: v}\n      - kill: {}\n      - view_close: {name: v}\n", 7,
                 "step 'view_close': there is no view of that name");
}

/* Whether some row of the tables starts with this cell and names the key, in backquotes. */
static bool has_row(const char *text, const char *first, const char *key)
{
    char start[64], wanted[64], row[1024];

    snprintf(start, sizeof start, "\n| `%s` | ", first);
    snprintf(wanted, sizeof wanted, "`%s`", key);
    for (const char *at = strstr(text, start); at != NULL; at = strstr(at + 1, start)) {
        snprintf(row, sizeof row, "%.*s", (int)strcspn(at + 1, "\n"), at + 1);
        if (strstr(row, wanted) != NULL)
            return true;
    }
    return false;
}

static void expect_documented(void *context, const char *where, const char *key, bool needed)
{
    const char *text = context;
    bool of_a_table = strcmp(where, "scenario") == 0 || strcmp(where, "arena") == 0;
    char item[64];

    snprintf(item, sizeof item, "\n- `%s`: ", key);
    if (!has_row(text, of_a_table ? key : where, key) && strstr(text, item) == NULL)
        fail_msg("docs/scenarios.md does not name '%s' of '%s'", key, where);
}

static void every_key_is_documented(void **state)
{
    static char text[32768];
    FILE *file = fopen(DOCUMENTATION, "r");
    size_t bytes;

    assert_non_null(file);
    bytes = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    assert_true(bytes > 0 && bytes < sizeof text - 1);
    schema_each_key(expect_documented, text);
}

static void expect_same_text(const char *a, const char *b)
{
    assert_int_equal(a == NULL, b == NULL);
    if (a != NULL)
        assert_string_equal(a, b);
}

static void expect_same_step(const struct step *a, const struct step *b)
{
    const struct {
        uint64_t a, b;
    } numbers[] = {
#define NUMBER(field) {(uint64_t)a->field, (uint64_t)b->field}
        NUMBER(kind),   NUMBER(page),   NUMBER(pages),     NUMBER(at),        NUMBER(to),
        NUMBER(seed),   NUMBER(bytes),  NUMBER(index),     NUMBER(value),     NUMBER(event),
        NUMBER(count),  NUMBER(align),  NUMBER(offset),    NUMBER(locals),    NUMBER(size),
        NUMBER(blocks), NUMBER(has_at), NUMBER(has_event), NUMBER(ephemeral), NUMBER(persistent),
        NUMBER(zeroed), NUMBER(batch),  NUMBER(previous),  NUMBER(attempted), NUMBER(killed),
        NUMBER(order),  NUMBER(shape),  NUMBER(expect),
#undef NUMBER
    };

    expect_same_text(a->name, b->name);
    expect_same_text(a->as, b->as);
    expect_same_text(a->on, b->on);
    expect_same_text(a->head, b->head);
    expect_same_text(a->tail, b->tail);
    expect_same_text(a->fault, b->fault);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_int_equal(numbers[i].a, numbers[i].b);
}

static void expect_same_scenario(const struct scenario *a, const struct scenario *b)
{
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->description, b->description);
    assert_int_equal(a->record_creation, b->record_creation);
    assert_int_equal(a->reserved_pages, b->reserved_pages);
    assert_int_equal(a->initial_blocks, b->initial_blocks);
    assert_int_equal(a->grow_blocks, b->grow_blocks);
    assert_int_equal(a->fanout, b->fanout);
    assert_int_equal(a->resident_pages, b->resident_pages);
    assert_int_equal(a->mapping_limit, b->mapping_limit);
    assert_int_equal(a->defragment_blocks, b->defragment_blocks);
    assert_int_equal(a->keep_blocks, b->keep_blocks);
    assert_int_equal(a->verify, b->verify);
    assert_int_equal(a->has_copying, b->has_copying);
    assert_int_equal(a->copying, b->copying);
    assert_int_equal(a->step_count, b->step_count);
    for (size_t i = 0; i < a->step_count; i++)
        expect_same_step(&a->steps[i], &b->steps[i]);
}

/* Prints a scenario and reads it again. */
static void expect_to_come_back(const struct scenario *scenario)
{
    struct suite *again;
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    assert_non_null(out);
    assert_int_equal(suite_print(scenario, out), 0);
    assert_int_equal(fclose(out), 0);
    if (load(text, &again) != 0)
        fail_msg("%s\n%s", message, text);
    assert_int_equal(suite_count(again), 1);
    expect_same_scenario(scenario, suite_scenario(again, 0));
    suite_free(again);
    free(text);
}

static void every_scenario_of_the_house_can_be_printed_and_read(void **state)
{
    struct suite *suite;

    assert_int_equal(suite_load(SUITES, &suite, message, sizeof message), 0);
    for (size_t i = 0; i < suite_count(suite); i++)
        expect_to_come_back(suite_scenario(suite, i));
    suite_free(suite);
}

static void names_that_look_like_something_else_are_quoted(void **state)
{
    struct suite *suite;

    assert_int_equal(load_steps("      - alloc: {name: \"a: {b\\\", #\", pages: 2}\n"
                                "      - write: {name: \"a: {b\\\", #\"}\n",
                                &suite),
                     0);
    expect_to_come_back(suite_scenario(suite, 0));
    suite_free(suite);
}

static void the_suites_of_the_house_are_sound(void **state)
{
    struct suite *suite;

    if (suite_load(SUITES, &suite, message, sizeof message) != 0)
        fail_msg("%s", message);
    assert_true(suite_count(suite) >= 17);
    suite_free(suite);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scenario_is_read_with_its_lines),
        cmocka_unit_test(repeats_are_unrolled_with_their_counters),
        cmocka_unit_test(every_scenario_of_the_house_can_be_printed_and_read),
        cmocka_unit_test(names_that_look_like_something_else_are_quoted),
        cmocka_unit_test(a_directory_is_read_file_by_file),
        cmocka_unit_test(a_wrong_key_is_told_with_the_one_that_was_meant),
        cmocka_unit_test(a_missing_key_is_named),
        cmocka_unit_test(a_key_given_twice_is_refused),
        cmocka_unit_test(a_value_of_the_wrong_kind_is_refused),
        cmocka_unit_test(two_kinds_in_one_step_are_refused),
        cmocka_unit_test(a_fault_that_is_none_is_refused),
        cmocka_unit_test(what_is_not_yaml_is_told_where),
        cmocka_unit_test(a_missing_file_is_told),
        cmocka_unit_test(names_of_scenarios_are_unique),
        cmocka_unit_test(pages_that_are_not_there_are_found_before_anything_runs),
        cmocka_unit_test(occupied_places_are_found),
        cmocka_unit_test(a_part_that_moves_needs_a_name),
        cmocka_unit_test(work_that_no_snapshot_took_is_gone_after_an_open),
        cmocka_unit_test(an_attempted_state_needs_an_attempt),
        cmocka_unit_test(an_arena_is_created_once_and_first),
        cmocka_unit_test(objects_are_known_by_name),
        cmocka_unit_test(frames_come_and_go_in_order),
        cmocka_unit_test(nothing_follows_a_preserve_but_another_and_a_pop),
        cmocka_unit_test(nouns_are_known_where_they_are),
        cmocka_unit_test(a_noun_is_kept_under_a_root_of_its_own),
        cmocka_unit_test(views_have_names),
        cmocka_unit_test(every_key_is_documented),
        cmocka_unit_test(the_suites_of_the_house_are_sound),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}

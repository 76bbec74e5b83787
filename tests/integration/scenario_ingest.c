/* SPDX-License-Identifier: MIT */
/* Real files through an arena and back, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pma/pma.h>

#include "ingest.h"
#include "workload.h"

static const struct step steps[] = {{.kind = STEP_INGEST}};
static const struct scenario scenario = {.name = "ingest",
                                         .file = "test",
                                         .reserved_pages = 1024,
                                         .initial_blocks = 16,
                                         .grow_blocks = 8,
                                         .fanout = 4,
                                         .steps = steps,
                                         .step_count = 1};

struct place {
    char input[64], work[64];
};

static int make(void **state)
{
    static struct place place;

    snprintf(place.input, sizeof place.input, "/tmp/ingest-in-XXXXXX");
    snprintf(place.work, sizeof place.work, "/tmp/ingest-XXXXXX");
    *state = &place;
    return mkdtemp(place.input) == NULL || mkdtemp(place.work) == NULL ? -1 : 0;
}

static int clear(void **state)
{
    const struct place *place = *state;
    char command[256];

    snprintf(command, sizeof command, "rm -r %s %s", place->input, place->work);
    return system(command);
}

static void put_file(const struct place *place, const char *name, const void *bytes, size_t count)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", place->input, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
}

static void play(const struct place *place)
{
    const struct workload_options options = {.input = place->input};
    struct workload_failure failure;

    assert_int_equal(workload_setup(&scenario, &options, place->work, &failure), 0);
    if (workload_play(&scenario, &options, place->work, &failure) != 0)
        fail_msg("%s", failure.text);
}

/* The files of the arena, last one first, are those of the input. */
static void expect_files(const struct place *place, const char *const *names, size_t count)
{
    char path[128], message[256];
    struct ingest_files files;
    uint64_t last, stored;
    pma_t *arena;

    snprintf(path, sizeof path, "%s/" WORKLOAD_FILE, place->work);
    assert_int_equal(pma_open(path, NULL, &arena, NULL), 0);
    assert_int_equal(ingest_read(place->input, 0, &files, message, sizeof message), 0);
    assert_int_equal(files.count, count);
    assert_int_equal(pma_root(arena, INGEST_ROOT_COUNT, &stored), 0);
    assert_int_equal(stored, count);
    assert_int_equal(pma_root(arena, INGEST_ROOT_LAST, &last), 0);
    for (size_t i = count; i-- > 0;) {
        const struct ingest_header *header;

        assert_int_not_equal(last, 0);
        header = (const struct ingest_header *)((const unsigned char *)pma_base(arena) +
                                                (last - 1) * PMA_PAGE_SIZE);
        assert_string_equal(header->name, names[i]);
        assert_int_equal(header->bytes, files.files[i].length);
        assert_memory_equal((const unsigned char *)header + PMA_PAGE_SIZE, files.files[i].bytes,
                            header->bytes);
        last = header->previous;
    }
    assert_int_equal(last, 0);
    ingest_files_deinit(&files);
    assert_int_equal(pma_close(arena), 0);
}

static void files_come_back_byte_for_byte(void **state)
{
    const struct place *place = *state;
    static const char *const names[] = {"a", "b", "c"};
    unsigned char bytes[3 * PMA_PAGE_SIZE];
    char path[128];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 7 + i / 251);
    put_file(place, "b", bytes, 2 * PMA_PAGE_SIZE);
    put_file(place, "c", bytes, sizeof bytes - 1);
    put_file(place, "a", "", 0);
    /* Neither links nor directories are files of the input. */
    snprintf(path, sizeof path, "%s/link", place->input);
    assert_int_equal(symlink("b", path), 0);
    snprintf(path, sizeof path, "%s/directory", place->input);
    assert_int_equal(mkdir(path, 0700), 0);
    play(place);
    expect_files(place, names, 3);
}

static void an_input_without_files_is_told(void **state)
{
    const struct place *place = *state;
    const struct workload_options options = {.input = place->input};
    struct workload_failure failure;
    char wanted[256];

    assert_int_equal(workload_setup(&scenario, &options, place->work, &failure), 0);
    assert_int_equal(workload_play(&scenario, &options, place->work, &failure), -ENOENT);
    snprintf(wanted, sizeof wanted, "no files in the input directory %s; name another one",
             place->input);
    assert_non_null(strstr(failure.text, wanted));
    assert_int_equal(failure.rule, WORKLOAD_RULE_COUNT);
}

static void an_input_that_is_not_there_is_told(void **state)
{
    const struct workload_options options = {.input = "/nowhere"};
    const struct place *place = *state;
    struct workload_failure failure;

    assert_int_equal(workload_setup(&scenario, &options, place->work, &failure), 0);
    assert_int_equal(workload_play(&scenario, &options, place->work, &failure), -ENOENT);
    assert_non_null(
        strstr(failure.text, "read the input directory /nowhere: No such file or directory"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_come_back_byte_for_byte, make, clear),
        cmocka_unit_test_setup_teardown(an_input_without_files_is_told, make, clear),
        cmocka_unit_test_setup_teardown(an_input_that_is_not_there_is_told, make, clear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

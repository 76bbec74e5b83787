/* SPDX-License-Identifier: MIT */
/* What libc does below the names that are wrapped: streams, made-up names, copies, syncs of all. */
#include "recorded.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

static void a_stream_writes_when_it_is_flushed(void **state)
{
    struct recorded *r = *state;
    FILE *stream = fopen(path_in(r, "a"), "w");

    assert_non_null(stream);
    expect_events(r, "open", "name a is file 1", NULL);
    fprintf(stream, "%s", "hello");
    expect_events(r, NULL);
    assert_int_equal(fflush(stream), 0);
    expect_events(r, "write a", "length of a is 5 bytes", "write a block 0", NULL);
    assert_int_equal(fsync(fileno(stream)), 0);
    expect_events(r, "fsync a", "sync of a begins", "sync done", NULL);
    assert_int_equal(fclose(stream), 0);
    expect_events(r, "close a", NULL);
}

static void a_stream_reads_seeks_and_appends_as_ever(void **state)
{
    struct recorded *r = *state;
    FILE *stream = fopen(path_in(r, "a"), "w+e");
    char line[16];

    assert_true(fcntl(fileno(stream), F_GETFD) & FD_CLOEXEC);
    fputs("one\ntwo\n", stream);
    rewind(stream);
    assert_non_null(fgets(line, sizeof(line), stream));
    assert_string_equal(line, "one\n");
    assert_int_equal(ftell(stream), 4);
    fclose(stream);
    stream = fopen(path_in(r, "a"), "a");
    assert_int_equal(ftell(stream), 8);
    fputs("three\n", stream);
    fclose(stream);
    assert_string_equal(last_content(r, 1, 0), "one\ntwo\nthree\n");
    assert_null(fopen(path_in(r, "a"), "wx"));
    assert_null(fopen(path_in(r, "a"), "?"));
}

static void a_stream_of_an_open_file_is_its_descriptors(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_WRONLY | O_CREAT);
    FILE *stream = fdopen(fd, "a");

    assert_int_equal(fileno(stream), fd);
    assert_true(fcntl(fd, F_GETFL) & O_APPEND);
    assert_null(fdopen(fd, "r"));
    fputs("x", stream);
    skip_events(r);
    fclose(stream);
    expect_events(r, "write a", "length of a is 1 bytes", "write a block 0", "close a", NULL);
    assert_int_equal(fcntl(fd, F_GETFD), -1);
}

static void printing_to_a_descriptor_is_a_write(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);

    skip_events(r);
    assert_int_equal(dprintf(fd, "%d!", 42), 3);
    expect_events(r, "write a", "length of a is 3 bytes", "write a block 0", NULL);
    close(fd);
}

static void a_made_up_name_is_a_name(void **state)
{
    struct recorded *r = *state;
    char *path = strdup(path_in(r, "XXXXXX.new"));
    int fd = mkostemps(path, 4, O_CLOEXEC);

    assert_true(fd >= 0);
    assert_string_equal(path + strlen(path) - 4, ".new");
    assert_null(strstr(path, "XXXXXX"));
    skip_events(r);
    assert_int_equal(rename(path, path_in(r, "a")), 0);
    assert_int_equal(write(fd, "x", 1), 1);
    assert_int_equal(access(path_in(r, "a"), R_OK | W_OK), 0);
    assert_string_equal(last_content(r, 1, 0), "x");
    strcpy(path, "no-place");
    assert_int_equal(mkstemp(path), -1);
    close(fd);
    free(path);
}

static void an_unnamed_file_is_known_before_it_has_a_name(void **state)
{
    struct recorded *r = *state;
    int fd = open(r->directory, O_TMPFILE | O_WRONLY, 0600);
    char path[64];

    assert_true(fd >= 0);
    assert_int_equal(write(fd, "x", 1), 1);
    assert_int_equal(fsync(fd), 0);
    skip_events(r);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    assert_int_equal(linkat(AT_FDCWD, path, AT_FDCWD, path_in(r, "a"), AT_SYMLINK_FOLLOW), 0);
    expect_events(r, "link", "name a is file 1", NULL);
    assert_string_equal(last_content(r, 1, 0), "x");
    close(fd);
}

static void copies_within_the_kernel_are_reads_and_writes(void **state)
{
    struct recorded *r = *state;
    int from = open_in(r, "from", O_RDWR | O_CREAT), to = open_in(r, "to", O_RDWR | O_CREAT);
    off_t at = 1;
    int ends[2];

    assert_int_equal(write(from, "abc", 3), 3);
    skip_events(r);
    assert_int_equal(copy_file_range(from, &at, to, NULL, 100, 0), 2);
    assert_int_equal(at, 3);
    expect_events(r, "write to", "length of to is 2 bytes", "write to block 0", NULL);
    lseek(from, 0, SEEK_SET);
    assert_int_equal(sendfile(to, from, NULL, 2), 2);
    assert_string_equal(last_content(r, 2, 0), "bcab");
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(splice(from, NULL, ends[1], NULL, 100, 0), 1);
    assert_int_equal(splice(ends[0], NULL, to, NULL, 100, 0), 1);
    assert_string_equal(last_content(r, 2, 0), "bcabc");
    close(ends[0]);
    close(ends[1]);
    close(from);
    close(to);
}

static void a_sync_of_all_covers_files_and_names(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);
    int elsewhere = memfd_create("elsewhere", 0);

    skip_events(r);
    assert_int_equal(syncfs(fd), 0);
    expect_events(r, "fsync", "sync of a begins", "sync of the directory begins", "sync done",
                  "sync done", NULL);
    assert_int_equal(syncfs(elsewhere), 0);
    expect_events(r, NULL);
    close(elsewhere);
    close(fd);
}

static void a_mapping_that_needs_no_sync_is_not_to_be_had(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);

    assert_int_equal(ftruncate(fd, FSIM_BLOCK_SIZE), 0);
    assert_ptr_equal(
        mmap(NULL, FSIM_BLOCK_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED_VALIDATE | MAP_SYNC, fd, 0),
        MAP_FAILED);
    close(fd);
}

#define recorded_test(test) cmocka_unit_test_setup_teardown(test, recorded_setup, recorded_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        recorded_test(a_stream_writes_when_it_is_flushed),
        recorded_test(a_stream_reads_seeks_and_appends_as_ever),
        recorded_test(a_stream_of_an_open_file_is_its_descriptors),
        recorded_test(printing_to_a_descriptor_is_a_write),
        recorded_test(a_made_up_name_is_a_name),
        recorded_test(an_unnamed_file_is_known_before_it_has_a_name),
        recorded_test(copies_within_the_kernel_are_reads_and_writes),
        recorded_test(a_sync_of_all_covers_files_and_names),
        recorded_test(a_mapping_that_needs_no_sync_is_not_to_be_had),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

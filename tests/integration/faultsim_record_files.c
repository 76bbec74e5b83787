/* SPDX-License-Identifier: MIT */
/* Calls on descriptors and names, and the events that the recorder makes of them. */
#include "recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { BLOCK = FSIM_BLOCK_SIZE };

static void creation_gives_a_name(void **state)
{
    struct recorded *r = *state;

    close(open_in(r, "a", O_RDWR | O_CREAT));
    expect_events(r, "open", "name a is file 1", "close a", NULL);
    close(open_in(r, "a", O_RDONLY));
    expect_events(r, "close a", NULL);
}

static void an_open_that_fails_changes_nothing(void **state)
{
    struct recorded *r = *state;

    close(open_in(r, "a", O_RDWR | O_CREAT));
    skip_events(r);
    assert_int_equal(open(path_in(r, "a"), O_RDWR | O_CREAT | O_EXCL, 0600), -1);
    assert_int_equal(errno, EEXIST);
    expect_events(r, "open a", NULL);
}

static void a_write_is_recorded_block_by_block(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);

    skip_events(r);
    assert_int_equal(pwrite(fd, "hello", 5, BLOCK - 2), 5);
    expect_events(r, "pwrite a", "length of a is 4099 bytes", "write a block 0", "write a block 1",
                  NULL);
    assert_memory_equal(last_content(r, 1, 0) + BLOCK - 2, "he", 2);
    assert_memory_equal(last_content(r, 1, 1), "llo", 4);
    close(fd);
}

static void a_write_at_the_descriptors_offset_lands_there(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);

    assert_int_equal(ftruncate(fd, 4 * BLOCK), 0);
    assert_int_equal(lseek(fd, 2 * BLOCK + 7, SEEK_SET), 2 * BLOCK + 7);
    skip_events(r);
    assert_int_equal(write(fd, "x", 1), 1);
    expect_events(r, "write a", "write a block 2", NULL);
    close(fd);
}

static void vectors_are_one_write(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);
    char text[] = "abcd";
    struct iovec parts[] = {{text, 2}, {text + 2, 2}};

    skip_events(r);
    assert_int_equal(pwritev(fd, parts, 2, 0), 4);
    expect_events(r, "pwrite a", "length of a is 4 bytes", "write a block 0", NULL);
    assert_string_equal(last_content(r, 1, 0), "abcd");
    close(fd);
}

static void appending_lands_at_the_end(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT | O_APPEND);

    assert_int_equal(ftruncate(fd, BLOCK), 0);
    skip_events(r);
    assert_int_equal(pwrite(fd, "x", 1, 0), 1);
    expect_events(r, "pwrite a", "length of a is 4097 bytes", "write a block 1", NULL);
    close(fd);
}

static void the_same_bytes_again_are_no_new_version(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);

    assert_int_equal(pwrite(fd, "x", 1, 0), 1);
    skip_events(r);
    assert_int_equal(pwrite(fd, "x", 1, 0), 1);
    expect_events(r, "pwrite a", NULL);
    close(fd);
}

static void a_shorter_file_loses_its_tail(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);

    for (int block = 0; block < 4; block++)
        assert_int_equal(pwrite(fd, "abcdef", 6, block * BLOCK), 6);
    skip_events(r);
    assert_int_equal(ftruncate(fd, BLOCK + 3), 0);
    expect_events(r, "ftruncate a", "write a block 1", "length of a is 4099 bytes", NULL);
    assert_string_equal(last_content(r, 1, 1), "abc");
    assert_int_equal(truncate(path_in(r, "a"), 4 * BLOCK), 0);
    expect_events(r, "ftruncate a", "write a block 2 (zeros)", "write a block 3 (zeros)",
                  "length of a is 16384 bytes", "close a", NULL);
    close(fd);
}

static void a_tail_that_was_cut_off_is_gone_when_the_cut_is_synced(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);

    for (int block = 0; block < 3; block++)
        assert_int_equal(pwrite(fd, "abcdef", 6, block * BLOCK), 6);
    assert_int_equal(ftruncate(fd, BLOCK), 0);
    skip_events(r);
    assert_int_equal(fdatasync(fd), 0);
    expect_events(r, "fdatasync a", "sync of a begins", "sync done", "write a block 1 (zeros)",
                  "write a block 2 (zeros)", "sync of a blocks 1-2 begins", "sync done", NULL);
    assert_int_equal(ftruncate(fd, 3 * BLOCK), 0);
    expect_events(r, "ftruncate a", "length of a is 12288 bytes", NULL);
    close(fd);
}

static void o_trunc_empties(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);

    assert_int_equal(pwrite(fd, "x", 1, 0), 1);
    close(fd);
    skip_events(r);
    close(open_in(r, "a", O_RDWR | O_TRUNC));
    expect_events(r, "open a", "length of a is 0 bytes", "close a", NULL);
}

static void reserving_grows_and_punching_zeroes(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);

    skip_events(r);
    assert_int_equal(posix_fallocate(fd, 0, 2 * BLOCK), 0);
    expect_events(r, "fallocate a", "length of a is 8192 bytes", NULL);
    assert_int_equal(pwrite(fd, "x", 1, BLOCK), 1);
    skip_events(r);
    assert_int_equal(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, BLOCK, BLOCK), 0);
    expect_events(r, "fallocate a", "write a block 1 (zeros)", NULL);
    close(fd);
}

static void syncs_are_bracketed(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);

    skip_events(r);
    assert_int_equal(fdatasync(fd), 0);
    expect_events(r, "fdatasync a", "sync of a begins", "sync done", NULL);
    assert_int_equal(fsync(fd), 0);
    expect_events(r, "fsync a", "sync of a begins", "sync done", NULL);
    assert_int_equal(sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE), 0);
    expect_events(r, "sync_file_range a", NULL);
    close(fd);
}

static void the_directory_syncs_names(void **state)
{
    struct recorded *r = *state;
    int fd = open(r->directory, O_RDONLY | O_DIRECTORY);

    assert_int_equal(fsync(fd), 0);
    expect_events(r, "fsync", "sync of the directory begins", "sync done", NULL);
    close(fd);
}

static void a_synchronous_write_is_durable_where_it_wrote(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT | O_DSYNC);

    skip_events(r);
    assert_int_equal(pwrite(fd, "x", 1, BLOCK), 1);
    expect_events(r, "pwrite a", "length of a is 4097 bytes", "write a block 1",
                  "sync of a block 1 begins", "sync of the length of a begins", "sync done",
                  "sync done", NULL);
    assert_int_equal(pwrite(fd, "y", 1, BLOCK), 1);
    expect_events(r, "pwrite a", "write a block 1", "sync of a block 1 begins", "sync done", NULL);
    close(fd);
}

static void a_write_may_ask_for_its_own_sync(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);
    char byte = 'x';
    struct iovec part = {&byte, 1};

    assert_int_equal(ftruncate(fd, 2 * BLOCK), 0);
    assert_int_equal(fsync(fd), 0);
    skip_events(r);
    assert_int_equal(pwritev2(fd, &part, 1, 0, RWF_DSYNC), 1);
    expect_events(r, "pwrite a", "write a block 0", "sync of a block 0 begins", "sync done", NULL);
    close(fd);
}

static void renaming_moves_the_name(void **state)
{
    struct recorded *r = *state;

    close(open_in(r, "a", O_RDWR | O_CREAT));
    close(open_in(r, "b", O_RDWR | O_CREAT));
    skip_events(r);
    assert_int_equal(rename(path_in(r, "a"), path_in(r, "b")), 0);
    expect_events(r, "rename a", "name b is file 1", "name a is gone", NULL);
}

static void exchanging_swaps_names(void **state)
{
    struct recorded *r = *state;

    close(open_in(r, "a", O_RDWR | O_CREAT));
    close(open_in(r, "b", O_RDWR | O_CREAT));
    skip_events(r);
    assert_int_equal(
        renameat2(AT_FDCWD, path_in(r, "a"), AT_FDCWD, path_in(r, "b"), RENAME_EXCHANGE), 0);
    expect_events(r, "rename a", "name b is file 1", "name a is file 2", NULL);
}

static void a_hard_link_is_a_second_name_of_the_file(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);

    skip_events(r);
    assert_int_equal(link(path_in(r, "a"), path_in(r, "b")), 0);
    expect_events(r, "link a", "name b is file 1", NULL);
    assert_int_equal(unlink(path_in(r, "a")), 0);
    expect_events(r, "unlink b", "name a is gone", NULL);
    assert_int_equal(pwrite(fd, "x", 1, 0), 1);
    expect_events(r, "pwrite b", "length of b is 1 bytes", "write b block 0", NULL);
    close(fd);
}

static void a_file_moved_in_comes_with_its_content(void **state)
{
    struct recorded *r = *state;
    char outside[96];
    int fd;

    snprintf(outside, sizeof(outside), "%s-outside", r->directory);
    fd = open(outside, O_RDWR | O_CREAT, 0600);
    assert_int_equal(pwrite(fd, "x", 1, 0), 1);
    expect_events(r, NULL);
    assert_int_equal(rename(outside, path_in(r, "a")), 0);
    expect_events(r, "rename", "length of a is 1 bytes", "write a block 0", "name a is file 1",
                  NULL);
    assert_int_equal(fsync(fd), 0);
    expect_events(r, "fsync a", "sync of a begins", "sync done", NULL);
    close(fd);
}

static void relative_paths_are_seen_through(void **state)
{
    struct recorded *r = *state;
    int directory = open(r->directory, O_RDONLY | O_DIRECTORY);

    close(openat(directory, "a", O_RDWR | O_CREAT, 0600));
    expect_events(r, "open", "name a is file 1", "close a", NULL);
    assert_int_equal(unlinkat(directory, "./a", 0), 0);
    expect_events(r, "unlink a", "name a is gone", NULL);
    close(directory);
}

static void a_copied_descriptor_is_the_same_file(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 100);

    assert_true(copy >= 100);
    close(fd);
    skip_events(r);
    assert_int_equal(dup2(copy, fd), fd);
    assert_int_equal(pwrite(fd, "x", 1, 0), 1);
    expect_events(r, "pwrite a", "length of a is 1 bytes", "write a block 0", NULL);
    close(fd);
    close(copy);
}

static void a_reused_descriptor_number_is_not_mistaken(void **state)
{
    struct recorded *r = *state;
    int number = open_in(r, "a", O_RDWR | O_CREAT), fd;

    syscall(SYS_close, number);
    skip_events(r);
    fd = open("/dev/null", O_WRONLY);
    assert_int_equal(fd, number);
    assert_int_equal(write(fd, "x", 1), 1);
    close(fd);
    expect_events(r, NULL);
}

static void other_files_leave_no_trace(void **state)
{
    struct recorded *r = *state;
    char outside[96];
    int fd;

    snprintf(outside, sizeof(outside), "%s-outside", r->directory);
    fd = open(outside, O_RDWR | O_CREAT, 0600);
    assert_int_equal(pwrite(fd, "x", 1, 0), 1);
    assert_int_equal(fsync(fd), 0);
    close(fd);
    assert_int_equal(unlink(outside), 0);
    expect_events(r, NULL);
}

static void reading_leaves_no_trace(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);
    struct stat status;
    char byte;

    skip_events(r);
    assert_int_equal(pread(fd, &byte, 1, 0), 0);
    assert_int_equal(fstat(fd, &status), 0);
    assert_int_equal(access(path_in(r, "a"), R_OK), 0);
    expect_events(r, NULL);
    close(fd);
}

static void a_failed_sync_says_so(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);

    skip_events(r);
    close(fd);
    assert_int_equal(fsync(fd), -1);
    assert_int_equal(errno, EBADF);
    expect_events(r, "close a", NULL);
}

static void the_recorders_descriptors_cannot_be_closed(void **state)
{
    struct recorded *r = *state;
    int fd = open_in(r, "a", O_RDWR | O_CREAT);

    for (int other = 500; other < 600; other++)
        close(other);
    skip_events(r);
    assert_int_equal(pwrite(fd, "x", 1, 0), 1);
    expect_events(r, "pwrite a", "length of a is 1 bytes", "write a block 0", NULL);
    close(fd);
}

static void what_was_there_is_durable(void **state)
{
    struct recorded *r = *state;
    int b = open_in(r, "b", O_RDWR | O_CREAT), a = open_in(r, "a", O_RDWR | O_CREAT);

    assert_int_equal(pwrite(a, "x", 1, 5 * BLOCK), 1);
    recorded_begin(r);
    expect_events(r, "length of a is 20481 bytes", "write a block 5", "name a is file 1",
                  "name b is file 2", "sync of a begins", "sync of b begins",
                  "sync of the directory begins", "sync done", "sync done", "sync done", NULL);
    assert_int_equal(pwrite(b, "x", 1, 0), 1);
    expect_events(r, "pwrite b", "length of b is 1 bytes", "write b block 0", NULL);
    close(a);
    close(b);
}

static uint64_t told_by(int fd)
{
    uint64_t number = 0;
    assert_int_equal(pread(fd, &number, sizeof number, BLOCK), sizeof number);
    return number;
}

static void a_beacon_tells_how_far_the_recording_is(void **state)
{
    struct recorded *r = *state;
    int beacon = memfd_create("beacon", MFD_CLOEXEC), fd = open_in(r, "a", O_RDWR | O_CREAT);

    fsim_capture_beacon(beacon, BLOCK);
    assert_int_equal(told_by(beacon), fsim_trace_events(r->trace));
    assert_int_equal(fdatasync(fd), 0);
    assert_int_equal(told_by(beacon), fsim_trace_events(r->trace));
    fsim_capture_mark(FSIM_MARK_BEGIN, "attempt", (struct fsim_digest){1, 1}, NULL, 0);
    assert_int_equal(told_by(beacon), fsim_trace_events(r->trace));

    fsim_capture_beacon(-1, 0);
    assert_int_equal(fdatasync(fd), 0);
    assert_true(told_by(beacon) < fsim_trace_events(r->trace));
    close(fd);
    close(beacon);
}

static void one_recording_at_a_time(void **state)
{
    struct recorded *r = *state;

    assert_int_equal(fsim_capture_begin(r->trace, r->directory), -EBUSY);
}

static void a_missing_directory_is_an_error(void **state)
{
    struct recorded *r = *state;

    assert_int_equal(fsim_capture_begin(r->trace, path_in(r, "none")), -ENOENT);
    recorded_begin(r);
}

static void steps_and_marks_are_in_the_order_of_things(void **state)
{
    struct recorded *r = *state;
    struct fsim_digest digest = {1, 2};

    fsim_capture_step(3, "put a");
    fsim_capture_mark(FSIM_MARK_BEGIN, "snapshot 3", digest, "payload", 8);
    fsim_capture_mark(FSIM_MARK_ACK, "snapshot 3", digest, NULL, 0);
    expect_events(r, "step 3: put a", "attempt begins: snapshot 3", "acknowledged: snapshot 3",
                  NULL);
    assert_string_equal(fsim_trace_payload(r->trace, fsim_trace_mark(r->trace, 0)), "payload");
}

#define recorded_test(test) cmocka_unit_test_setup_teardown(test, recorded_setup, recorded_teardown)
#define idle_test(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, recorded_setup_idle, recorded_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        recorded_test(creation_gives_a_name),
        recorded_test(an_open_that_fails_changes_nothing),
        recorded_test(a_write_is_recorded_block_by_block),
        recorded_test(a_write_at_the_descriptors_offset_lands_there),
        recorded_test(vectors_are_one_write),
        recorded_test(appending_lands_at_the_end),
        recorded_test(the_same_bytes_again_are_no_new_version),
        recorded_test(a_shorter_file_loses_its_tail),
        recorded_test(a_tail_that_was_cut_off_is_gone_when_the_cut_is_synced),
        recorded_test(o_trunc_empties),
        recorded_test(reserving_grows_and_punching_zeroes),
        recorded_test(syncs_are_bracketed),
        recorded_test(the_directory_syncs_names),
        recorded_test(a_synchronous_write_is_durable_where_it_wrote),
        recorded_test(a_write_may_ask_for_its_own_sync),
        recorded_test(renaming_moves_the_name),
        recorded_test(exchanging_swaps_names),
        recorded_test(a_hard_link_is_a_second_name_of_the_file),
        recorded_test(a_file_moved_in_comes_with_its_content),
        recorded_test(relative_paths_are_seen_through),
        recorded_test(a_copied_descriptor_is_the_same_file),
        recorded_test(a_reused_descriptor_number_is_not_mistaken),
        recorded_test(other_files_leave_no_trace),
        recorded_test(reading_leaves_no_trace),
        recorded_test(a_failed_sync_says_so),
        recorded_test(the_recorders_descriptors_cannot_be_closed),
        recorded_test(a_beacon_tells_how_far_the_recording_is),
        recorded_test(one_recording_at_a_time),
        recorded_test(steps_and_marks_are_in_the_order_of_things),
        idle_test(what_was_there_is_durable),
        idle_test(a_missing_directory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

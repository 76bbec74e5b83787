/* SPDX-License-Identifier: MIT */
/* Faults of libc calls: what the program sees, and what the recording says of it. */
#include "recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <faultsim/calls.h>
#include <faultsim/plan.h>

enum { BLOCK = FSIM_BLOCK_SIZE };

static void arm(const char *text)
{
    struct fsim_plan plan;
    char message[160] = "";

    if (fsim_plan_parse(text, NULL, &plan, message, sizeof(message)) != 0)
        fail_msg("%s: %s", text, message);
    assert_int_equal(fsim_plan_arm(&plan, 0), 0);
}

static int disarm(void **state)
{
    fsim_plan_disarm();
    return recorded_teardown(state);
}

static int file_of_blocks(struct recorded *r, size_t blocks)
{
    int fd = open_in(r, "a", O_RDWR | O_CREAT);

    assert_int_equal(ftruncate(fd, (off_t)(blocks * BLOCK)), 0);
    skip_events(r);
    return fd;
}

static void a_failed_write_is_not_made(void **state)
{
    struct recorded *r = *state;
    int fd = file_of_blocks(r, 1);

    arm("call/pwrite@2:error:ENOSPC");
    assert_int_equal(pwrite(fd, "x", 1, 0), 1);
    assert_int_equal(pwrite(fd, "y", 1, 0), -1);
    assert_int_equal(errno, ENOSPC);
    assert_int_equal(pwrite(fd, "z", 1, 1), 1);
    expect_events(r, "pwrite a", "write a block 0",
                  "pwrite a, fails by plan: No space left on device", "pwrite a", "write a block 0",
                  NULL);
    assert_string_equal(last_content(r, 1, 0), "xz");
    assert_int_equal(fsim_plan_fired(), 1);
    close(fd);
}

static void a_failed_sync_makes_nothing_durable(void **state)
{
    struct recorded *r = *state;
    int fd = file_of_blocks(r, 1);

    arm("call/fdatasync@1,call/fsync@1+:error:EDQUOT");
    assert_int_equal(fdatasync(fd), -1);
    assert_int_equal(errno, EIO);
    assert_int_equal(fsync(fd), -1);
    assert_int_equal(errno, EDQUOT);
    assert_int_equal(fdatasync(fd), 0);
    expect_events(r, "fdatasync a, fails by plan: Input/output error", "sync of a begins",
                  "sync failed: Input/output error", "fsync a, fails by plan: Disk quota exceeded",
                  "sync of a begins", "sync failed: Disk quota exceeded", "fdatasync a",
                  "sync of a begins", "sync done", NULL);
    close(fd);
}

static void after_a_failed_sync_writes_of_the_same_bytes_count(void **state)
{
    struct recorded *r = *state;
    int fd = file_of_blocks(r, 1);

    arm("call/fdatasync@1");
    assert_int_equal(pwrite(fd, "x", 1, 0), 1);
    assert_int_equal(pwrite(fd, "x", 1, 0), 1);
    expect_events(r, "pwrite a", "write a block 0", "pwrite a", NULL);
    assert_int_equal(fdatasync(fd), -1);
    skip_events(r);
    assert_int_equal(pwrite(fd, "x", 1, 0), 1);
    expect_events(r, "pwrite a", "write a block 0", NULL);
    close(fd);
}

static void a_failed_sync_of_a_mapping_names_its_blocks(void **state)
{
    struct recorded *r = *state;
    int fd;
    char *pages = map_in(r, "a", 2, &fd);

    skip_events(r);
    arm("call/msync");
    pages[BLOCK] = 'x';
    assert_int_equal(msync(pages, 2 * BLOCK, MS_SYNC), -1);
    assert_int_equal(errno, EIO);
    expect_events(r, "write a block 1", "msync a, fails by plan: Input/output error",
                  "sync of a blocks 0-1 begins", "sync of the length of a begins",
                  "sync failed: Input/output error", "sync failed: Input/output error", NULL);
    close(fd);
}

static void a_skipped_sync_has_not_begun(void **state)
{
    struct recorded *r = *state;
    int fd = file_of_blocks(r, 1);

    arm("call/fsync:skip");
    assert_int_equal(fsync(fd), 0);
    expect_events(r, "fsync a, skipped by plan", NULL);
    close(fd);
}

static void a_short_write_ends_in_the_middle(void **state)
{
    struct recorded *r = *state;
    int fd = file_of_blocks(r, 1);
    char text[] = "abcdefgh";
    struct iovec parts[] = {{text, 3}, {text + 3, 3}, {text + 6, 2}};

    arm("call/pwritev@1+:short");
    assert_int_equal(pwritev(fd, parts, 3, 0), 4);
    assert_string_equal(last_content(r, 1, 0), "abcd");
    assert_int_equal(pwritev(fd, parts + 1, 1, 10), 1);
    assert_int_equal(pwrite(fd, "x", 1, 20), 1);
    expect_events(r, "pwrite a, cut short by plan", "write a block 0",
                  "pwrite a, cut short by plan", "write a block 0", "pwrite a, cut short by plan",
                  "write a block 0", NULL);
    close(fd);
}

static void a_short_write_moves_the_descriptor_as_far_as_it_got(void **state)
{
    struct recorded *r = *state;
    int fd = file_of_blocks(r, 1);

    arm("call/write@1:short");
    assert_int_equal(write(fd, "abcd", 4), 2);
    assert_int_equal(write(fd, "xy", 2), 2);
    assert_string_equal(last_content(r, 1, 0), "abxy");
    close(fd);
}

static void reads_are_seen_when_they_fail(void **state)
{
    struct recorded *r = *state;
    int fd = file_of_blocks(r, 1);
    char text[8] = "";

    assert_int_equal(pwrite(fd, "abcdefg", 8, 0), 8);
    skip_events(r);
    arm("call/pread@2:short,call/read@1");
    assert_int_equal(pread(fd, text, 8, 0), 8);
    assert_int_equal(pread(fd, text, 8, 0), 4);
    assert_string_equal(text, "abcdefg");
    assert_int_equal(read(fd, text, 8), -1);
    assert_int_equal(errno, EIO);
    expect_events(r, "pread a, cut short by plan", "read a, fails by plan: Input/output error",
                  NULL);
    close(fd);
}

static void a_hit_belongs_to_one_rule_but_all_count_it(void **state)
{
    struct recorded *r = *state;
    int fd = file_of_blocks(r, 1);
    char text[8];

    arm("call/pread@2:short,call/preadv@3:error:EINTR");
    assert_int_equal(pread(fd, text, 8, 0), 8);
    assert_int_equal(pread(fd, text, 8, 0), 4);
    assert_int_equal(pread(fd, text, 8, 0), -1);
    assert_int_equal(errno, EINTR);
    close(fd);
}

static void mappings_stay_as_they_were(void **state)
{
    struct recorded *r = *state;
    int fd;
    char *pages = map_in(r, "a", 2, &fd);

    skip_events(r);
    arm("call/munmap,call/mprotect:skip,call/mremap:error:EFAULT,call/mmap");
    assert_int_equal(munmap(pages, BLOCK), -1);
    assert_int_equal(errno, ENOMEM);
    assert_int_equal(mprotect(pages, BLOCK, PROT_NONE), 0);
    assert_ptr_equal(mremap(pages, BLOCK, 2 * BLOCK, MREMAP_MAYMOVE), MAP_FAILED);
    assert_int_equal(errno, EFAULT);
    assert_ptr_equal(mmap(pages, BLOCK, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
                     MAP_FAILED);
    assert_int_equal(errno, ENOMEM);
    fsim_plan_disarm();
    skip_events(r);
    pages[0] = 'x';
    fsim_capture_sample();
    expect_events(r, "write a block 0", NULL);
    close(fd);
}

static void private_mappings_count_as_well(void **state)
{
    struct recorded *r = *state;
    int fd = file_of_blocks(r, 2);
    char *pages = mmap(NULL, 2 * BLOCK, PROT_READ, MAP_PRIVATE, fd, 0);

    skip_events(r);
    arm("call/mprotect@2");
    assert_int_equal(mprotect(pages, BLOCK, PROT_READ | PROT_WRITE), 0);
    assert_int_equal(mprotect(pages, BLOCK, PROT_READ), -1);
    pages[0] = 'x';
    assert_int_equal(munmap(pages, 2 * BLOCK), 0);
    expect_events(r, "mprotect a, fails by plan: Cannot allocate memory", NULL);
    close(fd);
}

static void other_files_and_mappings_do_not_count(void **state)
{
    int fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    void *page;

    arm("call/*");
    assert_int_equal(write(fd, "x", 1), 1);
    assert_int_equal(fsync(fd), 0);
    page = mmap(NULL, BLOCK, PROT_READ, MAP_SHARED, fd, 0);
    assert_ptr_not_equal(page, MAP_FAILED);
    assert_int_equal(munmap(page, BLOCK), 0);
    assert_int_equal(close(fd), 0);
    assert_int_equal(fsim_plan_fired(), 0);
}

static void a_close_that_fails_closes(void **state)
{
    struct recorded *r = *state;
    int fd = file_of_blocks(r, 1);

    arm("call/close@1");
    assert_int_equal(close(fd), -1);
    assert_int_equal(errno, EIO);
    assert_int_equal(close(fd), -1);
    assert_int_equal(errno, EBADF);
}

static void names_stay_as_they_were(void **state)
{
    struct recorded *r = *state;

    close(open_in(r, "a", O_RDWR | O_CREAT));
    skip_events(r);
    arm("call/rename,call/link:error:EMLINK,call/unlink:skip,call/open@1");
    assert_int_equal(open(path_in(r, "a"), O_RDONLY), -1);
    assert_int_equal(errno, EACCES);
    assert_int_equal(rename(path_in(r, "a"), path_in(r, "b")), -1);
    assert_int_equal(errno, EACCES);
    assert_int_equal(link(path_in(r, "a"), path_in(r, "b")), -1);
    assert_int_equal(errno, EMLINK);
    assert_int_equal(unlink(path_in(r, "a")), 0);
    assert_int_equal(access(path_in(r, "a"), F_OK), 0);
    expect_events(r, "open a, fails by plan: Permission denied",
                  "rename a, fails by plan: Permission denied",
                  "link a, fails by plan: Too many links", "unlink a, skipped by plan", NULL);
}

static void a_star_alone_is_about_fault_points(void **state)
{
    struct recorded *r = *state;
    int fd = file_of_blocks(r, 1);

    arm("*,c*");
    assert_int_equal(fsync(fd), 0);
    fsim_plan_disarm();
    arm("call/*@2");
    assert_int_equal(fsync(fd), 0);
    assert_int_equal(ftruncate(fd, 0), -1);
    close(fd);
}

static void a_crash_ends_the_recording_before_the_call(void **state)
{
    struct recorded *r = *state;
    int status;
    pid_t child = fork();

    if (child == 0) {
        recorded_begin(r);
        int fd = file_of_blocks(r, 1);
        arm("call/pwrite@1:crash");
        (void)!pwrite(fd, "x", 1, 0);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), FSIM_CRASH_EXIT);
    r->seen = fsim_trace_events(r->trace) - 1;
    expect_events(r, "pwrite a, the recording ends by plan", NULL);
}

static void names_of_the_same_call_are_one(void **state)
{
    for (size_t i = 0; i < fsim_call_alias_count; i++)
        assert_true(fsim_call_find(fsim_call_aliases[i].alias) < FSIM_CALL_COUNT);
    assert_int_equal(fsim_call_find("call/renameat2"), FSIM_CALL_RENAME);
    assert_int_equal(fsim_call_find("call/"), FSIM_CALL_COUNT);
    assert_int_equal(fsim_call_find("pwrite"), FSIM_CALL_COUNT);
}

#define recorded_test(test) cmocka_unit_test_setup_teardown(test, recorded_setup, disarm)

int main(void)
{
    const struct CMUnitTest tests[] = {
        recorded_test(a_failed_write_is_not_made),
        recorded_test(a_failed_sync_makes_nothing_durable),
        recorded_test(after_a_failed_sync_writes_of_the_same_bytes_count),
        recorded_test(a_failed_sync_of_a_mapping_names_its_blocks),
        recorded_test(a_skipped_sync_has_not_begun),
        recorded_test(a_short_write_ends_in_the_middle),
        recorded_test(a_short_write_moves_the_descriptor_as_far_as_it_got),
        recorded_test(reads_are_seen_when_they_fail),
        recorded_test(a_hit_belongs_to_one_rule_but_all_count_it),
        recorded_test(mappings_stay_as_they_were),
        recorded_test(private_mappings_count_as_well),
        recorded_test(other_files_and_mappings_do_not_count),
        recorded_test(a_close_that_fails_closes),
        recorded_test(names_stay_as_they_were),
        recorded_test(a_star_alone_is_about_fault_points),
        cmocka_unit_test_setup_teardown(a_crash_ends_the_recording_before_the_call,
                                        recorded_setup_idle, disarm),
        cmocka_unit_test(names_of_the_same_call_are_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

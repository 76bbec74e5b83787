/* SPDX-License-Identifier: MIT */
/* Recordings whose files live in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <faultsim/explore.h>

enum { LARGE = 1 << 30 };

/* What became of the file goes to shared memory. */
static int reserve(void *context, const char *directory)
{
    char path[512];
    snprintf(path, sizeof path, "%s/large", directory);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    int error = -posix_fallocate(fd, 0, LARGE);
    if (error == 0)
        error = -posix_fallocate(fd, 0, LARGE / 2);
    fstat(fd, context);
    close(fd);
    return error;
}

static void recover(void *context, const char *directory, struct fsim_outcome *outcome)
{
    (void)context;
    (void)directory;
    outcome->state = FSIM_ABSENT;
}

static void a_reservation_is_a_length_and_takes_no_memory(void **state)
{
    struct stat *file =
        mmap(NULL, sizeof *file, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct fsim_subject subject = {
        .name = "large", .context = file, .record = reserve, .recover = recover};
    struct fsim_options options = {.in_memory = true, .points = "none of them"};
    struct fsim_summary summary;
    assert_int_equal(fsim_crash_test(&subject, &options, &summary), 0);
    assert_int_equal(file->st_size, LARGE);
    assert_int_equal(file->st_blocks, 0);
    munmap(file, sizeof *file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reservation_is_a_length_and_takes_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Workloads that change files behind the recorder's back are refused, not judged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <faultsim/capture.h>
#include <faultsim/explore.h>

static const char *path_in(const char *directory, const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static int make_a_file(void *context, const char *directory)
{
    int fd = open(path_in(directory, "old"), O_RDWR | O_CREAT, 0600);
    ssize_t written = write(fd, "old", 3);
    close(fd);
    return written == 3 ? 0 : -EIO;
}

static int print_into(const char *path, const char *mode)
{
    FILE *stream = fopen(path, mode);
    if (stream == NULL)
        return -errno;
    fputs("new", stream);
    return fclose(stream) == 0 ? 0 : -errno;
}

static int print_over_a_file(void *context, const char *directory)
{
    return print_into(path_in(directory, "old"), "r+");
}

static int print_at_the_end(void *context, const char *directory)
{
    return print_into(path_in(directory, "old"), "a");
}

static int print_a_new_file(void *context, const char *directory)
{
    return print_into(path_in(directory, "new"), "w");
}

static int print_elsewhere(void *context, const char *directory)
{
    return print_into("/dev/null", "w");
}

static void recover_nothing(void *context, const char *directory, struct fsim_outcome *outcome)
{
}

static int explore(int (*record)(void *, const char *), struct fsim_summary *summary)
{
    struct fsim_subject subject = {
        .name = "printer", .setup = make_a_file, .record = record, .recover = recover_nothing};
    struct fsim_options options = {.model = FSIM_POWER_LOSS};
    return fsim_crash_test(&subject, &options, summary);
}

static void changes_that_no_wrapped_call_made_are_named(void **state)
{
    static struct fsim_summary summary;
    assert_int_equal(explore(print_over_a_file, &summary), -ENOTSUP);
    assert_non_null(strstr(summary.error, "old was changed by what is not recorded"));
    assert_int_equal(explore(print_at_the_end, &summary), -ENOTSUP);
    assert_non_null(strstr(summary.error, "old was changed by what is not recorded"));
    assert_int_equal(explore(print_a_new_file, &summary), -ENOTSUP);
    assert_non_null(strstr(summary.error, "new was changed by what is not recorded"));
}

static void what_happens_elsewhere_is_nobodys_business(void **state)
{
    static struct fsim_summary summary;
    assert_int_equal(explore(print_elsewhere, &summary), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_that_no_wrapped_call_made_are_named),
        cmocka_unit_test(what_happens_elsewhere_is_nobodys_business),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

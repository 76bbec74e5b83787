/* SPDX-License-Identifier: MIT */
/* The example of faultsim/explore.h: a C function crash-tested in ten lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <faultsim/capture.h>
#include <faultsim/explore.h>

static int save(const char *directory, int number)
{
    char path[512];
    snprintf(path, sizeof path, "%s/counter", directory);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    ssize_t written = pwrite(fd, &number, sizeof number, 0);
    int synced = fsync(fd);
    close(fd);
    return written == sizeof number ? synced : -1;
}

static int load(const char *directory)
{
    char path[512];
    int number = 0;
    snprintf(path, sizeof path, "%s/counter", directory);
    int fd = open(path, O_RDONLY);
    if (fd >= 0 && read(fd, &number, sizeof number) < 0)
        number = -1;
    close(fd);
    return number;
}

static struct fsim_digest state_of(int number)
{
    return (struct fsim_digest){(uint64_t)number, 1};
}

static int make_a_counter(void *context, const char *directory)
{
    return save(directory, 1);
}

static int body(void *context, const char *directory)
{
    fsim_capture_mark(FSIM_MARK_ACK, "one", state_of(1), NULL, 0);
    fsim_capture_mark(FSIM_MARK_BEGIN, "two", state_of(2), NULL, 0);
    int error = save(directory, 2);
    fsim_capture_mark(FSIM_MARK_ACK, "two", state_of(2), NULL, 0);
    return error;
}

static void recover(void *context, const char *directory, struct fsim_outcome *outcome)
{
    outcome->state = state_of(load(directory));
}

static void a_synced_counter_survives_every_crash(void **state)
{
    struct fsim_subject subject = {
        .name = "counter", .setup = make_a_counter, .record = body, .recover = recover};
    struct fsim_summary summary;
    int error =
        fsim_crash_test(&subject, &(struct fsim_options){.model = FSIM_POWER_LOSS}, &summary);
    assert_int_equal(error, 0);
    assert_int_equal(summary.violations, 0);
    assert_true(summary.complete);
}

/* This file is compiled without callbacks. */
static void stores_that_nobody_sees_are_refused(void **state)
{
    struct fsim_subject subject = {.name = "counter", .record = body, .recover = recover};
    struct fsim_summary summary;
    int error =
        fsim_crash_test(&subject, &(struct fsim_options){.grain = FSIM_GRAIN_STORE}, &summary);
    assert_int_equal(error, -ENOTSUP);
    assert_string_equal(
        summary.error,
        "this program cannot see stores: it was compiled without callbacks for them");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_synced_counter_survives_every_crash),
        cmocka_unit_test(stores_that_nobody_sees_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

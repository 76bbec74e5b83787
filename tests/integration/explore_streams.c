/* SPDX-License-Identifier: MIT */
/* A store that knows stdio only: written to a temporary file, synced, renamed; read by fread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <faultsim/capture.h>
#include <faultsim/explore.h>

enum { BYTES = 6000, MIXED = 'Z' };

static bool synced;

static struct fsim_digest state_of(int letter)
{
    return (struct fsim_digest){(uint64_t)letter, 1};
}

static void path_in(char path[256], const char *directory, const char *name)
{
    snprintf(path, 256, "%s/%s", directory, name);
}

static int print_all(const char *path, int letter)
{
    FILE *stream = fopen(path, "w");
    if (stream == NULL)
        return -errno;
    for (int i = 0; i < BYTES; i++)
        putc(letter, stream);
    if (fflush(stream) != 0 || (synced && fsync(fileno(stream)) != 0))
        return -errno;
    return fclose(stream) == 0 ? 0 : -errno;
}

static int publish(const char *directory, int letter)
{
    char path[256], temporary[256];
    path_in(path, directory, "data");
    path_in(temporary, directory, "data.new");
    int error = print_all(temporary, letter);
    if (error == 0 && rename(temporary, path) != 0)
        error = -errno;
    int fd = open(directory, O_RDONLY | O_DIRECTORY);
    if (error == 0 && fsync(fd) != 0)
        error = -errno;
    close(fd);
    return error;
}

static int setup(void *context, const char *directory)
{
    return publish(directory, 'a');
}

static int publish_more(void *context, const char *directory)
{
    fsim_capture_mark(FSIM_MARK_ACK, "a", state_of('a'), NULL, 0);
    fsim_capture_mark(FSIM_MARK_BEGIN, "b", state_of('b'), NULL, 0);
    int error = publish(directory, 'b');
    fsim_capture_mark(FSIM_MARK_ACK, "b", state_of('b'), NULL, 0);
    return error;
}

static void read_all(void *context, const char *directory, struct fsim_outcome *outcome)
{
    char path[256], bytes[BYTES + 1];
    path_in(path, directory, "data");
    FILE *stream = fopen(path, "r");
    outcome->status = stream == NULL ? FSIM_REFUSED : FSIM_RECOVERED;
    if (stream == NULL)
        return;
    const size_t count = fread(bytes, 1, sizeof bytes, stream);
    const bool whole = count == BYTES && memcmp(bytes, bytes + 1, BYTES - 1) == 0;
    outcome->state = state_of(whole ? bytes[0] : MIXED);
    fclose(stream);
}

static void crash(struct fsim_summary *summary)
{
    const struct fsim_subject subject = {
        .name = "printer", .setup = setup, .record = publish_more, .recover = read_all};
    const struct fsim_options options = {.model = FSIM_POWER_LOSS};
    assert_int_equal(fsim_crash_test(&subject, &options, summary), 0);
    assert_true(summary->complete);
}

static void with_syncs_it_is_right(void **state)
{
    static struct fsim_summary summary;
    synced = true;
    crash(&summary);
    assert_int_equal(summary.violations, 0);
    assert_true(summary.recoveries > 1);
}

static void without_them_it_is_found_out(void **state)
{
    static struct fsim_summary summary;
    synced = false;
    crash(&summary);
    assert_true(summary.violations > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_syncs_it_is_right),
        cmocka_unit_test(without_them_it_is_found_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

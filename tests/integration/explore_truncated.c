/* SPDX-License-Identifier: MIT */
/* A file that is made shorter: a crash brings back the old length with the old content, or neither.
 */
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

enum { BYTES = 3 * FSIM_BLOCK_SIZE, WHOLE = 1, EMPTY = 2, BROKEN = 3 };

/* A journal that commits by being cut to nothing, and is then used again. */
struct journal {
    bool forget_sync;
};

static struct fsim_digest state_of(int state)
{
    return (struct fsim_digest){(uint64_t)state, 1};
}

static int open_journal(const char *directory, int flags)
{
    char path[512];
    snprintf(path, sizeof path, "%s/journal", directory);
    return open(path, flags, 0600);
}

static int fill(int fd, int letter)
{
    char bytes[BYTES];
    memset(bytes, letter, sizeof bytes);
    return pwrite(fd, bytes, sizeof bytes, 0) == sizeof bytes ? 0 : -EIO;
}

static int make_journal(void *context, const char *directory)
{
    int fd = open_journal(directory, O_RDWR | O_CREAT);
    int error = fill(fd, 'a');
    close(fd);
    return error;
}

static int cut_and_use_again(void *context, const char *directory)
{
    const struct journal *journal = context;
    fsim_capture_mark(FSIM_MARK_ACK, "whole", state_of(WHOLE), NULL, 0);
    int fd = open_journal(directory, O_RDWR);
    fsim_capture_mark(FSIM_MARK_BEGIN, "empty", state_of(EMPTY), NULL, 0);
    int error = ftruncate(fd, 0);
    if (!journal->forget_sync)
        error |= fdatasync(fd);
    fsim_capture_mark(FSIM_MARK_ACK, "empty", state_of(EMPTY), NULL, 0);
    error |= fill(fd, 'b');
    error |= fdatasync(fd);
    close(fd);
    return error;
}

/* Nothing but what the first fill wrote is a journal; of that, all or nothing has to be there. */
static void recover(void *context, const char *directory, struct fsim_outcome *outcome)
{
    char bytes[BYTES] = "";
    int fd = open_journal(directory, O_RDONLY);
    ssize_t count = pread(fd, bytes, sizeof bytes, 0);
    close(fd);
    int as = 0;
    for (int block = 0; block < BYTES / FSIM_BLOCK_SIZE; block++)
        as += bytes[(ptrdiff_t)block * FSIM_BLOCK_SIZE] == 'a';
    bool whole = count == BYTES && as == BYTES / FSIM_BLOCK_SIZE;
    outcome->state = state_of(whole ? WHOLE : as == 0 ? EMPTY : BROKEN);
}

static struct fsim_summary explore(struct journal journal)
{
    struct fsim_subject subject = {.name = "journal",
                                   .context = &journal,
                                   .setup = make_journal,
                                   .record = cut_and_use_again,
                                   .recover = recover};
    struct fsim_options options = {.model = FSIM_POWER_LOSS, .search = FSIM_COMPARE};
    struct fsim_summary summary;
    if (fsim_crash_test(&subject, &options, &summary) != 0)
        fail_msg("%s", summary.error);
    assert_true(summary.complete);
    assert_int_equal(summary.disagreements, 0);
    return summary;
}

static void a_synced_cut_is_all_or_nothing_and_final(void **state)
{
    assert_int_equal(explore((struct journal){false}).violations, 0);
}

static void a_cut_that_was_not_synced_may_not_have_happened(void **state)
{
    assert_true(explore((struct journal){true}).violations > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_synced_cut_is_all_or_nothing_and_final),
        cmocka_unit_test(a_cut_that_was_not_synced_may_not_have_happened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

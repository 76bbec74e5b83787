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
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
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

/* Another program's calls do not come by here. */
static int run_unseen(const char *directory, const char *command)
{
    char line[600];
    snprintf(line, sizeof line, "cd %s && %s", directory, command);
    return system(line) == 0 ? 0 : -ECHILD;
}

static int change_a_file(void *context, const char *directory)
{
    return run_unseen(directory, "printf new >old");
}

static int append_to_a_file(void *context, const char *directory)
{
    return run_unseen(directory, "printf new >>old");
}

static int fill_a_new_file(void *context, const char *directory)
{
    return run_unseen(directory, "printf new >new");
}

static int remove_a_file(void *context, const char *directory)
{
    return run_unseen(directory, "rm old");
}

static int in_a_child(int (*work)(const char *), const char *path)
{
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(work(path) == 0 ? 0 : 1);
    return child > 0 && waitpid(child, &status, 0) == child && status == 0 ? 0 : -ECHILD;
}

static int sync_file(const char *path)
{
    int fd = open(path, O_RDWR);
    return fd >= 0 && fsync(fd) == 0 ? close(fd) : -1;
}

static int look_at_file(const char *path)
{
    return access(path, R_OK);
}

static int sync_in_a_child(void *context, const char *directory)
{
    return in_a_child(sync_file, path_in(directory, "old"));
}

static int look_in_a_child(void *context, const char *directory)
{
    return in_a_child(look_at_file, path_in(directory, "old"));
}

static int make_a_directory(void *context, const char *directory)
{
    return mkdir(path_in(directory, "below"), 0700) == 0 ? 0 : -errno;
}

static int make_a_symbolic_link(void *context, const char *directory)
{
    return symlink("old", path_in(directory, "other")) == 0 ? 0 : -errno;
}

static int write_elsewhere(void *context, const char *directory)
{
    return run_unseen("/", "printf new >/dev/null");
}

static void recover_nothing(void *context, const char *directory, struct fsim_outcome *outcome)
{
}

static int explore(int (*record)(void *, const char *), struct fsim_summary *summary)
{
    struct fsim_subject subject = {
        .name = "unseen", .setup = make_a_file, .record = record, .recover = recover_nothing};
    struct fsim_options options = {.model = FSIM_POWER_LOSS};
    return fsim_crash_test(&subject, &options, summary);
}

static void changes_that_no_wrapped_call_made_are_named(void **state)
{
    static struct fsim_summary summary;
    assert_int_equal(explore(change_a_file, &summary), -ENOTSUP);
    assert_non_null(strstr(summary.error, "old was changed by what is not recorded"));
    assert_int_equal(explore(append_to_a_file, &summary), -ENOTSUP);
    assert_non_null(strstr(summary.error, "old was changed by what is not recorded"));
    assert_int_equal(explore(fill_a_new_file, &summary), -ENOTSUP);
    assert_non_null(strstr(summary.error, "new was changed by what is not recorded"));
    assert_int_equal(explore(remove_a_file, &summary), -ENOTSUP);
    assert_non_null(strstr(summary.error, "old was changed by what is not recorded"));
}

static void what_a_child_syncs_is_told(void **state)
{
    static struct fsim_summary summary;
    assert_int_equal(explore(sync_in_a_child, &summary), -ENOTSUP);
    assert_non_null(strstr(summary.error, "a child process made a call"));
    assert_non_null(strstr(summary.error, "fsync of old"));
    assert_int_equal(explore(look_in_a_child, &summary), 0);
}

static void what_is_no_file_in_the_directory_is_named(void **state)
{
    static struct fsim_summary summary;
    assert_int_equal(explore(make_a_directory, &summary), -ENOTSUP);
    assert_non_null(strstr(summary.error, "below is a directory"));
    assert_int_equal(explore(make_a_symbolic_link, &summary), -ENOTSUP);
    assert_non_null(strstr(summary.error, "other is a symbolic link"));
}

static void what_happens_elsewhere_is_nobodys_business(void **state)
{
    static struct fsim_summary summary;
    assert_int_equal(explore(write_elsewhere, &summary), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_that_no_wrapped_call_made_are_named),
        cmocka_unit_test(what_a_child_syncs_is_told),
        cmocka_unit_test(what_is_no_file_in_the_directory_is_named),
        cmocka_unit_test(what_happens_elsewhere_is_nobodys_business),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

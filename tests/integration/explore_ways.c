/* SPDX-License-Identifier: MIT */
/*
 * One store, written to a temporary file, synced, renamed, by every way into a file that there is
 * beside the common calls, and read by every other: with its syncs it is right, without them it is
 * found out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <faultsim/capture.h>
#include <faultsim/explore.h>

enum { BYTES = 6000, ROOM = 2 * BYTES, MIXED = 'Z' };

static bool synced;

/* How a file is made, and how it is read: into a buffer of ROOM bytes, -1 if it is not there. */
struct way {
    int (*write)(const char *path, const char *bytes);
    int (*publish)(const char *from, const char *to);
    int (*sync_directory)(const char *path);
    ssize_t (*read)(const char *path, char *bytes);
};

static char *path_in(char path[PATH_MAX], const char *directory, const char *name)
{
    snprintf(path, PATH_MAX, "%s/%s", directory, name);
    return path;
}

/* ---- the common calls ---- */

static int write_plainly(const char *path, const char *bytes)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    bool done = write(fd, bytes, BYTES) == BYTES && (!synced || fsync(fd) == 0);
    return close(fd) == 0 && done ? 0 : -EIO;
}

static int rename_plainly(const char *from, const char *to)
{
    return rename(from, to);
}

static int sync_plainly(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY);
    int result = synced ? fsync(fd) : 0;
    close(fd);
    return result;
}

static ssize_t read_plainly(const char *path, char *bytes)
{
    int fd = open(path, O_RDONLY);
    ssize_t count = fd < 0 ? -1 : read(fd, bytes, ROOM);
    close(fd);
    return count;
}

/* ---- libc's syscall() ---- */

static int write_raw(const char *path, const char *bytes)
{
    long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    struct iovec parts[2] = {{(void *)(uintptr_t)bytes, 5000}, {(void *)(uintptr_t)bytes, 900}};
    bool done = syscall(SYS_pwritev, fd, parts, 2L, 0L, 0L) == 5900 &&
                syscall(SYS_pwrite64, fd, bytes, 100L, 5900L) == 100 &&
                (!synced || syscall(SYS_fdatasync, fd) == 0);
    return syscall(SYS_close, fd) == 0 && done ? 0 : -EIO;
}

static int rename_raw(const char *from, const char *to)
{
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

static int sync_raw(const char *path)
{
    long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);
    int result = synced ? (int)syscall(SYS_fsync, fd) : 0;
    syscall(SYS_close, fd);
    return result;
}

static ssize_t read_raw(const char *path, char *bytes)
{
    long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY, 0);
    ssize_t count = fd < 0 ? -1 : syscall(SYS_pread64, fd, bytes, (long)ROOM, 0L);
    syscall(SYS_close, fd);
    return count;
}

/* ---- streams ---- */

static int write_all(FILE *stream, const char *bytes)
{
    bool done = stream != NULL && fwrite(bytes, 1, BYTES, stream) == BYTES && fflush(stream) == 0 &&
                (!synced || fsync(fileno(stream)) == 0);
    return done && fclose(stream) == 0 ? 0 : -EIO;
}

static ssize_t read_all(FILE *stream, char *bytes)
{
    ssize_t count = stream == NULL ? -1 : (ssize_t)fread(bytes, 1, ROOM, stream);
    if (stream != NULL)
        fclose(stream);
    return count;
}

static int write_reopened(const char *path, const char *bytes)
{
    return write_all(freopen(path, "w", fopen("/dev/null", "w")), bytes);
}

static int write_reopened_twice(const char *path, const char *bytes)
{
    FILE *stream = fopen(path, "w");
    fputs("left behind", stream);
    return write_all(freopen(path, "w", stream), bytes);
}

static ssize_t read_reopened(const char *path, char *bytes)
{
    return read_all(freopen(path, "r", fopen("/dev/null", "r")), bytes);
}

static int write_as_standard_output(const char *path, const char *bytes)
{
    int kept = dup(STDOUT_FILENO);
    FILE *before = stdout;
    if (freopen(path, "w", stdout) == NULL)
        return -EIO;
    for (int i = 0; i < BYTES; i++)
        putchar(bytes[i]);
    bool done = fflush(stdout) == 0 && (!synced || fsync(STDOUT_FILENO) == 0);
    fclose(stdout);
    stdout = before;
    dup2(kept, STDOUT_FILENO);
    close(kept);
    return done ? 0 : -EIO;
}

/* ---- names ---- */

static ssize_t read_resolved(const char *path, char *bytes)
{
    char resolved[PATH_MAX];
    return realpath(path, resolved) == NULL ? -1 : read_plainly(resolved, bytes);
}

/* "/tmp/x/image/data" by way of "/tmp/x/image/../image/data". */
static ssize_t read_with_dots(const char *path, char *bytes)
{
    char directory[PATH_MAX], dotted[2 * PATH_MAX];
    snprintf(directory, sizeof directory, "%s", path);
    *strrchr(directory, '/') = '\0';
    snprintf(dotted, sizeof dotted, "%s/../%s/data", directory, strrchr(directory, '/') + 1);
    return read_plainly(dotted, bytes);
}

static ssize_t read_globbed(const char *path, char *bytes)
{
    char pattern[PATH_MAX];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%.*s*", (int)strlen(path) - 1, path);
    if (glob(pattern, 0, NULL, &found) != 0)
        return -1;
    ssize_t count = read_plainly(found.gl_pathv[0], bytes);
    globfree(&found);
    return count;
}

static off_t walked_bytes;

static int note_length(const char *path, const struct stat *status, int type, struct FTW *where)
{
    if (strcmp(path + where->base, "data") == 0)
        walked_bytes = status->st_size;
    return 0;
}

/* What the walk says of the length must be what is read. */
static ssize_t read_walked(const char *path, char *bytes)
{
    char directory[PATH_MAX];
    snprintf(directory, sizeof directory, "%s", path);
    *strrchr(directory, '/') = '\0';
    walked_bytes = -1;
    nftw(directory, note_length, 4, FTW_PHYS);
    ssize_t count = walked_bytes < 0 ? -1 : read_plainly(path, bytes);
    return count == walked_bytes ? count : 0;
}

/* As libraries call it that were compiled before glibc 2.33. */
int old_stat(int version, const char *path, struct stat *status) __asm__("__xstat");

static ssize_t read_by_an_old_library(const char *path, char *bytes)
{
    struct stat status;
    if (old_stat(1, path, &status) != 0)
        return -1;
    ssize_t count = read_plainly(path, bytes);
    return count == status.st_size ? count : 0;
}

/* A change of what is no part of a crash state finds the name, or does not. */
static ssize_t read_if_owned(const char *path, char *bytes)
{
    return chmod(path, 0600) == 0 ? read_plainly(path, bytes) : -1;
}

/* ---- threads, and other programs ---- */

struct reader {
    const char *path;
    pthread_t thread;
    ssize_t count;
    char bytes[ROOM];
};

static void *run_reader(void *argument)
{
    struct reader *reader = argument;
    reader->count = read_plainly(reader->path, reader->bytes);
    return NULL;
}

static ssize_t read_by_threads(const char *path, char *bytes)
{
    enum { READERS = 4 };
    static struct reader readers[READERS];
    bool same = true;
    for (int i = 0; i < READERS; i++) {
        readers[i].path = path;
        pthread_create(&readers[i].thread, NULL, run_reader, &readers[i]);
    }
    for (int i = 0; i < READERS; i++) {
        pthread_join(readers[i].thread, NULL);
        same = same && readers[i].count == readers[0].count &&
               (readers[0].count < 0 ||
                memcmp(readers[i].bytes, readers[0].bytes, (size_t)readers[0].count) == 0);
    }
    memcpy(bytes, readers[0].bytes, ROOM);
    return same ? readers[0].count : 0;
}

static ssize_t read_piped(const char *path, char *bytes)
{
    char command[PATH_MAX + 8];
    snprintf(command, sizeof command, "cat %s", path);
    FILE *stream = popen(command, "r");
    ssize_t count = (ssize_t)fread(bytes, 1, ROOM, stream);
    return pclose(stream) == 0 ? count : -1;
}

/* The program changes what it found. */
static ssize_t read_after_a_program(const char *path, char *bytes)
{
    char command[2 * PATH_MAX];
    snprintf(command, sizeof command, "mv %s %s.mine && echo more >>%s.mine", path, path, path);
    snprintf(command + strlen(command), 32, " 2>/dev/null");
    if (system(command) != 0)
        return -1;
    snprintf(command, sizeof command, "%s.mine", path);
    return read_plainly(command, bytes) - 5;
}

static pid_t start_cat(const char *path, int output)
{
    pid_t child = vfork();
    if (child == 0) {
        char way[] = "WAY=execle", *const environment[] = {way, NULL};
        dup2(output, STDOUT_FILENO);
        execle("/bin/sh", "sh", "-c", "test $WAY = execle && exec cat \"$0\"", path, (char *)NULL,
               environment);
        _exit(1);
    }
    close(output);
    return child;
}

static ssize_t read_by_a_child(const char *path, char *bytes)
{
    int ends[2], status;
    size_t count = 0;
    if (pipe(ends) != 0)
        return -1;
    pid_t child = start_cat(path, ends[1]);
    for (ssize_t more; (more = read(ends[0], bytes + count, ROOM - count)) > 0;)
        count += (size_t)more;
    close(ends[0]);
    waitpid(child, &status, 0);
    return status == 0 ? (ssize_t)count : -1;
}

static ssize_t read_asynchronously(const char *path, char *bytes)
{
    int fd = open(path, O_RDONLY);
    struct aiocb request = {.aio_fildes = fd, .aio_buf = bytes, .aio_nbytes = ROOM};
    const struct aiocb *const requests[] = {&request};
    ssize_t count = -1;
    if (fd >= 0 && aio_read(&request) == 0 && aio_suspend(requests, 1, NULL) == 0)
        count = aio_return(&request);
    close(fd);
    return count;
}

/* ---- the store ---- */

static struct fsim_digest state_of(int letter)
{
    return (struct fsim_digest){(uint64_t)letter, 1};
}

static int publish(const struct way *way, const char *directory, int letter)
{
    char data[PATH_MAX], fresh[PATH_MAX], bytes[BYTES];
    memset(bytes, letter, sizeof bytes);
    int error = way->write(path_in(fresh, directory, "fresh"), bytes);
    if (error == 0)
        error = way->publish(fresh, path_in(data, directory, "data"));
    return error == 0 ? way->sync_directory(directory) : error;
}

static int setup(void *context, const char *directory)
{
    const struct way plain = {write_plainly, rename_plainly, sync_plainly, read_plainly};
    return publish(&plain, directory, 'a');
}

static int publish_more(void *context, const char *directory)
{
    fsim_capture_mark(FSIM_MARK_ACK, "a", state_of('a'), NULL, 0);
    fsim_capture_mark(FSIM_MARK_BEGIN, "b", state_of('b'), NULL, 0);
    int error = publish(context, directory, 'b');
    fsim_capture_mark(FSIM_MARK_ACK, "b", state_of('b'), NULL, 0);
    return error;
}

static void recover(void *context, const char *directory, struct fsim_outcome *outcome)
{
    const struct way *way = context;
    char path[PATH_MAX], bytes[ROOM];
    ssize_t count = way->read(path_in(path, directory, "data"), bytes);
    bool whole = count == BYTES && memcmp(bytes, bytes + 1, BYTES - 1) == 0;
    outcome->status = count < 0 ? FSIM_REFUSED : FSIM_RECOVERED;
    outcome->state = state_of(whole ? bytes[0] : MIXED);
}

static uint64_t violations(struct way way, bool with_syncs)
{
    struct fsim_subject subject = {.name = "ways",
                                   .context = &way,
                                   .setup = setup,
                                   .record = publish_more,
                                   .recover = recover};
    const struct fsim_options options = {.model = FSIM_POWER_LOSS};
    static struct fsim_summary summary;
    way.write = way.write ? way.write : write_plainly;
    way.publish = way.publish ? way.publish : rename_plainly;
    way.sync_directory = way.sync_directory ? way.sync_directory : sync_plainly;
    way.read = way.read ? way.read : read_plainly;
    synced = with_syncs;
    if (fsim_crash_test(&subject, &options, &summary) != 0)
        fail_msg("%s", summary.error);
    assert_true(summary.complete);
    assert_true(summary.recoveries > 1);
    return summary.violations;
}

static void assert_seen(struct way way)
{
    assert_int_equal(violations(way, true), 0);
    assert_true(violations(way, false) > 0);
}

static void syscall_is_recorded(void **state)
{
    assert_seen((struct way){.write = write_raw});
    assert_seen((struct way){.publish = rename_raw});
    assert_seen((struct way){.sync_directory = sync_raw});
}

static void syscall_shows_crash_states(void **state)
{
    assert_seen((struct way){.read = read_raw});
}

static void reopened_streams_are_recorded(void **state)
{
    assert_seen((struct way){.write = write_reopened});
    assert_seen((struct way){.write = write_reopened_twice});
    assert_seen((struct way){.write = write_as_standard_output});
}

static void reopened_streams_show_crash_states(void **state)
{
    assert_seen((struct way){.read = read_reopened});
}

static void names_are_found_by_any_path(void **state)
{
    assert_seen((struct way){.read = read_resolved});
    assert_seen((struct way){.read = read_with_dots});
    assert_seen((struct way){.read = read_globbed});
    assert_seen((struct way){.read = read_walked});
    assert_seen((struct way){.read = read_by_an_old_library});
    assert_seen((struct way){.read = read_if_owned});
}

static void threads_see_one_crash_state(void **state)
{
    assert_seen((struct way){.read = read_by_threads});
}

static void other_programs_see_crash_states(void **state)
{
    assert_seen((struct way){.read = read_piped});
    assert_seen((struct way){.read = read_by_a_child});
    assert_seen((struct way){.read = read_after_a_program});
}

static void asynchronous_reads_show_crash_states(void **state)
{
    assert_seen((struct way){.read = read_asynchronously});
}

/* One request after the other is answered like that. */
static int write_asynchronously(const char *path, const char *bytes)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    struct aiocb request = {
        .aio_fildes = fd, .aio_buf = (void *)(uintptr_t)bytes, .aio_nbytes = BYTES};
    int results[] = {aio_write(&request), errno, aio_fsync(O_SYNC, &request), errno};
    close(fd);
    assert_int_equal(results[0], -1);
    assert_int_equal(results[1], ENOSYS);
    assert_int_equal(results[2], -1);
    assert_int_equal(results[3], ENOSYS);
    assert_int_equal(aio_error(&request), ENOSYS);
    return write_plainly(path, bytes);
}

static void asynchronous_writes_are_refused(void **state)
{
    assert_seen((struct way){.write = write_asynchronously});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(syscall_is_recorded),
        cmocka_unit_test(syscall_shows_crash_states),
        cmocka_unit_test(reopened_streams_are_recorded),
        cmocka_unit_test(reopened_streams_show_crash_states),
        cmocka_unit_test(names_are_found_by_any_path),
        cmocka_unit_test(threads_see_one_crash_state),
        cmocka_unit_test(other_programs_see_crash_states),
        cmocka_unit_test(asynchronous_reads_show_crash_states),
        cmocka_unit_test(asynchronous_writes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

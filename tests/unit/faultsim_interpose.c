/* SPDX-License-Identifier: MIT */
/* libc's calls as the wrappers hand them to a backend, and the two signals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interpose.h"

/* A backend that counts what it is asked, and answers with an error that no kernel has. */
enum { ODD = EKEYREVOKED };

/* Volatile: glibc declares some calls as leaves, which cannot come back here and change it. */
static volatile int asked;

static int odd_open(int directory, const char *path, int flags, mode_t mode)
{
    asked++;
    return -ODD;
}

static int odd_fd(int fd)
{
    asked++;
    return -ODD;
}

static int odd_dup(int fd, int wanted, int flags)
{
    asked++;
    return -ODD;
}

static ssize_t odd_io(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
    asked++;
    return -ODD;
}

static off_t odd_seek(int fd, off_t offset, int whence)
{
    asked++;
    return -ODD;
}

static int odd_sync(int fd, bool data_only)
{
    asked++;
    return -ODD;
}

static int odd_sync_all(int fd)
{
    asked++;
    return -ODD;
}

static int odd_sync_file_range(int fd, off_t offset, off_t bytes, unsigned flags)
{
    asked++;
    return -ODD;
}

static int odd_truncate(int fd, off_t length)
{
    asked++;
    return -ODD;
}

static int odd_allocate(int fd, int mode, off_t offset, off_t bytes)
{
    asked++;
    return -ODD;
}

static int odd_stat(int directory, const char *path, struct stat *status, int flags)
{
    asked++;
    return -ODD;
}

static int odd_access(int directory, const char *path, int mode, int flags)
{
    asked++;
    return -ODD;
}

static int odd_list(int directory, const char *path)
{
    asked++;
    return -ODD;
}

static int odd_rename(int a, const char *b, int c, const char *d, unsigned flags)
{
    asked++;
    return -ODD;
}

static int odd_link(int a, const char *b, int c, const char *d, int flags)
{
    asked++;
    return -ODD;
}

static int odd_unlink(int directory, const char *path, int flags)
{
    asked++;
    return -ODD;
}

static const struct backend odd = {
    .open = odd_open,
    .close = odd_fd,
    .dup = odd_dup,
    .read = odd_io,
    .write = odd_io,
    .seek = odd_seek,
    .sync = odd_sync,
    .sync_all = odd_sync_all,
    .sync_file_range = odd_sync_file_range,
    .truncate = odd_truncate,
    .allocate = odd_allocate,
    .rename = odd_rename,
    .link = odd_link,
    .unlink = odd_unlink,
    .stat = odd_stat,
    .access = odd_access,
    .list = odd_list,
};

static int uninstall(void **state)
{
    interpose_install(NULL);
    return 0;
}

/* The checked forms, as _FORTIFY_SOURCE calls them. */
int open_2(const char *path, int flags) __asm__("__open_2");
int open64_2(const char *path, int flags) __asm__("__open64_2");
int openat_2(int directory, const char *path, int flags) __asm__("__openat_2");
int openat64_2(int directory, const char *path, int flags) __asm__("__openat64_2");
ssize_t read_chk(int fd, void *bytes, size_t count, size_t room) __asm__("__read_chk");
ssize_t pread_chk(int fd, void *bytes, size_t count, off_t at, size_t room) __asm__("__pread_chk");
ssize_t pread64_chk(int fd, void *bytes, size_t count, off_t at,
                    size_t room) __asm__("__pread64_chk");

/* cmocka prints, and printing writes: nothing is asserted while the odd backend is installed. */
#define EXPECT_ASKED(call)                                                                         \
    do {                                                                                           \
        interpose_install(&odd);                                                                   \
        asked = 0;                                                                                 \
        errno = 0;                                                                                 \
        long result = (long)(call);                                                                \
        int error = errno, count = asked;                                                          \
        interpose_install(NULL);                                                                   \
        if (result != -1 || error != ODD || count != 1)                                            \
            fail_msg("%s: result %ld, errno %d, asked %d times", #call, result, error, count);     \
    } while (0)

static void every_name_of_a_call_reaches_the_backend(void **state)
{
    struct iovec part = {NULL, 0};
    struct stat status;
    struct stat64 status64;
    struct statx statusx;
    struct dirent **entries;
    char byte;

    EXPECT_ASKED(open("x", O_RDONLY));
    EXPECT_ASKED(open64("x", O_RDWR | O_CREAT, 0600));
    EXPECT_ASKED(openat(AT_FDCWD, "x", O_RDONLY));
    EXPECT_ASKED(openat64(AT_FDCWD, "x", O_RDONLY));
    EXPECT_ASKED(creat("x", 0600));
    EXPECT_ASKED(creat64("x", 0600));
    EXPECT_ASKED(open_2("x", O_RDONLY));
    EXPECT_ASKED(open64_2("x", O_RDONLY));
    EXPECT_ASKED(openat_2(AT_FDCWD, "x", O_RDONLY));
    EXPECT_ASKED(openat64_2(AT_FDCWD, "x", O_RDONLY));
    EXPECT_ASKED(close(0));
    EXPECT_ASKED(dup(0));
    EXPECT_ASKED(dup2(0, 77));
    EXPECT_ASKED(dup3(0, 77, O_CLOEXEC));
    EXPECT_ASKED(fcntl(0, F_DUPFD, 3));
    EXPECT_ASKED(fcntl64(0, F_DUPFD_CLOEXEC, 3));
    EXPECT_ASKED(read(0, &byte, 1));
    EXPECT_ASKED(read_chk(0, &byte, 1, 1));
    EXPECT_ASKED(pread(0, &byte, 1, 0));
    EXPECT_ASKED(pread64(0, &byte, 1, 0));
    EXPECT_ASKED(pread_chk(0, &byte, 1, 0, 1));
    EXPECT_ASKED(pread64_chk(0, &byte, 1, 0, 1));
    EXPECT_ASKED(readv(0, &part, 1));
    EXPECT_ASKED(preadv(0, &part, 1, 0));
    EXPECT_ASKED(preadv64(0, &part, 1, 0));
    EXPECT_ASKED(preadv2(0, &part, 1, -1, 0));
    EXPECT_ASKED(preadv64v2(0, &part, 1, 0, 0));
    EXPECT_ASKED(write(0, &byte, 1));
    EXPECT_ASKED(pwrite(0, &byte, 1, 0));
    EXPECT_ASKED(pwrite64(0, &byte, 1, 0));
    EXPECT_ASKED(writev(0, &part, 1));
    EXPECT_ASKED(pwritev(0, &part, 1, 0));
    EXPECT_ASKED(pwritev64(0, &part, 1, 0));
    EXPECT_ASKED(pwritev2(0, &part, 1, -1, 0));
    EXPECT_ASKED(pwritev64v2(0, &part, 1, 0, 0));
    EXPECT_ASKED(lseek(0, 0, SEEK_SET));
    EXPECT_ASKED(lseek64(0, 0, SEEK_SET));
    EXPECT_ASKED(fsync(0));
    EXPECT_ASKED(fdatasync(0));
    EXPECT_ASKED(syncfs(0));
    EXPECT_ASKED(sync_file_range(0, 0, 0, 0));
    EXPECT_ASKED(ftruncate(0, 0));
    EXPECT_ASKED(ftruncate64(0, 0));
    EXPECT_ASKED(truncate("x", 0));
    EXPECT_ASKED(truncate64("x", 0));
    EXPECT_ASKED(fallocate(0, 0, 0, 1));
    EXPECT_ASKED(fallocate64(0, 0, 0, 1));
    EXPECT_ASKED(rename("x", "y"));
    EXPECT_ASKED(renameat(AT_FDCWD, "x", AT_FDCWD, "y"));
    EXPECT_ASKED(renameat2(AT_FDCWD, "x", AT_FDCWD, "y", 0));
    EXPECT_ASKED(link("x", "y"));
    EXPECT_ASKED(linkat(AT_FDCWD, "x", AT_FDCWD, "y", 0));
    EXPECT_ASKED(unlink("x"));
    EXPECT_ASKED(unlinkat(AT_FDCWD, "x", 0));
    EXPECT_ASKED(remove("x"));
    EXPECT_ASKED(stat("x", &status));
    EXPECT_ASKED(stat64("x", &status64));
    EXPECT_ASKED(lstat("x", &status));
    EXPECT_ASKED(lstat64("x", &status64));
    EXPECT_ASKED(fstat(0, &status));
    EXPECT_ASKED(fstat64(0, &status64));
    EXPECT_ASKED(fstatat(AT_FDCWD, "x", &status, 0));
    EXPECT_ASKED(fstatat64(AT_FDCWD, "x", &status64, 0));
    EXPECT_ASKED(statx(AT_FDCWD, "x", 0, STATX_SIZE, &statusx));
    EXPECT_ASKED(access("x", F_OK));
    EXPECT_ASKED(faccessat(AT_FDCWD, "x", F_OK, 0));
    EXPECT_ASKED(fopen("x", "r") ? 0 : -1);
    EXPECT_ASKED(fopen64("x", "w") ? 0 : -1);
    EXPECT_ASKED(mkstemp((char[]){"XXXXXX"}));
    EXPECT_ASKED(mkostemp64((char[]){"XXXXXX"}, O_CLOEXEC));
    EXPECT_ASKED(mkstemps64((char[]){"XXXXXX"}, 0));
    EXPECT_ASKED(dprintf(0, "x"));
    EXPECT_ASKED(copy_file_range(0, NULL, 1, NULL, 1, 0));
    EXPECT_ASKED(sendfile(0, 1, NULL, 1));
    EXPECT_ASKED(sendfile64(0, 1, NULL, 1));
    EXPECT_ASKED(splice(0, NULL, 1, NULL, 1, 0));
    EXPECT_ASKED(scandir("x", &entries, NULL, NULL));
}

static void opendir_asks_before_it_reads(void **state)
{
    DIR *directory;
    int error;

    interpose_install(&odd);
    asked = 0;
    directory = opendir("/");
    error = errno;
    interpose_install(NULL);
    assert_null(directory);
    assert_int_equal(error, ODD);
    assert_int_equal(asked, 1);
}

static void posix_fallocate_returns_its_error(void **state)
{
    int result, result64;

    interpose_install(&odd);
    errno = 0;
    result = posix_fallocate(0, 0, 1);
    result64 = posix_fallocate64(0, 0, 1);
    int error = errno;
    interpose_install(NULL);
    assert_int_equal(result, ODD);
    assert_int_equal(result64, ODD);
    assert_int_equal(error, 0);
}

static void wrong_arguments_are_refused_before_the_backend(void **state)
{
    struct stat status;
    char byte;

    interpose_install(&odd);
    asked = 0;
    bool refused = pread(0, &byte, 1, -1) == -1 && errno == EINVAL &&
                   pwrite(0, &byte, 1, -1) == -1 && errno == EINVAL && dup2(0, -1) == -1 &&
                   errno == EBADF && dup3(0, 0, 0) == -1 && errno == EINVAL;
    interpose_install(NULL);
    assert_true(refused);
    assert_int_equal(asked, 0);
    assert_int_equal(fstat(AT_FDCWD, &status), -1);
    assert_int_equal(errno, EBADF);
}

static void without_a_backend_the_kernel_answers(void **state)
{
    int ends[2], copy;
    char byte = 0;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    copy = fcntl(ends[0], F_DUPFD_CLOEXEC, 50);
    assert_true(copy >= 50);
    assert_int_equal(fcntl(copy, F_GETFD), FD_CLOEXEC);
    assert_int_equal(read(copy, &byte, 1), 1);
    assert_int_equal(byte, 'x');
    assert_int_equal(dup2(copy, copy), copy);
    assert_int_equal(close(copy), 0);
    assert_int_equal(dup2(copy, copy), -1);
    assert_int_equal(errno, EBADF);
    assert_int_equal(lseek(ends[0], 0, SEEK_SET), -1);
    assert_int_equal(errno, ESPIPE);
    assert_ptr_equal(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), MAP_FAILED);
    assert_int_equal(errno, EINVAL);
    close(ends[0]);
    close(ends[1]);
}

static int tracked_fd;

static bool is_tracked(int fd)
{
    return fd == tracked_fd;
}

static void descriptors_of_no_concern_pass_by(void **state)
{
    static struct backend some;
    ssize_t to_tracked, to_other;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    some = odd;
    some.tracks = is_tracked;
    tracked_fd = ends[0];
    interpose_install(&some);
    to_tracked = write(ends[0], "x", 1);
    to_other = write(ends[1], "x", 1);
    interpose_install(NULL);
    assert_int_equal(to_tracked, -1);
    assert_int_equal(to_other, 1);
    close(ends[0]);
    close(ends[1]);
}

static int reopening_open(int directory, const char *path, int flags, mode_t mode)
{
    asked++;
    return open("/dev/null", O_RDONLY);
}

static void a_backends_own_calls_are_not_wrapped(void **state)
{
    static const struct backend reopening = {.open = reopening_open};
    int fd;

    interpose_install(&reopening);
    asked = 0;
    fd = open("anything", O_RDONLY);
    interpose_install(NULL);
    assert_true(fd >= 0);
    assert_int_equal(asked, 1);
    close(fd);
}

/* Faults: a guarded page that the backend opens, and one that it does not know. */
static struct {
    char *guarded, *foreign;
    int backend_faults, program_faults, backend_syncs;
    struct sigaction before;
    void *handler_frame;
    int masked;
} world;

static bool open_guarded(int signal, siginfo_t *info, void *context)
{
    world.backend_faults++;
    errno = ODD;
    return info->si_addr == world.guarded &&
           real_mprotect(world.guarded, 4096, PROT_READ | PROT_WRITE) == 0;
}

static int count_sync(int fd, bool data_only)
{
    world.backend_syncs++;
    return 0;
}

static const struct backend guardian = {.fault = open_guarded, .sync = count_sync};

static void open_foreign(int signal, siginfo_t *info, void *context)
{
    sigset_t mask;
    int local = 0;

    world.program_faults++;
    world.handler_frame = &local;
    sigprocmask(SIG_SETMASK, NULL, &mask);
    world.masked = sigismember(&mask, SIGUSR1);
    fsync(0);
    mprotect(world.foreign, 4096, PROT_READ | PROT_WRITE);
}

static int setup_pages(void **state)
{
    memset(&world, 0, sizeof(world));
    sigaction(SIGSEGV, NULL, &world.before);
    world.guarded = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    world.foreign = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return world.guarded == MAP_FAILED || world.foreign == MAP_FAILED ? -1 : 0;
}

static int teardown_pages(void **state)
{
    interpose_install(NULL);
    munmap(world.guarded, 4096);
    munmap(world.foreign, 4096);
    return sigaction(SIGSEGV, &world.before, NULL);
}

static void handle_with(void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};

    sigaddset(&action.sa_mask, SIGUSR1);
    assert_int_equal(sigaction(SIGSEGV, &action, NULL), 0);
}

static void store(char *page)
{
    *(volatile char *)page = 'x';
}

static void the_backend_is_asked_first(void **state)
{
    handle_with(open_foreign, 0);
    interpose_install(&guardian);
    errno = ENOTTY;
    store(world.guarded);
    assert_int_equal(errno, ENOTTY);
    assert_int_equal(world.backend_faults, 1);
    assert_int_equal(world.program_faults, 0);
}

static void what_it_does_not_know_is_the_programs(void **state)
{
    interpose_install(&guardian);
    handle_with(open_foreign, 0);
    store(world.foreign);
    assert_int_equal(world.backend_faults, 1);
    assert_int_equal(world.program_faults, 1);
    assert_int_equal(world.masked, 1);
    /* The program's handler is wrapped as any of its code. */
    assert_int_equal(world.backend_syncs, 1);
}

static void touch_guarded_then_open_foreign(int signal, siginfo_t *info, void *context)
{
    store(world.guarded);
    open_foreign(signal, info, context);
}

static void the_programs_handler_may_touch_what_is_guarded(void **state)
{
    interpose_install(&guardian);
    handle_with(touch_guarded_then_open_foreign, 0);
    store(world.foreign);
    assert_int_equal(world.backend_faults, 2);
    assert_int_equal(world.program_faults, 1);
}

static void the_program_sees_its_own_action(void **state)
{
    struct sigaction seen;

    handle_with(open_foreign, SA_RESTART);
    interpose_install(&guardian);
    assert_int_equal(sigaction(SIGSEGV, NULL, &seen), 0);
    assert_ptr_equal(seen.sa_sigaction, open_foreign);
    assert_true(seen.sa_flags & SA_RESTART);
    assert_false(seen.sa_flags & SA_NODEFER);
    assert_ptr_equal(signal(SIGSEGV, SIG_DFL), open_foreign);
    handle_with(open_foreign, 0);
    interpose_install(NULL);
    assert_int_equal(sigaction(SIGSEGV, NULL, &seen), 0);
    assert_ptr_equal(seen.sa_sigaction, open_foreign);
    store(world.foreign);
    assert_int_equal(world.backend_faults, 0);
    assert_int_equal(world.program_faults, 1);
}

static void a_handler_has_the_stack_it_asked_for(void **state)
{
    size_t bytes = (size_t)1 << 16;
    char *memory = malloc(bytes);
    stack_t own = {.ss_sp = memory, .ss_size = bytes}, before;

    assert_int_equal(sigaltstack(&own, &before), 0);
    interpose_install(&guardian);
    handle_with(open_foreign, SA_ONSTACK);
    store(world.foreign);
    assert_in_range((uintptr_t)world.handler_frame, (uintptr_t)memory, (uintptr_t)memory + bytes);
    assert_int_equal(sigaltstack(&before, NULL), 0);
    free(memory);
}

static int end_of_child(void (*body)(void))
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        body();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void fault_without_handler(void)
{
    signal(SIGSEGV, SIG_DFL);
    interpose_install(&guardian);
    store(world.foreign);
}

static void fault_ignored(void)
{
    interpose_install(&guardian);
    signal(SIGSEGV, SIG_IGN);
    raise(SIGSEGV);
    store(world.foreign);
}

static void raised_without_handler(void)
{
    interpose_install(&guardian);
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
}

static void raised_and_ignored(void)
{
    interpose_install(&guardian);
    signal(SIGSEGV, SIG_IGN);
    raise(SIGSEGV);
}

static void open_nothing(int signal, siginfo_t *info, void *context)
{
}

static void fault_after_one_shot_handler(void)
{
    interpose_install(&guardian);
    handle_with(open_nothing, SA_RESETHAND);
    store(world.foreign);
}

static void without_a_handler_a_fault_kills_as_ever(void **state)
{
    assert_int_equal(end_of_child(fault_without_handler), SIGSEGV);
    assert_int_equal(end_of_child(fault_ignored), SIGSEGV);
    assert_int_equal(end_of_child(raised_without_handler), SIGSEGV);
    assert_int_equal(end_of_child(raised_and_ignored), 0);
    assert_int_equal(end_of_child(fault_after_one_shot_handler), SIGSEGV);
}

#define call_test(test)  cmocka_unit_test_teardown(test, uninstall)
#define fault_test(test) cmocka_unit_test_setup_teardown(test, setup_pages, teardown_pages)

int main(void)
{
    const struct CMUnitTest tests[] = {
        call_test(every_name_of_a_call_reaches_the_backend),
        call_test(opendir_asks_before_it_reads),
        call_test(posix_fallocate_returns_its_error),
        call_test(wrong_arguments_are_refused_before_the_backend),
        call_test(without_a_backend_the_kernel_answers),
        call_test(descriptors_of_no_concern_pass_by),
        call_test(a_backends_own_calls_are_not_wrapped),
        fault_test(the_backend_is_asked_first),
        fault_test(what_it_does_not_know_is_the_programs),
        fault_test(the_programs_handler_may_touch_what_is_guarded),
        fault_test(the_program_sees_its_own_action),
        fault_test(a_handler_has_the_stack_it_asked_for),
        fault_test(without_a_handler_a_fault_kills_as_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

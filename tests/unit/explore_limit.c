/* SPDX-License-Identifier: MIT */
/* What a process has taken of its time limit. */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "limit.h"

enum { OBSERVED_MS = 300 };

/* The first processor that this process may have. */
static cpu_set_t one_processor(void)
{
    cpu_set_t all, one;
    assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
    CPU_ZERO(&one);
    for (int cpu = 0; CPU_COUNT(&one) == 0; cpu++) {
        if (CPU_ISSET(cpu, &all))
            CPU_SET(cpu, &one);
    }
    return one;
}

/* A process on that processor, so much nicer than others, that waits for SIGCONT and then
 * works for ever. */
static pid_t start(int nicer)
{
    const cpu_set_t processor = one_processor();
    int status;
    pid_t child = fork();
    if (child == 0) {
        errno = 0;
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
            sched_setaffinity(0, sizeof processor, &processor) != 0 ||
            (nice(nicer) == -1 && errno != 0))
            _exit(1);
        raise(SIGSTOP);
        for (;;)
            __asm__ volatile("");
    }
    assert_int_equal(waitpid(child, &status, WUNTRACED), child);
    assert_true(WIFSTOPPED(status));
    return child;
}

static void end(pid_t child)
{
    int status;
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

/* In percent of the time that passes. */
static uint64_t taken_by(pid_t child)
{
    struct limit limit;
    uint64_t begin, taken, passed;
    limit_begin(&limit, child);
    begin = limit.at;
    do {
        poll(NULL, 0, 10); /* as who watches it does */
        taken = limit_taken(&limit);
        passed = (limit.at - begin) / 1000000;
    } while (passed < OBSERVED_MS);
    return 100 * taken / passed;
}

static void a_process_that_waits_for_its_turn_takes_little(void **state)
{
    if (access("/proc/self/schedstat", R_OK) != 0)
        skip(); /* this kernel does not count what processes run */
    pid_t other = start(0), child = start(10);
    kill(other, SIGCONT);
    kill(child, SIGCONT);
    assert_in_range(taken_by(child), 0, 50);
    end(child);
    end(other);
}

static void a_process_that_does_not_want_to_run_takes_all(void **state)
{
    pid_t child = start(0);
    assert_in_range(taken_by(child), 95, 100);
    end(child);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_that_waits_for_its_turn_takes_little),
        cmocka_unit_test(a_process_that_does_not_want_to_run_takes_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

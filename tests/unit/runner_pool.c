/* SPDX-License-Identifier: MIT */
/* The pool: what a task's end, crash or interruption does to the others. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "workers/pool.h"

enum { KIND_SQUARE = 1, KIND_READY, TASKS = 12 };

/* Tasks that do something else than their square. */
enum { TASK_KILLED = 3, TASK_EXITS = 5, TASK_KILLS_WORKER = 7 };

struct record {
    struct pool *pool;
    uint64_t squares[TASKS];
    char *failures[TASKS];
    size_t ended;
    size_t interrupts; /* that are still to come once a task is ready */
    bool ready, pending;
};

static void send_number(int socket, uint32_t kind, uint64_t number)
{
    struct message message = {0};
    message_put_count(&message, number);
    message_send(socket, kind, &message);
    message_free(&message);
}

static void square(void *context, size_t task, int socket, const volatile int *stop)
{
    send_number(socket, KIND_SQUARE, task * task);
}

static void square_or_fail(void *context, size_t task, int socket, const volatile int *stop)
{
    if (task == TASK_KILLED)
        raise(SIGKILL);
    if (task == TASK_EXITS)
        _exit(9);
    if (task == TASK_KILLS_WORKER) {
        kill(getppid(), SIGKILL);
        pause(); /* it goes with its worker */
    }
    square(context, task, socket, stop);
}

static void work_until_stopped(void *context, size_t task, int socket, const volatile int *stop)
{
    send_number(socket, KIND_READY, 0);
    while (!*stop)
        ;
    square(context, task, socket, stop);
}

static void never_end(void *context, size_t task, int socket, const volatile int *stop)
{
    send_number(socket, KIND_READY, 0);
    for (;;)
        pause();
}

static void on_started(void *context, size_t task)
{
}

static void on_message(void *context, size_t task, uint32_t kind, struct message *message)
{
    struct record *record = context;
    if (kind == KIND_SQUARE)
        assert_true(message_get_count(message, &record->squares[task]));
    record->ready |= kind == KIND_READY;
}

static void on_ended(void *context, size_t task, const char *failure)
{
    struct record *record = context;
    record->ended++;
    if (failure)
        record->failures[task] = strdup(failure);
}

/* One at a time: two that come while they are held back would be one. */
static void on_tick(void *context)
{
    struct record *record = context;
    if (!record->ready || record->pending || record->interrupts == 0)
        return;
    record->interrupts--;
    record->pending = true;
    raise(SIGINT);
}

static void on_interrupted(void *context)
{
    struct record *record = context;
    record->pending = false;
}

static enum pool_end play(struct record *record, size_t workers, pool_task *task)
{
    struct pool_listener listener = {
        .context = record,
        .started = on_started,
        .message = on_message,
        .ended = on_ended,
        .tick = on_tick,
        .interrupted = on_interrupted,
    };
    size_t tasks[TASKS];
    for (size_t i = 0; i < TASKS; i++)
        tasks[i] = i;
    record->pool = pool_new(workers, TASKS, task, NULL);
    assert_non_null(record->pool);
    return pool_run(record->pool, tasks, TASKS, &listener);
}

static void forget(struct record *record)
{
    pool_free(record->pool);
    for (size_t i = 0; i < TASKS; i++)
        free(record->failures[i]);
}

static void every_task_runs_once_and_says_what_it_found(void **state)
{
    struct record record = {0};
    assert_int_equal(POOL_DONE, play(&record, 3, square));
    assert_int_equal(record.ended, TASKS);
    for (size_t i = 0; i < TASKS; i++) {
        assert_int_equal(record.squares[i], i * i);
        assert_null(record.failures[i]);
    }
    forget(&record);
}

static void a_task_that_crashes_costs_that_task_only(void **state)
{
    struct record record = {0};
    assert_int_equal(POOL_DONE, play(&record, 2, square_or_fail));
    assert_int_equal(record.ended, TASKS);
    assert_string_equal(record.failures[TASK_KILLED], "worker killed by signal 9 (Killed)");
    assert_string_equal(record.failures[TASK_EXITS], "worker ended with exit code 9");
    assert_string_equal(record.failures[TASK_KILLS_WORKER], "worker killed by signal 9 (Killed)");
    for (size_t i = 0; i < TASKS; i++)
        if (!record.failures[i])
            assert_int_equal(record.squares[i], i * i);
    forget(&record);
}

static void without_a_worker_left_the_remaining_tasks_fail(void **state)
{
    struct record record = {0};
    assert_int_equal(POOL_DONE, play(&record, 1, square_or_fail));
    assert_int_equal(record.ended, TASKS);
    assert_null(record.failures[TASK_KILLS_WORKER - 1]);
    assert_string_equal(record.failures[TASK_KILLS_WORKER + 1], "no worker is left to run it");
    forget(&record);
}

static void an_interrupt_lets_running_tasks_end_and_begins_no_other(void **state)
{
    struct record record = {.interrupts = 1};
    assert_int_equal(POOL_INTERRUPTED, play(&record, 1, work_until_stopped));
    assert_int_equal(record.ended, 1);
    forget(&record);
}

static void a_second_interrupt_waits_for_nobody(void **state)
{
    struct record record = {.interrupts = 2};
    assert_int_equal(POOL_ABANDONED, play(&record, 2, never_end));
    assert_int_equal(record.ended, 0);
    forget(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_runs_once_and_says_what_it_found),
        cmocka_unit_test(a_task_that_crashes_costs_that_task_only),
        cmocka_unit_test(without_a_worker_left_the_remaining_tasks_fail),
        cmocka_unit_test(an_interrupt_lets_running_tasks_end_and_begins_no_other),
        cmocka_unit_test(a_second_interrupt_waits_for_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

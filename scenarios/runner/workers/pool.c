/* SPDX-License-Identifier: MIT */
#include "pool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "output/text.h"

/* From the coordinator to a worker, and back when the task's process is gone. Tasks' own kinds are
 * above. */
enum { KIND_TASK_BEGIN = 0, KIND_TASK_END = 0 };

enum { TICK_MS = 100, NO_TASK = -1 };

struct worker {
    pid_t pid;
    int socket; /* -1: the worker is gone */
    struct message_inbox inbox;
    ssize_t task; /* NO_TASK: idle */
};

struct pool {
    struct worker *workers;
    size_t count;
    volatile int *stop; /* shared with every task */
};

/* ---- the worker's side ---- */

static volatile sig_atomic_t task_process;

/* The task's process leads a group, so that what it forked goes with it. */
static void end_with_task(int number)
{
    if (task_process > 0)
        kill(-(pid_t)task_process, SIGKILL);
    _exit(128 + number);
}

static void die_with_parent(pid_t parent, int number)
{
    prctl(PR_SET_PDEATHSIG, number);
    if (getppid() != parent)
        _exit(1);
}

static pid_t fork_task(struct pool *pool, pool_task *run, void *context, size_t task, int socket)
{
    pid_t worker = getpid();
    sigset_t term, before;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, &before);
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        signal(SIGTERM, SIG_DFL);
        sigprocmask(SIG_SETMASK, &before, NULL);
        die_with_parent(worker, SIGKILL);
        run(context, task, socket, pool->stop);
        _exit(0);
    }
    if (child > 0) {
        setpgid(child, child);
        task_process = child;
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return child;
}

static _Noreturn void work(struct pool *pool, pool_task *run, void *context, int socket)
{
    struct message_inbox inbox = {0};
    struct message message = {0};
    uint32_t kind;
    uint64_t task;
    while (message_receive(socket, 0, &inbox, &kind, &message) > 0 &&
           message_get_count(&message, &task)) {
        int status = 0;
        pid_t child = fork_task(pool, run, context, task, socket);
        int error = child < 0 ? errno : 0;
        if (child > 0) {
            while (waitpid(child, &status, 0) < 0 && errno == EINTR)
                ;
            kill(-child, SIGKILL);
            task_process = 0;
        }
        struct message end = {0};
        message_put_count(&end, (uint64_t)status);
        message_put_count(&end, (uint64_t)error);
        error = message_send(socket, KIND_TASK_END, &end);
        message_free(&end);
        if (error)
            break;
    }
    _exit(0);
}

/* ---- the coordinator's side ---- */

static int fork_worker(struct pool *pool, size_t index, pool_task *run, void *context)
{
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0)
        return -errno;
    pid_t coordinator = getpid();
    pid_t pid = fork();
    if (pid < 0) {
        int error = -errno;
        close(sockets[0]);
        close(sockets[1]);
        return error;
    }
    if (pid == 0) {
        signal(SIGINT, SIG_IGN);
        signal(SIGTERM, end_with_task);
        die_with_parent(coordinator, SIGTERM);
        close(sockets[0]);
        for (size_t i = 0; i < index; i++)
            close(pool->workers[i].socket);
        work(pool, run, context, sockets[1]);
    }
    close(sockets[1]);
    pool->workers[index] = (struct worker){.pid = pid, .socket = sockets[0], .task = NO_TASK};
    pool->count = index + 1;
    return 0;
}

static int start(struct pool *pool, size_t workers, pool_task *run, void *context)
{
    int error = 0;
    pool->workers = need(calloc(workers, sizeof *pool->workers));
    void *shared =
        mmap(NULL, sizeof *pool->stop, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return -errno;
    pool->stop = shared;
    fflush(NULL);
    for (size_t index = 0; index < workers && !error; index++)
        error = fork_worker(pool, index, run, context);
    return error;
}

struct pool *pool_new(size_t workers, size_t tasks, pool_task *run, void *context)
{
    struct pool *pool = need(calloc(1, sizeof *pool));
    int error = start(pool, workers < tasks ? workers : tasks, run, context);
    if (!error)
        return pool;
    complain("no worker processes: %s; use fewer --jobs", strerror(-error));
    pool_free(pool);
    return NULL;
}

static int reap(struct worker *worker)
{
    int status = 0;
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
        ;
    close(worker->socket);
    worker->socket = -1;
    message_free(&worker->inbox.partial);
    return status;
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    for (size_t i = 0; i < pool->count; i++)
        if (pool->workers[i].socket >= 0) {
            kill(pool->workers[i].pid, SIGTERM);
            reap(&pool->workers[i]);
        }
    if (pool->stop)
        munmap((void *)pool->stop, sizeof *pool->stop);
    free(pool->workers);
    free(pool);
}

void pool_stop(struct pool *pool)
{
    *pool->stop = 1;
}

bool pool_is_stopping(const struct pool *pool)
{
    return *pool->stop != 0;
}

/* NULL if the process came to its end by itself. */
static const char *failure_text(int status, char *text, size_t bytes)
{
    if (WIFSIGNALED(status))
        snprintf(text, bytes, "worker killed by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else if (WEXITSTATUS(status) != 0)
        snprintf(text, bytes, "worker ended with exit code %d", WEXITSTATUS(status));
    else
        return NULL;
    return text;
}

static void end_task(struct worker *worker, const struct pool_listener *listener,
                     const char *failure)
{
    size_t task = (size_t)worker->task;
    worker->task = NO_TASK;
    listener->ended(listener->context, task, failure);
}

static void lose_worker(struct worker *worker, const struct pool_listener *listener)
{
    char text[128];
    const char *failure = failure_text(reap(worker), text, sizeof text);
    if (worker->task != NO_TASK)
        end_task(worker, listener, failure ? failure : "worker ended before its task did");
}

static void receive_from(struct worker *worker, const struct pool_listener *listener)
{
    struct message message = {0};
    uint32_t kind;
    int received;
    while ((received = message_receive(worker->socket, MSG_DONTWAIT, &worker->inbox, &kind,
                                       &message)) > 0) {
        if (worker->task == NO_TASK)
            continue;
        if (kind != KIND_TASK_END) {
            listener->message(listener->context, (size_t)worker->task, kind, &message);
            continue;
        }
        uint64_t status = 0, error = 0;
        char text[128];
        message_get_count(&message, &status);
        message_get_count(&message, &error);
        if (error) {
            snprintf(text, sizeof text, "no process for it: %s", strerror((int)error));
            end_task(worker, listener, text);
        } else {
            end_task(worker, listener, failure_text((int)status, text, sizeof text));
        }
    }
    message_free(&message);
    if (received < 0)
        lose_worker(worker, listener);
}

static bool hand_out(struct worker *worker, size_t task, const struct pool_listener *listener)
{
    struct message message = {0};
    message_put_count(&message, task);
    int error = message_send(worker->socket, KIND_TASK_BEGIN, &message);
    message_free(&message);
    if (error)
        return false;
    worker->task = (ssize_t)task;
    listener->started(listener->context, task);
    return true;
}

static volatile sig_atomic_t signals_seen;

static void count_signal(int number)
{
    signals_seen++;
}

/* Signals come only while we wait, so that none falls between a look at the count and the wait. */
static void wait_for_workers(struct pool *pool, const struct pool_listener *listener,
                             const sigset_t *while_waiting)
{
    struct pollfd *waits = need(calloc(pool->count, sizeof *waits));
    for (size_t i = 0; i < pool->count; i++)
        waits[i] = (struct pollfd){.fd = pool->workers[i].socket, .events = POLLIN};
    struct timespec tick = {.tv_nsec = TICK_MS * 1000000L};
    if (ppoll(waits, pool->count, &tick, while_waiting) > 0)
        for (size_t i = 0; i < pool->count; i++)
            if (waits[i].revents)
                receive_from(&pool->workers[i], listener);
    free(waits);
}

struct signal_state {
    struct sigaction interrupt, terminate;
    sigset_t mask;
};

static void take_signals(struct signal_state *before)
{
    struct sigaction action = {.sa_handler = count_signal};
    sigset_t ours;
    sigemptyset(&action.sa_mask);
    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    signals_seen = 0;
    sigprocmask(SIG_BLOCK, &ours, &before->mask);
    sigaction(SIGINT, &action, &before->interrupt);
    sigaction(SIGTERM, &action, &before->terminate);
}

static void give_signals_back(const struct signal_state *before)
{
    sigaction(SIGINT, &before->interrupt, NULL);
    sigaction(SIGTERM, &before->terminate, NULL);
    sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

enum pool_end pool_run(struct pool *pool, const size_t *tasks, size_t count,
                       const struct pool_listener *listener)
{
    struct signal_state signals;
    enum pool_end end = POOL_DONE;
    size_t next = 0;
    take_signals(&signals);
    for (;;) {
        size_t busy = 0, alive = 0;
        for (size_t i = 0; i < pool->count; i++) {
            struct worker *worker = &pool->workers[i];
            if (worker->socket >= 0 && worker->task == NO_TASK && next < count && !*pool->stop) {
                if (hand_out(worker, tasks[next], listener))
                    next++;
                else
                    lose_worker(worker, listener);
            }
            alive += worker->socket >= 0;
            busy += worker->task != NO_TASK;
        }
        if (alive == 0)
            for (; next < count; next++)
                listener->ended(listener->context, tasks[next], "no worker is left to run it");
        if (busy == 0 && (next == count || *pool->stop))
            break;
        wait_for_workers(pool, listener, &signals.mask);
        if (signals_seen > 0 && end != POOL_INTERRUPTED) {
            end = POOL_INTERRUPTED;
            pool_stop(pool);
            if (listener->interrupted)
                listener->interrupted(listener->context);
        }
        if (signals_seen > 1) {
            end = POOL_ABANDONED;
            break;
        }
        listener->tick(listener->context);
    }
    if (end == POOL_DONE && *pool->stop)
        end = POOL_STOPPED;
    give_signals_back(&signals);
    return end;
}

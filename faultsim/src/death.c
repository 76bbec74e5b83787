/* SPDX-License-Identifier: MIT */
#include "death.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "elapsed.h"
#include "interpose.h"

static struct {
    bool awaited, timed;
    struct death death;
    uint32_t hits;
    timer_t timer;
} now;

static void die(void)
{
    real_syscall(SYS_kill, getpid(), SIGKILL, 0, 0, 0, 0);
}

static void come_to(uint32_t hit)
{
    const struct death *death = &now.death;

    if (death->rehearsal != NULL) {
        if (hit <= DEATH_HITS) {
            death->rehearsal->times[hit] = elapsed_nanoseconds();
            death->rehearsal->hits = hit;
        }
        return;
    }
    if (hit != death->hit)
        return;
    struct itimerspec left = {.it_value = {.tv_sec = (time_t)(death->nanoseconds / 1000000000),
                                           .tv_nsec = (long)(death->nanoseconds % 1000000000)}};
    now.timed = death->nanoseconds > 0 && timer_settime(now.timer, 0, &left, NULL) == 0;
    if (!now.timed)
        die();
}

int death_await(const struct death *death)
{
    struct sigevent kill = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};

    if (death->rehearsal == NULL && timer_create(CLOCK_MONOTONIC, &kill, &now.timer) != 0)
        return -errno;
    now.death = *death;
    now.awaited = true;
    come_to(0);
    return 0;
}

void death_pass_hit(void)
{
    if (now.awaited)
        come_to(++now.hits);
}

void death_finish(void)
{
    struct death_rehearsal *rehearsal = now.death.rehearsal;

    now.awaited = false;
    if (rehearsal != NULL) {
        rehearsal->times[rehearsal->hits + 1] = elapsed_nanoseconds();
        return;
    }
    if (!now.timed)
        die(); /* this run had fewer hits than the rehearsal */
    for (;;)
        pause();
}

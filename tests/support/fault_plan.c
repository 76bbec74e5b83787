/* SPDX-License-Identifier: MIT */
#include "fault_plan.h"

#include <stdint.h>
#include <string.h>

#include <fiu-control.h>
#define FIU_ENABLE
#include <fiu.h>
#include <pma/fault_points.h>

#include "arena_place.h"

static struct {
    char point[64];
    unsigned n, hits;
    bool persistent;
} plan;

static int decide(const char *name, int *failnum, void **failinfo, unsigned *flags)
{
    plan.hits++;
    return plan.persistent ? plan.hits >= plan.n : plan.hits == plan.n;
}

void fault_plan_arm(const char *point, unsigned n, bool persistent, int error)
{
    fiu_init(0);
    strncpy(plan.point, point, sizeof(plan.point) - 1);
    plan.n = n;
    plan.hits = 0;
    plan.persistent = persistent;
    fiu_enable_external(plan.point, 1, (void *)(uintptr_t)error, 0, decide);
    pma_fault_gate(1);
}

void fault_plan_disarm(void)
{
    pma_fault_gate(0);
    if (plan.point[0] != '\0')
        fiu_disable(plan.point);
    plan.point[0] = '\0';
}

int fault_plan_teardown(void **state)
{
    fault_plan_disarm();
    return arena_place_teardown(state);
}

unsigned fault_plan_hits(void)
{
    return plan.hits;
}

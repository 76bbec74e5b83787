/* SPDX-License-Identifier: MIT */
#include "fault.h"

#ifdef PMA_FAULTS
#define FIU_ENABLE
#include <errno.h>
#include <fiu.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

static const struct {
    const char *name;
    int default_errno;
} points[] = {
#define FAULT_ROW(identifier, name, class, default_errno, text) {name, default_errno},
    PMA_FAULT_POINTS(FAULT_ROW)
#undef FAULT_ROW
};

static atomic_bool gate;

void pma_fault_gate(int open)
{
    if (open)
        fiu_init(0);
    atomic_store(&gate, open != 0);
}

/* fiu-run announces itself in the environment, before main. */
__attribute__((constructor)) static void open_gate_for_fiu_run(void)
{
    if (getenv("FIU_ENABLE") || getenv("FIU_CTRL_FIFO"))
        pma_fault_gate(1);
}

int fault_hit(enum fault_point point)
{
    uintptr_t information;

    if (!atomic_load_explicit(&gate, memory_order_relaxed) || point == FAULT_NONE)
        return 0;
    if (!fiu_fail(points[point].name))
        return 0;
    information = (uintptr_t)fiu_failinfo();
    if (information == PMA_FAULT_SKIP)
        return FAULT_SKIP;
    return information > 0 && information < 4096 ? -(int)information : -points[point].default_errno;
}
#endif

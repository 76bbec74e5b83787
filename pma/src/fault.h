/* SPDX-License-Identifier: MIT */
/*
 * Fault points in code: the table of pma/fault_points.h as an enum, and the one question that os.c
 * asks. The only file of the library that includes libfiu's header is fault.c, and only in a fault
 * build; in the installed library the question is a constant and leaves no instruction behind.
 */
#ifndef FAULT_H
#define FAULT_H

#include <pma/fault_points.h>

enum fault_point {
#define FAULT_IDENTIFIER(identifier, name, class, default_errno, text) FAULT_##identifier,
    PMA_FAULT_POINTS(FAULT_IDENTIFIER)
#undef FAULT_IDENTIFIER
        FAULT_NONE, /* for calls that no fault plan may touch */
};

enum { FAULT_SKIP = 1 };

/*
 * Asks whether a fault is wanted at this point now: 0 (go on), a negated errno (fail with it), or
 * FAULT_SKIP (leave the call out and claim success).
 */
#ifdef PMA_FAULTS
int fault_hit(enum fault_point point);
#else
static inline int fault_hit(enum fault_point point)
{
    (void)point;
    return 0;
}
#endif

#endif

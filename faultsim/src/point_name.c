/* SPDX-License-Identifier: MIT */
#include "point_name.h"

static _Thread_local const char *asked __attribute__((tls_model("initial-exec")));

/* The names that the linker gives to what calls fiu_fail is turned into, and to libfiu's own. */
int asking_fiu_fail(const char *name) __asm__("__wrap_fiu_fail");
int libfiu_fiu_fail(const char *name) __asm__("__real_fiu_fail");

const char *point_name(void)
{
    return asked;
}

/* A point may be hit in a signal handler while another one is being asked about. */
int asking_fiu_fail(const char *name)
{
    const char *interrupted = asked;
    int failed;

    asked = name;
    failed = libfiu_fiu_fail(name);
    asked = interrupted;
    return failed;
}

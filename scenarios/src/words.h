/* SPDX-License-Identifier: MIT */
/* The names that scenarios use for the library's errors and fault points. */
#ifndef WORDS_H
#define WORDS_H

/* "EIO", "PMA_EPOISONED": the negative code, or 0 for a name that is none. */
int words_error_code(const char *name);
/* The other way round; "error -123" for a code that has no name. Valid until the next call. */
const char *words_error_name(int code);

/* A fault point's name, of an alias the point's; NULL if there is none. For fsim_plan_parse. */
const char *words_fault_point(const char *name);
/* What a hit of the point stands for, or NULL. */
const char *words_fault_point_help(const char *name);

#endif

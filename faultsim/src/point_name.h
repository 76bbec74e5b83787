/* SPDX-License-Identifier: MIT */
/*
 * The fault point that this thread is asking libfiu about, NULL if none.
 *
 * A callback that libfiu was given for "*" is told "*", never the name that it was asked for. So
 * the linker sends calls of fiu_fail through a function of ours (--wrap), which notes the name.
 * Code in shared libraries is not sent there: its points have the name "*".
 */
#ifndef POINT_NAME_H
#define POINT_NAME_H

const char *point_name(void);

#endif

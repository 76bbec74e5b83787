/* SPDX-License-Identifier: MIT */
/* What a violation is, for someone who knows the store and not us. */
#ifndef STORE_STORY_H
#define STORE_STORY_H

#include <faultsim/explore.h>

/* The story of the violation, shrunk; free() it. Its files go below the directory `export_to`,
 * unless that is NULL. */
char *store_story(const struct fsim_violation *found, enum fsim_model model, const char *export_to);

#endif

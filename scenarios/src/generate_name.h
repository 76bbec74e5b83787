/* SPDX-License-Identifier: MIT */
/* What a generated scenario is called: all that it takes to make it again. */
#ifndef GENERATE_NAME_H
#define GENERATE_NAME_H

#include "generate.h"

/* With the number at most the 64 bytes that a name may have. */
enum { GENERATE_PREFIX = 56 };

/* 0, or -EINVAL and a sentence: it would be longer. */
int generate_prefix(const struct generate_request *request, char prefix[GENERATE_PREFIX],
                    char *message, size_t message_bytes);

#endif

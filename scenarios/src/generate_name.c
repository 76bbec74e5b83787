/* SPDX-License-Identifier: MIT */
#include "generate_name.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BEGINS "gen-"

int generate_prefix(const struct generate_request *request, char prefix[GENERATE_PREFIX],
                    char *message, size_t message_bytes)
{
    char name[ALPHABET_TEXT], tail[48];
    int length;

    alphabet_name(request->letters, name);
    if (request->random)
        snprintf(tail, sizeof tail, "-r%" PRIu64 "-s%" PRIu64 "-", request->length, request->seed);
    else
        snprintf(tail, sizeof tail, "-%" PRIu64 "-", request->length);
    length = snprintf(prefix, GENERATE_PREFIX, NAME_BEGINS "%s%s", name, tail);
    if (length >= 0 && (size_t)length < GENERATE_PREFIX)
        return 0;
    snprintf(message, message_bytes,
             "so many operations and so large a seed make names too long; use the alphabet 'all', "
             "fewer operations or a smaller seed");
    return -EINVAL;
}

static bool read_number(const char **text, uint64_t *number)
{
    char *end;

    if (!isdigit((unsigned char)**text))
        return false;
    errno = 0;
    *number = strtoull(*text, &end, 10);
    *text = end;
    return errno == 0;
}

bool generate_parse_name(const char *name, struct generate_request *request, uint64_t *number)
{
    const char *at = name + strlen(NAME_BEGINS);
    size_t length;

    *request = (struct generate_request){0};
    if (strncmp(name, NAME_BEGINS, strlen(NAME_BEGINS)) != 0)
        return false;
    length = strcspn(at, "-");
    if (!alphabet_from_name(at, length, &request->letters) || at[length] != '-')
        return false;
    at += length + 1;
    request->random = *at == 'r';
    at += request->random;
    if (!read_number(&at, &request->length) || request->length == 0 ||
        request->length > GENERATE_MOST_LENGTH || *at++ != '-')
        return false;
    if (request->random && (*at++ != 's' || !read_number(&at, &request->seed) || *at++ != '-'))
        return false;
    return read_number(&at, number) && *at == '\0';
}

/* SPDX-License-Identifier: MIT */
/*
 * Scenarios made by rule instead of by hand: every sequence of so many operations over an alphabet,
 * each once, or random long ones. The same request gives the same scenarios everywhere and always,
 * so that a name is enough to make one again.
 */
#ifndef GENERATE_H
#define GENERATE_H

#include "alphabet.h"
#include "suite.h"

enum { GENERATE_MOST_LENGTH = 1000 };

struct generate_request {
    alphabet_t letters;
    uint64_t length; /* operations of a scenario, its beginning and end not counted */
    bool random;
    uint64_t seed; /* of random ones */
};

struct generator;

/* 0, -ENOMEM, or -EINVAL and a sentence: the names of these scenarios would be too long. */
int generator_new(const struct generate_request *request, struct generator **generator,
                  char *message, size_t message_bytes);
void generator_free(struct generator *generator);

/*
 * Adds scenario number `generator_next` of those requested to the suite, from 0, and moves on. 1, 0
 * if there is no further one, or -ENOMEM. Random ones never end.
 */
int generator_add(struct generator *generator, struct suite *suite);
/* Moves on without it. */
int generator_skip(struct generator *generator);
/* Only random ones: moves to that number. */
void generator_seek(struct generator *generator, uint64_t number);
uint64_t generator_next(const struct generator *generator);

/* What all their names begin with: "gen-pages-4-", "gen-all-r60-s7-". */
const char *generator_prefix(const struct generator *generator);

/* The request and number that a name stands for; false if it is no name of a generated scenario. */
bool generate_parse_name(const char *name, struct generate_request *request, uint64_t *number);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The copier: finds what a copy has to take along and gives each object a place, without changing
 * anything that could not be put back; what follows then cannot fail.
 *
 * Objects are found breadth first. The list of those found is the queue of those whose parts are
 * still to be looked at, so nothing recurses, and the depth of a noun does not matter. An object
 * that has a place has a forwarding pointer to it where its metadata word was, which the list
 * keeps.
 */
#ifndef COPIER_H
#define COPIER_H

#include "noun_object.h"
#include "pile.h"

struct copier {
    struct scratch scratch;
    struct pile objects;      /* nouns, and above each its metadata word */
    struct pile_place looked; /* up to here the parts have been looked at */
    bool all_frames;          /* copy from all frames, not only from the top one */
    struct pma_copy_report report;

    /* Finds a place for the object of a noun, or copies it there and leaves its old memory alone.
     */
    int (*place)(struct copier *copier, pma_noun noun, uint64_t bytes, void **place);

    /* Looks at a noun outside of what is copied. */
    int (*meet)(struct copier *copier, pma_noun noun);
};

/* An object that has been given a place. */
struct copier_object {
    pma_noun noun;
    uint64_t metadata;
    void *place;
};

/* Gives a place to all that `noun` reaches. After a failure, take back. */
int copier_find(struct copier *copier, pma_noun noun);

/* The next object in the order in which they were found; false after the last. */
bool copier_next(const struct copier *copier, struct pile_place *at, struct copier_object *object);

/* The noun to go on with: the new one of an object that has a place. */
pma_noun copier_follow(const struct copier *copier, pma_noun noun);

/* Adds what the copy did to a caller's report, which may be NULL. */
void copier_add_report(const struct copier *copier, struct pma_copy_report *report);

/* Puts all metadata words back where they were. */
void copier_take_back(struct copier *copier);

#endif

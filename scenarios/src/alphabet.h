/* SPDX-License-Identifier: MIT */
/*
 * What the generator makes scenarios of. A letter is an operation; it stands for one or more moves,
 * steps whose names are still open: a name is either one of those there are, or the next new one.
 */
#ifndef ALPHABET_H
#define ALPHABET_H

#include "suite.h"

enum { ALPHABET_NAMES = 6, ALPHABET_TEXT = 64 };

/* What a slot of a move is filled with. */
enum alphabet_thing {
    THING_NONE,
    THING_PAGES,
    THING_OBJECT,
    THING_BYTES,
    THING_NOUN,
    THING_VIEW,
    THING_ROOT,  /* the index of a root word for nouns */
    THING_KEPT,  /* "root 2" */
    THING_PLACE, /* a page far up in the arena, where nothing goes by itself */
};

struct alphabet_slot {
    enum alphabet_thing thing;
    bool fresh; /* the first that is possible; otherwise each that is */
    size_t field;
};

enum { ALPHABET_SLOTS = 3 };

struct alphabet_move {
    struct step step;
    struct alphabet_slot slots[ALPHABET_SLOTS];
    const struct step *then; /* a second step that belongs to it, or NULL */
};

enum alphabet_family { FAMILY_NONE, FAMILY_PAGES, FAMILY_HEAP, FAMILY_STACK };

struct alphabet_letter {
    const char *word;
    char code;                   /* in the names of scenarios */
    enum alphabet_family family; /* what must be there before */
    unsigned weight;             /* how often a random scenario has it */
    const char *help;
    const struct alphabet_move *moves;
    size_t move_count;
};

extern const struct alphabet_letter alphabet_letters[];
extern const size_t alphabet_letter_count;

/* A set of letters, bit i for letter i. */
typedef uint64_t alphabet_t;

/* Words of letters and sets ("pages", "heap", ...) with commas between. -EINVAL and what is known.
 */
int alphabet_parse(const char *words, alphabet_t *letters, char *message, size_t message_bytes);

/* How names of scenarios say it: the name of a set, or "x" and the codes. And back: false if it is
 * neither. */
void alphabet_name(alphabet_t letters, char name[ALPHABET_TEXT]);
bool alphabet_from_name(const char *name, size_t length, alphabet_t *letters);

bool alphabet_has(alphabet_t letters, enum alphabet_family family);

/* The named sets, for help: false beyond the last. */
bool alphabet_set(size_t index, const char **name, alphabet_t *letters);
const char *alphabet_set_words(size_t index);

/* Fills a slot with the thing of that number, from 0; places begin at page `places`. */
void alphabet_fill(struct step *step, const struct alphabet_slot *slot, unsigned number,
                   uint64_t places);

#endif

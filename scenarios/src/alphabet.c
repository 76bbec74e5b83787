/* SPDX-License-Identifier: MIT */
#include "alphabet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <results/results.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define EACH(thing, key)                                                                           \
    {                                                                                              \
        THING_##thing, false, offsetof(struct step, key)                                           \
    }
#define FRESH(thing, key)                                                                          \
    {                                                                                              \
        THING_##thing, true, offsetof(struct step, key)                                            \
    }
#define MOVE(id, filled, ...)                                                                      \
    {                                                                                              \
        {.kind = STEP_##id, __VA_ARGS__}, filled, NULL                                             \
    }
#define SLOTS(...)                                                                                 \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define NO_SLOT                                                                                    \
    {                                                                                              \
        {                                                                                          \
            THING_NONE, false, 0                                                                   \
        }                                                                                          \
    }

/* What a write stores to each page: two sectors, so that blocks can be torn. */
enum { STORED = 1024 };

/* ---- pages ---- */

static const struct alphabet_move alloc_moves[] = {
    MOVE(ALLOC, SLOTS(FRESH(PAGES, name)), .pages = 1),
    MOVE(ALLOC, SLOTS(FRESH(PAGES, name)), .pages = 3)};
static const struct alphabet_move ephemeral_moves[] = {
    MOVE(ALLOC, SLOTS(FRESH(PAGES, name)), .pages = 2, .ephemeral = true)};
static const struct alphabet_move free_moves[] = {
    MOVE(FREE, SLOTS(EACH(PAGES, name))),
    MOVE(FREE, SLOTS(EACH(PAGES, name)), .page = 1, .pages = 1)};
static const struct alphabet_move write_moves[] = {
    MOVE(WRITE, SLOTS(EACH(PAGES, name)), .bytes = STORED),
    MOVE(WRITE, SLOTS(EACH(PAGES, name)), .bytes = STORED, .page = 2, .pages = 1),
    MOVE(WRITE, SLOTS(EACH(OBJECT, name)), .bytes = STORED)};
static const struct alphabet_move dirty_moves[] = {MOVE(DIRTY, SLOTS(EACH(PAGES, name))),
                                                   MOVE(DIRTY, SLOTS(EACH(OBJECT, name)))};
static const struct alphabet_move move_moves[] = {
    MOVE(MOVE, SLOTS(EACH(PAGES, name), FRESH(PLACE, to))),
    MOVE(MOVE, SLOTS(EACH(PAGES, name), FRESH(PAGES, as), FRESH(PLACE, to)), .page = 1,
         .pages = 1)};
static const struct alphabet_move turn_moves[] = {
    MOVE(MOVE, SLOTS(EACH(PAGES, name), FRESH(PLACE, to)), .ephemeral = true),
    MOVE(MOVE, SLOTS(EACH(PAGES, name), FRESH(PLACE, to)), .persistent = true)};
static const struct alphabet_move evict_moves[] = {MOVE(EVICT, SLOTS(EACH(PAGES, name))),
                                                   MOVE(EVICT, SLOTS(EACH(OBJECT, name)))};
static const struct alphabet_move root_moves[] = {MOVE(ROOT, NO_SLOT, .index = 0)};

/* ---- the arena as a whole ---- */

static const struct step reopen_attempted = {.kind = STEP_REOPEN, .attempted = true};
static const struct step kill_attempted = {.kind = STEP_KILL, .attempted = true};

static const struct alphabet_move snapshot_moves[] = {MOVE(SNAPSHOT, NO_SLOT, .count = 1)};
static const struct alphabet_move reopen_moves[] = {MOVE(REOPEN, NO_SLOT)};
static const struct alphabet_move kill_moves[] = {MOVE(KILL, NO_SLOT)};
/* A snapshot that fails before its meta record is written leaves what was acknowledged, one that
 * fails or is cut short after that comes back as the attempt. */
static const struct alphabet_move fail_moves[] = {
    MOVE(SNAPSHOT, NO_SLOT, .count = 1, .fault = "pma/sync/blocks:error", .expect = -EIO),
    {{.kind = STEP_SNAPSHOT, .count = 1, .fault = "pma/sync/meta:error", .expect = -EIO},
     NO_SLOT,
     &kill_attempted}};
static const struct alphabet_move cut_moves[] = {
    {{.kind = STEP_SNAPSHOT, .count = 1, .fault = "pma/sync/meta:skip", .killed = true},
     NO_SLOT,
     &reopen_attempted}};
static const struct alphabet_move shrink_moves[] = {MOVE(SHRINK, NO_SLOT, .blocks = 0)};
static const struct alphabet_move copy_moves[] = {MOVE(COPY, NO_SLOT),
                                                  MOVE(COPY, NO_SLOT, .previous = true)};
static const struct alphabet_move view_moves[] = {
    MOVE(VIEW, SLOTS(FRESH(VIEW, name))), MOVE(VIEW, SLOTS(FRESH(VIEW, name)), .previous = true)};
static const struct alphabet_move view_check_moves[] = {MOVE(VIEW_CHECK, SLOTS(EACH(VIEW, name)))};
static const struct alphabet_move view_close_moves[] = {MOVE(VIEW_CLOSE, SLOTS(EACH(VIEW, name)))};

/* ---- the heap ---- */

static const struct alphabet_move malloc_moves[] = {
    MOVE(MALLOC, SLOTS(FRESH(OBJECT, name)), .bytes = 40),
    MOVE(MALLOC, SLOTS(FRESH(OBJECT, name)), .bytes = 9000)};
static const struct alphabet_move realloc_moves[] = {
    MOVE(REALLOC, SLOTS(EACH(OBJECT, name)), .bytes = 100),
    MOVE(REALLOC, SLOTS(EACH(OBJECT, name)), .bytes = 5000)};
static const struct alphabet_move free_object_moves[] = {
    MOVE(FREE_OBJECT, SLOTS(EACH(OBJECT, name)))};
static const struct alphabet_move take_moves[] = {
    MOVE(TAKE, SLOTS(EACH(PAGES, name), FRESH(OBJECT, as)))};

/* ---- stacks ---- */

static const struct alphabet_move stack_moves[] = {
    MOVE(STACK, NO_SLOT, .pages = 64, .locals = 2),
    MOVE(STACK, NO_SLOT, .pages = 64, .locals = 1, .batch = true)};
static const struct alphabet_move push_moves[] = {MOVE(PUSH, NO_SLOT, .locals = 1)};
static const struct alphabet_move pop_moves[] = {MOVE(POP, NO_SLOT)};
static const struct alphabet_move flip_moves[] = {MOVE(FLIP, NO_SLOT, .locals = 1)};
static const struct alphabet_move stack_alloc_moves[] = {
    MOVE(STACK_ALLOC, SLOTS(FRESH(BYTES, name)), .bytes = 100),
    MOVE(STACK_ALLOC, SLOTS(FRESH(BYTES, name)), .bytes = 9000)};
static const struct alphabet_move local_moves[] = {MOVE(LOCAL, NO_SLOT, .index = 0)};
static const struct alphabet_move light_push_moves[] = {MOVE(LIGHT_PUSH, NO_SLOT, .count = 3),
                                                        MOVE(LIGHT_PUSH, NO_SLOT, .count = 600)};
static const struct alphabet_move light_pop_moves[] = {MOVE(LIGHT_POP, NO_SLOT, .count = 2)};
static const struct alphabet_move stack_release_moves[] = {MOVE(STACK_RELEASE, NO_SLOT)};
static const struct alphabet_move stack_free_moves[] = {MOVE(STACK_FREE, NO_SLOT)};

/* ---- nouns ---- */

static const struct alphabet_move noun_moves[] = {
    MOVE(NOUN, SLOTS(FRESH(NOUN, name)), .shape = SHAPE_LIST, .size = 3),
    MOVE(NOUN, SLOTS(FRESH(NOUN, name)), .shape = SHAPE_ATOM, .size = 5000),
    MOVE(NOUN, SLOTS(FRESH(NOUN, name)), .shape = SHAPE_SHARED, .size = 4)};
static const struct alphabet_move cell_moves[] = {
    MOVE(CELL, SLOTS(FRESH(NOUN, name), EACH(NOUN, head), EACH(KEPT, tail))),
    MOVE(CELL, SLOTS(FRESH(NOUN, name), EACH(NOUN, head), EACH(NOUN, tail)))};
static const struct alphabet_move preserve_moves[] = {MOVE(PRESERVE, SLOTS(EACH(NOUN, name)))};
static const struct alphabet_move jam_moves[] = {
    MOVE(JAM, SLOTS(EACH(NOUN, name), FRESH(NOUN, as)))};
static const struct alphabet_move keep_moves[] = {
    MOVE(KEEP, SLOTS(EACH(NOUN, name), FRESH(ROOT, index)))};
static const struct alphabet_move hold_moves[] = {
    MOVE(HOLD, SLOTS(EACH(ROOT, index), FRESH(ROOT, to)))};
static const struct alphabet_move drop_moves[] = {MOVE(DROP, SLOTS(EACH(ROOT, index)))};

/* X(word, code, what it needs, weight, help) */
#define LETTERS(X)                                                                                 \
    X(alloc, 'a', PAGES, 3, "one page, or three")                                                  \
    X(ephemeral, 'p', PAGES, 1, "two pages that belong to no snapshot")                            \
    X(write, 'w', NONE, 6, "to all pages of a name, to its third, or to an object")                \
    X(dirty, 'd', NONE, 1, "pages or an object made writable, without a store")                    \
    X(free, 'f', PAGES, 3, "all pages of a name, or its second")                                   \
    X(move, 'm', PAGES, 3, "all pages of a name far up, or its second under another name")         \
    X(turn, 't', PAGES, 1, "pages moved far up, to be ephemeral or persistent there")              \
    X(evict, 'e', NONE, 2, "pages or an object pushed out of memory")                              \
    X(root, 'o', NONE, 1, "root word 0 set")                                                       \
    X(snapshot, 's', NONE, 6, "a snapshot")                                                        \
    X(reopen, 'r', NONE, 1, "the arena closed and opened again")                                   \
    X(kill, 'k', NONE, 1, "the process killed, the arena opened by another")                       \
    X(fail, 'x', NONE, 1,                                                                          \
      "a snapshot whose first sync fails, or whose second does, with the process killed after it") \
    X(cut, 'c', NONE, 1, "a snapshot cut short between the write of the meta record and its sync") \
    X(shrink, 'h', NONE, 1, "the file made as short as it gets")                                   \
    X(copy, 'y', NONE, 1, "a copy of the newest snapshot, or of the one before")                   \
    X(view, 'v', NONE, 1, "a view of the newest snapshot, or of the one before")                   \
    X(view_check, 'i', NONE, 1, "a view compared with its snapshot")                               \
    X(view_close, 'l', NONE, 1, "the same, and closed")                                            \
    X(malloc, 'M', HEAP, 3, "an object of 40 bytes, or of pages")                                  \
    X(realloc, 'R', HEAP, 2, "an object made 100 bytes large, or 5000")                            \
    X(free_object, 'F', HEAP, 2, "an object freed")                                                \
    X(take, 'T', PAGES, 1, "allocated pages made an object")                                       \
    X(stack, 'S', STACK, 4, "a stack; then one that keeps the pages of popped frames")             \
    X(push, 'P', STACK, 3, "a frame")                                                              \
    X(pop, 'O', STACK, 3, "a frame popped")                                                        \
    X(flip, 'I', STACK, 1, "the only frame put on the other side")                                 \
    X(stack_alloc, 'A', STACK, 2, "100 bytes in the top frame, or pages")                          \
    X(local, 'L', STACK, 1, "a local word set")                                                    \
    X(light_push, 'U', STACK, 2, "three words, or more than a page")                               \
    X(light_pop, 'W', STACK, 1, "two words popped")                                                \
    X(stack_release, 'E', STACK, 1, "pages given back that no frame needs")                        \
    X(stack_free, 'X', STACK, 1, "the stack freed")                                                \
    X(noun, 'N', STACK, 3, "a list, a large atom, or shared cells")                                \
    X(cell, 'C', STACK, 3, "a cell of two nouns, or of a noun and one that is kept")               \
    X(preserve, 'V', STACK, 2, "a noun preserved")                                                 \
    X(jam, 'J', STACK, 1, "a noun jammed and cued again")                                          \
    X(keep, 'K', STACK, 3, "a noun moved to the heap")                                             \
    X(hold, 'H', STACK, 1, "one reference more to what is kept")                                   \
    X(drop, 'D', STACK, 2, "a reference released")

const struct alphabet_letter alphabet_letters[] = {
#define LETTER(word, code, family, weight, help)                                                   \
    {#word, code, FAMILY_##family, weight, help, word##_moves, COUNT(word##_moves)},
    LETTERS(LETTER)
#undef LETTER
};
const size_t alphabet_letter_count = COUNT(alphabet_letters);

/* Small enough that all sequences of a few steps can be played. */
static const struct {
    const char *name, *words; /* NULL: all letters */
} sets[] = {
    {"pages", "alloc,write,free,move,evict,snapshot,reopen"},
    {"heap", "malloc,realloc,free_object,write,evict,snapshot,reopen"},
    {"stack", "stack,push,pop,stack_alloc,local,light_push,light_pop,stack_release,snapshot,kill"},
    {"nouns", "stack,push,pop,noun,cell,preserve,keep,hold,drop,snapshot,reopen"},
    {"failures", "alloc,write,free,snapshot,fail,cut,reopen,kill"},
    {"space", "write,free,shrink,copy,view,view_check,view_close,snapshot,reopen"},
    {"all", NULL},
};

/* ---- words ---- */

static bool find_word(const char *word, alphabet_t *letters)
{
    for (size_t i = 0; i < alphabet_letter_count; i++)
        if (strcmp(alphabet_letters[i].word, word) == 0) {
            *letters |= (alphabet_t)1 << i;
            return true;
        }
    return false;
}

static void add_words(const char *words, alphabet_t *letters)
{
    char copy[512], *rest = copy, *word;

    snprintf(copy, sizeof copy, "%s", words);
    while ((word = strsep(&rest, ",")) != NULL)
        find_word(word, letters);
}

const char *alphabet_set_words(size_t index)
{
    return sets[index].words != NULL ? sets[index].words : "every operation";
}

bool alphabet_set(size_t index, const char **name, alphabet_t *letters)
{
    if (index >= COUNT(sets))
        return false;
    *name = sets[index].name;
    *letters = 0;
    if (sets[index].words != NULL)
        add_words(sets[index].words, letters);
    else
        *letters = ((alphabet_t)1 << alphabet_letter_count) - 1;
    return true;
}

static bool find_set(const char *word, size_t length, alphabet_t *letters)
{
    const char *name;
    alphabet_t set;

    for (size_t i = 0; alphabet_set(i, &name, &set); i++)
        if (strlen(name) == length && strncmp(name, word, length) == 0) {
            *letters |= set;
            return true;
        }
    return false;
}

static int unknown_word(const char *word, char *message, size_t message_bytes)
{
    const char *names[COUNT(alphabet_letters) + COUNT(sets)], *nearest;
    size_t count = 0;
    int used;

    for (size_t i = 0; i < COUNT(sets); i++)
        names[count++] = sets[i].name;
    for (size_t i = 0; i < alphabet_letter_count; i++)
        names[count++] = alphabet_letters[i].word;
    nearest = results_nearest(word, names, count);
    used = snprintf(message, message_bytes, "there is no operation '%s'%s", word,
                    nearest != NULL ? "" : "; known are");
    if (nearest != NULL)
        snprintf(message + used, message_bytes - (size_t)used, "; did you mean '%s'?", nearest);
    for (size_t i = 0; nearest == NULL && i < count && (size_t)used < message_bytes; i++)
        used += snprintf(message + used, message_bytes - (size_t)used, "%s %s", i > 0 ? "," : "",
                         names[i]);
    return -EINVAL;
}

int alphabet_parse(const char *words, alphabet_t *letters, char *message, size_t message_bytes)
{
    char *copy = strdup(words), *rest = copy, *word;
    int error = copy == NULL ? -ENOMEM : 0;

    *letters = 0;
    while (error == 0 && (word = strsep(&rest, ",")) != NULL)
        if (!find_set(word, strlen(word), letters) && !find_word(word, letters))
            error = unknown_word(word, message, message_bytes);
    free(copy);
    return error;
}

void alphabet_name(alphabet_t letters, char name[ALPHABET_TEXT])
{
    const char *set_name;
    alphabet_t set;
    size_t used = 0;

    for (size_t i = 0; alphabet_set(i, &set_name, &set); i++)
        if (set == letters) {
            snprintf(name, ALPHABET_TEXT, "%s", set_name);
            return;
        }
    name[used++] = 'x';
    for (size_t i = 0; i < alphabet_letter_count; i++)
        if ((letters >> i & 1) != 0)
            name[used++] = alphabet_letters[i].code;
    name[used] = '\0';
}

bool alphabet_from_name(const char *name, size_t length, alphabet_t *letters)
{
    size_t found = 0;

    *letters = 0;
    if (find_set(name, length, letters))
        return true;
    if (length < 2 || name[0] != 'x')
        return false;
    for (size_t at = 1; at < length; at++)
        for (size_t i = 0; i < alphabet_letter_count; i++)
            if (alphabet_letters[i].code == name[at]) {
                *letters |= (alphabet_t)1 << i;
                found++;
            }
    return found == length - 1;
}

bool alphabet_has(alphabet_t letters, enum alphabet_family family)
{
    for (size_t i = 0; i < alphabet_letter_count; i++)
        if ((letters >> i & 1) != 0 && alphabet_letters[i].family == family)
            return true;
    return false;
}

/* ---- slots ---- */

void alphabet_fill(struct step *step, const struct alphabet_slot *slot, unsigned number,
                   uint64_t places)
{
    enum { PLACE_PAGES = 10, FIRST_ROOT = 1 };
    static const char *const names[][ALPHABET_NAMES] = {
        [THING_PAGES] = {"p1", "p2", "p3", "p4", "p5", "p6"},
        [THING_OBJECT] = {"o1", "o2", "o3", "o4", "o5", "o6"},
        [THING_BYTES] = {"b1", "b2", "b3", "b4", "b5", "b6"},
        [THING_NOUN] = {"n1", "n2", "n3", "n4", "n5", "n6"},
        [THING_VIEW] = {"v1", "v2", "v3", "v4", "v5", "v6"},
        [THING_KEPT] = {"root 1", "root 2", "root 3", "root 4", "root 5", "root 6"},
    };
    char *field = (char *)step + slot->field;

    if (slot->thing == THING_PLACE)
        *(uint64_t *)field = places + (uint64_t)number * PLACE_PAGES;
    else if (slot->thing == THING_ROOT)
        *(uint64_t *)field = FIRST_ROOT + number;
    else
        *(const char **)field = names[slot->thing][number];
}

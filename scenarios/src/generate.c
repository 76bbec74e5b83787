/* SPDX-License-Identifier: MIT */
#include "generate.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "generate_name.h"
#include "generate_vary.h"
#include "plausible.h"

enum {
    MOST_STEPS = 2 * GENERATE_MOST_LENGTH + 8,
    PLACES = 6 * 10 + 4, /* pages at the upper end, for moves */
    DRAWS = 200,         /* of a random operation, until one is possible */
};

/* Which candidate an operation is: a letter, one of its moves, and the things it is done to. */
struct choice {
    size_t letter, move;
    unsigned things; /* the numbers in the slots that are not fresh, as digits */
};

struct generator {
    struct generate_request request;
    char prefix[GENERATE_PREFIX];
    uint64_t next;
    struct scenario scenario;
    struct step steps[MOST_STEPS];
    size_t step_count;
    struct plausible *plausible;
    uint64_t stack_bytes; /* that the steps so far may take on a stack */
    /* The sequence at hand, and where the steps of each operation begin. */
    struct choice choices[GENERATE_MOST_LENGTH + 1];
    size_t begins[GENERATE_MOST_LENGTH + 1];
    size_t depth;
    bool leaf[GENERATE_MOST_LENGTH + 1]; /* nothing was possible there so far */
    bool ended;
};

/* ---- one step, one operation ---- */

/* An upper bound of what a step takes of its stack. Twice, for a preserve copies. */
static uint64_t taken_on_stack(const struct step *step)
{
    enum { OVERHEAD = 64, ATOM_IN_LIST = 320 };

    switch (step->kind) {
    case STEP_PUSH:
    case STEP_FLIP:
        return step->locals * sizeof(uint64_t) + OVERHEAD;
    case STEP_LIGHT_PUSH:
        return step->count * sizeof(uint64_t);
    case STEP_STACK_ALLOC:
        return step->bytes + PMA_PAGE_SIZE;
    case STEP_NOUN:
        return 2 *
               (step->shape == SHAPE_ATOM ? step->size + PMA_PAGE_SIZE : step->size * ATOM_IN_LIST);
    case STEP_CELL:
        return 2 * OVERHEAD;
    case STEP_JAM:
        return 2 * PMA_PAGE_SIZE;
    default:
        return 0;
    }
}

/* Appends a step if it can work here. 0, -EINVAL or -ENOMEM. */
static int append(struct generator *generator, const struct step *step)
{
    uint64_t taken = generator->stack_bytes + taken_on_stack(step);
    const char *why;
    int error;

    if (taken > generate_stack_pages(generator->request.random) * PMA_PAGE_SIZE / 2)
        return -EINVAL;
    error = plausible_step(generator->plausible, step, &why);
    if (error != 0)
        return error;
    generator->stack_bytes = step->kind == STEP_STACK ? 0 : taken;
    generator->steps[generator->step_count++] = *step;
    return 0;
}

static struct step numbered(const struct generator *generator, const struct step *from)
{
    struct step step = build_default(from->kind, generator->step_count);
    uint64_t seed = step.seed, bytes = step.bytes, count = step.count;

    step = *from;
    step.seed = seed;
    step.line = (unsigned)seed;
    step.bytes = step.bytes != 0 ? step.bytes : bytes;
    step.count = step.count != 0 ? step.count : count;
    if (step.kind == STEP_ROOT || step.kind == STEP_LOCAL)
        step.value = seed;
    if (step.kind == STEP_STACK)
        step.pages = generate_stack_pages(generator->request.random);
    return step;
}

/* Back to the first `steps` steps: they are walked again. */
static int rewind_to(struct generator *generator, size_t steps)
{
    size_t count = 0;
    int error;

    plausible_free(generator->plausible);
    generator->plausible = NULL;
    error = plausible_new(&generator->scenario, &generator->plausible);
    generator->step_count = 0;
    generator->stack_bytes = 0;
    for (; error == 0 && count < steps; count++)
        error = append(generator, &generator->steps[count]);
    return error;
}

static const struct alphabet_move *move_of(const struct choice *choice)
{
    return &alphabet_letters[choice->letter].moves[choice->move];
}

/* Tries a move with its names filled in. 1: its steps are there. */
static int take_move(struct generator *generator, const struct alphabet_move *move,
                     const struct step *filled)
{
    size_t before = generator->step_count;
    int error = append(generator, filled);

    if (error == 0 && move->then != NULL) {
        struct step second = numbered(generator, move->then);

        error = append(generator, &second);
        if (error == -EINVAL && rewind_to(generator, before) != 0)
            error = -ENOMEM;
    }
    return error == 0 ? 1 : error == -EINVAL ? 0 : error;
}

static unsigned power(unsigned exponent)
{
    unsigned result = 1;

    while (exponent-- > 0)
        result *= ALPHABET_NAMES;
    return result;
}

static unsigned count_slots(const struct alphabet_move *move, bool fresh)
{
    unsigned count = 0;

    for (size_t i = 0; i < ALPHABET_SLOTS; i++)
        count += move->slots[i].thing != THING_NONE && move->slots[i].fresh == fresh;
    return count;
}

/* Fills the slots, those that are fresh and those that are not, from these numbers' digits. */
static struct step fill(const struct generator *generator, const struct alphabet_move *move,
                        unsigned things, unsigned fresh)
{
    struct step step = numbered(generator, &move->step);

    for (size_t i = 0; i < ALPHABET_SLOTS; i++) {
        const struct alphabet_slot *slot = &move->slots[i];
        unsigned *digits = slot->fresh ? &fresh : &things;

        if (slot->thing == THING_NONE)
            continue;
        alphabet_fill(&step, slot, *digits % ALPHABET_NAMES,
                      generator->scenario.reserved_pages - PLACES);
        *digits /= ALPHABET_NAMES;
    }
    return step;
}

/* Does what was chosen, with the first fresh names that are possible. 1: done, 0: impossible. */
static int take_choice(struct generator *generator, const struct choice *choice,
                       struct vary *random)
{
    const struct alphabet_move *move = move_of(choice);
    unsigned all = power(count_slots(move, true));
    int taken = 0;

    for (unsigned fresh = 0; taken == 0 && fresh < all; fresh++) {
        struct step step = fill(generator, move, choice->things, fresh);

        if (random != NULL)
            vary_step(random, &step);
        taken = take_move(generator, move, &step);
    }
    return taken;
}

/* ---- the beginning and the end of every scenario ---- */

static int begin(struct generator *generator)
{
    alphabet_t letters = generator->request.letters;
    bool heap = alphabet_has(letters, FAMILY_HEAP);
    const struct {
        bool wanted;
        struct step step;
    } steps[] = {
        {generator->scenario.record_creation, {.kind = STEP_CREATE}},
        {alphabet_has(letters, FAMILY_PAGES) || !heap,
         {.kind = STEP_ALLOC, .name = "p1", .pages = 3}},
        {alphabet_has(letters, FAMILY_PAGES) || !heap,
         {.kind = STEP_WRITE, .name = "p1", .bytes = 1024}},
        {heap, {.kind = STEP_MALLOC, .name = "o1", .bytes = 40}},
        {true, {.kind = STEP_SNAPSHOT}},
        {alphabet_has(letters, FAMILY_STACK), {.kind = STEP_STACK, .locals = 2}},
    };
    int error = rewind_to(generator, 0);

    for (size_t i = 0; error == 0 && i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i].wanted) {
            struct step step = numbered(generator, &steps[i].step);

            error = append(generator, &step);
        }
    return error;
}

static int end(struct generator *generator)
{
    const struct step snapshot = {.kind = STEP_SNAPSHOT};
    struct step step;

    if (generator->steps[generator->step_count - 1].kind == STEP_SNAPSHOT)
        return 0;
    step = numbered(generator, &snapshot);
    return append(generator, &step);
}

/* ---- all sequences ---- */

/* The next candidate: things, then moves, then letters. False: that was the last. */
static bool advance(const struct generator *generator, struct choice *choice)
{
    choice->things++;
    if (choice->things == power(count_slots(move_of(choice), false))) {
        choice->things = 0;
        choice->move++;
    }
    if (choice->move == alphabet_letters[choice->letter].move_count) {
        choice->move = 0;
        choice->letter++;
    }
    while (choice->letter < alphabet_letter_count &&
           (generator->request.letters >> choice->letter & 1) == 0)
        choice->letter++;
    return choice->letter < alphabet_letter_count;
}

static struct choice first_choice(const struct generator *generator)
{
    struct choice choice = {0};

    while ((generator->request.letters >> choice.letter & 1) == 0)
        choice.letter++;
    return choice;
}

/* Makes the operation at the present depth the first that is possible from its choice on. */
static int settle(struct generator *generator)
{
    struct choice *choice = &generator->choices[generator->depth];
    bool more = choice->letter < alphabet_letter_count;
    int taken = 0;

    generator->begins[generator->depth] = generator->step_count;
    while (more && (taken = take_choice(generator, choice, NULL)) == 0)
        more = advance(generator, choice);
    return taken;
}

static void descend(struct generator *generator)
{
    generator->depth++;
    generator->leaf[generator->depth] = true;
    if (generator->depth < generator->request.length)
        generator->choices[generator->depth] = first_choice(generator);
}

/* The operation before is done with: the next one in its place. */
static int ascend(struct generator *generator)
{
    generator->depth--;
    generator->leaf[generator->depth] = false;
    advance(generator, &generator->choices[generator->depth]);
    return rewind_to(generator, generator->begins[generator->depth]);
}

/*
 * The next sequence in the order of the alphabet: 1, 0 if there is none, or an error. One that can
 * not be made longer is as good as one of full length; shorter ones are the beginnings of these.
 */
static int next_sequence(struct generator *generator)
{
    int result = 0;

    while (result == 0) {
        bool full = generator->depth == generator->request.length;
        int taken = full ? 0 : settle(generator);

        if (taken < 0)
            return taken;
        if (taken > 0) {
            descend(generator);
            full = generator->depth == generator->request.length;
            if (full)
                return 1;
            continue;
        }
        if (generator->depth == 0)
            return 0;
        if (!full && generator->leaf[generator->depth]) {
            generator->leaf[generator->depth] = false;
            return 1;
        }
        result = ascend(generator);
    }
    return result;
}

/* ---- random ones ---- */

static struct choice draw(const struct generator *generator, struct vary *random)
{
    struct choice choice = {0};
    uint64_t weights = 0, drawn;

    for (size_t i = 0; i < alphabet_letter_count; i++)
        weights += (generator->request.letters >> i & 1) * alphabet_letters[i].weight;
    drawn = vary_below(random, weights);
    for (;; choice.letter++) {
        uint64_t weight = (generator->request.letters >> choice.letter & 1) *
                          alphabet_letters[choice.letter].weight;

        if (drawn < weight)
            break;
        drawn -= weight;
    }
    choice.move = (size_t)vary_below(random, alphabet_letters[choice.letter].move_count);
    choice.things = (unsigned)vary_below(random, power(count_slots(move_of(&choice), false)));
    return choice;
}

static int random_sequence(struct generator *generator)
{
    struct vary random = vary_from(generator->request.seed, generator->next);
    uint64_t done = 0;
    unsigned draws = 0;
    int error;

    vary_arena(&random, &generator->scenario);
    error = begin(generator);
    while (error == 0 && done < generator->request.length && draws < DRAWS) {
        struct choice choice = draw(generator, &random);
        int taken = take_choice(generator, &choice, &random);

        error = taken < 0 ? taken : 0;
        done += taken > 0;
        draws = taken > 0 ? 0 : draws + 1;
    }
    return error != 0 ? error : 1;
}

/* ---- scenarios ---- */

/* As large as what may lie in it, places for moves at its upper end. */
static uint64_t reserved(const struct generate_request *request)
{
    uint64_t scale = request->random ? 4 : 1;

    return scale * (64 + 64 * alphabet_has(request->letters, FAMILY_HEAP) +
                    64 * alphabet_has(request->letters, FAMILY_STACK)) +
           alphabet_has(request->letters, FAMILY_STACK) * generate_stack_pages(request->random) +
           PLACES;
}

int generator_new(const struct generate_request *request, struct generator **generator,
                  char *message, size_t message_bytes)
{
    struct generator *made = calloc(1, sizeof *made);
    int error = -ENOMEM;

    if (made == NULL)
        return error;
    made->request = *request;
    made->scenario = suite_default;
    made->scenario.file = "generated";
    made->scenario.reserved_pages = reserved(request);
    made->scenario.fanout = 4;
    error = generate_prefix(request, made->prefix, message, message_bytes);
    if (error == 0 && !request->random) {
        error = begin(made);
        made->choices[0] = first_choice(made);
        if (error == 0) {
            int found = next_sequence(made);

            made->ended = found == 0;
            error = found < 0 ? found : 0;
        }
    }
    if (error != 0)
        generator_free(made);
    else
        *generator = made;
    return error;
}

void generator_free(struct generator *generator)
{
    if (generator == NULL)
        return;
    plausible_free(generator->plausible);
    free(generator);
}

uint64_t generator_next(const struct generator *generator)
{
    return generator->next;
}

void generator_seek(struct generator *generator, uint64_t number)
{
    generator->next = number;
}

const char *generator_prefix(const struct generator *generator)
{
    return generator->prefix;
}

int generator_skip(struct generator *generator)
{
    int found;

    if (generator->ended)
        return 0;
    generator->next++;
    if (generator->request.random)
        return 1;
    found = next_sequence(generator);
    generator->ended = found == 0;
    return found < 0 ? found : 1;
}

static int add(struct generator *generator, struct suite *suite)
{
    const struct generate_request *request = &generator->request;
    char name[GENERATE_PREFIX + 24], description[160], alphabet[ALPHABET_TEXT];
    size_t before;
    int error;

    alphabet_name(request->letters, alphabet);
    snprintf(name, sizeof name, "%s%06" PRIu64, generator->prefix, generator->next);
    snprintf(description, sizeof description, "Generated: %s%" PRIu64 " operations of '%s'.",
             request->random ? "random, " : "", request->length, alphabet);
    before = generator->step_count;
    error = end(generator);
    generator->scenario.name = name;
    generator->scenario.description = description;
    generator->scenario.steps = generator->steps;
    generator->scenario.step_count = generator->step_count;
    if (error == 0)
        error = suite_add(suite, &generator->scenario);
    if (error == 0 && generator->step_count != before)
        error = rewind_to(generator, before);
    return error;
}

int generator_add(struct generator *generator, struct suite *suite)
{
    int error = 0;

    if (generator->ended)
        return 0;
    if (generator->request.random)
        error = random_sequence(generator);
    if (error >= 0)
        error = add(generator, suite);
    return error < 0 ? error : generator_skip(generator);
}

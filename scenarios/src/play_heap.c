/* SPDX-License-Identifier: MIT */
/* Steps on the persistent heap. Every object is filled with bytes of its seed, all that it may use.
 */
#include "play.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <pma/heap.h>

static unsigned char *at_place(const struct workload *workload, uint64_t place)
{
    return (unsigned char *)pma_base(workload->arena) + place;
}

static uint64_t place_of(const struct workload *workload, const void *address)
{
    return (uint64_t)((const unsigned char *)address -
                      (const unsigned char *)pma_base(workload->arena));
}

int play_verify_object(struct workload *workload, const struct expected_object *object)
{
    const unsigned char *address = at_place(workload, object->place);
    size_t usable = 0;
    int result = pma_usable_size(workload->arena, address, &usable);

    if (result == 0)
        result = pma_touch(workload->arena, address, object->bytes);
    if (result != 0 && play_was_injected(workload))
        return 0;
    if (result != 0)
        return play_broken(workload, WORKLOAD_MEMORY, result, "heap object '%s': %s", object->name,
                           pma_last_error(workload->arena));
    if (usable != object->bytes)
        return play_broken(workload, WORKLOAD_MEMORY, -EINVAL,
                           "heap object '%s' may use %zu bytes, not %" PRIu64 " as it should",
                           object->name, usable, object->bytes);
    if (memcmp(address, contents_bytes(&workload->contents, object->content), object->bytes) != 0)
        return play_broken(workload, WORKLOAD_MEMORY, -EINVAL,
                           "heap object '%s' does not hold what step %u stored", object->name,
                           object->step);
    return 0;
}

/* Stores bytes of the step's seed to all of an object, in the arena and in the model. */
static int fill(struct workload *workload, const struct step *step, struct expected_object *object)
{
    unsigned char *bytes = malloc(object->bytes);
    int error = bytes == NULL ? -ENOMEM : 0;

    if (error == 0) {
        contents_generate(step->seed, 0, bytes, object->bytes);
        play_store(at_place(workload, object->place), bytes, object->bytes);
        object->step = (uint32_t)workload->step_number;
        error = contents_add(&workload->contents, bytes, object->bytes, &object->content);
    }
    free(bytes);
    return error == 0 ? 0 : play_fail(workload, error, "out of memory");
}

static bool is_zeroed(const unsigned char *bytes, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static int call_malloc(struct workload *workload, const struct step *step, void **address)
{
    if (step->zeroed)
        return PLAY_CALL(workload, pma_calloc, workload->arena, 1, step->bytes, address);
    if (step->align != 0)
        return PLAY_CALL(workload, pma_memalign, workload->arena, step->align, step->bytes,
                         address);
    return PLAY_CALL(workload, pma_malloc, workload->arena, step->bytes, address);
}

static int play_malloc(struct workload *workload, const struct step *step)
{
    const struct effects effects = play_effects(workload);
    void *address = NULL;
    int result = call_malloc(workload, step, &address);

    if (result != PLAY_DONE)
        return result;
    if (step->zeroed && !is_zeroed(address, step->bytes))
        return play_broken(workload, WORKLOAD_MEMORY, -EINVAL, "pma_calloc: not zeroed");
    if (step->align != 0 && (uintptr_t)address % step->align != 0)
        return play_broken(workload, WORKLOAD_MEMORY, -EINVAL,
                           "pma_memalign: %p is not aligned to %" PRIu64, address, step->align);
    result = play_applied(workload, effects_malloc(&effects, step, place_of(workload, address)));
    return result != 0 ? result : fill(workload, step, effects_object(&effects, step));
}

static int play_realloc(struct workload *workload, const struct step *step)
{
    const struct effects effects = play_effects(workload);
    struct expected_object *object = effects_object(&effects, step);
    uint64_t kept;
    void *address;
    int result;

    if (object == NULL)
        return play_fail(workload, -EINVAL, "%s", workload->why);
    address = at_place(workload, object->place);
    kept = object->bytes < step->bytes ? object->bytes : step->bytes;
    result = PLAY_CALL(workload, pma_realloc, workload->arena, &address, step->bytes);
    if (result != PLAY_DONE)
        return result;
    if (memcmp(address, contents_bytes(&workload->contents, object->content), kept) != 0)
        return play_broken(workload, WORKLOAD_MEMORY, -EINVAL,
                           "the first %" PRIu64 " bytes of '%s' did not keep their content", kept,
                           step->name);
    result = play_applied(workload, effects_realloc(&effects, step, place_of(workload, address)));
    return result != 0 ? result : fill(workload, step, object);
}

/* An address by name: of an object, of one that was freed, or of pages that are in no heap. */
static int find_address(struct workload *workload, const struct step *step, unsigned char **address)
{
    const struct expected_object *object = expected_object(&workload->now, step->name, true);
    uint64_t pages = 0, first;

    if (object != NULL) {
        *address = at_place(workload, object->place);
        return 0;
    }
    if (expected_find(&workload->now, step->name, 0, &pages, &first, workload->why,
                      sizeof workload->why) != 0)
        return play_fail(workload, -EINVAL, "%s", workload->why);
    *address = play_page(workload, first);
    return 0;
}

static int play_free_object(struct workload *workload, const struct step *step)
{
    const struct effects effects = play_effects(workload);
    const struct expected_object *object = expected_object(&workload->now, step->name, false);
    unsigned char *address = NULL;
    int result = find_address(workload, step, &address);

    if (result == 0 && object != NULL && workload->known)
        result = play_verify_object(workload, object);
    if (result == 0)
        result = PLAY_CALL(workload, pma_free, workload->arena, address + step->offset);
    return result != PLAY_DONE ? result
                               : play_applied(workload, effects_free_object(&effects, step));
}

/* Pages that are allocated become an object: what they hold is its content. */
static int play_take(struct workload *workload, const struct step *step)
{
    const struct effects effects = play_effects(workload);
    struct step taken = *step;
    struct expected_object *object;
    unsigned char *bytes;
    uint64_t pages = 0, first;
    void *address;
    int result = play_applied(workload, expected_find(&workload->now, step->name, 0, &pages, &first,
                                                      workload->why, sizeof workload->why));

    if (result != 0)
        return result;
    bytes = malloc(pages * PMA_PAGE_SIZE);
    if (bytes == NULL)
        return play_fail(workload, -ENOMEM, "out of memory");
    for (uint64_t i = 0; i < pages; i++)
        memcpy(bytes + i * PMA_PAGE_SIZE,
               contents_bytes(&workload->contents, workload->now.pages[first + i].content),
               PMA_PAGE_SIZE);
    result = PLAY_CALL(workload, pma_heap_take_pages, workload->arena, play_page(workload, first),
                       pages, &address);
    if (result == PLAY_DONE)
        result = play_applied(workload, effects_take(&effects, step, place_of(workload, address)));
    taken.name = step->as;
    object = result == 0 ? expected_object(&workload->now, taken.name, false) : NULL;
    if (object != NULL) {
        object->step = (uint32_t)workload->step_number;
        if (contents_add(&workload->contents, bytes, object->bytes, &object->content) != 0)
            result = play_fail(workload, -ENOMEM, "out of memory");
    }
    free(bytes);
    return result;
}

/* What steps on pages do to an object: all of it is written, made dirty, pushed out. */
static int play_on_object(struct workload *workload, const struct step *step)
{
    struct expected_object *object = expected_object(&workload->now, step->name, false);
    unsigned char *address = at_place(workload, object->place);
    int result;

    if (step->kind == STEP_DIRTY)
        return PLAY_CALL(workload, pma_dirty, workload->arena, address, object->bytes);
    if (step->kind == STEP_EVICT)
        return PLAY_CALL(workload, pma_evict, workload->arena, address, object->bytes);
    result = play_arm(workload);
    if (result != 0)
        return result;
    result = fill(workload, step, object);
    play_disarm(workload);
    return result;
}

int play_heap(struct workload *workload, const struct step *step)
{
    int result;

    switch (step->kind) {
    case STEP_MALLOC:
        result = play_malloc(workload, step);
        break;
    case STEP_REALLOC:
        result = play_realloc(workload, step);
        break;
    case STEP_FREE_OBJECT:
        result = play_free_object(workload, step);
        break;
    case STEP_TAKE:
        result = play_take(workload, step);
        break;
    default:
        result = play_on_object(workload, step);
        break;
    }
    return result < 0 ? result : 0;
}

/* SPDX-License-Identifier: MIT */
#include "arena_place.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pma/check.h>

static bool make_directory(struct arena_place *place, const char *parent)
{
    const int length =
        snprintf(place->directory, sizeof(place->directory), "%s/arena-XXXXXX", parent);

    return length < (int)sizeof(place->directory) && mkdtemp(place->directory);
}

int arena_place_setup(void **state)
{
    const char *parent = getenv("TMPDIR");
    struct arena_place *place = calloc(1, sizeof(*place));

    if (!place)
        return -1;
    if (!make_directory(place, parent ? parent : "/tmp") && !make_directory(place, "/tmp"))
        return -1;
    snprintf(place->path, sizeof(place->path), "%s/test.pma", place->directory);
    *state = place;
    return 0;
}

int arena_place_teardown(void **state)
{
    struct arena_place *place = *state;
    DIR *directory = opendir(place->directory);
    const struct dirent *entry;

    while (directory && (entry = readdir(directory)))
        unlinkat(dirfd(directory), entry->d_name, 0);
    if (directory)
        closedir(directory);
    rmdir(place->directory);
    free(place);
    return 0;
}

bool arena_copies_lazily(void)
{
    const char *copying = getenv("PMA_TEST_COPYING");

    return copying && strcmp(copying, "lazy") == 0;
}

struct pma_options arena_defaults(void)
{
    struct pma_options options = PMA_OPTIONS_INIT;

    options.copying = arena_copies_lazily() ? PMA_COPY_LAZY : PMA_COPY_EAGER;
    return options;
}

struct pma_options arena_small(void)
{
    struct pma_options options = arena_defaults();

    options.reserved_bytes = 256 * PMA_PAGE_SIZE;
    options.initial_blocks = 32;
    options.grow_blocks = 8;
    options.fanout = 4;
    return options;
}

pma_t *arena_create(const struct arena_place *place, const struct pma_options *options)
{
    const struct pma_options defaults = arena_defaults();
    struct pma_error error;
    pma_t *arena = NULL;

    if (pma_create(place->path, options ? options : &defaults, &arena, &error))
        fail_msg("%s", error.text);
    return arena;
}

pma_t *arena_open(const struct arena_place *place)
{
    const struct pma_options defaults = arena_defaults();
    struct pma_error error;
    pma_t *arena = NULL;

    if (pma_open(place->path, &defaults, &arena, &error))
        fail_msg("%s", error.text);
    return arena;
}

void arena_close(pma_t *arena)
{
    assert_int_equal(pma_close(arena), 0);
}

pma_t *arena_reopen(const struct arena_place *place, pma_t *arena)
{
    arena_close(arena);
    return arena_open(place);
}

void arena_expect_ok(pma_t *arena, int result, const char *call, const char *file, int line)
{
    if (!result)
        return;
    print_error("%s: %s (%s)\n", call, pma_strerror(result), pma_last_error(arena));
    _fail(file, line);
}

void arena_snapshot(pma_t *arena, uint64_t event)
{
    arena_ok(arena, pma_snapshot(arena, event));
}

void *arena_alloc(pma_t *arena, size_t pages, unsigned flags)
{
    void *address = NULL;

    arena_ok(arena, pma_pages_alloc(arena, pages, flags, &address));
    return address;
}

enum { WORDS = PMA_PAGE_SIZE / sizeof(uint64_t) };

static uint64_t pattern(uint64_t tag, size_t word)
{
    return tag ? tag + word * UINT64_C(0x9e3779b97f4a7c15) : 0;
}

void arena_fill(void *page, uint64_t tag)
{
    uint64_t *words = page;

    for (size_t i = 0; i < WORDS; i++)
        words[i] = pattern(tag, i);
}

uint64_t arena_tag(const void *page)
{
    const uint64_t *words = page;
    const uint64_t tag = words[0];

    for (size_t i = 1; i < WORDS; i++) {
        if (words[i] != pattern(tag, i))
            return UINT64_MAX;
    }
    return tag;
}

static void print_finding(void *context, const char *rule, const char *text)
{
    print_error("%s: %s\n", rule, text);
}

void arena_check(const struct arena_place *place)
{
    const struct pma_check_visitor visitor = {.finding = print_finding};
    struct pma_check_report report;
    struct pma_error error;

    if (pma_check(place->path, NULL, &visitor, &report, &error))
        fail_msg("%s", error.text);
    assert_int_equal(report.findings, 0);
}

/* SPDX-License-Identifier: MIT */
#include "directory_model.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

void directory_model_init(struct directory_model *model, uint64_t count)
{
    model->pages = calloc(count, sizeof(*model->pages));
    model->count = count;
    assert_non_null(model->pages);
}

void directory_model_deinit(struct directory_model *model)
{
    free(model->pages);
}

void directory_model_put(struct directory_model *model, const struct extent *extent)
{
    for (uint64_t i = 0; i < extent->length; i++) {
        model->pages[extent->page + i] = (struct model_page){
            .block = extent->block ? extent->block + i : 0,
            .flags = extent->flags,
            .present = true,
        };
    }
}

void directory_model_remove(struct directory_model *model, uint64_t page, uint64_t length)
{
    for (uint64_t i = page; i < page + length && i < model->count; i++)
        model->pages[i] = (struct model_page){0};
}

void directory_model_flag(struct directory_model *model, uint64_t page, uint64_t length,
                          uint8_t clear, uint8_t set)
{
    for (uint64_t i = page; i < page + length && i < model->count; i++) {
        if (model->pages[i].present)
            model->pages[i].flags = (uint8_t)((model->pages[i].flags & ~clear) | set);
    }
}

static bool continues(const struct model_page *page, const struct model_page *next)
{
    bool block = page->block == 0 ? next->block == 0 : next->block == page->block + 1;
    return next->present && block && ((page->flags ^ next->flags) & ~EXTENT_MAPPED) == 0;
}

bool directory_model_extent(const struct directory_model *model, uint64_t page,
                            struct extent *extent)
{
    const struct model_page *first = &model->pages[page];
    if (!first->present || (page > 0 && first[-1].present && continues(&first[-1], first)))
        return false;
    uint32_t length = 1;
    while (page + length < model->count && continues(&first[length - 1], &first[length]))
        length++;
    *extent = (struct extent){
        .page = page, .block = first->block, .length = length, .flags = first->flags};
    return true;
}

struct comparison {
    const struct directory_model *model;
    uint64_t page, extents, pages;
};

static void assert_same(const struct directory_model *model, const struct extent *expected,
                        const struct extent *extent)
{
    assert_int_equal(extent->page, expected->page);
    assert_int_equal(extent->block, expected->block);
    assert_int_equal(extent->length, expected->length);
    assert_int_equal(extent->flags & ~EXTENT_MAPPED, expected->flags & ~EXTENT_MAPPED);
    if (extent->flags & EXTENT_MAPPED) {
        for (uint64_t i = 0; i < extent->length; i++)
            assert_true(model->pages[extent->page + i].flags & EXTENT_MAPPED);
    }
}

/* The first extent of the model that begins at or above `page`. */
static bool expected_from(const struct directory_model *model, uint64_t page,
                          struct extent *expected)
{
    for (; page < model->count; page++) {
        if (directory_model_extent(model, page, expected))
            return true;
    }
    return false;
}

static int compare(void *context, const struct extent *extent)
{
    struct comparison *comparison = context;
    struct extent expected = {0};
    assert_true(expected_from(comparison->model, comparison->page, &expected));
    assert_same(comparison->model, &expected, extent);
    comparison->page = expected.page + expected.length;
    comparison->extents++;
    comparison->pages += expected.length;
    return 0;
}

void directory_model_check(const struct directory_model *model, struct directory *directory)
{
    struct comparison comparison = {.model = model};
    struct extent missing;
    assert_int_equal(directory_verify(directory), 0);
    assert_int_equal(directory_each(directory, 0, compare, &comparison), 0);
    assert_false(expected_from(model, comparison.page, &missing));
    assert_int_equal(directory->extents, comparison.extents);
    assert_int_equal(directory->pages, comparison.pages);
}

void directory_model_check_page(const struct directory_model *model, struct directory *directory,
                                uint64_t page)
{
    uint64_t first = page;
    struct extent expected = {0}, found;
    while (first > 0 && !directory_model_extent(model, first, &expected) &&
           model->pages[first].present)
        first--;
    if (model->pages[page].present) {
        assert_true(directory_model_extent(model, first, &expected));
        assert_int_equal(directory_find(directory, page, &found), 0);
        assert_same(model, &expected, &found);
    } else {
        assert_int_equal(directory_find(directory, page, &found), -ENOENT);
        if (!expected_from(model, page, &expected)) {
            assert_int_equal(directory_next(directory, page, &found), -ENOENT);
            return;
        }
    }
    assert_int_equal(directory_next(directory, page, &found), 0);
    assert_same(model, &expected, &found);
}

void directory_model_check_gap(const struct directory_model *model, struct directory *directory,
                               uint64_t from, uint64_t length)
{
    uint64_t run = 0, found;
    for (uint64_t page = from; page < model->count; page++) {
        run = model->pages[page].present ? 0 : run + 1;
        if (run == length) {
            assert_int_equal(directory_gap(directory, NULL, from, model->count, length, &found), 0);
            assert_int_equal(found, page + 1 - length);
            return;
        }
    }
    assert_int_equal(directory_gap(directory, NULL, from, model->count, length, &found), -ENOMEM);
}

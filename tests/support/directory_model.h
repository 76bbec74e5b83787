/* SPDX-License-Identifier: MIT */
/*
 * What a directory must hold, as an array of pages: slow and plainly right. Comparing also checks
 * the tree's own rules.
 */
#ifndef DIRECTORY_MODEL_H
#define DIRECTORY_MODEL_H

#include "directory.h"

struct model_page {
    uint64_t block;
    uint8_t flags; /* MAPPED: some store of flags may have left it so; it need not show */
    bool present;
};

struct directory_model {
    struct model_page *pages;
    uint64_t count;
};

void directory_model_init(struct directory_model *model, uint64_t count);
void directory_model_deinit(struct directory_model *model);

void directory_model_put(struct directory_model *model, const struct extent *extent);
void directory_model_remove(struct directory_model *model, uint64_t page, uint64_t length);
void directory_model_flag(struct directory_model *model, uint64_t page, uint64_t length,
                          uint8_t clear, uint8_t set);

/* The longest extent that begins at `page`, joined as the format asks; false if none begins. */
bool directory_model_extent(const struct directory_model *model, uint64_t page,
                            struct extent *extent);

/* Fails the test unless the directory is in order and holds just what the model does. */
void directory_model_check(const struct directory_model *model, struct directory *directory);

/* Fails the test unless find, next and gap answer as the model does. */
void directory_model_check_page(const struct directory_model *model, struct directory *directory,
                                uint64_t page);
void directory_model_check_gap(const struct directory_model *model, struct directory *directory,
                               uint64_t from, uint64_t length);

#endif

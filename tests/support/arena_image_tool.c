/* SPDX-License-Identifier: MIT */
/* Writes arena files built by hand, for tests of commands: arena_image_tool KIND FILE. */
#include <stdio.h>
#include <string.h>

#include <pma/heap.h>

#include "arena_image.h"

static void sample(struct arena_image *image)
{
    arena_image_sample(image);
}

static void first_snapshot(struct arena_image *image)
{
    arena_image_init(image, 16);
    arena_image_snapshot(image, 0, 1, NULL, 0, 0);
}

static void newer_version(struct arena_image *image)
{
    arena_image_sample(image);
    for (unsigned slot = 0; slot < FORMAT_META_BLOCKS; slot++)
        arena_image_meta(image, slot)->version = FORMAT_VERSION + 1;
    arena_image_seal(image);
}

/* Page 0 of the sample, in both of its snapshots. */
static void flipped_bit(struct arena_image *image)
{
    arena_image_sample(image);
    arena_image_block(image, FORMAT_META_BLOCKS)[100] ^= 4;
}

static void flipped_root(struct arena_image *image)
{
    arena_image_sample(image);
    arena_image_node(image, &arena_image_meta(image, 0)->directory)->inner.children[0].page ^= 1;
}

static void both_metas_torn(struct arena_image *image)
{
    arena_image_sample(image);
    for (unsigned slot = 0; slot < FORMAT_META_BLOCKS; slot++)
        arena_image_meta(image, slot)->event++;
}

/* One that the library itself makes: the heap's record is its own business. */
static int make_heap(const char *path)
{
    struct pma_options options = PMA_OPTIONS_INIT;
    void *object;
    pma_t *arena;

    options.reserved_bytes = 256 * PMA_PAGE_SIZE;
    options.initial_blocks = 64;
    int failed = pma_create(path, &options, &arena, NULL);
    if (failed)
        return 1;
    for (int i = 0; !failed && i < 3; i++)
        failed = pma_malloc(arena, 100, &object);
    if (!failed)
        failed = pma_malloc(arena, 5 * PMA_PAGE_SIZE, &object);
    if (!failed)
        failed = pma_snapshot(arena, 1);
    return pma_close(arena) || failed;
}

static const struct {
    const char *name;
    void (*make)(struct arena_image *image);
} kinds[] = {
    {"sample", sample},           {"first-snapshot", first_snapshot}, {"newer", newer_version},
    {"flipped-bit", flipped_bit}, {"flipped-root", flipped_root},     {"torn", both_metas_torn},
};

static int write_file(const struct arena_image *image, const char *path)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return 1;
    size_t written = fwrite(image->bytes, PMA_PAGE_SIZE, image->blocks, file);
    return fclose(file) != 0 || written != image->blocks;
}

int main(int count, char **words)
{
    if (count == 3 && strcmp(words[1], "heap") == 0)
        return make_heap(words[2]);
    for (size_t i = 0; count == 3 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(words[1], kinds[i].name) != 0)
            continue;
        struct arena_image image;
        kinds[i].make(&image);
        int failed = write_file(&image, words[2]);
        arena_image_deinit(&image);
        return failed;
    }
    fprintf(stderr, "usage: arena_image_tool KIND FILE\n");
    return 2;
}

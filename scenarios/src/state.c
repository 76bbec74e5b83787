/* SPDX-License-Identifier: MIT */
#include "state.h"

#include <stdbool.h>

static struct fsim_digest as_digest(XXH128_hash_t hash)
{
    return (struct fsim_digest){hash.low64, hash.high64};
}

struct fsim_digest state_page_digest(const void *page)
{
    return as_digest(XXH3_128bits(page, PMA_PAGE_SIZE));
}

struct fsim_digest state_zeros_digest(void)
{
    static const unsigned char zeros[PMA_PAGE_SIZE];
    static struct fsim_digest digest;
    static bool known;

    if (!known)
        digest = state_page_digest(zeros);
    known = true;
    return digest;
}

void state_hash_begin(struct state_hash *hash)
{
    XXH3_128bits_reset(&hash->hash);
}

void state_hash_page(struct state_hash *hash, uint64_t page, struct fsim_digest digest)
{
    const uint64_t words[3] = {page, digest.low, digest.high};

    XXH3_128bits_update(&hash->hash, words, sizeof words);
}

struct fsim_digest state_hash_end(struct state_hash *hash, const uint64_t roots[PMA_ROOTS],
                                  uint64_t event)
{
    XXH3_128bits_update(&hash->hash, roots, PMA_ROOTS * sizeof *roots);
    XXH3_128bits_update(&hash->hash, &event, sizeof event);
    return as_digest(XXH3_128bits_digest(&hash->hash));
}

const struct state_description *state_description(const void *payload, size_t bytes)
{
    const struct state_description *description = payload;

    if (bytes < sizeof *description ||
        description->page_count > bytes / sizeof(struct state_page) ||
        description->block_count > bytes / sizeof(struct state_blocks) ||
        bytes != sizeof *description + description->page_count * sizeof(struct state_page) +
                     description->block_count * sizeof(struct state_blocks))
        return NULL;
    return description;
}

const struct state_page *state_pages(const struct state_description *description)
{
    return (const struct state_page *)(description + 1);
}

const struct state_blocks *state_blocks(const struct state_description *description)
{
    return (const struct state_blocks *)(state_pages(description) + description->page_count);
}

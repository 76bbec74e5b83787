/* SPDX-License-Identifier: MIT */
/* The two meta pages of a file, read and judged. */
#ifndef METAS_H
#define METAS_H

#include "error.h"
#include "fault.h"
#include "format.h"

struct metas {
    struct format_meta meta[FORMAT_META_BLOCKS];
    int verdict[FORMAT_META_BLOCKS]; /* 0: valid */
    const char *reason[FORMAT_META_BLOCKS];
};

int metas_read(int fd, enum fault_point point, const char *path, struct metas *metas,
               struct pma_error *error);

/* The slot of the newest snapshot. Without a valid meta page, the code that says most about the
 * file. */
int metas_newest(const struct metas *metas, const char *path, unsigned *slot,
                 struct pma_error *error);

/* A checksum says that a record is whole, not that it makes sense, nor that the file has all of its
 * blocks. *blocks is the length of the file. */
int metas_check(int fd, const char *path, const struct format_meta *meta, uint64_t *blocks,
                struct pma_error *error);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Which pages of a mapping were touched.
 *
 * That is read from the page tables when the mapping goes: a page was, if there is an entry for it.
 * For that the kernel must not map pages around the one that faulted, which it leaves off where a
 * userfaultfd watches. Without one, in private mappings, where the program may want a userfaultfd
 * of its own, and in small mappings all decided pages count as looked at.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "entry.h"
#include "image_state.h"

enum { FEW_PAGES = 16 };

/* -1 if there are none. They serve the process that opened them, and no child. */
static int watcher = -1, pagemap = -1;
static bool were_opened; /* or could not be, by this process */

static int open_watcher(void)
{
    int fd = (int)real_syscall(SYS_userfaultfd, UFFD_USER_MODE_ONLY | O_CLOEXEC, 0, 0, 0, 0, 0);
    struct uffdio_api api = {.api = UFFD_API};
    if (fd < 0)
        return -1;
    if (real_syscall(SYS_ioctl, fd, UFFDIO_API, (long)&api, 0, 0, 0) == 0)
        return fd;
    real_close(fd);
    return -1;
}

void image_watchers_close(void)
{
    if (watcher >= 0)
        real_close(watcher);
    if (pagemap >= 0)
        real_close(pagemap);
    watcher = pagemap = -1;
    were_opened = false;
}

/* By the first mapping that needs them, which many a recovery in a process of its own never makes.
 */
static void open_watchers(void)
{
    if (were_opened)
        return;
    image_watchers_close();
    watcher = open_watcher();
    if (watcher >= 0)
        pagemap = real_open(AT_FDCWD, "/proc/self/pagemap", O_RDONLY | O_CLOEXEC, 0);
    were_opened = true;
}

void image_inherit(void)
{
    were_opened = false;
}

/* Of a few pages most are read anyway: to have them mapped now, and counted as looked at, costs
 * less than the faults and to watch them. */
bool image_is_small(const struct image_segment *segment)
{
    return segment->pages <= FEW_PAGES && (segment->protection & PROT_READ) != 0;
}

void image_watch(struct image *image, struct image_segment *segment)
{
    struct uffdio_register range = {
        .range = {segment->start, segment->pages * FSIM_BLOCK_SIZE},
        .mode = UFFDIO_REGISTER_MODE_WP, /* nothing is write-protected: it only has to be there */
    };
    if (segment->shared && !image_is_small(segment))
        open_watchers();
    segment->watched =
        segment->shared && !image_is_small(segment) && pagemap >= 0 &&
        real_syscall(SYS_ioctl, watcher, UFFDIO_REGISTER, (long)&range, 0, 0, 0) == 0;
    if (segment->watched)
        return;
    for (size_t page = 0; page < segment->pages; page++) {
        if (!image_is_guarded(image, &image->files[segment->file], segment->block + page))
            image_look_block(image, segment->file, segment->block + page);
    }
}

/* Whether a touch of a page would have to be appended to the path. */
static bool is_unseen(const struct image *image, const struct image_segment *segment, size_t page)
{
    const struct image_file *file = &image->files[segment->file];
    size_t block = segment->block + page;
    if (block >= image_crash_blocks(file) || image_is_guarded(image, file, block))
        return false;
    uint32_t item = file->blocks[block].item;
    return item != CURSOR_NO_ITEM && image->items[item].seen != image->run &&
           image->items[item].replaced != image->run;
}

void image_note_touched(struct image *image, const struct image_segment *segment)
{
    enum { CHUNK = 256 };
    uint64_t entries[CHUNK];
    if (segment->stored)
        image_soil(&image->files[segment->file], segment->block, segment->block + segment->pages,
                   HELD_UNKNOWN);
    for (size_t page = 0; segment->watched && page < segment->pages;) {
        if (!is_unseen(image, segment, page)) {
            page++;
            continue;
        }
        size_t count = segment->pages - page < CHUNK ? segment->pages - page : CHUNK;
        off_t offset = (off_t)((segment->start / FSIM_BLOCK_SIZE + page) * sizeof entries[0]);
        ssize_t got = real_pread(pagemap, entries, count * sizeof entries[0], offset);
        if (got != (ssize_t)(count * sizeof entries[0])) {
            image_fail(image, got < 0 ? (int)got : -EIO);
            return;
        }
        const uint64_t present = UINT64_C(1) << 63, swapped = UINT64_C(1) << 62;
        for (size_t i = 0; i < count; i++) {
            if ((entries[i] & (present | swapped)) != 0 && is_unseen(image, segment, page + i))
                image_look_block(image, segment->file, segment->block + page + i);
        }
        page += count;
    }
}

/* SPDX-License-Identifier: MIT */
/*
 * The image behind mappings.
 *
 * A page whose block is not decided yet is guarded: it has no access rights, and the fault of the
 * first touch decides it. Every other page is mapped as the program asked, and found out about when
 * the mapping goes (image_touched.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "entry.h"
#include "image_state.h"
#include "shared.h"

static const size_t table_bytes = IMAGE_MAX_SEGMENTS * sizeof(struct image_segment);

int image_memory_new(struct image *image)
{
    image->scratch = shared_reserve(table_bytes);
    return image->scratch == NULL ? -ENOMEM : 0;
}

void image_memory_free(struct image *image)
{
    image_unpark_all(image);
    shared_release(image->scratch, table_bytes);
    image_watchers_close();
}

/* The table of segments. */

static uintptr_t page_end(uintptr_t address, size_t length)
{
    return (address + length + FSIM_BLOCK_SIZE - 1) / FSIM_BLOCK_SIZE * FSIM_BLOCK_SIZE;
}

/* The first segment that ends above an address. */
static size_t first_above(const struct image *image, uintptr_t address)
{
    return image_first_above(image->path->segments, image->path->segment_count, address);
}

static bool insert(struct image *image, size_t at, struct image_segment segment)
{
    if (image->path->segment_count == IMAGE_MAX_SEGMENTS) {
        image_fail(image, -ENOMEM);
        return false;
    }
    memmove(&image->path->segments[at + 1], &image->path->segments[at],
            (image->path->segment_count - at) * sizeof segment);
    image->path->segments[at] = segment;
    image->path->segment_count++;
    return true;
}

/* The part of a segment within [start, end). */
static struct image_segment part_of(const struct image_segment *segment, uintptr_t start,
                                    uintptr_t end)
{
    struct image_segment part = *segment;
    if (start > part.start) {
        part.block += (start - part.start) / FSIM_BLOCK_SIZE;
        part.start = start;
    }
    if (end > image_segment_end(segment))
        end = image_segment_end(segment);
    part.pages = (end - part.start) / FSIM_BLOCK_SIZE;
    return part;
}

/* Makes an address the boundary of two segments, if it lies in one. */
static void split_at(struct image *image, uintptr_t address)
{
    size_t at = first_above(image, address);
    if (at == image->path->segment_count || image->path->segments[at].start >= address)
        return;
    struct image_segment upper = part_of(&image->path->segments[at], address, UINTPTR_MAX);
    if (insert(image, at + 1, upper))
        image->path->segments[at].pages -= upper.pages;
}

/* The segments of [start, end), which become ones of their own: [*first, the result). */
static size_t carve(struct image *image, uintptr_t start, uintptr_t end, size_t *first)
{
    split_at(image, start);
    split_at(image, end);
    *first = first_above(image, start);
    size_t last = *first;
    while (last < image->path->segment_count && image->path->segments[last].start < end)
        last++;
    return last;
}

/* Guards. */

static void protect(struct image *image, uintptr_t start, size_t pages, int protection)
{
    int error = real_mprotect((void *)start, pages * FSIM_BLOCK_SIZE, protection);
    if (error < 0)
        image_fail(image, error);
}

static void guard(struct image *image, const struct image_segment *segment)
{
    const struct image_file *file = &image->files[segment->file];
    for (size_t page = 0; image->has_open_items && page < segment->pages;) {
        size_t end = page;
        while (end < segment->pages && image_is_guarded(image, file, segment->block + end))
            end++;
        if (end > page)
            protect(image, segment->start + page * FSIM_BLOCK_SIZE, end - page, PROT_NONE);
        page = end + 1;
    }
}

void image_unguard(struct image *image, uint32_t file, size_t block)
{
    for (size_t i = 0; i < image->path->segment_count; i++) {
        const struct image_segment *segment = &image->path->segments[i];
        if (segment->file == file && block >= segment->block &&
            block - segment->block < segment->pages)
            protect(image, segment->start + (block - segment->block) * FSIM_BLOCK_SIZE, 1,
                    segment->protection);
    }
}

static void look_at(struct image *image, const struct image_segment *segment)
{
    for (size_t page = 0; page < segment->pages; page++)
        image_look_block(image, segment->file, segment->block + page);
}

void image_expose(struct image *image, const struct iovec *parts, int count)
{
    if (!image->has_open_items || image->path->segment_count == 0)
        return;
    for (int i = 0; i < count; i++) {
        uintptr_t start = (uintptr_t)parts[i].iov_base / FSIM_BLOCK_SIZE * FSIM_BLOCK_SIZE;
        uintptr_t end = page_end((uintptr_t)parts[i].iov_base, parts[i].iov_len);
        for (size_t at = first_above(image, start);
             at < image->path->segment_count && image->path->segments[at].start < end; at++) {
            struct image_segment part = part_of(&image->path->segments[at], start, end);
            look_at(image, &part);
        }
    }
}

static bool image_fault(int signal, siginfo_t *info, void *context)
{
    struct image *image = image_current;
    uintptr_t address = (uintptr_t)info->si_addr;
    size_t at = first_above(image, address);
    if (signal != SIGSEGV || at == image->path->segment_count ||
        image->path->segments[at].start > address)
        return false;
    struct image_segment page =
        part_of(&image->path->segments[at], address & ~(uintptr_t)4095, UINTPTR_MAX);
    if (!image_is_guarded(image, &image->files[page.file], page.block))
        return false;
    image_look_block(image, page.file, page.block);
    return true;
}

static void note_range(struct image *image, uintptr_t start, uintptr_t end)
{
    for (size_t at = first_above(image, start);
         at < image->path->segment_count && image->path->segments[at].start < end; at++) {
        struct image_segment part = part_of(&image->path->segments[at], start, end);
        image_note_touched(image, &part);
    }
}

void image_note_file(struct image *image, uint32_t file)
{
    for (size_t at = 0; at < image->path->segment_count; at++) {
        if (image->path->segments[at].file == file)
            image_note_touched(image, &image->path->segments[at]);
    }
}

static void remove_range(struct image *image, uintptr_t start, uintptr_t end)
{
    size_t first, last = carve(image, start, end, &first);
    memmove(&image->path->segments[first], &image->path->segments[last],
            (image->path->segment_count - last) * sizeof *image->path->segments);
    image->path->segment_count -= last - first;
}

static void add_segment(struct image *image, struct image_segment segment)
{
    image_watch(image, &segment);
    if (insert(image, first_above(image, segment.start), segment))
        guard(image, &segment);
}

/* The calls. */

/* Whether all of [start, end) is in mappings of files. */
static bool is_mapped(const struct image *image, uintptr_t start, uintptr_t end)
{
    for (size_t at = first_above(image, start); start < end; at++) {
        if (at == image->path->segment_count || image->path->segments[at].start > start)
            return false;
        start = image_segment_end(&image->path->segments[at]);
    }
    return true;
}

/*
 * What to map a file from, if the program may: the image's own descriptor. Only what might be made
 * writable can be watched, and a parked mapping must not keep the program's file open, and with it
 * the locks that it has.
 */
static int shared_descriptor(const struct image *image, int fd, struct image_segment *segment)
{
    long mode = real_syscall(SYS_fcntl, fd, F_GETFL, 0, 0, 0, 0) & O_ACCMODE;
    segment->read_only = mode == O_RDONLY;
    if (mode == O_WRONLY || (segment->read_only && (segment->protection & PROT_WRITE) != 0))
        return -EACCES;
    return image->files[segment->file].fd;
}

static void *image_mmap(void *address, size_t length, int protection, int flags, int fd,
                        off_t offset)
{
    const int reservation = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    struct image *image = image_current;
    bool keeps = (flags & MAP_FIXED_NOREPLACE) == MAP_FIXED_NOREPLACE;
    bool replaces = (flags & MAP_FIXED) != 0 && !keeps;
    uint32_t file = (flags & MAP_ANONYMOUS) != 0 ? IMAGE_OUTSIDE : image_tracked(image, fd);
    bool ours = file <= image->file_count;
    bool reserves = protection == PROT_NONE && (flags & reservation) == reservation;
    uintptr_t start = (uintptr_t)address, end = page_end(start, length);
    struct image_segment segment = {
        .start = start,
        .pages = (end - start) / FSIM_BLOCK_SIZE,
        .block = (uint64_t)offset / FSIM_BLOCK_SIZE,
        .file = file,
        .protection = protection,
        .shared = (flags & MAP_TYPE) != MAP_PRIVATE,
        .stored = (flags & MAP_TYPE) != MAP_PRIVATE && (protection & PROT_WRITE) != 0,
    };
    if (ours) {
        image_settle(image, &image->files[file]);
        if (segment.shared)
            fd = shared_descriptor(image, fd, &segment);
    }
    if (ours && is_errno(fd))
        return (void *)(intptr_t)fd;
    if (reserves && keeps && image_reserve_parked(start, end))
        return address;
    if (!replaces || !image_is_parkable(start, end) || !(ours || reserves))
        image_unpark(image, start, end);
    if (replaces)
        note_range(image, start, end);

    bool again = ours && replaces && image_map_parked(&segment);
    if (replaces && !again)
        image_clear_parked(image, start, end);
    if (ours && segment.shared && image_is_small(&segment))
        flags |= MAP_POPULATE;
    void *memory = again ? address : real_mmap(address, length, protection, flags, fd, offset);
    if (is_errno((long)memory))
        return memory;
    segment.start = (uintptr_t)memory;
    if (replaces)
        remove_range(image, start, end);
    if (ours)
        add_segment(image, segment);
    if (reserves && keeps)
        image_reserved(start, end);
    return memory;
}

static int image_munmap(void *address, size_t length)
{
    struct image *image = image_current;
    uintptr_t start = (uintptr_t)address, end = page_end(start, length);
    note_range(image, start, end);
    size_t first, last = carve(image, start, end, &first);
    bool parked = image_park(image, start, end, &image->path->segments[first], last - first);
    if (!parked)
        image_unpark(image, start, end);
    int result = parked ? 0 : real_munmap(address, length);
    if (result == 0)
        remove_range(image, start, end);
    return result;
}

/*
 * The kernel moves one mapping a call, and guards cut one into several: they are taken off for the
 * move, and put on again where the pages are then.
 */
static void *image_mremap(void *old, size_t old_length, size_t new_length, int flags,
                          void *new_address)
{
    struct image *image = image_current;
    uintptr_t start = (uintptr_t)old, end = page_end(start, old_length ? old_length : new_length);
    size_t first, last = carve(image, start, end, &first), count = last - first;
    image_unpark(image, start, end);
    note_range(image, start, end);
    if ((flags & MREMAP_FIXED) != 0) {
        uintptr_t target = (uintptr_t)new_address;
        image_unpark(image, target, page_end(target, new_length));
        note_range(image, target, page_end(target, new_length));
    }
    memcpy(image->scratch, &image->path->segments[first], count * sizeof *image->scratch);
    for (size_t i = 0; image->has_open_items && i < count; i++)
        protect(image, image->scratch[i].start, image->scratch[i].pages,
                image->scratch[i].protection);

    void *moved = kernel_calls.mremap(old, old_length, new_length, flags, new_address);
    if (is_errno((long)moved)) {
        for (size_t i = 0; i < count; i++)
            guard(image, &image->scratch[i]);
        return moved;
    }
    uintptr_t new_start = (uintptr_t)moved, new_end = page_end(new_start, new_length);
    bool old_stays = old_length == 0 || (flags & MREMAP_DONTUNMAP) != 0;
    if (!old_stays)
        remove_range(image, start, end);
    else
        for (size_t i = 0; i < count; i++)
            guard(image, &image->scratch[i]);
    remove_range(image, new_start, new_end);
    for (size_t i = 0; i < count; i++) {
        struct image_segment segment = image->scratch[i];
        segment.start = segment.start - start + new_start;
        if (segment.start >= new_end)
            break;
        if (i == count - 1 || image_segment_end(&segment) > new_end)
            segment.pages = (new_end - segment.start) / FSIM_BLOCK_SIZE;
        add_segment(image, segment);
    }
    return moved;
}

static int image_mprotect(void *address, size_t length, int protection)
{
    struct image *image = image_current;
    uintptr_t start = (uintptr_t)address, end = page_end(start, length);
    if (!is_mapped(image, start, end))
        image_unpark(image, start, end);
    size_t first, last = carve(image, start, end, &first);
    for (size_t i = first; (protection & PROT_WRITE) != 0 && i < last; i++) {
        if (image->path->segments[i].read_only)
            return -EACCES;
    }
    int result = real_mprotect(address, length, protection);
    if (result < 0)
        return result;
    for (size_t i = first; i < last; i++) {
        struct image_segment *segment = &image->path->segments[i];
        segment->protection = protection;
        segment->stored = segment->stored || (segment->shared && (protection & PROT_WRITE) != 0);
        guard(image, segment);
    }
    return 0;
}

static int image_madvise(void *address, size_t length, int advice)
{
    struct image *image = image_current;
    uintptr_t start = (uintptr_t)address, end = page_end(start, length);
    bool mapped = start % FSIM_BLOCK_SIZE == 0 && is_mapped(image, start, end);
    if (mapped && (advice == MADV_NORMAL || advice == MADV_RANDOM || advice == MADV_SEQUENTIAL))
        return 0; /* only ever about time */
    if (!mapped)
        image_unpark(image, start, end);
    note_range(image, start, end);
    if (advice == MADV_POPULATE_READ || advice == MADV_POPULATE_WRITE) {
        struct iovec range = {.iov_base = address, .iov_len = length};
        image_expose(image, &range, 1);
    }
    int result = kernel_calls.madvise(address, length, advice);
    if (result < 0 || advice != MADV_REMOVE)
        return result;
    size_t first, last = carve(image, start, end, &first);
    for (size_t i = first; i < last; i++) {
        const struct image_segment *segment = &image->path->segments[i];
        image_replace(image, segment->file, segment->block, segment->block + segment->pages);
        image_soil(&image->files[segment->file], segment->block, segment->block + segment->pages,
                   HELD_UNKNOWN);
    }
    return 0;
}

static int image_msync(void *address, size_t length, int flags)
{
    return 0;
}

void image_memory_backend(struct backend *backend)
{
    backend->mmap = image_mmap;
    backend->munmap = image_munmap;
    backend->mremap = image_mremap;
    backend->mprotect = image_mprotect;
    backend->madvise = image_madvise;
    backend->msync = image_msync;
    backend->fault = image_fault;
}

void image_memory_end(struct image *image)
{
    image_parked_end(image);
    for (size_t i = 0; i < image->path->segment_count; i++) {
        const struct image_segment *segment = &image->path->segments[i];
        image_note_touched(image, segment);
        real_munmap((void *)segment->start, segment->pages * FSIM_BLOCK_SIZE);
    }
    image->path->segment_count = 0;
}

/* Paths. */

void image_last_words(struct image *image)
{
    if (!image->running)
        return;
    for (size_t i = 0; i < image->path->segment_count; i++)
        image_note_touched(image, &image->path->segments[i]);
    image->path->segment_count = 0;
}

static void assume(struct image_path *path, const fsim_cursor_t *cursor, struct fsim_item item)
{
    const uint64_t *values;
    uint32_t index = cursor_find(cursor, item);
    if (index == CURSOR_NO_ITEM || cursor_values(cursor, index, &values) > 1)
        return;
    for (uint32_t i = 0; i < path->count; i++) {
        if (path->items[i] == index)
            return;
    }
    path->items[path->count] = index;
    path->values[path->count++] = values[0];
}

bool image_path_assume(struct image_path *path, const fsim_cursor_t *cursor)
{
    uint32_t before = path->count;
    for (size_t i = 0; i < path->segment_count; i++) {
        const struct image_segment *segment = &path->segments[i];
        for (size_t page = 0; page < segment->pages; page++)
            assume(path, cursor,
                   (struct fsim_item){FSIM_ITEM_BLOCK, segment->file, segment->block + page});
    }
    path->segment_count = 0;
    return path->count > before;
}

int image_path_init(struct image_path *path, const fsim_cursor_t *cursor)
{
    size_t items = cursor_items(cursor) + 1;
    path->items = shared_reserve(items * sizeof *path->items);
    path->values = shared_reserve(items * sizeof *path->values);
    path->segments = shared_reserve(table_bytes);
    return path->items == NULL || path->values == NULL || path->segments == NULL ? -ENOMEM : 0;
}

void image_path_deinit(struct image_path *path, const fsim_cursor_t *cursor)
{
    size_t items = cursor_items(cursor) + 1;
    shared_release(path->items, items * sizeof *path->items);
    shared_release(path->values, items * sizeof *path->values);
    shared_release(path->segments, table_bytes);
}

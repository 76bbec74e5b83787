/* SPDX-License-Identifier: MIT */
/*
 * Which crash state the files of the image hold, and what of it the recovery has looked at.
 *
 * Nothing is done for a file until a run first asks for it. Then its length is decided and set, and
 * of its blocks those are checked that are listed as stale: all that are open at this crash point,
 * that the last move of the cursor changed, or that a recovery wrote to.
 */
#include "image_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "shared.h"

struct image *image_current;

static const size_t max_blocks = (size_t)1 << 28;

void image_fail(struct image *image, int error)
{
    if (image->error == 0)
        image->error = error;
}

/* Items. */

static bool decided(const struct image *image, uint32_t item)
{
    const struct image_item *state = &image->items[item];
    return !state->open || state->forced == image->run || state->seen == image->run;
}

uint64_t image_look(struct image *image, uint32_t item)
{
    struct image_item *state = &image->items[item];
    if (state->seen == image->run)
        return state->value;
    state->seen = image->run;
    struct image_path *path = image->path;
    if (state->forced == image->run) {
        path->forced_seen++;
        return state->value;
    }
    if (state->open) {
        const uint64_t *values;
        size_t count = cursor_values(image->cursor, item, &values);
        state->value = image->choose == NULL
                           ? values[0]
                           : image->choose(image->choose_context, item, values, count);
    }
    path->items[path->count] = item;
    path->values[path->count] = state->value;
    /* A recovery that dies next must not leave a half-written entry counted. */
    atomic_signal_fence(memory_order_seq_cst);
    path->count++;
    return state->value;
}

/* Blocks. */

static void mark_stale(struct image_file *file, size_t block)
{
    if (file->blocks[block].stale)
        return;
    file->blocks[block].stale = true;
    file->stale[file->stale_count++] = (uint32_t)block;
}

void image_soil(struct image_file *file, size_t first, size_t end, uint64_t held)
{
    if (end > file->block_count)
        end = file->block_count;
    for (size_t block = first; block < end; block++) {
        file->blocks[block].held = held;
        mark_stale(file, block);
    }
}

size_t image_crash_blocks(const struct image_file *file)
{
    size_t blocks = image_blocks_of(file->crash_length);
    return blocks < file->block_count ? blocks : file->block_count;
}

static void place(struct image *image, struct image_file *file, size_t block)
{
    uint32_t item = file->blocks[block].item;
    uint64_t wanted = item == CURSOR_NO_ITEM ? FSIM_ZEROS : image->items[item].value;
    uint64_t held = file->blocks[block].held;
    if (held == wanted)
        return;

    off_t offset = (off_t)block * FSIM_BLOCK_SIZE;
    size_t bytes = FSIM_BLOCK_SIZE;
    if (file->crash_length - offset < FSIM_BLOCK_SIZE)
        bytes = (size_t)(file->crash_length - offset);
    unsigned char torn[FSIM_BLOCK_SIZE];
    const void *content = fsim_value_content(image->trace, wanted, torn);
    if (held == FSIM_ZEROS) {
        /* It may be a hole: a call says so if there is no memory to fill it, a store does not. */
        ssize_t written = real_pwrite(file->fd, content, bytes, offset);
        if (written != (ssize_t)bytes)
            image_fail(image, written < 0 ? (int)written : -ENOSPC);
    } else {
        memcpy(file->view + offset, content, bytes);
        memset(file->view + offset + bytes, 0, FSIM_BLOCK_SIZE - bytes);
    }
    file->blocks[block].held = wanted;
}

bool image_is_guarded(const struct image *image, const struct image_file *file, size_t block)
{
    if (block >= image_crash_blocks(file))
        return false;
    uint32_t item = file->blocks[block].item;
    return item != CURSOR_NO_ITEM && !decided(image, item) &&
           image->items[item].replaced != image->run;
}

void image_look_block(struct image *image, uint32_t id, size_t block)
{
    struct image_file *file = &image->files[id];
    if (block >= image_crash_blocks(file))
        return;
    uint32_t item = file->blocks[block].item;
    if (item == CURSOR_NO_ITEM || image->items[item].replaced == image->run)
        return;
    bool guarded = !decided(image, item);
    image_look(image, item);
    if (guarded) {
        place(image, file, block);
        image_unguard(image, id, block);
    }
}

void image_replace(struct image *image, uint32_t id, size_t first, size_t end)
{
    struct image_file *file = &image->files[id];
    if (end > file->block_count)
        end = file->block_count;
    for (size_t block = first; block < end; block++) {
        uint32_t item = file->blocks[block].item;
        if (item == CURSOR_NO_ITEM)
            continue;
        bool guarded = image_is_guarded(image, file, block);
        if (image->items[item].seen != image->run)
            image->items[item].replaced = image->run;
        if (guarded)
            image_unguard(image, id, block);
    }
}

/* Files. */

static void set_length(struct image *image, struct image_file *file, off_t length)
{
    if (file->length == length)
        return;
    int error = real_ftruncate(file->fd, length);
    if (error < 0)
        image_fail(image, error);
    off_t shorter = length < file->length ? length : file->length;
    off_t longer = length < file->length ? file->length : length;
    size_t whole = (size_t)(shorter / FSIM_BLOCK_SIZE);
    image_soil(file, whole, image_blocks_of(shorter), HELD_UNKNOWN);
    image_soil(file, image_blocks_of(shorter), image_blocks_of(longer), FSIM_ZEROS);
    file->length = length;
}

void image_settle(struct image *image, struct image_file *file)
{
    if (file->settled == image->run)
        return;
    file->settled = image->run;
    file->crash_length = 0;
    if (file->length_item != CURSOR_NO_ITEM)
        file->crash_length = (off_t)image_look(image, file->length_item);
    set_length(image, file, file->crash_length);

    size_t kept = 0, end = image_crash_blocks(file);
    for (size_t i = 0; i < file->stale_count; i++) {
        size_t block = file->stale[i];
        uint32_t item = file->blocks[block].item;
        bool open = item != CURSOR_NO_ITEM && image->items[item].open;
        bool placed = block < end && (!open || decided(image, item));
        if (placed)
            place(image, file, block);
        if (placed && !open)
            file->blocks[block].stale = false;
        else
            file->stale[kept++] = (uint32_t)block;
    }
    file->stale_count = kept;
}

/* Runs. */

void image_point(struct image *image, const fsim_cursor_t *cursor)
{
    image->cursor = cursor;
    image->has_open_items = false;
    size_t count = cursor_items(cursor);
    for (uint32_t i = 0; i < count; i++) {
        const uint64_t *values;
        struct image_item *state = &image->items[i];
        state->open = cursor_values(cursor, i, &values) > 1;
        state->value = values[0];
        image->has_open_items = image->has_open_items || state->open;

        struct fsim_item item = cursor_item(cursor, i);
        if (item.kind != FSIM_ITEM_BLOCK)
            continue;
        struct image_file *file = &image->files[item.file];
        if (state->open || file->blocks[item.number].held != state->value)
            mark_stale(file, item.number);
    }
}

void image_begin(struct image *image, struct image_path *path, image_choice *choose, void *context)
{
    image->run++;
    image->path = path;
    image->choose = choose;
    image->choose_context = context;
    path->count = path->forced;
    path->forced_seen = 0;
    path->segment_count = 0;
    for (uint32_t i = 0; i < path->forced; i++) {
        struct image_item *state = &image->items[path->items[i]];
        state->forced = image->run;
        state->value = path->values[i];
    }

    static struct backend backend;
    image_files_backend(&backend);
    image_names_backend(&backend);
    image_memory_backend(&backend);
    image->running = true;
    interpose_install(&backend);
}

int image_end(struct image *image)
{
    interpose_install(NULL);
    image_memory_end(image);
    image_files_end(image);
    image_names_end(image);
    image->running = false;
    return image->error;
}

/* Making one. */

static int make_directory(const char *parent, const char *name, int *fd, char *path, size_t bytes)
{
    int length = snprintf(path, bytes, "%s/%s", parent, name);
    if (length < 0 || (size_t)length >= bytes)
        return -ENAMETOOLONG;
    int error = (int)real_syscall(SYS_mkdirat, AT_FDCWD, (long)path, 0700, 0, 0, 0);
    if (error < 0)
        return error;
    *fd = real_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    return *fd < 0 ? *fd : 0;
}

static int make_file(struct image *image, uint32_t id)
{
    struct image_file *file = &image->files[id];
    char name[16];
    struct stat status;
    snprintf(name, sizeof name, "%u", id);
    file->fd = real_open(image->store, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file->fd < 0)
        return file->fd;
    int error = kernel_calls.stat(file->fd, "", &status, AT_EMPTY_PATH);
    if (error < 0)
        return error;
    file->inode = status.st_ino;

    size_t blocks = file->block_count;
    file->blocks = shared_reserve((blocks + 1) * sizeof *file->blocks);
    file->stale = shared_reserve((blocks + 1) * sizeof *file->stale);
    if (file->blocks == NULL || file->stale == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < blocks; i++)
        file->blocks[i].item = CURSOR_NO_ITEM;
    if (blocks == 0)
        return 0;
    void *view =
        real_mmap(NULL, blocks * FSIM_BLOCK_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file->fd, 0);
    if ((long)view < 0 && (long)view > -4096)
        return (int)(long)view;
    file->view = view;
    return 0;
}

/* The longest that each file gets, from all of its versions. */
static int measure_files(struct image *image)
{
    size_t events = fsim_trace_events(image->trace);
    for (size_t i = 0; i < events; i++) {
        const struct fsim_event *event = fsim_trace_event(image->trace, i);
        uint64_t blocks = 0;
        if (event->kind == FSIM_EV_WRITE)
            blocks = event->number + 1;
        else if (event->kind == FSIM_EV_LENGTH)
            blocks = event->value / FSIM_BLOCK_SIZE + (event->value % FSIM_BLOCK_SIZE != 0);
        else
            continue;
        if (event->file > image->file_count || blocks > max_blocks)
            return -EFBIG;
        if (image->files[event->file].block_count < blocks)
            image->files[event->file].block_count = blocks;
    }
    return 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const struct image_name *)a)->text, ((const struct image_name *)b)->text);
}

static void attach_items(struct image *image, const fsim_cursor_t *cursor)
{
    for (size_t i = 0; i <= image->file_count; i++)
        image->files[i].length_item = CURSOR_NO_ITEM;
    for (uint32_t i = 0; i < cursor_items(cursor); i++) {
        struct fsim_item item = cursor_item(cursor, i);
        if (item.kind == FSIM_ITEM_BLOCK)
            image->files[item.file].blocks[item.number].item = i;
        else if (item.kind == FSIM_ITEM_LENGTH)
            image->files[item.file].length_item = i;
        else
            image->names[image->name_count++] =
                (struct image_name){.text = fsim_trace_string(image->trace, item.file), .item = i};
    }
    qsort(image->names, image->name_count, sizeof *image->names, by_text);
}

int image_new(const fsim_trace_t *trace, const fsim_cursor_t *cursor, const char *directory,
              struct image **result)
{
    struct image *image = shared_reserve(sizeof *image);
    if (image == NULL)
        return -ENOMEM;
    size_t items = cursor_items(cursor);
    image->trace = trace;
    image->item_count = items;
    image->store = image->shown = -1;
    image->file_count = fsim_trace_files(trace);
    image->items = shared_reserve((items + 1) * sizeof *image->items);
    image->names = shared_reserve((items + 1) * sizeof *image->names);
    image->files = shared_reserve((image->file_count + 1) * sizeof *image->files);
    image->descriptors = shared_reserve(IMAGE_MAX_FD * sizeof *image->descriptors);
    int error = image_memory_new(image);
    if (image->items == NULL || image->names == NULL || image->files == NULL ||
        image->descriptors == NULL)
        error = -ENOMEM;
    if (error < 0)
        goto failed;
    for (size_t i = 0; i <= image->file_count; i++)
        image->files[i].fd = -1;

    char path[PATH_MAX];
    struct stat status;
    if ((error = make_directory(directory, "store", &image->store, path, sizeof path)) < 0 ||
        (error = make_directory(directory, "image", &image->shown, image->path_of_shown,
                                sizeof image->path_of_shown)) < 0 ||
        (error = kernel_calls.stat(image->shown, "", &status, AT_EMPTY_PATH)) < 0 ||
        (error = measure_files(image)) < 0)
        goto failed;
    image->path_bytes = strlen(image->path_of_shown);
    image->inode_of_shown = status.st_ino;
    image->device = status.st_dev;
    for (uint32_t id = 1; id <= image->file_count; id++) {
        if ((error = make_file(image, id)) < 0)
            goto failed;
    }
    attach_items(image, cursor);
    image_current = image;
    *result = image;
    return 0;
failed:
    image_free(image);
    return error;
}

void image_free(struct image *image)
{
    if (image == NULL)
        return;
    for (size_t i = 0; image->files != NULL && i <= image->file_count; i++) {
        struct image_file *file = &image->files[i];
        if (file->view != NULL)
            real_munmap(file->view, file->block_count * FSIM_BLOCK_SIZE);
        if (file->fd >= 0)
            real_close(file->fd);
        shared_release(file->blocks, (file->block_count + 1) * sizeof *file->blocks);
        shared_release(file->stale, (file->block_count + 1) * sizeof *file->stale);
    }
    if (image->store >= 0)
        real_close(image->store);
    if (image->shown >= 0)
        real_close(image->shown);
    image_memory_free(image);
    shared_release(image->items, (image->item_count + 1) * sizeof *image->items);
    shared_release(image->names, (image->item_count + 1) * sizeof *image->names);
    shared_release(image->files, (image->file_count + 1) * sizeof *image->files);
    shared_release(image->descriptors, IMAGE_MAX_FD * sizeof *image->descriptors);
    shared_release(image, sizeof *image);
    image_current = NULL;
}

const char *image_directory(const struct image *image)
{
    return image->path_of_shown;
}

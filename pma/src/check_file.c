/* SPDX-License-Identifier: MIT */
#include "check_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "error.h"
#include "os.h"

int check_file_open(struct check_file *file, const char *path, struct pma_error *error)
{
    *file = (struct check_file){.path = path, .error = error, .fd = -1};
    /* Not os_open: without O_NONBLOCK the open of a FIFO would wait for a writer. */
    file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file->fd < 0)
        return error_set(error, -errno, "open %s", path);
    struct stat status;
    if (fstat(file->fd, &status) != 0)
        return error_set(error, -errno, "stat %s", path);
    if (S_ISDIR(status.st_mode))
        return error_set(error, -EISDIR, "read %s", path);
    if (!S_ISREG(status.st_mode))
        return error_set(error, PMA_ENOTARENA, "%s: not a regular file", path);
    file->bytes = (uint64_t)status.st_size;
    return 0;
}

void check_file_close(struct check_file *file)
{
    for (size_t i = 0; i < file->slabs_used; i++)
        free(file->slabs[i]);
    free(file->slabs);
    free(file->contents);
    if (file->fd >= 0)
        os_close(file->fd, FAULT_NONE);
    *file = (struct check_file){.fd = -1};
}

int check_file_read(struct check_file *file, uint64_t offset, void *buffer, size_t bytes)
{
    if (file->stopped)
        return -ECANCELED;
    int code = os_read(file->fd, buffer, bytes, offset, FAULT_NONE);
    if (code == -ENODATA)
        return error_set(file->error, PMA_EBUSY, "read %s: it became shorter meanwhile",
                         file->path);
    if (code != 0)
        return error_set(file->error, code, "read block %lu of %s", offset / PMA_PAGE_SIZE,
                         file->path);
    return 0;
}

int check_file_out_of_memory(const struct check_file *file)
{
    return error_set(file->error, -ENOMEM, "check %s", file->path);
}

/* Where `block` is, or where it belongs. There is always an empty place. */
static struct check_content *find(const struct check_file *file, uint64_t block)
{
    size_t mask = file->contents_size - 1;
    size_t at = (size_t)(block * UINT64_C(0x9e3779b97f4a7c15) >> 20) & mask;
    while (file->contents[at].node && file->contents[at].block != block)
        at = (at + 1) & mask;
    return &file->contents[at];
}

static bool is_loaded(const struct check_file *file, uint64_t block)
{
    return file->contents_size && find(file, block)->node;
}

/* Makes room for `more` nodes, so that at most half of the places are taken. */
static int reserve_contents(struct check_file *file, size_t more)
{
    size_t size = file->contents_size ? file->contents_size : 32;
    while (size < 2 * (file->contents_used + more))
        size *= 2;
    if (size == file->contents_size)
        return 0;
    struct check_file grown = *file;
    grown.contents = calloc(size, sizeof *grown.contents);
    if (!grown.contents)
        return check_file_out_of_memory(file);
    grown.contents_size = size;
    for (size_t i = 0; i < file->contents_size; i++)
        if (file->contents[i].node)
            *find(&grown, file->contents[i].block) = file->contents[i];
    free(file->contents);
    *file = grown;
    return 0;
}

static union check_node *new_slab(struct check_file *file, size_t nodes)
{
    if (file->slabs_used == file->slabs_size) {
        size_t size = file->slabs_size ? 2 * file->slabs_size : 16;
        void **slabs = realloc(file->slabs, size * sizeof *slabs);
        if (!slabs)
            goto fail;
        file->slabs = slabs;
        file->slabs_size = size;
    }
    union check_node *slab = malloc(nodes * sizeof *slab);
    if (!slab)
        goto fail;
    file->slabs[file->slabs_used++] = slab;
    return slab;
fail:
    check_file_out_of_memory(file);
    return NULL;
}

static int load_run(struct check_file *file, uint64_t block, size_t count)
{
    union check_node *slab = new_slab(file, count);
    if (!slab)
        return -ENOMEM;
    int code = reserve_contents(file, count);
    if (code == 0)
        code = check_file_read(file, block * PMA_PAGE_SIZE, slab, count * sizeof *slab);
    if (code != 0)
        return code;
    for (size_t i = 0; i < count; i++)
        *find(file, block + i) =
            (struct check_content){.block = block + i,
                                   .checksum = format_checksum(&slab[i], sizeof slab[i]),
                                   .node = &slab[i]};
    file->contents_used += count;
    return 0;
}

int check_file_load(struct check_file *file, const uint64_t *blocks, size_t count)
{
    for (size_t first = 0, after; first < count; first = after) {
        after = first + 1;
        if (is_loaded(file, blocks[first]))
            continue;
        while (after < count && blocks[after] == blocks[after - 1] + 1 &&
               !is_loaded(file, blocks[after]))
            after++;
        int code = load_run(file, blocks[first], after - first);
        if (code != 0)
            return code;
    }
    return 0;
}

int check_file_node(struct check_file *file, uint64_t block, struct check_content *content)
{
    int code = check_file_load(file, &block, 1);
    if (code == 0)
        *content = *find(file, block);
    return code;
}

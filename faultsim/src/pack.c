/* SPDX-License-Identifier: MIT */
/*
 * One crash state as bytes, in little-endian numbers:
 *
 *     magic (8), version (4), number of files (4)
 *     per file:  length (8), number of blocks (8), per block: number (8), content (4096)
 *     number of names (4), reserved (4)
 *     per name:  file, counted from 0 (4), length of the name (4), the name
 *
 * Blocks of zeros are left out. A file may have several names; one without any is not there.
 */
#include <errno.h>
#include <faultsim/explore.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cursor.h"

static const uint8_t magic[8] = {0x89, 'F', 'S', 'I', 'M', 0x0d, 0x0a, 0x1a};
enum { VERSION = 1 };

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are copied as they are");

/* Packing. */

struct packer {
    const struct fsim_violation *violation;
    uint8_t *bytes;
    size_t count, capacity;
    bool failed;
};

static void put(struct packer *packer, const void *bytes, size_t count)
{
    if (packer->capacity - packer->count < count) {
        size_t capacity = packer->capacity * 2 + count;
        uint8_t *grown = realloc(packer->bytes, capacity);
        if (grown == NULL) {
            packer->failed = true;
            return;
        }
        packer->bytes = grown;
        packer->capacity = capacity;
    }
    memcpy(packer->bytes + packer->count, bytes, count);
    packer->count += count;
}

static void put_u32(struct packer *packer, uint32_t number)
{
    put(packer, &number, sizeof number);
}

static void put_u64(struct packer *packer, uint64_t number)
{
    put(packer, &number, sizeof number);
}

/* What an item is in the violation's crash state. */
static uint64_t value_of(const struct fsim_violation *violation, struct fsim_item item)
{
    for (size_t i = 0; i < violation->item_count; i++) {
        const struct fsim_item *seen = &violation->items[i];
        if (seen->kind == item.kind && seen->file == item.file && seen->number == item.number)
            return violation->values[i];
    }
    const uint64_t *values;
    fsim_cursor_values(violation->cursor, item, &values);
    return values[0];
}

static void put_file(struct packer *packer, uint32_t file)
{
    const struct fsim_violation *violation = packer->violation;
    uint64_t length = value_of(violation, (struct fsim_item){FSIM_ITEM_LENGTH, file, 0});
    put_u64(packer, length);
    size_t place_of_count = packer->count;
    uint64_t blocks = 0;
    unsigned char torn[FSIM_BLOCK_SIZE];
    put_u64(packer, blocks);
    for (uint32_t i = 0; i < cursor_items(violation->cursor); i++) {
        struct fsim_item item = cursor_item(violation->cursor, i);
        if (item.kind != FSIM_ITEM_BLOCK || item.file != file ||
            item.number * FSIM_BLOCK_SIZE >= length)
            continue;
        uint64_t content = value_of(violation, item);
        if (content == FSIM_ZEROS)
            continue;
        put_u64(packer, item.number);
        put(packer, fsim_value_content(violation->trace, content, torn), FSIM_BLOCK_SIZE);
        blocks++;
    }
    if (!packer->failed)
        memcpy(packer->bytes + place_of_count, &blocks, sizeof blocks);
}

int fsim_image_pack(const struct fsim_violation *violation, void **image, size_t *bytes)
{
    struct packer packer = {.violation = violation};
    const uint32_t *strings;
    size_t most = fsim_cursor_names(violation->cursor, &strings);
    uint32_t *files = malloc((most + 1) * sizeof *files); /* in the order of their numbers */
    uint32_t *name_files = malloc((most + 1) * sizeof *name_files);
    uint32_t file_count = 0, name_count = 0;
    if (files == NULL || name_files == NULL) {
        packer.failed = true;
        goto done;
    }
    for (size_t i = 0; i < most; i++) {
        uint32_t at = 0;
        uint32_t file =
            (uint32_t)value_of(violation, (struct fsim_item){FSIM_ITEM_NAME, strings[i], 0});
        name_files[i] = UINT32_MAX;
        if (file == FSIM_NO_FILE)
            continue;
        while (at < file_count && files[at] != file)
            at++;
        if (at == file_count)
            files[file_count++] = file;
        name_files[i] = at;
        name_count++;
    }
    put(&packer, magic, sizeof magic);
    put_u32(&packer, VERSION);
    put_u32(&packer, file_count);
    for (uint32_t i = 0; i < file_count; i++)
        put_file(&packer, files[i]);
    put_u32(&packer, name_count);
    put_u32(&packer, 0);
    for (size_t i = 0; i < most; i++) {
        const char *name = fsim_trace_string(violation->trace, strings[i]);
        if (name_files[i] == UINT32_MAX)
            continue;
        put_u32(&packer, name_files[i]);
        put_u32(&packer, (uint32_t)strlen(name));
        put(&packer, name, strlen(name));
    }
done:
    free(files);
    free(name_files);
    if (packer.failed) {
        free(packer.bytes);
        return -ENOMEM;
    }
    *image = packer.bytes;
    *bytes = packer.count;
    return 0;
}

/* Unpacking: the bytes may come from anywhere. */

struct unpacker {
    const uint8_t *bytes;
    size_t left;
    bool failed;
};

static const void *take(struct unpacker *unpacker, size_t count)
{
    const uint8_t *bytes = unpacker->bytes;
    if (unpacker->failed || count > unpacker->left) {
        unpacker->failed = true;
        return NULL;
    }
    unpacker->bytes += count;
    unpacker->left -= count;
    return bytes;
}

static uint32_t take_u32(struct unpacker *unpacker)
{
    uint32_t number = 0;
    const void *bytes = take(unpacker, sizeof number);
    if (bytes != NULL)
        memcpy(&number, bytes, sizeof number);
    return number;
}

static uint64_t take_u64(struct unpacker *unpacker)
{
    uint64_t number = 0;
    const void *bytes = take(unpacker, sizeof number);
    if (bytes != NULL)
        memcpy(&number, bytes, sizeof number);
    return number;
}

static int write_fully(int fd, const uint8_t *bytes, size_t count, off_t offset)
{
    while (count > 0) {
        ssize_t written = pwrite(fd, bytes, count, offset);
        if (written < 0 && errno != EINTR)
            return -errno;
        if (written < 0)
            continue;
        bytes += written;
        count -= (size_t)written;
        offset += written;
    }
    return 0;
}

static int unpack_file(struct unpacker *unpacker, int fd)
{
    uint64_t length = take_u64(unpacker), blocks = take_u64(unpacker);
    if (unpacker->failed || length > INT64_MAX)
        return -EILSEQ;
    if (ftruncate(fd, (off_t)length) < 0)
        return -errno;
    for (uint64_t i = 0; i < blocks; i++) {
        uint64_t number = take_u64(unpacker);
        const uint8_t *content = take(unpacker, FSIM_BLOCK_SIZE);
        if (content == NULL || number > length / FSIM_BLOCK_SIZE ||
            number * FSIM_BLOCK_SIZE >= length)
            return -EILSEQ;
        uint64_t rest = length - number * FSIM_BLOCK_SIZE;
        int error = write_fully(fd, content, rest < FSIM_BLOCK_SIZE ? rest : FSIM_BLOCK_SIZE,
                                (off_t)(number * FSIM_BLOCK_SIZE));
        if (error < 0)
            return error;
    }
    return 0;
}

static int unpack_name(struct unpacker *unpacker, int directory, uint32_t file_count,
                       const int *files)
{
    char name[NAME_MAX + 1], link[64];
    uint32_t file = take_u32(unpacker), length = take_u32(unpacker);
    const char *bytes = length > NAME_MAX ? NULL : take(unpacker, length);
    if (bytes == NULL || length == 0 || file >= file_count || memchr(bytes, '/', length) != NULL ||
        memchr(bytes, '\0', length) != NULL)
        return -EILSEQ;
    memcpy(name, bytes, length);
    name[length] = '\0';
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return -EILSEQ;
    snprintf(link, sizeof link, "/proc/self/fd/%d", files[file]);
    return linkat(AT_FDCWD, link, directory, name, AT_SYMLINK_FOLLOW) < 0 ? -errno : 0;
}

int fsim_image_write(const void *image, size_t bytes, const char *directory)
{
    struct unpacker unpacker = {.bytes = image, .left = bytes};
    uint32_t file_count = 0, opened = 0;
    int *files = NULL;
    int error = -EILSEQ;
    const void *mark = take(&unpacker, sizeof magic);
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    if (mark == NULL || memcmp(mark, magic, sizeof magic) != 0 || take_u32(&unpacker) != VERSION)
        goto done;
    file_count = take_u32(&unpacker);
    if (unpacker.failed || file_count > unpacker.left / (2 * sizeof(uint64_t)))
        goto done;
    error = -ENOMEM;
    files = malloc((file_count + 1) * sizeof *files);
    if (files == NULL)
        goto done;
    for (error = 0; error == 0 && opened < file_count; opened++) {
        files[opened] = open(directory, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
        if (files[opened] < 0) {
            error = -errno;
            break;
        }
        error = unpack_file(&unpacker, files[opened]);
    }
    if (error < 0)
        goto done;
    uint32_t names = take_u32(&unpacker);
    if (take_u32(&unpacker) != 0)
        error = -EILSEQ;
    for (uint32_t i = 0; error == 0 && i < names; i++)
        error = unpack_name(&unpacker, fd, file_count, files);
    if (error == 0 && (unpacker.failed || unpacker.left != 0))
        error = -EILSEQ;
done:
    while (opened > 0)
        close(files[--opened]);
    free(files);
    close(fd);
    return error;
}

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
#include "pack.h"

static const uint8_t magic[8] = {0x89, 'F', 'S', 'I', 'M', 0x0d, 0x0a, 0x1a};
enum { VERSION = 1 };

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are copied as they are");

/* Packing. */

struct packer {
    const fsim_trace_t *trace;
    const fsim_cursor_t *cursor;
    pack_value *value_of;
    const void *context;
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

static void put_file(struct packer *packer, uint32_t file)
{
    uint32_t length_item =
        cursor_find(packer->cursor, (struct fsim_item){FSIM_ITEM_LENGTH, file, 0});
    uint64_t blocks = 0, length = 0;
    unsigned char torn[FSIM_BLOCK_SIZE];
    if (length_item != CURSOR_NO_ITEM)
        length = packer->value_of(packer->context, length_item);
    put_u64(packer, length);
    size_t place_of_count = packer->count;
    put_u64(packer, blocks);
    for (uint32_t i = 0; i < cursor_items(packer->cursor); i++) {
        struct fsim_item item = cursor_item(packer->cursor, i);
        if (item.kind != FSIM_ITEM_BLOCK || item.file != file ||
            item.number * FSIM_BLOCK_SIZE >= length)
            continue;
        uint64_t content = packer->value_of(packer->context, i);
        if (content == FSIM_ZEROS)
            continue;
        put_u64(packer, item.number);
        put(packer, fsim_value_content(packer->trace, content, torn), FSIM_BLOCK_SIZE);
        blocks++;
    }
    if (!packer->failed)
        memcpy(packer->bytes + place_of_count, &blocks, sizeof blocks);
}

/* Which name refers to which file. */
struct names {
    uint32_t *strings, *places; /* of the name, and of its file in `files` */
    uint32_t *files;            /* in the order of their numbers in the image */
    uint32_t count, file_count;
};

static void find_names(const struct packer *packer, struct names *names)
{
    for (uint32_t i = 0; i < cursor_items(packer->cursor); i++) {
        struct fsim_item item = cursor_item(packer->cursor, i);
        uint32_t file, at = 0;
        if (item.kind != FSIM_ITEM_NAME)
            continue;
        file = (uint32_t)packer->value_of(packer->context, i);
        if (file == FSIM_NO_FILE)
            continue;
        while (at < names->file_count && names->files[at] != file)
            at++;
        if (at == names->file_count)
            names->files[names->file_count++] = file;
        names->strings[names->count] = item.file;
        names->places[names->count++] = at;
    }
}

static void put_all(struct packer *packer, const struct names *names)
{
    put(packer, magic, sizeof magic);
    put_u32(packer, VERSION);
    put_u32(packer, names->file_count);
    for (uint32_t i = 0; i < names->file_count; i++)
        put_file(packer, names->files[i]);
    put_u32(packer, names->count);
    put_u32(packer, 0);
    for (uint32_t i = 0; i < names->count; i++) {
        const char *name = fsim_trace_string(packer->trace, names->strings[i]);
        put_u32(packer, names->places[i]);
        put_u32(packer, (uint32_t)strlen(name));
        put(packer, name, strlen(name));
    }
}

int pack_image(const fsim_trace_t *trace, const fsim_cursor_t *cursor, pack_value *value_of,
               const void *context, void **image, size_t *bytes)
{
    struct packer packer = {
        .trace = trace, .cursor = cursor, .value_of = value_of, .context = context};
    size_t most = cursor_items(cursor) + 1;
    struct names names = {
        .strings = malloc(most * sizeof(uint32_t)),
        .places = malloc(most * sizeof(uint32_t)),
        .files = malloc(most * sizeof(uint32_t)),
    };
    packer.failed = names.strings == NULL || names.places == NULL || names.files == NULL;
    if (!packer.failed) {
        find_names(&packer, &names);
        put_all(&packer, &names);
    }
    free(names.strings);
    free(names.places);
    free(names.files);
    if (packer.failed) {
        free(packer.bytes);
        return -ENOMEM;
    }
    *image = packer.bytes;
    *bytes = packer.count;
    return 0;
}

/* What an item is in a violation's crash state. */
static uint64_t value_in(const void *context, uint32_t index)
{
    const struct fsim_violation *violation = context;
    struct fsim_item item = cursor_item(violation->cursor, index);
    for (size_t i = 0; i < violation->item_count; i++) {
        const struct fsim_item *seen = &violation->items[i];
        if (seen->kind == item.kind && seen->file == item.file && seen->number == item.number)
            return violation->values[i];
    }
    const uint64_t *values;
    cursor_values(violation->cursor, index, &values);
    return values[0];
}

int fsim_image_pack(const struct fsim_violation *violation, void **image, size_t *bytes)
{
    return pack_image(violation->trace, violation->cursor, value_in, violation, image, bytes);
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

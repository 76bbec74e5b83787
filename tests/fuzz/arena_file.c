/* SPDX-License-Identifier: MIT */
/*
 * Arena files that are broken in every way: what opens can be read to its last word and closed; if
 * the checker found nothing wrong, the arena opens for writing, works, and is sound afterwards.
 *
 * An input is a list of changes to an arena that is right: a header that says of which, whether its
 * checksums are made right afterwards, how long the file is, and how it is opened once the checker
 * has seen it (in one way each, for opening is what an execution spends its time on); then records
 * of a block, an offset, and what is put there.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pma/check.h>
#include <pma/heap.h>

#include "arena_image.h"
#include "fuzz.h"

enum { MOST_BLOCKS = 128, MOST_CHANGES = 64, BASES = 2 };

struct header {
    uint8_t base, sealed;
    uint8_t way; /* of opening it: bits */
    uint8_t cut; /* blocks that the file lacks */
};
enum {
    WAY_READING = 1, /* else for writing, where these two have no meaning: */
    WAY_VIEW = 2,
    WAY_PREVIOUS = 4,
    WAY_VERIFY = 8,
    WAY_LAZY = 16,
    WAYS = 32,
};
struct change {
    uint8_t block, width; /* width: 1, 2, 4 or 8 bytes, by its lowest bits */
    uint16_t offset;
    uint8_t value[8];
};

const struct fuzz_target fuzz_target = {
    .name = "arena_file",
    .most_bytes = sizeof(struct header) + MOST_CHANGES * sizeof(struct change),
    .rounds = 150,
};

static char directory[64], path[96];
static struct arena_image bases[BASES];

static void check(bool holds, const char *what, const char *message)
{
    if (holds)
        return;
    fprintf(stderr, "%s; the message is: %s\n", what, message);
    abort();
}

/* ---- the arenas that are right ---- */

static struct pma_options options_of(enum pma_copying copying)
{
    struct pma_options options = PMA_OPTIONS_INIT;

    options.reserved_bytes = (size_t)4 << 20;
    options.initial_blocks = 64;
    options.grow_blocks = 8;
    options.fanout = 4;
    options.copying = copying;
    return options;
}

/* Pages, holes, a root and a heap, of two snapshots. */
static void make_arena(pma_t *arena)
{
    unsigned char *page = pma_base(arena);
    void *object;

    check(!pma_pages_alloc_at(arena, page + 64 * PMA_PAGE_SIZE, 6, 0), "pages", "");
    for (int snapshot = 1; snapshot <= 2; snapshot++) {
        for (int i = 64; i < 70; i += 2)
            memset(page + i * PMA_PAGE_SIZE, snapshot * 16 + i, PMA_PAGE_SIZE);
        check(!pma_malloc(arena, 100, &object) && !pma_malloc(arena, 9000, &object), "heap",
              pma_last_error(arena));
        check(!pma_set_root(arena, 0, (uintptr_t)object), "root", "");
        check(!pma_snapshot(arena, (uint64_t)snapshot), "snapshot", pma_last_error(arena));
    }
}

static void read_image(struct arena_image *image)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    off_t length = lseek(fd, 0, SEEK_END);

    check(fd >= 0 && length <= (off_t)MOST_BLOCKS * PMA_PAGE_SIZE, "a short file", path);
    arena_image_init(image, (uint64_t)length / PMA_PAGE_SIZE);
    check(pread(fd, image->bytes, (size_t)length, 0) == length, "a file is read", path);
    close(fd);
}

static void remove_files(void)
{
    unlink(path);
    rmdir(directory);
}

static void set_up(void)
{
    const struct pma_options options = options_of(PMA_COPY_EAGER);
    struct pma_error error = {0};
    pma_t *arena;

    snprintf(directory, sizeof directory, "%s/arena-file-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    check(mkdtemp(directory) != NULL, "a directory", directory);
    snprintf(path, sizeof path, "%s/arena.pma", directory);
    atexit(remove_files);
    check(!pma_create(path, &options, &arena, &error), "an arena", error.text);
    make_arena(arena);
    check(!pma_close(arena), "is closed", "");
    read_image(&bases[0]);
    arena_image_sample(&bases[1]);
}

/* ---- the file of an input ---- */

static void apply(struct arena_image *image, const struct change *change)
{
    const size_t width = (size_t)1 << (change->width & 3);
    const size_t offset = (change->offset % PMA_PAGE_SIZE) & ~(width - 1);

    memcpy(image->bytes + change->block % image->blocks * PMA_PAGE_SIZE + offset, change->value,
           width);
}

static void write_file(const struct header *header, const uint8_t *changes, size_t count)
{
    static unsigned char bytes[MOST_BLOCKS * PMA_PAGE_SIZE];
    const struct arena_image *base = &bases[header->base % BASES];
    struct arena_image image = {.bytes = bytes, .blocks = base->blocks};
    const uint64_t length = (base->blocks - header->cut % base->blocks) * PMA_PAGE_SIZE;
    struct change change;

    memcpy(bytes, base->bytes, base->blocks * PMA_PAGE_SIZE);
    for (; count >= sizeof change; changes += sizeof change, count -= sizeof change) {
        memcpy(&change, changes, sizeof change);
        apply(&image, &change);
    }
    if (header->sealed & 1)
        arena_image_seal(&image);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    check(fd >= 0 && pwrite(fd, bytes, length, 0) == (ssize_t)length &&
              ftruncate(fd, (off_t)length) == 0,
          "a file is written", path);
    close(fd);
}

/* ---- what is done with it ---- */

static void count_page(void *context, uint64_t page, uint64_t length, const void *data)
{
    *(uint64_t *)context += data ? *(const unsigned char *)data : length;
}

/* How many findings, or a negative code. */
static int64_t look(enum pma_check_which which)
{
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    struct pma_check_report report;
    struct pma_error error = {0};
    uint64_t sum = 0;
    const struct pma_check_visitor visitor = {.context = &sum, .page = count_page};

    options.which = which;
    int result = pma_check(path, &options, &visitor, &report, &error);
    check(result <= 0 && (!result || error.text[0]), "a refusal has a reason", error.text);
    return result ? result : (int64_t)report.findings;
}

static void read_all(pma_t *arena)
{
    struct pma_heap_page page;
    struct pma_heap_chunk chunk;
    struct pma_run run;
    uint64_t sum = 0;

    for (const char *at = NULL; !pma_next_run(arena, at, &run);
         at = (const char *)run.address + run.pages * PMA_PAGE_SIZE) {
        if (pma_touch(arena, run.address, run.pages * PMA_PAGE_SIZE))
            continue;
        for (size_t i = 0; i < run.pages * PMA_PAGE_SIZE; i += 512)
            sum += ((const volatile unsigned char *)run.address)[i];
    }
    for (const char *at = NULL; !pma_heap_next_page(arena, at, &page);
         at = (const char *)page.address + PMA_PAGE_SIZE)
        sum += page.used;
    for (const char *at = NULL; !pma_heap_next_chunk(arena, at, &chunk);
         at = (const char *)chunk.address + 1)
        sum += chunk.bytes;
    (void)sum;
}

static int open_and_read(const struct pma_options *options, bool view)
{
    struct pma_error error = {0};
    pma_t *arena;
    int result = view ? pma_view_open(path, options, &arena, &error)
                      : pma_open(path, options, &arena, &error);

    check(result <= 0 && (!result || error.text[0]), "a refusal has a reason", error.text);
    if (result)
        return result;
    read_all(arena);
    check(!pma_close(arena), "what was opened is closed", path);
    return 0;
}

/* An arena in which nothing is wrong must work. */
static void put_to_work(const struct pma_options *options)
{
    struct pma_error error = {0};
    void *page;
    pma_t *arena;

    check(!pma_open(path, options, &arena, &error), "a sound arena opens", error.text);
    read_all(arena);
    int result = pma_pages_alloc(arena, 2, 0, &page);
    check(!result || result == -ENOMEM, "there is room", pma_last_error(arena));
    if (!result)
        memset(page, 1, PMA_PAGE_SIZE);
    result = pma_snapshot(arena, 99);
    check(!result, "a snapshot", pma_last_error(arena));
    check(!pma_close(arena), "is closed", path);
    check(look(PMA_CHECK_NEWEST) == 0, "a sound arena stays sound", path);
}

static void open_to_read(unsigned way)
{
    struct pma_options options = PMA_OPTIONS_INIT;

    options.read_only = true;
    options.verify = way & WAY_VERIFY;
    options.previous = way & WAY_PREVIOUS;
    if (options.previous)
        look(PMA_CHECK_PREVIOUS);
    open_and_read(&options, way & WAY_VIEW);
}

static void open_to_write(unsigned way, bool sound)
{
    struct pma_options options = options_of(way & WAY_LAZY ? PMA_COPY_LAZY : PMA_COPY_EAGER);

    options.verify = way & WAY_VERIFY;
    if (sound)
        put_to_work(&options);
    else
        open_and_read(&options, false);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct header header;

    if (!path[0])
        set_up();
    if (count < sizeof header)
        return 0;
    memcpy(&header, bytes, sizeof header);
    write_file(&header, bytes + sizeof header, count - sizeof header);
    const bool sound = look(PMA_CHECK_NEWEST) == 0;
    if (header.way & WAY_READING)
        open_to_read(header.way);
    else
        open_to_write(header.way, sound);
    return 0;
}

/* ---- seeds ---- */

void fuzz_seeds(struct random *random, fuzz_use *use, void *context)
{
    enum { CHANGES = 6 };
    struct {
        struct header header;
        struct change changes[CHANGES];
    } seed;

    for (unsigned i = 0; i < WAYS; i++) {
        seed.header = (struct header){.base = (uint8_t)random_below(random, BASES),
                                      .sealed = (uint8_t)random_below(random, 2),
                                      .way = (uint8_t)i};
        for (unsigned j = 0; j < CHANGES; j++) {
            /* Near the beginning of a block are the headers of nodes. */
            seed.changes[j] = (struct change){.block = (uint8_t)random_below(random, 64),
                                              .width = (uint8_t)random_below(random, 4),
                                              .offset = (uint16_t)random_below(random, 256)};
            seed.changes[j].value[0] = (uint8_t)random_next(random);
        }
        use(context, (const uint8_t *)&seed,
            sizeof seed.header + i % (CHANGES + 1) * sizeof *seed.changes);
    }
}

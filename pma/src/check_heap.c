/* SPDX-License-Identifier: MIT */
/* The heap's record: docs/format.md, "Heap". */
#include "check_walk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

enum { GROUP = FORMAT_HEAP_GROUP, CLASSES = FORMAT_HEAP_CLASSES };

/* The walk of one record, from the lowest group up. */
struct heap_walk {
    struct check_walk *walk;
    uint64_t first, groups, head_pages;
    struct format_heap header;
    uint64_t run_start, run_end; /* of the large object met last */
    uint64_t head_number;        /* of the page in `head` */
    unsigned char head[PMA_PAGE_SIZE];
    struct format_heap_page table[GROUP];
};

int check_heap_extent(struct check_walk *walk, const struct format_extent *extent)
{
    if (walk->meta->heap == 0)
        return 0;
    if (walk->extents_seen_count == walk->extents_seen_size) {
        size_t size = walk->extents_seen_size ? 2 * walk->extents_seen_size : 64;
        void *grown = realloc(walk->extents_seen, size * sizeof *walk->extents_seen);
        if (!grown)
            return check_file_out_of_memory(&walk->check->file);
        walk->extents_seen = grown;
        walk->extents_seen_size = size;
    }
    walk->extents_seen[walk->extents_seen_count++] = *extent;
    return 0;
}

/* The position of the first extent that ends above a page. */
static size_t position_of(const struct check_walk *walk, uint64_t page)
{
    size_t low = 0, high = walk->extents_seen_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct format_extent *extent = &walk->extents_seen[middle];
        if (page < extent->page + extent->length)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* The extent that holds a page; NULL if it is not allocated. */
static const struct format_extent *extent_of(const struct check_walk *walk, uint64_t page)
{
    size_t position = position_of(walk, page);
    if (position == walk->extents_seen_count || walk->extents_seen[position].page > page)
        return NULL;
    return &walk->extents_seen[position];
}

/* The first page of a range that is not allocated, or the end of the range. */
static uint64_t first_missing(const struct check_walk *walk, uint64_t page, uint64_t pages)
{
    uint64_t end = page + pages;
    while (page < end) {
        const struct format_extent *extent = extent_of(walk, page);
        if (!extent)
            return page;
        page = extent->page + extent->length;
    }
    return end;
}

/* The first page of a range that has a block, or the end of the range. */
static uint64_t next_stored(const struct check_walk *walk, uint64_t page, uint64_t end)
{
    for (size_t i = position_of(walk, page); i < walk->extents_seen_count; i++) {
        const struct format_extent *extent = &walk->extents_seen[i];
        if (extent->page >= end)
            break;
        if (extent->block != 0)
            return extent->page > page ? extent->page : page;
    }
    return end;
}

static int read_page(struct check_walk *walk, uint64_t page, void *buffer)
{
    const struct format_extent *extent = extent_of(walk, page);
    memset(buffer, 0, PMA_PAGE_SIZE);
    if (!extent || extent->block == 0)
        return 0;
    return check_file_read(&walk->check->file,
                           (extent->block + (page - extent->page)) * PMA_PAGE_SIZE, buffer,
                           PMA_PAGE_SIZE);
}

static void report(const struct heap_walk *heap, enum pma_check_heap_kind kind, uint64_t page,
                   uint64_t pages, const struct format_heap_page *descriptor)
{
    const struct pma_check_visitor *visitor = heap->walk->check->visitor;
    struct pma_check_heap_run run = {.kind = kind, .page = page, .pages = pages};
    if (!visitor->heap || heap->walk->seen)
        return;
    if (kind == PMA_CHECK_HEAP_PARTITIONED) {
        run.chunk_bytes = UINT32_C(1) << descriptor->shift;
        run.used = descriptor->used;
    }
    visitor->heap(visitor->context, &run);
}

static bool overlaps(uint64_t a, uint64_t a_pages, uint64_t b, uint64_t b_pages)
{
    return a < b + b_pages && b < a + a_pages;
}

/* The rules for every run of pages, whatever it is. */
static void check_run(struct heap_walk *heap, uint64_t page, uint64_t pages, const char *what)
{
    struct check *check = heap->walk->check;
    uint64_t missing = first_missing(heap->walk, page, pages);
    if (missing < page + pages)
        check_finding(check, missing > page ? RULE_HEAP_RUNS_WHOLE : RULE_HEAP_PAGES_ALLOCATED,
                      "page %" PRIu64 " of %s at page %" PRIu64 " is not allocated in the arena",
                      missing, what, page);
    if (page < heap->run_end)
        check_finding(check, RULE_HEAP_PAGES_ONCE,
                      "%s at page %" PRIu64 " lies in the object of pages %" PRIu64 "-%" PRIu64,
                      what, page, heap->run_start, heap->run_end - 1);
    if (overlaps(page, pages, heap->first, heap->head_pages + heap->groups))
        check_finding(check, RULE_HEAP_PAGES_ONCE,
                      "%s at page %" PRIu64 " overlaps the heap's record, pages %" PRIu64
                      "-%" PRIu64,
                      what, page, heap->first, heap->first + heap->head_pages + heap->groups - 1);
}

static unsigned count_bits(const uint64_t *map, unsigned words)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < words; i++)
        bits += (unsigned)__builtin_popcountll(map[i]);
    return bits;
}

static void check_partitioned(struct heap_walk *heap, uint64_t page,
                              const struct format_heap_page *descriptor)
{
    struct check *check = heap->walk->check;
    unsigned chunks = PMA_PAGE_SIZE >> descriptor->shift;
    unsigned set = count_bits(descriptor->map, FORMAT_HEAP_MAP_WORDS);
    uint64_t inside[FORMAT_HEAP_MAP_WORDS];
    for (unsigned i = 0; i < FORMAT_HEAP_MAP_WORDS; i++)
        inside[i] = chunks >= 64 * (i + 1) ? descriptor->map[i]
                    : chunks > 64 * i      ? descriptor->map[i] & ((UINT64_C(1) << chunks % 64) - 1)
                                           : 0;
    if (count_bits(inside, FORMAT_HEAP_MAP_WORDS) != set)
        check_finding(check, RULE_HEAP_CHUNKS_COUNTED,
                      "the chunk map of page %" PRIu64 " goes beyond its %u chunks", page, chunks);
    if (set != descriptor->used)
        check_finding(check, RULE_HEAP_CHUNKS_COUNTED,
                      "page %" PRIu64 " has %u chunks in its map, %u by its count", page, set,
                      descriptor->used);
    if (descriptor->length != 0)
        check_finding(check, RULE_RESERVED_ZERO,
                      "the descriptor of partitioned page %" PRIu64 " has a length", page);
    check_run(heap, page, 1, "the partitioned page");
    heap->walk->heap.used_pages++;
    heap->walk->heap.objects += descriptor->used;
    heap->walk->heap.object_bytes += (uint64_t)descriptor->used << descriptor->shift;
    report(heap, PMA_CHECK_HEAP_PARTITIONED, page, 1, descriptor);
}

static void check_start(struct heap_walk *heap, uint64_t page,
                        const struct format_heap_page *descriptor)
{
    struct check *check = heap->walk->check;
    uint64_t reserved = heap->walk->meta->reserved_pages;
    if (descriptor->length == 0 || page >= reserved || descriptor->length > reserved - page) {
        check_finding(check, RULE_HEAP_RUNS_WHOLE,
                      "the large object at page %" PRIu64 " has %" PRIu64 " pages", page,
                      descriptor->length);
        return;
    }
    if (descriptor->shift || descriptor->used ||
        count_bits(descriptor->map, FORMAT_HEAP_MAP_WORDS) > 0)
        check_finding(check, RULE_RESERVED_ZERO,
                      "the descriptor of the large object at page %" PRIu64 " has chunks", page);
    check_run(heap, page, descriptor->length, "the large object");
    heap->run_start = page;
    heap->run_end = page + descriptor->length;
    heap->walk->heap.used_pages += descriptor->length;
    heap->walk->heap.objects++;
    heap->walk->heap.object_bytes += descriptor->length * PMA_PAGE_SIZE;
    report(heap, PMA_CHECK_HEAP_START, page, descriptor->length, descriptor);
}

static bool has_known_size(const struct format_heap_page *descriptor)
{
    return descriptor->shift >= FORMAT_HEAP_LEAST_SHIFT &&
           descriptor->shift < FORMAT_HEAP_LEAST_SHIFT + CLASSES;
}

static void check_descriptor(struct heap_walk *heap, uint64_t page,
                             const struct format_heap_page *descriptor)
{
    struct check *check = heap->walk->check;
    if (descriptor->reserved || descriptor->reserved_too[0] || descriptor->reserved_too[1])
        check_finding(check, RULE_RESERVED_ZERO,
                      "the descriptor of page %" PRIu64 " has reserved bytes that are not zero",
                      page);
    if (descriptor->kind == FORMAT_HEAP_START)
        check_start(heap, page, descriptor);
    else if (descriptor->kind == FORMAT_HEAP_PARTITIONED && has_known_size(descriptor))
        check_partitioned(heap, page, descriptor);
    else
        check_finding(check, RULE_HEAP_MAPS_MATCH,
                      "page %" PRIu64 " is used, but its descriptor is of kind %u, shift %u", page,
                      descriptor->kind, descriptor->shift);
}

/* The bit that the maps of pages with free chunks should have for a page, as a class; -1: none. */
static int class_with_room(const struct format_heap_page *descriptor)
{
    if (descriptor->kind != FORMAT_HEAP_PARTITIONED || !has_known_size(descriptor) ||
        descriptor->used >= PMA_PAGE_SIZE >> descriptor->shift)
        return -1;
    return descriptor->shift - FORMAT_HEAP_LEAST_SHIFT;
}

static void check_maps(struct heap_walk *heap, const struct format_heap_group *group, unsigned bit,
                       uint64_t page)
{
    const struct format_heap_page *descriptor = &heap->table[bit];
    struct check *check = heap->walk->check;
    bool used = group->used >> bit & 1;
    int class = used ? class_with_room(descriptor) : -1;
    for (int i = 0; i < CLASSES; i++)
        if ((group->partial[i] >> bit & 1) != (i == class))
            check_finding(check, RULE_HEAP_MAPS_MATCH,
                          "the map of pages with free chunks of %d bytes is wrong about page "
                          "%" PRIu64,
                          16 << i, page);
    if (!used && !format_is_zero(descriptor, sizeof *descriptor))
        check_finding(check, RULE_HEAP_MAPS_MATCH,
                      "page %" PRIu64 " is not used, but has a descriptor", page);
}

static void check_page(struct heap_walk *heap, const struct format_heap_group *group, unsigned bit,
                       uint64_t page)
{
    struct check *check = heap->walk->check;
    bool used = group->used >> bit & 1, free = group->free >> bit & 1;
    check_maps(heap, group, bit, page);
    if (used && free)
        check_finding(check, RULE_HEAP_PAGES_ONCE, "page %" PRIu64 " is both used and free", page);
    if ((used || free) && (group->gone >> bit & 1))
        check_finding(check, RULE_HEAP_PAGES_ONCE,
                      "page %" PRIu64 " is both the heap's and given back", page);
    if (used)
        check_descriptor(heap, page, &heap->table[bit]);
    if (!free)
        return;
    check_run(heap, page, 1, "the free page");
    heap->walk->heap.free_pages++;
    report(heap, PMA_CHECK_HEAP_FREE, page, 1, NULL);
}

static uint64_t offset_in_head(uint64_t group)
{
    return sizeof(struct format_heap) + group * sizeof(struct format_heap_group);
}

/* The first group from `index` on of which something is stored: all others are zeros. */
static uint64_t next_group(const struct heap_walk *heap, uint64_t index)
{
    uint64_t head_end = heap->first + heap->head_pages;
    uint64_t head =
        next_stored(heap->walk, heap->first + offset_in_head(index) / PMA_PAGE_SIZE, head_end);
    uint64_t table = next_stored(heap->walk, head_end + index, head_end + heap->groups) - head_end;
    uint64_t offset = (head - heap->first) * PMA_PAGE_SIZE;
    if (head == head_end)
        return table;
    if (offset > offset_in_head(index))
        index = (offset - sizeof(struct format_heap)) / sizeof(struct format_heap_group);
    return index < table ? index : table;
}

static int check_group(struct heap_walk *heap, uint64_t index)
{
    struct check_walk *walk = heap->walk;
    uint64_t head = heap->first + offset_in_head(index) / PMA_PAGE_SIZE;
    int code = head != heap->head_number ? read_page(walk, head, heap->head) : 0;
    heap->head_number = head;
    if (code == 0)
        code = read_page(walk, heap->first + heap->head_pages + index, heap->table);
    if (code != 0)
        return code;
    struct format_heap_group group;
    memcpy(&group, heap->head + offset_in_head(index) % PMA_PAGE_SIZE, sizeof group);
    if (!format_is_zero(group.reserved, sizeof group.reserved))
        check_finding(walk->check, RULE_RESERVED_ZERO,
                      "group %" PRIu64 " of the heap has reserved bytes that are not zero", index);
    if (index >= heap->header.end && !format_is_zero(&group, sizeof group))
        check_finding(walk->check, RULE_HEAP_COUNTS_MATCH,
                      "group %" PRIu64 " of the heap is in use, but the header says that those "
                      "from %" PRIu64 " on are not",
                      index, heap->header.end);
    for (unsigned bit = 0; bit < GROUP; bit++)
        check_page(heap, &group, bit, index * GROUP + bit);
    return 0;
}

static void check_header(const struct heap_walk *heap)
{
    const struct format_heap *header = &heap->header;
    const struct pma_check_heap *counted = &heap->walk->heap;
    struct check *check = heap->walk->check;
    if (!format_is_zero(header->reserved, sizeof header->reserved))
        check_finding(check, RULE_RESERVED_ZERO,
                      "the heap's header has reserved bytes that are not zero");
    if (header->used_pages != counted->used_pages || header->free_pages != counted->free_pages)
        check_finding(check, RULE_HEAP_COUNTS_MATCH,
                      "the heap has %" PRIu64 " used and %" PRIu64
                      " free pages, its header says %" PRIu64 " and %" PRIu64,
                      counted->used_pages, counted->free_pages, header->used_pages,
                      header->free_pages);
}

/* Whether the record can be walked. */
static int enter_record(struct heap_walk *heap, bool *sound)
{
    struct check_walk *walk = heap->walk;
    const struct format_meta *meta = walk->meta;
    uint64_t offset = meta->heap - meta->base, pages = heap->head_pages + heap->groups;
    *sound = false;
    if (meta->heap < meta->base || offset % PMA_PAGE_SIZE ||
        offset / PMA_PAGE_SIZE >= meta->reserved_pages ||
        pages > meta->reserved_pages - offset / PMA_PAGE_SIZE) {
        check_finding(walk->check, RULE_HEAP_RECORD,
                      "the heap's record at address 0x%" PRIx64 " is not in the arena", meta->heap);
        return 0;
    }
    heap->first = offset / PMA_PAGE_SIZE;
    uint64_t missing = first_missing(walk, heap->first, pages);
    if (missing < heap->first + pages) {
        check_finding(walk->check, RULE_HEAP_RECORD,
                      "page %" PRIu64 " of the heap's record, pages %" PRIu64 "-%" PRIu64
                      ", is not allocated",
                      missing, heap->first, heap->first + pages - 1);
        return 0;
    }
    heap->head_number = heap->first;
    int code = read_page(walk, heap->first, heap->head);
    if (code != 0)
        return code;
    memcpy(&heap->header, heap->head, sizeof heap->header);
    *sound = memcmp(heap->header.magic, FORMAT_HEAP_MAGIC, sizeof heap->header.magic) == 0 &&
             heap->header.groups == heap->groups && heap->header.end <= heap->groups;
    if (!*sound)
        check_finding(walk->check, RULE_HEAP_RECORD,
                      "the header of the heap's record, page %" PRIu64 ", does not fit this arena",
                      heap->first);
    return 0;
}

int check_heap(struct check_walk *walk)
{
    const struct format_meta *meta = walk->meta;
    bool sound;
    if (meta->heap == 0)
        return 0;
    struct heap_walk *heap = calloc(1, sizeof *heap);
    if (!heap)
        return check_file_out_of_memory(&walk->check->file);
    heap->walk = walk;
    heap->groups = format_heap_groups(meta->reserved_pages);
    heap->head_pages = format_heap_head_pages(heap->groups);
    int code = enter_record(heap, &sound);
    if (code == 0 && sound) {
        walk->heap.record_pages = heap->head_pages + heap->groups;
        report(heap, PMA_CHECK_HEAP_RECORD, heap->first, walk->heap.record_pages, NULL);
        for (uint64_t index = next_group(heap, 0); code == 0 && index < heap->groups;
             index = next_group(heap, index + 1))
            code = check_group(heap, index);
        if (code == 0)
            check_header(heap);
    }
    free(heap);
    return code;
}

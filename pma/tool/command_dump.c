/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "json.h"
#include "tool.h"

enum { ROW_BYTES = 16 };

/* What the callbacks need to know; each section is a walk of its own. */
struct dump {
    const struct settings *settings;
    uint64_t base; /* the same in both meta pages, or a rule is broken */
};

static void keep_base(void *context, const struct pma_check_meta *meta)
{
    if (meta->valid)
        ((struct dump *)context)->base = meta->base;
}

static uint64_t address_of(const struct dump *dump, uint64_t page)
{
    return dump->base + page * PMA_PAGE_SIZE;
}

static const char *tree_name(enum pma_check_tree tree)
{
    return tree == PMA_CHECK_DIRECTORY ? "directory" : "checksums";
}

static void print_node(void *context, const struct pma_check_node *node)
{
    printf("%-9s %5" PRIu32 " %9" PRIu64 " %9" PRIu64 " %7" PRIu32 " %10" PRIu64 " %10" PRIu64
           " %7" PRIu64 "%s\n",
           tree_name(node->tree), node->level, node->block, node->parent, node->count, node->first,
           node->last, node->epoch, node->sum_ok ? "" : " BAD");
}

static void json_node(void *context, const struct pma_check_node *node)
{
    json_open(NULL, '{');
    json_string("tree", tree_name(node->tree));
    json_number("level", node->level);
    json_number("block", node->block);
    json_number("parent", node->parent);
    json_number("entries", node->count);
    json_number("first", node->first);
    json_number("last", node->last);
    json_number("epoch", node->epoch);
    json_bool("sum_ok", node->sum_ok);
    json_close('}');
}

static void print_extent(void *context, const struct pma_check_extent *extent)
{
    const struct dump *dump = context;
    char block[24] = "hole";
    if (extent->block)
        snprintf(block, sizeof block, "%" PRIu64, extent->block);
    printf("%12" PRIu64 "  0x%012" PRIx64 " %10" PRIu64 " %12s %10" PRIu64 " %8" PRIu64 "\n",
           extent->page, address_of(dump, extent->page), extent->length, block, extent->node,
           extent->position);
}

static void json_extent(void *context, const struct pma_check_extent *extent)
{
    json_open(NULL, '{');
    json_number("page", extent->page);
    json_hex("address", address_of(context, extent->page));
    json_number("length", extent->length);
    json_number("block", extent->block);
    json_number("node", extent->node);
    json_number("position", extent->position);
    json_close('}');
}

static const char *const heap_names[] = {
    [PMA_CHECK_HEAP_START] = "object",
    [PMA_CHECK_HEAP_PARTITIONED] = "chunks",
    [PMA_CHECK_HEAP_FREE] = "free",
    [PMA_CHECK_HEAP_RECORD] = "record",
};

static void print_heap(void *context, const struct pma_check_heap_run *run)
{
    printf("%12" PRIu64 "  0x%012" PRIx64 " %10" PRIu64 " %s", run->page,
           address_of(context, run->page), run->pages, heap_names[run->kind]);
    if (run->kind == PMA_CHECK_HEAP_PARTITIONED)
        printf(" %6" PRIu32 " %6" PRIu32, run->chunk_bytes, run->used);
    printf("\n");
}

static void json_heap(void *context, const struct pma_check_heap_run *run)
{
    json_open(NULL, '{');
    json_number("page", run->page);
    json_hex("address", address_of(context, run->page));
    json_number("pages", run->pages);
    json_string("kind", heap_names[run->kind]);
    json_number("chunk_bytes", run->chunk_bytes);
    json_number("used", run->used);
    json_close('}');
}

static void print_row(const unsigned char *row, unsigned offset)
{
    printf("%03x ", offset);
    for (unsigned i = 0; i < ROW_BYTES; i++)
        printf(i == ROW_BYTES / 2 ? "  %02x" : " %02x", row[i]);
    printf("  |");
    for (unsigned i = 0; i < ROW_BYTES; i++)
        putchar(row[i] >= 0x20 && row[i] < 0x7f ? row[i] : '.');
    printf("|\n");
}

/* Rows that repeat the row above are left out, and a star stands for them. */
static void print_page(void *context, uint64_t page, uint64_t length, const void *data)
{
    printf("page %" PRIu64 " at 0x%" PRIx64, page, address_of(context, page));
    if (!data) {
        printf(": hole of %" PRIu64 " page%s\n", length, length == 1 ? "" : "s");
        return;
    }
    printf("\n");
    bool repeated = false;
    for (unsigned offset = 0; offset < PMA_PAGE_SIZE; offset += ROW_BYTES) {
        const unsigned char *row = (const unsigned char *)data + offset;
        bool same = offset > 0 && memcmp(row, row - ROW_BYTES, ROW_BYTES) == 0;
        if (!same)
            print_row(row, offset);
        else if (!repeated)
            printf("*\n");
        repeated = same;
    }
}

static void json_page(void *context, uint64_t page, uint64_t length, const void *data)
{
    json_open(NULL, '{');
    json_number("page", page);
    json_hex("address", address_of(context, page));
    json_number("length", length);
    if (data)
        json_bytes("data", data, PMA_PAGE_SIZE);
    else
        json_string("data", NULL);
    json_close('}');
}

struct section {
    const char *name, *heading;
    struct pma_check_visitor text, json;
    bool data;
};

static const struct section node_section = {
    .name = "nodes",
    .heading = "tree      level     block    parent entries      first       last   epoch",
    .text = {.node = print_node},
    .json = {.node = json_node},
};
static const struct section extent_section = {
    .name = "extents",
    .heading = "        page  address            length        block       node position",
    .text = {.extent = print_extent},
    .json = {.extent = json_extent},
};
static const struct section page_section = {
    .name = "pages",
    .text = {.page = print_page},
    .json = {.page = json_page},
    .data = true,
};

static const struct section heap_section = {
    .name = "heap",
    .heading = "        page  address             pages use     chunk   used",
    .text = {.heap = print_heap},
    .json = {.heap = json_heap},
};

static int walk(struct dump *dump, struct pma_check_visitor visitor, bool data,
                struct pma_check_report *report, struct pma_error *error)
{
    struct pma_check_options options = PMA_CHECK_OPTIONS_INIT;
    options.both = false;
    options.data = data;
    options.which = dump->settings->previous ? PMA_CHECK_PREVIOUS : PMA_CHECK_NEWEST;
    visitor.context = dump;
    return pma_check(dump->settings->file, &options, &visitor, report, error);
}

static int print_section(struct dump *dump, const struct section *section, uint64_t *findings,
                         struct pma_error *error)
{
    struct pma_check_report report;
    bool json = dump->settings->json;
    if (json)
        json_open(section->name, '[');
    else if (section->heading)
        printf("%s\n", section->heading);
    int code = walk(dump, json ? section->json : section->text, section->data, &report, error);
    if (json)
        json_close(']');
    if (code == 0 && report.findings > *findings)
        *findings = report.findings;
    return code;
}

static enum status run(const struct settings *settings)
{
    struct dump dump = {.settings = settings};
    struct pma_check_report report;
    struct pma_error error;
    const struct section *sections[4];
    size_t count = 0;
    if (settings->nodes)
        sections[count++] = &node_section;
    if (settings->extents || (!settings->nodes && !settings->pages && !settings->heap))
        sections[count++] = &extent_section;
    if (settings->heap)
        sections[count++] = &heap_section;
    if (settings->pages)
        sections[count++] = &page_section;

    struct pma_check_visitor heading = {.meta = keep_base};
    int code = walk(&dump, heading, false, &report, &error);
    if (code != 0)
        return report_failure(settings, &error);
    if (settings->json) {
        json_open(NULL, '{');
        json_string("file", settings->file);
        json_number("snapshot", report.snapshot);
        json_number("event", report.event);
        json_hex("base", dump.base);
    } else {
        printf("%s, snapshot %" PRIu64 ", event %" PRIu64 "\n", settings->file, report.snapshot,
               report.event);
    }
    uint64_t findings = report.findings;
    for (size_t i = 0; code == 0 && i < count; i++)
        code = print_section(&dump, sections[i], &findings, &error);
    if (settings->json) {
        json_close('}');
        json_end();
    }
    if (code != 0)
        return report_failure(settings, &error);
    return report_findings(settings, findings);
}

const struct command dump_command = {
    .name = "dump",
    .summary = "lists what a snapshot consists of",
    .about = "Lists the extents of a snapshot (which pages are on which blocks), the nodes of\n"
             "its trees, the pages of its heap, or the content of its pages. Without an\n"
             "option: the extents.\n",
    .examples = "  pma dump store.pma\n"
                "  pma dump --nodes --extents --previous store.pma\n"
                "  pma dump --pages store.pma | less\n"
                "  pma dump --json store.pma | jq '.extents[] | select(.block == 17)'\n",
    .options =
        (const struct option[]){
            {"--extents", offsetof(struct settings, extents), "pages and their blocks", NULL},
            {"--nodes", offsetof(struct settings, nodes), "directory and checksum nodes", NULL},
            {"--heap", offsetof(struct settings, heap), "what the heap uses its pages for", NULL},
            {"--pages", offsetof(struct settings, pages), "the content of every page", NULL},
            {"--json", offsetof(struct settings, json), "print JSON", NULL},
            {"--previous", offsetof(struct settings, previous), "dump the older snapshot", NULL},
            {0},
        },
    .run = run,
};

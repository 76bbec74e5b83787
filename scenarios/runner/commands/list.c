/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <faultsim/calls.h>
#include <results/results.h>

#include "alphabet.h"
#include "commandline/catalog.h"
#include "list.h"
#include "output/grid.h"
#include "output/json.h"
#include "output/text.h"

/* A list is a table of names and what they stand for, with what else there is between. */
struct listing {
    const char *const *headers; /* also the keys, lower case */
    size_t columns;
    struct grid *grid;
    struct json json;
    const struct settings *settings; /* which of the three it is printed as */
};

/* RFC 4180; quotes do no harm where they are not needed. */
static void print_csv(const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        putchar('"');
        for (const char *c = cells[i]; *c; c++)
            printf(*c == '"' ? "\"\"" : "%c", *c);
        fputs(i + 1 < count ? "\"," : "\"\r\n", stdout);
    }
}

static void listing_begin(struct listing *listing, const struct settings *settings,
                          const char *const *headers, size_t columns)
{
    static const char left[] = "llll";
    *listing = (struct listing){.headers = headers, .columns = columns, .settings = settings};
    listing->json.out = stdout;
    if (settings->json)
        json_begin(&listing->json, NULL, '[');
    else if (settings->csv)
        print_csv(headers, columns);
    else
        listing->grid = grid_new(headers, left + sizeof left - 1 - columns);
}

static void listing_row(struct listing *listing, const char *const *cells)
{
    if (listing->settings->csv)
        print_csv(cells, listing->columns);
    else if (!listing->settings->json)
        grid_row(listing->grid, STYLE_PLAIN, cells);
    if (!listing->settings->json)
        return;
    json_begin(&listing->json, NULL, '{');
    for (size_t i = 0; i < listing->columns; i++)
        json_text(&listing->json, listing->headers[i], cells[i]);
    json_end(&listing->json, '}');
}

static void listing_end(struct listing *listing)
{
    if (listing->settings->json)
        json_end(&listing->json, ']');
    if (!listing->grid)
        return;
    grid_print(listing->grid, stdout);
    grid_free(listing->grid);
}

static enum status list_scenarios(const struct settings *settings)
{
    static const char *const headers[] = {"name", "file", "description"};
    struct selection selection;
    struct listing listing;
    enum status status = catalog_select(settings->suites, NULL, 0, &selection);
    if (status != STATUS_CLEAN)
        return status;
    listing_begin(&listing, settings, headers, 3);
    for (size_t i = 0; i < selection.count; i++) {
        const struct scenario *scenario = selection.plays[i].scenario;
        const char *slash = strrchr(scenario->file, '/');
        const char *file = settings->json || !slash ? scenario->file : slash + 1;
        listing_row(&listing, (const char *[]){scenario->name, file,
                                               scenario->description ? scenario->description : ""});
    }
    listing_end(&listing);
    catalog_deselect(&selection);
    return STATUS_CLEAN;
}

static void list_calls(struct listing *listing)
{
    for (size_t i = 0; i < FSIM_CALL_COUNT; i++)
        listing_row(listing,
                    (const char *[]){fsim_calls[i].point, "call",
                                     strerrorname_np(fsim_calls[i].error), fsim_calls[i].text});
    for (size_t i = 0; i < fsim_call_alias_count; i++) {
        const struct fsim_call_alias *alias = &fsim_call_aliases[i];
        int error = fsim_calls[fsim_call_find(alias->point)].error;
        char *description = need_format("counts as %s", alias->point);
        listing_row(listing,
                    (const char *[]){alias->alias, "call", strerrorname_np(error), description});
        free(description);
    }
}

static enum status list_points(const struct settings *settings)
{
    static const char *const headers[] = {"name", "class", "error", "description"};
    struct listing listing;
    listing_begin(&listing, settings, headers, 4);
    for (size_t i = 0; i < CATALOG_POINT_COUNT; i++) {
        const struct catalog_point *point = &catalog_points[i];
        listing_row(&listing, (const char *[]){point->name, point->kind,
                                               strerrorname_np(point->error), point->description});
    }
    for (size_t i = 0; i < catalog_alias_count; i++) {
        const struct catalog_alias *alias = &catalog_aliases[i];
        const struct catalog_point *point = &catalog_points[catalog_point_find(alias->name)];
        char *description = need_format("another name for %s", alias->name);
        listing_row(&listing, (const char *[]){alias->alias, "alias", strerrorname_np(point->error),
                                               description});
        free(description);
    }
    list_calls(&listing);
    listing_end(&listing);
    return STATUS_CLEAN;
}

static enum status list_models(const struct settings *settings)
{
    static const char *const headers[] = {"name", "description"};
    struct listing listing;
    listing_begin(&listing, settings, headers, 2);
    for (size_t i = 0; i < catalog_model_count; i++)
        listing_row(&listing, (const char *[]){catalog_models[i].name, catalog_models[i].help});
    listing_end(&listing);
    return STATUS_CLEAN;
}

static enum status list_operations(const struct settings *settings)
{
    static const char *const headers[] = {"name", "class", "description"};
    struct listing listing;
    const char *name;
    alphabet_t letters;
    listing_begin(&listing, settings, headers, 3);
    for (size_t i = 0; alphabet_set(i, &name, &letters); i++)
        listing_row(&listing, (const char *[]){name, "set", alphabet_set_words(i)});
    for (size_t i = 0; i < alphabet_letter_count; i++)
        listing_row(&listing, (const char *[]){alphabet_letters[i].word, "operation",
                                               alphabet_letters[i].help});
    listing_end(&listing);
    return STATUS_CLEAN;
}

static enum status list_entries(const struct settings *settings, const char *const *headers,
                                int (*list)(struct results_entry **entries, size_t *count))
{
    struct results_entry *entries;
    size_t count;
    struct listing listing;
    int error = list(&entries, &count);
    if (error) {
        complain("%s: %s; PMACRASH_DATA names the folder that holds invariants and queries",
                 results_data_directory(), strerror(-error));
        return STATUS_FAILED;
    }
    listing_begin(&listing, settings, headers, 2);
    for (size_t i = 0; i < count; i++)
        listing_row(&listing, (const char *[]){entries[i].name, entries[i].description});
    listing_end(&listing);
    results_list_free(entries, count);
    return STATUS_CLEAN;
}

static enum status list_invariants(const struct settings *settings)
{
    static const char *const headers[] = {"name", "description"};
    return list_entries(settings, headers, results_list_invariants);
}

enum status list_queries(const struct settings *settings)
{
    static const char *const headers[] = {"name", "description"};
    return list_entries(settings, headers, results_list_queries);
}

static const struct {
    const char *name;
    enum status (*list)(const struct settings *settings);
} lists[] = {
    {"scenarios", list_scenarios},   {"points", list_points},   {"models", list_models},
    {"invariants", list_invariants}, {"queries", list_queries}, {"operations", list_operations},
};
enum { LISTS = sizeof lists / sizeof *lists };

const char *list_name(size_t index)
{
    return index < LISTS ? lists[index].name : NULL;
}

static enum status run(const struct settings *settings)
{
    const char *names[LISTS];
    for (size_t i = 0; i < LISTS; i++) {
        names[i] = lists[i].name;
        if (strcmp(settings->arguments[0], names[i]) == 0)
            return lists[i].list(settings);
    }
    complain_unknown("list", settings->arguments[0], names, LISTS, "pmacrash list --help");
    return STATUS_USAGE;
}

const struct command list_command = {
    .bit = COMMAND_LIST,
    .name = "list",
    .synopsis = "WHAT",
    .summary = "what there is to run, crash at, check, ask and generate from",
    .about = "WHAT is scenarios, points, models, invariants, queries or operations. A table of "
             "names, or with --json an array of objects.",
    .examples = "  pmacrash list scenarios\n"
                "  pmacrash list points --json\n",
    .least = 1,
    .most = 1,
    .words = WORDS_LISTS,
    .run = run,
};

/* SPDX-License-Identifier: MIT */
#include "suite_text.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "schema.h"
#include "words.h"

/* In double quotes, unless everybody reads it as a word. */
static void print_text(const char *text, FILE *out)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "_./-";
    if (text[0] != '\0' && text[0] != '-' && text[strspn(text, plain)] == '\0') {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte == '"' || byte == '\\')
            fprintf(out, "\\%c", byte);
        else if (byte < ' ' || byte == 0x7f)
            fprintf(out, "\\x%02x", byte);
        else
            fputc(byte, out);
    }
    fputc('"', out);
}

struct printer {
    const struct step *step;
    const char *word;
    FILE *out;
    unsigned keys; /* printed */
};

static void begin_key(struct printer *printer, const char *key)
{
    fprintf(printer->out, "%s%s: ", printer->keys++ > 0 ? ", " : "", key);
}

/* A word of the step; false if `key` is none. */
static bool print_word(struct printer *printer, const char *key)
{
    const struct step *step = printer->step;
    const struct {
        const char *key, *text;
    } words[] = {{"name", step->name},
                 {"as", step->as},
                 {"on", step->on},
                 {"head", step->head},
                 {"tail", step->tail},
                 {"fault", step->fault},
                 {"expect", step->expect != 0 ? words_error_name(step->expect) : NULL},
                 {"state", step->attempted ? "attempted" : NULL}};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(key, words[i].key) != 0)
            continue;
        if (words[i].text != NULL) {
            begin_key(printer, key);
            print_text(words[i].text, printer->out);
        }
        return true;
    }
    return false;
}

static bool print_choice(struct printer *printer, const char *key)
{
    static const char *const orders[] = {"up", "down", "scattered"};
    static const char *const shapes[] = {"atom", "list", "tree", "shared"};
    const struct step *step = printer->step;

    if (strcmp(key, "order") == 0) {
        if (step->order != ORDER_UP) {
            begin_key(printer, key);
            fputs(orders[step->order], printer->out);
        }
        return true;
    }
    if (strcmp(key, "shape") == 0) {
        begin_key(printer, key);
        fputs(shapes[step->shape], printer->out);
        return true;
    }
    return false;
}

static bool print_flag(struct printer *printer, const char *key)
{
    const struct step *step = printer->step;
    const struct {
        const char *key;
        bool set;
    } flags[] = {{"ephemeral", step->ephemeral}, {"persistent", step->persistent},
                 {"killed", step->killed},       {"zeroed", step->zeroed},
                 {"batch", step->batch},         {"previous", step->previous}};

    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (strcmp(key, flags[i].key) != 0)
            continue;
        if (flags[i].set) {
            begin_key(printer, key);
            fputs("true", printer->out);
        }
        return true;
    }
    return false;
}

/* A number is left out where that means the same. */
static void print_number(struct printer *printer, const char *key, bool needed)
{
    const struct step *step = printer->step;
    const uint64_t one_by_default = step->kind == STEP_SNAPSHOT || step->kind == STEP_LIGHT_PUSH ||
                                    step->kind == STEP_LIGHT_POP;
    const struct {
        const char *key;
        uint64_t value;
        bool given;
    } numbers[] = {{"page", step->page, step->page != 0},
                   {"pages", step->pages, step->pages != 0},
                   {"at", step->at, step->has_at},
                   {"to", step->to, step->to != 0},
                   {"seed", step->seed, true},
                   {"bytes", step->bytes, step->bytes != PMA_PAGE_SIZE},
                   {"index", step->index, step->index != 0},
                   {"value", step->value, step->value != 0},
                   {"event", step->event, step->has_event},
                   {"count", step->count, step->count != one_by_default},
                   {"align", step->align, step->align != 0},
                   {"offset", step->offset, step->offset != 0},
                   {"locals", step->locals, step->locals != 0},
                   {"size", step->size, step->size != 0},
                   {"blocks", step->blocks, step->blocks != 0},
                   {"most", step->most, step->most != 0}};

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (strcmp(key, numbers[i].key) == 0 && (numbers[i].given || needed)) {
            begin_key(printer, key);
            fprintf(printer->out, "%" PRIu64, numbers[i].value);
        }
}

static void print_key(void *context, const char *where, const char *key, bool needed)
{
    struct printer *printer = context;

    if (strcmp(where, printer->word) != 0)
        return;
    if (!print_word(printer, key) && !print_choice(printer, key) && !print_flag(printer, key))
        print_number(printer, key, needed);
}

void suite_print_step(const struct step *step, FILE *out)
{
    struct printer printer = {.step = step, .word = step_word(step->kind), .out = out};

    fprintf(out, "%s: {", printer.word);
    schema_each_key(print_key, &printer);
    fputc('}', out);
}

static void print_arena(const struct scenario *scenario, FILE *out)
{
    const struct {
        const char *key;
        uint64_t value;
    } limits[] = {{"resident_pages", scenario->resident_pages},
                  {"mapping_limit", scenario->mapping_limit},
                  {"defragment_blocks", scenario->defragment_blocks},
                  {"keep_blocks", scenario->keep_blocks}};

    fprintf(out,
            "    arena: {reserved_pages: %" PRIu64 ", initial_blocks: %" PRIu64
            ", grow_blocks: %" PRIu64 ", fanout: %" PRIu64,
            scenario->reserved_pages, scenario->initial_blocks, scenario->grow_blocks,
            scenario->fanout);
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (limits[i].value != 0)
            fprintf(out, ", %s: %" PRIu64, limits[i].key, limits[i].value);
    if (scenario->verify)
        fprintf(out, ", verify: true");
    if (scenario->has_copying)
        fprintf(out, ", copying: %s", scenario->copying == PMA_COPY_LAZY ? "lazy" : "eager");
    fprintf(out, "}\n");
}

void suite_print_scenario(const struct scenario *scenario, FILE *out)
{
    fprintf(out, "  - name: ");
    print_text(scenario->name, out);
    fprintf(out, "\n    description: ");
    print_text(scenario->description, out);
    fputc('\n', out);
    if (scenario->record_creation)
        fprintf(out, "    create: recorded\n");
    print_arena(scenario, out);
    fprintf(out, "    steps:\n");
    for (size_t i = 0; i < scenario->step_count; i++) {
        fprintf(out, "      - ");
        suite_print_step(&scenario->steps[i], out);
        fputc('\n', out);
    }
}

int suite_print(const struct scenario *scenario, FILE *out)
{
    fprintf(out, "scenarios:\n");
    suite_print_scenario(scenario, out);
    return ferror(out) ? -EIO : 0;
}

/* SPDX-License-Identifier: MIT */
#include "schema.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include <results/results.h>

#include "room.h"
#include "schema_table.h"

/* ---- the walk: what libcyaml would refuse too, but with line and suggestion ---- */

enum { DEEPEST = 32, MOST_KEYS = 64 };

struct walk {
    const char *path;
    struct schema_file *file;
    yaml_document_t document;
    char *message;
    size_t message_bytes;
};

static int __attribute__((format(printf, 3, 4)))
complain(struct walk *walk, unsigned line, const char *format, ...)
{
    int used = snprintf(walk->message, walk->message_bytes, "%s:%u: ", walk->path, line);
    va_list arguments;

    if (used > 0 && (size_t)used < walk->message_bytes) {
        va_start(arguments, format);
        vsnprintf(walk->message + used, walk->message_bytes - (size_t)used, format, arguments);
        va_end(arguments);
    }
    return -EINVAL;
}

static unsigned line_of(const yaml_node_t *node)
{
    return (unsigned)node->start_mark.line + 1;
}

static const char *scalar(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

/* "; did you mean 'x'?", or the names to choose from. */
static void suggest(const char *word, const char *const *names, size_t count, char *text,
                    size_t bytes)
{
    const char *nearest = results_nearest(word, names, count);
    size_t used;

    if (nearest != NULL) {
        snprintf(text, bytes, "; did you mean '%s'?", nearest);
        return;
    }
    used = (size_t)snprintf(text, bytes, "; known: ");
    for (size_t i = 0; i < count && used < bytes; i++)
        used += (size_t)snprintf(text + used, bytes - used, "%s%s", i == 0 ? "" : ", ", names[i]);
}

static int unknown_key(struct walk *walk, const yaml_node_t *key,
                       const cyaml_schema_value_t *schema, const char *where)
{
    const char *names[MOST_KEYS];
    char suggestion[256];
    size_t count = 0;

    for (const cyaml_schema_field_t *field = schema->mapping.fields;
         field->key != NULL && count < MOST_KEYS; field++)
        names[count++] = field->key;
    suggest(scalar(key), names, count, suggestion, sizeof suggestion);
    if (schema == &schema_step)
        return complain(walk, line_of(key), "unknown step '%s'%s", scalar(key), suggestion);
    if (count == 0)
        return complain(walk, line_of(key), "unknown key '%s' in %s, which has none", scalar(key),
                        where);
    return complain(walk, line_of(key), "unknown key '%s' in %s%s", scalar(key), where, suggestion);
}

static int walk_value(struct walk *walk, const yaml_node_t *node,
                      const cyaml_schema_value_t *schema, const char *where, unsigned depth);

static int walk_mapping(struct walk *walk, const yaml_node_t *node,
                        const cyaml_schema_value_t *schema, const char *where, unsigned depth)
{
    const cyaml_schema_field_t *fields = schema->mapping.fields;
    bool given[MOST_KEYS] = {false};
    size_t pairs = (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);

    for (size_t i = 0; i < pairs; i++) {
        const yaml_node_pair_t *pair = node->data.mapping.pairs.start + i;
        const yaml_node_t *key = yaml_document_get_node(&walk->document, pair->key);
        const yaml_node_t *value = yaml_document_get_node(&walk->document, pair->value);
        size_t k = 0;
        char inner[96];
        int error;

        if (key->type != YAML_SCALAR_NODE)
            return complain(walk, line_of(key), "a key of %s is not a word", where);
        while (fields[k].key != NULL && strcmp(fields[k].key, scalar(key)) != 0)
            k++;
        if (fields[k].key == NULL)
            return unknown_key(walk, key, schema, where);
        if (given[k])
            return complain(walk, line_of(key), "key '%s' of %s is given twice", fields[k].key,
                            where);
        given[k] = true;
        snprintf(inner, sizeof inner, schema == &schema_step ? "step '%s'" : "'%s'", fields[k].key);
        error = walk_value(walk, value, &fields[k].value, inner, depth + 1);
        if (error != 0)
            return error;
    }
    if (schema == &schema_step && pairs != 1)
        return complain(walk, line_of(node),
                        "a step has one key, its kind, and this one has %zu; start each step with "
                        "'- KIND: {...}'",
                        pairs);
    for (size_t k = 0; fields[k].key != NULL; k++)
        if (!given[k] && (fields[k].value.flags & CYAML_FLAG_OPTIONAL) == 0)
            return complain(walk, line_of(node), "%s needs the key '%s'", where, fields[k].key);
    return 0;
}

static int note_line(struct schema_file *file, unsigned line)
{
    if (room_for(&file->lines, file->line_count + 1, &file->line_capacity, sizeof line) != 0)
        return -ENOMEM;
    file->lines[file->line_count++] = line;
    return 0;
}

static int walk_sequence(struct walk *walk, const yaml_node_t *node,
                         const cyaml_schema_value_t *schema, const char *where, unsigned depth)
{
    const cyaml_schema_value_t *entry = schema->sequence.entry;
    const char *inner = entry == &schema_step ? "a step" : "a scenario";
    size_t count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);

    if (count < schema->sequence.min)
        return complain(walk, line_of(node), "%s is empty", where);
    for (size_t i = 0; i < count; i++) {
        const yaml_node_t *item =
            yaml_document_get_node(&walk->document, node->data.sequence.items.start[i]);
        int error = note_line(walk->file, line_of(item));

        if (error == 0)
            error = walk_value(walk, item, entry, inner, depth + 1);
        if (error != 0)
            return error;
    }
    return 0;
}

static int walk_scalar(struct walk *walk, const yaml_node_t *node,
                       const cyaml_schema_value_t *schema, const char *where)
{
    const char *text = scalar(node), *names[MOST_KEYS];
    char suggestion[256], *end;
    size_t count = schema->enumeration.count;

    switch (schema->type) {
    case CYAML_BOOL:
        if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
            return 0;
        return complain(walk, line_of(node), "%s is 'true' or 'false', not '%s'", where, text);
    case CYAML_UINT:
        errno = 0;
        (void)strtoull(text, &end, 10);
        if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0)
            return 0;
        return complain(walk, line_of(node), "%s is a number, not '%s'", where, text);
    case CYAML_ENUM:
        for (size_t i = 0; i < count; i++) {
            names[i] = schema->enumeration.strings[i].str;
            if (strcmp(text, names[i]) == 0)
                return 0;
        }
        suggest(text, names, count, suggestion, sizeof suggestion);
        return complain(walk, line_of(node), "%s cannot be '%s'%s", where, text, suggestion);
    default:
        if (strlen(text) < schema->string.min)
            return complain(walk, line_of(node), "%s is empty", where);
        if (strlen(text) > schema->string.max)
            return complain(walk, line_of(node), "%s is longer than %u bytes", where,
                            schema->string.max);
        return 0;
    }
}

static int walk_value(struct walk *walk, const yaml_node_t *node,
                      const cyaml_schema_value_t *schema, const char *where, unsigned depth)
{
    if (depth > DEEPEST)
        return complain(walk, line_of(node), "nested too deep; a repeat has at most a few others");
    switch (schema->type) {
    case CYAML_MAPPING:
        if (node->type != YAML_MAPPING_NODE)
            return complain(walk, line_of(node), "%s must be 'key: value' lines, or '{}' for none",
                            where);
        return walk_mapping(walk, node, schema, where, depth);
    case CYAML_SEQUENCE:
        if (node->type != YAML_SEQUENCE_NODE)
            return complain(walk, line_of(node), "%s is a list; start each entry with '- '", where);
        return walk_sequence(walk, node, schema, where, depth);
    default:
        if (node->type != YAML_SCALAR_NODE)
            return complain(walk, line_of(node), "%s is a single value, not a list or a mapping",
                            where);
        return walk_scalar(walk, node, schema, where);
    }
}

/* An alias can make a small file huge, or endless; suites have no use for it. */
static int refuse_aliases(struct walk *walk)
{
    yaml_parser_t parser;
    yaml_event_t event;
    int error = 0;
    bool end = false;

    if (yaml_parser_initialize(&parser) == 0)
        return -ENOMEM;
    yaml_parser_set_input_string(&parser, (const unsigned char *)walk->file->text,
                                 walk->file->bytes);
    while (error == 0 && !end) {
        if (yaml_parser_parse(&parser, &event) == 0) {
            error = complain(walk, (unsigned)parser.problem_mark.line + 1, "not YAML: %s",
                             parser.problem != NULL ? parser.problem : "cannot be read");
            break;
        }
        if (event.type == YAML_ALIAS_EVENT)
            error = complain(walk, (unsigned)event.start_mark.line + 1,
                             "aliases are not supported; write '*' after a number (2*i)");
        end = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return error;
}

static int walk_document(struct walk *walk)
{
    yaml_parser_t parser;
    const yaml_node_t *root;
    int error = refuse_aliases(walk);

    if (error != 0)
        return error;
    if (yaml_parser_initialize(&parser) == 0)
        return -ENOMEM;
    yaml_parser_set_input_string(&parser, (const unsigned char *)walk->file->text,
                                 walk->file->bytes);
    if (yaml_parser_load(&parser, &walk->document) == 0) {
        error = complain(walk, (unsigned)parser.problem_mark.line + 1, "not YAML: %s",
                         parser.problem != NULL ? parser.problem : "cannot be read");
        yaml_parser_delete(&parser);
        return error;
    }
    yaml_parser_delete(&parser);
    root = yaml_document_get_root_node(&walk->document);
    if (root == NULL)
        error = complain(walk, 1, "the file is empty; a suite starts with 'scenarios:'");
    else
        error = walk_value(walk, root, &schema_suite, "a suite", 0);
    yaml_document_delete(&walk->document);
    return error;
}

/* ---- loading ---- */

static int read_text(const char *path, struct schema_file *file)
{
    FILE *stream = fopen(path, "re");
    int error = 0;
    long size;

    if (stream == NULL)
        return -errno;
    if (fseek(stream, 0, SEEK_END) != 0 || (size = ftell(stream)) < 0 ||
        fseek(stream, 0, SEEK_SET) != 0) {
        error = -errno;
        goto out;
    }
    file->text = malloc((size_t)size + 1);
    if (file->text == NULL) {
        error = -ENOMEM;
        goto out;
    }
    file->bytes = fread(file->text, 1, (size_t)size, stream);
    file->text[file->bytes] = '\0';
    if (ferror(stream))
        error = -EIO;
out:
    fclose(stream);
    return error;
}

/* Keeps libcyaml's first complaint, should it have one that the walk had not. */
static void keep_complaint(cyaml_log_t level, void *context, const char *format, va_list arguments)
{
    struct walk *walk = context;

    if (level == CYAML_LOG_ERROR && walk->message[0] == '\0') {
        int used = snprintf(walk->message, walk->message_bytes, "%s: ", walk->path);

        if (used > 0 && (size_t)used < walk->message_bytes)
            vsnprintf(walk->message + used, walk->message_bytes - (size_t)used, format, arguments);
        walk->message[strcspn(walk->message, "\n")] = '\0';
    }
}

static cyaml_config_t configuration(struct walk *walk)
{
    return (cyaml_config_t){.log_fn = walk == NULL ? NULL : keep_complaint,
                            .log_ctx = walk,
                            .mem_fn = cyaml_mem,
                            .log_level = CYAML_LOG_ERROR,
                            .flags = CYAML_CFG_NO_ALIAS};
}

int schema_file_load(const char *path, struct schema_file *file, char *message,
                     size_t message_bytes)
{
    struct walk walk = {
        .path = path, .file = file, .message = message, .message_bytes = message_bytes};
    cyaml_config_t config = configuration(&walk);
    int error;

    memset(file, 0, sizeof *file);
    message[0] = '\0';
    error = read_text(path, file);
    if (error != 0) {
        snprintf(message, message_bytes, "read %s: %s", path, strerror(-error));
        return error;
    }
    error = walk_document(&walk);
    if (error == 0 &&
        cyaml_load_data((const uint8_t *)file->text, file->bytes, &config, &schema_suite,
                        (cyaml_data_t **)&file->suite, NULL) != CYAML_OK)
        error = -EINVAL;
    if (error == -ENOMEM)
        snprintf(message, message_bytes, "%s: out of memory", path);
    return error;
}

void schema_file_deinit(struct schema_file *file)
{
    cyaml_config_t config = configuration(NULL);

    if (file->suite != NULL)
        cyaml_free(&config, &schema_suite, file->suite, 0);
    free(file->text);
    free(file->lines);
    memset(file, 0, sizeof *file);
}

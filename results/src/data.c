/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data.h"

#define SQL_ENDING ".sql"

void data_message(char *message, size_t message_bytes, const char *format, ...)
{
    if (message == NULL || message_bytes == 0)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, message_bytes, format, arguments);
    va_end(arguments);
}

/* A program lies in PREFIX/bin, its data in PREFIX/share/pmacrash, wherever PREFIX is now; a build
 * tree is laid out alike. */
static void data_beside_program(char *directory)
{
    char program[PATH_MAX], data[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);

    program[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(program, '/');
    if (slash != NULL)
        *slash = '\0';
    int needed = snprintf(data, sizeof data, "%s/../share/pmacrash", program);
    /* What is not there keeps this name, for the message that will say so. */
    if ((size_t)needed >= sizeof data || realpath(data, directory) == NULL)
        snprintf(directory, PATH_MAX, "%s", data);
}

const char *results_data_directory(void)
{
    static _Thread_local char directory[PATH_MAX];
    const char *chosen = getenv("PMACRASH_DATA");

    if (chosen != NULL && chosen[0] != '\0')
        return chosen;
    data_beside_program(directory);
    return directory;
}

static int read_all(FILE *file, char **text)
{
    size_t used = 0, capacity = 4096;
    char *bytes = malloc(capacity);

    while (bytes != NULL) {
        used += fread(bytes + used, 1, capacity - used - 1, file);
        if (used < capacity - 1)
            break;
        char *grown = realloc(bytes, capacity *= 2);
        if (grown == NULL)
            free(bytes);
        bytes = grown;
    }
    if (bytes == NULL)
        return -ENOMEM;
    if (ferror(file)) {
        free(bytes);
        return -EIO;
    }
    bytes[used] = '\0';
    *text = bytes;
    return 0;
}

static int make_path(char *path, const char *folder, const char *name)
{
    int needed = snprintf(path, PATH_MAX, "%s/%s/%s", results_data_directory(), folder, name);

    return needed < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static void say_unreadable(char *message, size_t message_bytes, const char *path, int error)
{
    data_message(message, message_bytes,
                 "%s: %s; PMACRASH_DATA names the directory that holds sql, queries and invariants",
                 path, strerror(-error));
}

int data_read(const char *folder, const char *name, char **text, char *message,
              size_t message_bytes)
{
    char path[PATH_MAX];
    FILE *file = NULL;
    int error = make_path(path, folder, name);

    if (error == 0) {
        file = fopen(path, "re");
        error = file == NULL ? -errno : read_all(file, text);
    }
    if (error != 0)
        say_unreadable(message, message_bytes, path, error);
    if (file != NULL)
        fclose(file);
    return error;
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/*
 * The first sentence of the comment that opens a file, lines joined. It ends at a full stop before
 * white space, or with the comment. The line that names the licence does not count.
 */
static char *first_sentence(const char *text)
{
    size_t used = 0;
    char *sentence = malloc(strlen(text) + 1);

    if (sentence == NULL)
        return NULL;
    for (const char *line = text; strncmp(line, "--", 2) == 0;) {
        const char *words = skip_blanks(line + 2);
        size_t length = strcspn(words, "\n");
        line = words + length + (words[length] == '\n');
        if (strncmp(words, "SPDX-", 5) == 0)
            continue;
        if (used > 0)
            sentence[used++] = ' ';
        for (size_t i = 0; i < length; i++) {
            sentence[used++] = words[i];
            if (words[i] == '.' && (i + 1 == length || isspace((unsigned char)words[i + 1])))
                goto ended;
        }
    }
ended:
    sentence[used] = '\0';
    return sentence;
}

static bool is_sql_file(const char *name)
{
    size_t length = strlen(name), ending = strlen(SQL_ENDING);

    return name[0] != '.' && length > ending && strcmp(name + length - ending, SQL_ENDING) == 0;
}

static int add_entry(struct results_entry **entries, size_t *count, const char *folder,
                     const char *file, char *message, size_t message_bytes)
{
    char *text = NULL;
    struct results_entry *grown = realloc(*entries, (*count + 1) * sizeof **entries);
    int error = grown == NULL ? -ENOMEM : 0;

    if (grown != NULL)
        *entries = grown;
    if (error == 0)
        error = data_read(folder, file, &text, message, message_bytes);
    if (error == 0) {
        struct results_entry entry = {.name = strndup(file, strlen(file) - strlen(SQL_ENDING)),
                                      .description = first_sentence(text)};
        (*entries)[(*count)++] = entry;
        if (entry.name == NULL || entry.description == NULL)
            error = -ENOMEM;
    }
    free(text);
    return error;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct results_entry *)a)->name, ((const struct results_entry *)b)->name);
}

int data_list(const char *folder, struct results_entry **entries, size_t *count, char *message,
              size_t message_bytes)
{
    char path[PATH_MAX];
    struct results_entry *found = NULL;
    size_t found_count = 0;
    DIR *directory = NULL;
    int error = make_path(path, folder, "");

    if (error == 0) {
        directory = opendir(path);
        error = directory == NULL ? -errno : 0;
    }
    if (error != 0) {
        say_unreadable(message, message_bytes, path, error);
        return error;
    }
    for (struct dirent *file; error == 0 && (file = readdir(directory)) != NULL;)
        if (is_sql_file(file->d_name))
            error = add_entry(&found, &found_count, folder, file->d_name, message, message_bytes);
    closedir(directory);
    if (error != 0) {
        results_list_free(found, found_count);
        return error;
    }
    if (found_count > 0)
        qsort(found, found_count, sizeof *found, by_name);
    *entries = found;
    *count = found_count;
    return 0;
}

int results_list_queries(struct results_entry **entries, size_t *count)
{
    return data_list("queries", entries, count, NULL, 0);
}

int results_list_invariants(struct results_entry **entries, size_t *count)
{
    return data_list("invariants", entries, count, NULL, 0);
}

void results_list_free(struct results_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(entries[i].name);
        free(entries[i].description);
    }
    free(entries);
}

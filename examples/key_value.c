/* SPDX-License-Identifier: MIT */
/*
 * A key-value store: a hash table of plain C structs on the persistent heap.
 *
 *     key_value FILE set KEY VALUE      durable when the command returns
 *     key_value FILE delete KEY
 *     key_value FILE get KEY            these two read a view: they work while another process
 * writes, key_value FILE list               and see whole snapshots only
 *
 * The table needs no format of its own, no log and no recovery code: pointers stay true because
 * the arena comes back at the same address, and a snapshot takes heap and table together.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <pma/heap.h>

enum { ROOT_TABLE, BUCKETS = 1024 };

struct entry {
    struct entry *next;
    char *value; /* on the heap, like the entry */
    char key[];
};

struct table {
    uint64_t count;
    struct entry *buckets[BUCKETS];
};

static size_t bucket_of(const char *key)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * UINT64_C(1099511628211);
    return hash % BUCKETS;
}

static int find_table(pma_t *arena, struct table **table)
{
    uint64_t address;
    void *fresh;
    int result = pma_root(arena, ROOT_TABLE, &address);

    if (!result && !address) {
        result = pma_calloc(arena, 1, sizeof(struct table), &fresh);
        address = (uint64_t)(uintptr_t)fresh;
        if (!result)
            result = pma_set_root(arena, ROOT_TABLE, address);
    }
    if (!result)
        *table = (struct table *)(uintptr_t)address;
    return result;
}

/* The link that leads to the entry of `key`, or to the end of its chain. */
static struct entry **find_link(struct table *table, const char *key)
{
    struct entry **link = &table->buckets[bucket_of(key)];

    while (*link && strcmp((*link)->key, key) != 0)
        link = &(*link)->next;
    return link;
}

static int copy_text(pma_t *arena, const char *text, char **copy)
{
    void *memory;
    int result = pma_malloc(arena, strlen(text) + 1, &memory);

    if (!result)
        *copy = strcpy(memory, text);
    return result;
}

static int set(pma_t *arena, struct table *table, const char *key, const char *value)
{
    struct entry **link = find_link(table, key), *entry = *link;
    void *memory;
    char *copy, *old;
    int result = copy_text(arena, value, &copy);

    if (result)
        return result;
    if (entry) {
        old = entry->value;
        entry->value = copy;
        return pma_free(arena, old);
    }
    result = pma_malloc(arena, sizeof(*entry) + strlen(key) + 1, &memory);
    if (result) {
        pma_free(arena, copy);
        return result;
    }
    entry = memory;
    entry->next = NULL;
    entry->value = copy;
    strcpy(entry->key, key);
    *link = entry;
    table->count++;
    return 0;
}

static int delete (pma_t *arena, struct table *table, const char *key)
{
    struct entry **link = find_link(table, key), *entry = *link;
    int result;

    if (!entry)
        return -ENOENT;
    *link = entry->next;
    table->count--;
    result = pma_free(arena, entry->value);
    return result ? result : pma_free(arena, entry);
}

static int change(const char *path, char **words, int count)
{
    struct pma_error error = {0};
    struct pma_stat stat;
    struct table *table;
    pma_t *arena;
    int result = pma_open(path, NULL, &arena, &error);

    if (result == -ENOENT)
        result = pma_create(path, NULL, &arena, &error);
    if (result) {
        fprintf(stderr, "key_value: %s\n", error.text);
        return 1;
    }
    result = find_table(arena, &table);
    if (!result)
        result =
            count == 3 ? set(arena, table, words[1], words[2]) : delete (arena, table, words[1]);
    if (result == -ENOENT) {
        fprintf(stderr, "key_value: no key '%s'\n", words[1]);
        goto close;
    }
    if (!result)
        result = pma_stat(arena, &stat);
    /* All or nothing: without this call, the next open shows the table as it was. */
    if (!result)
        result = pma_snapshot(arena, stat.event + 1);
    if (result)
        fprintf(stderr, "key_value: %s\n", pma_last_error(arena));

close:
    pma_close(arena);
    return result ? 1 : 0;
}

/* Prints the value of `key`, or all pairs if it is NULL; how many there were. */
static int print(const pma_t *view, const struct table *table, const char *key)
{
    const struct entry *entry;
    int printed = 0;

    for (size_t i = 0; table && i < BUCKETS; i++) {
        for (entry = table->buckets[i]; entry; entry = entry->next) {
            /* Pointers hold the addresses that the writer sees; the view may lie elsewhere. */
            entry = pma_view_ptr(view, entry);
            if (key && strcmp(entry->key, key) != 0)
                continue;
            if (!key)
                printf("%s\t", entry->key);
            puts(pma_view_ptr(view, entry->value));
            printed++;
        }
    }
    return printed;
}

static int show(const char *path, const char *key)
{
    struct pma_error error = {0};
    uint64_t address;
    pma_t *view;
    int printed = 0, result = pma_view_open(path, NULL, &view, &error);

    if (result) {
        fprintf(stderr, "key_value: %s\n", error.text);
        return 1;
    }
    result = pma_root(view, ROOT_TABLE, &address);
    if (!result && address)
        printed = print(view, pma_view_ptr(view, (void *)(uintptr_t)address), key);
    pma_close(view);
    if (key && printed == 0)
        fprintf(stderr, "key_value: no key '%s'\n", key);
    return key && printed == 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
    const char *command = argc > 2 ? argv[2] : "";

    if ((argc == 5 && strcmp(command, "set") == 0) || (argc == 4 && strcmp(command, "delete") == 0))
        return change(argv[1], argv + 2, argc - 2);
    if (argc == 4 && strcmp(command, "get") == 0)
        return show(argv[1], argv[3]);
    if (argc == 3 && strcmp(command, "list") == 0)
        return show(argv[1], NULL);
    fprintf(stderr, "usage: key_value FILE set KEY VALUE | delete KEY | get KEY | list\n");
    return 2;
}

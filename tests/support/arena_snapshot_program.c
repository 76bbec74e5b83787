/* SPDX-License-Identifier: MIT */
/*
 * For fault injection from outside: makes an arena at the path given, says "ready", waits for the
 * end of its input, takes a snapshot and says how that went.
 */
#include <stdio.h>
#include <string.h>

#include <pma/pma.h>

int main(int argc, char **argv)
{
    struct pma_error error;
    pma_t *arena;
    void *page;

    if (argc != 2) {
        fprintf(stderr, "usage: %s FILE\n", argv[0]);
        return 2;
    }
    if (pma_create(argv[1], NULL, &arena, &error)) {
        printf("%s\n", error.text);
        return 1;
    }
    if (pma_pages_alloc(arena, 1, 0, &page)) {
        printf("%s\n", pma_last_error(arena));
        return 1;
    }
    strcpy(page, "hello");
    printf("ready\n");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    if (pma_snapshot(arena, 1)) {
        printf("%s\n", pma_last_error(arena));
        return 1;
    }
    printf("snapshot taken\n");
    return pma_close(arena) ? 1 : 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * Files of a directory as pages of an arena. A file takes a page for its header and as many as its
 * bytes need; the headers are chained from the last one back, and roots say where it is.
 */
#ifndef INGEST_H
#define INGEST_H

#include <stddef.h>
#include <stdint.h>

enum {
    INGEST_ROOT_LAST,  /* page of the last file's header, plus 1; 0 = no file */
    INGEST_ROOT_COUNT, /* how many files */
};

struct ingest_header {
    uint64_t bytes;    /* length of the file */
    uint64_t previous; /* page of the header before, plus 1; 0 = this is the first */
    char name[256];
};

struct ingest_file {
    char *name;
    unsigned char *bytes;   /* whole pages, zeros after the end */
    uint64_t length, pages; /* pages of content, without the header */
};

struct ingest_files {
    struct ingest_file *files;
    size_t count;
};

/* Reads the regular files of a directory, sorted by name, at most `most` (0 = all). 0 or a negated
 * errno and a sentence. */
int ingest_read(const char *directory, uint64_t most, struct ingest_files *files, char *message,
                size_t message_bytes);
void ingest_files_deinit(struct ingest_files *files);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * libc's calls that open a file below the names that are wrapped: streams, and files with made-up
 * names. A stream of a file that concerns the backend reads and writes by functions that come back
 * to the wrapped calls. Streams of anything else are libc's own.
 */
#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS
#include "entry.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* glibc's own, below what is wrapped here. */
FILE *libc_fopen(const char *path, const char *mode) __asm__("_IO_fopen");
FILE *libc_fdopen(int fd, const char *mode) __asm__("_IO_fdopen");

enum { STREAM_BYTES = 4096 }; /* as libc has it for files: what one write of a stream is */

struct stream {
    int fd;
    FILE *file;
    struct stream *next;
    char buffer[STREAM_BYTES];
};

/* Those that are open, for calls that are given a stream. */
static struct stream *streams;
static pthread_mutex_t streams_lock = PTHREAD_MUTEX_INITIALIZER;

static void streams_add(struct stream *stream)
{
    pthread_mutex_lock(&streams_lock);
    stream->next = streams;
    streams = stream;
    pthread_mutex_unlock(&streams_lock);
}

static void streams_remove(const struct stream *stream)
{
    struct stream **link = &streams;

    pthread_mutex_lock(&streams_lock);
    while (*link != NULL && *link != stream)
        link = &(*link)->next;
    if (*link != NULL)
        *link = stream->next;
    pthread_mutex_unlock(&streams_lock);
}

/* NULL: it is libc's. */
static struct stream *stream_of(const FILE *file)
{
    struct stream *found;

    pthread_mutex_lock(&streams_lock);
    found = streams;
    while (found != NULL && found->file != file)
        found = found->next;
    pthread_mutex_unlock(&streams_lock);
    return found;
}

static ssize_t stream_read(void *cookie, char *bytes, size_t count)
{
    return read(((struct stream *)cookie)->fd, bytes, count);
}

/* What libc expects of an error is a count that is too small. */
static ssize_t stream_write(void *cookie, const char *bytes, size_t count)
{
    size_t written = 0;

    while (written < count) {
        ssize_t result = write(((struct stream *)cookie)->fd, bytes + written, count - written);
        if (result <= 0)
            break;
        written += (size_t)result;
    }
    return (ssize_t)written;
}

static int stream_seek(void *cookie, off64_t *offset, int whence)
{
    off_t result = lseek(((struct stream *)cookie)->fd, *offset, whence);

    if (result >= 0)
        *offset = result;
    return result < 0 ? -1 : 0;
}

static int stream_close(void *cookie)
{
    int result = close(((struct stream *)cookie)->fd);

    streams_remove(cookie);
    free(cookie);
    return result;
}

/* Whether it may be read and written is the descriptor's to say, which freopen changes. */
static FILE *stream_on(int fd, const char *mode)
{
    const cookie_io_functions_t functions = {
        .read = stream_read, .write = stream_write, .seek = stream_seek, .close = stream_close};
    struct stream *stream;
    FILE *file;

    if (!entry_concerns(fd))
        return libc_fdopen(fd, mode);
    stream = malloc(sizeof(*stream));
    file = stream ? fopencookie(stream, "r+", functions) : NULL;
    if (!file) {
        free(stream);
        return NULL;
    }
    stream->fd = fd;
    stream->file = file;
    streams_add(stream);
    file->_fileno = fd; /* which fileno returns; nothing else looks at it in such a stream */
    setvbuf(file, stream->buffer, _IOFBF, sizeof(stream->buffer));
    return file;
}

/* The flags of a mode, or -1 if it is libc's to refuse or to do more with. */
static int flags_of_mode(const char *mode)
{
    const int access = strchr(mode, '+') ? O_RDWR : mode[0] == 'r' ? O_RDONLY : O_WRONLY;
    const int makes = mode[0] == 'w' ? O_CREAT | O_TRUNC : mode[0] == 'a' ? O_CREAT | O_APPEND : 0;

    if (mode[0] == '\0' || !strchr("rwa", mode[0]) || strchr(mode, ','))
        return -1;
    return access | makes | (strchr(mode, 'x') ? O_EXCL : 0) | (strchr(mode, 'e') ? O_CLOEXEC : 0);
}

/* Opens a name that was not there before, made of the template's X's. */
static int open_new(char *template, int suffix_bytes, int flags)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
    enum { LETTERS = 6, ATTEMPTS = 1000 };
    const long at = (long)strlen(template) - suffix_bytes - LETTERS;
    int fd = -1;

    if (suffix_bytes < 0 || at < 0 || strncmp(template + at, "XXXXXX", LETTERS) != 0) {
        errno = EINVAL;
        return -1;
    }
    for (int i = 0; i < ATTEMPTS && fd == -1; i++) {
        unsigned char drawn[LETTERS];
        if (getrandom(drawn, sizeof(drawn), 0) != sizeof(drawn))
            return -1;
        for (int j = 0; j < LETTERS; j++)
            template[at + j] = letters[drawn[j] % (sizeof(letters) - 1)];
        fd = open(template, (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL, 0600);
        if (fd == -1 && errno != EEXIST)
            break;
    }
    return fd;
}

/* One of ours stays what it is to the program, but for the file behind it. */
static FILE *reopen(struct stream *stream, const char *path, const char *mode)
{
    FILE *file = stream->file;
    int fd;

    fseeko(file, 0, SEEK_SET); /* what was written goes to the old file, what was read goes */
    fd = open(path, flags_of_mode(mode), 0666);
    if (fd == -1) {
        int kept = errno;
        fclose(file);
        errno = kept;
        return NULL;
    }
    close(stream->fd);
    stream->fd = file->_fileno = fd;
    clearerr(file);
    if (mode[0] == 'a')
        fseeko(file, 0, SEEK_END);
    return file;
}

/* libc's stream cannot become one of ours. It is left as it is, on a file that is no longer there
 * for it, and the program given another, also by the names of the standard streams. */
static FILE *replace(FILE *file, int fd, const char *mode)
{
    int number = fileno(file);
    FILE *ours;

    fflush(file);
    if (number != -1 && dup2(fd, number) == number) {
        close(fd);
        fd = number;
    }
    ours = stream_on(fd, mode);
    if (ours == NULL)
        return NULL;
    if (file == stdin)
        stdin = ours;
    if (file == stdout)
        stdout = ours;
    if (file == stderr)
        stderr = ours;
    return ours;
}

#pragma GCC visibility push(default)

FILE *fopen(const char *restrict path, const char *restrict mode)
{
    const int flags = flags_of_mode(mode);
    FILE *file;
    int fd;

    if (flags == -1 || !entry_concerns_any())
        return libc_fopen(path, mode);
    fd = open(path, flags, 0666);
    if (fd == -1)
        return NULL;
    if (mode[0] == 'a')
        lseek(fd, 0, SEEK_END);
    file = stream_on(fd, mode);
    if (!file) {
        int kept = errno;
        close(fd);
        errno = kept;
    }
    return file;
}

FILE *fopen64(const char *restrict path, const char *restrict mode) __attribute__((alias("fopen")));

FILE *fdopen(int fd, const char *mode)
{
    const int flags = flags_of_mode(mode);
    const int now = flags == -1 || !entry_concerns(fd) ? -1 : fcntl(fd, F_GETFL);

    if (now == -1)
        return libc_fdopen(fd, mode);
    if ((now & O_ACCMODE) != O_RDWR && (now & O_ACCMODE) != (flags & O_ACCMODE)) {
        errno = EINVAL;
        return NULL;
    }
    if (flags & O_APPEND && !(now & O_APPEND) && fcntl(fd, F_SETFL, (long)now | O_APPEND) == -1)
        return NULL;
    return stream_on(fd, mode);
}

FILE *freopen(const char *restrict path, const char *restrict mode, FILE *restrict file)
{
    struct stream *stream = stream_of(file);
    const int flags = flags_of_mode(mode);
    char same[40];
    int fd;

    if (stream != NULL && flags == -1) {
        fclose(file);
        errno = EINVAL;
        return NULL;
    }
    if (stream != NULL) {
        snprintf(same, sizeof(same), "/proc/self/fd/%d", stream->fd);
        return reopen(stream, path != NULL ? path : same, mode);
    }
    if (flags == -1 || path == NULL || !entry_concerns_any())
        return LIBC(freopen)(path, mode, file);
    fd = open(path, flags, 0666);
    if (fd == -1 || entry_concerns(fd))
        return fd == -1 ? LIBC(freopen)(path, mode, file) : replace(file, fd, mode);
    /* It is there now, if it was not. */
    const char again[] = {mode[0], strchr(mode, '+') ? '+' : '\0', '\0'};
    close(fd);
    return LIBC(freopen)(path, again, file);
}

FILE *freopen64(const char *restrict path, const char *restrict mode, FILE *restrict file)
    __attribute__((alias("freopen")));

int vdprintf(int fd, const char *restrict format, va_list arguments)
{
    char *text;
    const int length = vasprintf(&text, format, arguments);
    ssize_t result = length;

    for (int at = 0; at < length && result > 0; at += (int)result)
        result = write(fd, text + at, (size_t)(length - at));
    if (length >= 0)
        free(text);
    return length < 0 || result < 0 ? -1 : length;
}

int dprintf(int fd, const char *restrict format, ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = vdprintf(fd, format, arguments);
    va_end(arguments);
    return result;
}

int mkostemps(char *template, int suffix_bytes, int flags)
{
    return open_new(template, suffix_bytes, flags);
}

int mkstemps(char *template, int suffix_bytes)
{
    return open_new(template, suffix_bytes, 0);
}

int mkostemp(char *template, int flags)
{
    return open_new(template, 0, flags);
}

int mkstemp(char *template)
{
    return open_new(template, 0, 0);
}

int mkostemps64(char *template, int suffix_bytes, int flags) __attribute__((alias("mkostemps")));
int mkstemps64(char *template, int suffix_bytes) __attribute__((alias("mkstemps")));
int mkostemp64(char *template, int flags) __attribute__((alias("mkostemp")));
int mkstemp64(char *template) __attribute__((alias("mkstemp")));

#pragma GCC visibility pop

/* SPDX-License-Identifier: MIT */
/*
 * POSIX asynchronous I/O. libc has threads of its own make the calls, below the names that are
 * wrapped and in no order that a trace could tell. Files that concern a backend have none, as POSIX
 * allows: a store then falls back to ordinary calls, or says that it cannot. Reads are answered at
 * once, as far as nobody is to be told of their end.
 */
#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS
#include "entry.h"

#include <aio.h>
#include <stddef.h>
#include <unistd.h>

static int refuse(struct aiocb *request)
{
    request->__error_code = ENOSYS;
    request->__return_value = -1;
    errno = ENOSYS;
    return -1;
}

/* Nobody is to be told of its end; a request of zeros asks for signal 0. */
static bool is_quiet(const struct sigevent *event)
{
    return event->sigev_notify == SIGEV_NONE ||
           (event->sigev_notify == SIGEV_SIGNAL && event->sigev_signo == 0);
}

static int read_now(struct aiocb *request)
{
    void *bytes = (void *)(uintptr_t)request->aio_buf;

    request->__return_value =
        pread(request->aio_fildes, bytes, request->aio_nbytes, request->aio_offset);
    request->__error_code = request->__return_value < 0 ? errno : 0;
    return 0;
}

static bool concerns_list(struct aiocb *const *list, int count)
{
    for (int i = 0; i < count; i++)
        if (list[i] != NULL && entry_concerns(list[i]->aio_fildes))
            return true;
    return false;
}

#pragma GCC visibility push(default)

int aio_read(struct aiocb *request)
{
    if (!entry_concerns(request->aio_fildes))
        return LIBC(aio_read)(request);
    return is_quiet(&request->aio_sigevent) ? read_now(request) : refuse(request);
}

int aio_write(struct aiocb *request)
{
    return entry_concerns(request->aio_fildes) ? refuse(request) : LIBC(aio_write)(request);
}

int aio_fsync(int how, struct aiocb *request)
{
    return entry_concerns(request->aio_fildes) ? refuse(request) : LIBC(aio_fsync)(how, request);
}

int lio_listio(int mode, struct aiocb *const list[restrict], int count,
               struct sigevent *restrict notice)
{
    if (!concerns_list(list, count))
        return LIBC(lio_listio)(mode, list, count, notice);
    for (int i = 0; i < count; i++)
        if (list[i] != NULL)
            refuse(list[i]);
    return -1;
}

int aio_read64(struct aiocb64 *request) __attribute__((alias("aio_read")));
int aio_write64(struct aiocb64 *request) __attribute__((alias("aio_write")));
int aio_fsync64(int how, struct aiocb64 *request) __attribute__((alias("aio_fsync")));
int lio_listio64(int mode, struct aiocb64 *const list[restrict], int count,
                 struct sigevent *restrict notice) __attribute__((alias("lio_listio")));

#pragma GCC visibility pop

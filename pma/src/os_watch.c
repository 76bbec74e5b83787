/* SPDX-License-Identifier: MIT */
#include "os_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <pma/pma.h>

/* What Linux 6.7 added, since headers may be older than the kernel. Numbers are the kernel's. */
enum { ASYNCHRONOUS = 1 << 15, ALSO_UNPOPULATED = 1 << 13 }; /* features of UFFDIO_API */
enum { IS_WRITTEN = 1 << 1 };                                /* categories of a page */
enum { ARM_FOUND = 1 << 0, REFUSE_UNWATCHED = 1 << 1 };      /* flags of a scan */

struct scan_region {
    uint64_t start, end, categories;
};

struct scan_request {
    uint64_t size, flags, start, end, stopped_at, regions, region_count, most_pages;
    uint64_t inverted, all_of, any_of, reported;
};
#define SCAN_PAGES _IOWR('f', 16, struct scan_request)

#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

static int scan(const struct os_watch *watch, struct scan_request *request)
{
    int count;

    do
        count = ioctl(watch->pages, SCAN_PAGES, request);
    while (count < 0 && errno == EINTR);
    return count < 0 ? -errno : count;
}

static int open_both(struct os_watch *watch)
{
    struct uffdio_api api = {.api = UFFD_API, .features = ASYNCHRONOUS | ALSO_UNPOPULATED};
    struct scan_request nothing = {.size = sizeof(nothing), .all_of = IS_WRITTEN};
    int result;

    watch->pages = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    if (watch->pages < 0)
        return -errno;
    watch->faults = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
    result = watch->faults < 0 ? -errno : 0;
    if (!result)
        watch->open = true;
    if (!result && ioctl(watch->faults, UFFDIO_API, &api) < 0)
        result = -errno;
    if (!result)
        result = scan(watch, &nothing);
    if (result && watch->open)
        os_watch_close(watch);
    else if (result)
        close(watch->pages);
    return result;
}

int os_watch_open(struct os_watch *watch, enum fault_point point)
{
    static const int missing[] = {ENOSYS, EINVAL, ENOTTY, EPERM, EACCES, ENOENT};
    int hit = fault_hit(point);
    int result = hit < 0 ? hit : open_both(watch);

    for (size_t i = 0; i < sizeof(missing) / sizeof(*missing); i++) {
        if (result == -missing[i])
            return -EOPNOTSUPP;
    }
    return result;
}

void os_watch_close(struct os_watch *watch)
{
    if (!watch->open)
        return;
    close(watch->faults);
    close(watch->pages);
    watch->open = false;
}

static int protect(const struct os_watch *watch, void *address, size_t bytes, uint64_t mode)
{
    struct uffdio_writeprotect request = {.range = {(uintptr_t)address, bytes}, .mode = mode};
    int result;

    do
        result = ioctl(watch->faults, UFFDIO_WRITEPROTECT, &request);
    while (result < 0 && (errno == EAGAIN || errno == EINTR));
    return result < 0 ? -errno : 0;
}

int os_watch_arm(const struct os_watch *watch, void *address, size_t bytes, enum fault_point point)
{
    struct uffdio_register request = {.range = {(uintptr_t)address, bytes},
                                      .mode = UFFDIO_REGISTER_MODE_WP};
    int hit = fault_hit(point);

    if (hit < 0)
        return hit;
    /* A store to a huge page would be noted of all of it. */
    madvise(address, bytes, MADV_NOHUGEPAGE);
    if (ioctl(watch->faults, UFFDIO_REGISTER, &request) < 0)
        return -errno;
    return protect(watch, address, bytes, UFFDIO_WRITEPROTECT_MODE_WP);
}

int os_watch_mark(const struct os_watch *watch, void *address, size_t bytes)
{
    return protect(watch, address, bytes, 0);
}

int os_watch_scan(const struct os_watch *watch, uintptr_t *at, uintptr_t end, size_t most,
                  struct os_run *runs, size_t capacity, enum fault_point point)
{
    enum { REGIONS = 128 };
    struct scan_region regions[REGIONS];
    /* Fast in the kernel only with exactly these two masks. */
    struct scan_request request = {.size = sizeof(request),
                                   .flags = ARM_FOUND | REFUSE_UNWATCHED,
                                   .start = *at,
                                   .end = end,
                                   .regions = (uintptr_t)regions,
                                   .region_count = capacity < REGIONS ? capacity : REGIONS,
                                   .most_pages = most,
                                   .all_of = IS_WRITTEN,
                                   .reported = IS_WRITTEN};
    int hit = fault_hit(point), count;

    if (hit < 0)
        return hit;
    count = scan(watch, &request);
    if (count < 0)
        return count;
    for (int i = 0; i < count; i++)
        runs[i] = (struct os_run){regions[i].start, regions[i].end};
    *at = request.stopped_at;
    return count;
}

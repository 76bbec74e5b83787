/* SPDX-License-Identifier: MIT */
#include "loop_ext4.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "loop_device.h"
#include "run_program.h"

static int give_up(struct loop_ext4 *loop, const char *what)
{
    const int error = errno ? errno : EIO;

    snprintf(loop->reason, sizeof(loop->reason), "%s: %s", what, strerror(error));
    return -error;
}

/* Everything is written now that a new file system would else write in the background, later. */
static int format(const char *path)
{
    return run_program((const char *const[]){"mkfs.ext4", "-q", "-F", "-E",
                                             "lazy_itable_init=0,lazy_journal_init=0,nodiscard",
                                             path, NULL});
}

static int make_image(struct loop_ext4 *loop, uint64_t bytes)
{
    const char *parent = getenv("TMPDIR");
    char path[256];
    int image, formatted;

    snprintf(path, sizeof(path), "%s/loop-ext4-XXXXXX", parent ? parent : "/tmp");
    image = mkostemp(path, O_CLOEXEC);
    if (image < 0)
        return give_up(loop, "a file for the file system");
    formatted = ftruncate(image, (off_t)bytes) ? -errno : format(path);
    unlink(path);
    if (!formatted)
        return image;
    close(image);
    errno = -formatted;
    return give_up(loop, "mkfs.ext4");
}

static int mount_detached(struct loop_ext4 *loop, const char *device)
{
    char place[] = "/tmp/loop-ext4-XXXXXX";
    int result = 0;

    if (!mkdtemp(place))
        return give_up(loop, "a directory to mount at");
    if (mount(device, place, "ext4", MS_NOATIME, NULL))
        result = give_up(loop, "mount of an ext4 file system");
    if (!result) {
        loop->root = open(place, O_RDONLY | O_DIRECTORY);
        if (loop->root < 0)
            result = give_up(loop, "its root directory");
        umount2(place, MNT_DETACH);
    }
    rmdir(place);
    if (result)
        return result;
    snprintf(loop->directory, sizeof(loop->directory), "/proc/self/fd/%d", loop->root);
    return 0;
}

int loop_ext4_open(struct loop_ext4 *loop, uint64_t bytes)
{
    struct loop_device device;
    int image, result;

    *loop = (struct loop_ext4){.root = -1};
    image = make_image(loop, bytes);
    if (image < 0)
        return image;
    result = loop_device_attach(&device, image, 0, 0);
    close(image);
    errno = -result;
    if (result)
        return give_up(loop, "a loop device");
    loop->device = device.number;
    result = mount_detached(loop, device.path);
    close(device.opened);
    return result;
}

void loop_ext4_close(struct loop_ext4 *loop)
{
    if (loop->root >= 0)
        close(loop->root);
    loop->root = -1;
}

void loop_ext4_settle(const struct loop_ext4 *loop)
{
    syncfs(loop->root);
}

uint64_t loop_ext4_written(const struct loop_ext4 *loop)
{
    enum { SECTOR = 512 };
    unsigned long long sectors = 0;
    char path[64];
    FILE *file;

    snprintf(path, sizeof(path), "/sys/block/loop%u/stat", loop->device);
    file = fopen(path, "r");
    if (!file)
        return 0;
    if (fscanf(file, "%*u %*u %*u %*u %*u %*u %llu", &sectors) != 1)
        sectors = 0;
    fclose(file);
    return sectors * SECTOR;
}

/* SPDX-License-Identifier: MIT */
#include "logged_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "run_program.h"

#define LOG_BYTES (INT64_C(1) << 34) /* sparse */

/* Small, so that they are formatted, mounted and looked through quickly; nothing is left to be
 * written in the background later. With these variables mkfs.xfs makes one of a size that it
 * otherwise refuses. */
static const char *const make_ext4[] = {"mkfs.ext4",
                                        "-q",
                                        "-F",
                                        "-b",
                                        "4096",
                                        "-N",
                                        "64",
                                        "-J",
                                        "size=4",
                                        "-E",
                                        "lazy_itable_init=0,lazy_journal_init=0,nodiscard",
                                        NULL};
static const char *const make_xfs[] = {
    "env", "TEST_DIR=/", "TEST_DEV=/", "QA_CHECK_FS=1", "mkfs.xfs", "-f", "-q", "-K",
    "-s",  "size=4096",  "-d",         "agcount=1",     NULL};

static const struct disk_format formats[] = {{"ext4", make_ext4}, {"xfs", make_xfs}};

const struct disk_format *disk_format_named(const char *name)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

static int give_up(struct logged_disk *disk, const char *what, int error)
{
    snprintf(disk->reason, sizeof disk->reason, "%s: %s", what, strerror(-error));
    return error;
}

static int make_file(const struct logged_disk *disk, const char *name, int64_t bytes)
{
    char path[96];
    snprintf(path, sizeof path, "%s/%s", disk->place, name);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int error = fd < 0 || ftruncate(fd, bytes) < 0 ? -errno : 0;
    if (fd >= 0)
        close(fd);
    return error;
}

static int read_pid(const struct logged_disk *disk, pid_t *pid)
{
    char path[96];
    snprintf(path, sizeof path, "%s/pid", disk->place);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return -errno;
    int found = fscanf(file, "%d", pid);
    fclose(file);
    return found == 1 ? 0 : -EIO;
}

/* When it has gone to the background, the file in FUSE is there. */
static int start_daemon(struct logged_disk *disk)
{
    char pidfile[96], data[192], log[192], export[256];
    snprintf(pidfile, sizeof pidfile, "%s/pid", disk->place);
    snprintf(data, sizeof data, "driver=file,node-name=data,filename=%s/data", disk->place);
    snprintf(log, sizeof log, "driver=file,node-name=log,filename=%s", disk->log);
    snprintf(export, sizeof export,
             "type=fuse,id=export,node-name=logged,writable=on,mountpoint=%s/disk", disk->place);
    int error = run_program((const char *const[]){
        "qemu-storage-daemon", "--daemonize", "--pidfile", pidfile, "--blockdev", data,
        "--blockdev", log, "--blockdev",
        "driver=blklogwrites,node-name=logged,file=data,log=log,log-sector-size=512", "--export",
        export, NULL});
    return error != 0 ? error : read_pid(disk, &disk->daemon);
}

/* It writes the rest of the log when it ends. */
static void stop_daemon(struct logged_disk *disk)
{
    if (disk->daemon <= 0)
        return;
    int fd = (int)syscall(SYS_pidfd_open, disk->daemon, 0);
    if (fd >= 0 && kill(disk->daemon, SIGTERM) == 0)
        poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1);
    if (fd >= 0)
        close(fd);
    disk->daemon = 0;
}

static int format_and_mount(struct logged_disk *disk, const struct disk_format *format)
{
    const char *arguments[24];
    size_t count = 0;
    while (format->make[count] != NULL) {
        arguments[count] = format->make[count];
        count++;
    }
    arguments[count++] = disk->loop.path;
    arguments[count] = NULL;
    int error = run_program(arguments);
    if (error != 0)
        return give_up(disk, "formatting the logged disk", error);
    if (mount(disk->loop.path, disk->mounted, format->name, MS_NOATIME, NULL) < 0)
        return give_up(disk, "mounting the logged disk", -errno);
    return 0;
}

int logged_disk_open(struct logged_disk *disk, const struct disk_format *format, uint64_t blocks)
{
    char exported[96];
    *disk = (struct logged_disk){
        .place = "/dev/shm/logged-disk-XXXXXX", .blocks = blocks, .beacon = -1, .loop.opened = -1};
    if (mkdtemp(disk->place) == NULL)
        return give_up(disk, disk->place, -errno);
    snprintf(disk->mounted, sizeof disk->mounted, "%s/mounted", disk->place);
    snprintf(disk->log, sizeof disk->log, "%s/log", disk->place);
    snprintf(exported, sizeof exported, "%s/disk", disk->place);
    int error = mkdir(disk->mounted, 0700) < 0 ? -errno : 0;
    if (error == 0)
        error = make_file(disk, "data", (int64_t)(blocks + 1) * DISK_BLOCK);
    if (error == 0)
        error = make_file(disk, "log", LOG_BYTES);
    if (error == 0)
        error = make_file(disk, "disk", 0);
    if (error != 0)
        return give_up(disk, disk->place, error);
    error = start_daemon(disk);
    if (error != 0)
        return give_up(disk, "qemu-storage-daemon", error);
    disk->beacon = open(exported, O_RDWR | O_CLOEXEC);
    if (disk->beacon < 0)
        return give_up(disk, exported, -errno);
    error = loop_device_attach(&disk->loop, disk->beacon, blocks * DISK_BLOCK, DISK_BLOCK);
    return error != 0 ? give_up(disk, "a loop device", error) : format_and_mount(disk, format);
}

int logged_disk_finish(struct logged_disk *disk)
{
    int error = umount(disk->mounted) < 0 ? -errno : 0;
    if (disk->loop.opened >= 0)
        close(disk->loop.opened);
    disk->loop.opened = -1;
    if (disk->beacon >= 0)
        close(disk->beacon);
    disk->beacon = -1;
    stop_daemon(disk);
    return error != 0 ? give_up(disk, "unmounting the logged disk", error) : 0;
}

void logged_disk_close(struct logged_disk *disk)
{
    static const char *const files[] = {"data", "log", "disk", "pid"};
    char path[96];
    if (disk->daemon > 0)
        logged_disk_finish(disk);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", disk->place, files[i]);
        unlink(path);
    }
    rmdir(disk->mounted);
    rmdir(disk->place);
}

/* SPDX-License-Identifier: MIT */
/*
 * The image behind calls on names. A name is decided when a call first names it, all names when the
 * directory is read. Which file a call ended up at is told by its inode, so it does not matter
 * under which name the recovery has put it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "image_state.h"

static const struct image_name *name_of(const struct image *image, const char *text)
{
    size_t low = 0, high = image->name_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(text, image->names[middle].text);
        if (order == 0)
            return &image->names[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static bool is_shown_directory(int directory, const char *path)
{
    struct stat status;
    return kernel_calls.stat(directory, path, &status, 0) == 0 &&
           status.st_dev == image_current->device && status.st_ino == image_current->inode_of_shown;
}

static const char *skip_here(const char *path)
{
    for (;;) {
        if (path[0] == '/')
            path++;
        else if (path[0] == '.' && (path[1] == '/' || path[1] == '\0'))
            path++;
        else
            return path;
    }
}

/* The same by what the path leads to, whatever links and dots there are on the way. */
static const char *inside_by_identity(int directory, const char *path)
{
    const char *slash = strrchr(path, '/');
    char parent[PATH_MAX] = ".";
    if (is_shown_directory(directory, path))
        return "";
    if (slash != NULL && (size_t)(slash - path) + 1 < sizeof parent)
        memcpy(parent, path, (size_t)(slash - path) + 1);
    if (strcmp(path, "..") == 0 || (slash != NULL && strcmp(slash, "/..") == 0) ||
        !is_shown_directory(directory, parent))
        return NULL;
    return slash != NULL ? slash + 1 : path;
}

/* The name in the image's directory that a path means, "" for the directory itself, or NULL for
 * anything elsewhere. */
static const char *inside(int directory, const char *path)
{
    const struct image *image = image_current;
    const char *name = path;
    if (path[0] == '\0')
        return NULL;
    if (path[0] == '/' && strncmp(path, image->path_of_shown, image->path_bytes) == 0 &&
        (path[image->path_bytes] == '/' || path[image->path_bytes] == '\0'))
        name = skip_here(path + image->path_bytes);
    else if (path[0] == '/' || !is_shown_directory(directory, "."))
        return inside_by_identity(directory, path);
    else
        name = skip_here(path);
    return strchr(name, '/') == NULL && strcmp(name, "..") != 0
               ? name
               : inside_by_identity(directory, path);
}

/* Makes a name refer to what it does in this run's crash state, before it is first used. */
static void settle_name(struct image *image, struct image_name *name)
{
    if (image->items[name->item].seen == image->run)
        return;
    uint64_t wanted = image_look(image, name->item);
    if (name->linked == wanted)
        return;
    int error = 0;
    if (name->linked != FSIM_NO_FILE)
        error = kernel_calls.unlink(image->shown, name->text, 0);
    if (error < 0 && error != -ENOENT)
        image_fail(image, error);
    if (wanted != FSIM_NO_FILE) {
        char backing[24];
        snprintf(backing, sizeof backing, "%llu", (unsigned long long)wanted);
        error = kernel_calls.link(image->store, backing, image->shown, name->text, 0);
        if (error < 0)
            image_fail(image, error);
    }
    name->linked = wanted;
}

/* A call names `path`; `changes`: and may make it refer to something else. */
static const char *use(int directory, const char *path, bool changes)
{
    const char *text = inside(directory, path);
    if (text == NULL || text[0] == '\0')
        return text;
    struct image_name *name = (struct image_name *)name_of(image_current, text);
    if (name == NULL) {
        image_current->strays = image_current->strays || changes;
        return text;
    }
    settle_name(image_current, name);
    if (changes)
        name->linked = HELD_UNKNOWN;
    return text;
}

/* Which of the trace's files has this inode. */
static uint32_t file_of_status(const struct image *image, const struct stat *status)
{
    for (uint32_t id = 1; status->st_dev == image->device && id <= image->file_count; id++) {
        if (image->files[id].inode == status->st_ino)
            return id;
    }
    return IMAGE_OWN_FILE;
}

static void settle_all_names(struct image *image)
{
    for (size_t i = 0; i < image->name_count; i++)
        settle_name(image, &image->names[i]);
}

/* Whoever has a descriptor of the directory may read it past us, so to open it is to look at all
 * names. */
static int open_directory(int directory, const char *path, int flags, mode_t mode)
{
    bool unnamed = (flags & O_TMPFILE) == O_TMPFILE;
    if (!unnamed)
        settle_all_names(image_current);
    return image_track(image_current, real_open(directory, path, flags, mode),
                       unnamed ? IMAGE_OWN_FILE : IMAGE_DIRECTORY);
}

static int image_open(int directory, const char *path, int flags, mode_t mode)
{
    struct image *image = image_current;
    const char *text = use(directory, path, (flags & O_CREAT) != 0);
    if (text == NULL)
        return image_track(image, real_open(directory, path, flags, mode), IMAGE_OUTSIDE);
    if (text[0] == '\0')
        return open_directory(directory, path, flags, mode);

    struct stat status;
    int fd = real_open(directory, path, flags & ~O_TRUNC, mode);
    if (fd < 0)
        return fd;
    int error = kernel_calls.stat(fd, "", &status, AT_EMPTY_PATH);
    if (error < 0) {
        real_close(fd);
        return error;
    }
    fd = image_track(image, fd, file_of_status(image, &status));
    if (fd >= 0 && (flags & O_TRUNC) != 0 && (flags & O_ACCMODE) != O_RDONLY)
        image_truncate(fd, 0);
    return fd;
}

static int image_rename(int old_directory, const char *old_path, int new_directory,
                        const char *new_path, unsigned flags)
{
    use(old_directory, old_path, true);
    use(new_directory, new_path, true);
    return kernel_calls.rename(old_directory, old_path, new_directory, new_path, flags);
}

static int image_link(int old_directory, const char *old_path, int new_directory,
                      const char *new_path, int flags)
{
    use(old_directory, old_path, false);
    use(new_directory, new_path, true);
    return kernel_calls.link(old_directory, old_path, new_directory, new_path, flags);
}

static int image_unlink(int directory, const char *path, int flags)
{
    use(directory, path, true);
    return kernel_calls.unlink(directory, path, flags);
}

static int image_stat(int directory, const char *path, struct stat *status, int flags)
{
    struct image *image = image_current;
    bool ours;
    if (path[0] == '\0' && (flags & AT_EMPTY_PATH) != 0)
        ours = image_tracked(image, directory) <= image->file_count;
    else
        ours = use(directory, path, false) != NULL;
    int result = kernel_calls.stat(directory, path, status, flags);
    if (!ours || result < 0)
        return result;
    uint32_t id = file_of_status(image, status);
    if (id > image->file_count)
        return result;
    if (image->files[id].settled != image->run) {
        image_settle(image, &image->files[id]);
        result = kernel_calls.stat(directory, path, status, flags);
    }
    status->st_nlink--; /* the backing store's own */
    return result;
}

static int image_access(int directory, const char *path, int mode, int flags)
{
    use(directory, path, false);
    return kernel_calls.access(directory, path, mode, flags);
}

static int image_list(int directory, const char *path)
{
    const char *text = path == NULL ? NULL : inside(directory, path);
    if (text != NULL && text[0] == '\0')
        settle_all_names(image_current);
    return 0;
}

/* Whether the file has a name in the directory, beside that of the backing store. */
static bool is_shown(const struct image_file *file, struct stat *status)
{
    return kernel_calls.stat(file->fd, "", status, AT_EMPTY_PATH) == 0 && status->st_nlink > 1;
}

static int image_look_around(bool contents)
{
    struct image *image = image_current;
    struct stat status;
    settle_all_names(image);
    for (uint32_t id = 1; id <= image->file_count; id++) {
        struct image_file *file = &image->files[id];
        if (!is_shown(file, &status))
            continue;
        image_settle(image, file);
        for (size_t block = 0; contents && block < image_crash_blocks(file); block++)
            image_look_block(image, id, block);
    }
    image->handed_over = image->handed_over || contents;
    return 0;
}

/* Another program had the files, and may have left them and their names in any way. */
static void take_back(struct image *image)
{
    struct stat status;
    for (uint32_t id = 1; id <= image->file_count; id++) {
        struct image_file *file = &image->files[id];
        if (kernel_calls.stat(file->fd, "", &status, AT_EMPTY_PATH) == 0)
            file->length = status.st_size;
        image_soil(file, 0, file->block_count, HELD_UNKNOWN);
    }
    for (size_t i = 0; i < image->name_count; i++)
        image->names[i].linked = HELD_UNKNOWN;
    image->strays = true;
    image->handed_over = false;
}

void image_names_backend(struct backend *backend)
{
    backend->open = image_open;
    backend->rename = image_rename;
    backend->link = image_link;
    backend->unlink = image_unlink;
    backend->stat = image_stat;
    backend->access = image_access;
    backend->list = image_list;
    backend->look_around = image_look_around;
}

/* Removes names that the recovery made and no trace knows. */
void image_names_end(struct image *image)
{
    if (image->handed_over)
        take_back(image);
    if (!image->strays)
        return;
    image->strays = false;
    DIR *directory = opendir(image->path_of_shown);
    if (directory == NULL) {
        image_fail(image, -errno);
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        bool known = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
                     name_of(image, entry->d_name) != NULL;
        if (!known)
            kernel_calls.unlink(image->shown, entry->d_name, 0);
    }
    closedir(directory);
}

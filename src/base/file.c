/* SPDX-License-Identifier: MIT */
/* Reads and maps files; makes and removes folders. */
#include "base/file.h"

#include "base/buf.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_map_open(const char *path, struct file_map *out, struct error *err)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return error_set_errno(err, ERROR_DATA, "cannot open %s", path);
    if (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return error_set(err, ERROR_DATA, "%s is not a regular file", path);
    }
    if (info.st_size == 0) {
        close(fd);
        *out = (struct file_map){.data = "", .size = 0};
        return true;
    }
    /* Most files are read from end to end, so all pages are read at once and not with a page fault
     * each. */
    void *data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    int saved = errno;
    close(fd);
    if (data == MAP_FAILED) {
        errno = saved;
        return error_set_errno(err, ERROR_SYSTEM, "cannot map %s", path);
    }
    *out = (struct file_map){.data = data, .size = (size_t)info.st_size};
    return true;
}

void file_map_close(struct file_map *map)
{
    if (map->size)
        munmap((void *)(uintptr_t)map->data, map->size);
    *map = (struct file_map){0};
}

bool file_read(const char *path, size_t max, char **out, struct error *err)
{
    struct file_map map;

    if (!file_map_copy(path, max, &map, err))
        return false;
    *out = mem_copy_n(map.data, map.size);
    file_map_close(&map);
    return true;
}

bool file_read_into(const char *path, struct buf *out, struct error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    ssize_t got = 0;

    if (fd < 0)
        return error_set_errno(err, ERROR_DATA, "cannot open %s", path);
    if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
        close(fd);
        return error_set(err, ERROR_DATA, "%s is not a regular file", path);
    }
    buf_reserve(out, out->max - out->len);
    while (out->len < out->max) {
        got = read(fd, out->data + out->len, out->max - out->len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        out->len += (size_t)got;
    }
    const int failure = errno;
    close(fd);
    out->data[out->len] = '\0';
    out->full = out->len == out->max;
    errno = failure;
    return got >= 0 || error_set_errno(err, ERROR_DATA, "cannot read %s", path);
}

bool file_make_temp_dir(const char *prefix, char **out, struct error *err)
{
    const char *base = getenv("TMPDIR");
    char *path = mem_format("%s/%s.XXXXXX", base && *base ? base : "/tmp", prefix);

    if (!mkdtemp(path)) {
        error_set_errno(err, ERROR_SYSTEM, "cannot make a folder %s", path);
        free(path);
        return false;
    }
    *out = path;
    return true;
}

bool file_make_dirs(const char *path, struct error *err)
{
    MEM_FREE_TEXT char *part = mem_copy(path);

    for (char *at = part + 1;; at++) {
        if (*at && *at != '/')
            continue;
        char here = *at;
        *at = '\0';
        if (mkdir(part, 0700) < 0 && errno != EEXIST)
            return error_set_errno(err, ERROR_SYSTEM, "cannot make the folder %s", part);
        if (!here)
            return true;
        *at = here;
    }
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *place)
{
    (void)info;
    (void)type;
    (void)place;
    remove(path);
    return 0;
}

void file_remove_tree(const char *path)
{
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

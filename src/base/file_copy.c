/* SPDX-License-Identifier: MIT */
/* Copies files that other programs may change, and pipes, which can be read only once. */
#include "base/file.h"
#include "base/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

const char *file_kind_name(unsigned mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG:
        return "a file";
    case S_IFDIR:
        return "a folder";
    case S_IFCHR:
    case S_IFBLK:
        return "a device";
    case S_IFIFO:
        return "a pipe";
    case S_IFSOCK:
        return "a socket";
    default:
        return "no file";
    }
}

static bool report_change(const char *path, struct error *err)
{
    return error_set(err, ERROR_DATA,
                     "%s changed while it was read; load it again when it is complete", path);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec && a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
           a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* Reads the file into `data`, which has room for the size in `before`. Fails if the file's size or
 * times are not those of `before` at its end. */
static bool fill(int fd, const char *path, const struct stat *before, char *data, struct error *err)
{
    const size_t size = (size_t)before->st_size;
    struct stat after;
    size_t len = 0;
    char more;

    for (;;) {
        const ssize_t got = len < size ? read(fd, data + len, size - len) : read(fd, &more, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set_errno(err, ERROR_DATA, "cannot read %s", path);
        if (got == 0)
            break;
        if (len == size)
            return report_change(path, err); /* the file grew */
        len += (size_t)got;
    }
    if (len != size || fstat(fd, &after) < 0 || !is_same(before, &after))
        return report_change(path, err);
    return true;
}

/* Copies the file into anonymous pages, so that file_map_close can end both kinds of a file_map. */
static bool copy_open_file(int fd, const char *path, size_t max, struct file_map *out,
                           struct error *err)
{
    struct stat info;

    if (fstat(fd, &info) < 0)
        return error_set_errno(err, ERROR_DATA, "cannot read %s", path);
    if (!S_ISREG(info.st_mode))
        return error_set(err, ERROR_DATA, "%s is %s, not a regular file", path,
                         file_kind_name(info.st_mode));
    const size_t size = (size_t)info.st_size;
    if (size > max)
        return error_set(err, ERROR_DATA, "%s is larger than %zu bytes", path, max);
    struct file_map map = {.data = "", .size = 0};
    if (size) {
        void *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (data == MAP_FAILED)
            return error_set_errno(err, ERROR_SYSTEM, "no memory for %s", path);
        map = (struct file_map){.data = data, .size = size};
    }
    if (!fill(fd, path, &info, (char *)(uintptr_t)map.data, err)) {
        file_map_close(&map);
        return false;
    }
    *out = map;
    return true;
}

/* Opens without blocking: to open a pipe would wait for its writer. */
bool file_map_copy(const char *path, size_t max, struct file_map *out, struct error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0)
        return error_set_errno(err, ERROR_DATA, "cannot open %s", path);
    const bool ok = copy_open_file(fd, path, max, out, err);
    close(fd);
    return ok;
}

/* Reads one piece of a pipe; *len is 0 at its end. */
static bool read_piece(int fd, const char *path, char *piece, size_t room, size_t *len,
                       struct error *err)
{
    for (;;) {
        struct pollfd wait[] = {{.fd = fd, .events = POLLIN}, {.fd = stop_fd(), .events = POLLIN}};
        if (poll(wait, 2, -1) < 0 && errno != EINTR)
            return error_set_errno(err, ERROR_SYSTEM, "cannot wait for %s", path);
        if (!stop_check(err))
            return false;
        if (!wait[0].revents)
            continue;
        const ssize_t got = read(fd, piece, room);
        if (got >= 0) {
            *len = (size_t)got;
            return true;
        }
        if (errno != EINTR && errno != EAGAIN)
            return error_set_errno(err, ERROR_DATA, "cannot read %s", path);
    }
}

static bool write_piece(int fd, const char *path, const char *piece, size_t len, struct error *err)
{
    for (size_t done = 0; done < len;) {
        const ssize_t written = write(fd, piece + done, len - done);
        if (written < 0 && errno != EINTR)
            return error_set_errno(err, ERROR_SYSTEM, "cannot write %s", path);
        done += written > 0 ? (size_t)written : 0;
    }
    return true;
}

static bool copy_pieces(int from, const char *pipe, int to, const char *path, uint64_t max,
                        struct error *err)
{
    char piece[64 * 1024];
    uint64_t total = 0;
    size_t len = 0;

    do {
        if (!read_piece(from, pipe, piece, sizeof(piece), &len, err) ||
            !write_piece(to, path, piece, len, err))
            return false;
        total += len;
        if (total > max)
            return error_set(err, ERROR_DATA, "%s gave more than %" PRIu64 " bytes", pipe, max);
    } while (len > 0);
    return true;
}

bool file_spool(const char *pipe, const char *to, uint64_t max, struct error *err)
{
    const int in = open(pipe, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = false;

    if (in < 0) {
        error_set_errno(err, ERROR_DATA, "cannot open %s", pipe);
    } else if (out < 0) {
        error_set_errno(err, ERROR_SYSTEM, "cannot make %s", to);
    } else {
        ok = copy_pieces(in, pipe, out, to, max, err);
    }
    if (out >= 0 && close(out) < 0 && ok)
        ok = error_set_errno(err, ERROR_SYSTEM, "cannot write %s", to);
    if (out >= 0 && !ok)
        unlink(to);
    if (in >= 0)
        close(in);
    return ok;
}

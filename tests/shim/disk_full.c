/* SPDX-License-Identifier: MIT */
/*
 * Simulates a full disk. Preloaded into a PostgreSQL server (LD_PRELOAD), it lets no file grow
 * while there is a file $CLUSTER_FOLDER/full.base (for tables and indexes) or full.pg_wal (for the
 * write-ahead log). As on a real disk, existing bytes can still be overwritten. It needs no mount,
 * and so no right to mount.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* Returns the function that this one replaces. POSIX allows the conversion, C does not. */
#define REAL(name)                                                                                 \
    static __typeof__(name) *real;                                                                 \
    if (!real)                                                                                     \
    *(void **)&real = dlsym(RTLD_NEXT, #name)

static int is_flagged(const char *path, const char *kind)
{
    const char *folder = getenv("CLUSTER_FOLDER");
    char within[32], flag[4096];

    snprintf(within, sizeof(within), "/%s/", kind);
    snprintf(flag, sizeof(flag), "%s/full.%s", folder ? folder : "", kind);
    return strstr(path, within) && access(flag, F_OK) == 0;
}

/* Whether the file would grow to `size` while its disk is full. */
static int is_full(int fd, off_t size)
{
    char link[32], path[4096];
    struct stat file;
    const int saved = errno;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    const ssize_t len = readlink(link, path, sizeof(path) - 1);
    path[len > 0 ? len : 0] = '\0';
    const int full = fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && size > file.st_size &&
                     (is_flagged(path, "base") || is_flagged(path, "pg_wal"));
    errno = full ? ENOSPC : saved;
    return full;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    REAL(pwrite);
    return is_full(fd, offset + (off_t)size) ? -1 : real(fd, data, size, offset);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    REAL(pwritev);
    off_t size = 0;

    for (int i = 0; i < count; i++)
        size += (off_t)parts[i].iov_len;
    return is_full(fd, offset + size) ? -1 : real(fd, parts, count, offset);
}

ssize_t write(int fd, const void *data, size_t size)
{
    REAL(write);
    const int saved = errno;
    const off_t at = lseek(fd, 0, SEEK_CUR); /* -1: not a file */

    errno = saved;
    return at >= 0 && is_full(fd, at + (off_t)size) ? -1 : real(fd, data, size);
}

int posix_fallocate(int fd, off_t offset, off_t size)
{
    REAL(posix_fallocate);
    return is_full(fd, offset + size) ? ENOSPC : real(fd, offset, size);
}

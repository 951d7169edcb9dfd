/* SPDX-License-Identifier: MIT */
/* Appends to the log file and rotates it by size. */
#include "base/log_file.h"

#include "base/error.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
    char *path;
    int fd;
    bool lost; /* the loss of a line was told */
} file = {.fd = -1};

static int open_file(const char *path)
{
    return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
}

bool log_file_open(const char *path, struct error *err)
{
    if (file.fd >= 0)
        close(file.fd);
    free(file.path);
    file.path = NULL;
    file.fd = -1;
    if (!path)
        return true;
    file.fd = open_file(path);
    if (file.fd < 0)
        return error_set(err, ERROR_CONFIG, "LOG_FILE=%s: %s", path, strerror(errno));
    file.path = mem_copy(path);
    return true;
}

/* Whether the open file is the one that has the name: another process may have rotated it. */
static bool is_named(const struct stat *ours)
{
    struct stat named;

    return stat(file.path, &named) == 0 && named.st_ino == ours->st_ino &&
           named.st_dev == ours->st_dev;
}

/* Renames the files, the oldest first. If one cannot be renamed, the present one grows on. */
static void shift_names(void)
{
    for (int i = LOG_FILE_KEPT; i > 0; i--) {
        MEM_FREE_TEXT char *to = mem_format("%s.%d", file.path, i);
        MEM_FREE_TEXT char *from =
            i > 1 ? mem_format("%s.%d", file.path, i - 1) : mem_copy(file.path);
        if (rename(from, to) < 0 && errno != ENOENT)
            return;
    }
}

/* Opens the file that has the name now. The old one is kept if that fails. */
static void open_again(void)
{
    const int fd = open_file(file.path);

    if (fd < 0)
        return;
    close(file.fd);
    file.fd = fd;
}

/* Begins a new file if a line of that length would make it too large. Of several processes the one
 * that gets the lock renames, and the others see that the name is another file's. */
static void rotate(size_t len)
{
    struct stat ours;

    if (fstat(file.fd, &ours) < 0 || !S_ISREG(ours.st_mode))
        return; /* a pipe or a terminal does not grow */
    if (is_named(&ours) && (ours.st_size == 0 || (size_t)ours.st_size + len <= LOG_FILE_MAX))
        return;
    if (flock(file.fd, LOCK_EX) == 0 && is_named(&ours))
        shift_names();
    open_again(); /* closes the old one, which ends the lock */
}

void log_file_write(const char *line, size_t len)
{
    if (file.fd < 0)
        return;
    rotate(len);
    if (write(file.fd, line, len) == (ssize_t)len || file.lost)
        return;
    file.lost = true;
    fprintf(stderr, "etl-sigos: cannot write LOG_FILE %s: %s\n", file.path, strerror(errno));
}

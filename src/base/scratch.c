/* SPDX-License-Identifier: MIT */
/* Folders with an owner that the kernel vouches for. */
#include "base/scratch.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    ORPHAN_SECONDS = 3600, /* a folder without an owner may be one that is being made just now */
    MAKE_TRIES = 10,
};

/* An flock and not a number of a process: numbers are given out again, and mean something else in
 * another container that shares the folder. */
static int lock_owner(const char *folder, int flags)
{
    MEM_FREE_TEXT char *path = mem_format("%s/owner", folder);
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);

    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool has_owner_file(const char *folder)
{
    MEM_FREE_TEXT char *path = mem_format("%s/owner", folder);

    return access(path, F_OK) == 0;
}

static void remove_if_left(const char *folder)
{
    struct stat info;

    if (lstat(folder, &info) < 0 || !S_ISDIR(info.st_mode) || info.st_uid != geteuid())
        return;
    int lock = lock_owner(folder, 0);
    if (lock < 0 && (has_owner_file(folder) || clock_now() - info.st_mtime < ORPHAN_SECONDS))
        return;
    file_remove_tree(folder);
    if (lock >= 0)
        close(lock);
    log_debug("folder.leftover_removed", log_text("folder", folder));
}

/* Beside the new one, because that is where the old ones were made. */
static void remove_left_ones(const char *place, const char *prefix, const char *own)
{
    DIR *dir = opendir(place);

    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
        MEM_FREE_TEXT char *folder = mem_format("%s/%s", place, entry->d_name);
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 && strcmp(folder, own) != 0)
            remove_if_left(folder);
    }
    if (dir)
        closedir(dir);
}

/* Before the lock is taken a folder looks like one that was left, and whoever looks just then takes
 * it for that: its owner file is gone then, though it can still be locked. */
static bool is_there(int owner)
{
    struct stat info;

    return fstat(owner, &info) == 0 && info.st_nlink > 0;
}

static bool make_folder(const char *prefix, struct scratch *out, struct error *err)
{
    for (int i = 0; i < MAKE_TRIES; i++) {
        char *path = NULL;
        if (!file_make_temp_dir(prefix, &path, err))
            return false;
        const int lock = lock_owner(path, O_CREAT);
        if (lock >= 0 && is_there(lock)) {
            *out = (struct scratch){.path = path, .lock = lock};
            return true;
        }
        error_set_errno(err, ERROR_SYSTEM, "cannot lock the folder %s", path);
        if (lock >= 0)
            close(lock);
        file_remove_tree(path);
        free(path);
    }
    return false;
}

bool scratch_open(const char *kind, struct scratch *scratch, struct error *err)
{
    MEM_FREE_TEXT char *prefix = mem_format("etl-sigos-%s", kind);

    if (!make_folder(prefix, scratch, err))
        return false;
    const char *path = scratch->path;
    MEM_FREE_TEXT char *place = mem_copy_n(path, (size_t)(strrchr(path, '/') - path));
    remove_left_ones(place, prefix, path);
    return true;
}

char *scratch_keep(struct scratch *scratch)
{
    const char *name = strrchr(scratch->path, '/');
    char *kept = mem_format("%.*s/etl-sigos-kept%s", (int)(name - scratch->path), scratch->path,
                            strrchr(name, '.'));

    if (rename(scratch->path, kept) < 0) {
        free(kept);
        kept = mem_copy(scratch->path);
    }
    MEM_FREE_TEXT char *mark = mem_format("%s/owner", kept);
    unlink(mark);
    close(scratch->lock);
    free(scratch->path);
    *scratch = (struct scratch){0};
    return kept;
}

void scratch_close(struct scratch *scratch)
{
    if (!scratch->path)
        return;
    file_remove_tree(scratch->path);
    close(scratch->lock);
    free(scratch->path);
    *scratch = (struct scratch){0};
}

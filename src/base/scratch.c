/* SPDX-License-Identifier: MIT */
/* Makes folders whose owner holds a lock, and removes those whose owner is dead. */
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
    ORPHAN_SECONDS = 3600, /* a younger folder without an owner file may just be in the making */
    MAKE_TRIES = 10,
};

/* Locks the folder's owner file; returns its descriptor or -1. It is a lock and not a process id,
 * because ids are used again and mean another process in a container that shares the folder. */
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

static void remove_if_unowned(const char *folder)
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

/* Removes the old folders beside the new one; old ones were made in the same place. */
static void remove_old_folders(const char *place, const char *prefix, const char *own)
{
    DIR *dir = opendir(place);

    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
        MEM_FREE_TEXT char *folder = mem_format("%s/%s", place, entry->d_name);
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 && strcmp(folder, own) != 0)
            remove_if_unowned(folder);
    }
    if (dir)
        closedir(dir);
}

/* Whether the owner file is still in its folder. Another run may take a folder without a lock for
 * an old one and remove it; the open file can be locked all the same. */
static bool still_exists(int owner)
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
        if (lock >= 0 && still_exists(lock)) {
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
    remove_old_folders(place, prefix, path);
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

/* SPDX-License-Identifier: MIT */
/* Lists the files that the arguments of `load` name, in the order in which they are read. */
#include "cli/file_list.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/file_order.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { NAMES_MAX = 16 * 1024 };

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

const struct report *file_list_report(const struct profile *profile, const char *path)
{
    for (size_t i = 0; i < profile->report_count; i++)
        if (report_names_file(&profile->reports[i].files, base_name(path)))
            return &profile->reports[i];
    return NULL;
}

static void add(struct file_list *list, char *path)
{
    list->paths = mem_grow(list->paths, list->count + 1, sizeof(*list->paths));
    list->paths[list->count++] = path;
}

static bool ends_with(const char *name, const char *end)
{
    const size_t len = strlen(name), end_len = strlen(end);

    return len > end_len && strcasecmp(name + len - end_len, end) == 0;
}

/* Whether a folder's entry may be a CSV file, by its name. Programs that work on a file leave
 * hidden copies of it, so hidden ones are left out. */
static int may_be_csv(const struct dirent *entry)
{
    return entry->d_name[0] != '.' &&
           (ends_with(entry->d_name, ".csv") || ends_with(entry->d_name, ".gz") ||
            ends_with(entry->d_name, ".zip"));
}

/* Whether a file of a folder is to be loaded. An archive may hold anything, so its name must be
 * that of a report's export or end like ".csv.gz". */
static bool is_wanted(const struct options *options, const struct profile *profile,
                      const char *name)
{
    const struct report *owner = file_list_report(profile, name);
    const bool is_csv =
        ends_with(name, ".csv") || ends_with(name, ".csv.gz") || ends_with(name, ".csv.zip");

    if (!owner)
        return is_csv;
    return !options->report ||
           owner == report_find(profile->reports, profile->report_count, options->report);
}

/* Adds the wanted files of a folder, in the order of their names. versionsort compares the numbers
 * in names by their value. */
static bool add_folder(const struct options *options, const struct profile *profile,
                       const char *folder, struct file_list *list, struct error *err)
{
    struct dirent **entries = NULL;
    const size_t before = list->count;
    const int count = scandir(folder, &entries, may_be_csv, versionsort);

    if (count < 0)
        return error_set_errno(err, ERROR_DATA, "%s", folder);
    for (int i = 0; i < count; i++) {
        if (is_wanted(options, profile, entries[i]->d_name))
            add(list, mem_format("%s/%s", folder, entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
    if (list->count == before)
        return error_set(err, ERROR_DATA, "the folder %s holds no CSV file of %s", folder,
                         options->report ? options->report : "a report");
    return true;
}

/* Adds what the arguments name. *has_folder: one of them is a folder. */
static bool add_arguments(const struct options *options, const struct profile *profile,
                          struct file_list *list, bool *has_folder, struct error *err)
{
    struct stat info;

    for (int i = 0; i < options->argument_count; i++) {
        const char *path = options->arguments[i];
        if (stat(path, &info) < 0)
            return error_set_errno(err, ERROR_DATA, "%s", path);
        if (!S_ISDIR(info.st_mode))
            add(list, mem_copy(path));
        else if (add_folder(options, profile, path, list, err))
            *has_folder = true;
        else
            return false;
    }
    return true;
}

static void log_order(const struct file_list *list)
{
    BUF_DONE struct buf names = BUF_INIT(NAMES_MAX);

    for (size_t i = 0; i < list->count; i++)
        buf_addf(&names, "%s%s", i ? ", " : "", base_name(list->paths[i]));
    log_info("files.ordered", log_int("files", (int64_t)list->count),
             log_text("order", buf_text(&names)));
}

bool file_list_make(const struct options *options, const struct profile *profile,
                    struct file_list *out, struct error *err)
{
    struct file_list list = {0};
    bool has_folder = false;

    if (!add_arguments(options, profile, &list, &has_folder, err)) {
        file_list_done(&list);
        return false;
    }
    if (file_order((const char **)list.paths, list.count) || has_folder)
        log_order(&list);
    *out = list;
    return true;
}

void file_list_done(struct file_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->paths[i]);
    free(list->paths);
    *list = (struct file_list){0};
}

void file_list_explain_missing(const struct options *options, struct error *err)
{
    struct stat info;

    for (int i = 0; i < options->argument_count; i++)
        if (stat(options->arguments[i], &info) < 0)
            error_append(err, "; %s: %s", options->arguments[i], strerror(errno));
}

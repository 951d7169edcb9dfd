/* SPDX-License-Identifier: MIT */
/* Lists the files that the arguments of `load` name, in the order in which they are read: downloads
 * of the same file by the numbers that browsers put into their names. */
#include "cli/file_list.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { DIGITS_MAX = 9 }; /* no browser gives a longer number */

/* Downloads of the same file have the same stem and kind. */
struct download {
    const char *path;
    size_t stem;      /* the bytes of the path before number and kind */
    const char *kind; /* from the last dot on: ".csv", but ".gz" for ".csv.gz" */
    long number;      /* 0: the first download, which has no number */
};

/* Takes the number off the stem in "x (1)" and "x(1)". A name that is only a number in parentheses
 * has none. */
static void take_number(struct download *download, size_t begin, size_t end)
{
    const char *path = download->path;
    size_t at = end;

    if (at == begin || path[at - 1] != ')')
        return;
    for (at--; at > begin && isdigit((unsigned char)path[at - 1]); at--)
        ;
    const size_t digits = end - 1 - at;
    if (digits == 0 || digits > DIGITS_MAX || at == begin || path[at - 1] != '(')
        return;
    const long number = strtol(path + at, NULL, 10);
    for (at--; at > begin && path[at - 1] == ' '; at--)
        ;
    if (at == begin || number == 0)
        return;
    download->number = number;
    download->stem = at;
}

/* Takes ".csv" off the stem of a packed file. Browsers number "x.csv.gz" as "x (1).csv.gz" or as
 * "x.csv (1).gz", so it stands before or behind the number. */
static void drop_csv(struct download *download, size_t begin)
{
    static const char csv[] = ".csv";
    const size_t len = strlen(csv), stem = download->stem;

    if ((strcasecmp(download->kind, ".gz") == 0 || strcasecmp(download->kind, ".zip") == 0) &&
        stem > begin + len && strncasecmp(download->path + stem - len, csv, len) == 0)
        download->stem -= len;
}

/* Splits a path into stem, number and kind. */
static struct download parse_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    const char *kind = dot ? dot : name + strlen(name);
    const size_t begin = (size_t)(name - path);
    struct download found = {.path = path, .stem = (size_t)(kind - path), .kind = kind};

    drop_csv(&found, begin);
    take_number(&found, begin, found.stem);
    drop_csv(&found, begin);
    return found;
}

static bool is_same_file(const struct download *a, const struct download *b)
{
    return a->stem == b->stem && strncasecmp(a->path, b->path, a->stem) == 0 &&
           strcasecmp(a->kind, b->kind) == 0;
}

/* Moves the download at `at` before the earlier ones of the same file that have higher numbers. */
static bool insert(const char **paths, size_t at)
{
    bool moved = false;

    for (size_t before = at; before-- > 0;) {
        const struct download moving = parse_name(paths[at]), other = parse_name(paths[before]);
        if (!is_same_file(&moving, &other))
            continue;
        if (other.number <= moving.number)
            break;
        paths[before] = moving.path;
        paths[at] = other.path;
        at = before;
        moved = true;
    }
    return moved;
}

bool file_order(const char **paths, size_t count)
{
    bool moved = false;

    for (size_t i = 1; i < count; i++)
        moved |= insert(paths, i);
    return moved;
}

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

/* SPDX-License-Identifier: MIT */
/* Sorts downloads of the same file by the numbers that browsers put into their names. */
#include "cli/file_order.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

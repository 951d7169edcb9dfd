/* SPDX-License-Identifier: MIT */
/* Telling a download's number from its name. */
#include "cli/file_order.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DIGITS_MAX = 9 }; /* a longer number is none that a browser gave */

struct download {
    const char *path;
    size_t stem;      /* so many of its bytes tell which file it is, */
    const char *kind; /* and so do these: ".csv"; ".gz" for ".csv.gz" too */
    long number;      /* of the download; 0: the first, which has none */
};

/* "x (1)" and "x(1)": a number in brackets that is not the whole name. */
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

/* Browsers number "x.csv.gz" as "x (1).csv.gz" or as "x.csv (1).gz". */
static void drop_csv(struct download *download, size_t begin)
{
    static const char csv[] = ".csv";
    const size_t len = strlen(csv), stem = download->stem;

    if ((strcasecmp(download->kind, ".gz") == 0 || strcasecmp(download->kind, ".zip") == 0) &&
        stem > begin + len && strncasecmp(download->path + stem - len, csv, len) == 0)
        download->stem -= len;
}

static struct download look(const char *path)
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

/* Moves the one at `at` before those of its file that have higher numbers. */
static bool insert(const char **paths, size_t at)
{
    bool moved = false;

    for (size_t before = at; before-- > 0;) {
        const struct download moving = look(paths[at]), other = look(paths[before]);
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

/* SPDX-License-Identifier: MIT */
/* Checks that no header name is claimed twice. */
#include "config/header_claims.h"

#include "base/buf.h"
#include "base/mem.h"
#include "model/header.h"

#include <stdlib.h>
#include <string.h>

struct claim {
    char *name; /* in the form of model/header.h; owned */
    const char *column;
};

struct claims {
    struct claim *items;
    size_t count;
};

static void claims_done(struct claims *claims)
{
    for (size_t i = 0; i < claims->count; i++)
        free(claims->items[i].name);
    free(claims->items);
}

static char *comparable(const char *name)
{
    struct buf out = BUF_INIT((size_t)16 * HEADER_NAME_MAX);

    header_normalize(&out, name, strlen(name));
    return buf_detach(&out);
}

/* Returns the column that takes a header name; NULL if none does. */
static const char *taken_by(const struct claims *claims, const char *name)
{
    for (size_t i = 0; i < claims->count; i++)
        if (strcmp(claims->items[i].name, name) == 0)
            return claims->items[i].column;
    return NULL;
}

/* Returns entry i of the list under `from`, or the column itself if its own name is the
 * header's. */
static struct node from_item(struct node column, size_t i)
{
    struct node from;

    return node_get(column, "from", &from) ? node_item(from, i) : column;
}

/* Adds the names that a column takes. A column may have one name in two spellings that compare as
 * equal. */
static bool add_claims(struct claims *claims, struct node at, const struct column *column,
                       struct error *err)
{
    for (size_t i = 0; i < column->from.count; i++) {
        char *name = comparable(column->from.items[i]);
        const char *other = taken_by(claims, name);
        if (!*name || (other && other != column->name)) {
            free(name);
            return other ? node_error(from_item(at, i), err,
                                      "header \"%s\" is already taken by column \"%s\"",
                                      column->from.items[i], other)
                         : node_error(from_item(at, i), err, "\"%s\" is no header's name",
                                      column->from.items[i]);
        }
        claims->items = mem_grow(claims->items, claims->count + 1, sizeof(*claims->items));
        claims->items[claims->count++] = (struct claim){.name = name, .column = column->name};
    }
    return true;
}

static bool check_drop(const struct claims *claims, struct node root, const struct report *report,
                       struct error *err)
{
    struct node list;

    if (!node_get(root, "drop", &list))
        return true;
    for (size_t i = 0; i < report->drop.count; i++) {
        MEM_FREE_TEXT char *name = comparable(report->drop.items[i]);
        const char *column = taken_by(claims, name);
        if (column)
            return node_error(node_item(list, i), err,
                              "header \"%s\" cannot be dropped: column \"%s\" takes its values "
                              "from it",
                              report->drop.items[i], column);
    }
    return true;
}

bool header_claims_check(struct node root, const struct report *report, struct error *err)
{
    struct claims claims = {0};
    struct node list;
    bool ok = node_get(root, "columns", &list);

    for (size_t i = 0; ok && i < report->column_count; i++)
        ok = add_claims(&claims, node_item(list, i), &report->columns[i], err);
    ok = ok && check_drop(&claims, root, report, err);
    claims_done(&claims);
    return ok;
}

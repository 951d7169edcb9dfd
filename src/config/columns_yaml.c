/* SPDX-License-Identifier: MIT */
/* Reads columns from YAML: their names, where their values come from, which of them are the key.
 * Checks that every header name of an export belongs to one column or is dropped, never both. */
#include "config/columns_yaml.h"

#include "base/buf.h"
#include "base/mem.h"
#include "config/suggest.h"
#include "model/header.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

/*
 * Compares the `from` names of all columns and the `drop` list with each other, in the form in
 * which transform/ compares them with a file (model/header.h). A derived column takes nothing from
 * the file, so its name may be dropped, as the portal's own "Regional" is.
 */
static bool check_header_claims(struct node root, const struct report *report, struct error *err)
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

/* PostgreSQL's tables hold 1,600 columns, SQLite's 2,000, and the portal may add some. */
enum { COLUMNS_MAX = 1000 };

struct reading {
    struct node root;
    struct node list; /* the value of `columns` */
    struct column *columns;
    size_t count;
};

static size_t find_column(const struct reading *in, const char *name)
{
    size_t i = 0;

    while (i < in->count && strcmp(in->columns[i].name, name) != 0)
        i++;
    return i;
}

/* Finds the index of the column that `at` names. */
static bool resolve(const struct reading *in, struct node at, const char *name, size_t *out,
                    struct error *err)
{
    size_t i = find_column(in, name);

    if (i < in->count) {
        *out = i;
        return true;
    }
    const char **names = node_alloc(at, in->count, sizeof(*names));
    for (size_t c = 0; c < in->count; c++)
        names[c] = in->columns[c].name;
    const char *meant = suggest_nearest(name, names, in->count);
    return node_error(at, err, "column \"%s\" is no column of this report%s%s%s", name,
                      meant ? "; did you mean \"" : "", meant ? meant : "", meant ? "\"?" : "");
}

static bool check_name(const struct reading *in, struct node at, size_t index, struct error *err)
{
    const char *name = in->columns[index].name;

    if (strlen(name) > COLUMN_NAME_MAX)
        return node_error(at, err, "name \"%s\" is longer than %d bytes", name, COLUMN_NAME_MAX);
    if (strcasecmp(name, "_row_key") == 0 || strcasecmp(name, "_row_hash") == 0)
        return node_error(at, err, "\"%s\" is a technical column that every table has", name);
    /* Case does not count: Status and STATUS are one column in SQLite. */
    for (size_t i = 0; i < index; i++)
        if (strcasecmp(in->columns[i].name, name) == 0)
            return node_error(at, err, "there are two columns \"%s\"", name);
    return true;
}

static bool read_column(struct node at, struct column *out, struct error *err)
{
    static const struct node_keys keys = {
        .required = {"name", "type"},
        .optional = {"from", "required"},
    };
    static const char *const types[] = {
        [COLUMN_TEXT] = "text",
        [COLUMN_DATE] = "date",
        [COLUMN_TIME] = "time",
        [COLUMN_TIMESTAMP] = "timestamp",
    };
    size_t type = COLUMN_TEXT;

    if (!node_check_keys(at, &keys, err) || !node_text(at, "name", &out->name, err) ||
        !node_choice(at, "type", types, sizeof(types) / sizeof(*types), &type, err) ||
        !node_names(at, "from", 1, &out->from, err) ||
        !node_bool(at, "required", &out->required, err))
        return false;
    out->type = (enum column_type)type;
    return true;
}

static bool read_columns(struct reading *in, struct error *err)
{
    if (!node_list(in->root, "columns", 1, &in->list, &in->count, err))
        return false;
    if (in->count > COLUMNS_MAX)
        return node_error(in->list, err, "has %zu entries: a table holds at most %d columns here",
                          in->count, COLUMNS_MAX);
    in->columns = node_alloc(in->root, in->count, sizeof(*in->columns));
    for (size_t i = 0; i < in->count; i++) {
        struct node at = node_item(in->list, i);
        if (!read_column(at, &in->columns[i], err) || !check_name(in, at, i, err))
            return false;
    }
    return true;
}

/* Checks what a derivation computes, and from what. */
static bool check_derivation(const struct reading *in, struct node at,
                             const struct derivation *rule, struct error *err)
{
    const struct column *column = &in->columns[rule->column], *from = &in->columns[rule->from];

    if (column->source == COLUMN_DERIVED)
        return node_error(at, err, "column \"%s\" is derived twice", column->name);
    if (column->type != COLUMN_TEXT)
        return node_error(at, err, "column \"%s\" must be a text to be derived", column->name);
    if (rule->from == rule->column)
        return node_error(at, err, "column \"%s\" is derived from itself", column->name);
    if (from->type != COLUMN_TEXT)
        return node_error(at, err, "column \"%s\" must be a text to derive from it", from->name);
    return true;
}

static bool read_derivation(struct reading *in, struct node at, struct derivation *out,
                            struct error *err)
{
    static const struct node_keys keys = {
        .required = {"name", "from", "contains", "then", "else"},
    };
    const char *name = NULL, *from = NULL;
    struct node name_at, from_at;

    if (!node_check_keys(at, &keys, err) || !node_text(at, "name", &name, err) ||
        !node_text(at, "from", &from, err) || !node_text(at, "contains", &out->contains, err) ||
        !node_text_or_empty(at, "then", &out->then, err) ||
        !node_text_or_empty(at, "else", &out->otherwise, err) || !node_get(at, "name", &name_at) ||
        !node_get(at, "from", &from_at) || !resolve(in, name_at, name, &out->column, err) ||
        !resolve(in, from_at, from, &out->from, err) || !check_derivation(in, at, out, err))
        return false;
    in->columns[out->column].source = COLUMN_DERIVED;
    return true;
}

static bool read_derivations(struct reading *in, struct report *report, struct error *err)
{
    struct node list;
    size_t count;

    if (!node_list(in->root, "derive", 0, &list, &count, err))
        return false;
    if (count == 0)
        return true;
    struct derivation *rules = node_alloc(list, count, sizeof(*rules));
    for (size_t i = 0; i < count; i++)
        if (!read_derivation(in, node_item(list, i), &rules[i], err))
            return false;
    /* Only now is it known which columns are derived. */
    for (size_t i = 0; i < count; i++) {
        struct column *from = &in->columns[rules[i].from];
        if (from->source != COLUMN_FROM_FILE)
            return node_error(node_item(list, i), err,
                              "column \"%s\" must come from the file to derive from it",
                              from->name);
        /* without the column every row would silently get the value of `else` */
        from->required = true;
    }
    report->derivations = rules;
    report->derivation_count = count;
    return true;
}

static bool read_extracted_at(struct reading *in, struct error *err)
{
    const char *name = NULL;
    struct node at;
    size_t index = 0;

    if (!node_get(in->root, "extracted_at", &at))
        return true;
    if (!node_text(in->root, "extracted_at", &name, err) || !resolve(in, at, name, &index, err))
        return false;
    struct column *column = &in->columns[index];
    if (column->type != COLUMN_TIMESTAMP)
        return node_error(at, err, "column \"%s\" must be a timestamp", name);
    column->source = COLUMN_EXTRACTED_AT;
    return true;
}

/* Sets the source of each column: its own name in the file, unless the YAML says otherwise. */
static bool settle_sources(struct reading *in, struct error *err)
{
    for (size_t i = 0; i < in->count; i++) {
        struct column *column = &in->columns[i];
        struct node at = node_item(in->list, i), unused;
        if (column->source != COLUMN_FROM_FILE &&
            (node_get(at, "from", &unused) || node_get(at, "required", &unused)))
            return node_error(at, err,
                              "column \"%s\" is computed, so it has neither from nor required",
                              column->name);
        if (column->source == COLUMN_FROM_FILE && column->from.count == 0) {
            const char **own = node_alloc(at, 1, sizeof(*own));
            own[0] = column->name;
            column->from = (struct names){.items = own, .count = 1};
        }
    }
    return true;
}

static bool read_key(struct reading *in, struct report *report, struct error *err)
{
    struct names names = {0};
    struct node list;

    if (!node_names(in->root, "key", 1, &names, err) || !node_get(in->root, "key", &list))
        return false;
    size_t *key = node_alloc(list, names.count, sizeof(*key));
    for (size_t i = 0; i < names.count; i++) {
        struct node at = node_item(list, i);
        if (!resolve(in, at, names.items[i], &key[i], err))
            return false;
        struct column *column = &in->columns[key[i]];
        for (size_t k = 0; k < i; k++)
            if (key[k] == key[i])
                return node_error(at, err, "column \"%s\" comes twice", column->name);
        if (column->source == COLUMN_EXTRACTED_AT)
            return node_error(at, err,
                              "column \"%s\" changes with every export: no row would "
                              "ever be the same again",
                              column->name);
        column->required = column->source == COLUMN_FROM_FILE;
    }
    report->key = key;
    report->key_count = names.count;
    return true;
}

static bool read_window_date(const struct reading *in, struct report *report, struct error *err)
{
    const char *name = NULL;
    struct node at;
    size_t index = 0;

    if (!node_text(in->root, "window_date", &name, err) ||
        !node_get(in->root, "window_date", &at) || !resolve(in, at, name, &index, err))
        return false;
    if (in->columns[index].type != COLUMN_DATE)
        return node_error(at, err, "column \"%s\" must be a date", name);
    report->window_date = index;
    return report_is_key(report, index) ||
           node_error(at, err,
                      "column \"%s\" must be part of the key: windows own rows by it, so a row on "
                      "another day is another row",
                      name);
}

bool columns_read(struct node root, struct report *report, struct error *err)
{
    struct reading in = {.root = root};

    if (!read_columns(&in, err) || !read_derivations(&in, report, err) ||
        !read_extracted_at(&in, err) || !settle_sources(&in, err) || !read_key(&in, report, err) ||
        !read_window_date(&in, report, err) || !node_names(root, "drop", 0, &report->drop, err))
        return false;
    report->columns = in.columns;
    report->column_count = in.count;
    return check_header_claims(root, report, err);
}

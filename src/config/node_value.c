/* SPDX-License-Identifier: MIT */
/* Reads YAML values as the types that a profile has. */
#include "config/node.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "config/node_tree.h"
#include "model/report.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Reads a single value's bytes. It refuses NULs and other control characters, which YAML's escapes
 * may hold: they would come into SQL names, shell patterns and log lines. */
static bool scalar(struct node at, const char **text, size_t *len, struct error *err)
{
    const yaml_node_t *tree = node_tree(at);

    if (tree->type != YAML_SCALAR_NODE)
        return node_error(at, err, "must be a single value, not %s", node_kind(at));
    *text = (const char *)tree->data.scalar.value;
    *len = tree->data.scalar.length;
    for (size_t i = 0; i < *len; i++)
        if ((unsigned char)(*text)[i] < ' ')
            return node_error(at, err, "holds a line break or another control character");
    return true;
}

static bool copy_text(struct node at, bool may_be_empty, const char **out, struct error *err)
{
    const char *text;
    size_t len;

    if (!scalar(at, &text, &len, err))
        return false;
    /* "key:" with nothing behind it is a forgotten value, even where empty texts are allowed. */
    bool quoted = node_tree(at)->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (len == 0 && !(may_be_empty && quoted))
        return node_error(at, err, "is empty");
    at.file->copied += len + 1;
    if (at.file->copied > NODE_TEXTS_MAX)
        return node_error(at, err, "aliases make more than %d bytes of the file", NODE_TEXTS_MAX);
    *out = arena_copy(at.file->arena, text, len);
    return true;
}

bool node_text(struct node map, const char *key, const char **out, struct error *err)
{
    struct node at;

    return !node_get(map, key, &at) || copy_text(at, false, out, err);
}

bool node_text_or_empty(struct node map, const char *key, const char **out, struct error *err)
{
    struct node at;

    return !node_get(map, key, &at) || copy_text(at, true, out, err);
}

bool node_int(struct node map, const char *key, int min, int max, int *out, struct error *err)
{
    struct node at;
    const char *text;
    size_t len;
    char *end;

    if (!node_get(map, key, &at))
        return true;
    if (!scalar(at, &text, &len, err))
        return false;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (len == 0 || *end || text[0] == ' ' || errno || value < min || value > max)
        return node_error(at, err, "must be a whole number from %d to %d, not \"%s\"", min, max,
                          text);
    *out = (int)value;
    return true;
}

/* Reads digits with at most one point between them. strtod is not used, because it reads the
 * locale's point and accepts nan, inf and hexadecimals. */
static bool parse_ratio(const char *text, double *out)
{
    double value = 0, unit = 1;
    bool point = false, digit = false;

    for (; *text; text++) {
        if (*text == '.' && digit && !point) {
            point = true;
            digit = false; /* a digit must follow */
            continue;
        }
        if (*text < '0' || *text > '9')
            return false;
        digit = true;
        value = value * 10 + (*text - '0');
        unit *= point ? 10 : 1;
    }
    if (!digit || !isfinite(value) || !isfinite(unit) || value > unit)
        return false; /* above 1, or more digits than a double holds */
    *out = value / unit;
    return true;
}

bool node_ratio(struct node map, const char *key, double *out, struct error *err)
{
    struct node at;
    const char *text;
    size_t len;

    if (!node_get(map, key, &at))
        return true;
    if (!scalar(at, &text, &len, err))
        return false;
    if (!parse_ratio(text, out))
        return node_error(at, err, "must be a number from 0 to 1 such as 0.2, not \"%s\"", text);
    return true;
}

bool node_bool(struct node map, const char *key, bool *out, struct error *err)
{
    struct node at;
    const char *text;
    size_t len;

    if (!node_get(map, key, &at))
        return true;
    if (!scalar(at, &text, &len, err))
        return false;
    bool yes = strcmp(text, "true") == 0;
    if (!yes && strcmp(text, "false") != 0)
        return node_error(at, err, "must be true or false, not \"%s\"", text);
    *out = yes;
    return true;
}

bool node_date(struct node map, const char *key, int32_t *out, struct error *err)
{
    struct node at;
    const char *text;
    size_t len;

    if (!node_get(map, key, &at))
        return true;
    if (!scalar(at, &text, &len, err))
        return false;
    if (!date_parse_iso(text, len, out))
        return node_error(at, err, "must be a date such as 2022-03-01, not \"%s\"", text);
    return true;
}

bool node_choice(struct node map, const char *key, const char *const *words, size_t count,
                 size_t *out, struct error *err)
{
    BUF_DONE struct buf list = BUF_INIT(sizeof(err->message));
    struct node at;
    const char *text;
    size_t len;

    if (!node_get(map, key, &at))
        return true;
    if (!scalar(at, &text, &len, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(text, words[i]) == 0) {
            *out = i;
            return true;
        }
        buf_addf(&list, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " or ", words[i]);
    }
    return node_error(at, err, "must be %s, not \"%s\"", buf_text(&list), text);
}

bool node_list(struct node map, const char *key, size_t at_least, struct node *out, size_t *count,
               struct error *err)
{
    struct node at;

    *count = 0;
    if (!node_get(map, key, &at))
        return true;
    const yaml_node_t *tree = node_tree(at);
    if (tree->type != YAML_SEQUENCE_NODE)
        return node_error(at, err, "must be a list (lines that begin with \"-\"), not %s",
                          node_kind(at));
    *count = (size_t)(tree->data.sequence.items.top - tree->data.sequence.items.start);
    if (*count < at_least)
        return node_error(at, err, "needs at least one entry");
    *out = at;
    return true;
}

bool node_names(struct node map, const char *key, size_t at_least, struct names *out,
                struct error *err)
{
    struct node list;
    size_t count = 1;

    if (!node_get(map, key, &list))
        return true;
    if (node_tree(list)->type != YAML_SCALAR_NODE &&
        !node_list(map, key, at_least, &list, &count, err))
        return false;
    const char **items = node_alloc(list, count, sizeof(*items));
    for (size_t i = 0; i < count; i++)
        if (!copy_text(node_item(list, i), false, &items[i], err))
            return false;
    *out = (struct names){.items = items, .count = count};
    return true;
}

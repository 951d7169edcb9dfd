/* SPDX-License-Identifier: MIT */
/* Reads a report from YAML, except its columns (columns_yaml.c). */
#include "config/report_yaml.h"

#include "config/columns_yaml.h"
#include "config/steps_yaml.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_MAX_LEN = 48, /* PostgreSQL allows 63; names of indexes and views are made from it */
    DAYS_MAX = 36600,  /* a century */
    END_OFFSET_MAX = 31,
    COUNT_MAX = 1000 * 1000 * 1000,
};

/* Whether the name needs no quotes anywhere. It becomes a table, the beginning of other names in
 * the database, and a word of the command line. */
static bool is_table_name(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

    return !name[len] && len <= NAME_MAX_LEN && name[0] >= 'a' && name[0] <= 'z';
}

static bool read_name(struct node root, const char **out, struct error *err)
{
    struct node at;

    if (!node_text(root, "report", out, err))
        return false;
    if (!is_table_name(*out) && node_get(root, "report", &at))
        return node_error(at, err,
                          "\"%s\" cannot be a table's name here: use at most %d of a-z, 0-9 and _, "
                          "a letter first",
                          *out, NAME_MAX_LEN);
    return true;
}

static bool read_files(struct node export, struct names *out, struct error *err)
{
    struct node list;

    if (!node_names(export, "files", 1, out, err) || !node_get(export, "files", &list))
        return false;
    for (size_t i = 0; i < out->count; i++)
        if (strchr(out->items[i], '/'))
            return node_error(node_item(list, i), err,
                              "\"%s\" is a path: only the name of a file is compared",
                              out->items[i]);
    return true;
}

static bool read_export(struct node root, struct report *out, struct error *err)
{
    static const struct node_keys keys = {
        .required = {"window", "files"},
        .optional = {"open"},
    };
    struct node at;

    return node_get(root, "export", &at) && node_check_keys(at, &keys, err) &&
           steps_read(at, "open", STEPS_OPEN, &out->open, err) &&
           steps_read(at, "window", STEPS_WINDOW, &out->window, err) &&
           read_files(at, &out->files, err);
}

/* Reads "today", "today + 1", "today-1". */
static bool parse_end(const char *text, int *out)
{
    char *rest;

    if (strncmp(text, "today", 5) != 0)
        return false;
    text += 5;
    text += strspn(text, " ");
    if (!*text) {
        *out = 0;
        return true;
    }
    if (*text != '+' && *text != '-')
        return false;
    int sign = *text++ == '-' ? -1 : 1;
    text += strspn(text, " ");
    if (*text < '0' || *text > '9')
        return false;
    long days = strtol(text, &rest, 10);
    if (*rest || days > END_OFFSET_MAX)
        return false;
    *out = sign * (int)days;
    return true;
}

static bool read_end(struct node windows, int *out, struct error *err)
{
    const char *text = NULL;
    struct node at;

    if (!node_text(windows, "end", &text, err) || !node_get(windows, "end", &at))
        return false;
    if (!parse_end(text, out))
        return node_error(at, err, "must be today, or such as today + 1, not \"%s\"", text);
    return true;
}

static bool read_windows(struct node root, struct window_rule *out, struct error *err)
{
    static const struct node_keys keys = {
        .required = {"begin", "end", "days", "incremental_days", "incremental_step"},
        .optional = {"from_end"},
    };
    struct node at;

    return node_get(root, "windows", &at) && node_check_keys(at, &keys, err) &&
           node_date(at, "begin", &out->begin, err) && read_end(at, &out->end_offset, err) &&
           node_int(at, "days", 1, DAYS_MAX, &out->days, err) &&
           node_int(at, "incremental_days", 1, DAYS_MAX, &out->incremental_days, err) &&
           node_int(at, "incremental_step", 1, DAYS_MAX, &out->incremental_step, err) &&
           node_bool(at, "from_end", &out->from_end, err);
}

static bool read_limits(struct node root, struct limits *out, struct error *err)
{
    static const struct node_keys keys = {
        .required = {"max_delete_ratio", "min_deletes", "max_reject_ratio", "max_foreign_ratio",
                     "min_rejects"},
        .optional = {"max_unreadable_ratio", "min_unreadable", "max_new_columns",
                     "max_update_ratio", "min_updates", "confirm_days", "min_day_rows",
                     "min_day_ratio"},
    };
    struct limits limits = LIMITS_DEFAULT;
    const struct {
        const char *name;
        double *value;
    } ratios[] = {{"max_delete_ratio", &limits.max_delete_ratio},
                  {"max_reject_ratio", &limits.max_reject_ratio},
                  {"max_foreign_ratio", &limits.max_foreign_ratio},
                  {"max_unreadable_ratio", &limits.max_unreadable_ratio},
                  {"max_update_ratio", &limits.max_update_ratio},
                  {"min_day_ratio", &limits.min_day_ratio}};
    const struct {
        const char *name;
        int64_t *value;
    } counts[] = {
        {"min_deletes", &limits.min_deletes},       {"min_rejects", &limits.min_rejects},
        {"min_unreadable", &limits.min_unreadable}, {"max_new_columns", &limits.max_new_columns},
        {"min_updates", &limits.min_updates},       {"confirm_days", &limits.confirm_days},
        {"min_day_rows", &limits.min_day_rows}};
    struct node at, value;

    if (!node_get(root, "limits", &at) || !node_check_keys(at, &keys, err))
        return false;
    for (size_t i = 0; i < sizeof(ratios) / sizeof(*ratios); i++)
        if (node_get(at, ratios[i].name, &value) &&
            !node_ratio(at, ratios[i].name, ratios[i].value, err))
            return false;
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
        int count = 0;
        if (!node_get(at, counts[i].name, &value))
            continue;
        if (!node_int(at, counts[i].name, 0, COUNT_MAX, &count, err))
            return false;
        *counts[i].value = count;
    }
    *out = limits;
    return true;
}

/* Footers that exports usually have, in Portuguese and English, in capitals without accents. A
 * profile may name others instead. */
static const char *const usual_footers[] = {
    "TOTAL",         "TOTAL *",
    "TOTAL:*",       "TOTAL(*",
    "TOTAIS*",       "TOTAL-*",
    "SUBTOTAL*",     "SUB TOTAL*",
    "SUB-TOTAL*",    "SOMA",
    "SOMA *",        "SOMA:*",
    "MEDIA",         "MEDIA:*",
    "QUANTIDADE*",   "QTD *",
    "QTD:*",         "QTDE*",
    "REGISTROS*",    "LINHAS*",
    "* REGISTRO",    "* REGISTROS",
    "* REGISTROS *", "* REGISTRO(S)*",
    "* LINHAS",      "* LINHAS *",
    "(* LINHAS)",    "FIM",
    "FIM DO *",      "FIM DE *",
    "FIM DA *",      "FIM.*",
    "END OF *",      "EOF",
    "GERADO *",      "GERADO:*",
    "EMITIDO *",     "EMITIDO:*",
    "EMISSAO*",      "EXPORTADO *",
    "IMPRESSO *",    "DATA DE EMISSAO*",
    "PAGINA *",      "PAG. *",
    "FONTE:*",       "USUARIO:*",
    "FILTRO*",       "PERIODO:*",
    "OBS:*",         "OBS.:*",
    "GRAND TOTAL*",  "TOTALS*",
    "ROWS*",         "RECORDS*",
    "* ROWS",        "(* ROWS)",
    "(* ROW)",       "(* ROWS AFFECTED)",
    "* RECORDS",
};

static bool read_footers(struct node root, struct names *out, struct error *err)
{
    struct node at;

    *out = (struct names){.items = usual_footers,
                          .count = sizeof(usual_footers) / sizeof(*usual_footers)};
    return !node_get(root, "footers", &at) || node_names(root, "footers", 0, out, err);
}

static bool read_new_columns(struct node root, enum new_columns *out, struct error *err)
{
    static const char *const words[] = {
        [NEW_COLUMNS_ADD] = "add",
        [NEW_COLUMNS_IGNORE] = "ignore",
        [NEW_COLUMNS_REFUSE] = "refuse",
    };
    size_t chosen = NEW_COLUMNS_ADD;

    if (!node_choice(root, "new_columns", words, sizeof(words) / sizeof(*words), &chosen, err))
        return false;
    *out = (enum new_columns)chosen;
    return true;
}

bool report_read(struct node root, const char *source_file, struct report *out, struct error *err)
{
    static const struct node_keys keys = {
        .required = {"report", "export", "windows", "columns", "key", "window_date", "limits"},
        .optional = {"aliases", "drop", "derive", "extracted_at", "new_columns", "footers"},
    };
    struct report report = {.source_file = source_file};

    if (!node_check_keys(root, &keys, err) || !read_name(root, &report.name, err) ||
        !node_names(root, "aliases", 0, &report.aliases, err) || !read_export(root, &report, err) ||
        !read_windows(root, &report.windows, err) || !columns_read(root, &report, err) ||
        !read_limits(root, &report.limits, err) || !read_footers(root, &report.footers, err) ||
        !read_new_columns(root, &report.new_columns, err))
        return false;
    *out = report;
    return true;
}

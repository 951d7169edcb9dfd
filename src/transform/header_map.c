/* SPDX-License-Identifier: MIT */
/* Maps header names to columns, and refuses headers that do not fit the report. */
#include "transform/header_map.h"

#include "base/mem.h"
#include "model/header.h"
#include "transform/cell_text.h"
#include "transform/values.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 4096, LIST_MAX_BYTES = 512, FIELD_DROPPED = -2, FIELD_UNKNOWN = -3 };

struct known_name {
    char *name; /* canonical */
    int column; /* or FIELD_DROPPED */
};

struct header_index {
    const struct report *report;
    struct known_name *names; /* sorted */
    size_t count;
};

static char *canonical(const char *text, size_t len)
{
    struct buf name = BUF_INIT(NAME_MAX_BYTES);

    header_normalize(&name, text, len);
    return buf_detach(&name);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct known_name *)a)->name, ((const struct known_name *)b)->name);
}

static void index_add(struct header_index *index, const char *name, int column)
{
    index->names = mem_grow(index->names, index->count + 1, sizeof(*index->names));
    index->names[index->count++] =
        (struct known_name){.name = canonical(name, strlen(name)), .column = column};
}

struct header_index *header_index_new(const struct report *report)
{
    struct header_index *index = mem_alloc(sizeof(*index));

    index->report = report;
    for (size_t c = 0; c < report->column_count; c++)
        for (size_t i = 0; i < report->columns[c].from.count; i++)
            index_add(index, report->columns[c].from.items[i], (int)c);
    for (size_t i = 0; i < report->drop.count; i++)
        index_add(index, report->drop.items[i], FIELD_DROPPED);
    qsort(index->names, index->count, sizeof(*index->names), compare_names);
    return index;
}

void header_index_free(struct header_index *index)
{
    if (!index)
        return;
    for (size_t i = 0; i < index->count; i++)
        free(index->names[i].name);
    free(index->names);
    free(index);
}

const struct report *header_index_report(const struct header_index *index)
{
    return index->report;
}

/* Returns the name in its canonical form, owned by the caller. Of a name that is too long for a
 * column it takes the beginning. */
static char *name_of(enum charset charset, struct csv_field field)
{
    BUF_DONE struct buf text = BUF_INIT(NAME_MAX_BYTES * 4);
    const size_t len = field.len < NAME_MAX_BYTES / 4 ? field.len : NAME_MAX_BYTES / 4;
    enum encoding encoding;

    field.len = len;
    field = cell_unwrap(field);
    if (charset_of_cell(charset, field.text, field.len, &encoding))
        encoding_decode(encoding, &text, field.text, field.len);
    else
        encoding_decode_any(&text, field.text, field.len);
    return canonical(buf_text(&text), text.len);
}

/* Returns the column that a header field names, FIELD_DROPPED or FIELD_UNKNOWN. */
static int index_find(const struct header_index *index, enum charset charset,
                      struct csv_field field)
{
    if (field.len > NAME_MAX_BYTES / 4)
        return FIELD_UNKNOWN;
    MEM_FREE_TEXT char *name = name_of(charset, field);
    struct known_name wanted = {.name = name};
    struct known_name *found =
        bsearch(&wanted, index->names, index->count, sizeof(*index->names), compare_names);
    return found ? found->column : FIELD_UNKNOWN;
}

static bool is_needed(const struct report *report, size_t column)
{
    return report->columns[column].source == COLUMN_FROM_FILE &&
           (report->columns[column].required || report_is_key(report, column));
}

struct header_fit header_fit(const struct header_index *index, enum charset charset,
                             const struct csv_record *record)
{
    const struct report *report = index->report;
    bool *named = mem_array(report->column_count, sizeof(*named));
    struct header_fit fit = {.whole = true};

    for (size_t i = 0; i < record->count; i++) {
        const int column = index_find(index, charset, record->fields[i]);
        fit.filled += record->fields[i].len > 0;
        fit.known += column != FIELD_UNKNOWN;
        if (column >= 0)
            named[column] = true;
    }
    for (size_t c = 0; c < report->column_count; c++)
        fit.whole = fit.whole && (named[c] || !is_needed(report, c));
    free(named);
    return fit;
}

/* Adds one name to a list "a, b, c". A list that grows too long ends with "…". */
static void add_to_list(struct buf *list, const char *name, size_t len)
{
    if (list->len + len + 8 > list->max) {
        if (list->len >= 3 && memcmp(list->data + list->len - 3, "…", 3) != 0)
            buf_add_text(list, ", …");
        return;
    }
    if (list->len)
        buf_add_text(list, ", ");
    buf_add(list, name, len);
}

static void add_field_name(struct buf *list, struct csv_field field)
{
    BUF_DONE struct buf text = BUF_INIT(LIST_MAX_BYTES);

    encoding_decode_any(&text, field.text, field.len < 60 ? field.len : 60);
    add_to_list(list, buf_text(&text), text.len);
}

static void note_unknown(struct header_map *map, enum charset charset, struct csv_field field)
{
    if (map->unknown_count == HEADER_UNKNOWN_MAX)
        return;
    if (!map->unknown)
        map->unknown = mem_array(HEADER_UNKNOWN_MAX, sizeof(*map->unknown));
    map->unknown[map->unknown_count++] = name_of(charset, field);
}

/* Whether a field is a date, a time or a number: a row's value and not a column's name. */
static bool is_value(struct csv_field field)
{
    char value[VALUE_SIZE];
    int32_t date;
    size_t digits = 0;

    if (value_date(field.text, field.len, value, &date) == VALUE_READ ||
        value_time(field.text, field.len, value) == VALUE_READ)
        return true;
    for (size_t i = 0; i < field.len; i++) {
        if (field.text[i] >= '0' && field.text[i] <= '9')
            digits++;
        else if (!strchr("+-.,/ ", field.text[i]))
            return false;
    }
    return digits > 0;
}

/* Checks the unknown names of a header. Where the line end behind a header is lost, values of the
 * first row stand among its names. */
static bool check_unknown(const struct report *report, const struct header_map *map,
                          const struct csv_record *record, uint64_t line, struct error *err)
{
    const int64_t limit = report->limits.max_new_columns;

    for (size_t i = 0; i < map->unknown_count; i++) {
        const char *name = map->unknown[i];
        if (is_value((struct csv_field){.text = name, .len = strlen(name)}))
            return error_set(err, ERROR_DATA,
                             "line %" PRIu64 ": among the header's names is \"%.60s\", which is a "
                             "row's value: is the line end behind the header lost?",
                             line, name);
    }
    if (map->unknown_count == 0 || report->new_columns != NEW_COLUMNS_ADD ||
        (int64_t)map->unknown_count <= limit)
        return true;
    return error_set(err, ERROR_DATA,
                     "line %" PRIu64
                     ": of the header's %zu names the report does not know %zu, \"%.60s\" "
                     "among them: more than the %" PRId64
                     " new columns that its limits allow (max_new_columns); "
                     "names that are not wanted belong into its profile (drop)",
                     line, record->count, map->unknown_count, map->unknown[0], limit);
}

/* Refuses a header that lacks a needed column, and shows which names it has. */
static bool refuse_lacking(const struct report *report, size_t column,
                           const struct csv_record *record, uint64_t line, struct error *err)
{
    BUF_DONE struct buf found = BUF_INIT(LIST_MAX_BYTES);

    for (size_t i = 0; i < record->count; i++)
        add_field_name(&found, record->fields[i]);
    return error_set(err, ERROR_DATA, "line %" PRIu64 ": the header lacks %s column %s; it has: %s",
                     line, report_is_key(report, column) ? "the key" : "the required",
                     report->columns[column].name, buf_text(&found));
}

static bool check_columns(const struct report *report, struct header_map *map,
                          const struct csv_record *record, uint64_t line, struct error *err)
{
    for (size_t c = 0; c < report->column_count; c++) {
        const struct column *column = &report->columns[c];
        if (column->source != COLUMN_FROM_FILE || map->field_of[c] != HEADER_ABSENT)
            continue;
        if (is_needed(report, c))
            return refuse_lacking(report, c, record, line, err);
        add_to_list(&map->lacks, column->name, strlen(column->name));
    }
    return check_unknown(report, map, record, line, err);
}

static bool map_fields(const struct header_index *index, enum charset charset,
                       const struct csv_record *record, uint64_t line, struct header_map *map,
                       struct error *err)
{
    const struct report *report = index->report;

    for (size_t i = 0; i < record->count; i++) {
        const struct csv_field field = record->fields[i];
        const int column = index_find(index, charset, field);
        if (field.len)
            map->fields = i + 1; /* trailing separators are no columns */
        if (column == FIELD_UNKNOWN && field.len)
            note_unknown(map, charset, field);
        if (column < 0)
            continue;
        if (map->field_of[column] != HEADER_ABSENT)
            return error_set(err, ERROR_DATA, "line %" PRIu64 ": the header names column %s twice",
                             line, report->columns[column].name);
        map->field_of[column] = (int)i;
    }
    map->trailing = record->count - map->fields;
    return check_columns(report, map, record, line, err);
}

bool header_map_read(const struct header_index *index, enum charset charset,
                     const struct csv_record *record, uint64_t line, struct header_map *out,
                     struct error *err)
{
    const struct report *report = index->report;
    struct header_map map = {
        .field_of = mem_array(report->column_count, sizeof(int)),
        .lacks = BUF_INIT(LIST_MAX_BYTES),
    };

    for (size_t c = 0; c < report->column_count; c++)
        map.field_of[c] = HEADER_ABSENT;
    if (!map_fields(index, charset, record, line, &map, err)) {
        header_map_done(&map);
        return false;
    }
    *out = map;
    return true;
}

void header_map_done(struct header_map *map)
{
    free(map->field_of);
    buf_done(&map->lacks);
    for (size_t i = 0; i < map->unknown_count; i++)
        free(map->unknown[i]);
    free(map->unknown);
    *map = (struct header_map){0};
}

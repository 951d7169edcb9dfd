/* SPDX-License-Identifier: MIT */
/* Finding out how a file is laid out. */
#include "transform/layout.h"

#include "base/mem.h"
#include "model/header.h"
#include "transform/csv.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

/* The column that a header field names, FIELD_DROPPED or FIELD_UNKNOWN. */
static int index_find(const struct header_index *index, enum encoding encoding,
                      struct csv_field field)
{
    BUF_DONE struct buf text = BUF_INIT(NAME_MAX_BYTES * 4);

    if (field.len > NAME_MAX_BYTES / 4)
        return FIELD_UNKNOWN;
    encoding_decode(encoding, &text, field.text, field.len);
    MEM_FREE_TEXT char *name = canonical(buf_text(&text), text.len);
    struct known_name wanted = {.name = name};
    struct known_name *found =
        bsearch(&wanted, index->names, index->count, sizeof(*index->names), compare_names);
    return found ? found->column : FIELD_UNKNOWN;
}

static size_t count_known(const struct header_index *index, enum encoding encoding,
                          const struct csv_record *record)
{
    size_t known = 0;

    for (size_t i = 0; i < record->count; i++)
        known += index_find(index, encoding, record->fields[i]) != FIELD_UNKNOWN;
    return known;
}

/* Adds "a, b, c" piece by piece; a list that grows too long ends with "…". */
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

static void add_field_name(struct buf *list, enum encoding encoding, struct csv_field field)
{
    BUF_DONE struct buf text = BUF_INIT(LIST_MAX_BYTES);

    encoding_decode(encoding, &text, field.text, field.len < 60 ? field.len : 60);
    add_to_list(list, buf_text(&text), text.len);
}

/* The candidate header: where it is and how many names of the report it holds. */
struct candidate {
    char separator;
    size_t known;
    bool perfect;      /* every one of its fields is a name of the report */
    size_t start, end; /* bytes of the record, its line end included */
    uint64_t line, lines;
};

static void try_separator(const struct header_index *index, const struct layout *layout,
                          const char *bytes, size_t len, char separator, struct candidate *best)
{
    struct csv_reader reader;
    struct csv_record record;

    csv_init(&reader, separator, layout->cr_ends, CSV_RECORD_MAX);
    csv_feed(&reader, bytes, len, true);
    while (!best->perfect && csv_next(&reader, &record) == CSV_RECORD &&
           record.line <= LAYOUT_HEADER_LINES) {
        if (record.lines > 1 && record.bad_quote)
            csv_take_back(&reader, &record);
        size_t known = count_known(index, layout->encoding, &record);
        if (known > best->known)
            *best = (struct candidate){
                .separator = separator,
                .known = known,
                .perfect = known == record.count && known > 1,
                .start = (size_t)(record.raw - bytes),
                .end = (size_t)(reader.chunk - bytes),
                .line = record.line,
                .lines = record.lines,
            };
    }
    csv_done(&reader);
}

/* What a file that is no CSV is, judged by its first bytes; NULL if it may be one. */
static const char *foreign_kind(const char *bytes, size_t len)
{
    static const struct {
        const char *magic;
        size_t len;
        const char *kind;
    } kinds[] = {
        {"PK\x03\x04", 4, "a ZIP or spreadsheet file"},
        {"\x1F\x8B", 2, "a gzip file"},
        {"%PDF", 4, "a PDF"},
        {"\xD0\xCF\x11\xE0", 4, "an old Excel file"},
        {"{", 1, "JSON"},
        {"[", 1, "JSON"},
        {"<?xml", 5, "XML"},
        {"<", 1, "an HTML page"},
    };

    while (len && strchr(" \t\r\n", *bytes) && *bytes) {
        bytes++;
        len--;
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (len >= kinds[i].len && memcmp(bytes, kinds[i].magic, kinds[i].len) == 0)
            return kinds[i].kind;
    return NULL;
}

static const char *find_word(const char *bytes, size_t len, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; i + n <= len; i++)
        if (strncasecmp(bytes + i, word, n) == 0)
            return bytes + i;
    return NULL;
}

/* The first words of a file, as a message may show them: one line, printable. */
static void quote_start(struct buf *out, enum encoding encoding, const char *bytes, size_t len)
{
    encoding_decode(encoding, out, bytes, len < 100 ? len : 100);
    for (size_t i = 0; i < out->len; i++)
        if ((unsigned char)out->data[i] < 0x20)
            out->data[i] = ' ';
}

static bool refuse_foreign(const char *kind, const char *bytes, size_t len, struct error *err)
{
    BUF_DONE struct buf shown = BUF_INIT(LIST_MAX_BYTES);
    size_t head = len < 64 * 1024 ? len : 64 * 1024;
    const char *title = find_word(bytes, head, "<title>");
    const char *title_end =
        title ? find_word(title, head - (size_t)(title - bytes), "</title>") : NULL;

    if (title_end) {
        title += strlen("<title>");
        size_t bom;
        size_t title_len = (size_t)(title_end - title);
        quote_start(&shown, encoding_detect(title, title_len, &bom), title, title_len);
        return error_set(err, ERROR_DATA, "this is %s, not a CSV (its title: \"%s\")", kind,
                         buf_text(&shown));
    }
    return error_set(err, ERROR_DATA, "this is %s, not a CSV", kind);
}

static bool refuse_headless(const struct layout *layout, const char *bytes, size_t len,
                            struct error *err)
{
    BUF_DONE struct buf shown = BUF_INIT(LIST_MAX_BYTES);
    const char *line = memchr(bytes, '\n', len);

    quote_start(&shown, layout->encoding, bytes, line ? (size_t)(line - bytes) : len);
    return error_set(
        err, ERROR_DATA,
        "no header: none of the first %d lines holds the report's column names; the file "
        "begins with \"%s\"",
        LAYOUT_HEADER_LINES, buf_text(&shown));
}

static bool is_key(const struct report *report, size_t column)
{
    for (size_t i = 0; i < report->key_count; i++)
        if (report->key[i] == column)
            return true;
    return false;
}

/* Of a name that is too long to be a column's, the beginning is enough to name it. */
static void note_unknown(struct layout *layout, struct csv_field field)
{
    BUF_DONE struct buf text = BUF_INIT(NAME_MAX_BYTES * 4);

    if (layout->unknown_count == LAYOUT_UNKNOWN_MAX)
        return;
    if (!layout->unknown)
        layout->unknown = mem_array(LAYOUT_UNKNOWN_MAX, sizeof(*layout->unknown));
    encoding_decode(layout->encoding, &text, field.text,
                    field.len < NAME_MAX_BYTES / 4 ? field.len : NAME_MAX_BYTES / 4);
    layout->unknown[layout->unknown_count++] = canonical(buf_text(&text), text.len);
}

/* Maps header fields to columns and checks that nothing needed is missing. */
static bool map_columns(const struct header_index *index, const struct csv_record *header,
                        struct layout *layout, struct error *err)
{
    const struct report *report = index->report;
    BUF_DONE struct buf found = BUF_INIT(LIST_MAX_BYTES);

    for (size_t c = 0; c < report->column_count; c++)
        layout->field_of[c] = LAYOUT_ABSENT;
    for (size_t i = 0; i < header->count; i++) {
        int column = index_find(index, layout->encoding, header->fields[i]);
        if (header->fields[i].len)
            layout->fields = i + 1; /* trailing separators are no columns */
        add_field_name(&found, layout->encoding, header->fields[i]);
        if (column == FIELD_UNKNOWN) {
            if (header->fields[i].len)
                note_unknown(layout, header->fields[i]);
        } else if (column >= 0) {
            if (layout->field_of[column] != LAYOUT_ABSENT)
                return error_set(err, ERROR_DATA, "line %llu: the header names column %s twice",
                                 (unsigned long long)layout->header_line,
                                 report->columns[column].name);
            layout->field_of[column] = (int)i;
        }
    }
    for (size_t c = 0; c < report->column_count; c++) {
        const struct column *column = &report->columns[c];
        if (column->source != COLUMN_FROM_FILE || layout->field_of[c] != LAYOUT_ABSENT)
            continue;
        if (column->required || is_key(report, c))
            return error_set(
                err, ERROR_DATA, "line %llu: the header lacks %s column %s; it has: %s",
                (unsigned long long)layout->header_line,
                is_key(report, c) ? "the key" : "the required", column->name, buf_text(&found));
        add_to_list(&layout->missing, column->name, strlen(column->name));
    }
    return true;
}

static bool lone_cr(const char *bytes, size_t len)
{
    return memchr(bytes, '\r', len) && !memchr(bytes, '\n', len);
}

/* Chooses the header: the line and separator under which most names are the report's. */
static bool find_header(const struct header_index *index, struct layout *layout, const char *bytes,
                        size_t len, struct error *err)
{
    static const char separators[] = {';', ',', '\t', '|'};
    struct candidate best = {0};
    struct csv_reader reader;
    struct csv_record header;

    for (size_t i = 0; i < sizeof(separators) && !best.perfect; i++)
        try_separator(index, layout, bytes, len, separators[i], &best);
    if (best.known == 0)
        return refuse_headless(layout, bytes, len, err);

    layout->separator = best.separator;
    layout->header_line = best.line;
    layout->data_line = best.line + best.lines;
    layout->data_offset += best.end;
    csv_init(&reader, best.separator, layout->cr_ends, CSV_RECORD_MAX);
    csv_feed(&reader, bytes + best.start, best.end - best.start, true);
    bool ok = csv_next(&reader, &header) == CSV_RECORD && map_columns(index, &header, layout, err);
    buf_add(&layout->header, header.raw, header.raw_len);
    csv_done(&reader);
    return ok;
}

static bool read_layout(const struct header_index *index, const struct file_map *file,
                        struct layout *layout, struct error *err)
{
    layout->encoding = encoding_detect(file->data, file->size, &layout->data_offset);
    const char *bytes = file->data + layout->data_offset;
    size_t len = file->size - layout->data_offset;
    if (len == 0)
        return error_set(err, ERROR_DATA, "the file is empty");
    if (layout->encoding == ENCODING_UTF_16)
        return error_set(err, ERROR_DATA, "the file is UTF-16; save it as UTF-8 or Windows-1252");

    layout->cr_ends = lone_cr(bytes, len);
    if (find_header(index, layout, bytes, len, err))
        return true;
    /* A page or an archive is named as such, rather than by the columns it lacks. */
    const char *kind = foreign_kind(bytes, len);
    return kind ? refuse_foreign(kind, bytes, len, err) : false;
}

bool layout_read(const struct header_index *index, const struct file_map *file, struct layout *out,
                 struct error *err)
{
    struct layout layout = {
        .field_of = mem_array(index->report->column_count, sizeof(int)),
        .header = BUF_INIT(CSV_RECORD_MAX),
        .missing = BUF_INIT(LIST_MAX_BYTES),
    };

    if (!read_layout(index, file, &layout, err)) {
        layout_done(&layout);
        return false;
    }
    *out = layout;
    return true;
}

void layout_done(struct layout *layout)
{
    free(layout->field_of);
    buf_done(&layout->header);
    buf_done(&layout->missing);
    for (size_t i = 0; i < layout->unknown_count; i++)
        free(layout->unknown[i]);
    free(layout->unknown);
    *layout = (struct layout){0};
}

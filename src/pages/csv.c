/* SPDX-License-Identifier: MIT */
/* Writes CSV. */
#include "pages/csv.h"

#include "base/date.h"
#include "base/mem.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <unistr.h>

enum { ROW_MAX = 1024 * 1024 };

/* Whether a spreadsheet would take the text for a formula, or for the end of a cell: = + - @ tab
 * CR, and their full-width forms, which some turn into the plain ones. */
static bool looks_like_formula(struct cell cell)
{
    ucs4_t rune;

    if (cell.len == 0)
        return false;
    u8_mbtouc(&rune, (const uint8_t *)cell.text, cell.len);
    switch (rune) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
    case 0xFF1D:
    case 0xFF0B:
    case 0xFF0D:
    case 0xFF20:
        return true;
    default:
        return false;
    }
}

static void add_text(struct buf *out, struct cell cell)
{
    const bool quoted = memchr(cell.text, '"', cell.len) || memchr(cell.text, ';', cell.len) ||
                        memchr(cell.text, ',', cell.len) || memchr(cell.text, '\n', cell.len) ||
                        memchr(cell.text, '\r', cell.len) || memchr(cell.text, '\t', cell.len);

    if (quoted)
        buf_add_char(out, '"');
    if (looks_like_formula(cell))
        buf_add_char(out, '\'');
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.text[i] == '"')
            buf_add_char(out, '"');
        buf_add_char(out, cell.text[i]);
    }
    if (quoted)
        buf_add_char(out, '"');
}

static bool add_as_number(struct buf *out, struct cell cell, enum cell_kind kind, bool iso)
{
    struct decimal number;

    if (!decimal_parse(cell.text, cell.len, &number))
        return false;
    if (kind == KIND_REAIS && number.scale < 2)
        number = decimal_round(number, 2);
    decimal_write(out, number, iso ? '.' : ',');
    return true;
}

static bool add_as_day(struct buf *out, struct cell cell, bool iso)
{
    int32_t day;

    if (!date_parse_iso(cell.text, cell.len, &day))
        return false;
    if (iso)
        buf_add(out, cell.text, cell.len);
    else
        format_date(out, day);
    return true;
}

static bool add_as_time(struct buf *out, struct cell cell, enum cell_kind kind, bool iso)
{
    struct local_time when;

    if (kind == KIND_TIME ? !format_read_time(cell.text, cell.len, &when.hour, &when.minute)
                          : !format_read_instant(cell.text, cell.len, &when))
        return false;
    if (iso)
        return false; /* as it is: a text */
    if (kind == KIND_TIME)
        format_time(out, when.hour, when.minute);
    else
        format_instant(out, when);
    return true;
}

void csv_add_field(struct buf *out, struct cell cell, enum cell_kind kind, bool iso)
{
    bool added = false;

    if (!cell.text)
        return;
    if (cell_kind_is_number(kind))
        added = add_as_number(out, cell, kind, iso);
    else if (kind == KIND_DATE || kind == KIND_MONTH)
        added = add_as_day(out, cell, iso);
    else if (kind == KIND_TIME || kind == KIND_INSTANT)
        added = add_as_time(out, cell, kind, iso);
    if (!added)
        add_text(out, cell);
}

/* What the rows of a query are written with. */
struct writer {
    FILE *file;
    struct buf row;
    const struct view_column *columns;
    size_t column_count;
    bool iso;
};

static bool write_row(struct writer *writer, struct error *err)
{
    buf_add_text(&writer->row, "\r\n");
    if (writer->row.full)
        return error_set(err, ERROR_DATA, "a row of a CSV has more than %d bytes", ROW_MAX);
    if (fwrite(writer->row.data, 1, writer->row.len, writer->file) != writer->row.len)
        return error_set_errno(err, ERROR_SYSTEM, "cannot write the CSV");
    buf_reset(&writer->row);
    return true;
}

static bool write_head(struct writer *writer, struct error *err)
{
    if (!writer->iso)
        buf_add_text(&writer->row, "\xEF\xBB\xBF");
    for (size_t i = 0; i < writer->column_count; i++) {
        const char *name = writer->columns[i].name;
        if (i > 0)
            buf_add_char(&writer->row, ';');
        add_text(&writer->row, (struct cell){name, strlen(name)});
    }
    return write_row(writer, err);
}

static bool write_cells(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct writer *writer = arg;

    if (count != writer->column_count)
        return error_set(err, ERROR_DATABASE, "a row of a CSV has %zu cells instead of %zu", count,
                         writer->column_count);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_char(&writer->row, ';');
        csv_add_field(&writer->row, cells[i], writer->columns[i].kind, writer->iso);
    }
    return write_row(writer, err);
}

/* Makes a file that nobody else can open and that goes when it is closed. */
static bool open_nameless(FILE **out, struct error *err)
{
    const char *folder = getenv("TMPDIR");
    MEM_FREE_TEXT char *path =
        mem_format("%s/etl-sigos-csv.XXXXXX", folder && *folder ? folder : "/tmp");
    const int fd = mkostemp(path, O_CLOEXEC);

    if (fd < 0)
        return error_set_errno(err, ERROR_SYSTEM, "cannot make a file for the CSV");
    unlink(path);
    *out = fdopen(fd, "w+");
    if (*out)
        return true;
    error_set_errno(err, ERROR_SYSTEM, "cannot open the file for the CSV");
    close(fd);
    return false;
}

bool csv_write(struct destination *reader, const char *sql, const struct sql_values *values,
               const struct view_column *columns, size_t column_count, bool iso, FILE **out,
               struct error *err)
{
    struct writer writer = {
        .row = BUF_INIT(ROW_MAX), .columns = columns, .column_count = column_count, .iso = iso};

    if (!open_nameless(&writer.file, err))
        return false;
    bool ok = write_head(&writer, err) &&
              destination_query_values(reader, sql, values ? values->texts : NULL,
                                       values ? values->count : 0, write_cells, &writer, err);
    buf_done(&writer.row);
    if (ok && (fflush(writer.file) != 0 || fseek(writer.file, 0, SEEK_SET) != 0))
        ok = error_set_errno(err, ERROR_SYSTEM, "cannot write the CSV");
    if (ok)
        *out = writer.file;
    else
        fclose(writer.file);
    return ok;
}

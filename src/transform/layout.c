/* SPDX-License-Identifier: MIT */
/* Finds the encoding, the separator and the header of a file. */
#include "transform/layout.h"

#include "base/buf.h"
#include "base/content.h"
#include "transform/csv.h"

#include <inttypes.h>
#include <string.h>

enum {
    SHOWN_MAX = 512,
    SAMPLE = 1000,     /* records that are checked for trailing separators */
    SAMPLE_LEAST = 3,  /* so many records must have them where the header has none */
    TRAILING_MAX = 64, /* empty fields that are counted */
    TITLE_MAX = 512,   /* bytes of a page's title */
};

struct layout_bytes layout_trim(const char *data, size_t len)
{
    while (len && (data[len - 1] == '\0' || data[len - 1] == '\x1A'))
        len--;
    return (struct layout_bytes){.data = data, .len = len};
}

/* A line that may be the header: where it is and how well it fits. */
struct candidate {
    char separator;
    bool cr_ends;
    struct header_fit fit;
    size_t start, end; /* bytes of the record, its line end included */
    uint64_t line, lines;
};

/* Whether line `a` is the better header. Of two lines with all needed names, the one with the
 * smaller part of other fields is better: in the other one, several lines are glued together. Else
 * the line with more names is better. */
static bool is_better(struct header_fit a, struct header_fit b)
{
    if (a.whole != b.whole)
        return a.whole;
    if (a.whole && a.known * b.filled != b.known * a.filled)
        return a.known * b.filled > b.known * a.filled;
    return a.known > b.known;
}

/* Whether every field of the header is a known name and no needed name is missing. */
static bool is_perfect(struct header_fit fit)
{
    return fit.whole && fit.known == fit.filled;
}

/* Looks for the header with one separator and one kind of line end, and updates *best. */
static void try_lines(const struct header_index *index, enum charset charset,
                      struct layout_bytes in, char separator, bool cr_ends, struct candidate *best)
{
    struct csv_reader reader;
    struct csv_record record;
    bool whole = false;

    csv_init(&reader, separator, cr_ends, CSV_RECORD_MAX);
    csv_feed(&reader, in.data, in.len, true);
    while (!whole && csv_next(&reader, &record) == CSV_RECORD &&
           record.line <= LAYOUT_HEADER_LINES) {
        if (record.lines > 1 && record.bad_quote)
            csv_take_back(&reader, &record);
        const struct header_fit fit = header_fit(index, charset, &record);
        whole = fit.whole && fit.known > 0;
        if (fit.known && (!best->fit.known || is_better(fit, best->fit)))
            *best = (struct candidate){
                .separator = separator,
                .cr_ends = cr_ends,
                .fit = fit,
                .start = (size_t)(record.raw - in.data),
                .end = (size_t)(reader.chunk - in.data),
                .line = record.line,
                .lines = record.lines,
            };
    }
    csv_done(&reader);
}

static bool has_lone_cr(struct layout_bytes in)
{
    const char *at = in.data, *end = in.data + in.len;

    while ((at = memchr(at, '\r', (size_t)(end - at)))) {
        at++;
        if (at < end && *at == '\r') /* CRCRLF */
            at++;
        if (at == end || *at != '\n')
            return true;
    }
    return false;
}

static bool refuse_headless(struct layout_bytes in, struct error *err)
{
    BUF_DONE struct buf shown = BUF_INIT(SHOWN_MAX);
    const char *line = memchr(in.data, '\n', in.len);

    encoding_show(&shown, in.data, line ? (size_t)(line - in.data) : in.len);
    return error_set(
        err, ERROR_DATA,
        "no header: none of the first %d lines holds the report's column names; the file "
        "begins with \"%s\"",
        LAYOUT_HEADER_LINES, buf_text(&shown));
}

/* Chooses as header the line, separator and kind of line end with the most names of the report. */
static bool find_header(const struct header_index *index, struct layout *layout,
                        struct layout_bytes in, struct error *err)
{
    static const char separators[] = {';', ',', '\t', '|'};
    struct candidate best = {0};
    struct csv_reader reader;
    struct csv_record header;
    const bool has_lf = memchr(in.data, '\n', in.len);

    for (size_t i = 0; has_lf && i < sizeof(separators) && !is_perfect(best.fit); i++)
        try_lines(index, layout->charset, in, separators[i], false, &best);
    const bool by_cr = !is_perfect(best.fit) && (!has_lf || has_lone_cr(in));
    for (size_t i = 0; by_cr && i < sizeof(separators) && !is_perfect(best.fit); i++)
        try_lines(index, layout->charset, in, separators[i], true, &best);
    if (!best.fit.known)
        return refuse_headless(in, err);

    layout->separator = best.separator;
    layout->cr_ends = best.cr_ends;
    layout->header_line = best.line;
    layout->data_line = best.line + best.lines;
    layout->data_offset += best.end;
    csv_init(&reader, best.separator, best.cr_ends, CSV_RECORD_MAX);
    csv_feed(&reader, in.data + best.start, best.end - best.start, true);
    const bool ok = csv_next(&reader, &header) == CSV_RECORD &&
                    header_map_read(index, layout->charset, &header, best.line, &layout->map, err);
    csv_done(&reader);
    return ok;
}

/* Refuses the file and shows the line and its text, so that a person can look there. */
static bool refuse_charset(struct layout_bytes file, size_t place, struct error *err)
{
    BUF_DONE struct buf shown = BUF_INIT(SHOWN_MAX);
    uint64_t line = 1;
    const size_t from = place > 20 ? place - 20 : 0;

    for (size_t i = 0; i < place; i++)
        line += file.data[i] == '\n';
    encoding_show(&shown, file.data + from, file.len - from < 40 ? file.len - from : 40);
    return error_set(err, ERROR_DATA,
                     "line %" PRIu64 ": the text is neither UTF-8 nor Windows-1252 (\"…%s…\"); "
                     "export or save the file as UTF-8",
                     line, buf_text(&shown));
}

/* Refuses the file: names what came instead of a CSV and shows a page's title. */
static bool refuse_content(const char *name, struct layout_bytes in, struct error *err)
{
    BUF_DONE struct buf shown = BUF_INIT(TITLE_MAX);
    size_t title_len = 0;
    const char *title = content_title(in.data, in.len, &title_len);

    if (!title)
        return error_set(err, ERROR_DATA, "this is %s, not a CSV", name);
    encoding_show(&shown, title, title_len);
    return error_set(err, ERROR_DATA, "this is %s, not a CSV (its title: \"%s\")", name,
                     buf_text(&shown));
}

static bool read_layout(const struct header_index *index, struct layout_bytes file,
                        struct layout *layout, struct error *err)
{
    const struct charset_survey survey = charset_survey(file.data, file.len);
    const struct layout_bytes in = {.data = file.data + survey.bom, .len = file.len - survey.bom};

    layout->charset = survey.charset;
    layout->has_nul = survey.has_nul;
    layout->data_offset = survey.bom;
    if (in.len == 0)
        return error_set(err, ERROR_DATA, "the file is empty");
    /* The message names a page or an archive as such, and not the columns that it lacks. */
    const char *other = NULL;
    content_of(in.data, in.len, &other);
    if (survey.charset == CHARSET_UNKNOWN)
        return other ? refuse_content(other, in, err) : refuse_charset(file, survey.odd_place, err);
    if (find_header(index, layout, in, err))
        return true;
    return other ? refuse_content(other, in, err) : false;
}

bool layout_read(const struct header_index *index, struct layout_bytes file, struct layout *out,
                 struct error *err)
{
    struct layout layout = {0};

    if (!read_layout(index, file, &layout, err)) {
        layout_done(&layout);
        return false;
    }
    *out = layout;
    return true;
}

void layout_done(struct layout *layout)
{
    header_map_done(&layout->map);
    *layout = (struct layout){0};
}

/* Returns the number of empty fields behind the header's fields. TRAILING_MAX: the fields behind
 * are not empty; TRAILING_MAX or more are no trailing separators. */
static size_t surplus_of(const struct layout *layout, const struct csv_record *record)
{
    const size_t fields = layout->map.fields;

    for (size_t i = fields; i < record->count; i++)
        if (record->fields[i].len)
            return TRAILING_MAX;
    return record->count > fields ? record->count - fields : 0;
}

size_t layout_trailing(const struct layout *layout, struct layout_bytes file)
{
    size_t seen = 0, with[TRAILING_MAX + 1] = {0}, most = 1;
    struct csv_reader reader;
    struct csv_record record;

    csv_init(&reader, layout->separator, layout->cr_ends, CSV_RECORD_MAX);
    csv_feed(&reader, file.data + layout->data_offset, file.len - layout->data_offset, true);
    while (seen < SAMPLE && csv_next(&reader, &record) == CSV_RECORD) {
        if (record.lines > 1 && record.bad_quote)
            csv_take_back(&reader, &record);
        if (record.count < 2)
            continue;
        const size_t surplus = surplus_of(layout, &record);
        with[surplus < TRAILING_MAX ? surplus : TRAILING_MAX]++;
        seen++;
    }
    csv_done(&reader);
    for (size_t i = 1; i < TRAILING_MAX; i++)
        most = with[i] > with[most] ? i : most;
    const size_t least = layout->map.trailing == most ? 1 : SAMPLE_LEAST;
    return with[most] >= least && with[most] * 10 >= seen * 9 ? most : 0;
}

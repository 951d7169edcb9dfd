/* SPDX-License-Identifier: MIT */
/* Files to clean rows: what happens to each record. */
#include "transform/transform.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"
#include "transform/clean.h"
#include "transform/csv.h"
#include "transform/repeats.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    REASON_SIZE = 128,
    TAIL = 4096,                   /* bytes in which a server's last words are looked for */
    RAW_KEPT = REJECT_RAW_MAX / 4, /* bytes of the file; decoding may make four of one */
};

#define FOREIGN_REASON "dated "

struct transform {
    const struct report *report;
    struct header_index *headers;
    struct cleaner cleaner;
};

/* One file being read. */
struct reading {
    struct transform *transform;
    const struct scope *scope;
    const struct layout *layout;
    const char *file; /* base name */
    const char *extracted_at;
    struct batch *batch;
    bool has_nul; /* the file does, somewhere */
};

struct transform *transform_new(const struct report *report)
{
    struct transform *transform = mem_alloc(sizeof(*transform));

    transform->report = report;
    transform->headers = header_index_new(report);
    cleaner_init(&transform->cleaner, report);
    return transform;
}

void transform_free(struct transform *transform)
{
    if (!transform)
        return;
    header_index_free(transform->headers);
    cleaner_done(&transform->cleaner);
    free(transform);
}

/* As much of a record as is kept, cut between two characters. */
static size_t kept_length(enum encoding encoding, const char *raw, size_t len)
{
    if (len <= RAW_KEPT)
        return len;
    len = RAW_KEPT;
    while (encoding == ENCODING_UTF_8 && ((unsigned char)raw[len] & 0xC0) == 0x80)
        len--;
    return len;
}

/* Keeps a record that is no row. A NUL, which no database's text can hold, is shown as its symbol.
 */
static void reject(struct reading *in, const struct csv_record *record, const char *reason)
{
    const enum encoding encoding = in->layout->encoding;
    BUF_DONE struct buf raw = BUF_INIT(REJECT_RAW_MAX);
    const char *at = record->raw;
    const char *end = at + kept_length(encoding, at, record->raw_len);

    for (;;) {
        const char *nul = memchr(at, '\0', (size_t)(end - at));
        encoding_decode(encoding, &raw, at, (size_t)((nul ? nul : end) - at));
        if (!nul)
            break;
        buf_add_text(&raw, "␀");
        at = nul + 1;
    }
    batch_reject(in->batch, in->file, record->line, reason, buf_text(&raw), raw.len);
    in->batch->counts.rejected++;
}

/* The days that a window has in common with its neighbours, so that they can be compared. */
static void note_shared_day(struct reading *in, int32_t date, struct hash128 fingerprint)
{
    const struct window *window = &in->scope->window;

    if (date == window->first)
        day_digest_add(&in->batch->first_day, fingerprint);
    if (date == window->last)
        day_digest_add(&in->batch->last_day, fingerprint);
}

static bool add_row(struct reading *in, const struct clean_row *clean, struct error *err)
{
    struct cleaner *cleaner = &in->transform->cleaner;
    struct row *row = batch_add_row(in->batch, clean->row);

    if (!row)
        return error_set(err, ERROR_DATA, "more than %zu bytes of rows in one window",
                         in->batch->bytes.max);
    row->key = clean_key(cleaner);
    row->fingerprint = clean_fingerprint(cleaner, clean);
    row->undated = clean->undated;
    row->date = clean->date;
    if (!clean->undated)
        note_shared_day(in, row->date, row->fingerprint);
    return true;
}

static void count_boundary(struct reading *in, const struct clean_row *clean)
{
    in->batch->counts.boundary++;
    note_shared_day(in, clean->date, clean_fingerprint(&in->transform->cleaner, clean));
}

static void reject_foreign(struct reading *in, const struct csv_record *record, int32_t date)
{
    char reason[REASON_SIZE], day[DATE_ISO_SIZE];

    snprintf(reason, sizeof(reason), FOREIGN_REASON "%s, outside the period asked for",
             date_format_iso(date, day));
    reject(in, record, reason);
    in->batch->counts.foreign++;
}

/* A record of the right shape: a row, or another window's, or nobody's. */
static bool take_record(struct reading *in, const struct csv_record *record, struct error *err)
{
    const struct scope *scope = in->scope;
    const struct clean_row clean =
        clean_record(&in->transform->cleaner, in->layout, record, in->extracted_at);

    in->batch->counts.unreadable += clean.unreadable;
    if (clean.row->bytes.full) {
        reject(in, record, "its texts are too long");
    } else if (!clean.undated &&
               (clean.date < scope->window.first || clean.date > scope->window.last)) {
        reject_foreign(in, record, clean.date);
    } else if (!clean.undated &&
               (clean.date < scope->window.own_first || clean.date > scope->window.own_last)) {
        count_boundary(in, &clean);
    } else {
        return add_row(in, &clean, err);
    }
    return true;
}

static bool all_empty(const struct csv_record *record)
{
    for (size_t i = 0; i < record->count; i++)
        if (record->fields[i].len)
            return false;
    return true;
}

/* Extra fields that are empty are trailing separators, not a shifted row. */
static bool has_shape(const struct csv_record *record, size_t fields)
{
    if (record->count < fields)
        return false;
    for (size_t i = fields; i < record->count; i++)
        if (record->fields[i].len)
            return false;
    return true;
}

/* Why a record cannot be a row, judged by its shape; NULL if it can. */
static const char *misshapen(const struct reading *in, const struct csv_record *record,
                             char reason[REASON_SIZE])
{
    const struct buf *header = &in->layout->header;

    if (record->too_long)
        return "longer than any record may be";
    if (record->open_quote)
        return "a quote is opened and never closed";
    if (in->has_nul && memchr(record->raw, '\0', record->raw_len))
        return "holds a NUL byte";
    if (record->raw_len == header->len && memcmp(record->raw, header->data, header->len) == 0)
        return "the header again";
    if (all_empty(record))
        return "all of its fields are empty";
    if (has_shape(record, in->layout->fields))
        return NULL;
    snprintf(reason, REASON_SIZE, "has %zu field%s, the header has %zu", record->count,
             record->count == 1 ? "" : "s", in->layout->fields);
    return reason;
}

/* Several lines make one record only if the record is whole: otherwise a stray quote has swallowed
 * good lines, and only the line that holds the quote is to be lost. */
static bool is_swallowing(const struct reading *in, const struct csv_record *record)
{
    return record->lines > 1 && !record->open_quote &&
           (record->bad_quote || !has_shape(record, in->layout->fields));
}

static bool is_blank_line(const struct csv_record *record)
{
    if (record->count != 1)
        return false;
    for (size_t i = 0; i < record->raw_len; i++)
        if (record->raw[i] != ' ' && record->raw[i] != '\t')
            return false;
    return true;
}

/* What a server adds to a file when it fails in the middle of it. */
static const char *failure_at_end(const struct file_map *map)
{
    static const char *const signs[] = {"<b>Fatal error", "<b>Parse error", "<b>Warning",
                                        "\nFatal error:", "</html>",        "</HTML>"};
    const size_t len = map->size < TAIL ? map->size : TAIL;

    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
        if (memmem(map->data + map->size - len, len, signs[i], strlen(signs[i])))
            return signs[i] + (*signs[i] == '\n');
    return NULL;
}

/* A file that was cut, or whose server failed, has lost rows that nobody can name: none of it is
 * believed. */
static bool check_end(const struct file_map *map, uint64_t misshapen_line, struct error *err)
{
    const char *failure = failure_at_end(map);
    const char last = map->data[map->size - 1];

    if (failure)
        return error_set(err, ERROR_DATA, "the file ends with an error of the server's (\"%s\")",
                         failure);
    if (misshapen_line && last != '\n' && last != '\r')
        return error_set(err, ERROR_DATA,
                         "line %" PRIu64 ": the file ends in the middle of a record",
                         misshapen_line);
    return true;
}

static bool read_records(struct reading *in, const struct file_map *map, struct error *err)
{
    const struct layout *layout = in->layout;
    struct csv_reader reader;
    struct csv_record record;
    char reason[REASON_SIZE];
    uint64_t misshapen_line = 0; /* of the last record, if it is no row */
    bool ok = true;

    csv_init(&reader, layout->separator, layout->cr_ends, CSV_RECORD_MAX);
    reader.line = layout->data_line;
    csv_feed(&reader, map->data + layout->data_offset, map->size - layout->data_offset, true);
    while (ok && csv_next(&reader, &record) == CSV_RECORD) {
        if (is_swallowing(in, &record))
            csv_take_back(&reader, &record);
        if (is_blank_line(&record))
            continue;
        in->batch->counts.read++;
        const char *why = misshapen(in, &record, reason);
        misshapen_line = why ? record.line : 0;
        if (why)
            reject(in, &record, why);
        else
            ok = take_record(in, &record, err);
    }
    csv_done(&reader);
    return ok && check_end(map, misshapen_line, err);
}

static void state_facts(const struct layout *layout, const struct file_map *map,
                        struct file_facts *facts)
{
    facts->bytes = map->size;
    facts->encoding = encoding_name(layout->encoding);
    facts->separator = layout->separator;
    facts->header_line = layout->header_line;
    snprintf(facts->missing, sizeof(facts->missing), "%s", buf_text(&layout->missing));
}

static bool read_file(struct transform *transform, const char *name, const struct file_map *map,
                      const struct scope *scope, struct batch *batch, struct file_facts *facts,
                      struct error *err)
{
    char stamp[CLOCK_STAMP_SIZE];
    struct layout layout = {0};

    if (!file_sha256(map, facts->sha256, err) ||
        !layout_read(transform->headers, map, &layout, err))
        return false;
    state_facts(&layout, map, facts);
    batch_expect(batch, map->size / 2 * 3); /* short cells grow by their lengths */
    for (size_t i = 0; i < layout.unknown_count; i++)
        batch_note_unknown(batch, name, layout.unknown[i]);
    struct reading in = {
        .transform = transform,
        .scope = scope,
        .layout = &layout,
        .file = name,
        .extracted_at = clock_format_local(scope->extracted_at, stamp),
        .batch = batch,
        .has_nul = memchr(map->data, '\0', map->size),
    };
    bool ok = read_records(&in, map, err);
    layout_done(&layout);
    return ok;
}

bool transform_file(struct transform *transform, const char *path, const struct scope *scope,
                    struct batch *batch, struct file_facts *facts, struct error *err)
{
    const char *slash = strrchr(path, '/');
    struct file_map map;
    struct file_facts found = {0};

    if (!file_map_open(path, &map, err))
        return false;
    const char *name =
        arena_copy(&batch->texts, slash ? slash + 1 : path, strlen(slash ? slash + 1 : path));
    bool ok = read_file(transform, name, &map, scope, batch, &found, err);
    file_map_close(&map);
    if (!ok)
        return error_context(err, "%s", name);
    *facts = found;
    return true;
}

/* The first reject of a kind, to show an example. Foreign records are told by their reason. */
static const struct reject *example(const struct batch *batch, bool foreign)
{
    const struct reject *reject = batch->rejects;

    while ((strncmp(reject->reason, FOREIGN_REASON, strlen(FOREIGN_REASON)) == 0) != foreign)
        reject++;
    return reject;
}

/* Too many bad records mean that the file, not the records, is wrong. */
static bool within_limits(const struct report *report, const struct batch *batch, bool accept,
                          struct error *err)
{
    const struct batch_counts *counts = &batch->counts;
    const struct limits *limits = &report->limits;
    const uint64_t broken = counts->rejected - counts->foreign;
    const double read = (double)counts->read;

    if (!accept && (double)counts->foreign > limits->max_foreign_ratio * read) {
        const struct reject *first = example(batch, true);
        return error_set(err, ERROR_HELD,
                         "another period: %" PRIu64 " of %" PRIu64
                         " records lie outside what was asked for (%s:%" PRIu64
                         ": %s); to load the others, run again with --accept-shrink",
                         counts->foreign, counts->read, first->file, first->line, first->reason);
    }
    if ((int64_t)broken > limits->min_rejects && (double)broken > limits->max_reject_ratio * read) {
        const struct reject *first = example(batch, false);
        return error_set(err, ERROR_DATA,
                         "too many unusable records: %" PRIu64 " of %" PRIu64 " (%s:%" PRIu64
                         ": %s)",
                         broken, counts->read, first->file, first->line, first->reason);
    }
    return true;
}

bool transform_finish(struct transform *transform, struct batch *batch, bool accept,
                      struct error *err)
{
    batch->counts.duplicates = repeats_mark_superseded(batch);
    batch->counts.loaded = batch->row_count - batch->counts.duplicates;
    if (!within_limits(transform->report, batch, accept, err))
        return false;
    repeats_identify_rejects(batch, transform->report->name);
    return true;
}

/* SPDX-License-Identifier: MIT */
/* Reads the files of a window into its batch, and applies the report's limits. */
#include "transform/transform.h"

#include "base/file.h"
#include "base/mem.h"
#include "transform/clean.h"
#include "transform/records.h"
#include "transform/dedup.h"
#include "transform/unpack.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct transform {
    const struct report *report;
    struct header_index *headers;
    struct cleaner cleaner;
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

/* Writes the SHA-256 of `len` bytes in lower-case hexadecimal digits. */
static bool sha256_hex(const char *bytes, size_t len, char out[SHA256_HEX_SIZE], struct error *err)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned digest_len = 0;

    if (!EVP_Digest(bytes, len, digest, &digest_len, EVP_sha256(), NULL))
        return error_set(err, ERROR_SYSTEM, "cannot compute a SHA-256");
    for (unsigned i = 0; i < digest_len && i < (SHA256_HEX_SIZE - 1) / 2; i++)
        snprintf(out + (size_t)i * 2, 3, "%02x", digest[i]);
    return true;
}

/* Adds what one part of the file lacks to what the other parts lack. */
static void state_missing(const char *lacks, struct file_facts *facts)
{
    const size_t len = strlen(facts->missing);

    if (*lacks && !strstr(facts->missing, lacks))
        snprintf(facts->missing + len, sizeof(facts->missing) - len, "%s%s", len ? ", " : "",
                 lacks);
}

static void state_facts(const struct layout *layout, const struct part *part,
                        struct file_facts *facts)
{
    state_missing(buf_text(&layout->map.lacks), facts);
    if (facts->encoding)
        return;
    facts->encoding = part->encoding ? part->encoding : charset_name(layout->charset);
    facts->separator = layout->separator;
    facts->header_line = layout->header_line;
}

/* Keeps the worst end of all parts: if one may have been cut, the file may have been. */
static void state_end(enum file_end end, struct file_facts *facts)
{
    if (end > facts->end)
        facts->end = end;
}

/* Reads one CSV; its rejects name the file as `name`. */
static bool read_part(struct transform *transform, const char *name, const struct part *part,
                      const struct scope *scope, struct batch *batch, struct file_facts *facts,
                      struct error *err)
{
    const struct layout_bytes bytes = layout_trim(part->data, part->len);
    struct layout layout = {0};
    enum file_end end = FILE_END_NONE;

    if (!layout_read(transform->headers, bytes, &layout, err))
        return false;
    state_facts(&layout, part, facts);
    batch_expect(batch, part->len / 2 * 3); /* each cell needs 4 more bytes for its length */
    const struct records what = {
        .headers = transform->headers,
        .cleaner = &transform->cleaner,
        .scope = scope,
        .bytes = bytes,
        .file = name,
        .batch = batch,
    };
    const bool ok = records_read(&what, &layout, &end, err);
    state_end(end, facts);
    layout_done(&layout);
    return ok;
}

/* Returns the name for rejects, in the batch's memory: "x.zip: y.csv" for a part that has a name of
 * its own. */
static const char *name_part(struct batch *batch, const char *file, const char *part)
{
    if (!*part)
        return arena_copy(&batch->texts, file, strlen(file));
    MEM_FREE_TEXT char *name = mem_format("%s: %s", file, part);
    return arena_copy(&batch->texts, name, strlen(name));
}

static bool read_parts(struct transform *transform, const char *file, struct unpack *unpack,
                       const struct scope *scope, struct batch *batch, struct file_facts *facts,
                       struct error *err)
{
    struct part part;

    for (size_t i = 0; i < unpack->count; i++) {
        const char *inner = unpack_name(unpack, i), *name = name_part(batch, file, inner);
        if (!unpack_part(unpack, i, &part, err) ||
            !read_part(transform, name, &part, scope, batch, facts, err))
            return *inner ? error_context(err, "%s", inner) : false;
    }
    snprintf(facts->left_out, sizeof(facts->left_out), "%s", unpack_left_out(unpack));
    return true;
}

static bool read_file(struct transform *transform, const char *name, const struct file_map *map,
                      const struct scope *scope, struct batch *batch, struct file_facts *facts,
                      struct error *err)
{
    struct unpack unpack = {0};

    facts->bytes = map->size;
    if (!sha256_hex(map->data, map->size, facts->sha256, err) ||
        !unpack_open(map->data, map->size, UNPACK_LIMITS, &unpack, err))
        return false;
    const bool ok = read_parts(transform, name, &unpack, scope, batch, facts, err);
    unpack_close(&unpack);
    return ok;
}

/* Opens a file. Files of this program are mapped, which saves a copy: nobody else writes to
 * them. */
static bool open_file(const char *path, const struct scope *scope, struct file_map *out,
                      struct error *err)
{
    return scope->by_hand ? file_map_copy(path, TRANSFORM_BATCH_MAX, out, err)
                          : file_map_open(path, out, err);
}

bool transform_file(struct transform *transform, const char *path, const struct scope *scope,
                    struct batch *batch, struct file_facts *facts, struct error *err)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    struct file_map map;
    struct file_facts found = {0};

    if (!open_file(path, scope, &map, err))
        return false;
    const bool ok = read_file(transform, name, &map, scope, batch, &found, err);
    file_map_close(&map);
    if (!ok)
        return error_context(err, "%s", name);
    *facts = found;
    return true;
}

/* Returns the first reject, foreign or not, as an example. There must be one. */
static const struct reject *example(const struct batch *batch, bool foreign)
{
    const struct reject *reject = batch->rejects;

    while ((strncmp(reject->reason, FILE_FOREIGN_REASON, strlen(FILE_FOREIGN_REASON)) == 0) !=
           foreign)
        reject++;
    return reject;
}

static bool check_foreign(const struct report *report, const struct batch *batch, struct error *err)
{
    const struct batch_counts *counts = &batch->counts;

    if ((double)counts->foreign <= report->limits.max_foreign_ratio * (double)counts->read)
        return true;
    const struct reject *first = example(batch, true);
    return error_set(err, ERROR_HELD,
                     "another period: %" PRIu64 " of %" PRIu64
                     " records lie outside what was asked for (%s:%" PRIu64 ": %s)",
                     counts->foreign, counts->read, first->file, first->line, first->reason);
}

/* Refuses a file with too many bad records: then the file, not the records, is wrong. So is a file
 * without a good record, however small it is. */
static bool check_rejects(const struct report *report, const struct batch *batch, struct error *err)
{
    const struct batch_counts *counts = &batch->counts;
    const struct limits *limits = &report->limits;
    const uint64_t broken = counts->rejected - counts->foreign;
    const bool none_usable = broken && counts->rejected == counts->read;

    if (!none_usable && ((int64_t)broken <= limits->min_rejects ||
                         (double)broken <= limits->max_reject_ratio * (double)counts->read))
        return true;
    const struct reject *first = example(batch, false);
    return error_set(err, ERROR_DATA, "%s: %" PRIu64 " of %" PRIu64 " (%s:%" PRIu64 ": %s)",
                     none_usable ? "no record could be used" : "too many unusable records", broken,
                     counts->read, first->file, first->line, first->reason);
}

/* Refuses files in which most dates of a column cannot be read: the column is written in a new way,
 * and the table's would be emptied. Days that do not exist are no sign of that, and do not count:
 * where few cells have a date yet, they may be most of them. */
static bool check_unreadable(const struct report *report, const struct batch *batch,
                             struct error *err)
{
    const struct limits *limits = &report->limits;

    for (size_t c = 0; c < report->column_count; c++) {
        const struct column_tally *tally = &batch->tallies[c];
        const uint64_t dates = tally->filled - tally->impossible;
        if (c == report->window_date || (int64_t)tally->unreadable <= limits->min_unreadable ||
            (double)tally->unreadable <= limits->max_unreadable_ratio * (double)dates)
            continue;
        return error_set(err, ERROR_DATA,
                         "column %s: %" PRIu64 " of %" PRIu64
                         " values cannot be read (the first on line %" PRIu64
                         "): is it written in another way now?",
                         report->columns[c].name, tally->unreadable, dates, tally->line);
    }
    return true;
}

/* Counts the cells that became NULL because they cannot be read. The window date is left out: an
 * unreadable one makes a reject. */
static uint64_t count_unreadable(const struct report *report, const struct batch *batch)
{
    uint64_t count = 0;

    for (size_t c = 0; c < report->column_count; c++)
        if (c != report->window_date)
            count += batch->tallies[c].unreadable + batch->tallies[c].impossible;
    return count;
}

bool transform_finish(struct transform *transform, struct batch *batch, bool accept,
                      struct error *err)
{
    const struct report *report = transform->report;

    batch->counts.duplicates = dedup_mark_superseded(batch);
    batch->counts.loaded = batch->row_count - batch->counts.duplicates;
    batch->counts.unreadable = count_unreadable(report, batch);
    if ((!accept && !check_foreign(report, batch, err)) || !check_rejects(report, batch, err) ||
        !check_unreadable(report, batch, err))
        return false;
    dedup_identify_rejects(batch, report->name);
    return true;
}

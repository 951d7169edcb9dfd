/* SPDX-License-Identifier: MIT */
/* Writes and reads a line of the manifest. */
#include "bronze/manifest_line.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/json.h"
#include "base/mem.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 100000 };

static const char *const kind_names[] = {
    [BRONZE_EXPORT] = "export", [BRONZE_SWEEP] = "sweep", [BRONZE_REMOVED] = "removed"};

static void add_text(struct buf *out, const char *name, const char *text)
{
    buf_addf(out, "\"%s\":", name);
    json_add_string(out, text, strlen(text));
}

static void add_days(struct buf *out, struct window window)
{
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE], own_first[DATE_ISO_SIZE],
        own_last[DATE_ISO_SIZE];

    buf_addf(out,
             ",\"first\":\"%s\",\"last\":\"%s\",\"own_first\":\"%s\",\"own_last\":\"%s\","
             "\"complete\":%s",
             date_format_iso(window.first, first), date_format_iso(window.last, last),
             date_format_iso(window.own_first, own_first),
             date_format_iso(window.own_last, own_last), window.complete ? "true" : "false");
}

static void add_file(struct buf *out, const struct bronze_file *file)
{
    buf_add_char(out, '{');
    add_text(out, "name", file->name);
    buf_addf(out, ",\"sha256\":\"%s\",\"bytes\":%" PRIu64 ",\"packed\":%" PRIu64 ",", file->sha256,
             file->bytes, file->packed);
    add_text(out, "path", file->path);
    buf_add_char(out, '}');
}

static void add_export(struct buf *out, const struct bronze_entry *entry)
{
    char exported[CLOCK_STAMP_SIZE], today[DATE_ISO_SIZE];

    buf_addf(out, ",\"exported_at\":\"%s\",\"today\":\"%s\",\"accepted\":%s",
             clock_format_zoned(entry->exported_at, exported), date_format_iso(entry->today, today),
             entry->accepted ? "true" : "false");
    buf_addf(out,
             ",\"rows\":%" PRIu64 ",\"rejected\":%" PRIu64 ",\"undated\":%" PRIu64
             ",\"kept\":%" PRIu64 ",\"stored\":%s,\"files\":[",
             entry->rows, entry->rejected, entry->undated, entry->kept,
             entry->stored ? "true" : "false");
    for (size_t i = 0; i < entry->file_count; i++) {
        if (i)
            buf_add_char(out, ',');
        add_file(out, &entry->files[i]);
    }
    buf_add_char(out, ']');
}

void manifest_line_add(struct buf *out, const struct bronze_entry *entry)
{
    buf_addf(out, "{\"kind\":\"%s\",", kind_names[entry->kind]);
    add_text(out, "run", entry->run);
    buf_add_char(out, ',');
    add_text(out, "report", entry->report);
    if (entry->kind != BRONZE_SWEEP)
        add_days(out, entry->window);
    else
        buf_addf(out, ",\"kept\":%" PRIu64, entry->kept);
    if (entry->kind == BRONZE_EXPORT)
        add_export(out, entry);
    buf_add_text(out, "}\n");
}

/* --- reading ------------------------------------------------------------------------------ */

static bool lacks(const char *name, struct error *err)
{
    return error_set(err, ERROR_DATA, "\"%s\" is missing or not what it should be", name);
}

/* Returns the text, borrowed from the object; NULL if it is missing or empty. */
static const char *read_text(const json_t *object, const char *name, struct error *err)
{
    const char *text = json_string_value(json_object_get(object, name));

    if (text && *text)
        return text;
    lacks(name, err);
    return NULL;
}

static bool read_number(const json_t *object, const char *name, uint64_t *out, struct error *err)
{
    const json_t *value = json_object_get(object, name);

    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return lacks(name, err);
    *out = (uint64_t)json_integer_value(value);
    return true;
}

static bool read_bool(const json_t *object, const char *name, bool *out, struct error *err)
{
    const json_t *value = json_object_get(object, name);

    if (!json_is_boolean(value))
        return lacks(name, err);
    *out = json_is_true(value);
    return true;
}

static bool read_day(const json_t *object, const char *name, int32_t *out, struct error *err)
{
    const char *text = read_text(object, name, err);

    return text && (date_parse_iso(text, strlen(text), out) || lacks(name, err));
}

/* Reads "2026-11-23T18:30:01-03:00". */
static bool parse_instant(const char *text, time_t *out)
{
    enum { DAY_LENGTH = DATE_ISO_SIZE - 1, LENGTH = sizeof("2026-11-23T18:30:01-03:00") - 1 };
    int32_t day;
    unsigned hour, minute, second, zone_hours, zone_minutes;
    char sign;
    int end = 0;

    if (strlen(text) != LENGTH || !date_parse_iso(text, DAY_LENGTH, &day) ||
        sscanf(text + DAY_LENGTH, "T%2u:%2u:%2u%c%2u:%2u%n", &hour, &minute, &second, &sign,
               &zone_hours, &zone_minutes, &end) != 6 ||
        end != LENGTH - DAY_LENGTH || (sign != '+' && sign != '-') || hour > 23 || minute > 59 ||
        second > 60)
        return false;
    const int64_t zone = ((int64_t)zone_hours * 60 + zone_minutes) * 60;
    *out = (time_t)((int64_t)day * 86400 + ((int64_t)hour * 60 + minute) * 60 + second -
                    (sign == '-' ? -zone : zone));
    return true;
}

static bool read_instant(const json_t *object, const char *name, time_t *out, struct error *err)
{
    const char *text = read_text(object, name, err);

    return text && (parse_instant(text, out) || lacks(name, err));
}

static bool read_days(const json_t *object, struct window *out, struct error *err)
{
    return read_day(object, "first", &out->first, err) &&
           read_day(object, "last", &out->last, err) &&
           read_day(object, "own_first", &out->own_first, err) &&
           read_day(object, "own_last", &out->own_last, err) &&
           read_bool(object, "complete", &out->complete, err);
}

/* Whether a path stays within its folder: a manifest that came from elsewhere must not make the
 * program read or write other files. */
static bool stays_within(const char *path)
{
    if (*path == '/')
        return false;
    for (const char *part = path;; part++) {
        const size_t len = strcspn(part, "/");
        if (len == 0 || (len == 1 && part[0] == '.') || (len == 2 && strncmp(part, "..", 2) == 0))
            return false;
        part += len;
        if (!*part)
            return true;
    }
}

static bool is_sha256(const char *text)
{
    return strlen(text) == BRONZE_SHA256_SIZE - 1 &&
           strspn(text, "0123456789abcdef") == BRONZE_SHA256_SIZE - 1;
}

static bool read_file(const json_t *object, struct bronze_file *out, struct error *err)
{
    const char *name = read_text(object, "name", err), *path = read_text(object, "path", err),
               *sha256 = read_text(object, "sha256", err);

    if (!name || !path || !sha256 || !read_number(object, "bytes", &out->bytes, err) ||
        !read_number(object, "packed", &out->packed, err))
        return false;
    if (strchr(name, '/') || !stays_within(name))
        return lacks("name", err);
    if (!stays_within(path))
        return lacks("path", err);
    if (!is_sha256(sha256))
        return lacks("sha256", err);
    memcpy(out->sha256, sha256, sizeof(out->sha256));
    out->name = mem_copy(name);
    out->path = mem_copy(path);
    return true;
}

static bool read_files(const json_t *object, struct bronze_entry *out, struct error *err)
{
    const json_t *files = json_object_get(object, "files");
    const size_t count = json_array_size(files);

    if (!json_is_array(files) || count == 0 || count > FILES_MAX)
        return lacks("files", err);
    out->files = mem_array(count, sizeof(*out->files));
    for (size_t i = 0; i < count; i++, out->file_count++)
        if (!read_file(json_array_get(files, i), &out->files[i], err))
            return false;
    return true;
}

static bool read_export(const json_t *object, struct bronze_entry *out, struct error *err)
{
    return read_instant(object, "exported_at", &out->exported_at, err) &&
           read_day(object, "today", &out->today, err) &&
           read_bool(object, "accepted", &out->accepted, err) &&
           read_number(object, "rows", &out->rows, err) &&
           read_number(object, "rejected", &out->rejected, err) &&
           read_number(object, "undated", &out->undated, err) &&
           read_number(object, "kept", &out->kept, err) &&
           read_bool(object, "stored", &out->stored, err) && read_files(object, out, err);
}

static bool read_kind(const json_t *object, enum bronze_kind *out, struct error *err)
{
    const char *name = read_text(object, "kind", err);

    for (size_t i = 0; name && i < sizeof(kind_names) / sizeof(*kind_names); i++) {
        if (strcmp(name, kind_names[i]) == 0) {
            *out = (enum bronze_kind)i;
            return true;
        }
    }
    return name ? lacks("kind", err) : false;
}

static bool read_entry(const json_t *object, struct bronze_entry *out, struct error *err)
{
    const char *run = read_text(object, "run", err), *report = read_text(object, "report", err);

    if (!run || !report || !read_kind(object, &out->kind, err))
        return false;
    if (strlen(run) >= sizeof(out->run))
        return lacks("run", err);
    if (strchr(report, '/'))
        return lacks("report", err);
    memcpy(out->run, run, strlen(run) + 1);
    out->report = mem_copy(report);
    if (out->kind == BRONZE_SWEEP)
        return read_number(object, "kept", &out->kept, err);
    return read_days(object, &out->window, err) &&
           (out->kind == BRONZE_REMOVED || read_export(object, out, err));
}

bool manifest_line_read(const char *line, size_t len, struct bronze_entry *out, struct error *err)
{
    json_error_t fault;
    json_t *object = json_loadb(line, len, JSON_REJECT_DUPLICATES, &fault);
    struct bronze_entry entry = {0};

    if (!object)
        return error_set(err, ERROR_DATA, "it is not JSON: %s", fault.text);
    const bool ok = read_entry(object, &entry, err);
    json_decref(object);
    if (ok)
        *out = entry;
    else
        bronze_entry_done(&entry);
    return ok;
}

/* SPDX-License-Identifier: MIT */
/* Prepares a window: fetches its export and makes clean rows of the files. */
#include "run/window_prepare.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "run/window_fetch.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES_MAX = 64 * 1024 };

static void forget_rows(struct prepared *prepared)
{
    batch_done(&prepared->batch);
    buf_reset(&prepared->files);
    prepared->facts_count = 0;
    prepared->bytes = 0;
}

/* Notes the name and the size of a file that was read. */
static void note_file(struct prepared *prepared, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (prepared->files.len)
        buf_add_text(&prepared->files, ", ");
    buf_add_text(&prepared->files, slash ? slash + 1 : path);
    prepared->bytes += prepared->facts[prepared->facts_count++].bytes;
}

/* Whether a file has the line end at its end that the report's files have; else ERROR_DATA. A file
 * that was cut within its last cell looks whole but lacks that line end. */
static bool check_end(const struct preparer *preparer, const struct prepared *prepared, size_t file,
                      struct error *err)
{
    const char *path = prepared->export.paths[file], *slash = strrchr(path, '/');
    bool ends_lines = preparer->ends_lines;

    for (size_t i = 0; i < file; i++)
        ends_lines = ends_lines || prepared->facts[i].end == FILE_END_LINE;
    if (!ends_lines || prepared->facts[file].end != FILE_END_OPEN || prepared->export.proven)
        return true;
    return error_set(
        err, ERROR_DATA,
        "%s: the file ends without a line end, and files of this report always had one: "
        "it was cut; if they come so now: DELETE FROM etl_habits WHERE report = '%s' "
        "AND habit LIKE 'ends lines%%'",
        slash ? slash + 1 : path, preparer->report->name);
}

bool prepared_clean(const struct preparer *preparer, struct prepared *prepared, struct error *err)
{
    const struct scope scope = {.window = prepared->window,
                                .extracted_at = prepared->export.extracted_at,
                                .by_hand = prepared->export.by_hand};

    forget_rows(prepared);
    batch_init(&prepared->batch, preparer->report->column_count, TRANSFORM_BATCH_MAX);
    for (size_t i = 0; i < prepared->export.count; i++) {
        const char *path = prepared->export.paths[i];
        if (!transform_file(preparer->transform, path, &scope, &prepared->batch,
                            &prepared->facts[i], err) ||
            !check_end(preparer, prepared, i, err))
            return false;
        note_file(prepared, path);
    }
    return transform_finish(preparer->transform, &prepared->batch, preparer->accept_shrink, err);
}

/* Frees what is known of the files, and removes them unless they are to be kept. */
static void forget_files(struct prepared *prepared, bool keep)
{
    forget_rows(prepared);
    free(prepared->facts);
    prepared->facts = NULL;
    for (size_t i = 0; !keep && i < prepared->export.count; i++)
        unlink(prepared->export.paths[i]);
    export_done(&prepared->export);
}

static bool fetch_and_clean(const struct preparer *preparer, struct prepared *out, int64_t until_ms)
{
    struct error *err = &out->error;

    if (!fetch_window(preparer->extractor, preparer->report, out->window, until_ms, &out->export,
                      err))
        return false;
    out->facts = mem_array(out->export.count, sizeof(*out->facts));
    if (!prepared_clean(preparer, out, err))
        return false;
    *err = (struct error){0};
    return true;
}

/* Whether the failure is about what the file contains: it may have been damaged on its way, so it
 * is worth asking for another one. */
static bool is_about_the_file(const struct error *err)
{
    return err->kind == ERROR_DATA || err->kind == ERROR_HELD;
}

/* Remembers the rows of the window's own days that a batch shows. */
static void remember_rows(struct prepared *prepared, const struct batch *batch)
{
    const struct window *window = &prepared->window;

    for (size_t i = 0; i < batch->row_count; i++) {
        const struct row *row = &batch->rows[i];
        if (!row->undated && row->date >= window->own_first && row->date <= window->own_last)
            key_set_add(&prepared->shown, row->key);
    }
    key_set_seal(&prepared->shown);
}

/* Fetches the export once more in place of the one that there is. The rows of that one are
 * remembered: even an export that was cut shows what the portal has. */
static bool ask_again(const struct preparer *preparer, struct prepared *out, const char *why,
                      int64_t until_ms)
{
    log_warn("window.asked_again", log_text("report", preparer->report->name),
             log_text("error", why));
    remember_rows(out, &out->batch);
    forget_files(out, false);
    return fetch_and_clean(preparer, out, until_ms);
}

static bool is_empty(const struct prepared *prepared)
{
    return prepared->error.kind == ERROR_NONE && prepared->batch.counts.read == 0;
}

/* Whether the export is empty and is to be asked for again. After PREPARE_EMPTIES_MAX windows of
 * the report that stayed empty an empty one is believed at once. */
static bool is_doubtful(const struct preparer *preparer, const struct prepared *prepared,
                        int64_t until_ms)
{
    return is_empty(prepared) && preparer->seconds > 0 && clock_ms() < until_ms &&
           atomic_load(preparer->empties) < PREPARE_EMPTIES_MAX;
}

/* Asks for an empty export again, and counts the window if it stays empty. */
static void confirm_empty(const struct preparer *preparer, struct prepared *out, int64_t until_ms)
{
    if (!ask_again(preparer, out, "the export holds no record", until_ms))
        error_context(&out->error, "the export held no record, and asking again failed");
    else if (is_empty(out))
        atomic_fetch_add(preparer->empties, 1);
}

void window_prepare(const struct preparer *preparer, struct window window, struct prepared *out)
{
    *out = (struct prepared){
        .window = window,
        .files = BUF_INIT(FILES_MAX),
        .started_at = clock_now(),
        .began_ms = clock_ms(),
    };
    const int64_t until_ms = out->began_ms + (int64_t)preparer->seconds * 1000;
    if (!fetch_and_clean(preparer, out, until_ms) && is_about_the_file(&out->error) &&
        clock_ms() < until_ms) {
        const struct error why = out->error;
        ask_again(preparer, out, why.message, until_ms);
    }
    if (is_doubtful(preparer, out, until_ms))
        confirm_empty(preparer, out, until_ms);
    out->ended_ms = clock_ms();
    out->spent_ms = out->ended_ms - out->began_ms;
}

void prepared_remember(struct prepared *prepared, const struct prepared *other)
{
    for (size_t i = 0; i < other->shown.count; i++)
        key_set_add(&prepared->shown, other->shown.keys[i]);
    remember_rows(prepared, &other->batch);
}

void prepared_done(struct prepared *prepared, bool keep_files)
{
    key_set_done(&prepared->shown);
    forget_files(prepared, keep_files);
    buf_done(&prepared->files);
}

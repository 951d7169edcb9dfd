/* SPDX-License-Identifier: MIT */
/* From the portal to clean rows. */
#include "run/prepare.h"

#include "base/clock.h"
#include "base/mem.h"

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

static void note_file(struct prepared *prepared, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (prepared->files.len)
        buf_add_text(&prepared->files, ", ");
    buf_add_text(&prepared->files, slash ? slash + 1 : path);
    prepared->bytes += prepared->facts[prepared->facts_count++].bytes;
}

bool prepared_clean(const struct preparer *preparer, struct prepared *prepared, struct error *err)
{
    const struct scope scope = {.window = prepared->window,
                                .extracted_at = prepared->export.extracted_at};

    forget_rows(prepared);
    batch_init(&prepared->batch, preparer->report->column_count, TRANSFORM_BATCH_MAX);
    for (size_t i = 0; i < prepared->export.count; i++) {
        const char *path = prepared->export.paths[i];
        if (!transform_file(preparer->transform, path, &scope, &prepared->batch,
                            &prepared->facts[i], err))
            return false;
        note_file(prepared, path);
    }
    return transform_finish(preparer->transform, &prepared->batch, preparer->accept_shrink, err);
}

void window_prepare(const struct preparer *preparer, struct window window, struct prepared *out)
{
    *out = (struct prepared){
        .window = window,
        .files = BUF_INIT(FILES_MAX),
        .started_at = clock_now(),
        .started_ms = clock_ms(),
    };
    if (!extractor_fetch(preparer->extractor, preparer->report, window, &out->export, &out->error))
        return;
    out->facts = mem_array(out->export.count, sizeof(*out->facts));
    if (prepared_clean(preparer, out, &out->error))
        out->error = (struct error){0};
}

void prepared_done(struct prepared *prepared, bool keep_files)
{
    forget_rows(prepared);
    free(prepared->facts);
    buf_done(&prepared->files);
    for (size_t i = 0; !keep_files && i < prepared->export.count; i++)
        unlink(prepared->export.paths[i]);
    export_done(&prepared->export);
}

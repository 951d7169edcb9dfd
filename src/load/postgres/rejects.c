/* SPDX-License-Identifier: MIT */
/* Rejects, as arrays: COPY could not pass over those that are there already. */
#include "load/postgres/internal.h"

#include "load/postgres/array_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    PIECE_BYTES = 1024 * 1024, /* of raw text, and one reject more, are sent at once */
    ARRAY_MAX = 64 * 1024 * 1024,
    RUN = 0, /* numbers of the parameters */
    REPORT,
    IDS,
    FILES,
    LINES,
    REASONS,
    RAWS,
    COUNT
};

struct piece {
    struct buf arrays[COUNT]; /* from IDS on */
};

static struct cell cell_of(const char *text)
{
    return (struct cell){.text = text, .len = strlen(text)};
}

static void add(struct piece *piece, const struct reject *reject)
{
    char line[24];

    snprintf(line, sizeof(line), "%" PRIu64, reject->line);
    array_text_hash(&piece->arrays[IDS], reject->id);
    array_text_cell(&piece->arrays[FILES], cell_of(reject->file));
    array_text_cell(&piece->arrays[LINES], cell_of(line));
    array_text_cell(&piece->arrays[REASONS], cell_of(reject->reason));
    array_text_cell(&piece->arrays[RAWS],
                    (struct cell){.text = reject->raw, .len = reject->raw_len});
}

static bool send(struct postgres_destination *dest, const struct run *run, struct piece *piece,
                 struct error *err)
{
    const char *values[COUNT] = {[RUN] = run->id, [REPORT] = dest->base.report->name};

    for (int i = IDS; i < COUNT; i++) {
        values[i] = array_text_end(&piece->arrays[i]);
        if (piece->arrays[i].full)
            return postgres_refuse(dest, "keep rejects", err, "they have over %d bytes", ARRAY_MAX);
    }
    RESULT_CLEAR PGresult *res = postgres_query_values(
        dest, "keep rejects",
        "INSERT INTO etl_rejects (run_id, report, id, file, line, reason, raw)"
        " SELECT $1, $2, * FROM"
        " unnest($3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::text[])"
        " ON CONFLICT (id) DO NOTHING",
        COUNT, values, err);
    for (int i = IDS; i < COUNT; i++)
        buf_reset(&piece->arrays[i]);
    return res != NULL;
}

bool postgres_reject(struct destination *base, const struct run *run, const struct batch *batch,
                     struct error *err)
{
    struct piece piece;
    bool ok = true;

    for (int i = 0; i < COUNT; i++)
        piece.arrays[i] = BUF_INIT(ARRAY_MAX);
    for (size_t i = 0; ok && i < batch->reject_count; i++) {
        add(&piece, &batch->rejects[i]);
        if (i + 1 == batch->reject_count || piece.arrays[RAWS].len >= PIECE_BYTES)
            ok = send(postgres_of(base), run, &piece, err);
    }
    for (int i = 0; i < COUNT; i++)
        buf_done(&piece.arrays[i]);
    return ok;
}

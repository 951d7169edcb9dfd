/* SPDX-License-Identifier: MIT */
/* Copies runs, windows, changes, rejects, added columns and notes. */
#include "run/copy_journal.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "model/hash_index.h"
#include "run/retry.h"

#include <stdlib.h>
#include <string.h>

enum {
    BATCH_ROWS = 4000,
    BATCH_BYTES = 4 * 1024 * 1024,
    READ_ROWS = 1000, /* at once, of up to 64 kB each */
};

bool copy_journal_is_copy(const struct journal_table *table, const struct cell *cells)
{
    enum { MODE = 1 };

    return table->id == JOURNAL_RUNS && cells[MODE].text &&
           strcmp(cells[MODE].text, COPY_MODE) == 0;
}

static enum sql_dialect dialect_of(const struct destination *dest)
{
    return dest->ops->dialect;
}

/* --- tables that grow ------------------------------------------------------------------------ */

/* A row of a table that grows: what it holds, and its place. */
struct place {
    bool there;
    struct hash128 hash;
    char *text;
};

struct placing {
    const struct journal_table *table;
    struct place *out;
};

static bool take_place(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct placing *placing = arg;

    (void)count;
    (void)err;
    free(placing->out->text);
    *placing->out = (struct place){.there = true,
                                   .hash = journal_row_hash(placing->table, cells + 1),
                                   .text = mem_copy_n(cells[0].text, cells[0].len)};
    return true;
}

/* Finds the row `number`, from 0. */
static bool find_place(struct destination *dest, const struct journal_table *table, size_t number,
                       struct place *out, struct error *err)
{
    struct placing placing = {table, out};
    MEM_FREE_TEXT char *sql = journal_select_one(table, dialect_of(dest), number);

    return destination_query(dest, sql, take_place, &placing, err);
}

static bool take_count(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)count;
    (void)err;
    *(size_t *)arg = strtoull(cells[0].text, NULL, 10);
    return true;
}

static bool count_rows(struct destination *dest, const struct journal_table *table, size_t *out,
                       struct error *err)
{
    MEM_FREE_TEXT char *sql = mem_format("SELECT count(*) FROM %s", table->name);

    *out = 0;
    return destination_query(dest, sql, take_count, out, err);
}

static bool refuse_history(const struct journal_table *table, struct error *err)
{
    return error_set(err, ERROR_DATA,
                     "the target has a history of its own: its %s has what the source does not"
                     " have; copy into an empty database, or into one that a copy of the same"
                     " source has made",
                     table->name);
}

/* Finds the place in the source behind which the target lacks rows; NULL: it has none. The last row
 * of the target must be the one at that place. */
static bool find_end(struct copy_sides *sides, const struct journal_table *table, char **after,
                     struct error *err)
{
    struct place here = {0}, there = {0};
    size_t count;

    *after = NULL;
    if (!count_rows(sides->to, table, &count, err))
        return false;
    if (!count)
        return true;
    bool ok = find_place(sides->from, table, count - 1, &here, err) &&
              find_place(sides->to, table, count - 1, &there, err);
    if (ok && !(here.there && there.there && hash128_equal(here.hash, there.hash)))
        ok = refuse_history(table, err);
    free(there.text);
    if (ok)
        *after = here.text;
    else
        free(here.text);
    return ok;
}

/* What is read of the source next. */
struct filling {
    struct copy_sides *sides;
    struct journal_rows rows;
    char *after; /* the place of the last row */
};

static bool take_row(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct filling *filling = arg;

    (void)count;
    journal_rows_add(&filling->rows, dialect_of(filling->sides->from), cells + 1);
    free(filling->after);
    filling->after = mem_copy_n(cells[0].text, cells[0].len);
    return stop_check(err);
}

/* Reads rows until there are enough for a batch; *more says whether there may be others. */
static bool fill(struct filling *filling, bool *more, struct error *err)
{
    struct destination *from = filling->sides->from;

    for (;;) {
        const size_t before = filling->rows.count;
        MEM_FREE_TEXT char *sql =
            journal_select_next(filling->rows.table, dialect_of(from), filling->after, READ_ROWS);
        if (!destination_query(from, sql, take_row, filling, err))
            return false;
        *more = filling->rows.count == before + READ_ROWS;
        if (!*more || filling->rows.count >= BATCH_ROWS || filling->rows.bytes >= BATCH_BYTES)
            return true;
    }
}

static void tell(struct copy_sides *sides, const struct journal_table *table, size_t added,
                 size_t removed)
{
    if (added + removed)
        log_info("copy.log", log_text("table", table->name), log_int("added", (int64_t)added),
                 log_int("removed", (int64_t)removed));
    sides->out->written += added + removed;
}

static bool import(struct copy_sides *sides, const struct journal_rows *gone,
                   const struct journal_rows *rows, struct error *err)
{
    if (!gone->count && !rows->count)
        return true;
    return copy_mark_summaries(sides, err) && destination_import(sides->to, gone, rows, err);
}

static bool copy_growing(struct copy_sides *sides, const struct journal_table *table,
                         struct error *err)
{
    const struct journal_rows none = {.table = table};
    struct filling filling = {.sides = sides};
    bool more = true;

    bool ok = find_end(sides, table, &filling.after, err);
    while (ok && more) {
        journal_rows_init(&filling.rows, table);
        ok = copy_keep_leases(sides, err) && fill(&filling, &more, err) &&
             import(sides, &none, &filling.rows, err);
        if (ok)
            tell(sides, table, filling.rows.count, 0);
        journal_rows_done(&filling.rows);
    }
    free(filling.after);
    return ok;
}

/* --- tables that are compared whole ------------------------------------------------------------
 */

/* All rows of a table of one side. */
struct whole {
    struct destination *dest;
    struct journal_rows rows;
    struct hash128 *keys, *hashes;
    struct hash_index index; /* by key */
};

static void whole_done(struct whole *whole)
{
    journal_rows_done(&whole->rows);
    free(whole->keys);
    free(whole->hashes);
    hash_index_done(&whole->index);
}

static bool take_whole(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct whole *whole = arg;

    (void)count;
    (void)err;
    journal_rows_add(&whole->rows, dialect_of(whole->dest), cells);
    return true;
}

static bool read_whole(struct destination *dest, const struct journal_table *table,
                       struct whole *out, struct error *err)
{
    MEM_FREE_TEXT char *sql = journal_select(table, dialect_of(dest));

    *out = (struct whole){.dest = dest};
    journal_rows_init(&out->rows, table);
    if (!destination_query(dest, sql, take_whole, out, err))
        return false;
    const size_t count = out->rows.count;
    out->keys = mem_array(count, sizeof(*out->keys));
    out->hashes = mem_array(count, sizeof(*out->hashes));
    hash_index_init(&out->index, out->keys, sizeof(*out->keys), 0, count);
    for (size_t i = 0; i < count; i++) {
        out->keys[i] = journal_row_key(table, journal_rows_at(&out->rows, i));
        out->hashes[i] = journal_row_hash(table, journal_rows_at(&out->rows, i));
        *hash_index_slot(&out->index, out->keys[i]) = i + 1;
    }
    return true;
}

static bool has_equal(const struct whole *whole, struct hash128 key, struct hash128 hash)
{
    const size_t at = whole->rows.count ? *hash_index_slot(&whole->index, key) : 0;

    return at && hash128_equal(whole->hashes[at - 1], hash);
}

/* Adds to *out the rows of `of` that `other` does not have. The texts are the program's already. */
static void add_missing(const struct whole *of, const struct whole *other, struct journal_rows *out)
{
    for (size_t i = 0; i < of->rows.count; i++)
        if (!has_equal(other, of->keys[i], of->hashes[i]))
            journal_rows_add(out, DIALECT_SQLITE, journal_rows_at(&of->rows, i));
}

/* Fails if the target has runs that the source does not have, and drops from *gone those of
 * copies. */
static bool judge_runs(const struct journal_table *table, struct journal_rows *gone,
                       struct error *err)
{
    for (size_t i = 0; i < gone->count; i++)
        if (!copy_journal_is_copy(table, journal_rows_at(gone, i)))
            return refuse_history(table, err);
    gone->count = 0;
    return true;
}

static bool compare_whole(struct copy_sides *sides, const struct journal_table *table,
                          struct journal_rows *gone, struct journal_rows *missing,
                          struct error *err)
{
    struct whole from = {0}, to = {0};

    journal_rows_init(gone, table);
    journal_rows_init(missing, table);
    bool ok = read_whole(sides->from, table, &from, err) && read_whole(sides->to, table, &to, err);
    if (ok) {
        add_missing(&to, &from, gone);
        add_missing(&from, &to, missing);
        ok = table->id != JOURNAL_RUNS || judge_runs(table, gone, err);
    }
    whole_done(&from);
    whole_done(&to);
    return ok;
}

static bool copy_whole(struct copy_sides *sides, const struct journal_table *table,
                       struct error *err)
{
    struct journal_rows gone = {0}, missing = {0};

    const bool ok = copy_keep_leases(sides, err) &&
                    compare_whole(sides, table, &gone, &missing, err) &&
                    import(sides, &gone, &missing, err);
    if (ok)
        tell(sides, table, missing.count, gone.count);
    journal_rows_done(&gone);
    journal_rows_done(&missing);
    return ok;
}

/* --- all of it ---------------------------------------------------------------------------------
 */

bool copy_journal_check_target(struct copy_sides *sides, struct error *err)
{
    struct journal_rows gone = {0}, missing = {0};

    bool ok = compare_whole(sides, &journal_tables[JOURNAL_RUNS], &gone, &missing, err);
    journal_rows_done(&gone);
    journal_rows_done(&missing);
    for (int i = 0; ok && i < JOURNAL_TABLE_COUNT; i++) {
        char *after = NULL;
        if (journal_grows(&journal_tables[i]))
            ok = find_end(sides, &journal_tables[i], &after, err);
        free(after);
    }
    return ok;
}

struct copying {
    struct copy_sides *sides;
    const struct journal_table *table;
};

/* May be repeated: it looks anew for what the target lacks. */
static bool copy_table(void *arg, struct error *err)
{
    const struct copying *copying = arg;

    return journal_grows(copying->table) ? copy_growing(copying->sides, copying->table, err)
                                         : copy_whole(copying->sides, copying->table, err);
}

bool copy_journal_of(struct copy_sides *sides, const struct journal_table *table, struct error *err)
{
    struct copying copying = {sides, table};

    return retry_until_done(&retry_database, copy_table, &copying, err) ||
           error_context(err, "%s", table->name);
}

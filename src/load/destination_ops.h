/*
 * What a kind of database implements, and what all kinds share. Callers include destination.h,
 * which says what each function promises. A kind is a folder (postgres/, sqlite/) with one `struct
 * destination_ops`; destination_open.c lists them.
 */
#ifndef LOAD_DESTINATION_OPS_H
#define LOAD_DESTINATION_OPS_H

#include "base/error.h"
#include "load/plan.h"
#include "model/batch.h"
#include "model/key_set.h"
#include "model/ledger.h"
#include "model/report.h"
#include "model/window.h"

#include <stdbool.h>
#include <time.h>

/* The technical columns behind a report's own: key and fingerprint, 16 bytes each, the high byte
 * first. */
#define COLUMN_ROW_KEY "_row_key"
#define COLUMN_ROW_HASH "_row_hash"

struct destination;

/* A run's claim to be the only one that writes. All members are borrowed until the lease is
 * released. */
struct lease {
    const char *run_id;
    const char *holder; /* host and process, for the message that another run gets */
    int seconds;        /* the lease expires if it is not renewed for so long */
    /* Whether another holder is known to be dead before its lease expires; may be NULL. */
    bool (*is_dead)(const char *holder);
    const char *name; /* what it is for (load/lease_claim.h); NULL: all tables */
};

/* Gets the rows of a query, one a call; the cells live until the call returns. */
typedef bool destination_row(void *arg, const struct cell *cells, size_t count, struct error *err);

/* Which rows of a table to read, by window date, inclusive. Without bounds all rows. */
struct row_range {
    bool has_first, has_last;
    int32_t first, last; /* by window date */
    bool undated_too;    /* also those without a window date, where there are bounds */
    /* Only rows with one of these keys, or NULL. A kind may hand over others, too, where it would
     * not save time to leave them out. */
    const struct key_set *keys;
    /* Only the key and its columns are wanted: other cells may be NULL, and then key_now and
     * fingerprint_now mean nothing. */
    bool keys_only;
};

/* A row as it stands in the table, whoever wrote it, and the key and fingerprint that its cells
 * have now. */
struct table_row {
    const struct cell *cells; /* one for each column of the report; they live until the call ends */
    bool legacy;              /* its COLUMN_ROW_KEY is NULL: another program wrote it */
    bool has_key, has_fingerprint;   /* whether the technical column holds a hash */
    struct hash128 key, fingerprint; /* as they are stored */
    struct hash128 key_now, fingerprint_now;
};

typedef bool destination_table_row(void *arg, const struct table_row *row, struct error *err);

/* Whether the stored key is that of the row's cells. */
static inline bool table_row_key_agrees(const struct table_row *row)
{
    return row->has_key && hash128_equal(row->key, row->key_now);
}

/* Whether the stored fingerprint is that of the row's cells. */
static inline bool table_row_contents_agree(const struct table_row *row)
{
    return row->has_fingerprint && hash128_equal(row->fingerprint, row->fingerprint_now);
}

/* What a destination is opened for. Only DESTINATION_LOAD makes a database where there is none. */
enum destination_use {
    DESTINATION_LOAD,
    DESTINATION_REHEARSE, /* windows are begun, and rolled back */
    DESTINATION_READ,
};

/* What a load would find in a database. */
enum destination_state {
    DESTINATION_EMPTY,     /* a load would make the tables */
    DESTINATION_UNADOPTED, /* it would adopt the report's table, which another program made */
    DESTINATION_READY,
};

/* Whose SQL a database understands, where the databases differ. */
enum sql_dialect { DIALECT_POSTGRES, DIALECT_SQLITE, DIALECT_CLICKHOUSE, DIALECT_COUNT };

/* A row of the open window that is about to be written; see destination_touch. */
struct touched_row {
    struct hash128 key;
    int32_t date;     /* window date */
    struct cell text; /* of a column that the caller chose; its text may be NULL */
};

enum compaction_outcome {
    COMPACTION_NOTHING, /* there was nothing to remove, or too little */
    COMPACTION_DONE,
    COMPACTION_WAITS, /* queries of others took too long; the next one goes on from here */
};

/* What a compaction has removed. */
struct compaction {
    enum compaction_outcome outcome;
    uint64_t rows, marks;
};

struct note_ops;
struct journal_rows;

/* What a kind of database implements; its own struct begins with `struct destination`. */
struct destination_ops {
    const char *scheme; /* of the URL: "sqlite" */
    enum sql_dialect dialect;
    const struct note_ops *notes;
    bool (*open)(const char *url, enum destination_use use, struct destination **out,
                 struct error *err);
    bool (*inspect)(struct destination *dest, const struct report *report,
                    enum destination_state *out, struct error *err);
    bool (*migrate)(struct destination *dest, const struct report *report, struct error *err);
    bool (*start_run)(struct destination *dest, const struct run *run, struct error *err);
    bool (*end_run)(struct destination *dest, const struct run *run, int exit_code, time_t ended_at,
                    struct error *err);
    bool (*take_lease)(struct destination *dest, const struct lease *lease, int64_t *token,
                       struct error *err);
    bool (*renew_lease)(struct destination *dest, struct error *err); /* within a transaction */
    bool (*keep_lease)(struct destination *dest, struct error *err);  /* in one of its own */
    bool (*release_lease)(struct destination *dest, struct error *err);
    bool (*add_column)(struct destination *dest, const struct report *report, const char *name,
                       const struct run *run, bool *added, struct error *err);
    bool (*query)(struct destination *dest, const char *sql, const char *const *values,
                  size_t value_count, destination_row *row, void *arg, struct error *err);
    /* May be NULL: there is nothing to advise. */
    bool (*advise)(struct destination *dest, destination_row *advice, void *arg, struct error *err);
    /* May be NULL: the database itself sees to it that a window stays whole. */
    bool (*repair)(struct destination *dest, const struct report *report, destination_row *told,
                   void *arg, struct error *err);
    /* May be NULL: nothing is left behind that the database does not remove by itself. */
    bool (*compact)(struct destination *dest, const struct report *report, bool few_too,
                    struct compaction *out, struct error *err);
    bool (*begin)(struct destination *dest, const struct report *report, struct window window,
                  struct error *err);
    bool (*snapshot)(struct destination *dest, struct snapshot *out, struct error *err);
    bool (*read_rows)(struct destination *dest, const struct report *report, struct row_range range,
                      destination_table_row *row, void *arg, struct error *err);
    bool (*loaded_days)(struct destination *dest, bool *days, struct error *err);
    bool (*apply)(struct destination *dest, const struct run *run, const struct batch *batch,
                  const struct plan *plan, struct error *err);
    bool (*reject)(struct destination *dest, const struct run *run, const struct batch *batch,
                   struct error *err);
    bool (*import)(struct destination *dest, const struct journal_rows *gone,
                   const struct journal_rows *rows, struct error *err);
    bool (*touch)(struct destination *dest, const struct touched_row *rows, size_t count,
                  struct error *err);
    bool (*execute)(struct destination *dest, const char *purpose, const char *sql,
                    struct error *err);
    bool (*begin_work)(struct destination *dest, struct error *err);
    bool (*commit_work)(struct destination *dest, struct error *err);
    bool (*begin_read)(struct destination *dest, int timeout_ms, struct error *err);
    bool (*commit)(struct destination *dest, const struct ledger_entry *entry, struct error *err);
    void (*rollback)(struct destination *dest);
    bool (*record)(struct destination *dest, const struct ledger_entry *entry, struct error *err);
    void (*close)(struct destination *dest);
};

/* Kept by destination.c, for the kinds to read. */
struct destination {
    const struct destination_ops *ops;
    const struct report *report; /* of the open window, NULL between windows */
    struct window window;        /* the open one */
    bool works;                  /* a transaction of destination_begin_work is open */
    bool reads;                  /* a read of destination_begin_read is open */
    bool hands_over;             /* a query of a read is handing over its rows */
    bool read_failed;            /* a query of the open or last read failed */
    bool read_lost;              /* because the state of its beginning cannot be seen any more */
    /* set by the caller: rows are checked against their cells, see destination_snapshot */
    bool distrustful;
    /* set by the caller before a window: it has undated rows. Runs with leases of other days may
     * have the same ones; a kind without transactions then lets one of them at a time. */
    bool has_undated;
    const char *warning; /* a weakness of the connection that is logged once a run; NULL: none */
    struct lease lease;
    int64_t token; /* of the lease; 0: none was taken */
};

/* Marks the days first..last (day numbers, inclusive) as far as they are the window's. */
static inline void loaded_days_mark(bool *days, struct window window, int64_t first, int64_t last)
{
    if (first < window.own_first)
        first = window.own_first;
    if (last > window.own_last)
        last = window.own_last;
    for (int64_t day = first; day <= last; day++)
        days[day - window.own_first] = true;
}

#endif

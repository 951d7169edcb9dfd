/*
 * What the files that carry out a plan share: one call of apply, and the change log that it writes.
 */
#ifndef LOAD_POSTGRES_INSERT_H
#define LOAD_POSTGRES_INSERT_H

#include "load/change.h"
#include "load/postgres/internal.h"

#define UNDATED INT32_MAX /* sorts last */

/* A row of the batch to be written, or one of the table to be deleted. */
struct item {
    struct hash128 key;
    size_t row;
    int32_t date;
    bool removed;
};

struct items {
    struct item *all;
    size_t count;
};

/* One call of apply. */
struct applier {
    struct postgres_destination *dest;
    const struct run *run;
    const struct report *report;
    const struct batch *batch;
    const struct plan *plan;
    struct items inserts;
    struct items there; /* rows of the table: to be deleted, then to be updated */
    struct cell *held;  /* of a row as the table has it; views into a result */
    struct cell *cells; /* of a row as the batch has it */
    struct change change;
    struct buf log;    /* entries of the change log that are not sent yet, */
    uint64_t log_rows; /* and their number */
};

/* False if the item's day is not the window's. */
bool apply_check_owned(const struct applier *a, const struct item *item, const char *purpose,
                       struct error *err);
void apply_take_cells(struct applier *a, size_t row); /* into a->cells */

/* a->change becomes an entry of the change log. Entries are gathered: apply_send_log sends what is left,
 * once everything is logged. Neither may be called while a COPY is open. */
bool apply_log(struct applier *a, struct error *err);
bool apply_send_log(struct applier *a, struct error *err);

/* For statements that must find what the plan says. */
bool apply_expect(const struct applier *a, const char *purpose, uint64_t rows, size_t expected,
                  struct error *err);

/* postgres/rewrite.c: rows that are there, to be deleted or updated. */
bool apply_there(struct applier *a, struct error *err);
/* Deletes and logs what has the key of a row that is inserted, on a day that is not the window's. */
bool apply_strays(struct applier *a, struct error *err);

#endif

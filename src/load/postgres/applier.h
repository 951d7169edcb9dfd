/*
 * What the parts of one destination_apply share: the rows to write, and the change log that is
 * collected and sent.
 */
#ifndef LOAD_POSTGRES_APPLIER_H
#define LOAD_POSTGRES_APPLIER_H

#include "load/change_log.h"
#include "load/postgres/client.h"

#define UNDATED INT32_MAX /* sorts last */

/* A row of the batch to insert or update, or a row of the table to delete. */
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

struct applier {
    struct postgres_destination *dest;
    const struct run *run;
    const struct report *report;
    const struct batch *batch;
    const struct plan *plan;
    struct items inserts;
    struct items rewrites; /* rows of the table: first deletes, then updates */
    struct cell *stored;   /* cells of a row in the table; views into a result */
    struct cell *cells;    /* cells of a row in the batch */
    struct change change;
    struct buf log;    /* entries of the change log that are not sent yet */
    uint64_t log_rows; /* number of entries in `log` */
};

/* Sorts the rows of the plan into inserts and rewrites. The caller has set the members above
 * `inserts`. */
void applier_init(struct applier *a);
void applier_done(struct applier *a);

/* Returns false with ERROR_DATABASE if the item's day is outside the window's owned days. */
bool applier_check_owned(const struct applier *a, const struct item *item, const char *purpose,
                         struct error *err);
/* Returns false with ERROR_DATABASE if a statement touched another number of rows than expected. */
bool applier_check_count(const struct applier *a, const char *purpose, uint64_t rows,
                         size_t expected, struct error *err);
/* Fills a->cells with the cells of a row of the batch. */
void applier_take_cells(struct applier *a, size_t row);

/* Appends a->change to the change log. Entries are collected and sent in pieces; applier_send_log
 * sends the rest and is called once everything is logged. Neither may be called while a COPY is
 * open. */
bool applier_log(struct applier *a, struct error *err);
bool applier_send_log(struct applier *a, struct error *err);

#endif

/*
 * COPY in both directions. It counts as done only after the server confirmed it and sent no error
 * after it.
 */
#ifndef LOAD_POSTGRES_COPY_H
#define LOAD_POSTGRES_COPY_H

#include "load/postgres/client.h"

/* Rows that are sent: fill `row` with one, in the format that the statement names, then call
 * copy_in_row. After a failure the window must be rolled back. */
struct copy_in {
    struct postgres_destination *dest;
    const char *purpose;
    int64_t deadline;
    struct buf row; /* the row, behind rows that were not sent yet */
    uint64_t rows;
};

void copy_in_done(struct copy_in *copy); /* accepts a zeroed one */
#define COPY_IN_DONE __attribute__((cleanup(copy_in_done)))

/* Begins a COPY … FROM STDIN. */
bool copy_in_start(struct copy_in *out, struct postgres_destination *dest, const char *purpose,
                   const char *sql, struct error *err);
/* Ends a row; sends the collected rows once they are 64 KiB. */
bool copy_in_row(struct copy_in *copy, struct error *err);
/* Ends the COPY. True only if the server confirmed that it has every row. */
bool copy_in_finish(struct copy_in *copy, struct error *err);

/* Runs a whole COPY of `count` rows that are already encoded (encode.h). */
bool copy_in_all(struct postgres_destination *dest, const char *purpose, const char *sql,
                 const struct buf *rows, uint64_t count, struct error *err);

/* Gets the pieces of a COPY … TO STDOUT; libpq gives one row a piece. */
typedef bool copy_sink(void *arg, const char *bytes, size_t len, struct error *err);
/* Runs a COPY … TO STDOUT and hands every piece to the sink. */
bool postgres_copy_out(struct postgres_destination *dest, const char *purpose, const char *sql,
                       copy_sink *sink, void *arg, struct error *err);

#endif

/*
 * COPY, both ways. It is believed only after the server confirmed it and had nothing more to say.
 */
#ifndef LOAD_POSTGRES_COPY_H
#define LOAD_POSTGRES_COPY_H

#include "load/postgres/client.h"

/* Rows on their way in: fill `row` with one, in the format that the statement says, then call
 * copy_in_row. After a failure the window must be rolled back. */
struct copy_in {
    struct postgres_destination *dest;
    const char *purpose;
    int64_t deadline;
    struct buf row; /* and those before it that were not sent yet */
    uint64_t rows;
};

void copy_in_done(struct copy_in *copy); /* accepts a zeroed one */
#define COPY_IN_DONE __attribute__((cleanup(copy_in_done)))

bool copy_in_start(struct copy_in *out, struct postgres_destination *dest, const char *purpose,
                   const char *sql, struct error *err);
bool copy_in_row(struct copy_in *copy, struct error *err);
/* True only if the server confirmed that it has every row. */
bool copy_in_finish(struct copy_in *copy, struct error *err);

/* Runs a whole COPY of `count` rows that are encoded already (encode.h). */
bool copy_in_all(struct postgres_destination *dest, const char *purpose, const char *sql,
                 const struct buf *rows, uint64_t count, struct error *err);

/* Gives the sink every piece of what COPY … TO STDOUT sends. */
typedef bool copy_sink(void *arg, const char *bytes, size_t len, struct error *err);
bool postgres_copy_out(struct postgres_destination *dest, const char *purpose, const char *sql,
                       copy_sink *sink, void *arg, struct error *err);

#endif

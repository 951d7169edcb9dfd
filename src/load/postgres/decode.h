/*
 * Reads the rows that COPY … TO STDOUT (FORMAT binary) sends.
 */
#ifndef LOAD_POSTGRES_DECODE_H
#define LOAD_POSTGRES_DECODE_H

#include "load/postgres/client.h"
#include "model/hash.h"

/* Gets the fields of one row, in binary form; they live until the call returns. */
typedef bool copy_row(void *arg, const struct cell *fields, struct error *err);

/* Runs the COPY and hands over its rows, each of `count` fields, as they arrive. */
bool postgres_copy_out_rows(struct postgres_destination *dest, const char *purpose, const char *sql,
                            size_t count, copy_row *row, void *arg, struct error *err);

/*
 * Reads such a stream without using a connection; its pieces may be cut anywhere. Messages of
 * failures name `dest`.
 *
 *     copy_reader_init    rows of `count` fields go to `row`
 *     copy_reader_take    the next piece; ERROR_DATABASE: it is no such stream
 *     copy_reader_end     after the last one; ERROR_DATABASE: the stream has no end
 *     copy_reader_done
 */
struct copy_reader {
    struct postgres_destination *dest;
    const char *purpose;
    copy_row *row;
    void *arg;
    struct cell *fields;
    size_t count;
    struct buf bytes; /* the beginning of a row that is not complete yet */
    bool begun, ended;
};

void copy_reader_init(struct copy_reader *reader, struct postgres_destination *dest,
                      const char *purpose, size_t count, copy_row *row, void *arg);
void copy_reader_done(struct copy_reader *reader); /* accepts a zeroed one */
bool copy_reader_take(struct copy_reader *reader, const char *bytes, size_t len, struct error *err);
bool copy_reader_end(struct copy_reader *reader, struct error *err);

/* Returns a number in network order, of up to 8 bytes. */
uint64_t copy_field_number(struct cell field);

/* Reads a uuid; false if the field is not 16 bytes long. */
bool copy_field_hash(struct cell field, struct hash128 *out);

#endif

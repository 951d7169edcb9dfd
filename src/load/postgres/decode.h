/*
 * Rows as COPY … TO STDOUT (FORMAT binary) sends them.
 */
#ifndef LOAD_POSTGRES_DECODE_H
#define LOAD_POSTGRES_DECODE_H

#include "load/postgres/client.h"
#include "model/hash.h"

/* Gets the fields of one row, in binary form; they live until it returns. */
typedef bool copy_row(void *arg, const struct cell *fields, struct error *err);

/* Runs the COPY and hands over its rows, each of `count` fields, as they come. */
bool postgres_copy_out_rows(struct postgres_destination *dest, const char *purpose, const char *sql,
                            size_t count, copy_row *row, void *arg, struct error *err);

/* A number in network order. */
uint64_t copy_field_number(struct cell field);

/* Reads a uuid; false if the field is none. */
bool copy_field_hash(struct cell field, struct hash128 *out);

#endif

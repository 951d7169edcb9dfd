/*
 * Maps the fields of a header to the report's columns.
 */
#ifndef TRANSFORM_HEADER_MAP_H
#define TRANSFORM_HEADER_MAP_H

#include "base/buf.h"
#include "base/error.h"
#include "model/report.h"
#include "transform/charset.h"
#include "transform/csv.h"

#include <stdbool.h>
#include <stddef.h>

enum { HEADER_ABSENT = -1, HEADER_UNKNOWN_MAX = 1000 };

/* The header names of a report, in the form of model/header.h. Made once for a report, which must
 * outlive the index. */
struct header_index;
struct header_index *header_index_new(const struct report *report);
void header_index_free(struct header_index *index); /* accepts NULL */

const struct report *header_index_report(const struct header_index *index);

/* How well a record fits as the header. */
struct header_fit {
    size_t filled; /* fields that are not empty */
    size_t known;  /* of those: names that the report knows, columns that it drops included */
    bool whole;    /* every key column and every required column is named */
};

/* Measures how well a record fits as the header. */
struct header_fit header_fit(const struct header_index *index, enum charset charset,
                             const struct csv_record *record);

/* The fields of a header. */
struct header_map {
    size_t fields;   /* number of fields up to the last name; every record must have as many */
    size_t trailing; /* empty fields behind the last name */
    int *field_of;   /* for each column of the report its field, or HEADER_ABSENT */
    /* optional columns that the header lacks, ", " between; their cells are NULL */
    struct buf lacks;
    char **unknown;       /* names that the report does not know, in the form of model/header.h */
    size_t unknown_count; /* at most HEADER_UNKNOWN_MAX */
};

/*
 * Reads a header; `line` is for messages. *out is the caller's, for header_map_done. Fails with
 * ERROR_DATA and leaves *out alone if a key column or a required column is missing, if a column is
 * named twice, or if unknown names are not names of new columns: one is a value, or, where new
 * columns are added, there are more than the report's limits allow.
 */
bool header_map_read(const struct header_index *index, enum charset charset,
                     const struct csv_record *record, uint64_t line, struct header_map *out,
                     struct error *err);
void header_map_done(struct header_map *map); /* accepts a zeroed one */

#endif

/*
 * A header and the report's columns: which field feeds which column.
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

/* The header names of a report, in the canonical form of model/header.h, made once a report. */
struct header_index;
struct header_index *header_index_new(const struct report *report);
void header_index_free(struct header_index *index); /* accepts NULL */

const struct report *header_index_report(const struct header_index *index);

/* How well a record would do as the header. */
struct header_fit {
    size_t filled; /* fields that are not empty */
    size_t known;  /* of them, names of the report's, of columns that are left out too */
    bool whole;    /* every key column and every required one is named */
};

struct header_fit header_fit(const struct header_index *index, enum charset charset,
                             const struct csv_record *record);

/* What a header says. */
struct header_map {
    size_t fields;        /* up to the last name: what every record must have */
    size_t trailing;      /* empty fields behind them */
    int *field_of;        /* for each column of the report its field, or HEADER_ABSENT */
    struct buf lacks;     /* optional columns that it lacks, ", " between; their cells are NULL */
    char **unknown;       /* names that the report does not know, in the form of model/header.h */
    size_t unknown_count; /* at most HEADER_UNKNOWN_MAX */
};

/*
 * Reads a header; `line` is for messages. Fails with ERROR_DATA, leaving *out alone: a key column
 * or a required one is missing, a column is named twice, or what the report does not know is not
 * the names of new columns: values, or, where new columns are added, more of them than its limits
 * allow.
 */
bool header_map_read(const struct header_index *index, enum charset charset,
                     const struct csv_record *record, uint64_t line, struct header_map *out,
                     struct error *err);
void header_map_done(struct header_map *map); /* accepts a zeroed one */

#endif

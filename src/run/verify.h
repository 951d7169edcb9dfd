/*
 * Whether the rows of a table are those that were loaded: each has the numbers of its cells, and
 * what a person or a trigger changed since has not.
 */
#ifndef RUN_VERIFY_H
#define RUN_VERIFY_H

#include "load/destination.h"
#include "run/windows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VERIFY_EXAMPLES_MAX = 10 };

/* A row that differs. Texts are its own as they stand in the table, cut where they are long. */
struct verify_example {
    char *date; /* window date; NULL: it has none */
    char *key;  /* "UC / MD=100, COD=7": the other key columns */
    bool key_differs, contents_differ;
};

struct verified {
    uint64_t rows;    /* that were read, foreign ones too */
    uint64_t foreign; /* without a key: another program wrote them, and nothing is known of them */
    uint64_t differing; /* in one of the two, or in both: */
    uint64_t contents;  /* the cells are not those of COLUMN_ROW_HASH */
    uint64_t keys;      /* the key columns are not those of COLUMN_ROW_KEY */
    struct verify_example examples[VERIFY_EXAMPLES_MAX]; /* the first that were read */
    size_t example_count;
};

/* Reads the report's rows of those days, by their window date; without days also those that have
 * none. The report is the profile's; columns that were added count. Writes nothing, needs no lease.
 * A signal ends it with ERROR_STOPPED. */
bool verify_report(struct destination *dest, const struct report *report, struct day_range days,
                   struct verified *out, struct error *err);
void verified_done(struct verified *verified); /* accepts a zeroed one */

#endif

/*
 * Finds the rows of a table that a person or a trigger changed after they were loaded: the key and
 * the fingerprint that stand in the row do not agree with its cells any more.
 */
#ifndef RUN_VERIFY_H
#define RUN_VERIFY_H

#include "load/destination.h"
#include "run/windows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VERIFY_EXAMPLES_MAX = 10 };

/* A row that differs. Both texts are owned and show what is in the table; long values are cut. */
struct verify_example {
    char *date; /* the window date; NULL: the row has none */
    char *key;  /* the other key columns: "UC / MD=100, COD=7" */
    bool key_differs, contents_differ;
};

struct verified {
    uint64_t rows;      /* that were read, foreign ones too */
    uint64_t foreign;   /* rows without key and fingerprint, which another program wrote */
    uint64_t differing; /* rows that are counted in `contents`, in `keys` or in both */
    uint64_t contents;  /* rows whose cells do not agree with COLUMN_ROW_HASH */
    uint64_t keys;      /* rows whose key columns do not agree with COLUMN_ROW_KEY */
    struct verify_example examples[VERIFY_EXAMPLES_MAX]; /* the first differing rows */
    size_t example_count;
};

/* Reads the rows of a report whose window date is in `days`, or all rows, undated ones too, if no
 * day is given. `report` is the profile's; columns that earlier runs added are read too. *out is
 * the caller's (verified_done). Writes nothing and needs no lease. Fails with ERROR_DATABASE, or
 * with ERROR_STOPPED after a signal. */
bool verify_report(struct destination *dest, const struct report *report, struct day_range days,
                   struct verified *out, struct error *err);
void verified_done(struct verified *verified); /* accepts a zeroed one */

#endif

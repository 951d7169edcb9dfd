/*
 * What a copy is asked for, and what came of it.
 */
#ifndef RUN_COPY_ORDER_H
#define RUN_COPY_ORDER_H

#include "model/batch.h"
#include "model/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is copied; all borrowed. */
struct copy_order {
    const char *from, *to;        /* addresses of databases */
    const struct report *reports; /* of the profile */
    size_t report_count;
};

/* A table in both databases: how many rows, and the sum of their hashes. */
struct copied_table {
    const char *name; /* borrowed from the profile, or static */
    struct day_digest from, to;
};

struct copy_outcome {
    struct copied_table *tables;
    size_t count;
    bool differs;     /* some table does */
    uint64_t written; /* rows, entries and notes that the copy wrote or removed */
};

#endif

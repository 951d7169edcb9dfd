/*
 * A file, and another version of it that is loaded over the first: all that the program decides on
 * the way from bytes to a plan, without a database.
 */
#ifndef TESTS_SUPPORT_TWO_VERSIONS_H
#define TESTS_SUPPORT_TWO_VERSIONS_H

#include "load/plan.h"
#include "transform/transform.h"

#include <stdbool.h>
#include <stddef.h>

/* One version, cleaned. */
struct version {
    bool read; /* false: the file is refused, see error */
    struct batch batch;
    struct file_facts facts;
    struct error error;
};

/* Cleans a file of these bytes, in a window of all days that there are. The caller ends it with
 * version_done. */
void version_read(struct transform *transform, const struct report *report, const char *bytes,
                  size_t len, struct version *out);
void version_done(struct version *version); /* accepts a zeroed one */

/* What a load of `next` over the rows of `held` would do. Both are read. plan_done ends it. */
void version_load_over(const struct report *report, const struct version *held,
                       const struct version *next, struct plan *out);

#endif

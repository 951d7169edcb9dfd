/*
 * Two versions of a file, the second loaded over the first: the program's own code from the bytes
 * to the plan, without a database.
 */
#ifndef TESTS_SUPPORT_TWO_VERSIONS_H
#define TESTS_SUPPORT_TWO_VERSIONS_H

#include "load/plan.h"
#include "transform/transform.h"

#include <stdbool.h>
#include <stddef.h>

/* One version after the transform. */
struct version {
    bool read; /* false: the file is refused, see error */
    struct batch batch;
    struct file_facts facts;
    struct error error;
};

/* Transforms a file of these bytes, in a window of all days. version_done ends it. */
void version_read(struct transform *transform, const struct report *report, const char *bytes,
                  size_t len, struct version *out);
void version_done(struct version *version); /* accepts a zeroed one */

/* Makes the plan of loading `next` over the rows of `held`, both of which were read. The caller
 * ends it with plan_done. */
void version_load_over(const struct report *report, const struct version *held,
                       const struct version *next, struct plan *out);

#endif

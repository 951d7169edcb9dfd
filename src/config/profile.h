/*
 * Loads a profile: one portal and its reports, as data.
 *
 *     profile_load(dir, &profile, &err)     dir is that of --profile; NULL: the one in the program
 *     profile_read(sources, count, …)       of files that the caller has
 *     profile_done(&profile)
 *
 * A profile's folder holds portal.yaml; every other *.yaml in it is a report, in the order of their
 * names.
 */
#ifndef CONFIG_PROFILE_H
#define CONFIG_PROFILE_H

#include "base/arena.h"
#include "base/error.h"
#include "model/portal.h"
#include "model/report.h"

#include <stdbool.h>
#include <stddef.h>

struct profile {
    struct arena arena; /* holds all texts and arrays of the members below */
    struct portal portal;
    struct report *reports; /* at least one */
    size_t report_count;
};

/* One YAML file of a profile. */
struct profile_source {
    const char *name; /* what messages call the file; its path if text is NULL */
    const char *text; /* NULL: the file is read */
    size_t len;
};

/* Loads the profile in the folder `dir`, or the built-in one for NULL. Fails with ERROR_CONFIG,
 * "file:line: field: what is wrong" where there is a line to name. */
bool profile_load(const char *dir, struct profile *out, struct error *err);
/* Reads a profile from its files: sources[0] is the portal's, the others (at least one) are
 * reports'. It keeps nothing of `sources`. Fails as profile_load does. */
bool profile_read(const struct profile_source *sources, size_t count, struct profile *out,
                  struct error *err);
void profile_done(struct profile *profile); /* accepts a zeroed one */

#endif

/*
 * Which state of the database a page shows, as a tag that changes when any page may change.
 */
#ifndef SERVE_EDITION_H
#define SERVE_EDITION_H

#include "load/destination.h"

#include <stdbool.h>
#include <time.h>

enum { EDITION_TAG_SIZE = 160 };

struct edition {
    char tag[EDITION_TAG_SIZE]; /* for the header ETag: W/"…" */
    time_t loaded_at;           /* when the last loaded window ended; 0: none was */
};

/*
 * Within a read: reads the version. It is made of the last window, the last run and whether it has
 * ended, the settings of the layers, the program, `viewer` (what else a page depends on, may be
 * ""), and the time: of a run that is going on pages show the progress, so it changes each minute
 * then, and each ten minutes otherwise, because pages say how old the data is. With `settings`
 * false the layers are not installed.
 */
bool edition_read(struct destination *dest, bool settings, const char *program, const char *viewer,
                  time_t now, struct edition *out, struct error *err);

/* Whether a header If-None-Match (may be NULL) names the tag. */
bool edition_matches(const char *if_none_match, const char *tag);

/* Writes an instant as HTTP has it: "Sun, 22 Nov 2026 21:30:00 GMT". Returns `out`. */
char *edition_http_date(time_t when, char out[40]);

#endif

/*
 * Saves what a page showed when something failed on it: a picture and its HTML, for a person.
 *
 * No password is in them: the fields that hold one are emptied first, and a page that shows it
 * anywhere else is not kept. They may hold what the portal shows of customers, so only our own user
 * may read them. At most FAILURE_SNAPSHOT_MAX are taken in a run, and the folder keeps the newest
 * FAILURE_SNAPSHOT_KEPT.
 */
#ifndef EXTRACT_FAILURE_SNAPSHOT_H
#define EXTRACT_FAILURE_SNAPSHOT_H

#include "base/error.h"
#include "extract/browser/page.h"
#include "model/settings.h"

#include <stdbool.h>
#include <stddef.h>

enum { FAILURE_SNAPSHOT_MAX = 5, FAILURE_SNAPSHOT_KEPT = 20 };

struct failure_snapshots {
    int taken;
};

/* Whether a file of that name was made by this module: 20261123T183001-LABEL-123456789.html or
 * .png, with the local time and its nanoseconds. No other file is ever removed from the folder. */
bool failure_snapshot_is_own(const char *name);

/*
 * Saves what `page` shows, or a tab that it opened and that is still there, into settings->evidence
 * (NULL: nowhere), and appends the files' names to err, which is set. `label` becomes part of the
 * names. The page cannot be used afterwards: its fields are emptied. Does nothing if the page does
 * not answer within 3 s or others may write to the folder, and never replaces the error.
 */
void failure_snapshot_take(struct failure_snapshots *snapshots, const struct settings *settings,
                           struct page *page, const char *label, struct error *err);

#endif

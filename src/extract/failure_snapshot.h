/*
 * What a page looked like when something failed on it: a picture and its HTML, for a person to see.
 *
 * No password is in them: the fields that hold one are emptied first, and a page that shows it
 * anywhere else is not kept at all. They may hold what the portal shows of customers, so they are
 * for our own user only. They are few and small: FAILURE_SNAPSHOT_MAX a run, and of older ones the
 * newest FAILURE_SNAPSHOT_KEPT.
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

/* Whether a file of that name was made here: 20261123T183001-LABEL-123456789.html or .png, with
 * the time, and the nanoseconds of it. No other file is ever removed from the folder. */
bool failure_snapshot_is_own(const char *name);

/*
 * Saves what `page` shows, or a tab that it opened and that is still there, into settings->evidence
 * (NULL: nowhere), and says so in err, which is set. `label` becomes part of the name. Spoils the
 * page: what was in its fields is gone. Without a word if the page does not answer, or the folder
 * is not ours alone to write: the failure that is being reported is the one that counts.
 */
void failure_snapshot_take(struct failure_snapshots *evidence, const struct settings *settings,
                           struct page *page, const char *label, struct error *err);

#endif

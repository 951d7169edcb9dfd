/*
 * Tells of a whole cycle what the settings ask for: pings, alerts, the digest of a day, metrics
 * (notify/notify.h), with what the ledger knows of the runs before.
 */
#ifndef CLI_TELL_H
#define CLI_TELL_H

#include "model/settings.h"
#include "notify/notify.h"
#include "run/summary.h"
#include "run/windows.h"

struct telling {
    struct notifier notifier;
    char id[RUN_ID_SIZE]; /* joins the pings of start and end */
};

/* Begins to tell of a cycle. */
void tell_start(struct telling *telling, const struct settings *settings);

/* Tells how it ended. */
void tell_end(struct telling *telling, const struct settings *settings, enum cycle_mode mode,
              const struct summary *summary);

#endif

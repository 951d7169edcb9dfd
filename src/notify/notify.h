/*
 * Tells the outside world of runs: a dead man's switch that is pinged, a webhook for people, a file
 * of metrics. Whatever fails here is logged, and neither delays nor fails a run.
 *
 *     notify_start     before the run: sends the ping of its start, on a thread of its own
 *     notify_end       after it: everything else; at most HTTP_POST_SECONDS for each message
 */
#ifndef NOTIFY_NOTIFY_H
#define NOTIFY_NOTIFY_H

#include "model/settings.h"
#include "notify/message.h"

#include <pthread.h>
#include <stdbool.h>

struct notifier {
    const struct settings *settings; /* borrowed */
    char *start_url;                 /* owned; NULL: no ping of the start is on its way */
    pthread_t thread;
};

/* Begins to tell of a run. `run_id` need not be the ledger's: it only joins the two pings. */
void notify_start(struct notifier *notifier, const struct settings *settings, const char *run_id);

/* Tells how the run ended. A run that found another one at work (EXIT_CODE_LOCKED) pings no end:
 * the other one will. `day` is the digest to send, or NULL. */
void notify_end(struct notifier *notifier, const struct told_run *run, const struct day *day,
                const char *run_id);

#endif

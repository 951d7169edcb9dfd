/*
 * Writes the numbers of the last run as metrics of Prometheus, for the textfile collector of its
 * node exporter or any program that reads the format.
 */
#ifndef NOTIFY_METRICS_H
#define NOTIFY_METRICS_H

#include "base/buf.h"
#include "base/error.h"
#include "notify/message.h"

#include <stdbool.h>
#include <time.h>

/* Appends the metrics. `ended_at` is when the run ended. Pure. */
void metrics_add(struct buf *out, const struct told_run *run, time_t ended_at);

/* Writes them into a file, in place of the one that is there: a reader sees the old or the new one.
 * ERROR_SYSTEM names what cannot be written. */
bool metrics_write(const char *path, const struct told_run *run, time_t ended_at,
                   struct error *err);

#endif

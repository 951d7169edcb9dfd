/*
 * Writes what people and machines are told of a run: the text of an alert and of a daily digest,
 * the body of a webhook, the address of a ping. Pure functions.
 */
#ifndef NOTIFY_MESSAGE_H
#define NOTIFY_MESSAGE_H

#include "base/buf.h"
#include "model/settings.h"
#include "run/summary.h"

#include <stdbool.h>
#include <stdint.h>

/* The run that a message is about. */
struct told_run {
    const struct summary *summary;
    const char *mode; /* "incremental", "full" */
    const char *host;
    int exit_code;
    bool has_previous; /* whether the exit code of the run before is known */
    int previous;
};

/* Whether people are to be told: a run that failed where the one before did not or in another way,
 * or that works again. A failure is told too where nothing is known of the run before. A run that a
 * signal stopped is no news. */
bool message_is_news(const struct told_run *run);

/* Appends the text: what became of the run, why, and which run it was; several lines. */
void message_add_text(struct buf *out, const struct told_run *run);

/* What a day has brought, for the digest; the texts are borrowed. */
struct day_report {
    const char *report;
    uint64_t inserted, updated, deleted, rejected;
};
struct day {
    const char *date; /* "2026-11-23" */
    uint64_t runs, failed;
    const struct day_report *reports;
    size_t report_count;
};

/* Appends the digest of a day, several lines. */
void message_add_digest(struct buf *out, const struct day *day, const char *host);

/* Appends the body of a webhook with a text, as the service takes it. `event` is "failed",
 * "recovered" or "digest"; only ALERT_JSON has it, and `run`, which may be NULL. */
void message_add_body(struct buf *out, enum alert_format format, const char *event,
                      const char *text, const struct told_run *run);

/*
 * Appends the address of a ping. {event} in the address becomes "start", "success" or "fail",
 * {code} the exit code, {run} the run's id. An address without any of these is one of the protocol
 * of healthchecks.io: /start or /CODE is added to its path, and rid=UUID to its query, made of the
 * run's id, so that the service measures how long a run took.
 */
void message_add_ping_url(struct buf *out, const char *url, bool is_start, int exit_code,
                          const char *run_id);

#endif

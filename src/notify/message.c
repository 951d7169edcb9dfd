/* SPDX-License-Identifier: MIT */
/* Writes texts, bodies and addresses of messages. */
#include "notify/message.h"

#include "base/json.h"
#include "base/url.h"
#include "model/row_hash.h"
#include "run/exit_code.h"
#include "run/summary_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SLACK_TEXT_MAX = 16 * 1024 };

bool message_is_news(const struct told_run *run)
{
    if (run->exit_code >= EXIT_CODE_SIGNAL)
        return false; /* who stopped it knows */
    if (run->exit_code == EXIT_CODE_DONE)
        return run->has_previous && run->previous != EXIT_CODE_DONE &&
               run->previous < EXIT_CODE_SIGNAL;
    return !run->has_previous || run->previous != run->exit_code;
}

static void add_heading(struct buf *out, const struct told_run *run)
{
    buf_addf(out, "etl-sigos on %s: the %s run ", run->host, run->mode);
    if (run->exit_code == EXIT_CODE_DONE)
        buf_add_text(out, run->has_previous && run->previous ? "works again" : "is done");
    else
        buf_addf(out, "failed with exit code %d (%s)", run->exit_code,
                 exit_code_meaning(run->exit_code));
    if (run->has_previous && run->previous != run->exit_code)
        buf_addf(out, "; the one before ended with %d (%s)", run->previous,
                 exit_code_meaning(run->previous));
}

static void add_report(struct buf *out, const struct report_summary *report)
{
    buf_addf(out, "\n%s: %zu of %zu windows loaded, +%" PRIu64 " ~%" PRIu64 " -%" PRIu64,
             report->report, report->loaded, report->windows, report->changes.inserted,
             report->changes.updated, report->changes.deleted);
    if (report->rows.rejected)
        buf_addf(out, ", %" PRIu64 " lines rejected", report->rows.rejected);
    if (report->failure.kind != ERROR_NONE)
        buf_addf(out, "\n  not loaded: %s", report->failure.message);
    if (report->held)
        buf_addf(out, "\n  held: %s", report->hold.message);
}

void message_add_text(struct buf *out, const struct told_run *run)
{
    add_heading(out, run);
    if (run->summary->error.kind != ERROR_NONE)
        buf_addf(out, "\n%s", run->summary->error.message);
    for (size_t i = 0; i < run->summary->report_count; i++)
        add_report(out, &run->summary->reports[i]);
    buf_addf(out, "\nrun %s, %.0f s", run->summary->run_id, run->summary->seconds);
}

void message_add_digest(struct buf *out, const struct day *day, const char *host)
{
    buf_addf(out, "etl-sigos on %s, %s: %" PRIu64 " runs, ", host, day->date, day->runs);
    if (day->failed)
        buf_addf(out, "%" PRIu64 " of them failed", day->failed);
    else
        buf_add_text(out, "all of them good");
    for (size_t i = 0; i < day->report_count; i++) {
        const struct day_report *report = &day->reports[i];
        buf_addf(out,
                 "\n%s: %" PRIu64 " rows inserted, %" PRIu64 " updated, %" PRIu64
                 " deleted, %" PRIu64 " lines rejected",
                 report->report, report->inserted, report->updated, report->deleted,
                 report->rejected);
    }
}

static void add_string(struct buf *out, const char *text)
{
    json_add_string(out, text, strlen(text));
}

/* Adds a text for Slack, to which three characters mean something. */
static void add_slack_text(struct buf *out, const char *text)
{
    BUF_DONE struct buf plain = BUF_INIT(SLACK_TEXT_MAX);

    for (; *text; text++) {
        if (*text == '&')
            buf_add_text(&plain, "&amp;");
        else if (*text == '<')
            buf_add_text(&plain, "&lt;");
        else if (*text == '>')
            buf_add_text(&plain, "&gt;");
        else
            buf_add_char(&plain, *text);
    }
    buf_add_text(out, "{\"text\":");
    add_string(out, buf_text(&plain));
    buf_add_char(out, '}');
}

/* Adds an adaptive card, which a workflow of Teams takes. */
static void add_card(struct buf *out, const char *text)
{
    buf_add_text(out, "{\"type\":\"message\",\"attachments\":[{\"contentType\":"
                      "\"application/vnd.microsoft.card.adaptive\",\"content\":{\"$schema\":"
                      "\"http://adaptivecards.io/schemas/adaptive-card.json\",\"type\":"
                      "\"AdaptiveCard\",\"version\":\"1.4\",\"body\":[");
    for (bool first = true; *text; first = false) {
        const size_t len = strcspn(text, "\n");
        buf_addf(out, "%s{\"type\":\"TextBlock\",\"wrap\":true,%s\"text\":", first ? "" : ",",
                 first ? "\"weight\":\"bolder\"," : "");
        json_add_string(out, text, len);
        buf_add_char(out, '}');
        text += len + (text[len] == '\n');
    }
    buf_add_text(out, "]}}]}");
}

static void add_json(struct buf *out, const char *event, const char *text,
                     const struct told_run *run)
{
    buf_addf(out, "{\"program\":\"etl-sigos\",\"event\":\"%s\",\"text\":", event);
    add_string(out, text);
    if (run) {
        buf_add_text(out, ",\"host\":");
        add_string(out, run->host);
        buf_addf(out, ",\"mode\":\"%s\",\"exit_code\":%d,\"previous_exit_code\":", run->mode,
                 run->exit_code);
        if (run->has_previous)
            buf_addf(out, "%d", run->previous);
        else
            buf_add_text(out, "null");
        buf_add_text(out, ",\"summary\":");
        summary_add_json(out, run->summary);
    }
    buf_add_char(out, '}');
}

void message_add_body(struct buf *out, enum alert_format format, const char *event,
                      const char *text, const struct told_run *run)
{
    switch (format) {
    case ALERT_JSON:
        add_json(out, event, text, run);
        break;
    case ALERT_SLACK:
        add_slack_text(out, text);
        break;
    case ALERT_TEAMS:
        add_card(out, text);
        break;
    }
}

/* Adds the address with its placeholders filled; false if it has none. */
static bool fill_placeholders(struct buf *out, const char *url, bool is_start, int exit_code,
                              const char *run_id)
{
    char code[16];
    snprintf(code, sizeof(code), "%d", exit_code);
    const struct {
        const char *name, *value;
    } values[] = {
        {"{event}", is_start    ? "start"
                    : exit_code ? "fail"
                                : "success"},
        {"{code}", is_start ? "" : code},
        {"{run}", run_id},
    };
    bool any = false;

    while (*url) {
        size_t i = 0;
        while (i < sizeof(values) / sizeof(*values) &&
               strncmp(url, values[i].name, strlen(values[i].name)) != 0)
            i++;
        if (i < sizeof(values) / sizeof(*values)) {
            url_add_encoded(out, values[i].value);
            url += strlen(values[i].name);
            any = true;
        } else {
            buf_add_char(out, *url++);
        }
    }
    return any;
}

/* Adds a UUID made of the run's id, of version 8 (RFC 9562: by a rule of one's own). */
static void add_uuid(struct buf *out, const char *run_id)
{
    const struct hash128 hash = row_hash_bytes(run_id, strlen(run_id));

    buf_addf(out, "%08" PRIx64 "-%04" PRIx64 "-8%03" PRIx64 "-%04" PRIx64 "-%012" PRIx64,
             hash.high >> 32, hash.high >> 16 & 0xFFFF, hash.high & 0xFFF,
             0x8000 | (hash.low >> 48 & 0x3FFF), hash.low & 0xFFFFFFFFFFFF);
}

void message_add_ping_url(struct buf *out, const char *url, bool is_start, int exit_code,
                          const char *run_id)
{
    const size_t path = strcspn(url, "?#");

    if (fill_placeholders(out, url, is_start, exit_code, run_id))
        return;
    buf_reset(out);
    buf_add(out, url, path);
    if (path && url[path - 1] != '/')
        buf_add_char(out, '/');
    if (is_start)
        buf_add_text(out, "start");
    else
        buf_addf(out, "%d", exit_code);
    buf_addf(out, "?%.*s%srid=", url[path] == '?' ? (int)strcspn(url + path + 1, "#") : 0,
             url[path] == '?' ? url + path + 1 : "", url[path] == '?' ? "&" : "");
    add_uuid(out, run_id);
}
